"""A library that a command writes to."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from eval.console import complain, status

if TYPE_CHECKING:
    from index.syncing import Done, Plan
    from qa import Article, ArticleError, Retriever, Store


class Library:
    """A library to write to, which is opened at once, and closed at the end.

    Its encoder is loaded once there is something to add, and where there is no folder it is made
    then.

    Args:
        where: Its folder, or its ``postgresql://`` URL.
        encoder: The encoder that made it, or is to; if None, that which it names, or the default.
        create: Whether it is made if there is none.

    Raises:
        StoreError: There is none, or it cannot be opened.
    """

    def __init__(self, where: str, encoder: str | None, *, create: bool = False) -> None:
        self._where = where
        self._encoder = encoder
        self._retriever: Retriever | None = None
        self._last = -1  # the number of the last document that was there
        self.store: Store | None = None
        """What holds it; None if it is to be made."""
        self._open(where, create=create)
        if self.store is not None and len(numbers := self.store.numbers()):
            self._last = int(numbers[-1])

    def _open(self, where: str, *, create: bool) -> None:
        from index.store.folder.library import check_free, is_library
        from index.store.old_index import is_old_index
        from qa import open_store

        if create and _is_database(where):
            self.retriever()
            return
        folder = Path(where)
        if create and not is_library(folder):
            if not is_old_index(folder):
                check_free(folder)
                return
            _convert(folder)
        self.store = open_store(where, writing=True)

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            complain(f"stopped: {self._came_in()}")
        if self.store is not None:
            self.store.close()

    def _came_in(self) -> str:
        """Say how many documents came in before this was stopped."""
        from qa import StoreError

        count = 0
        if self.store is not None:
            try:  # a number is never used again, so those that came in have higher ones
                count = int((self.store.numbers() > self._last).sum())
            except StoreError:
                return "the same command goes on from there."
        if not count:
            return "no document came in; the same command begins anew."
        documents = "1 document" if count == 1 else f"{count:,} documents"
        return f"{documents} came in; the same command goes on from there."

    def retriever(self) -> Retriever:
        """Return what adds articles; load its encoder, and make the library, if need be.

        Raises:
            StoreError: It cannot be made here, or another encoder made it.
            ModelError: The encoder cannot be loaded.
        """
        if self._retriever is None:
            from index.models.encoder import load_encoder
            from index.store.settings import DEFAULT_SETTINGS
            from qa import Made, Retriever, open_store

            name = self._encoder
            if name is None and self.store is not None:
                name = self.store.made.name
            encoder = load_encoder(name)
            if self.store is None:
                made = Made(encoder.name, encoder.dimension)
                create = (made, DEFAULT_SETTINGS)
                self.store = open_store(self._where, writing=True, create=create)
                if self._encoder is None and self.store.made.name != encoder.name:
                    encoder = load_encoder(self.store.made.name)  # it was there, of another one
            self._retriever = Retriever.open(self.store, encoder)
        return self._retriever

    def copy(self, where: str, tags: Collection[str]) -> Done:
        """Bring in the documents of another library, or of an index of former versions.

        Raises:
            StoreError: It cannot be read, or this one cannot be changed, now.
        """
        from index.copying import copy_documents, copy_old_index
        from index.store.old_index import is_old_index
        from index.syncing import Done
        from qa import open_store

        with status("Copying documents ..."):
            if not _is_database(where) and is_old_index(Path(where)):
                changes = copy_old_index(Path(where), self.retriever(), tags=tags, progress=True)
            else:
                with contextlib.closing(open_store(where)) as source:
                    changes = copy_documents(source, self.retriever(), tags=tags, progress=True)
        return Done(len(changes.added), len(changes.replaced), len(changes.unchanged))

    def carry_out(self, plan: Plan, tags: Collection[str] = ()) -> Done:
        """Do what a plan says, and say what a person should know of how documents were read."""
        from index.syncing import carry_out
        from qa import Article
        from ui.phrases import notes_of

        told: list[str] = []

        def tell(read: Article | ArticleError) -> None:
            told.extend(notes_of(read) if isinstance(read, Article) else [str(read)])

        try:
            with status("Adding documents ..."):
                return carry_out(
                    plan, self.store, self.retriever, tags=tags, progress=True, tell=tell
                )
        finally:  # not before, for it would stand in the middle of a progress bar
            for line in told:
                complain(line)


def holds_library(path: str) -> bool:
    """Tell whether a path is a library, or an index of an earlier program, and no documents."""
    from index.store.folder.library import is_library
    from index.store.old_index import is_old_index

    return _is_database(path) or is_library(Path(path)) or is_old_index(Path(path))


def _is_database(where: str) -> bool:
    return where.startswith(("postgresql://", "postgres://"))


def _convert(folder: Path) -> None:
    """Make a library of the index of an earlier program, in its place.

    Raises:
        StoreError: It cannot be read, or is too old for that.
    """
    from index.store.opening import save_store
    from qa import open_store

    with status("Reading the index ..."):
        store = open_store(folder)
    complain(f"{folder}: the index of an earlier version becomes a library.")
    with status("Converting the index ..."):
        save_store(store, folder)
