"""The words of segments as rows of a table: a row for each stem of a segment."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.store.segments.segment import StemPostings
from index.store.segments.words import PackedWords

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

_BLOCK = 1 << 20  # bytes sent at once


@dataclass(frozen=True, eq=False)
class CountedWords:
    """What is at hand of the words of a segment: all but the stems, which the server has.

    Attributes:
        lengths: How many words each passage has.
        contexts: Where the passages of each context start, and at last where all end.
    """

    lengths: NDArray[np.int32]
    contexts: NDArray[np.int32]

    def postings(self, stem: str) -> StemPostings | None:
        """Not to be asked: stems are looked up for all segments at once."""
        raise LookupError(stem)


def stem_hash(stem: bytes) -> bytes:
    """Return what a stem is found by: a stem may be longer than what an index can hold."""
    return hashlib.blake2b(stem, digest_size=16).digest()


def find(
    connection: Lent, stems: Sequence[str]
) -> tuple[tuple[int, int], list[tuple[str, int, StemPostings]]]:
    """Return where stems stand: in which segments, and where.

    First come the number of the last change, and the server's number for the table "meta".
    """
    wanted = {stem_hash(stem.encode()): stem for stem in stems}
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(
            "SELECT changes, meta.tableoid, stem_hash, segment, held, headed, places "
            "FROM meta LEFT JOIN posting ON stem_hash = ANY(%s)",
            [list(wanted)],
        ).fetchall()
    found = [
        (wanted[own], segment, _postings(held, headed, places))
        for _, _, own, segment, held, headed, places in rows
        if own is not None
    ]
    return (int(rows[0][0]), int(rows[0][1])), found


def write_words(connection: Lent, segment: int, words: PackedWords) -> None:
    """Write the stems of a segment."""
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY posting FROM STDIN (FORMAT binary)") as copy,
    ):
        block = [b"PGCOPY\n\xff\r\n\0" + bytes(8)]
        size = 0
        for row in _rows(segment, words):
            block.append(row)
            size += len(row)
            if size >= _BLOCK:
                copy.write(b"".join(block))
                block, size = [], 0
        copy.write(b"".join([*block, b"\xff\xff"]))


def read_words(connection: Lent, segment: int, known: CountedWords) -> PackedWords:
    """Read all words of a segment."""
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(
            "SELECT stem, held, headed, places FROM posting WHERE segment = %s", [segment]
        ).fetchall()
    rows.sort(key=lambda row: row[0])
    held = np.array([row[1] for row in rows], dtype=np.int64)
    headed = np.array([row[2] for row in rows], dtype=np.int64)
    sizes = np.array([len(row[3]) for row in rows], dtype=np.int64)
    named = (sizes - 6 * held - 4 * headed) // 4
    bounds = np.zeros((len(rows) + 1, 4), dtype=np.int64)
    bounds[1:, 0] = np.cumsum([len(row[0]) for row in rows])
    for column, counts in enumerate((held, headed, named), start=1):
        bounds[1:, column] = np.cumsum(counts)
    parts: tuple[list[bytes], ...] = ([], [], [], [])
    for (_, own, above, data), size in zip(rows, sizes.tolist(), strict=True):
        ends = (0, 4 * own, 6 * own, 6 * own + 4 * above, size)
        for part, (start, end) in zip(parts, itertools.pairwise(ends), strict=True):
            part.append(data[start:end])
    holders, times, contexts, documents = (b"".join(part) for part in parts)
    return PackedWords(
        known.lengths,
        known.contexts,
        np.frombuffer(b"".join(row[0] for row in rows), dtype=np.uint8),
        bounds,
        np.frombuffer(holders, dtype="<i4").astype(np.int32, copy=False),
        np.frombuffer(times, dtype="<u2").astype(np.uint16, copy=False),
        np.frombuffer(contexts, dtype="<i4").astype(np.int32, copy=False),
        np.frombuffer(documents, dtype="<i4").astype(np.int32, copy=False),
    )


def _postings(held: int, headed: int, places: bytes) -> StemPostings:
    above = 6 * held
    return StemPostings(
        np.frombuffer(places, "<i4", held),
        np.frombuffer(places, "<u2", held, 4 * held),
        np.frombuffer(places, "<i4", headed, above),
        np.frombuffer(places, "<i4", -1, above + 4 * headed)
        if len(places) > above + 4 * headed
        else np.empty(0, dtype=np.int32),
    )


def _rows(segment: int, words: PackedWords) -> Iterator[bytes]:
    """Return the rows of a segment's stems as a binary COPY takes them, by their hashes."""
    stems = words.stems.tobytes()
    arrays = (
        words.holders.astype("<i4").tobytes(),
        words.times.astype("<u2").tobytes(),
        words.headed.astype("<i4").tobytes(),
        words.named.astype("<i4").tobytes(),
    )
    keyed = sorted(
        (stem_hash(stems[first[0] : last[0]]), first, last)
        for first, last in itertools.pairwise(words.stem_bounds.tolist())
    )
    number = segment.to_bytes(8, "big")
    for key, (start, hold, head, name), (end, held, headed, named) in keyed:
        places = (
            arrays[0][4 * hold : 4 * held]
            + arrays[1][2 * hold : 2 * held]
            + arrays[2][4 * head : 4 * headed]
            + arrays[3][4 * name : 4 * named]
        )
        yield b"".join(
            _fields(
                key,
                number,
                (held - hold).to_bytes(4, "big"),
                (headed - head).to_bytes(4, "big"),
                stems[start:end],
                places,
            )
        )


def _fields(*values: bytes) -> Iterable[bytes]:
    yield len(values).to_bytes(2, "big")
    for value in values:
        yield len(value).to_bytes(4, "big")
        yield value
