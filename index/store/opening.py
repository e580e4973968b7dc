"""Opens a store by where it is, and saves one to a folder."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import SavedIndexError, StoreError
from index.store.base import Made, Prepared, Store
from index.store.memory import MemoryStore
from index.store.settings import Fusion, IndexSettings

if TYPE_CHECKING:
    from index.store.folder.store import FolderStore

_URLS = ("postgresql://", "postgres://")
_ANY_URL = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)  # and no drive of Windows
_USER = re.compile(r"(?<=/)[^/@]*@")
_BATCH = 20_000  # passages that are saved at once
_LOOKED_UP = 256  # documents that are looked up at once


def open_store(
    where: str | Path,
    *,
    writing: bool = False,
    create: tuple[Made, IndexSettings] | None = None,
) -> Store:
    """Open the library in a folder, or at a ``postgresql://`` URL.

    An index that an earlier program saved is opened, too, to be read only: a copy in memory.

    Args:
        where: The folder, or the URL.
        writing: Whether documents are to come and go first of all.
        create: What makes the vectors, and how articles are cut, for a library that is made if
            there is none; that is an error if None.

    Raises:
        StoreError: There is no library, or it cannot be opened.
    """
    if isinstance(where, str) and where.startswith(_URLS):
        return _connected(where, create)
    from index.store.folder.library import is_library
    from index.store.folder.store import FolderStore
    from index.store.old_index import is_old_index, remove_old

    folder = _folder(where)
    old = is_old_index(folder)
    if is_library(folder):
        if old:  # a program was stopped before it had removed what the library took the place of
            remove_old(folder)
    elif old:
        return _opened_old(folder, writing=writing or create is not None)
    elif create is not None:
        return _created(folder, *create)
    return FolderStore.open(folder, writing=writing)


def save_store(store: Store, folder: str | Path, *, fusion: Fusion | None = None) -> None:
    """Write all documents of a store to a folder, whole or not at all; nothing is embedded again.

    A library, or an index of an earlier program, that is in the folder is replaced.

    Args:
        store: The store.
        folder: Where the library is to be.
        fusion: How passages are to be ranked; as the store has it if None.

    Raises:
        StoreError: The folder holds something else, or cannot be written.
    """
    from index.store.folder.library import check_free, is_library
    from index.store.folder.writing import Writer
    from index.store.old_index import is_old_index, remove_old

    if isinstance(folder, str) and folder.startswith(_URLS):
        raise StoreError(
            f"{_USER.sub('', folder)}: a library is saved to a folder; `article-qa library add "
            "FOLDER --library URL` copies that into a database."
        )
    folder = _folder(folder)
    settings = store.settings if fusion is None else replace(store.settings, fusion=fusion)
    writer = Writer(folder)
    if is_library(folder):
        writer.replace_all(store.made, settings, _batches(store))
    else:
        old = is_old_index(folder)
        if not old:
            check_free(folder)
        writer.create(store.made, settings, _batches(store))
        if old:
            remove_old(folder)
    writer.compact()


def in_memory(store: Store) -> MemoryStore:
    """Return a copy of a store that is changed by itself; nothing is embedded again."""
    copied = MemoryStore(store.made, store.settings)
    for batch in _batches(store):
        copied.change(add=batch)
    return copied


def _folder(where: str | Path) -> Path:
    """Return a folder, unless it is a URL that was misspelled.

    Raises:
        StoreError: It is.
    """
    folder = Path(where)
    if _ANY_URL.match(str(where)) and not folder.exists():
        raise StoreError(
            f"{_USER.sub('', str(where))}: is no URL of PostgreSQL; expected a folder, or "
            "postgresql://USER@HOST/DATABASE?library=NAME."
        )
    return folder


def _created(folder: Path, made: Made, settings: IndexSettings) -> FolderStore:
    from index.store.folder.library import is_library
    from index.store.folder.store import FolderStore

    try:
        return FolderStore.create(folder, made, settings)
    except StoreError:
        if not is_library(folder):  # else another program has made it meanwhile
            raise
    return FolderStore.open(folder, writing=True)


def _connected(url: str, create: tuple[Made, IndexSettings] | None) -> Store:
    from index.store.postgres.store import PostgresStore

    return PostgresStore.connect(url, create=create)


def _opened_old(folder: Path, *, writing: bool) -> Store:
    from index.store.old_index import read_old

    convert = f"make a library of it: `article-qa library add {folder} --library NEW`"
    if writing:
        raise SavedIndexError(
            f"{folder}: is the index of an earlier program, which cannot be added to; {convert}."
        )
    made, settings, articles = read_old(folder)
    store = MemoryStore(made, settings)
    while batch := list(itertools.islice(articles, _LOOKED_UP)):
        ready = [
            Prepared(article, old.cut, old.vectors) for article, old in batch if old is not None
        ]
        if len(ready) < len(batch):
            raise SavedIndexError(
                f"{folder}: is the index of an earlier program, of which only the articles can be "
                f"taken over; {convert}."
            )
        try:
            store.change(add=ready)
        except StoreError as error:
            raise SavedIndexError(
                f"{folder}: its parts contradict each other ({str(error).removesuffix('.')}); make "
                "a library anew with `article-qa library add`."
            ) from error
    return store


def _batches(store: Store) -> Iterator[Sequence[Prepared]]:
    """Return the documents of a store, so many at a time as fit into memory."""
    batch: list[Prepared] = []
    passages = 0
    numbers = store.numbers()
    for start in range(0, len(numbers), _LOOKED_UP):
        some = numbers[start : start + _LOOKED_UP]
        articles, cuts = store.articles(some), store.cuts(some)
        for document in store.documents(some):
            article, cut = articles.get(document.number), cuts.get(document.number)
            try:
                vectors = store.vectors(document.number)
            except KeyError:  # it was removed meanwhile
                continue
            if article is None or cut is None:
                continue
            batch.append(Prepared(article, cut, np.asarray(vectors), document.tags))
            passages += len(cut.passages)
            if passages >= _BATCH:
                yield batch
                batch, passages = [], 0
    if batch:
        yield batch
