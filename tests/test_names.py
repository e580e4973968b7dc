from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from qa.english.names import dates, names

PORT = (
    "Mayor Daniel Fairclough met the union’s secretary, Moira Tennant, in Port Ellen on 14 May "
    "2023. She was born in Leeds, Yorkshire, after the High Court had ruled. Fairclough’s plan, "
    "he said, stays. "
    "The United Dockers Union is French. Residents of Old Town waited until Monday."
)


def test_names_are_found_with_their_kinds() -> None:
    assert {(name.text, name.kind) for name in names(PORT)} == {
        ("Daniel Fairclough", "person"),
        ("Moira Tennant", "person"),
        ("Port Ellen", "place"),
        ("Leeds", "place"),
        ("Yorkshire", "place"),
        ("High Court", "organisation"),
        ("United Dockers Union", "organisation"),
        ("Old Town", "place"),
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He led the Department of the Interior.", ["Department of the Interior"]),
        ("Ann Hall of the Times spoke.", ["Ann Hall", "Times"]),
        ("He flew to Oslo with Two and Often.", ["Oslo"]),
        ("We heard “Don’t go” and “I’m here” in Leeds.", ["Leeds"]),
    ],
)
def test_an_office_is_whole_and_a_number_or_an_adverb_no_name(text: str, found: list[str]) -> None:
    assert [name.text for name in names(text)] == found


def test_a_surname_stands_for_the_full_name_and_titles_are_no_part_of_it() -> None:
    fairclough = names(PORT)[0]
    assert fairclough.text == "Daniel Fairclough"
    assert fairclough.short == "Fairclough"
    assert [PORT[start:end] for start, end in fairclough.places] == [
        "Daniel Fairclough",
        "Fairclough",
    ]


def test_pronouns_and_titles_tell_he_from_she() -> None:
    pronouns = {
        name.text: name.pronoun for name in names("Ann Hall sang. She won. Sir Guy Frost lost.")
    }
    assert pronouns == {"Ann Hall": "she", "Guy Frost": "he"}


def test_the_shipped_articles_people_are_found(article: Article) -> None:
    people = [name.text for name in names(article.text) if name.kind == "person"]
    assert people == [
        *("Marco Rubio", "Rustem Umerov", "Andriy Yermak", "Donald Trump", "Steve Witkoff"),
        *("Jared Kushner", "Volodymyr Zelensky", "Emmanuel Macron"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It began on 9 May 1890 and ended in late 1891.", ["9 May 1890", "late 1891"]),
        ("On May 9, 1890, they met; by the 1950s, not.", ["May 9, 1890", "1950s"]),
        ("They may march on Monday.", ["Monday"]),
        ("In February 2022 it cost 1,400 or 20221.", ["February 2022"]),
        ("From 1914-18 and on 2020-01-31", ["1914-18", "2020-01-31"]),
    ],
)
def test_dates_are_found(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in dates(text)] == found


@given(st.text(max_size=300))
def test_any_text_has_names_and_dates_that_stand_in_it(text: str) -> None:
    for name in names(text):
        assert all(0 <= start < end <= len(text) for start, end in name.places)
        assert all(name.text.split()[-1] in text[start:end] for start, end in name.places)
    assert all(start < end for start, end in dates(text))
