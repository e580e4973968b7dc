"""Makes one segment of several, without the documents that are gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.store.allocation import Allocate, in_memory, let_go
from index.store.keys import among
from index.store.rows import Rows, ranges
from index.store.segments.segment import Cuts, Layout, Segment, Spellings, rows_of_documents
from index.store.segments.spellings import packed_spellings, summed
from index.store.segments.vectors import EXACT_UP_TO, make_clusters
from index.store.segments.words import PackedWords, packed

_BLOCK = 65_536  # vectors that are taken at once
_POSTINGS = 2_000_000  # postings that are moved at once


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
    contexts: list[NDArray[np.int32]] = []
    held: list[_Postings] = []
    headed: list[_Postings] = []
    named: list[_Postings] = []
    passages = 0
    for layout, words in parts:
        places = _kept(layout, gone)
        stems = np.array([numbers[stem] for stem in words.all_stems()], dtype=np.int32)
        alive = rows_of_documents(layout.passages, places)
        rows = _moved(len(words.lengths), alive)
        starts = words.contexts[:-1]
        here = np.flatnonzero(rows[starts] >= 0)
        bounds = words.stem_bounds.T
        held.append(_Postings(stems, bounds[1], words.holders, rows, len(alive), words.times))
        own = _moved(len(starts), here)
        headed.append(_Postings(stems, bounds[2], words.headed, own, len(here)))
        own = _moved(len(layout.numbers), places)
        named.append(_Postings(stems, bounds[3], words.named, own, len(places)))
        lengths.append(words.lengths[alive])
        contexts.append(rows[starts[here]] + passages)
        passages += len(alive)
    joined = [_joined(len(ordered), each) for each in (held, headed, named)]
    return packed(
        ordered,
        np.concatenate(lengths),
        np.concatenate([*contexts, [passages]]).astype(np.int32),
        [counts for counts, _, _ in joined],
        joined[0][1:],
        joined[1][1],
        joined[2][1],
    )


@dataclass(frozen=True, eq=False)
class _Postings:
    """What has the stems of a segment: its passages, contexts or documents.

    Attributes:
        stems: The numbers that its stems have in the segment that is made.
        bounds: Where the postings of each start, and at last where all end.
        places: What has them, stem after stem.
        now: Where that is among what is kept of the segment; -1 if it is not.
        count: How much is kept.
        times: How often each has the stem, if that is counted.
    """

    stems: NDArray[np.int32]
    bounds: Rows
    places: NDArray[np.int32]
    now: NDArray[np.int32]
    count: int
    times: NDArray[np.uint16] | None = None

    def blocks(self) -> Iterator[tuple[NDArray[np.int32], Rows, NDArray[np.int32], slice]]:
        """Return some stems at a time: their numbers, how many postings of each are kept.

        And besides where what has them is now, -1 where it is not kept, and which postings those
        are.
        """
        first = 0
        while first < len(self.stems):
            wanted = int(self.bounds[first]) + _POSTINGS
            last = max(first + 1, int(np.searchsorted(self.bounds, wanted, side="right")) - 1)
            bounds = self.bounds[first : last + 1]
            own = slice(int(bounds[0]), int(bounds[-1]))
            moved = self.now[self.places[own]]
            kept = np.concatenate([[0], np.cumsum(moved >= 0)])[bounds - bounds[0]]
            yield self.stems[first:last], np.diff(kept), moved, own
            first = last


def _joined(
    stems: int, parts: Sequence[_Postings]
) -> tuple[Rows, NDArray[np.int32], NDArray[np.uint16]]:
    """Put postings of several segments together, each at once where it belongs.

    Nothing is sorted, and no more is held than what is made and a block of a segment.

    Returns:
        How many each stem has, what has the stems, stem after stem, and how often, which is
        undefined where it is not counted.
    """
    counts = np.zeros(stems, dtype=np.int64)
    for part in parts:
        for numbers, own, _, _ in part.blocks():
            counts[numbers] += own
    ends = np.cumsum(counts) - counts  # of what is there of each stem already
    total = int(counts.sum())
    places = np.empty(total, dtype=np.int32)
    times = np.empty(total if parts[0].times is not None else 0, dtype=np.uint16)
    before = 0
    for part in parts:
        for numbers, own, moved, postings in part.blocks():
            kept = moved >= 0
            targets = ranges(ends[numbers], ends[numbers] + own)[0]
            places[targets] = moved[kept] + before
            if part.times is not None:
                times[targets] = part.times[postings][kept]
            ends[numbers] += own
        before += part.count
    return counts, places, times


def _moved(count: int, kept: Rows) -> NDArray[np.int32]:
    """Return where each of some things is among those that are kept; -1 if it is not."""
    now = np.full(count, -1, dtype=np.int32)
    now[kept] = np.arange(len(kept), dtype=np.int32)
    return now


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
