"""A store in a folder: see :mod:`index.store.folder`."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.articles import Article
from index.errors import ArticleError
from index.models.encoder import Vectors
from index.store.base import Cut, Document, Made, Matches, Prepared, Scores, Vocabulary
from index.store.folder.catalogue import Catalogue
from index.store.folder.faults import damaged, explained
from index.store.folder.library import check_free, check_library
from index.store.folder.locking import WAIT_S
from index.store.folder.segment_files import missing, open_segment
from index.store.folder.state import CATALOGUE, State
from index.store.folder.writing import Writer
from index.store.forking import leave, tell_of_fork
from index.store.keys import among
from index.store.recently import Recently
from index.store.rows import Rows
from index.store.segments.searching import Searchable, Segments
from index.store.segments.segment import Segment
from index.store.segments.vectors import EXACT_UP_TO
from index.store.settings import DEFAULT_SETTINGS, IndexSettings

_KEPT_CHARACTERS = 64_000_000  # of articles
_PATIENCE_S = 2.0  # for which a search waits for what is new to be loaded by another thread


class FolderStore:
    """A :class:`index.store.base.Store` in a folder. Safe to share by threads and by programs.

    Who writes waits for others that write; who reads goes on meanwhile.

    Args:
        folder: That of the library, which is there: see :meth:`create` and :meth:`open`.
        wait_s: For how many seconds a change waits for another program that writes.
        exact_up_to: How many sentences of a segment there may be for a search to look at every one.

    Raises:
        StoreError: There is no library, or it is damaged, or of a newer program.
    """

    kind = "folder"

    def __init__(
        self, folder: Path, *, wait_s: float = WAIT_S, exact_up_to: int = EXACT_UP_TO
    ) -> None:
        # Whoever goes to another folder meanwhile has the same library.
        self.folder = folder = folder.absolute()
        self._writer = Writer(folder, wait_s, exact_up_to)
        with explained(folder):
            self._catalogue = _opened(folder)
        self._closing = weakref.finalize(self, self._catalogue.close)
        self._is_of_parent = False
        self._start()
        tell_of_fork(self)
        try:
            with self._now():
                pass
        except BaseException:
            self._closing()
            raise

    def _start(self) -> None:
        self._reading = threading.RLock()  # of the catalogue
        self._loading = threading.Lock()
        # With an article, what was found out of its structure is kept.
        self._articles: Recently[Article] = Recently(_KEPT_CHARACTERS)
        self._loaded: tuple[State, Segments] | None = None
        self._parts: dict[str, Searchable] = {}
        self._known: tuple[int, State] | None = None  # what was seen last, by the catalogue's word

    def forked(self) -> None:
        """Leave the catalogue to the process that opened it: see :mod:`index.store.forking`."""
        if self._closing.detach():
            leave(self._catalogue)
            self._is_of_parent = True
            self._start()

    @classmethod
    def create(
        cls,
        folder: str | Path,
        made: Made,
        settings: IndexSettings = DEFAULT_SETTINGS,
        *,
        wait_s: float = WAIT_S,
        exact_up_to: int = EXACT_UP_TO,
    ) -> FolderStore:
        """Make an empty library.

        Raises:
            StoreError: There is something in the folder, or it cannot be written.
        """
        folder = Path(folder)
        check_free(folder)
        Writer(folder, wait_s, exact_up_to).create(made, settings)
        return cls(folder, wait_s=wait_s, exact_up_to=exact_up_to)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        writing: bool = False,
        wait_s: float = WAIT_S,
        exact_up_to: int = EXACT_UP_TO,
    ) -> FolderStore:
        """Open a library.

        Args:
            folder: Where it is.
            writing: Whether documents are to come and go first of all: segments are then opened and
                checked only when they are needed.
            wait_s: For how many seconds a change waits for another program that writes.
            exact_up_to: How many sentences of a segment there may be for a search to look at every
                one.

        Raises:
            StoreError: There is no library, or it is damaged, or of a newer program.
        """
        folder = Path(folder)
        check_library(folder)
        store = cls(folder, wait_s=wait_s, exact_up_to=exact_up_to)
        try:
            store._writer.tidy()
            if not writing:
                store._check()
                store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    @property
    def made(self) -> Made:
        """What made the vectors of the sentences."""
        with self._now() as state:
            return state.made

    @property
    def settings(self) -> IndexSettings:
        """How articles are cut, and passages are ranked where the retriever was not told."""
        with self._now() as state:
            return state.settings

    @property
    def version(self) -> int:
        """A number that is another after every change, whoever made it."""
        with self._now() as state:
            return state.version

    def __len__(self) -> int:
        """Return how many documents there are."""
        with self._now() as state:
            return state.count

    def documents(self, numbers: Rows | None = None) -> Sequence[Document]:
        """Return documents without their texts, by ascending number; all if None."""
        with self._now(), self._catalogue.reading():
            return self._catalogue.documents(numbers)

    def numbers(
        self,
        *,
        ids: Collection[str] | None = None,
        tags: Collection[str] | None = None,
        fingerprints: Collection[str] | None = None,
    ) -> Rows:
        """Return the numbers of documents, ascending."""
        with self._now(), self._catalogue.reading():
            return self._catalogue.numbers(ids, tags, fingerprints)

    def articles(self, numbers: Rows) -> Mapping[int, Article]:
        """Return the articles of documents, by their numbers, those gone left out.

        Raises:
            SavedIndexError: One is not as it was written.
        """
        wanted = numbers.tolist()
        with self._now(), self._catalogue.reading():
            kept = {
                number: self._articles.get(number) for number in self._catalogue.present(wanted)
            }
            found = {number: article for number, article in kept.items() if article is not None}
            unread = [number for number in kept if number not in found]
            for number, content in self._catalogue.contents(unread).items():
                try:
                    found[number] = content.article()
                except (ArticleError, KeyError, RecursionError, TypeError, ValueError) as error:
                    raise damaged(self.folder, f"document {number} is damaged ({error})") from error
                self._articles.keep(number, found[number], len(content.text))
        return found

    def cuts(self, numbers: Rows) -> Mapping[int, Cut]:
        """Return how documents were cut, by their numbers, those gone left out."""
        return self._segments().cuts(numbers)

    def vectors(self, number: int) -> Vectors:
        """Return the vectors of a document's sentences, float32, shaped (sentences, dimension).

        Raises:
            KeyError: There is no such document.
        """
        return self._segments().vectors(number)

    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        """Find the sentences whose vectors are nearest to each query."""
        return self._segments().nearest(queries, k, only=only)

    def similarities(self, query: Vectors, sentences: Rows) -> Scores:
        """Return the cosine of a query's vector and each sentence's."""
        return self._segments().similarities(query, sentences)

    def matching(
        self, question: str, k: int, *, only: Rows | None = None, others: Rows | None = None
    ) -> Matches:
        """Find the passages whose words match those of a question best."""
        return self._segments().matching(question, k, only=only, others=others)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the texts."""
        return self._segments().vocabulary

    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        """Add documents and remove others, all together or, if anything fails, not at all.

        Raises:
            StoreError: A document does not fit, or it cannot be written now, or not here.
        """
        with self._now():
            pass
        return self._writer.change(add, remove)

    def tag(self, ids: Collection[str], tags: Collection[str]) -> None:
        """File documents under these tags, and no others.

        Raises:
            StoreError: As :meth:`change`.
        """
        with self._now():
            pass
        self._writer.tag(ids, tags)

    def compact(self) -> None:
        """Free the room that is taken by what was removed, and put together what is scattered.

        Raises:
            StoreError: As :meth:`change`.
        """
        with self._now():
            pass
        self._writer.compact()

    def close(self) -> None:
        """Let go of the files."""
        with self._reading:
            self._closing()
            self._loaded = None

    @contextlib.contextmanager
    def _now(self) -> Iterator[State]:
        """Be the only thread that reads the catalogue, and know its state."""
        with self._reading, explained(self.folder):
            if self._is_of_parent:
                self._catalogue = _opened(self.folder)
                self._closing = weakref.finalize(self, self._catalogue.close)
                self._is_of_parent = False
            self._catalogue.check_place()
            seen = self._catalogue.seen
            if self._known is None or self._known[0] != seen:
                with self._catalogue.reading():
                    self._known = seen, self._catalogue.state()
            yield self._known[1]

    def _segments(self) -> Segments:
        """Return what finds things in the library as it is now.

        While another thread is loading much that is new, it is that in the library as it was.
        """
        with self._now() as state:
            loaded = self._loaded
        if loaded is not None and loaded[0] is state:
            return loaded[1]
        patience = -1 if loaded is None else _PATIENCE_S
        if not self._loading.acquire(timeout=patience) and loaded is not None:
            return loaded[1]
        try:
            return self._load()[1]
        finally:
            self._loading.release()

    def _load(self) -> tuple[State, Segments]:
        """Open the segments that are new. A search that is under way keeps those that it has."""
        before: State | None = None
        while True:
            with self._now() as state:
                loaded = self._loaded
            if loaded is not None and loaded[0] is state:
                return loaded
            with explained(self.folder):
                try:
                    parts = self._opened_parts(state)
                except FileNotFoundError as error:
                    if state is before:  # no other has taken its place
                        raise missing(self.folder, error) from error
                    before = state
                    continue
            self._parts = parts
            self._loaded = state, Segments(list(parts.values()), state.gone)
            return self._loaded

    def _opened_parts(self, state: State) -> dict[str, Searchable]:
        dimension = state.made.dimension
        return {
            entry.name: self._parts.get(entry.name)
            or Searchable(open_segment(entry, self.folder, dimension))
            for entry in state.segments
        }

    def _check(self) -> None:
        """Check that the segments and the catalogue speak of the same documents.

        Raises:
            SavedIndexError: They do not.
        """
        while True:
            loaded, segments = self._load()
            with self._now() as state, self._catalogue.reading():
                sizes = self._catalogue.sizes()
            if state is loaded:
                break
        found = [_sizes(part.segment, state.gone) for part in segments.parts]
        held = np.concatenate([np.empty((0, 4), dtype=np.int64), *found])
        whole = len(held) == len(sizes) and np.array_equal(held[:, [0, 2, 3]], sizes[:, [0, 2, 3]])
        if not whole or (held[:, 1] > sizes[:, 1]).any():
            raise damaged(self.folder, f"its {CATALOGUE} and its segments contradict each other")

    def _prepare(self) -> None:
        """Do now what the first search would have to wait for: 0.3 s over a million sentences."""
        for part in self._segments().parts:
            part.prepare()


def _opened(folder: Path) -> Catalogue:
    """Open a catalogue to read it."""
    # A journal that a program left when it was stopped can be taken back only where one may write.
    path = folder / CATALOGUE
    if os.access(path, os.W_OK) and os.access(folder, os.W_OK):
        return Catalogue(folder, mode="rw")
    catalogue = Catalogue(folder, mode="ro")
    try:
        catalogue.segment_names()
    except sqlite3.OperationalError:  # not even locks are to be had, so nobody writes there
        catalogue.close()
        return Catalogue(folder, mode="immutable")
    return catalogue


def _sizes(segment: Segment, gone: Rows) -> Rows:
    """Return number, least characters, sentences and passages of each document that is there."""
    layout = segment.layout
    ends = segment.cuts.sentences[layout.sentences[1:] - 1, 1]
    columns = (layout.numbers, ends, np.diff(layout.sentences), np.diff(layout.passages))
    sizes: Rows = np.stack(columns, axis=1).astype(np.int64)
    return sizes[~among(layout.numbers, gone)]
