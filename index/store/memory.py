"""A store in memory."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.articles import Article
from index.errors import StoreError
from index.models.encoder import Vectors
from index.store.base import (
    Cut,
    Document,
    Made,
    Matches,
    Prepared,
    Scores,
    Vocabulary,
    check_names,
    document_made,
)
from index.store.rows import Rows
from index.store.segments.making import make_segment
from index.store.segments.merging import merged
from index.store.segments.searching import Searchable, Segments
from index.store.segments.segment import Segment
from index.store.segments.spellings import packed_spellings
from index.store.segments.vectors import EXACT_UP_TO
from index.store.settings import DEFAULT_SETTINGS, IndexSettings
from index.text.naming import names_of
from index.text.spellings import count_spellings

_GROWTH = 4  # a segment is put together with those after it once they are a share of it so large


@dataclass(frozen=True, eq=False)
class _State:
    """What is in the store between two changes."""

    documents: Mapping[int, Document]
    articles: Mapping[int, Article]
    by_id: Mapping[str, int]
    segments: Segments
    version: int


class MemoryStore:
    """A :class:`index.store.base.Store` in memory. Safe to share by threads.

    Args:
        made: What makes the vectors.
        settings: How articles are cut, and passages ranked.
        exact_up_to: How many sentences of a segment there may be for a search to look at every one.
    """

    kind = "memory"

    def __init__(
        self,
        made: Made,
        settings: IndexSettings = DEFAULT_SETTINGS,
        *,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        self.made = made
        self.settings = settings
        self._exact_up_to = exact_up_to
        self._changing = threading.Lock()
        self._next = 1
        self._state = _State({}, {}, {}, Segments([]), 0)

    @property
    def version(self) -> int:
        """A number that is another after every change."""
        return self._state.version

    def __len__(self) -> int:
        """Return how many documents there are."""
        return len(self._state.documents)

    def documents(self, numbers: Rows | None = None) -> Sequence[Document]:
        """Return documents without their texts, by ascending number; all if None."""
        own = self._state.documents
        if numbers is None:
            return list(own.values())
        return [own[number] for number in sorted(numbers.tolist()) if number in own]

    def numbers(
        self,
        *,
        ids: Collection[str] | None = None,
        tags: Collection[str] | None = None,
        fingerprints: Collection[str] | None = None,
    ) -> Rows:
        """Return the numbers of documents, ascending; all if nothing is given."""
        wanted, filed, made = map(frozenset, (ids or (), tags or (), fingerprints or ()))
        every = ids is None and tags is None and fingerprints is None
        return np.array(
            [
                number
                for number, each in self._state.documents.items()
                if every or each.id in wanted or each.tags & filed or each.fingerprint in made
            ],
            dtype=np.int64,
        )

    def articles(self, numbers: Rows) -> Mapping[int, Article]:
        """Return the articles of documents, by their numbers, those gone left out."""
        own = self._state.articles
        return {number: own[number] for number in numbers.tolist() if number in own}

    def cuts(self, numbers: Rows) -> Mapping[int, Cut]:
        """Return how documents were cut, by their numbers, those gone left out."""
        return self._state.segments.cuts(numbers)

    def vectors(self, number: int) -> Vectors:
        """Return the vectors of a document's sentences.

        Raises:
            KeyError: There is no such document.
        """
        return self._state.segments.vectors(number)

    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        """Find the sentences whose vectors are nearest to each query."""
        return self._state.segments.nearest(queries, k, only=only)

    def similarities(self, query: Vectors, sentences: Rows) -> Scores:
        """Return the cosine of a query's vector and each sentence's."""
        return self._state.segments.similarities(query, sentences)

    def matching(
        self, question: str, k: int, *, only: Rows | None = None, others: Rows | None = None
    ) -> Matches:
        """Find the passages whose words match those of a question best."""
        return self._state.segments.matching(question, k, only=only, others=others)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the texts."""
        return self._state.segments.vocabulary

    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        """Add documents and remove others, all together or, if anything fails, not at all.

        Raises:
            StoreError: A document does not fit, or an id is given twice.
        """
        with self._changing:
            before = self._state
            ids = [each.article.id for each in add]
            if len(set(ids)) < len(ids):
                raise StoreError("Two documents to add have the same id; give each its own.")
            check_names("", add)
            gone = {before.by_id[own] for own in (*ids, *remove) if own in before.by_id}
            if not add and not gone:
                return []
            numbers = range(self._next, self._next + len(add))
            documents = [
                document_made(number, each, self.made, self.settings)
                for number, each in zip(numbers, add, strict=True)
            ]
            articles = {
                number: article for number, article in before.articles.items() if number not in gone
            } | {number: each.article for number, each in zip(numbers, add, strict=True)}
            segments = self._without(before.segments.parts, gone, articles)
            if add:
                segments = self._joined([*segments, Searchable(self._segment(add, numbers))])
            kept = {n: each for n, each in before.documents.items() if n not in gone}
            now = kept | {each.number: each for each in documents}
            self._state = _State(
                now,
                articles,
                {each.id: number for number, each in now.items()},
                Segments(segments),
                before.version + 1,
            )
            self._next += len(add)
            return documents

    def tag(self, ids: Collection[str], tags: Collection[str]) -> None:
        """File documents under these tags, and no others."""
        check_names("", tags=tags)
        with self._changing:
            before = self._state
            changed = {
                number: replace(before.documents[number], tags=frozenset(tags))
                for own in ids
                if (number := before.by_id.get(own)) is not None
            }
            documents = {**before.documents, **changed}
            self._state = replace(before, documents=documents, version=before.version + 1)

    def compact(self) -> None:
        """Put together what is scattered; there is nothing that takes up room."""
        with self._changing:
            parts = [part.segment for part in self._state.segments.parts]
            if len(parts) > 1:
                whole = merged(parts, np.empty(0, dtype=np.int64), exact_up_to=self._exact_up_to)
                self._state = replace(self._state, segments=Segments([Searchable(whole)]))

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _segment(self, add: Sequence[Prepared], numbers: range) -> Segment:
        try:
            for each in add:
                if each.vectors.shape[-1] != self.made.dimension:
                    raise ValueError(
                        f"{each.article.id}: has vectors of {each.vectors.shape[-1]} numbers; "
                        f"expected {self.made.dimension}, as {self.made.name} makes them"
                    )
            return make_segment(add, numbers, exact_up_to=self._exact_up_to)
        except ValueError as error:
            raise StoreError(f"{error}.") from error

    def _without(
        self, parts: Sequence[Searchable], gone: set[int], articles: Mapping[int, Article]
    ) -> list[Searchable]:
        """Return segments without the documents that are gone."""
        kept: list[Searchable] = []
        for part in parts:
            numbers = part.segment.layout.numbers.tolist()
            left = [number for number in numbers if number not in gone]
            if len(left) == len(numbers):
                kept.append(part)
            elif left:
                texts = (text for n in left for text in (articles[n].text, *names_of(articles[n])))
                counted = packed_spellings(count_spellings(texts))
                rest = np.array(sorted(gone), dtype=np.int64)
                kept.append(
                    Searchable(
                        merged(
                            [part.segment], rest, spellings=counted, exact_up_to=self._exact_up_to
                        )
                    )
                )
        return kept

    def _joined(self, parts: list[Searchable]) -> list[Searchable]:
        """Return segments of which none is much smaller than those after it together."""
        last = parts.pop().segment
        while parts and len(parts[-1].segment.vectors) < _GROWTH * len(last.vectors):
            before = parts.pop().segment
            last = merged(
                [before, last], np.empty(0, dtype=np.int64), exact_up_to=self._exact_up_to
            )
        return [*parts, Searchable(last)]
