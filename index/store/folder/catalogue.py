"""The catalogue of a library: its documents with their texts, and which segments it has.

It is in SQLite, whose transactions are what makes a change whole: a segment that the catalogue does
not name is not part of the library. Each document is in the one segment whose range its number is
in; of the documents in a segment, those that are listed as gone are not in the library.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import StoreError
from index.store.base import Document, Made
from index.store.folder.entries import Content, document_of
from index.store.folder.faults import damaged
from index.store.folder.state import CATALOGUE, FORMAT, VERSION, SegmentEntry, State, read_state
from index.store.rows import Rows
from index.store.settings import IndexSettings

_BUSY_S = 30.0  # for which a reader and a writer wait for each other: each takes far less
_CACHE_KIB = 64 << 10  # what a transaction changes is kept in memory so far, so that readers go on
_AT_ONCE = 500  # values in one statement: SQLite takes 999 and more
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE segment (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    documents INTEGER NOT NULL,
    sentences INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    files TEXT NOT NULL
);
CREATE TABLE gone (number INTEGER PRIMARY KEY);
CREATE TABLE document (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT,
    characters INTEGER NOT NULL,
    sentences INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    description TEXT NOT NULL,
    original TEXT
);
CREATE TABLE content (
    number INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
    checksum BLOB NOT NULL,
    meta TEXT NOT NULL,
    notes TEXT NOT NULL,
    places BLOB NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE tag (
    number INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (number, tag)
) WITHOUT ROWID;
CREATE INDEX tagged ON tag (tag, number);
CREATE INDEX made_of ON document (fingerprint);
"""
_DOCUMENT = (
    "number, id, title, source, characters, sentences, passages, fingerprint, description, original"
)


class Catalogue:
    """A connection to a catalogue. To be used by one thread at a time.

    Args:
        folder: That of the library.
        path: Where the catalogue is, if it is not in its place yet.
        mode: "ro" to read, "rw" to write, "rwc" to create.

    Raises:
        sqlite3.Error: It cannot be opened.
    """

    def __init__(self, folder: Path, *, path: Path | None = None, mode: str = "ro") -> None:
        self.folder = folder
        self.path = path or folder / CATALOGUE
        options = {"ro": "ro", "rw": "rw", "rwc": "rwc", "immutable": "ro&immutable=1"}[mode]
        self.connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={options}",
            uri=True,
            timeout=_BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
        self.connection.text_factory = _text
        self._place = _place(self.path)
        for pragma in (
            *("foreign_keys=ON", "secure_delete=ON", "synchronous=EXTRA", "trusted_schema=OFF"),
            f"cache_size=-{_CACHE_KIB}",
        ):
            self.connection.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def check_place(self) -> None:
        """Check that the catalogue is still the file in its place.

        Raises:
            StoreError: It was removed, or another has taken its place.
        """
        if _place(self.path) != self._place:
            raise StoreError(
                f"{self.folder}: the library was removed or made anew by another program since it "
                "was opened; open it anew."
            )

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """See one state of the catalogue, whatever others write meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Change the catalogue, wholly or, if anything is raised, not at all."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    @property
    def seen(self) -> int:
        """A number that is another once another connection has changed the catalogue."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    @contextlib.contextmanager
    def creation(self, made: Made, settings: IndexSettings) -> Iterator[None]:
        """Make an empty catalogue of an empty file, in a transaction that goes on."""
        self.connection.execute("PRAGMA journal_mode=DELETE")
        self.connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        with self.transaction():
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self.connection.execute(statement)
            self.describe(made, settings)
            self._set(format=FORMAT, format_version=VERSION, change=1, next_number=1)
            yield

    def describe(self, made: Made, settings: IndexSettings) -> None:
        """Note what made the vectors, and how articles are cut."""
        self._set(
            encoder=made.name, dimension=made.dimension, settings=json.dumps(asdict(settings))
        )

    def state(self) -> State:
        """Return what the library is now; to be called in a transaction.

        Raises:
            SavedIndexError: The catalogue is of something else, of a newer program, or damaged.
        """
        return read_state(self.connection, self.folder)

    def documents(self, numbers: Rows | None = None) -> list[Document]:
        """Return documents, by ascending number; to be called in a transaction.

        Raises:
            SavedIndexError: The catalogue is damaged.
        """
        select, order = f"SELECT {_DOCUMENT} FROM document", "ORDER BY number"
        tags: dict[int, set[str]] = {}
        if numbers is None:
            rows = self.connection.execute(f"{select} {order}").fetchall()
            tagged = self.connection.execute("SELECT number, tag FROM tag").fetchall()
        else:
            own = np.unique(numbers).tolist()
            rows = self._of(own, select, "number", order)
            tagged = self._of(own, "SELECT number, tag FROM tag", "number")
        for number, tag in tagged:
            tags.setdefault(number, set()).add(tag)
        try:
            return [document_of(row, frozenset(tags.get(row[0], ()))) for row in rows]
        except (KeyError, RecursionError, TypeError, ValueError) as error:
            raise damaged(self.folder, f"its {CATALOGUE} is damaged ({error})") from error

    def contents(self, numbers: Sequence[int], *, checked: bool = True) -> dict[int, Content]:
        """Return what the articles of documents say, by their numbers.

        Raises:
            SavedIndexError: One is not as it was written, if that is to be checked.
        """
        names = "id, title, source, original, text, meta, notes, places"
        select = f"SELECT number, checksum, {names} FROM document JOIN content USING (number)"
        found = {}
        for number, checksum, *row in self._of(numbers, select, "number"):
            content = Content(*row)
            try:
                whole = not checked or content.checksum == checksum
            except (AttributeError, UnicodeError):
                whole = False
            if not whole:
                what = f"document {number} ({content.id!r}) is damaged (its checksum differs)"
                raise damaged(self.folder, what)
            found[number] = content
        return found

    def numbers(
        self,
        ids: Iterable[str] | None = None,
        tags: Iterable[str] | None = None,
        fingerprints: Iterable[str] | None = None,
    ) -> Rows:
        """Return the numbers of the documents that have one of these, ascending; all if none."""
        given = (
            (ids, "SELECT number FROM document", "id"),
            (tags, "SELECT number FROM tag", "tag"),
            (fingerprints, "SELECT number FROM document", "fingerprint"),
        )
        if all(values is None for values, *_ in given):
            return self._numbers("SELECT number FROM document ORDER BY number")
        found: set[int] = set()
        for values, select, column in given:
            known = [value for value in values or () if is_text(value)]
            found.update(number for (number,) in self._of(known, select, column))
        return np.array(sorted(found), dtype=np.int64)

    def present(self, numbers: Sequence[int]) -> list[int]:
        """Return those of some numbers that documents have."""
        return [row[0] for row in self._of(numbers, "SELECT number FROM document", "number")]

    def segment_names(self) -> list[str]:
        """Return the names of the segments."""
        return [name for (name,) in self.connection.execute("SELECT name FROM segment")]

    def sizes(self) -> Rows:
        """Return number, characters, sentences and passages of each document, int64."""
        rows = self.connection.execute(
            "SELECT number, characters, sentences, passages FROM document ORDER BY number"
        ).fetchall()
        try:
            return np.array(rows, dtype=np.int64).reshape(len(rows), 4)
        except (OverflowError, TypeError, ValueError) as error:
            raise damaged(self.folder, f"its {CATALOGUE} is damaged ({error})") from error

    def add_all(self, documents: Sequence[Document], contents: Sequence[Content]) -> None:
        """Add documents; to be called in a transaction, as are those below."""
        for document, content in zip(documents, contents, strict=True):
            row = (
                *(document.number, document.id, document.title, document.source),
                *(document.characters, document.sentences, document.passages),
                *(document.fingerprint, document.description, content.original),
            )
            self.connection.execute(f"INSERT INTO document VALUES ({_marks(row)})", row)
            said = (
                *(document.number, content.checksum, content.meta, content.notes, content.places),
                content.text,
            )
            self.connection.execute(f"INSERT INTO content VALUES ({_marks(said)})", said)
            self.file(document.number, document.tags)

    def file(self, number: int, tags: Iterable[str]) -> None:
        """File a document under these tags, and no others."""
        self.connection.execute("DELETE FROM tag WHERE number = ?", (number,))
        self.connection.executemany(
            "INSERT INTO tag VALUES (?, ?)", [(number, tag) for tag in sorted(set(tags))]
        )

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove documents; they are listed as gone."""
        rows = [(number,) for number in numbers]
        self.connection.executemany("DELETE FROM document WHERE number = ?", rows)
        self.connection.executemany("INSERT INTO gone VALUES (?)", rows)

    def exchange(self, old: Iterable[SegmentEntry], new: Iterable[SegmentEntry]) -> None:
        """List other segments in place of some; what is gone from the old ones is so no more."""
        for entry in old:
            self.connection.execute("DELETE FROM segment WHERE first = ?", (entry.first,))
            self.connection.execute(
                "DELETE FROM gone WHERE number BETWEEN ? AND ?", (entry.first, entry.last)
            )
        for entry in new:
            self.connection.execute(
                "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)",
                (entry.first, entry.last, entry.name, *entry.counts, json.dumps(entry.files)),
            )

    def changed(self, next_number: int) -> None:
        """Note that the library has changed, and which number the next document gets."""
        self.connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'change'")
        self._set(next_number=next_number)

    def touch(self) -> None:
        """Write something that changes nothing."""
        self._set(format=FORMAT)

    def shrink(self) -> None:
        """Give the pages that hold nothing any more back to the disk; in no transaction."""
        # As a script, because a statement that gives no rows is stopped after its first step.
        self.connection.executescript("PRAGMA incremental_vacuum")

    def _roll_back(self) -> None:
        if self.connection.in_transaction:  # else SQLite has done it, for an error of its own
            self.connection.execute("ROLLBACK")

    def _set(self, **values: str | int) -> None:
        self.connection.executemany("REPLACE INTO meta VALUES (?, ?)", list(values.items()))

    def _numbers(self, query: str) -> Rows:
        rows = self.connection.execute(query)
        return np.fromiter((number for (number,) in rows), dtype=np.int64)

    def _of(
        self, values: Sequence[Any], select: str, column: str, order: str = ""
    ) -> list[tuple[Any, ...]]:
        """Return the rows in which a column has one of some values."""
        return [
            row
            for some in _parts(values)
            for row in self.connection.execute(
                f"{select} WHERE {column} IN ({_marks(some)}) {order}", some
            )
        ]


def _place(path: Path) -> tuple[int, int] | None:
    """Return what tells a file apart from all that are there; None if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _text(data: bytes) -> str:
    # What is no UTF-8 in a damaged catalogue is found by its checksum.
    return data.decode("utf-8", "replace")


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def is_text(value: str) -> bool:
    """Tell whether a string can be in the catalogue: half a surrogate pair cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
