"""Brings the documents of one store into another."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator

import numpy as np

from index.articles import Article
from index.errors import SavedIndexError
from index.filling import BATCH, Changes
from index.progress import bar_of
from index.retriever import Retriever
from index.store.base import Document, Prepared, Store
from index.store.rows import Rows

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
    alike = _alike(source, retriever)
    changes = Changes()
    numbers = source.numbers()
    with bar_of(len(numbers), "Copying", "documents", progress=progress) as bar:
        for chosen in _batches(source, numbers):
            _copy(source, chosen, retriever, frozenset(tags), changes, alike=alike)
            bar.update(len(chosen))
    return changes


def _alike(source: Store, retriever: Retriever) -> bool:
    """Tell whether cuts and vectors may be taken: names say little of what made them."""
    own, others = retriever.store.settings, source.settings
    if (own.window, own.stride, own.language) != (others.window, others.stride, others.language):
        return False
    if source.made.dimension != retriever.store.made.dimension:
        return False
    try:
        Retriever.open(source, retriever.encoder)
    except SavedIndexError:
        return False
    return True


def _batches(source: Store, numbers: Rows) -> Iterator[list[Document]]:
    """Give documents in batches of so many sentences as are committed at once, or one more."""
    batch: list[Document] = []
    for first in range(0, len(numbers), _AT_ONCE):
        for document in source.documents(numbers[first : first + _AT_ONCE]):
            batch.append(document)
            if sum(each.sentences for each in batch) >= BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _copy(
    source: Store,
    documents: list[Document],
    retriever: Retriever,
    tags: frozenset[str],
    changes: Changes,
    *,
    alike: bool,
) -> None:
    target = retriever.store
    there = target.documents(target.numbers(ids=[each.id for each in documents]))
    known = {each.id: each for each in there}
    filed = {each.id: tags | each.tags for each in documents}
    for each in there:
        filed[each.id] |= each.tags
    wanted = [each for each in documents if not _same(each, known.get(each.id))]
    numbers = np.array([each.number for each in wanted], dtype=np.int64)
    articles = source.articles(numbers)
    if alike:
        cuts = source.cuts(numbers)
        ready = []
        for number, article in articles.items():
            with contextlib.suppress(KeyError):  # it is gone meanwhile
                vectors = source.vectors(number)
                ready.append(Prepared(article, cuts[number], vectors, filed[article.id]))
        added = target.change(add=ready)
        changes.added += [each for each in added if each.id not in known]
        changes.replaced += [each for each in added if each.id in known]
    else:
        _embed(articles.values(), retriever, filed, changes)
    same = {each.id for each in documents}.difference(each.id for each in wanted)
    unchanged = [each for each in there if each.id in same]
    changes.unchanged += unchanged
    for each in unchanged:
        if filed[each.id] != each.tags:
            target.tag([each.id], filed[each.id])


def _embed(
    articles: Iterable[Article],
    retriever: Retriever,
    filed: dict[str, frozenset[str]],
    changes: Changes,
) -> None:
    by_tags: dict[frozenset[str], list[Article]] = {}
    for article in articles:
        by_tags.setdefault(filed[article.id], []).append(article)
    for tags, own in by_tags.items():
        made = retriever.add(own, tags=tags)
        changes.added += made.added
        changes.replaced += made.replaced
        changes.unchanged += made.unchanged


def _same(document: Document, there: Document | None) -> bool:
    return there is not None and (document.fingerprint, document.description) == (
        there.fingerprint,
        there.description,
    )
