"""Whether the parts of a segment fit together, so that no search can trip over them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.store.allocation import let_go
from index.store.segments.segment import Clusters, Cuts, Layout, Segment, Spellings
from index.store.segments.words import PackedWords

_BLOCK = 65_536  # vectors that are looked at at once


def fits_together(segment: Segment, dimension: int) -> bool:
    """Tell whether the parts of a segment have the right shapes and speak of the same things.

    Its words have to be packed.
    """
    layout, cuts, words = segment.layout, segment.cuts, segment.words
    sentences, passages = len(cuts.sentences), len(cuts.passages)
    return (
        isinstance(words, PackedWords)
        and _layout_fits(layout, sentences, passages)
        and _cuts_fit(cuts, layout)
        and _is(segment.vectors, np.float32, (sentences, dimension))
        and _all_finite(segment.vectors)
        and _words_fit(words, passages, len(layout.numbers))
        and _spellings_fit(segment.spellings)
        and (segment.clusters is None or _clusters_fit(segment.clusters, sentences, dimension))
    )


def _all_finite(vectors: Vectors) -> bool:
    """Tell whether all numbers are finite, with little of them in memory at once."""
    for start in range(0, len(vectors), _BLOCK):
        # A sum is finite only if all is, and takes no memory.
        if not np.isfinite(vectors[start : start + _BLOCK].sum()):
            return False
        let_go(vectors)
    return True


def _layout_fits(layout: Layout, sentences: int, passages: int) -> bool:
    count = len(layout.numbers)
    return (
        count > 0
        and _is(layout.numbers, np.int64, (count,))
        and _is(layout.sentences, np.int64, (count + 1,))
        and _is(layout.passages, np.int64, (count + 1,))
        and bool(layout.numbers[0] > 0 and (np.diff(layout.numbers) > 0).all())
        and _divides(layout.sentences, sentences)
        and _divides(layout.passages, passages)
        and bool((np.diff(layout.sentences) > 0).all() and (np.diff(layout.passages) > 0).all())
    )


def _cuts_fit(cuts: Cuts, layout: Layout) -> bool:
    """Tell whether sentences are in order, and passages rows of them that leave none out."""
    sentences, passages = cuts.sentences, cuts.passages
    if not _is(sentences, np.int32, (len(sentences), 2)):
        return False
    if not _is(passages, np.int32, (len(passages), 2)):
        return False
    start, end = sentences.T
    within = np.ones(len(sentences), dtype=bool)
    within[layout.sentences[:-1]] = False  # the first of a document follows none
    apart = (np.diff(start) <= 0) | (np.diff(end) <= 0)
    if (start < 0).any() or (start >= end).any() or (within[1:] & apart).any():
        return False
    first, last = passages.T
    firsts, lasts = layout.passages[:-1], layout.passages[1:] - 1
    within = np.ones(len(passages), dtype=bool)
    within[firsts] = False
    apart = (np.diff(first) < 0) | (np.diff(last) < 0) | (first[1:] > last[:-1])
    return bool(
        (first >= 0).all()
        and (first < last).all()
        and not (within[1:] & apart).any()
        and (first[firsts] == 0).all()
        and (last[lasts] == np.diff(layout.sentences)).all()
    )


def _words_fit(words: PackedWords, passages: int, documents: int) -> bool:
    bounds, contexts = words.stem_bounds, len(words.contexts) - 1
    if not _is(bounds, np.int64, (len(bounds), 4)) or not len(bounds):
        return False
    parts: tuple[NDArray[Any], ...] = (words.stems, words.holders, words.headed, words.named)
    return (
        _is(words.lengths, np.int32, (passages,))
        and bool((words.lengths > 0).all())
        and _is(words.contexts, np.int32, (contexts + 1,))
        and _divides(words.contexts, passages)
        and _is(words.stems, np.uint8, (len(words.stems),))
        and _is(words.holders, np.int32, (len(words.holders),))
        and _is(words.times, np.uint16, (len(words.holders),))
        and _is(words.headed, np.int32, (len(words.headed),))
        and _is(words.named, np.int32, (len(words.named),))
        and all(_divides(column, len(part)) for column, part in zip(bounds.T, parts, strict=True))
        and _numbers_fit(words.holders, passages)
        and _numbers_fit(words.headed, contexts)
        and _numbers_fit(words.named, documents)
    )


def _spellings_fit(spellings: Spellings) -> bool:
    joined, counts = spellings.joined, spellings.counts
    if not _is(joined, np.uint8, (len(joined),)) or not _is(counts, np.int64, (len(counts),)):
        return False
    words = joined.tobytes().decode().splitlines()  # raises ValueError if they are no text
    return len(words) == len(counts) and bool((counts >= 0).all())


def _clusters_fit(clusters: Clusters, count: int, dimension: int) -> bool:
    lists = len(clusters.centroids)
    return (
        lists > 0
        and _is(clusters.centroids, np.float32, (lists, dimension))
        and _is(clusters.bounds, np.int64, (lists + 1,))
        and _is(clusters.rows, np.int64, (count,))
        and _is(clusters.codes, np.uint8, (count, dimension))
        and _is(clusters.ranges, np.float32, (2, dimension))
        and _divides(clusters.bounds, count)
        and _numbers_fit(clusters.rows, count)
        and bool(np.isfinite(clusters.centroids).all() and np.isfinite(clusters.ranges).all())
    )


def _is(array: NDArray[Any], dtype: type, shape: tuple[int, ...]) -> bool:
    return array.dtype == dtype and array.shape == shape


def _divides(bounds: NDArray[Any], count: int) -> bool:
    """Tell whether bounds part all of so many things into ranges, one after another."""
    whole = bool(len(bounds) and bounds[0] == 0 and bounds[-1] == count)
    return whole and bool((np.diff(bounds) >= 0).all())


def _numbers_fit(numbers: NDArray[Any], count: int) -> bool:
    return not len(numbers) or bool(numbers.min() >= 0 and numbers.max() < count)
