"""Searches segments, of which some documents are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.store.base import Cut, Matches, Scores, Vocabulary
from index.store.keys import among, parted
from index.store.rows import Rows
from index.store.segments.bm25 import Lexicon
from index.store.segments.segment import Segment
from index.store.segments.spellings import PackedVocabulary
from index.store.segments.vectors import VectorSearch

NONE_GONE: Rows = np.empty(0, dtype=np.int64)


class Searchable:
    """A segment with what finds its vectors, made when it is first asked for."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def prepare(self) -> None:
        """Make what finds its vectors, if that takes long."""
        if self.segment.clusters is not None:
            self.search  # noqa: B018 - it is kept

    @cached_property
    def search(self) -> VectorSearch:
        """Finds its vectors."""
        return VectorSearch(self.segment.vectors, self.segment.clusters)


@dataclass(frozen=True, eq=False)
class Segments:
    """What a store finds in segments: see :class:`index.store.base.Store`. Never changed.

    Attributes:
        parts: The segments.
        gone: The numbers of the documents in them that are gone, ascending.
    """

    parts: Sequence[Searchable]
    gone: Rows = field(default_factory=lambda: NONE_GONE)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon([(p.segment.layout, p.segment.words) for p in self.parts], self.gone)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the texts."""
        return PackedVocabulary([part.segment.spellings for part in self.parts])

    def matching(
        self, question: str, k: int, *, only: Rows | None = None, others: Rows | None = None
    ) -> Matches:
        """Find the passages whose words match those of a question best."""
        return self._lexicon.matching(question, k, only=only, others=others)

    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        """Find the sentences whose vectors are nearest to each query."""
        keys, similarities = [], []
        for part in self.parts:
            layout = part.segment.layout
            own, rows = part.search.search(queries, k, among=self._mask(part.segment, only))
            keys.append(np.where(rows >= 0, layout.sentence_keys(np.maximum(rows, 0)), -1))
            similarities.append(np.where(rows >= 0, own, -np.inf))
        if not keys:
            return [np.empty(0, dtype=np.int64) for _ in queries]
        joined, scored = np.hstack(keys), np.hstack(similarities)
        order = np.argsort(-scored, axis=1, kind="stable")[:, :k]
        found = np.take_along_axis(joined, order, axis=1)
        return [own[own >= 0] for own in found]

    def similarities(self, query: Vectors, sentences: Rows) -> Scores:
        """Return the cosine of a query's vector and each sentence's."""
        found = np.zeros(len(sentences), dtype=np.float32)
        gone = among(parted(sentences)[0], self.gone)
        for part in self.parts:
            rows = part.segment.layout.sentence_rows(sentences)
            here = (rows >= 0) & ~gone
            if here.any():
                # Not by "@": after it, threads of numpy's BLAS would spin on the reader's cores
                # for 25 ms.
                vectors = part.segment.vectors[rows[here]]
                found[here] = np.einsum("ij,j->i", vectors, query)
        return found

    def cuts(self, numbers: Rows) -> Mapping[int, Cut]:
        """Return how documents were cut, by their numbers, those gone left out."""
        cuts: dict[int, Cut] = {}
        for number in numbers[~among(numbers, self.gone)].tolist():
            for part in self.parts:
                place = part.segment.layout.place(number)
                if place is not None:
                    cuts[number] = part.segment.cuts.of(part.segment.layout, place)
                    break
        return cuts

    def vectors(self, number: int) -> Vectors:
        """Return the vectors of a document's sentences.

        Raises:
            KeyError: There is no such document.
        """
        for part in self.parts:
            place = part.segment.layout.place(number)
            if place is not None and number not in self.gone:
                first, last = part.segment.layout.sentences[place : place + 2].tolist()
                return np.asarray(part.segment.vectors[first:last])
        raise KeyError(number)

    def _mask(self, segment: Segment, only: Rows | None) -> NDArray[np.bool_] | None:
        """Tell which sentences of a segment may be found; None if all may."""
        layout = segment.layout
        may = ~among(layout.numbers, self.gone)
        if only is not None:
            may &= among(layout.numbers, only)
        return None if may.all() else np.repeat(may, np.diff(layout.sentences))
