"""Brings articles into a store: only what is new is cut and embedded."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.articles import Article
from index.errors import ArticleError, StoreError
from index.models.encoder import Encoder
from index.progress import Bar, bar_of
from index.store.base import Cut, Document, Prepared, Store, description, fingerprint
from index.store.segments.cutting import cut, embed

BATCH = 4096
"""How many sentences are embedded, and come into the store, at once at most."""

_FIRST = 512  # sentences of the first batch; then as many as are embedded in so many seconds
_COMMITTED_S = 8.0

_SCATTERED_FROM = 100_000  # sentences: so many, batch by batch, are searched faster put together
_LOOKED_UP = 64  # articles that are looked up at once
_ADVICE = "If it is stopped, the same command goes on from there."


@dataclass
class Changes:
    """What came of articles that were to be in a store.

    Attributes:
        added: Documents that are new.
        replaced: Documents that took the place of others of their ids.
        unchanged: Documents that were there already.
    """

    added: list[Document] = field(default_factory=list)
    replaced: list[Document] = field(default_factory=list)
    unchanged: list[Document] = field(default_factory=list)


def fill(
    store: Store,
    encoder: Encoder,
    articles: Iterable[Article],
    *,
    tags: Collection[str] | None = None,
    batch: int = BATCH,
    progress: bool = False,
) -> Changes:
    """Bring articles into a store; one whose id is there is replaced, if it differs.

    Articles come in batch by batch, each whole: what is in when this is stopped is not embedded
    again. The vectors of a text that is in the store, under whatever id, are taken from there.
    After very many, the store is compacted.

    Args:
        store: The store.
        encoder: What made its vectors.
        articles: The articles, each with its own id; they may be read as they are asked for.
        tags: What they are filed under. If None, those that are there stay under what they are.
        batch: How many sentences are embedded at once, at most, about; fewer where that takes more
            than some seconds, so that little is lost if it is stopped.
        progress: Whether to show a progress bar on standard error.

    Raises:
        ArticleError: Two articles have the same id.
        StoreError: The store cannot be changed now; the batches before are in it.
    """
    changes = Changes()
    filed = None if tags is None else frozenset(tags)
    total = len(articles) if isinstance(articles, Sequence) else None
    shown = progress and total is not None and total > 1
    with bar_of(total or 0, "Indexing", "articles", progress=shown, advice=_ADVICE) as bar:
        filling = _Filling(store, encoder, filed, changes, progress and total == 1)
        aim = min(_FIRST, batch)
        for article, before in _looked_up(store, articles):
            filling.take(article, before)
            if (sentences := filling.sentences) >= aim:
                began = time.perf_counter()
                _note(bar, filling.commit())
                rate = sentences / max(time.perf_counter() - began, 1e-9)
                aim = min(max(int(rate * _COMMITTED_S), _FIRST), batch)
        _note(bar, filling.commit())
    brought = sum(each.sentences for each in (*changes.added, *changes.replaced))
    if brought >= _SCATTERED_FROM:
        # All is in, and found as it is: what fails here is for another day.
        with contextlib.suppress(StoreError):
            store.compact()
    return changes


class _Filling:
    """What is to come into a store next."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        tags: frozenset[str] | None,
        changes: Changes,
        progress: bool,
    ) -> None:
        self._store, self._encoder = store, encoder
        self._tags, self._changes, self._progress = tags, changes, progress
        self._new: list[tuple[Article, Cut, Document | None]] = []
        self._known: list[tuple[Prepared, Document | None]] = []
        self._passed = 0
        self.sentences = 0
        """How many sentences there are to embed, or to bring in."""

    def take(self, article: Article, before: Document | None) -> None:
        """Take an article, given the document of its id that is there."""
        made = fingerprint(article, self._store.made, self._store.settings)
        if before is not None and (before.fingerprint, before.description) == (
            made,
            description(article),
        ):
            if self._tags not in (None, before.tags):
                self._store.tag([before.id], self._tags or ())
                (before,) = self._store.documents(np.array([before.number]))
            self._changes.unchanged.append(before)
            self._passed += 1
            return
        known = self._vectors_of(article, made, before)
        if known is not None:
            self._known.append((known, before))
            self.sentences += len(known.cut.sentences)
        else:
            own = cut(article, self._encoder, self._store.settings)
            self._new.append((article, own, before))
            self.sentences += len(own.sentences)

    def commit(self) -> int:
        """Embed what is to be, and bring it in; return how many articles have been gone through."""
        own = [(article, made) for article, made, _ in self._new]
        embedded = embed(own, self._encoder, progress=self._progress)
        ready = [
            (Prepared(each.article, each.cut, each.vectors, self._filed(before)), before)
            for each, (_, _, before) in zip(embedded, self._new, strict=True)
        ] + self._known
        if ready:
            documents = self._store.change(add=[each for each, _ in ready])
            for document, (_, before) in zip(documents, ready, strict=True):
                into = self._changes.added if before is None else self._changes.replaced
                into.append(document)
        count = len(ready) + self._passed
        self._new, self._known, self._passed, self.sentences = [], [], 0, 0
        return count

    def _vectors_of(self, article: Article, made: str, before: Document | None) -> Prepared | None:
        """Return an article with the cut and the vectors of one that was made of the same."""
        numbers = self._store.numbers(fingerprints=[made])
        for number in numbers.tolist()[-1:]:
            found = self._store.cuts(np.array([number])).get(number)
            try:
                vectors = self._store.vectors(number)
            except KeyError:
                return None
            if found is not None and len(found.sentences) == len(vectors):
                return Prepared(article, found, vectors, self._filed(before))
        return None

    def _filed(self, before: Document | None) -> frozenset[str]:
        if self._tags is not None:
            return self._tags
        return frozenset() if before is None else before.tags


def _looked_up(
    store: Store, articles: Iterable[Article]
) -> Iterator[tuple[Article, Document | None]]:
    """Return articles, each with the document of its id that is in a store.

    Raises:
        ArticleError: Two have the same id.
    """
    seen: set[str] = set()
    waiting: list[Article] = []

    def found() -> Iterator[tuple[Article, Document | None]]:
        numbers = store.numbers(ids=[article.id for article in waiting])
        there = {document.id: document for document in store.documents(numbers)}
        for article in waiting:
            yield article, there.get(article.id)
        waiting.clear()

    for article in articles:
        if article.id in seen:
            yield from found()
            raise ArticleError(f"Two articles have the id {article.id!r}; give each its own.")
        seen.add(article.id)
        waiting.append(article)
        if len(waiting) >= _LOOKED_UP:
            yield from found()
    yield from found()


def _note(bar: Bar, count: int) -> None:
    if count:
        bar.update(count)
