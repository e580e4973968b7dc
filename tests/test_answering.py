"""What form an answer has, without models: the rules alone, and a reader that knows set phrases."""

from __future__ import annotations

import pytest

from index.text.stretches import Stretch
from qa.answers import Answer, Interpretation, Outcome
from tests.fakes import PhraseReader, bot_of

TALKS = (
    "The mayor, Ann Hall, met Pavel Frost, Ben Low and Eva Strand in Port Ellen in May 2020. "
    "“We agree,” said Ann Hall. Ann Hall praised the harbour and the town.\n\n"
    "Later Kim Berg came as well. The harbour of Port Ellen opened in 1902 and is the "
    "largest of the coast, as the council says."
)


def ask(question: str, **logits: float) -> Answer:
    return bot_of(TALKS, reader=PhraseReader(**logits)).ask(question)


def test_a_span_that_enumerates_is_a_list_with_a_citation_for_each_item() -> None:
    answer = ask("Who met Ann Hall?", **{"Pavel Frost, Ben Low and Eva Strand": 3})
    assert answer.kind == "list"
    assert answer.items == ("Pavel Frost", "Ben Low", "Eva Strand")
    assert answer.text == "Pavel Frost, Ben Low and Eva Strand"
    assert {citation.text[:9] for citation in answer.citations} == {"The mayor"}


def test_a_question_for_several_completes_the_list_and_takes_in_other_sentences() -> None:
    answer = ask("Who were all the guests?", Ben_Low=3, Kim_Berg=2)
    assert answer.items == ("Pavel Frost", "Ben Low", "Eva Strand", "Kim Berg")
    assert answer.text == "Pavel Frost, Ben Low and Eva Strand; Kim Berg"


def test_what_is_no_time_joins_no_list_of_times() -> None:
    text = "He leased it in May 1998 and in June 2001 and a tug as well."
    bot = bot_of(text, reader=PhraseReader(**{"May 1998 and in June 2001 and a tug": 4.0}))
    assert "a tug" not in bot.ask("When did he lease it?").items


def test_what_is_not_likely_enough_joins_no_list() -> None:
    answer = ask("Who were all the guests?", Ben_Low=3, Kim_Berg=-1)
    assert "Kim Berg" not in answer.items
    assert [other.text for other in answer.alternatives] == ["Kim Berg"]


def test_a_question_for_one_gets_one() -> None:
    answer = ask("Who came later?", Kim_Berg=3)
    assert (answer.kind, answer.text, answer.items) == ("phrase", "Kim Berg", ("Kim Berg",))


def test_what_somebody_said_is_their_quotations_with_the_speaker() -> None:
    answer = ask("What did Hall say?", Kim_Berg=9)
    assert (answer.kind, answer.text, answer.confidence) == ("speech", "We agree,", None)
    assert answer.citations[0].speaker == "Ann Hall"


def test_who_says_nothing_in_quotation_marks_is_read_for() -> None:
    answer = ask("What did Pavel Frost say?", Kim_Berg=9)
    assert (answer.kind, answer.text) == ("phrase", "Kim Berg")


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("Who is mentioned?", ("Ann Hall", "Pavel Frost", "Ben Low", "Eva Strand", "Kim Berg")),
        ("Which places are named?", ("Port Ellen",)),
        ("What dates are there?", ("May 2020", "1902")),
        ("Which quotes are in it?", ("We agree,",)),
        ("Which companies are mentioned?", ()),
    ],
)
def test_what_the_article_names_is_listed_where_it_first_stands(
    question: str, items: tuple[str, ...]
) -> None:
    answer = ask(question)
    assert (answer.kind, answer.items, answer.confidence) == ("about", items, None)
    for citation in answer.citations:
        assert TALKS[citation.answer_start : citation.answer_end] == citation.answer


def test_names_that_stand_together_are_given_as_the_article_has_them() -> None:
    assert ask("Who is mentioned?").text == (
        "Ann Hall; Pavel Frost, Ben Low and Eva Strand; Kim Berg"
    )


def test_a_summary_is_the_lead_and_sentences_that_stand_alone() -> None:
    answer = ask("Summarise it")
    assert answer.kind == "about"
    assert answer.items[0].startswith("The mayor, Ann Hall, met")
    assert 2 <= len(answer.items) <= 3
    assert "“We agree,” said Ann Hall." not in answer.items
    assert all(item.endswith(".") for item in answer.items)


def test_a_collection_is_summarised_by_the_lead_of_each_article() -> None:
    bot = bot_of("The first is about cats. It is short.", "The second is about dogs. It is long.")
    assert bot.ask("What is this about?").items == (
        "The first is about cats.",
        "The second is about dogs.",
    )


def test_a_yes_no_question_gets_the_sentence_that_speaks_to_it() -> None:
    answer = ask("Was the harbour of Port Ellen opened in 1902?", opened=9)
    assert answer.kind == "yes_no"
    assert answer.text is not None
    assert answer.text.startswith("The harbour of Port Ellen opened in 1902")
    assert answer.text == answer.citations[0].text


def test_a_yes_no_question_that_nothing_speaks_to_gets_none() -> None:
    answer = ask("Do elephants dance tango?")
    assert (answer.kind, answer.text) == ("yes_no", None)
    assert answer.closest


@pytest.mark.parametrize("said", ["hi", "thanks", "help", "bye"])
def test_small_talk_gets_a_reply_that_is_no_quotation(said: str) -> None:
    answer = ask(said)
    assert (answer.kind, answer.text, answer.citations) == ("talk", None, ())
    assert answer.reply
    assert answer.to_dict()["reply"] == answer.reply


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Translate the article into French", "I do not translate"),
        ("Compare Ann Hall and Kim Berg", "I do not compare"),
        ("What is 12 times 7?", "I do not calculate"),
        ("Write an essay about Ann Hall", "I do not write"),
        ("What do you think of Ann Hall?", "I have no opinions"),
        ("Wer ist Ann Hall?", "I understand English only"),
    ],
)
def test_what_is_not_for_the_program_is_said_beside_what_can_be_asked(
    question: str, said: str
) -> None:
    answer = ask(question, Ann_Hall=9)
    assert (answer.outcome, answer.kind, answer.text) == (Outcome.NOT_FOR_ME, "talk", None)
    assert (answer.reply or "").startswith(said)
    assert "Who is mentioned?" in answer.suggestions


def test_a_question_in_another_language_is_not_corrected_into_an_english_one() -> None:
    answer = bot_of("The war is over. Ann Hall sang.", reader=PhraseReader(Ann_Hall=9)).ask(
        "Warum ist Ann Hall da?"
    )
    assert (answer.outcome, answer.understood) == (Outcome.NOT_FOR_ME, "Warum ist Ann Hall da?")


def test_a_difference_is_quoted_where_the_article_tells_one_and_else_is_not_for_the_program() -> (
    None
):
    question = "What is the difference between the harbour and the town?"
    assert ask(question, largest=9).text == "largest"
    answer = ask(question, largest=-9)
    assert (answer.outcome, answer.kind, answer.text) == (Outcome.NOT_FOR_ME, "phrase", None)
    assert (answer.reply or "").startswith(
        "I found no passage that does this, and I do not compare"
    )
    assert [other.text for other in answer.alternatives] == ["largest"]


def test_help_says_what_it_does_and_offers_questions() -> None:
    answer = ask("What can you do?")
    assert "by quoting it" in (answer.reply or "")
    assert "say so when I find no answer" in (answer.reply or "")
    assert answer.suggestions == (
        "What is this article about?",
        "Who is mentioned?",
        "Which quotes are in it?",
    )


def test_an_answer_says_how_a_slip_was_understood() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Kim_Berg=2)).ask("who came to the harbuor")
    assert answer.question == "who came to the harbuor"
    assert answer.understood == "who came to the harbour"


def test_a_summary_of_an_article_without_sentences_is_what_there_is() -> None:
    assert bot_of("Word").ask("Summarise it").items == ("Word",)


def test_a_question_about_the_article_leaves_out_what_is_withheld() -> None:
    bot = bot_of(TALKS)
    first = bot.articles[0]
    asked = [("Which quotes are in it?", [Interpretation("Which quotes are in it?")])]
    (answer,) = bot.engine.answer(asked, without=[Stretch(first, 0, 200)])
    assert answer.text is None


def test_copies_of_a_document_are_read_once_and_the_first_is_cited() -> None:
    rules = "The park closes at eight. Barbecues are allowed on the lawn."
    reader = PhraseReader(eight=5, Barbecues=4)
    copies = bot_of(rules, rules, rules, "Trains toot.", reader=reader)
    when = copies.ask("When does the park close?")
    assert (when.text, len(when.citations)) == ("eight", 1)
    assert when.confidence == pytest.approx(0.993, abs=1e-3)
    assert when.citations[0].article.id == "a0"
    assert sorted(text for texts in reader.seen for text in texts) == [rules, "Trains toot."]
    allowed = copies.ask("Are barbecues allowed?")
    alone = bot_of(rules, "Trains toot.", reader=reader).ask("Are barbecues allowed?")
    assert allowed.text == alone.text == "Barbecues are allowed on the lawn."
    assert allowed.confidence == pytest.approx(alone.confidence)


def test_what_somebody_else_says_is_no_answer_to_what_a_speaker_said() -> None:
    text = (
        "Ann Hall said that the ward would close. The nurses wanted two posts, but the budget did "
        "not allow for it. Pavel Frost asked that the nurses be heard."
    )
    budget = bot_of(text, reader=PhraseReader(**{"the budget did not allow for it": 9}))
    heard = bot_of(text, reader=PhraseReader(**{"the nurses be heard": 9}))
    assert budget.ask("What did Pavel Frost say about the money?").text is None
    assert heard.ask("What did Ann Hall say about a hearing?").text is None
    assert heard.ask("Who is to be heard?").text == "the nurses be heard"
