from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from qa.english.dates import dates
from qa.english.names import names
from qa.english.quantities import numbers

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
        ("It was sold to Per Lunde of Nordkraft.", ["Per Lunde", "Nordkraft"]),
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
    ("text", "kind", "found"),
    [
        ("Jonas Lund flew from Norway to Chad, and then to Sudan.", "place", "Norway, Chad, Sudan"),
        ("He met the president of Jordan; so did Michael Jordan.", "person", "Michael Jordan"),
        ("He met the president of Jordan; so did Michael Jordan.", "place", "Jordan"),
        (
            "It lies between Trinidad and Tobago and the Hague.",
            "place",
            "Trinidad and Tobago, Hague",
        ),
        ("The United States and New Zealand signed.", "place", "United States, New Zealand"),
        ("Samsung said so; Apple did not.", "organisation", "Samsung, Apple"),
        ("Her brother Bob Low met her friend Paris Green.", "person", "Bob Low, Paris Green"),
        ("In April, April Jones left; May Brown stayed.", "person", "April Jones, May Brown"),
        ("Often Ann Hall sang. Two Germans wept; I'm sad.", "person", "Ann Hall"),
        ("Ann Hall is here. Ann is well.", "person", "Ann Hall"),
        ("Tom Weir of Deutsche Bank spoke.", "person", "Tom Weir"),
        ("Tom Weir of Deutsche Bank spoke.", "organisation", "Deutsche Bank"),
        (
            "Hall & Sons Ltd won; Brightwell Inc. lost.",
            "organisation",
            "Hall & Sons Ltd, Brightwell Inc",
        ),
        ("We like Brightwell Inc. and what Brightwell does.", "organisation", "Brightwell Inc"),
        ("It was paid for by the firm Oldmere.", "organisation", "Oldmere"),
        ("A spokesman for Oldmere spoke.", "organisation", "Oldmere"),
        ("They flew with Air France to Upper Egypt.", "place", "Upper Egypt"),
        ("Henry I was the father of Matilda.", "person", "Henry I, Matilda"),
        ("Take the A12 to Exit 7; the price has VAT.", "place", ""),
        ("Take the A12 to Exit 7; the price has VAT.", "organisation", ""),
    ],
)
def test_a_name_is_of_its_kind(text: str, kind: str, found: str) -> None:
    own = [name.text for name in names(text) if name.kind == kind]
    assert ", ".join(own) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It began on 9 May 1890 and ended in late 1891.", ["9 May 1890", "late 1891"]),
        ("On May 9, 1890, they met; by the 1950s, not.", ["May 9, 1890", "1950s"]),
        ("They may march on Monday.", ["Monday"]),
        ("March on! May we come?", []),
        ("In March, or since May, or from April to May.", ["March", "May", "April", "May"]),
        ("April Jones came in April.", ["April"]),
        ("In February 2022 it cost 1,400 or 20221.", ["February 2022"]),
        ("From 1914-18 and on 2020-01-31", ["1914-18", "2020-01-31"]),
        ("On 12/05/2024, in the 12th century, in 44 BC", ["12/05/2024", "12th century", "44 BC"]),
        ("In the first quarter of 2023", ["first quarter of 2023"]),
    ],
)
def test_dates_are_found(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in dates(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is 41.5 m high and -4 °C cold.", ["41.5 m", "-4 °C"]),
        (
            "17 per cent, 5% or 8.3 percent of $3.2 million",
            ["17 per cent", "5%", "8.3 percent", "$3.2 million"],
        ),
        (
            "£3-4 million, US$5m, €40, 350 euros and 12p",
            ["£3-4 million", "US$5m", "€40", "350 euros", "12p"],
        ),
        ("Two cats, 1,200 eggs and 5.5 million people", ["Two", "1,200", "5.5 million"]),
        ("The 28-point plan for a 46-centimetre lens", ["28", "46-centimetre"]),
        (
            "After two hours, at 60 miles per hour or 12 m/s",
            ["two hours", "60 miles per hour", "12 m/s"],
        ),
        ("One in ten, two-thirds of it, a third of them", ["One in ten", "two-thirds", "a third"]),
        ("No one, and one of them, has one hour.", ["one hour"]),
        ("By 5 votes to 2.", ["5", "2"]),
    ],
)
def test_a_number_is_whole_with_its_unit(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in numbers(text, dates(text))] == found


@pytest.mark.parametrize(
    "text",
    [
        "In May 2020, on 3 June, at 19:30, 7 pm or 7.30 a.m.",
        "Call 01273 555 014, +44 20 7946 0958 or 555-0199.",
        "See page 12, No. 5 and Section 3; take the A12.",
        "Version 2.3.1 flew on Apollo 11 to Three Mile Island.",
        "1. First\n2) Second\n  3. Third",
        "Mail a1@b2.example; see http://a.example/5?c=6 on COVID-19, 5G and the 12th.",
    ],
)
def test_what_only_has_figures_in_it_is_no_number(text: str) -> None:
    assert numbers(text, dates(text)) == ()


@pytest.mark.parametrize(
    "piece", ["1", "1,", "1 ", "two hundred ", "+1 2 ", "x@", "1.1.", "$", " "]
)
def test_any_text_is_searched_in_bounded_time(piece: str) -> None:
    started = time.monotonic()
    numbers(piece * 20_000, dates(piece * 20_000))
    assert time.monotonic() - started < 10


@given(st.text(max_size=300))
def test_any_text_has_names_and_dates_that_stand_in_it(text: str) -> None:
    for name in names(text):
        assert all(0 <= start < end <= len(text) for start, end in name.places)
        assert all(name.text.split()[-1] in text[start:end] for start, end in name.places)
    assert all(start < end for start, end in [*dates(text), *numbers(text, dates(text))])
