"""The words of a segment's passages, counted and packed into arrays."""

from __future__ import annotations

import itertools
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store.rows import Rows, ranges
from index.store.segments.segment import StemPostings
from index.text.terms import stemmer, words_of

MOST_TIMES = 65_535
"""How often a word of a passage is counted at most."""

_BLOCK = 50_000  # passages counted at once: the memory it takes does not grow with their number


@dataclass(frozen=True, eq=False)
class PackedWords:
    """The words of a segment, in arrays: see :class:`index.store.segments.segment.Words`.

    Attributes:
        lengths: How many words each passage has, at least 1.
        contexts: Where the passages of each context start, and at last where all end.
        stems: The stems in the order of their UTF-8 bytes, one after another.
        stem_bounds: Where each stem starts in ``stems``, in ``holders``, in ``headed`` and in
            ``named``, shaped (stems + 1, 4); the last row says where all end.
        holders: The rows of the passages that hold each stem.
        times: How often each of them holds it.
        headed: The numbers of the contexts whose headings hold each stem.
        named: The places of the documents whose names hold each stem.
    """

    lengths: NDArray[np.int32]
    contexts: NDArray[np.int32]
    stems: NDArray[np.uint8]
    stem_bounds: NDArray[np.int64]
    holders: NDArray[np.int32]
    times: NDArray[np.uint16]
    headed: NDArray[np.int32]
    named: NDArray[np.int32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> PackedWords:
        """Return the words that :meth:`arrays` gave.

        Raises:
            KeyError: An array is missing.
        """
        return cls(*(arrays[each.name] for each in fields(cls)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by their names."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def postings(self, stem: str) -> StemPostings | None:
        """Return where a stem stands; None if it stands nowhere."""
        wanted, count = stem.encode(), len(self.stem_bounds) - 1
        place = bisect_left(range(count), wanted, key=self._stem)
        return self.at(place) if place < count and self._stem(place) == wanted else None

    def at(self, place: int) -> StemPostings:
        """Return where the stem of a place in the order stands."""
        _, holds, heads, names = self.stem_bounds[place].tolist()
        _, held, headed, named = self.stem_bounds[place + 1].tolist()
        return StemPostings(
            self.holders[holds:held],
            self.times[holds:held],
            self.headed[heads:headed],
            self.named[names:named],
        )

    def all_stems(self) -> list[str]:
        """Return the stems in their order."""
        joined = self.stems.tobytes()
        starts = self.stem_bounds[:, 0].tolist()
        return [joined[first:last].decode() for first, last in itertools.pairwise(starts)]

    def _stem(self, place: int) -> bytes:
        first, last = self.stem_bounds[place, 0], self.stem_bounds[place + 1, 0]
        return self.stems[first:last].tobytes()


def count_words(
    pieces: Iterable[str],
    passages: Rows,
    contexts: Rows,
    headings: Sequence[str],
    names: Sequence[str],
    *,
    block: int = _BLOCK,
) -> PackedWords:
    """Count the words of passages that overlap, each a row of whole pieces.

    Args:
        pieces: The pieces, in order, such as sentences; each is looked at once.
        passages: The first piece of each passage, and one past its last, shaped (passages, 2).
        contexts: The first passage of each context, and at last how many passages there are.
        headings: What stands above the passages of each context.
        names: What each document goes by.
        block: How many passages are counted at once.
    """
    numbers, ends, stems = _numbered(itertools.chain(pieces, headings, names))
    starts = np.concatenate([[0], ends])
    beside = len(ends) - len(headings) - len(names)
    first, last = starts[passages[:, 0]], starts[passages[:, 1]]
    stem, holders, times = _held(numbers, first, last, block)
    above, headed = _unique(numbers, starts[beside : beside + len(headings) + 1])
    called, named = _unique(numbers, starts[beside + len(headings) :])
    return pack(
        stems,
        np.maximum(last - first, 1).astype(np.int32),
        contexts.astype(np.int32),
        (stem, holders, times),
        (above, headed),
        (called, named),
    )


def pack(
    stems: Sequence[str],
    lengths: NDArray[np.int32],
    contexts: NDArray[np.int32],
    held: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint16]],
    headed: tuple[NDArray[np.int32], NDArray[np.int32]],
    named: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> PackedWords:
    """Pack words that were counted; stems that stand nowhere are left out.

    Args:
        stems: All stems, in the order of their UTF-8 bytes.
        lengths: How many words each passage has.
        contexts: Where the passages of each context start, and at last where all end.
        held: The number of a stem, a passage that holds it, and how often; those of a stem in the
            order of the passages.
        headed: The number of a stem, and a context whose headings hold it, likewise.
        named: The number of a stem, and a document whose name holds it, likewise.
    """
    order = np.argsort(held[0], kind="stable")
    return packed(
        stems,
        lengths,
        contexts,
        [np.bincount(each[0], minlength=len(stems)) for each in (held, headed, named)],
        (held[1][order], held[2][order]),
        headed[1][np.argsort(headed[0], kind="stable")],
        named[1][np.argsort(named[0], kind="stable")],
    )


def packed(
    stems: Sequence[str],
    lengths: NDArray[np.int32],
    contexts: NDArray[np.int32],
    counts: Sequence[Rows],
    held: tuple[NDArray[np.int32], NDArray[np.uint16]],
    headed: NDArray[np.int32],
    named: NDArray[np.int32],
) -> PackedWords:
    """Pack words of which it is known where they stand, stem after stem: see :func:`pack`.

    Args:
        stems: All stems, in the order of their UTF-8 bytes.
        lengths: How many words each passage has.
        contexts: Where the passages of each context start, and at last where all end.
        counts: How many passages, how many contexts and how many documents have each stem.
        held: The passages, and how often each holds the stem.
        headed: The contexts.
        named: The documents.
    """
    kept = np.flatnonzero(sum(counts))
    encoded = [stems[number].encode() for number in kept.tolist()]
    bounds = np.zeros((len(kept) + 1, 4), dtype=np.int64)
    bounds[1:, 0] = np.cumsum([len(each) for each in encoded])
    for column, count in enumerate(counts, start=1):
        bounds[1:, column] = np.cumsum(count[kept])
    return PackedWords(
        lengths,
        contexts,
        np.frombuffer(b"".join(encoded), dtype=np.uint8),
        bounds,
        *held,
        headed,
        named,
    )


def _numbered(pieces: Iterable[str]) -> tuple[NDArray[np.int32], Rows, list[str]]:
    """Return the numbers of the pieces' stems, where each piece's end, and the stems in order."""
    stem = stemmer()
    stems: dict[str, int] = {}
    known: dict[str, int] = {}  # words, of which most come again and again
    numbers = array("i")
    ends = array("q")
    for piece in pieces:
        for word in words_of(piece):
            number = known.get(word)
            if number is None:
                number = known[word] = stems.setdefault(stem([word])[0], len(stems))
            numbers.append(number)
        ends.append(len(numbers))
    ordered = sorted(stems, key=str.encode)
    rank = np.empty(len(stems), dtype=np.int32)
    rank[[stems[stem] for stem in ordered]] = np.arange(len(stems), dtype=np.int32)
    flat = np.frombuffer(numbers, dtype=np.int32) if numbers else np.empty(0, dtype=np.int32)
    return rank[flat], np.frombuffer(ends, dtype=np.int64), ordered


def _held(
    numbers: NDArray[np.int32], first: Rows, last: Rows, block: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint16]]:
    """Return which stem is held by which passage, and how often, passage by passage."""
    found: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint16]]] = []
    stems = int(numbers.max(initial=0)) + 1
    for start in range(0, len(first), block):
        low, high = first[start : start + block], last[start : start + block]
        rows = np.repeat(np.arange(start, start + len(low)), high - low)
        pairs, times = np.unique(rows * stems + numbers[ranges(low, high)[0]], return_counts=True)
        found.append(
            (
                (pairs % stems).astype(np.int32),
                (pairs // stems).astype(np.int32),
                np.minimum(times, MOST_TIMES).astype(np.uint16),
            )
        )
    stem, holders, counts = zip(*found, strict=True)
    return np.concatenate(stem), np.concatenate(holders), np.concatenate(counts)


def _unique(
    numbers: NDArray[np.int32], starts: Rows
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return which stem stands in which of some texts, text by text, each once."""
    stems = int(numbers.max(initial=0)) + 1
    texts = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    pairs = np.unique(texts * stems + numbers[starts[0] : starts[-1]])
    return (pairs % stems).astype(np.int32), (pairs // stems).astype(np.int32)
