"""Lists and steps that stand in a text as such: given whole where one is asked for."""

from __future__ import annotations

import pytest

from qa.answering.listed import MAX_ITEMS
from qa.answers import Answer, Outcome
from tests.fakes import PhraseReader, bot_of

CLUB = """# Rowing club

The club was founded in 1931 by Otto Kern.

Members of the board are:

* Ada Brook
* Cem Yildiz, from Izmir
* Greta Olsen; and
* [x] Hugo Prats

The following may not be kept on board:
- petrol in plastic cans
- fireworks

## Boats

- **Eights** – for races
  - Aurora
  - Belle
- **Fours** – for everybody

## How to join

A new member joins in three steps:
1. Fill in the form.
2. Pay the fee at the office on Mondays.
3. Take a swimming test.
"""
BOARD = ("Ada Brook", "Cem Yildiz, from Izmir", "Greta Olsen", "Hugo Prats")
STEPS = ("Fill in the form.", "Pay the fee at the office on Mondays.", "Take a swimming test.")


def ask(question: str, read: str, logit: float = 9, text: str = CLUB) -> Answer:
    """Ask with a reader that reads out one phrase."""
    return bot_of(text, reader=PhraseReader(**{read: logit})).ask(question)


@pytest.mark.parametrize(
    ("question", "read", "items"),
    [
        ("Who are the members of the board?", "Ada Brook", BOARD),
        ("Who are the members of the board?", "Members of the board", BOARD),
        ("Which members does the board have?", "Greta Olsen", BOARD),
        ("What are the boats of the club?", "Eights", ("Eights", "Fours")),
        ("Which boats are there?", "Fours", ("Eights", "Fours")),
        ("Which eights are there?", "Aurora", ("Aurora", "Belle")),
        (
            "What may not be kept on board?",
            "fireworks",
            ("petrol in plastic cans", "fireworks"),
        ),
        ("How do I join?", "Fill in the form", STEPS),
        ("What are the steps to join?", "Fill in the form", STEPS),
        ("How can a new member join?", "joins in three steps", STEPS),
    ],
)
def test_the_list_that_is_asked_for_is_given_whole_and_in_order(
    question: str, read: str, items: tuple[str, ...]
) -> None:
    answer = ask(question, read)
    assert (answer.kind, answer.items) == ("list", items)
    assert [cited.answer for cited in answer.citations] == list(items)
    assert all(cited.answer in cited.text for cited in answer.citations)


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Who of the board comes from Izmir?", "Cem Yildiz"),
        ("Which members come from Izmir?", "Cem Yildiz"),
        ("Who founded the club?", "Otto Kern"),
        ("Which member is the first?", "Ada Brook"),
        ("When can I pay the fee?", "on Mondays"),
        ("Where do I pay the fee?", "the office"),
        ("What is the second step to join?", "Pay the fee"),
        ("How do I pay the fee?", "at the office"),
        ("How many members has the board?", "three"),
        ("What may be kept on board?", "fireworks"),
    ],
)
def test_what_an_item_says_is_an_answer_by_itself(question: str, read: str) -> None:
    answer = ask(question, read)
    assert answer.items in ((read,), ())
    assert answer.kind != "list" or not answer.items


def test_a_list_below_all_words_of_the_question_is_given_though_nothing_in_it_is_likely() -> None:
    answer = ask("Who are the members of the board?", "Cem Yildiz", -6)
    assert (answer.items, answer.confidence) == (BOARD, 0.5)
    assert ask("Who are the trainers of the board?", "Cem Yildiz", -6).outcome is Outcome.NOT_FOUND


def test_such_a_list_is_not_given_where_more_is_wanted_than_even_odds() -> None:
    bot = bot_of(CLUB, reader=PhraseReader(Cem_Yildiz=-6))
    question = "Who are the members of the board?"
    assert bot.ask(question, min_confidence=0.6).outcome is Outcome.NOT_FOUND


def test_a_list_of_keys_is_given_by_them_where_one_was_read_out() -> None:
    text = "The hall is open on these days:\n- Monday: 9 to 12\n- Friday: 2 to 6\n"
    assert ask("On which days is the hall open?", "Monday", text=text).items == ("Monday", "Friday")
    assert ask("When is the hall open on Monday?", "9 to 12", text=text).items == ("9 to 12",)


def test_a_long_list_is_given_in_part() -> None:
    text = "The store holds these parts:\n" + "".join(f"- bolt {n}\n" for n in range(1000, 2000))
    answer = ask("Which parts does the store hold?", "bolt 1", text=text)
    assert answer.items == tuple(f"bolt {n}" for n in range(1000, 1000 + MAX_ITEMS))


BACKUPS = """# Manual

## Restoring

To restore a backup:
1. Open the archive.
2. Choose a day.
3. Press Start.
"""


@pytest.mark.parametrize(
    ("question", "logit", "given"),
    [
        ("How do I restore a backup?", 0.5, True),
        ("How do I get a backup back?", 2.0, True),  # other words, but read out surely
        ("How do I delete a backup?", 0.5, False),
    ],
)
def test_steps_to_something_else_are_not_given(question: str, logit: float, given: bool) -> None:
    items = ask(question, "Choose a day", logit, BACKUPS).items
    assert (items == ("Open the archive.", "Choose a day.", "Press Start.")) == given


def test_a_label_is_given_with_what_stands_below_it() -> None:
    text = "The crew of the tug:\n- Captain\n  - Siv Berg\n- Mate\n  - Ola Lie\n- a cook\n"
    answer = ask("Who is in the crew of the tug?", "Mate", text=text)
    assert answer.items == ("Captain\n  - Siv Berg", "Mate\n  - Ola Lie", "a cook")
    assert [citation.text for citation in answer.citations] == list(answer.items)


def test_the_list_below_all_words_of_the_question_is_meant() -> None:
    text = "Signs are:\n- spots\n- weak stems\n\nTreatments that help:\n- sulphur\n- soap\n"
    reader = PhraseReader(spots=3.0, weak_stems=4.0, sulphur=2.5)
    answer = bot_of(text, reader=reader).ask("Which treatments help?")
    assert answer.items == ("sulphur", "soap")


CARNIVAL = """The society has these committees:

- Floats committee
  - Ruth Adler
  - Moses Quaye
- Fair committee
  - Ivy Penn
  - Dov Katz

Duties of the caretaker

(1) Daily
    a) sweep the stairs
    b) check the boiler
(2) Weekly
    a) put out the bins
    b) mow the lawn
"""


@pytest.mark.parametrize(
    ("question", "read", "items"),
    [
        ("Which committees does the society have?", "Fair committee",
         ("Floats committee", "Fair committee")),
        ("Who is on the fair committee?", "Ivy Penn", ("Ivy Penn", "Dov Katz")),
        ("What must the caretaker do every week?", "put out the bins",
         ("put out the bins", "mow the lawn")),
        ("What are the daily duties of the caretaker?", "check the boiler",
         ("sweep the stairs", "check the boiler")),
    ],
)  # fmt: skip
def test_of_a_nested_list_the_items_below_what_is_asked_for_are_given(
    question: str, read: str, items: tuple[str, ...]
) -> None:
    assert ask(question, read, text=CARNIVAL).items == items


def test_the_list_round_a_nested_one_is_not_given_for_something_else() -> None:
    question = "What must the caretaker do every month?"
    assert ask(question, "sweep the stairs", text=CARNIVAL).items == ("sweep the stairs",)


HOLD = "The ship left Hull. Cargo:\n\n- dry goods\n  - flour\n  - salt\n- mules\n\nIt was lost.\n"


@pytest.mark.parametrize("read", ["dry goods", "flour", "mules"])
def test_what_a_list_is_called_asks_for_all_of_it(read: str) -> None:
    assert ask("What is the cargo?", read, text=HOLD).items == ("dry goods", "mules")
    assert ask("What cargo was lost?", read, text=HOLD).items == ("dry goods", "mules")
    assert ask("What is the weight of the cargo?", read, text=HOLD).items == (read,)
