"""Whether a text says the opposite of what a question takes to be so of a span."""

from __future__ import annotations

import pytest

from index.structure.spans import Span
from qa.english.polarity import denial, opposes
from tests.timing import growth


def place(text: str, answer: str) -> Span:
    start = text.index(answer)
    return Span(start, start + len(answer))


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "Who may end the agreement before May?",
            "Neither party may end the agreement before May.",
            "Neither party",
        ),
        ("Which gliders may take off?", "No glider may take off after dusk.", "No"),
        ("Who is allowed in?", "Nobody.", "Nobody"),
        (
            "Who approved the budget?",
            "The finance committee did not approve the budget on Monday.",
            "The finance committee",
        ),
        (
            "What can the solvent be stored with?",
            "The solvent must never be stored with oxidising agents.",
            "oxidising agents",
        ),
        ("Who signed the treaty?", "Norway refused to sign the treaty.", "Norway"),
        (
            "When will the new bridge open?",
            "The new bridge will not open in May, the council said.",
            "May",
        ),
        (
            "Which drugs may patients take before the operation?",
            "Patients may not take aspirin before the operation.",
            "aspirin",
        ),
        ("Who accepted the offer?", "The offer was rejected by Harlan Steel.", "Harlan Steel"),
        (
            "Where did the firm build the plant?",
            "The firm abandoned plans to build the plant in Derby.",
            "Derby",
        ),
        (
            "What did the minister admit?",
            "The minister denied taking money from lobbyists.",
            "taking money from lobbyists",
        ),
        (
            "How many people were killed?",
            "Contrary to reports, nobody was killed among the 40 passengers.",
            "40",
        ),
        ("Where does the ferry stop?", "The ferry no longer stops at Kirkwall.", "Kirkwall"),
        ("What is allowed on the beach?", "Dogs are forbidden on the beach.", "Dogs"),
        ("When is the library open?", "The library is closed on Mondays.", "Mondays"),
        (
            "Who supported the bill?",
            "Neither Senator Lowe nor Senator Pratt supported the bill.",
            "Senator Pratt",
        ),
        (
            "In what year did the club win the cup?",
            "The club failed to win the cup in 1998.",
            "1998",
        ),
        (
            "Which year was the tunnel finished?",
            "The tunnel was finished not in 2019 but in 2021.",
            "2019",
        ),
        (
            "What material is the case made of?",
            "The case is made of steel rather than aluminium.",
            "aluminium",
        ),
        ("What fuel does the stove burn?", "The stove burns pellets instead of coal.", "coal"),
        (
            "Which staff get the bonus?",
            "All staff get the bonus except part-time drivers.",
            "part-time drivers",
        ),
        ("Who won the election?", "Marta Quill lost the election by 200 votes.", "Marta Quill"),
        (
            "What can I bring into the exam?",
            "Calculators are prohibited, and you can't bring notes into the exam.",
            "notes",
        ),
        (
            "Which airline resumed its flights?",
            "Aerova has ruled out resuming its flights this year.",
            "Aerova",
        ),
        (
            "Who paid the fine?",
            "Dean Farrow left the country without paying the fine.",
            "Dean Farrow",
        ),
        (
            "What does the warranty cover?",
            "The warranty does not cover water damage.",
            "water damage",
        ),
        (
            "Who attended the hearing?",
            "None of the directors attended the hearing.",
            "the directors",
        ),
        (
            "When does the concert take place?",
            "The concert on 4 June has been cancelled.",
            "4 June",
        ),
        (
            "Which company bought the airline?",
            "Talks collapsed and Orvex withdrew its offer to buy the airline.",
            "Orvex",
        ),
        (
            "What does the mayor plan to build?",
            "The mayor scrapped the plan to build a stadium.",
            "a stadium",
        ),
        (
            "Who knew about the leak?",
            "Staff at the plant were hardly aware; the manager never knew about the leak.",
            "the manager",
        ),
        (
            "What should you clean the lens with?",
            "Avoid cleaning the lens with alcohol.",
            "alcohol",
        ),
        ("Who is allowed to vote?", "The court barred Mr Ames from voting.", "Mr Ames"),
    ],
)
def test_the_text_denies_what_is_asked(question: str, text: str, answer: str) -> None:
    assert opposes(question, text, place(text, answer))


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "What must the solvent never be stored with?",
            "The solvent must never be stored with oxidising agents.",
            "oxidising agents",
        ),
        ("Who refused to sign the treaty?", "Norway refused to sign the treaty.", "Norway"),
        (
            "Why was the plan rejected?",
            "The plan was rejected because it cost too much.",
            "it cost too much",
        ),
        (
            "What did the minister deny?",
            "The minister denied taking money from lobbyists.",
            "taking money from lobbyists",
        ),
        ("On which day is the library closed?", "The library is closed on Mondays.", "Mondays"),
        ("Who dismissed him?", "He did not resign, but was dismissed by Hall.", "Hall"),
        (
            "When was the tunnel finished?",
            "The tunnel was finished not in 2019 but in 2021.",
            "2021",
        ),
        ("What fuel does the stove burn?", "The stove burns pellets instead of coal.", "pellets"),
        (
            "Who won the election?",
            "Marta Quill lost the election to Jon Bray, who won by 200 votes.",
            "Jon Bray",
        ),
        (
            "Who opened the museum?",
            "The museum, which was not popular with locals, was opened by the Duke.",
            "the Duke",
        ),
        ("Where did she move?", "She did not like Paris and moved to Lyon.", "Lyon"),
        (
            "What did the audit find?",
            "The audit found that the firm had not paid its taxes.",
            "the firm had not paid its taxes",
        ),
        (
            "Who said the bridge was unsafe?",
            "The bridge should not be used, said engineer Tom Beale, who called it unsafe.",
            "Tom Beale",
        ),
        (
            "How long did the strike last?",
            "The strike, which the union refused to call off, lasted nine days.",
            "nine days",
        ),
        (
            "When did the ban on smoking start?",
            "Smoking was banned in parks from March 2015.",
            "March 2015",
        ),
        ("Who won the race twice?", "Only Petra Lind won the race twice.", "Petra Lind"),
        (
            "How much did the tower cost?",
            "The tower, not completed until 1911, cost £2 million.",
            "£2 million",
        ),
        ("When was the tower completed?", "The tower was not completed until 1911.", "1911"),
        (
            "Who criticised the law?",
            "Not only the opposition but also the bishops criticised the law.",
            "the opposition",
        ),
        ("Who crossed the desert?", "No one but Aline Roux crossed the desert.", "Aline Roux"),
        ("Why didn't the team travel?", "The team did not travel because of the snow.", "the snow"),
        (
            "Which countries stayed out of the union?",
            "Norway and Iceland did not join the union.",
            "Norway and Iceland",
        ),
        ("What did the firm stop making?", "The firm stopped making radios in 1988.", "radios"),
        (
            "When did the firm stop making radios?",
            "The firm stopped making radios in 1988.",
            "1988",
        ),
        (
            "Who was the first to reach the summit?",
            "Nobody had reached the summit before Ines Duarte.",
            "Ines Duarte",
        ),
        (
            "How far from the sea is the village?",
            "The village is no more than 5 km from the sea.",
            "5 km",
        ),
        (
            "What may children under 12 not ride?",
            "Children under 12 may not ride the coaster.",
            "the coaster",
        ),
        (
            "Who rejected the bid?",
            "The bid was rejected by the Treasury, which had approved an earlier one.",
            "the Treasury",
        ),
        (
            "What does the label warn against?",
            "Do not use the spray near a flame, the label warns.",
            "use the spray near a flame",
        ),
        ("Which band sang?", "No Doubt sang.", "No Doubt"),
        ("Which house is it?", "No. 7 is it.", "No. 7"),
        ("Who got in?", "No more than three members got in.", "No more than three members"),
        (
            "Who called for the vote?",
            "Mr Oke called for the vote, although he could not win it.",
            "Mr Oke",
        ),
    ],
)
def test_what_is_asked_for_or_said_elsewhere_is_not_denied(
    question: str, text: str, answer: str
) -> None:
    assert not opposes(question, text, place(text, answer))


_RULES = (
    "Dogs are prohibited on the north beach. Cyclists may not use the tunnel. The bridge cannot "
    "carry lorries. The committee rejected the plan for a tower. The reactor at Holm was never "
    "finished. The vaccine is not recommended for children under five."
)


@pytest.mark.parametrize(
    ("question", "answer", "sentence"),
    [
        ("What is allowed on the north beach?", "Dogs", "Dogs are prohibited on the north beach."),
        ("Who may use the tunnel?", "Cyclists", "Cyclists may not use the tunnel."),
        ("What can the bridge carry?", "lorries", "The bridge cannot carry lorries."),
        (
            "Who approved the plan for a tower?",
            "The committee",
            "The committee rejected the plan for a tower.",
        ),
        (
            "Which reactor was finished?",
            "The reactor at Holm",
            "The reactor at Holm was never finished.",
        ),
        (
            "For whom is the vaccine recommended?",
            "children under five",
            "The vaccine is not recommended for children under five.",
        ),
    ],
)
def test_the_sentence_that_denies_is_shown(question: str, answer: str, sentence: str) -> None:
    assert denial(question, _RULES, place(_RULES, answer)) == place(_RULES, sentence)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What can the bridge not carry?", "lorries"),
        ("Who rejected the plan for a tower?", "The committee"),
        ("Who is not allowed to use the tunnel?", "Cyclists"),
        ("What did the committee reject?", "the plan for a tower"),
        ("Where are dogs prohibited?", "the north beach"),
        ("May cyclists use the tunnel?", "Cyclists"),  # takes nothing to be so
    ],
)
def test_asked_the_other_way_round_there_is_no_denial(question: str, answer: str) -> None:
    assert denial(question, _RULES, place(_RULES, answer)) is None


def test_what_a_question_denies_the_text_may_affirm() -> None:
    text = "The bridge can carry lorries."
    assert opposes("What can the bridge not carry?", text, place(text, "lorries"))


@pytest.mark.parametrize(
    ("text", "answer", "opposed"),
    [
        ("The drug was found not in 2026 but in 2028.", "2026", True),
        ("The drug was found not in 2026 but in 2028.", "2028", False),
        ("The drug was found in 2028, not in 2026.", "2026", True),
        ("The drug was found in 2028, not in 2026.", "2028", False),
        ("It was not in 2026 but in 2028 that the drug was found.", "2026", True),
        ("The drug was found in 2028 rather than 2026.", "2026", True),
        ("The drug was found in 2028 rather than 2026.", "2028", False),
        ("The drug was not only found in 2028.", "2028", False),
    ],
)
def test_a_correction_is_no_evidence_for_what_it_corrects(
    text: str, answer: str, opposed: bool
) -> None:
    assert opposes("When was the drug found?", text, place(text, answer)) is opposed


@pytest.mark.parametrize(
    ("question", "text", "opposed"),
    [
        ("Who makes radios?", "Orvex no longer makes radios.", True),
        ("Who made radios?", "Orvex no longer makes radios.", False),
        ("Who makes radios?", "Orvex stopped making radios.", True),
        ("Who made radios?", "Orvex stopped making radios.", False),
        ("Who made radios?", "Orvex was stopped from making radios.", True),
        ("Who made radios?", "Orvex did not refuse to make radios.", False),
        ("Who made radios?", "If Orvex had not made radios, it would have failed.", False),
        ("Who made radios?", "Orvex has yet to make radios.", True),
        ("Who made radios?", "Orvex turned down an offer to make radios.", True),
        ("Who made radios?", "Orvex was small, yet made radios.", False),
        ("Who made radios?", "Orvex denied that it had made radios.", True),
        ("Who made radios?", "There is no evidence that Orvex made radios.", True),
    ],
)
def test_refusals_deny_what_they_govern_and_ends_what_is_now(
    question: str, text: str, opposed: bool
) -> None:
    assert opposes(question, text, place(text, "Orvex")) is opposed


def test_a_lists_first_line_denies_its_items() -> None:
    text = "You must not bring:\n- knives\n- glass bottles\n\nYou may bring:\n- tea\n"
    asked = "What may I bring?"
    assert denial(asked, text, place(text, "glass bottles")) == place(text, "You must not bring:")
    assert denial(asked, text, place(text, "tea")) is None


def test_a_denial_within_the_answer_is_the_answer() -> None:
    text = "In 2009 the fever infected eight and killed nobody."
    assert not opposes("How many people did the fever kill?", text, place(text, "killed nobody"))
    assert opposes("How many people did the fever kill?", text, place(text, "eight"))


@pytest.mark.parametrize(
    "span", [Span(0, 0), Span(-5, 3), Span(5, 2), Span(3, 900), Span(400, 900), Span(-9, -2)]
)
@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "not", "- no:\n- no", "It is not so. \n\n ?!"])
@pytest.mark.parametrize("question", ["", "?", "not", "Who won't?", "Who is not so no longer"])
def test_odd_input_is_no_error(question: str, text: str, span: Span) -> None:
    found = denial(question, text, span)
    assert found is None or text[slice(*found)].strip()


@pytest.mark.parametrize(
    "part", ["He did not refuse to sign ", "which (", "no ", "- no\n", "He did not sign.\n"]
)
def test_a_long_text_takes_no_longer_for_its_length(part: str) -> None:
    def deny(text: str) -> None:
        denial("Who signed?", f"{text}Hall signed.", Span(len(text), len(text) + 4))

    assert growth(deny, part, 2_000) < 3
