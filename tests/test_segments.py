"""Segments, made of documents and put together, and what is found in them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.base import Prepared
from index.store.conformance.formulas import towards
from index.store.conformance.suite import prepared
from index.store.keys import keys_of
from index.store.rows import Rows
from index.store.segments.making import make_segment
from index.store.segments.merging import merged
from index.store.segments.searching import Searchable, Segments
from index.store.segments.segment import Segment
from index.store.segments.words import PackedWords
from tests.made_documents import documents

NONE: Rows = np.array([], dtype=np.int64)


def as_lists(segment: Segment) -> dict[str, object]:
    """Return all that a segment consists of."""
    assert isinstance(segment.words, PackedWords)
    layout, cuts = segment.layout, segment.cuts
    return {
        "numbers": layout.numbers.tolist(),
        "sentences": layout.sentences.tolist(),
        "passages": layout.passages.tolist(),
        "cuts": (cuts.sentences.tolist(), cuts.passages.tolist()),
        "vectors": segment.vectors.tolist(),
        "spellings": dict(segment.spellings.words),
        **{name: array.tolist() for name, array in segment.words.arrays().items()},
    }


def segments_of(made: Sequence[Prepared], at: Sequence[int]) -> list[Segment]:
    """Return segments of documents, parted before some of them."""
    bounds = sorted({0, len(made), *(place for place in at if place < len(made))})
    return [
        make_segment(made[first:last], range(first + 1, last + 1))
        for first, last in itertools.pairwise(bounds)
    ]


@given(documents(), st.lists(st.integers(1, 5)), st.sets(st.integers(1, 6)))
def test_segments_put_together_are_one_made_of_what_is_left(
    made: list[Prepared], at: list[int], gone: set[int]
) -> None:
    left = [n for n in range(1, len(made) + 1) if n not in gone]
    if not left:
        return
    expected = make_segment([made[n - 1] for n in left], left)
    found = merged(
        segments_of(made, at), np.array(sorted(gone)), spellings=expected.spellings
    )  # fmt: skip
    assert as_lists(found) == as_lists(expected)


@given(documents(), st.lists(st.integers(1, 5)), st.sets(st.integers(1, 6)))
def test_what_is_gone_from_segments_is_not_found(
    made: list[Prepared], at: list[int], gone: set[int]
) -> None:
    parts = [Searchable(segment) for segment in segments_of(made, at)]
    found = Segments(parts, np.array(sorted(gone), dtype=np.int64))
    left = [n for n in range(1, len(made) + 1) if n not in gone]
    whole = make_segment([made[n - 1] for n in left], left) if left else None
    expected = Segments([Searchable(whole)] if whole else [])

    numbers = np.arange(1, len(made) + 1)
    assert sorted(found.cuts(numbers)) == sorted(expected.cuts(numbers)) == left
    query = towards(77, 4)
    for number, own in enumerate(made, start=1):
        sentences = keys_of(number, np.arange(len(own.vectors)))
        cosines = own.vectors @ query if number in left else np.zeros(len(sentences))
        assert found.similarities(query, sentences) == pytest.approx(cosines, abs=1e-6)
        if number in left:
            assert found.vectors(number).tolist() == own.vectors.tolist()
        else:
            with pytest.raises(KeyError):
                found.vectors(number)
    for only in (None, numbers[::2]):
        for k in (1, 3, 99):
            (near,) = found.nearest(query[None], k, only=only)
            (best,) = expected.nearest(query[None], k, only=only)
            similar = [each.similarities(query, keys).tolist() for each, keys in
                       ((found, near), (expected, best))]  # fmt: skip
            assert similar[0] == pytest.approx(similar[1], abs=1e-6)
            for question in ("cats", "dogs bark at owls", "1987 the purr, purr"):
                own_matches = found.matching(question, k, only=only)
                matches = expected.matching(question, k, only=only)
                assert own_matches.passages.tolist() == matches.passages.tolist()
                assert own_matches.scores.tolist() == matches.scores.tolist()


def test_a_document_that_does_not_fit_makes_no_segment() -> None:
    right = prepared("a", {"Cats purr.": 0})
    wrong = Prepared(right.article, right.cut, right.vectors.astype(np.float64))
    with pytest.raises(ValueError, match=r"^a: has vectors shaped \(1, 4\) for 1 sentences"):
        make_segment([right, wrong], [1, 2])
