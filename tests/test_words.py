from __future__ import annotations

import pytest

from qa.english.words import (
    is_english,
    is_known,
    is_verb_of_speaking,
    lemma,
    spellings,
    without_possessive,
    words,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don’t stop the long-term plan.", ["Don’t", "stop", "the", "long-term", "plan"]),
        ("The U.S. and the U.N.", ["The", "U.S.", "and", "the", "U.N."]),
        ("“Yes”, she said - twice", ["Yes", "she", "said", "twice"]),
        ("In 2014, 1,400 left", ["In", "2014", "1", "400", "left"]),
        ("v1.2 on example.org.", ["v1.2", "on", "example.org"]),
        ("Zürich 東京", ["Zürich", "東京"]),
        (" -’. ", []),
    ],
)
def test_a_text_is_cut_into_words_that_say_where_they_stand(text: str, found: list[str]) -> None:
    assert [word.text for word in words(text)] == spellings(text) == found
    assert all(text[word.start : word.end] == word.text for word in words(text))


def test_the_words_of_a_part_stand_where_they_stand_in_the_whole() -> None:
    text = "The harbour is open."
    assert [(word.text, word.start) for word in words(text, 4, 14)] == [("harbour", 4), ("is", 12)]


def test_a_word_as_the_lists_have_it_is_small_and_has_a_straight_apostrophe() -> None:
    assert [word.lower for word in words("DON’T Go")] == ["don't", "go"]


@pytest.mark.parametrize(
    ("owned", "owner"),
    [
        ("Umerov’s", "Umerov"),
        ("Umerov's", "Umerov"),
        ("the dockers’", "the dockers"),
        ("James", "James"),
        ("Ann’s plan", "Ann’s plan"),
    ],
)
def test_a_possessive_ending_is_taken_off(owned: str, owner: str) -> None:
    assert without_possessive(owned) == owner


@pytest.mark.parametrize(
    ("word", "base"),
    [("resigned", "resign"), ("Says", "say"), ("ships", "ship"), ("met", "meet"), ("zq", "zq")],
)
def test_a_word_has_a_base_form(word: str, base: str) -> None:
    assert lemma(word) == base


@pytest.mark.parametrize(
    ("word", "english", "known"),
    [
        ("harbour", True, True),
        ("resigned", True, True),
        ("Zelensky", False, False),
        ("harbuor", False, False),
    ],
)
def test_words_of_english_are_told_from_names_and_from_slips(
    word: str, english: bool, known: bool
) -> None:
    assert (is_english(word), is_known(word)) == (english, known)


@pytest.mark.parametrize(
    ("word", "speaks"),
    [("said", True), ("Describes", True), ("told", True), ("met", False), ("", False)],
)
def test_a_verb_of_speaking_is_one_in_every_form(word: str, speaks: bool) -> None:
    assert is_verb_of_speaking(word) is speaks
