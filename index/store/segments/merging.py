"""Makes one segment of several, without the documents that are gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.store.allocation import Allocate, in_memory, let_go
from index.store.keys import among
from index.store.rows import Rows
from index.store.segments.segment import Cuts, Layout, Segment, Spellings, rows_of_documents
from index.store.segments.spellings import packed_spellings, summed
from index.store.segments.vectors import EXACT_UP_TO, make_clusters
from index.store.segments.words import PackedWords, pack

_BLOCK = 65_536  # vectors that are taken at once

Number = TypeVar("Number", np.int32, np.uint16)


def merged(
    segments: Sequence[Segment],
    gone: Rows,
    *,
    spellings: Spellings | None = None,
    exact_up_to: int = EXACT_UP_TO,
    allocate: Allocate = in_memory,
) -> Segment:
    """Make one segment of several.

    Args:
        segments: At least one; the numbers of the documents of each are higher than of those
            before. Their words are packed.
        gone: The numbers of documents to leave out, ascending; at least one is left.
        spellings: The words of the texts of those that are left; the sum of those of the segments
            if None, in which those of documents that are gone are still counted.
        exact_up_to: How many sentences there may be for a search to look at every one.
        allocate: Where vectors and clusters are to be.
    """
    layouts = [segment.layout for segment in segments]
    vectors = _vectors(segments, gone, allocate)
    return Segment(
        merged_layout(layouts, gone),
        _cuts(segments, gone),
        vectors,
        merged_words([(each.layout, _packed(each)) for each in segments], gone),
        merged_spellings([each.spellings for each in segments]) if spellings is None else spellings,
        make_clusters(vectors, allocate=allocate) if len(vectors) > exact_up_to else None,
    )


def merged_layout(layouts: Sequence[Layout], gone: Rows) -> Layout:
    """Return where documents stand in one segment of several: see :func:`merged`."""
    kept = [_kept(layout, gone) for layout in layouts]
    return Layout(
        np.concatenate([layout.numbers[own] for layout, own in zip(layouts, kept, strict=True)]),
        _starts([np.diff(each.sentences)[own] for each, own in zip(layouts, kept, strict=True)]),
        _starts([np.diff(each.passages)[own] for each, own in zip(layouts, kept, strict=True)]),
    )


def merged_spellings(parts: Sequence[Spellings]) -> Spellings:
    """Add up the words of the texts of segments."""
    return packed_spellings(summed(part.words for part in parts))


def merged_words(parts: Sequence[tuple[Layout, PackedWords]], gone: Rows) -> PackedWords:
    """Return the words of one segment of several: see :func:`merged`.

    Args:
        parts: Where documents stand in each segment, and its words.
        gone: The numbers of documents to leave out, ascending.
    """
    ordered = sorted(set().union(*(words.all_stems() for _, words in parts)), key=str.encode)
    numbers = {stem: number for number, stem in enumerate(ordered)}
    lengths: list[NDArray[np.int32]] = []
    contexts: list[NDArray[np.int64]] = []
    held, headed, named = _Moved(), _Moved(), _Moved()
    passages = 0
    for layout, words in parts:
        places = _kept(layout, gone)
        stems = np.array([numbers[stem] for stem in words.all_stems()], dtype=np.int32)
        documents = np.full(len(layout.numbers), -1, dtype=np.int64)
        documents[places] = np.arange(len(places))
        rows = np.full(len(words.lengths), -1, dtype=np.int64)
        alive = rows_of_documents(layout.passages, places)
        rows[alive] = np.arange(len(alive))
        starts = words.contexts[:-1]
        here = np.flatnonzero(rows[starts] >= 0)
        own = np.full(len(starts), -1, dtype=np.int64)
        own[here] = np.arange(len(here))

        bounds = np.diff(words.stem_bounds, axis=0)
        held.add(stems, bounds[:, 1], words.holders, rows, len(alive), words.times)
        headed.add(stems, bounds[:, 2], words.headed, own, len(here))
        named.add(stems, bounds[:, 3], words.named, documents, len(places))
        lengths.append(words.lengths[alive])
        contexts.append(rows[starts[here]] + passages)
        passages += len(alive)
    return pack(
        ordered,
        np.concatenate(lengths),
        np.concatenate([*contexts, [passages]]).astype(np.int32),
        (*held.moved(), held.times()),
        headed.moved(),
        named.moved(),
    )


class _Moved:
    """Postings of several segments, by the numbers that stems and what holds them have in one."""

    def __init__(self) -> None:
        self._stems: list[NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]
        self._places: list[NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]
        self._times: list[NDArray[np.uint16]] = [np.empty(0, dtype=np.uint16)]
        self._before = 0

    def add(
        self,
        stems: NDArray[np.int32],
        counts: Rows,
        places: NDArray[np.int32],
        now: Rows,
        count: int,
        times: NDArray[np.uint16] | None = None,
    ) -> None:
        """Add the postings of a segment.

        Args:
            stems: The numbers of its stems.
            counts: How many postings each has.
            places: What holds it, stem after stem.
            now: Where that is among what is kept of the segment; -1 if it is not.
            count: How much is kept.
            times: How often it is held.
        """
        moved = now[places]
        kept = moved >= 0
        self._stems.append(np.repeat(stems, counts)[kept])
        self._places.append((moved[kept] + self._before).astype(np.int32))
        if times is not None:
            self._times.append(times[kept])
        self._before += count

    def moved(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the stem of each posting, and what holds it; they are not kept."""
        return _emptied(self._stems), _emptied(self._places)

    def times(self) -> NDArray[np.uint16]:
        """Return how often it is held; they are not kept."""
        return _emptied(self._times)


def _emptied(parts: list[NDArray[Number]]) -> NDArray[Number]:
    """Return arrays as one, and hold them no longer: together they take a gigabyte at times."""
    joined = np.concatenate(parts)
    parts.clear()
    return joined


def _packed(segment: Segment) -> PackedWords:
    assert isinstance(segment.words, PackedWords)
    return segment.words


def _kept(layout: Layout, gone: Rows) -> Rows:
    return np.flatnonzero(~among(layout.numbers, gone))


def _starts(counts: Sequence[Rows]) -> Rows:
    starts: Rows = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
    return starts


def _cuts(segments: Sequence[Segment], gone: Rows) -> Cuts:
    sentences, passages = [], []
    for each in segments:
        kept = _kept(each.layout, gone)
        sentences.append(each.cuts.sentences[rows_of_documents(each.layout.sentences, kept)])
        passages.append(each.cuts.passages[rows_of_documents(each.layout.passages, kept)])
    return Cuts(np.concatenate(sentences), np.concatenate(passages))


def _vectors(segments: Sequence[Segment], gone: Rows, allocate: Allocate) -> Vectors:
    kept = [rows_of_documents(each.layout.sentences, _kept(each.layout, gone)) for each in segments]
    count = sum(map(len, kept))
    vectors = allocate("vectors", (count, segments[0].vectors.shape[1]), np.float32)
    start = 0
    for segment, rows in zip(segments, kept, strict=True):
        for first in range(0, len(rows), _BLOCK):
            block = rows[first : first + _BLOCK]
            vectors[start : start + len(block)] = segment.vectors[block]
            start += len(block)
            let_go(segment.vectors, vectors)
    return vectors
