"""What it means that two stretches share text, or that one holds another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.structure.spans import Span
from index.text.stretches import Stretch

TEXT = "Rome lies on the Tiber."
ROME, AGAIN, OSLO = Article("a", "Rome", TEXT), Article("a", "Roma", TEXT), Article("b", "", TEXT)
PLACES = st.tuples(st.integers(0, 9), st.integers(1, 9)).map(lambda p: Span(p[0], p[0] + p[1]))


def test_a_stretch_is_cut_from_its_article() -> None:
    stretch = Stretch(ROME, 0, 4)
    assert (stretch.text, stretch.span) == ("Rome", Span(0, 4))


@pytest.mark.parametrize(
    ("one", "other", "overlaps", "contains"),
    [
        ((2, 5), (2, 5), True, True),
        ((2, 5), (3, 4), True, True),
        ((3, 4), (2, 5), True, False),
        ((2, 5), (4, 7), True, False),
        ((2, 5), (5, 7), False, False),
        ((5, 7), (2, 5), False, False),
    ],
)
def test_spans_and_stretches_agree(
    one: tuple[int, int], other: tuple[int, int], overlaps: bool, contains: bool
) -> None:
    assert Span(*one).overlaps(Span(*other)) is overlaps
    assert Span(*one).contains(Span(*other)) is contains
    assert Stretch(ROME, *one).overlaps(Stretch(AGAIN, *other)) is overlaps
    assert Stretch(ROME, *one).contains(Stretch(AGAIN, *other)) is contains


def test_stretches_of_two_articles_share_nothing() -> None:
    assert not Stretch(ROME, 0, 4).overlaps(Stretch(OSLO, 0, 4))
    assert not Stretch(ROME, 0, 4).contains(Stretch(OSLO, 0, 4))


@given(PLACES, PLACES)
def test_spans_overlap_where_they_share_a_character(one: Span, other: Span) -> None:
    shared = set(range(*one)) & set(range(*other))
    assert one.overlaps(other) == other.overlaps(one) == bool(shared)
    assert one.contains(other) == (set(range(*other)) <= set(range(*one)))
