"""Changes of a library in a folder: files first, and then all at once in the catalogue."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.articles import Article
from index.errors import StoreError
from index.store.allocation import Allocate, in_memory, on_disk
from index.store.base import Document, Made, Prepared, check_names, document_made
from index.store.folder.catalogue import Catalogue
from index.store.folder.entries import Content
from index.store.folder.faults import damaged, explained
from index.store.folder.files import flush_file, flush_folder
from index.store.folder.locking import LOCK, WAIT_S, locked
from index.store.folder.planning import (
    Group,
    changed_groups,
    compacted_groups,
    gathered_groups,
)
from index.store.folder.segment_files import (
    SEGMENTS,
    missing,
    open_segment,
    segment_folder,
    unnamed_segments,
    write_segment,
)
from index.store.folder.state import CATALOGUE, SegmentEntry, State
from index.store.rows import Rows
from index.store.segments.making import make_segment
from index.store.segments.merging import merged, merged_spellings
from index.store.segments.segment import Segment, Spellings
from index.store.segments.spellings import packed_spellings, without_texts
from index.store.segments.vectors import EXACT_UP_TO
from index.store.settings import IndexSettings
from index.text.naming import names_of
from index.text.spellings import count_spellings

_NEW = f"{CATALOGUE}.new"
_JOURNAL = f"{CATALOGUE}-journal"
_NEW_JOURNAL = f"{_NEW}-journal"
_ANY_TEXT = "-"  # what an article goes by has nothing to do with its text
_IN_MEMORY = 100_000  # vectors of a segment; more are put together in files
_AT_ONCE = 256  # articles whose texts are read at once
NO_NUMBERS: Rows = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Writer:
    """Writes to a library.

    Attributes:
        folder: That of the library.
        wait_s: For how many seconds to wait for another that writes.
        exact_up_to: How many sentences of a segment there may be for a search to look at every one.
    """

    folder: Path
    wait_s: float = WAIT_S
    exact_up_to: int = EXACT_UP_TO

    def change(self, add: Sequence[Prepared], remove: Collection[str]) -> list[Document]:
        """Add documents and remove others: see :meth:`index.store.base.Store.change`."""
        with self._writing() as (catalogue, state):
            ids = [each.article.id for each in add]
            removed = catalogue.numbers(ids=[*ids, *remove])
            if not add and not len(removed):
                return []
            numbers = range(state.next_number, state.next_number + len(add))
            documents = self._documents(add, numbers, state)
            segments = self._segments_of(state, removed)
            touched = {entry.name for entry in segments}
            groups = changed_groups(state.segments, touched, sum(d.passages for d in documents))
            new = self._make(add, numbers, state.made) if add else None
            work = _Work(self, catalogue, state, removed)
            entries = [work.write(group, new if group.grows else None) for group in groups]
            del new
            with catalogue.transaction():
                catalogue.remove(removed.tolist())
                catalogue.exchange(
                    (entry for group in groups for entry in group.old), filter(None, entries)
                )
                catalogue.add_all(documents, [Content.of(each.article) for each in add])
                catalogue.changed(state.next_number + len(add))
            self._gather(catalogue)
            return documents

    def tag(self, ids: Collection[str], tags: Collection[str]) -> None:
        """File documents under tags: see :meth:`index.store.base.Store.tag`."""
        check_names(str(self.folder), tags=tags)
        with self._writing() as (catalogue, state), catalogue.transaction():
            for number in catalogue.numbers(ids=ids).tolist():
                catalogue.file(number, tags)
            catalogue.changed(state.next_number)

    def compact(self) -> None:
        """Put all segments together: see :meth:`index.store.base.Store.compact`."""
        with self._writing() as (catalogue, state):
            touched = {entry.name for entry in self._segments_of(state, state.gone)}
            groups = compacted_groups(state.segments, touched)
            self._put_together(catalogue, state, groups)
            catalogue.shrink()

    def create(
        self, made: Made, settings: IndexSettings, batches: Iterable[Sequence[Prepared]] = ()
    ) -> None:
        """Make a library where there is none, all or nothing.

        Args:
            made: What made the vectors of its documents.
            settings: How they are cut.
            batches: The documents, so many at a time as fit into memory with their vectors.

        Raises:
            StoreError: There is a library meanwhile, or it cannot be written.
        """
        with explained(self.folder, writing=True):
            self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder, self.wait_s), explained(self.folder, writing=True):
            if (self.folder / CATALOGUE).exists():
                raise StoreError(f"{self.folder}: there is a library already; open that.")
            sweep(self.folder, ())
            new = self.folder / _NEW
            try:
                catalogue = Catalogue(self.folder, path=new, mode="rwc")
                try:
                    with catalogue.creation(made, settings):
                        self._fill(catalogue, batches)
                finally:
                    catalogue.close()
                flush_file(new)
                new.replace(self.folder / CATALOGUE)
                flush_folder(self.folder)
                flush_folder(self.folder.parent)
            except BaseException:
                if not (self.folder / CATALOGUE).exists():
                    sweep(self.folder, ())
                raise

    def replace_all(
        self, made: Made, settings: IndexSettings, batches: Iterable[Sequence[Prepared]]
    ) -> None:
        """Let a library hold these documents and no others, all or nothing: see :meth:`create`."""
        with self._writing() as (catalogue, state), catalogue.transaction():
            catalogue.remove(catalogue.numbers().tolist())
            catalogue.exchange(state.segments, ())
            catalogue.describe(made, settings)
            self._fill(catalogue, batches)

    def _fill(self, catalogue: Catalogue, batches: Iterable[Sequence[Prepared]]) -> None:
        for batch in batches:
            state = catalogue.state()
            numbers = range(state.next_number, state.next_number + len(batch))
            documents = self._documents(batch, numbers, state)
            segment = self._make(batch, numbers, state.made)
            catalogue.exchange((), [write_segment(segment, self.folder, uuid.uuid4().hex)])
            catalogue.add_all(documents, [Content.of(each.article) for each in batch])
            catalogue.changed(state.next_number + len(batch))

    def tidy(self) -> None:
        """Remove what a program left that was stopped, unless somebody is writing just now."""
        with contextlib.suppress(StoreError), explained(self.folder):
            catalogue = Catalogue(self.folder)
            try:
                names = catalogue.segment_names()
            finally:
                catalogue.close()
            journal = self.folder / _JOURNAL
            if journal.exists() or leftovers(self.folder, names):
                with replace(self, wait_s=0)._writing() as (catalogue, _):
                    if journal.exists():  # of a transaction that had not begun to change anything
                        with catalogue.transaction():
                            catalogue.touch()

    def _gather(self, catalogue: Catalogue) -> None:
        """Put small segments together once they are so many that searches take long."""
        with catalogue.reading():
            state = catalogue.state()
        groups = gathered_groups(state.segments, self.exact_up_to)
        # What came in is in, whatever happens here: it is for the next change then.
        with contextlib.suppress(Exception):
            self._put_together(catalogue, state, groups)

    def _put_together(self, catalogue: Catalogue, state: State, groups: Sequence[Group]) -> None:
        if not groups:
            return
        work = _Work(self, catalogue, state, NO_NUMBERS)
        entries = [work.write(group, None) for group in groups]
        with catalogue.transaction():
            catalogue.exchange(
                (entry for group in groups for entry in group.old), filter(None, entries)
            )
            catalogue.changed(state.next_number)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[tuple[Catalogue, State]]:
        """Be the only one that writes; what is left over is removed, now or by the next one."""
        with locked(self.folder, self.wait_s), explained(self.folder, writing=True):
            catalogue = Catalogue(self.folder, mode="rw")
            try:
                with catalogue.reading():
                    state = catalogue.state()
                names = [entry.name for entry in state.segments]
                if leftovers(self.folder, names):
                    _give_back(catalogue)
                    sweep(self.folder, names)
                try:
                    yield catalogue, state
                except BaseException:
                    _give_back(catalogue)
                    raise
                finally:
                    # Whatever happened: what is in the catalogue now is what counts.
                    with contextlib.suppress(Exception), catalogue.reading():
                        sweep(self.folder, catalogue.segment_names())
            finally:
                catalogue.close()

    def _segments_of(self, state: State, numbers: Rows) -> list[SegmentEntry]:
        """Return the segments that have some documents.

        Raises:
            SavedIndexError: There is none for one.
        """
        firsts = np.array([entry.first for entry in state.segments], dtype=np.int64)
        places = np.unique(np.searchsorted(firsts, numbers, side="right") - 1)
        if len(places) and places[0] < 0:
            raise damaged(self.folder, f"its {CATALOGUE} and its segments contradict each other")
        return [state.segments[place] for place in places.tolist()]

    def _documents(
        self, add: Sequence[Prepared], numbers: Sequence[int], state: State
    ) -> list[Document]:
        ids = {each.article.id for each in add}
        if len(ids) < len(add):
            raise StoreError(
                f"{self.folder}: two documents to add have the same id; give each its own."
            )
        check_names(str(self.folder), add)
        return [
            document_made(number, each, state.made, state.settings)
            for number, each in zip(numbers, add, strict=True)
        ]

    def _make(self, add: Sequence[Prepared], numbers: Sequence[int], made: Made) -> Segment:
        try:
            for each in add:
                if each.vectors.shape[-1] != made.dimension:
                    raise ValueError(
                        f"{each.article.id}: has vectors of {each.vectors.shape[-1]} numbers; "
                        f"expected {made.dimension}, as {made.name} makes them"
                    )
            return make_segment(add, numbers, exact_up_to=self.exact_up_to)
        except ValueError as error:
            raise StoreError(f"{self.folder}: {error}; nothing was changed.") from error


def _give_back(catalogue: Catalogue) -> None:
    """Give the free pages of a catalogue back, if that can be done.

    What was begun and taken back may have left its text in them: SQLite takes back no page that was
    free before.
    """
    with contextlib.suppress(sqlite3.Error):
        catalogue.shrink()


def leftovers(folder: Path, named: Iterable[str]) -> list[Path]:
    """Return what a program left in the folder of a library that was stopped while it wrote.

    Args:
        folder: The folder.
        named: The names of the segments in its catalogue.
    """
    own = [folder / _NEW, folder / _NEW_JOURNAL]
    return [*unnamed_segments(folder, named), *filter(Path.exists, own)]


def sweep(folder: Path, named: Iterable[str]) -> None:
    """Remove what was left in the folder of a library; to be called under its lock.

    What cannot be removed, because it is still mapped on Windows, is left for the next time.
    """
    for path in leftovers(folder, named):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def is_free(folder: Path) -> bool:
    """Tell whether there is nothing in a folder but what the making of a library may have left."""
    if not folder.exists():
        return True
    known = {LOCK, SEGMENTS, _NEW, _NEW_JOURNAL}
    return folder.is_dir() and all(path.name in known for path in folder.iterdir())


class _Work:
    """Makes segments of others, while a change is under way.

    Args:
        writer: Writes them.
        catalogue: The catalogue before the change.
        state: Its state.
        removed: The numbers of the documents that the change removes, ascending.
    """

    def __init__(
        self,
        writer: Writer,
        catalogue: Catalogue,
        state: State,
        removed: Rows,
    ) -> None:
        self._folder, self._exact_up_to = writer.folder, writer.exact_up_to
        self._catalogue, self._state, self._removed = catalogue, state, removed

    def write(self, group: Group, new: Segment | None) -> SegmentEntry | None:
        """Write the segment that takes the place of some; None if nothing in them is left."""
        name = uuid.uuid4().hex
        segments: list[Segment] = []
        spellings: list[Spellings] = []
        left_out = [NO_NUMBERS]
        for entry in group.old:
            try:
                segment = open_segment(entry, self._folder, self._state.made.dimension)
            except FileNotFoundError as error:
                raise missing(self._folder, error) from error
            gone = self._state.numbers_gone(entry)
            removed = np.intersect1d(segment.layout.numbers, self._removed)
            if len(gone) + len(removed) == len(segment.layout.numbers):
                continue
            segments.append(segment)
            spellings.append(self._spellings(segment, gone, removed))
            left_out += [gone, removed]
        if new is not None:
            segments.append(new)
            spellings.append(new.spellings)
        if not segments:
            return None
        if len(segments) == 1 and new is not None:
            return write_segment(new, self._folder, name)
        allocate: Allocate = in_memory
        if sum(len(segment.vectors) for segment in segments) > _IN_MEMORY:
            own = segment_folder(self._folder, name)
            own.mkdir(parents=True)
            allocate = on_disk(own)
        whole = merged(
            segments,
            np.unique(np.concatenate(left_out)),
            spellings=spellings[0] if len(spellings) == 1 else merged_spellings(spellings),
            exact_up_to=self._exact_up_to,
            allocate=allocate,
        )
        return write_segment(whole, self._folder, name)

    def _spellings(self, segment: Segment, gone: Rows, removed: Rows) -> Spellings:
        """Return the words of the texts of a segment that are left."""
        if len(gone):  # their texts are not to be had any more
            left = np.setdiff1d(segment.layout.numbers, np.union1d(gone, removed))
            return packed_spellings(count_spellings(self._texts(left)))
        if len(removed):
            return without_texts(segment.spellings, self._texts(removed))
        return segment.spellings

    def _texts(self, numbers: Rows) -> Iterator[str]:
        """Return all that is spelled in some documents."""
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE].tolist()
            for content in self._catalogue.contents(some, checked=False).values():
                yield content.text
                yield from names_of(Article(content.id, content.title, _ANY_TEXT))
