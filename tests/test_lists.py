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
