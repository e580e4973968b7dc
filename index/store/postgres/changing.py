"""Adds documents and removes them, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index.errors import StoreError
from index.store.base import Document, Made, Prepared, document_made
from index.store.keys import among
from index.store.postgres.documents import INSERT, id_hash, row_of
from index.store.postgres.indexing import index_if_due
from index.store.postgres.schema import MIGRATIONS
from index.store.postgres.segments import Fresh, drop, put_together
from index.store.postgres.state import Part, State, load
from index.store.postgres.vectors import copied
from index.store.rows import Rows
from index.store.segments.segment import Segment
from index.store.segments.words import PackedWords
from index.store.settings import IndexSettings

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

_GROWTH = 2  # segments have at least so many times the passages of the next
_MOST_MERGED = 16_384  # passages of a segment that is put together when documents are added
_REWRITTEN = 4_096  # passages of a segment that is written anew when a document goes from it


@dataclass(frozen=True, eq=False)
class Change:
    """What is to be changed in a library.

    Attributes:
        made: What made the vectors.
        settings: How articles are cut.
        add: The documents to add, each with its own id.
        segment: They as a segment, with numbers from 0; None if there are none.
        remove: The ids of documents to remove.
    """

    made: Made
    settings: IndexSettings
    add: Sequence[Prepared]
    segment: Segment | None
    remove: Collection[str]

    def make(self, connection: Lent, known: State) -> list[Document]:
        """Make the change, and return what was added; to be called in a transaction."""
        lock(connection)
        state = load(connection, known)
        going = self._numbers_going(connection)
        if not len(going) and not self.add:
            return []
        for table in ("document", "sentence"):
            connection.execute(
                f"DELETE FROM {table} WHERE number = ANY(%s)".encode(), [going.tolist()]
            )
        documents, fresh = self._added(connection) if self.segment is not None else ([], None)
        _arrange(connection, state, going, fresh)
        connection.execute("UPDATE meta SET changes = changes + 1")
        added = sum(each.sentences for each in documents)
        index_if_due(connection, self.made, state.sentences() + added, added)
        return documents

    def _numbers_going(self, connection: Lent) -> Rows:
        hashes = [id_hash(own) for own in {*self.remove, *(each.article.id for each in self.add)}]
        found = connection.execute("SELECT number FROM document WHERE id_hash = ANY(%s)", [hashes])
        return np.sort(np.array([number for (number,) in found], dtype=np.int64))

    def _added(self, connection: Lent) -> tuple[list[Document], Fresh]:
        segment = self.segment
        assert segment is not None
        assert isinstance(segment.words, PackedWords)
        found = connection.execute(
            "SELECT nextval('document_number') FROM generate_series(1, %s)", [len(self.add)]
        )
        numbers = np.sort(np.array([number for (number,) in found], dtype=np.int64))
        documents = [
            document_made(number, each, self.made, self.settings)
            for number, each in zip(numbers.tolist(), self.add, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                INSERT,
                [
                    row_of(document, each.article, each.cut)
                    for document, each in zip(documents, self.add, strict=True)
                ],
            )
            write_tags(connection, {each.number: each.tags for each in documents})
            counts = np.diff(segment.layout.sentences)
            starts = np.repeat(segment.layout.sentences[:-1], counts)
            with cursor.copy("COPY sentence FROM STDIN (FORMAT binary)") as copy:
                copy.write(
                    copied(
                        np.repeat(numbers, counts), np.arange(len(starts)) - starts, segment.vectors
                    )
                )
        layout = replace(segment.layout, numbers=numbers)
        return documents, Fresh(layout, segment.words, segment.spellings)


def lock(connection: Lent) -> None:
    """Wait until no other program writes to the library, and keep others from it.

    Raises:
        StoreError: A newer program has changed its tables since it was opened.
    """
    row = connection.execute("SELECT version FROM meta FOR UPDATE").fetchone()
    if row is not None and row[0] > len(MIGRATIONS):
        raise StoreError(
            f"The library's tables have version {row[0]} by now, and this program knows versions "
            f"up to {len(MIGRATIONS)}; nothing was changed: upgrade article-qa."
        )


def write_tags(connection: Lent, tags: dict[int, frozenset[str]]) -> None:
    """File documents under tags, given their numbers."""
    rows = [(number, tag) for number, own in tags.items() for tag in sorted(own)]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO tag (number, tag) VALUES (%s, %s)", rows)


def _arrange(connection: Lent, state: State, going: Rows, fresh: Fresh | None) -> None:
    """Write what was added into a segment, and take out what goes."""
    gone = np.union1d(state.gone, going)
    joined: list[Part] = []
    parts = list(state.parts)
    if fresh is not None:
        size = len(fresh.words.lengths)
        while parts and parts[-1].passages < _GROWTH * size:
            size += parts[-1].passages
            if size > _MOST_MERGED:
                break
            joined.insert(0, parts.pop())
    for part in parts:
        left = ~among(part.layout.numbers, gone)
        touched = among(part.layout.numbers, going)
        if not left.any():
            drop(connection, [part], gone)
        elif touched.any() and part.passages <= _REWRITTEN:
            put_together(connection, [part], gone)
        elif touched.any():
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO gone (number) VALUES (%s)",
                    [(number,) for number in part.layout.numbers[touched].tolist()],
                )
    if fresh is not None:
        put_together(connection, joined, gone, fresh)
