from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.english.enumerations import complete, items_of
from qa.english.names import names
from qa.english.series import doings, go_on, is_counted


def place(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("curlews, oystercatchers and brent geese", ["curlews", "oystercatchers", "brent geese"]),
        ("peace, trade, and economic growth", ["peace", "trade", "economic growth"]),
        ("Ann Hall as well as Guy Frost", ["Ann Hall", "Guy Frost"]),
        ("Ann Hall, the mayor, and Guy Frost", ["Ann Hall, the mayor", "Guy Frost"]),
        ("Guy and his sister, the painter Ann Hall", ["Guy", "his sister, the painter Ann Hall"]),
        ("the future, about trade, about peace", ["the future", "about trade", "about peace"]),
        ("Austin, Texas", ["Austin, Texas"]),
        ("1,400 dockers", ["1,400 dockers"]),
        ("he left and because it rained", ["he left and because it rained"]),
        ("“bread and butter”", ["“bread and butter”"]),
        ('"Sense and Sensibility" and "Emma"', ['"Sense and Sensibility"', '"Emma"']),
        ("Cole, Reid and Co. of Leeds", ["Cole, Reid and Co. of Leeds"]),
        ("Daughters of Charity and Sisters of Mercy", ["Daughters of Charity", "Sisters of Mercy"]),
    ],
)
def test_an_enumeration_is_taken_apart(text: str, items: list[str]) -> None:
    assert [
        text[start:end] for start, end in items_of(text, Span(0, len(text)), names(text))
    ] == items


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("Steve Witkoff", "Steve Witkoff and senior advisor Jared Kushner"),
        ("Ukraine’s sovereignty", "Ukraine’s sovereignty, independence, and economic future"),
        ("Rustem Umerov", "Rustem Umerov"),
        ("Emmanuel Macron", "Emmanuel Macron"),
    ],
)
def test_an_item_is_completed_by_those_beside_it(article: Article, part: str, whole: str) -> None:
    span = place(article.text, part)
    around = next(s for s in split_sentences(article.text) if s.start <= span.start < s.end)
    assert article.text[slice(*complete(article.text, around, span, names(article.text)))] == whole


@given(st.text(alphabet="AnnBo ,and;.“”()1", min_size=1, max_size=60), st.data())
def test_items_are_in_order_and_inside_whatever_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    items = items_of(text, Span(start, end), names(text))
    assert start <= items[0].start
    assert items[-1].end <= end
    assert all(a.end <= b.start for a, b in itertools.pairwise(items))
    wider = complete(text, Span(0, len(text)), Span(start, end), names(text))
    assert 0 <= wider.start <= start < end <= wider.end <= len(text)


def test_a_part_without_a_word_is_no_item() -> None:
    assert items_of("1, ; ;", Span(0, 6), ()) == [Span(0, 6)]


def test_a_clause_behind_and_is_no_item() -> None:
    text = "They stampeded horses, and that trees were planted was told later."
    around = Span(0, len(text))
    assert complete(text, around, place(text, "horses"), names(text)) == place(text, "horses")


def apart(text: str, *, several: bool, part: str = "") -> list[str]:
    span = place(text, part or text)
    return [text[start:end] for start, end in items_of(text, span, names(text), several=several)]


@pytest.mark.parametrize("several", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        *("Marks & Harland Ltd", "Johnson & Johnson", "Bread & Butter", "Black, Hooper & Finch"),
        *("Sidley, Grant and Moore LLP", "Smith and Sons", "Hart and Daughters Ltd"),
        *("Trinidad and Tobago", "Bosnia and Herzegovina", "Saint Vincent and the Grenadines"),
        *("Department of Health and Social Care", "the Ministry of Culture, Youth and Sport"),
        "the Secretary of State for Business, Energy and Industrial Strategy",
        *("the Food and Drug Administration", "Culture, Media and Sport Committee"),
        *("Hook, Line and Sinker Couriers", "Thick and Thin Roofers"),
        *("Health and Safety Executive", "the Bill and Melinda Gates Foundation"),
    ],
)
def test_a_name_is_one_item_whatever_is_in_it(name: str, several: bool) -> None:
    assert apart(name, several=several) == [name]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Marks & Harland Ltd and Black, Hooper & Finch", 2),
        ("Ernst & Young, Marks & Harland Ltd and Bread & Butter", 3),
        ("Brightwell Inc. and Corran plc", 2),
        ("the Department of Health and the Home Office", 2),
        ("the Ministry of Defence and Parliament", 2),
        ("Harvard University and Yale University", 2),
        ("Trinidad and Tobago, Norway and Peru", 3),
        ("“War and Peace” and “Crime and Punishment”", 2),
        ("Ada Brook & Cem Yildiz", 2),
        ("Nils Hook, Ida Line and Sinker Couriers", 3),
        ("the Builders and the Printers", 2),
        ("Ann Lee and Bob Low", 2),
    ],
)
def test_names_that_stand_side_by_side_are_items(text: str, items: int) -> None:
    assert len(apart(text, several=True)) == items


@pytest.mark.parametrize(
    "text",
    [
        *("Procter and Gamble", "Romeo and Juliet", "the Lion and Lamb"),
        *("fish and chips", "research and development", "store and forward switching"),
        "the long history of the city and country",
    ],
)
def test_what_may_be_one_thing_is_one_unless_several_are_asked_for(text: str) -> None:
    assert apart(text, several=False) == [text]
    assert len(apart(text, several=True)) == 2


def test_what_is_named_elsewhere_by_itself_is_an_item() -> None:
    text = "It was built by Alm and Berg. Alm had come from Oslo."
    assert apart(text, several=False, part="Alm and Berg") == ["Alm", "Berg"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("The show “Light and Long Shadows” opened.", "Light and Long Shadows"),
        ("Olaf Alm and Jon Berg has opened a branch.", "Olaf Alm and Jon Berg"),
        (
            "One animal can produce both eggs and sperm.",
            "One animal can produce both eggs and sperm",
        ),
    ],
)
def test_a_title_a_subject_of_a_singular_verb_and_a_clause_are_no_lists(
    text: str, part: str
) -> None:
    assert apart(text, several=False, part=part) == [part]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("early bids, e.g. those of Alm Inc. and Corran plc", ["Alm Inc.", "Corran plc"]),
        ("e.g., dose, route and duration", ["dose", "route", "duration"]),
        ("birds such as terns and gulls", ["terns", "gulls"]),
        ("milk, e.g. from goats, and cheese", ["milk", "cheese"]),
        ("pay for small- and mid-sized firms", ["pay for small- and mid-sized firms"]),
        ("including Ann Lee and Bob Low", ["Ann Lee", "Bob Low"]),
        ("Ann Lee and Bob Low, both from Oslo", ["Ann Lee", "Bob Low"]),
        ("dose, route and time) and effect", ["dose", "route", "time"]),
    ],
)
def test_what_only_introduces_items_is_none(text: str, items: list[str]) -> None:
    assert apart(text, several=True) == items


@pytest.mark.parametrize(
    ("text", "part", "items"),
    [
        (
            "She promised to bring back buses, to freeze rents and to plant trees.",
            "to bring back buses",
            ["to bring back buses", "to freeze rents", "to plant trees"],
        ),
        (
            "It asks that firms and offices pay more, and that logs be read.",
            "that firms and offices pay more",
            ["that firms and offices pay more", "that logs be read"],
        ),
        (
            "Sanctions hit 14 people, nine firms and 31 ships that carried oil.",
            "14 people",
            ["14 people", "nine firms", "31 ships"],
        ),
        ("You are billed for a copy plus €4 handling.", "a copy", ["a copy", "€4 handling"]),
        ("He went to Oslo and the rain to Bergen.", "to Oslo", ["to Oslo"]),
        ("It has 14 rooms, and was sold.", "14 rooms", ["14 rooms"]),
    ],
)
def test_what_goes_on_for_sure_is_part_of_an_answer(text: str, part: str, items: list[str]) -> None:
    span = go_on(text, Span(0, len(text)), place(text, part))
    assert [text[start:end] for start, end in items_of(text, span, names(text))] == items


@pytest.mark.parametrize(
    ("text", "part", "done"),
    [
        (
            "You may not sell seats, give advice on cures, or invite guests; you may talk.",
            "sell seats",
            ["sell seats", "give advice on cures", "invite guests"],
        ),
        ("You may sell seats, tables, or lamps.", "sell seats", ["sell seats"]),
        ("They sell seats, give advice and talk.", "sell seats", ["sell seats"]),
    ],
)
def test_what_is_done_behind_one_auxiliary_is_a_list(text: str, part: str, done: list[str]) -> None:
    found = doings(text, Span(0, len(text)), place(text, part))
    assert [text[start:end] for start, end in found] == done


def test_numbers_count_things() -> None:
    assert [is_counted(said) for said in ("14 people", "Nine firms", "£3.1 million", "firms")] == [
        *(True, True, True, False)
    ]


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        (
            "It came of dear steel, repairs to the wall and the hire of pumps.",
            "dear steel",
            "dear steel, repairs to the wall and the hire of pumps",
        ),
        ("They grow wheat, oats and rye in May.", "rye", "wheat, oats and rye"),
        ("It opened in the hall, and the mayor came.", "the hall", "the hall"),
        (
            "Signs hang in Oslo, Bergen and Rome, the Pope in Paris.",
            "Oslo",
            "Oslo, Bergen and Rome",
        ),
    ],
)
def test_items_of_several_words_are_completed_and_clauses_are_not(
    text: str, part: str, whole: str
) -> None:
    completed = complete(text, Span(0, len(text)), place(text, part), names(text))
    assert text[slice(*completed)] == whole


def test_two_saints_are_one_name_unless_several_are_asked_for() -> None:
    text = "St. Peter and St. Paul"
    whole = Span(0, len(text))
    assert items_of(text, whole, names(text), several=False) == [whole]
    assert len(items_of(text, whole, names(text), several=True)) == 2
