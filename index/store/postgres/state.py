"""What a client knows of a library: which segments there are, and what of them never changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.store.base import Matches
from index.store.keys import among
from index.store.postgres.documents import packed, parts_of
from index.store.postgres.words import CountedWords
from index.store.rows import Rows
from index.store.segments.bm25 import Found, Lexicon
from index.store.segments.segment import Layout, StemPostings

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent


@dataclass(frozen=True, eq=False)
class Part:
    """A segment, without its stems and spellings.

    Attributes:
        id: What it is called; no other segment ever is.
        layout: Which documents there are, and where.
        words: How many words its passages have.
    """

    id: int
    layout: Layout
    words: CountedWords

    @property
    def passages(self) -> int:
        """How many passages it has, of documents that are gone, too."""
        return len(self.words.lengths)


@dataclass(frozen=True, eq=False)
class State:
    """A library at one moment.

    Attributes:
        version: The number of the last change.
        parts: The segments, by the numbers of their documents.
        gone: The numbers of documents that are in a segment, but gone from the library, ascending.
    """

    version: int
    parts: tuple[Part, ...]
    gone: Rows

    @cached_property
    def numbers(self) -> Rows:
        """The numbers of all documents that are there, ascending."""
        every = self._every
        return every[~among(every, self.gone)]

    @cached_property
    def _every(self) -> Rows:
        none = np.empty(0, dtype=np.int64)
        return np.concatenate([none, *(part.layout.numbers for part in self.parts)])

    @cached_property
    def _sentences(self) -> Rows:
        none = np.empty(0, dtype=np.int64)
        return np.concatenate([none, *(np.diff(part.layout.sentences) for part in self.parts)])

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon([(part.layout, part.words) for part in self.parts], self.gone)

    def sentences(self, only: Rows | None = None) -> int:
        """Return how many sentences there are in some documents, or in all."""
        mask = ~among(self._every, self.gone)
        if only is not None:
            mask &= among(self._every, only)
        return int(self._sentences[mask].sum())

    def alive(self, numbers: Rows) -> Rows:
        """Return those numbers that are of documents which are there, in their order."""
        return numbers[among(numbers, self.numbers)]

    def matching(
        self,
        question: str,
        k: int,
        found: Iterable[tuple[str, int, StemPostings]],
        *,
        only: Rows | None,
        others: Rows | None,
    ) -> Matches:
        """Find passages by the words of a question, given where its stems stand."""
        places = {part.id: place for place, part in enumerate(self.parts)}
        postings: list[dict[str, StemPostings]] = [{} for _ in self.parts]
        for stem, segment, own in found:
            postings[places[segment]][stem] = own

        def find(_: object) -> list[Found]:
            return list(postings)

        return self._lexicon.matching(question, k, only=only, others=others, find=find)


NOTHING = State(-1, (), np.empty(0, dtype=np.int64))


def load(connection: Lent, before: State) -> State:
    """Return a library as it is now; to be called in a transaction that sees one moment.

    Args:
        connection: Where it is.
        before: What is known; only segments that came since are read.
    """
    row = connection.execute("SELECT changes FROM meta").fetchone()
    version = -1 if row is None else int(row[0])
    if version == before.version:
        return before
    ids = [own for (own,) in connection.execute("SELECT id FROM segment ORDER BY first")]
    known = {part.id: part for part in before.parts}
    missing = [own for own in ids if own not in known]
    with connection.cursor(binary=True) as cursor:
        if missing:
            cursor.execute(
                "SELECT id, layout, lengths, contexts FROM segment WHERE id = ANY(%s)", [missing]
            )
            known |= {row[0]: _part(*row) for row in cursor}
        cursor.execute("SELECT number FROM gone ORDER BY number")
        gone = np.array([number for (number,) in cursor], dtype=np.int64)
    return State(version, tuple(known[own] for own in ids), gone)


def packed_layout(layout: Layout) -> bytes:
    """Return a layout as :func:`load` reads it."""
    counts = (np.diff(layout.sentences), np.diff(layout.passages))
    return packed([layout.numbers, *counts], "<i8")


def _part(own: int, layout: bytes, lengths: bytes, contexts: bytes) -> Part:
    numbers, sentences, passages = parts_of(layout, "<i8")
    return Part(
        own,
        Layout(numbers.astype(np.int64), _starts(sentences), _starts(passages)),
        CountedWords(_int32(lengths), _int32(contexts)),
    )


def _starts(counts: NDArray[Any]) -> Rows:
    starts: Rows = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    return starts


def _int32(data: bytes) -> NDArray[np.int32]:
    return np.frombuffer(data, "<i4").astype(np.int32, copy=False)
