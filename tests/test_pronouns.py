"""Which words of a question stand for something said before, and which for nothing."""

from __future__ import annotations

import pytest

from qa.asking.pronouns import is_bound, slots_in


@pytest.mark.parametrize(
    ("question", "word", "form", "kinds"),
    [
        ("How old is he?", "he", "plain", ("person",)),
        ("Who met her?", "her", "plain", ("person",)),
        ("Who met her in Leeds?", "her", "plain", ("person",)),
        ("Who is her deputy?", "her", "possessive", ("person",)),
        ("Who is his deputy?", "his", "possessive", ("person",)),
        ("What did they want?", "they", "plain", ("people", "things", "person")),
        ("What is their plan?", "their", "possessive", ("people", "things", "person")),
        ("Who opposed it?", "it", "plain", ("thing", "place")),
        ("What is its aim?", "its", "possessive", ("thing", "place")),
        ("Who lives there?", "there", "in", ("place",)),
        ("What was decided then?", "then", "on", ("date",)),
        ("What came at that time?", "at that time", "on", ("date",)),
    ],
)
def test_a_word_that_stands_for_something_says_for_what_and_in_which_form(
    question: str, word: str, form: str, kinds: tuple[str, ...]
) -> None:
    (slot,) = slots_in(question)
    assert question[slot.start : slot.end] == slot.word == word
    assert (slot.form, slot.kinds) == (form, kinds)


@pytest.mark.parametrize(
    ("question", "pronoun"),
    [("Who met him?", "he"), ("Who met her?", "she"), ("Who met them?", "they")],
)
def test_a_pronoun_is_known_in_whatever_case_it_stands(question: str, pronoun: str) -> None:
    assert [slot.pronoun for slot in slots_in(question)] == [pronoun]


@pytest.mark.parametrize(
    ("question", "stands"),
    [("How old is the latter?", "the latter"), ("What is the first one’s job?", "the first one’s")],
)
def test_one_of_two_is_a_slot_with_its_possessive_ending(question: str, stands: str) -> None:
    (slot,) = slots_in(question)
    assert question[slot.start : slot.end] == stands
    assert slot.word in {"the former", "the latter"}
    assert slot.form == ("possessive" if stands.endswith("s") else "plain")


@pytest.mark.parametrize(
    ("question", "nouns"),
    [
        ("Who opposed this plan?", ["plan"]),
        ("Who voted for that plan?", ["plan"]),
        ("Who told the mayor that ships left?", []),  # a conjunction
        ("What did the man that left want?", []),  # a relative pronoun
        ("What is this article about?", []),  # the article itself, and nothing that it speaks of
    ],
)
def test_that_before_a_noun_points_back(question: str, nouns: list[str]) -> None:
    assert [slot.noun for slot in slots_in(question) if slot.noun] == nouns


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that Ann Hall resigned?",
        "How long did it take to build the harbour?",
        "Are there geese in Port Ellen?",
        "How many ships are there?",
        "Who is the then-president?",
        "Then who resigned?",
    ],
)
def test_a_word_that_stands_for_nothing_is_no_slot(question: str) -> None:
    assert slots_in(question) == []


def test_slots_are_in_order_and_they_is_several_beside_another() -> None:
    they, him = slots_in("Why did they ask him?")
    assert (they.word, they.kinds) == ("they", ("people", "things"))
    assert (him.word, him.kinds) == ("him", ("person",))


@pytest.mark.parametrize(
    ("question", "bound"),
    [
        ("When did Pavel Frost say that he was ill?", True),
        ("Where did the president sign his letter?", True),
        ("Why did Ann Hall leave him?", False),  # an object is nobody of its own clause
        ("Where did the council meet it?", False),
        ("Why did he resign?", False),
        ("What did his deputy say?", False),
    ],
)
def test_a_word_may_stand_for_what_its_own_question_names(question: str, bound: bool) -> None:
    (slot,) = slots_in(question)
    assert is_bound(question, slot) is bound
