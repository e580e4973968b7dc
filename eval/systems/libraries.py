"""Libraries of the evaluation's own, in a folder or a database, which are removed at the end."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.store.settings import DEFAULT_SETTINGS
from qa import Article, Encoder, IndexSettings, Made, Retriever, Store, open_store


class Libraries:
    """Makes libraries below a folder, or in a database, each with a name that no other has.

    Args:
        where: The folder, or the URL of the database.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._made: list[str] = []
        self._open: Store | None = None

    def fill(self, articles: Sequence[Article], encoder: Encoder, settings: IndexSettings) -> str:
        """Make a library of articles, and return where it is.

        Raises:
            StoreError: It cannot be made there.
        """
        where = library_in(self._where, f"eval_{secrets.token_hex(8)}")
        self._made.append(where)
        made = Made(encoder.name, encoder.dimension)
        store = open_store(where, writing=True, create=(made, settings))
        try:
            Retriever.open(store, encoder).add(articles)
        finally:
            store.close()
        return where

    def open(self, where: str, encoder: Encoder) -> Retriever:
        """Open a library that was made; the one that was opened before may not be asked any more.

        So it takes the connections of one, however many there are.
        """
        self._close()
        self._open = open_store(where)
        return Retriever.open(self._open, encoder)

    def remove(self) -> None:
        """Remove all that was made."""
        self._close()
        while self._made:
            remove_library(self._made.pop())

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


@contextmanager
def temporary_libraries(where: str | None) -> Iterator[Libraries | None]:
    """Make libraries below a folder or in a database, and remove them at the end, whatever happens.

    Args:
        where: The folder, or the URL of the database; None for none.
    """
    if where is None:
        yield None
        return
    if is_url(where):
        libraries = Libraries(where)
        try:
            yield libraries
        finally:
            libraries.remove()
        return
    Path(where).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=where) as own:
        libraries = Libraries(own)
        try:
            yield libraries
        finally:
            libraries.remove()


def indexed(
    articles: Sequence[Article],
    encoder: Encoder,
    settings: IndexSettings = DEFAULT_SETTINGS,
    libraries: Libraries | None = None,
) -> Retriever:
    """Index articles, in memory or in a library of their own: see :meth:`Libraries.open`."""
    if libraries is not None:
        return libraries.open(libraries.fill(articles, encoder, settings), encoder)
    return Retriever.build(
        articles,
        encoder,
        window=settings.window,
        stride=settings.stride,
        fusion=settings.fusion,
    )


def is_url(where: str) -> bool:
    """Tell whether libraries are kept in a database."""
    return "://" in where


def kind_of(where: str | None) -> str:
    """Return the kind of the store of libraries: see :class:`index.store.base.Store`."""
    return "memory" if where is None else "postgres" if is_url(where) else "folder"


def library_in(where: str, name: str) -> str:
    """Return where the library of a name is, below a folder or in a database."""
    if not is_url(where):
        return str(Path(where, name))
    address, _, query = where.partition("?")
    others = [part for part in query.split("&") if part and not part.startswith("library=")]
    return f"{address}?{'&'.join([*others, f'library={name}'])}"


def remove_library(where: str) -> None:
    """Remove a library, if it is there."""
    if is_url(where):
        from index.store.postgres.upkeep import drop

        drop(where)
    else:
        shutil.rmtree(where, ignore_errors=True)
