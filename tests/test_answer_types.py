"""The type of answer that a question plainly asks for, and what is of it."""

from __future__ import annotations

import pytest

from qa.english.answer_types import AnswerType, asked_type, is_of, is_of_another, rules_out


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("At what time does it begin?", "time"),
        ("What time is dinner?", "time"),
        ("What time period does it cover?", None),
        ("In which year was it built?", "year"),
        ("On what day do they meet?", "day"),
        ("How many left?", "number"),
        ("How much was lost?", None),
        ("How old is she?", "age"),
        ("What percentage was lost?", "percentage"),
        ("What is the e-mail address for bookings?", "address"),
        ("What is the phone number of the office?", "telephone"),
        ("What is the IP address of the printer?", "host"),
        ("To which account is the rent to be paid?", "account"),
        ("What is the IBAN of the club?", "account"),
        ("What is the hourly rate?", "price"),
        ("What does the trip cost?", "price"),
        ("Within how many days is the deposit due?", "stretch"),
        ("How many working days are there?", "stretch"),
        ("Who opened a bank account?", None),
        ("Who changed the IP address?", None),
        ("How long does the hourly rate hold?", None),
        ("When does it begin?", None),
        ("Who lives at this address?", None),
    ],
)
def test_a_question_may_plainly_ask_for_a_type(question: str, asked: AnswerType | None) -> None:
    assert asked_type(question) == asked


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        ("time", ["19:15", "9 a.m.", "half past six", "before noon"], ["Monday", "in June"]),
        ("day", ["Monday", "12 March 2024"], ["19:15"]),
        ("year", ["1999", "in 1066"], ["Monday", "Ann Hall"]),
        ("number", ["47", "1,200 people"], ["Oslo", "the council"]),
        ("age", ["47"], ["Ann Hall"]),
        ("percentage", ["17%", "seventeen per cent"], ["the voters"]),
        ("address", ["office@hall.example"], ["+44 20 7946 0018", "the office"]),
        ("telephone", ["+44 20 7946 0018"], ["office@hall.example"]),
        ("host", ["10.20.3.117", "fe80::1"], ["07:45:00", "4.11.0", "the server"]),
        ("account", ["NL91 ABNA 0417 1643 00"], ["IBAN", "the club"]),
        ("price", ["22 euros", "EUR 62.00"], ["1 h 15 min", "two hours"]),
    ],
)
def test_what_is_of_a_type_and_what_is_of_another(
    asked: AnswerType, right: list[str], wrong: list[str]
) -> None:
    assert [is_of(asked, text) for text in right] == [True] * len(right)
    assert [is_of_another(asked, text) for text in right] == [False] * len(right)
    assert [is_of_another(asked, text) for text in wrong] == [True] * len(wrong)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("time", "after the second bell"),
        ("day", "the eve of the fair"),
        ("year", "the year of the fire"),
        ("number", "several"),
        ("number", "seven"),
        ("age", "sixteen"),
        ("percentage", "half"),
    ],
)
def test_what_may_be_of_a_type_is_of_no_other(asked: AnswerType, text: str) -> None:
    assert not is_of_another(asked, text)


@pytest.mark.parametrize(
    ("asked", "text", "behind", "out"),
    [
        ("price", "1 h 15 min", ".", True),
        ("price", "two hours and 5 minutes", "", True),
        ("price", "free", "", False),
        ("price", "62.00", " per hour", False),
        ("stretch", "eight", " boats lie in the hall", True),
        ("stretch", "eight", " working days.", False),
        ("stretch", "eight days", " of booking", False),
        ("stretch", "eight", ".", False),
        ("time", "Monday", "", False),
    ],
)
def test_what_lasts_is_no_price_and_what_counts_other_things_no_days(
    asked: AnswerType, text: str, behind: str, out: bool
) -> None:
    assert rules_out(asked, text, behind) is out
