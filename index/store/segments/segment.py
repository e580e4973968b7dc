"""What a segment consists of."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.store.base import Cut
from index.store.keys import keys_of, parted
from index.store.rows import Rows, ranges


@dataclass(frozen=True, eq=False)
class StemPostings:
    """Where a stem stands in a segment.

    Attributes:
        passages: The rows of the passages that hold it, ascending, int32.
        times: How often each holds it, at most 65,535, uint16.
        contexts: The numbers of the contexts (see :class:`Words`) whose headings hold it,
            ascending, int32.
        documents: The places in the segment of the documents whose names hold it, ascending, int32.
    """

    passages: NDArray[np.int32]
    times: NDArray[np.uint16]
    contexts: NDArray[np.int32]
    documents: NDArray[np.int32]


class Words(Protocol):
    """The words of the passages of a segment, of their headings, and of the names of documents.

    Passages of a document that stand one after another under the same headings have one context.

    Attributes:
        lengths: How many words each passage has, int32, shaped (passages,).
        contexts: The row of the first passage of each context, and at last how many passages there
            are, int32, shaped (contexts + 1,).
    """

    @property
    def lengths(self) -> NDArray[np.int32]:
        """How many words each passage has."""

    @property
    def contexts(self) -> NDArray[np.int32]:
        """Where the passages of each context start, and at last where all end."""

    def postings(self, stem: str) -> StemPostings | None:
        """Return where a stem stands; None if it stands nowhere."""


@dataclass(frozen=True, eq=False)
class Layout:
    """Which documents a segment has, and where each has its sentences and passages in it.

    Attributes:
        numbers: The numbers of the documents, ascending, int64.
        sentences: The row of the first sentence of each, and at last how many there are, int64,
            shaped (documents + 1,).
        passages: The same of passages.
    """

    numbers: Rows
    sentences: Rows
    passages: Rows

    def place(self, number: int) -> int | None:
        """Return the place of a document in the segment; None if it is in another."""
        place = int(np.searchsorted(self.numbers, number))
        return place if place < len(self.numbers) and self.numbers[place] == number else None

    def sentence_rows(self, keys: Rows) -> Rows:
        """Return the rows of sentences, given their keys; -1 for those of other segments."""
        return _rows(self.numbers, self.sentences, keys)

    def passage_rows(self, keys: Rows) -> Rows:
        """Return the rows of passages, given their keys; -1 for those of other segments."""
        return _rows(self.numbers, self.passages, keys)

    def sentence_keys(self, rows: Rows) -> Rows:
        """Return the keys of sentences, given their rows."""
        return _keys(self.numbers, self.sentences, rows)

    def passage_keys(self, rows: Rows) -> Rows:
        """Return the keys of passages, given their rows."""
        return _keys(self.numbers, self.passages, rows)


@dataclass(frozen=True, eq=False)
class Cuts:
    """How the documents of a segment were cut, one after another.

    Attributes:
        sentences: As :class:`index.store.base.Cut` has it, int32, shaped (sentences, 2).
        passages: The same, in ordinals of the own document, int32, shaped (passages, 2).
    """

    sentences: NDArray[np.int32]
    passages: NDArray[np.int32]

    def of(self, layout: Layout, place: int) -> Cut:
        """Return how the document at a place was cut."""
        first, last = layout.sentences[place : place + 2].tolist()
        start, end = layout.passages[place : place + 2].tolist()
        return Cut(
            self.sentences[first:last].astype(np.int64), self.passages[start:end].astype(np.int64)
        )


@dataclass(frozen=True, eq=False)
class Clusters:
    """Vectors by cluster, each number of a vector in eight bits: FAISS's ``IVF…,SQ8``.

    Attributes:
        centroids: The clusters' centres, shaped (clusters, dimension).
        bounds: Where each cluster starts in ``rows`` and ``codes``, and at last where all end.
        rows: The row number of each vector.
        codes: The vectors, shaped (vectors, dimension).
        ranges: The least number of each dimension, and how far the greatest is from it, shaped
            (2, dimension).
    """

    centroids: Vectors
    bounds: NDArray[np.int64]
    rows: NDArray[np.int64]
    codes: NDArray[np.uint8]
    ranges: Vectors


@dataclass(frozen=True, eq=False)
class Spellings:
    """Words as they are spelled in texts, and how often.

    Attributes:
        joined: The words in the order of their UTF-8 bytes, each with a line feed behind it, uint8.
        counts: How often each stands in the texts, int64; 0 for a lemma that does not.
    """

    joined: NDArray[np.uint8]
    counts: NDArray[np.int64]

    def count(self, word: str) -> int | None:
        """Return how often a word stands in the texts; None if it is none of the words."""
        wanted = word.encode(errors="surrogatepass")
        row = bisect.bisect_left(range(len(self.counts)), wanted, key=self._word)
        found = row < len(self.counts) and self._word(row) == wanted
        return int(self.counts[row]) if found else None

    def _word(self, row: int) -> bytes:
        start = int(self._ends[row - 1]) + 1 if row else 0
        return self.joined[start : self._ends[row]].tobytes()

    @cached_property
    def _ends(self) -> Rows:
        return np.flatnonzero(self.joined == ord("\n"))

    @cached_property
    def words(self) -> Mapping[str, int]:
        """The words with their counts."""
        spelled = self.joined.tobytes().decode().splitlines()
        return dict(zip(spelled, self.counts.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Segment:
    """Some of the documents of a store, without their texts. Never changed.

    Attributes:
        layout: Which documents there are, and where.
        cuts: How they were cut.
        vectors: A unit vector for each sentence, float32, shaped (sentences, dimension).
        words: The words of the passages.
        spellings: The words of the texts, for slips.
        clusters: The vectors by cluster, if there are too many to look at every one.
    """

    layout: Layout
    cuts: Cuts
    vectors: Vectors
    words: Words
    spellings: Spellings
    clusters: Clusters | None = None


def _rows(numbers: Rows, starts: Rows, keys: Rows) -> Rows:
    own, ordinals = parted(keys)
    if not len(numbers) or not len(keys):
        return np.full(len(keys), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(numbers, own), len(numbers) - 1)
    rows = starts[places] + ordinals
    here = (numbers[places] == own) & (rows < starts[places + 1])
    found: Rows = np.where(here, rows, -1)
    return found


def _keys(numbers: Rows, starts: Rows, rows: Rows) -> Rows:
    places = np.searchsorted(starts, rows, side="right") - 1
    return keys_of(numbers[places], rows - starts[places])


def rows_of_documents(starts: Rows, places: NDArray[np.integer[Any]]) -> Rows:
    """Return all rows of the documents at some places, given where those of each start."""
    return ranges(starts[places], starts[places + 1])[0]
