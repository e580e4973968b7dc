"""Answers out of the tables of articles, cited as rows, and what is not read out of them."""

from __future__ import annotations

import pytest

from index.text.stretches import Stretch
from qa.answers import Answer, Interpretation, Outcome
from tests.fakes import PhraseReader, bot_of

CODES = (
    "code,description,owner\n101,disk full,storage team\n102,licence expired,legal desk\n"
    "103,clock out of step,network team\n104,fan stopped,hardware team\n"
)
SPRING = (
    "# Ferries\n\n## Summer\n\n| Crossing | Car |\n|---|---|\n| Aldra – Bove | 38.00 |\n\n"
    "## Winter\n\n| Crossing | Car |\n|---|---|\n| Aldra – Bove | 29.00 |\n"
)


def ask(question: str, *texts: str, **logits: float) -> Answer:
    return bot_of(*texts, reader=PhraseReader(**logits)).ask(question)


@pytest.mark.parametrize(
    "text",
    [
        CODES,
        CODES.replace(",", "\t"),
        CODES.replace(",", ";"),
        "| code | description | owner |\n|---|---|---|\n"
        "| 103 | clock out of step | network team |\n| 104 | fan stopped | hardware team |\n",
        "code    description          owner\n103     clock out of step    network team\n"
        "104     fan stopped          hardware team\n",
    ],
)
def test_a_cell_is_the_answer_and_its_row_is_cited(text: str) -> None:
    answer = ask("Who owns code 103?", text, hardware_team=9)
    assert (answer.text, answer.outcome, answer.kind) == (
        "network team",
        Outcome.ANSWERED,
        "phrase",
    )
    assert answer.confidence is None
    (citation,) = answer.citations
    assert citation.text.startswith("103")
    assert citation.text.endswith("network team")
    assert answer.to_dict() == Answer.from_dict(answer.to_dict(), [citation.article]).to_dict()


@pytest.mark.parametrize(
    "question",
    ["Who owns code 105?", "What is the phone number of code 103?", "Which code is the highest?"],
)
def test_what_is_read_in_another_cell_is_no_answer(question: str) -> None:
    answer = ask(question, CODES, network_team=9, **{"104": 9})
    assert answer.outcome is Outcome.NOT_FOUND


def test_what_is_read_in_prose_stays_the_answer() -> None:
    text = f"{CODES}\nCode 105 is owned by Ann Hall.\n"
    assert ask("Who owns code 105?", text, network_team=9, Ann_Hall=8).text == "Ann Hall"


def test_cells_that_are_sentences_may_be_read_where_no_row_is_named() -> None:
    told = "the crew of the lifeboat was called out at night by a fisherman who had seen a flare"
    text = f"when,what\nin May,{told} over the northern bank\nin June,the boat was painted\n"
    assert ask("Who raised the alarm?", text, a_fisherman=9).text == "a fisherman"


def test_all_of_a_column_is_a_list_with_a_citation_for_each() -> None:
    answer = ask("Which owners are there?", CODES)
    assert answer.kind == "list"
    assert answer.items == ("storage team", "legal desk", "network team", "hardware team")
    assert [citation.text[:3] for citation in answer.citations] == ["101", "102", "103", "104"]


def test_tables_that_say_different_things_give_nothing_unless_their_headings_tell_which() -> None:
    asked = "How much is a car from Aldra to Bove"
    assert ask(f"{asked}?", SPRING, **{"38.00": 9}).outcome is Outcome.NOT_FOUND
    assert ask(f"{asked} in winter?", SPRING, **{"38.00": 9}).text == "29.00"


def test_a_row_to_do_without_is_not_given() -> None:
    bot = bot_of(CODES)
    (article,) = bot.articles
    row = Stretch(article, CODES.index("103"), CODES.index("\n104"))
    question = "Who owns code 103?"
    asked = [(question, [Interpretation(question)])]
    assert bot.engine.answer(asked)[0].text == "network team"
    assert bot.engine.answer(asked, without=[row])[0].outcome is Outcome.NOT_FOUND


def test_a_question_of_yes_or_no_is_not_looked_up() -> None:
    answer = ask("Does the network team own code 103?", CODES)
    assert answer.kind == "yes_no"


def test_a_long_table_is_looked_up_by_the_words_of_the_question() -> None:
    rows = "".join(f"{n},part {n % 7},depot {n % 11}\n" for n in range(1000, 3000))
    text = f"number,part,depot\n{rows}"
    assert ask("Which depot has number 2715?", text, depot_1=9).text == "depot 9"
    assert ask("Which depot has number 9715?", text, depot_1=9).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    "text",
    [
        "| Ticket | Adult | Adult return |\n|---|---|---|\n"
        "| Tram | – | 5.00 |\n| Bus | 2.00 | 3.50 |\n",
        "Ticket,Adult,Adult return\nTram,,5.00\nBus,2.00,3.50\n",
        "Ticket    Adult    Adult return\nTram      -        5.00\nBus       2.00     3.50\n",
    ],
)
def test_where_the_cell_says_nothing_none_beside_it_is_read(text: str) -> None:
    answer = ask("How much is the adult ticket for the tram?", text, **{"5.00": 9, "Adult": 9})
    assert answer.outcome is Outcome.NOT_FOUND
    assert not answer.citations
