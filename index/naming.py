"""The documents of a store, as people name them: by ids, files, folders and tags."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator

import numpy as np

from index.errors import ArticleError
from index.store.base import Document, Store

_AT_ONCE = 4096  # documents that are fetched at once


def documents_in(store: Store, numbers: Iterable[int] | None = None) -> Iterator[Document]:
    """Give documents of a store, all if None, of which few are in memory at once."""
    chosen = store.numbers() if numbers is None else np.asarray(numbers, dtype=np.int64)
    for first in range(0, len(chosen), _AT_ONCE):
        yield from store.documents(chosen[first : first + _AT_ONCE])


def named_in(store: Store, names: Iterable[str]) -> list[Document]:
    """Return the documents that names mean: ids, files, or folders with all that is below them.

    Raises:
        ArticleError: There is none for a name: see the message.
    """
    found: dict[int, Document] = {}
    by_place: list[str] = []
    for name in names:
        own = store.documents(store.numbers(ids=[name]))
        found |= {each.number: each for each in own}
        if not own:
            by_place.append(name)
    if by_place:
        places = {name: place_of(name) for name in by_place if name}
        met: set[str] = set()
        for document in documents_in(store):
            for name, place in places.items():
                if is_at(document, place):
                    found[document.number] = document
                    met.add(name)
        if missing := [name for name in by_place if name not in met]:
            raise ArticleError(
                f"{missing[0]}: is not in the library, neither as an id nor as a file or folder; "
                "`article-qa library list` shows what is."
            )
    return [found[number] for number in sorted(found)]


def check_tags(store: Store, tags: Iterable[str]) -> None:
    """Check that there are documents that are filed under each of some tags.

    Raises:
        ArticleError: There are none under one.
    """
    for tag in tags:
        if not len(store.numbers(tags=[tag])):
            raise ArticleError(f"No document has the tag {tag!r}; list those that are there.")


def file_under(
    store: Store,
    documents: Iterable[Document],
    tags: Collection[str],
    no_more: Collection[str] = (),
) -> None:
    """File documents under some tags, and under others no more; the rest of theirs stay."""
    ids: dict[frozenset[str], list[str]] = {}
    for each in documents:
        if (wanted := each.tags.difference(no_more).union(tags)) != each.tags:
            ids.setdefault(wanted, []).append(each.id)
    for wanted, own in ids.items():
        store.tag(own, wanted)


def file_of(document: Document) -> str | None:
    """Return which file a document was read from; None if it was in none."""
    return None if document.original is None else document.original.path


def place_of(path: str) -> str:
    """Return where a file is, so that it is the same from wherever it is named.

    The disk is not asked: there are as many to place as there are documents.
    """
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100


def is_at(document: Document, place: str) -> bool:
    """Tell whether a document's file is at a place, or below it."""
    if (path := file_of(document)) is None:
        return False
    own = place_of(path)
    return own == place or own.startswith(place.rstrip(os.sep) + os.sep)


def is_at_one(document: Document, places: Iterable[str]) -> bool:
    """Tell whether a document's file is at one of some places, or below it."""
    return any(is_at(document, place) for place in places)
