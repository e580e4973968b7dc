"""Search by words: BM25 over stems, worked out from what segments counted when a question comes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.store.base import Matches
from index.store.keys import among
from index.store.rows import Rows, highest, ranges
from index.store.segments.segment import Layout, StemPostings, Words, rows_of_documents
from index.text.terms import terms

_K1 = 1.5
_B = 0.75
# How much a word above a passage counts: one that a passage of mean length holds once counts 0.4. A
# heading is often all that tells sections of one form apart; a name mostly says what all of its
# document is about, and the more it counts, the less do the words within the document.
_HEADING, _NAME = 0.6, 0.2

Found = Mapping[str, StemPostings]
"""Where stems stand in one segment, by the stem; those that do not are missing."""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words of segments, of which some documents are gone. Safe to share by threads.

    BM25 with k1 = 1.5 and b = 0.75 in Lucene's form, whose IDF, log(1 + (N - n + 0.5) / (n + 0.5)),
    is above zero for every word, so that also one short article can be searched (Kamphuis et al.
    2020, "Which BM25 do you mean?"). A word of the headings above a passage, and of what its
    document goes by, adds to that, by its IDF among the contexts of all headings and among the
    documents: the same to all passages below, and so it says nothing about which of them is meant.
    Where there is one document, or one context, it says nothing at all, and is not counted.

    What is counted is counted among the documents that are there: so a collection that grew scores
    as one that was made at once.

    Attributes:
        segments: Where documents stand in each segment, and its words.
        gone: The numbers of the documents that are gone, ascending.
    """

    segments: Sequence[tuple[Layout, Words]]
    gone: Rows

    def matching(
        self,
        question: str,
        k: int,
        *,
        only: Rows | None = None,
        others: Rows | None = None,
        find: Callable[[Sequence[str]], Sequence[Found]] | None = None,
    ) -> Matches:
        """Find the passages whose words match a question's: see :class:`index.store.base.Store`.

        Args:
            question: The question.
            k: How many to find at most.
            only: The numbers of the documents to look in; all if None.
            others: Keys of passages whose scores are wanted besides.
            find: Finds stems in all segments at once; each segment is asked for each stem if None.
        """
        asked = terms(question)
        stems = list(dict.fromkeys(asked))
        found = self._find(stems) if find is None else find(stems)
        weights = {stem: self._weights(stem, found) for stem in stems}
        keys, scores = [], []
        wanted = np.empty(0, dtype=np.int64) if others is None else others
        beside = np.zeros(len(wanted), dtype=np.float32)
        for part, postings in zip(self._parts, found, strict=True):
            if not postings:
                continue
            own = part.scores(asked, postings, weights, self._mean)
            rows = part.layout.passage_rows(wanted)
            beside[rows >= 0] = own[rows[rows >= 0]]
            if only is not None:
                own *= part.within(only)
            best = highest(own, k)
            keys.append(part.layout.passage_keys(best))
            scores.append(own[best])
        if not keys:
            return Matches(np.empty(0, np.int64), np.empty(0, np.float32), beside)
        joined, scored = np.concatenate(keys), np.concatenate(scores)
        order = np.lexsort((joined, -scored))[:k]
        return Matches(joined[order], scored[order], beside)

    def _find(self, stems: Sequence[str]) -> list[Found]:
        return [
            {
                stem: postings
                for stem in stems
                if (postings := part.words.postings(stem)) is not None
            }
            for part in self._parts
        ]

    def _weights(self, stem: str, found: Sequence[Found]) -> _Weights:
        """Return how much a stem counts, by how many passages, contexts and documents have it."""
        holding = heading = naming = 0
        for part, postings in zip(self._parts, found, strict=True):
            if (own := postings.get(stem)) is not None:
                holding += int(part.alive_passages(own.passages).sum())
                heading += int(part.alive_contexts(own.contexts).sum())
                naming += int(part.alive_documents(own.documents).sum())
        passages, contexts, documents = self._totals
        return _Weights(
            _idf(holding, passages),
            _HEADING * _idf(heading, contexts) if contexts > 1 else 0.0,
            _NAME * _idf(naming, documents) if documents > 1 else 0.0,
        )

    @cached_property
    def _parts(self) -> list[_Part]:
        return [_Part(layout, words, self.gone) for layout, words in self.segments]

    @cached_property
    def _totals(self) -> tuple[int, int, int]:
        """How many passages, contexts and documents there are."""
        return (
            sum(part.passages for part in self._parts),
            sum(part.contexts for part in self._parts),
            sum(part.documents for part in self._parts),
        )

    @cached_property
    def _mean(self) -> float:
        """How many words a passage has on average."""
        passages, _, _ = self._totals
        return sum(part.length for part in self._parts) / passages if passages else 1.0


@dataclass(frozen=True)
class _Weights:
    """What a stem is worth in a passage, in its headings, and in what its document goes by."""

    passage: float
    heading: float
    name: float


class _Part:
    """A segment, with what of it is there."""

    def __init__(self, layout: Layout, words: Words, gone: Rows) -> None:
        self.layout, self.words = layout, words
        here = ~among(layout.numbers, gone)
        self._whole = bool(here.all())
        self._here = here
        counts = np.diff(layout.passages)
        self._alive = np.ones(0, dtype=bool) if self._whole else np.repeat(here, counts)
        starts = words.contexts[:-1]
        self._contexts = here[np.searchsorted(layout.passages, starts, side="right") - 1]
        self.documents = int(here.sum())
        self.passages = int(counts[here].sum())
        self.contexts = int(self._contexts.sum())
        lengths = words.lengths if self._whole else words.lengths[self._alive]
        self.length = int(lengths.sum(dtype=np.int64))

    def alive_passages(self, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Tell which of some passages are there."""
        return np.ones(len(rows), dtype=bool) if self._whole else self._alive[rows]

    def alive_contexts(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Tell which of some contexts are of passages that are there."""
        return self._contexts[numbers]

    def alive_documents(self, places: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Tell which of some documents are there."""
        return self._here[places]

    def within(self, only: Rows) -> NDArray[np.bool_]:
        """Tell of each passage whether it is of one of some documents."""
        return np.repeat(among(self.layout.numbers, only), np.diff(self.layout.passages))

    def scores(
        self,
        asked: Sequence[str],
        found: Found,
        weights: Mapping[str, _Weights],
        mean: float,
    ) -> NDArray[np.float32]:
        """Return the score of every passage of the segment, 0.0 of those that are gone."""
        lengths, contexts = self.words.lengths, self.words.contexts
        scores = np.zeros(len(lengths), dtype=np.float64)
        for stem in asked:
            if (own := found.get(stem)) is None:
                continue
            worth = weights[stem]
            times = own.times.astype(np.float64)
            norm = _K1 * ((1 - _B) + _B * lengths[own.passages] / mean)
            # A passage stands only once in the postings of a stem.
            scores[own.passages] += worth.passage * (times / (norm + times))
            if worth.heading:
                rows = ranges(contexts[own.contexts], contexts[own.contexts + 1])[0]
                scores[rows] += worth.heading
            if worth.name:
                scores[rows_of_documents(self.layout.passages, own.documents)] += worth.name
        if not self._whole:
            scores[~self._alive] = 0.0
        return scores.astype(np.float32)


def _idf(holding: int, total: int) -> float:
    """Return the IDF of a word by how many of all hold it."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))
