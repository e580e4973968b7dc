"""Brings what other stores hold, and indexes of earlier programs, into a store."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from index.articles import Article
from index.filling import BATCH, Changes
from index.models.encoder import Encoder
from index.progress import bar_of
from index.retriever import SAME_VECTOR, Retriever
from index.store.base import Document, Made, Prepared, Store, description, fingerprint
from index.store.old_index import read_old
from index.store.segments.cutting import cut
from index.store.settings import IndexSettings
from index.text.rendering import render_in_place
from index.text.stretches import Stretch

_AT_ONCE = 64  # documents that are fetched at once


def copy_documents(
    source: Store, retriever: Retriever, *, tags: Collection[str] = (), progress: bool = False
) -> Changes:
    """Bring all documents of a store into another, with their tags, batch by batch.

    Where one encoder made both, and both are cut alike, nothing is embedded again. What is there
    already is passed over, so that this goes on from where it was stopped.

    Args:
        source: Where the documents are.
        retriever: A retriever over the store that they are to be in.
        tags: What they are filed under besides.
        progress: Whether to show a progress bar on standard error.

    Raises:
        StoreError: One of the stores cannot be read, or changed, now.
    """
    copying = _Copying(retriever, frozenset(tags), source.made, source.settings)
    numbers = source.numbers()
    with bar_of(len(numbers), "Copying", "documents", progress=progress) as bar:
        for first in range(0, len(numbers), _AT_ONCE):
            for each in _prepared(source, source.documents(numbers[first : first + _AT_ONCE])):
                copying.take(each.article, each, each.tags)
                bar.update()
        copying.commit()
    return copying.changes


def copy_old_index(
    folder: Path, retriever: Retriever, *, tags: Collection[str] = (), progress: bool = False
) -> Changes:
    """Bring the articles of the index of an earlier program into a store.

    Nothing is embedded again of articles that are cut today as they were then, if the same encoder
    made their vectors.

    Args:
        folder: Where the index is.
        retriever: A retriever over the store.
        tags: What they are filed under.
        progress: Whether to show a progress bar on standard error.

    Raises:
        StoreError: The index cannot be read, or the store not be changed, now.
    """
    made, settings, read = read_old(folder)
    held = list(read)
    copying = _Copying(retriever, frozenset(tags), made, settings)
    with bar_of(len(held), "Copying", "documents", progress=progress) as bar:
        for article, old in held:
            prepared = None
            if old is not None:
                own = cut(article, retriever.encoder, retriever.store.settings)
                if np.array_equal(own.sentences, old.cut.sentences):
                    prepared = Prepared(article, own, np.asarray(old.vectors))
            copying.take(article, prepared)
            bar.update()
        copying.commit()
    return copying.changes


class _Copying:
    """What comes into a store from where it was kept before.

    Args:
        retriever: A retriever over the store.
        tags: What all is filed under besides.
        made: What made the vectors that are given.
        settings: How what is given was cut.
    """

    def __init__(
        self, retriever: Retriever, tags: frozenset[str], made: Made, settings: IndexSettings
    ) -> None:
        self.changes = Changes()
        self._retriever = retriever
        self._tags = tags
        own, wanted = retriever.store.settings, retriever.store.made
        alike = (own.window, own.stride, own.language) == (
            *(settings.window, settings.stride),
            settings.language,
        )
        self._same_vectors = None if alike and made.dimension == wanted.dimension else False
        self._batch: list[tuple[Article, Prepared | None, frozenset[str]]] = []
        self._sentences = 0

    def take(
        self, article: Article, prepared: Prepared | None, tags: frozenset[str] = frozenset()
    ) -> None:
        """Take an article, with its vectors if there are any."""
        if prepared is not None and self._same_vectors is None:
            self._same_vectors = _made_by(self._retriever.encoder, prepared)
        self._batch.append((article, prepared if self._same_vectors else None, tags | self._tags))
        # Of an article that is to be embedded, it is not known yet how many sentences there are.
        self._sentences += 1 if prepared is None else len(prepared.cut.sentences)
        if self._sentences >= BATCH:
            self.commit()

    def commit(self) -> None:
        """Bring in what was taken, but for what is there already."""
        store = self._retriever.store
        there = store.documents(store.numbers(ids=[article.id for article, _, _ in self._batch]))
        known = {each.id: each for each in there}
        ready: list[Prepared] = []
        to_embed: dict[frozenset[str], list[Article]] = {}
        for article, prepared, tags in self._batch:
            before = known.get(article.id)
            filed = tags if before is None else tags | before.tags
            if before is not None and _is(before, article, store):
                self.changes.unchanged.append(before)
                if filed != before.tags:
                    store.tag([article.id], filed)
            elif prepared is not None:
                ready.append(Prepared(article, prepared.cut, prepared.vectors, filed))
            else:
                to_embed.setdefault(filed, []).append(article)
        for document in store.change(add=ready):
            into = self.changes.replaced if document.id in known else self.changes.added
            into.append(document)
        for filed, articles in to_embed.items():
            changes = self._retriever.add(articles, tags=filed)
            self.changes.added += changes.added
            self.changes.replaced += changes.replaced
        self._batch.clear()
        self._sentences = 0


def _prepared(source: Store, documents: Sequence[Document]) -> Iterator[Prepared]:
    """Give documents of a store with all that it holds of them, those gone left out."""
    numbers = np.array([each.number for each in documents], dtype=np.int64)
    articles, cuts = source.articles(numbers), source.cuts(numbers)
    for each in documents:
        with contextlib.suppress(KeyError):
            vectors = source.vectors(each.number)
            yield Prepared(articles[each.number], cuts[each.number], vectors, each.tags)


def _made_by(encoder: Encoder, prepared: Prepared) -> bool:
    """Embed one sentence again: names and folders say little about the weights behind them."""
    sentence = Stretch(prepared.article, *prepared.cut.sentences[0].tolist())
    again = encoder.encode_passages([render_in_place(sentence)])[0]
    return float(again @ prepared.vectors[0]) >= SAME_VECTOR


def _is(document: Document, article: Article, store: Store) -> bool:
    return (document.fingerprint, document.description) == (
        fingerprint(article, store.made, store.settings),
        description(article),
    )
