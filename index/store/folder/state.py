"""What a library is at one moment, as its catalogue says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import SavedIndexError, SettingError
from index.store.base import Made
from index.store.folder.faults import damaged
from index.store.rows import Rows
from index.store.settings import Fusion, IndexSettings

FORMAT = "article-qa library"
VERSION = 6
CATALOGUE = "library.sqlite"
_KNOWN = {"encoder", "dimension", "settings", "change", "next_number"}


@dataclass(frozen=True)
class SegmentEntry:
    """A segment, as the catalogue lists it.

    Attributes:
        first: The least number that a document in it may have.
        last: The greatest.
        name: The name of its folder.
        documents: How many documents are in it, gone or not.
        sentences: How many sentences.
        passages: How many passages.
        files: The SHA-256 of each of its files, by their names.
    """

    first: int
    last: int
    name: str
    documents: int
    sentences: int
    passages: int
    files: Mapping[str, str]

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many documents, sentences and passages are in it."""
        return self.documents, self.sentences, self.passages


@dataclass(frozen=True, eq=False)
class State:
    """What a library is at one moment, apart from its documents.

    Attributes:
        version: The number of the last change.
        made: What made the vectors.
        settings: How articles are cut.
        next_number: The number that the next document gets.
        count: How many documents there are.
        segments: The segments, by the numbers of their documents.
        gone: The numbers of documents that are in a segment, but not in the library, ascending.
    """

    version: int
    made: Made
    settings: IndexSettings
    next_number: int
    count: int
    segments: tuple[SegmentEntry, ...]
    gone: Rows

    def numbers_gone(self, segment: SegmentEntry) -> Rows:
        """Return the numbers of a segment's documents that are not in the library."""
        first, last = np.searchsorted(self.gone, [segment.first, segment.last + 1])
        return self.gone[first:last]


def read_state(connection: sqlite3.Connection, folder: Path) -> State:
    """Return what a library is now; to be called in a transaction.

    Args:
        connection: To its catalogue.
        folder: That of the library.

    Raises:
        SavedIndexError: The catalogue is of something else, of a newer program, or damaged.
    """
    known = _meta(connection, folder)
    settings = _settings(folder, known["settings"])
    try:
        rows = connection.execute("SELECT * FROM segment ORDER BY first").fetchall()
        gone = connection.execute("SELECT number FROM gone ORDER BY number").fetchall()
        state = State(
            version=_whole(known["change"]),
            made=Made(known["encoder"], _whole(known["dimension"])),
            settings=settings,
            next_number=_whole(known["next_number"]),
            count=_whole(connection.execute("SELECT count(*) FROM document").fetchone()[0]),
            segments=tuple(_segment(row) for row in rows),
            gone=np.array([_whole(number) for (number,) in gone], dtype=np.int64),
        )
        if not isinstance(state.made.name, str):
            raise ValueError("the name of the encoder is no text")
    except (
        AttributeError,
        KeyError,
        OverflowError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise damaged(folder, f"its {CATALOGUE} is damaged ({error})") from error
    return state


def _meta(connection: sqlite3.Connection, folder: Path) -> dict[str, Any]:
    try:
        known = dict(connection.execute("SELECT key, value FROM meta"))
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        known = {}
    if known.get("format") != FORMAT:
        raise SavedIndexError(
            f"{folder}: its {CATALOGUE} is not that of a library; choose another folder."
        )
    if known.get("format_version") != VERSION:
        raise SavedIndexError(
            f"{folder}: the library has format version {known.get('format_version')} and this "
            f"program reads version {VERSION}; upgrade article-qa."
        )
    if missing := _KNOWN - known.keys():
        raise damaged(folder, f"its {CATALOGUE} is damaged (no {min(missing)})")
    return known


def _settings(folder: Path, written: object) -> IndexSettings:
    try:
        settings = json.loads(str(written))
        fusion = Fusion(**settings.pop("fusion"))
        return IndexSettings(fusion=fusion, **settings)
    except SettingError as error:
        wrong = str(error).removesuffix(".")
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        names = ", ".join(field.name for field in fields(IndexSettings))
        wrong = f"found {str(written)[:80]!r}; expected {names}"
    raise SavedIndexError(
        f"{folder}: its settings are damaged, or of a newer program ({wrong}); upgrade article-qa, "
        "or make the library again with `article-qa library add`."
    )


def _segment(row: tuple[Any, ...]) -> SegmentEntry:
    first, last, name, documents, sentences, passages, written = row
    files = json.loads(written)
    if not all(isinstance(each, str) for item in files.items() for each in (name, *item)):
        raise ValueError("the files of a segment are no names and checksums")
    return SegmentEntry(
        first=_whole(first),
        last=_whole(last),
        name=name,
        documents=_whole(documents),
        sentences=_whole(sentences),
        passages=_whole(passages),
        files=files,
    )


def _whole(number: object) -> int:
    if type(number) is not int or not 0 <= number < 1 << 63:
        raise ValueError(f"{number!r} is no count")
    return number
