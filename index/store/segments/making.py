"""Makes a segment of documents that are ready: lays them out, and counts their words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from index.articles import Article
from index.store.allocation import Allocate, in_memory
from index.store.base import Cut, Prepared
from index.store.rows import Rows
from index.store.segments.cutting import sentences_of
from index.store.segments.segment import Cuts, Layout, Segment
from index.store.segments.spellings import packed_spellings
from index.store.segments.vectors import EXACT_UP_TO, make_clusters
from index.store.segments.words import PackedWords, count_words
from index.text.naming import headings_above, names_of
from index.text.rendering import render
from index.text.spellings import count_spellings
from index.text.stretches import Stretch


def make_segment(
    prepared: Sequence[Prepared],
    numbers: Sequence[int],
    *,
    exact_up_to: int = EXACT_UP_TO,
    allocate: Allocate = in_memory,
) -> Segment:
    """Make a segment.

    Args:
        prepared: The documents, at least one.
        numbers: Their numbers, ascending.
        exact_up_to: How many sentences there may be for a search to look at every one.
        allocate: Where the arrays of clusters are to be.

    Raises:
        ValueError: The parts of a document do not fit together, or the vectors not with others'.
    """
    dimension = prepared[0].vectors.shape[-1]
    for each in prepared:
        check_prepared(each, dimension)
    layout = Layout(
        np.array(numbers, dtype=np.int64),
        _starts([len(each.cut.sentences) for each in prepared]),
        _starts([len(each.cut.passages) for each in prepared]),
    )
    cuts = Cuts(
        np.concatenate([each.cut.sentences for each in prepared]).astype(np.int32),
        np.concatenate([each.cut.passages for each in prepared]).astype(np.int32),
    )
    vectors = np.concatenate([each.vectors for each in prepared])
    texts = (each.article.text for each in prepared)
    names = itertools.chain.from_iterable(names_of(each.article) for each in prepared)
    return Segment(
        layout,
        cuts,
        vectors,
        _words(prepared, layout),
        packed_spellings(count_spellings(itertools.chain(texts, names))),
        make_clusters(vectors, allocate=allocate) if len(vectors) > exact_up_to else None,
    )


def check_prepared(prepared: Prepared, dimension: int) -> None:
    """Check that the parts of a document fit together.

    Raises:
        ValueError: They do not, or its vectors have another dimension, or are none.
    """
    name = prepared.article.id
    sentences, passages = prepared.cut.sentences, prepared.cut.passages
    if not fits(prepared.cut, len(prepared.article.text)):
        raise ValueError(f"{name}: its sentences and passages do not fit its text")
    vectors = prepared.vectors
    if vectors.dtype != np.float32 or vectors.shape != (len(sentences), dimension):
        raise ValueError(
            f"{name}: has vectors shaped {vectors.shape} for {len(sentences)} sentences and "
            f"{len(passages)} passages; expected float32, shaped ({len(sentences)}, {dimension})"
        )
    if not np.isfinite(vectors.sum()):
        raise ValueError(f"{name}: a vector holds what is no finite number")


def fits(cut: Cut, characters: int) -> bool:
    """Tell whether an article of so many characters can have been cut so."""
    sentences, passages = cut.sentences, cut.passages
    shaped = all(
        each.ndim == 2 and each.shape[1] == 2 and len(each) for each in (sentences, passages)
    )
    if not shaped:
        return False
    (start, end), (first, last) = sentences.T, passages.T
    return bool(
        (start < end).all() and start[0] >= 0 and end[-1] <= characters
        and (np.diff(start) > 0).all() and (np.diff(end) > 0).all()
        and first[0] == 0 and last[-1] == len(sentences) and (first < last).all()
        and (np.diff(first) >= 0).all() and (np.diff(last) >= 0).all()
        and (first[1:] <= last[:-1]).all()
    )  # fmt: skip


def _words(prepared: Sequence[Prepared], layout: Layout) -> PackedWords:
    """Count the words of the passages, of what stands above them, and of what documents go by."""
    starts: list[int] = []
    headings: list[str] = []
    for each, first in zip(prepared, layout.passages.tolist(), strict=False):
        above: tuple[str, ...] | None = None
        sentences = each.cut.sentences[each.cut.passages[:, 0]].tolist()
        for row, (start, end) in enumerate(sentences, start=first):
            own = _headings(each.article, start, end)
            if own != above:
                starts.append(row)
                headings.append("\n".join(own))
                above = own
    passages = [
        each.cut.passages + first
        for each, first in zip(prepared, layout.sentences.tolist(), strict=False)
    ]
    pieces = (
        render(sentence).text
        for each in prepared
        for sentence in sentences_of(each.article, each.cut)
    )
    return count_words(
        pieces,
        np.concatenate(passages),
        np.array([*starts, layout.passages[-1]], dtype=np.int64),
        headings,
        ["\n".join(names_of(each.article)) for each in prepared],
    )


def _headings(article: Article, start: int, end: int) -> tuple[str, ...]:
    """Return what stands above a sentence; not what its article is called."""
    above = (each.text for each in headings_above(Stretch(article, start, end)))
    return tuple(each for each in above if each != article.title)


def _starts(counts: Sequence[int]) -> Rows:
    starts: Rows = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    return starts
