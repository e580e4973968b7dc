"""Writes segments, and puts several together in one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.articles import Article
from index.store.keys import among
from index.store.postgres.documents import ARTICLES, article_of, packed, parts_of
from index.store.postgres.state import Part, packed_layout
from index.store.postgres.words import read_words, write_words
from index.store.rows import Rows
from index.store.segments.merging import merged_layout, merged_spellings, merged_words
from index.store.segments.segment import Layout, Spellings
from index.store.segments.spellings import packed_spellings
from index.store.segments.words import PackedWords
from index.text.naming import names_of
from index.text.spellings import count_spellings

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

_AT_ONCE = 100  # articles whose texts are in memory


@dataclass(frozen=True, eq=False)
class Fresh:
    """What a segment is written of.

    Attributes:
        layout: Which documents there are, and where.
        words: The words of the passages.
        spellings: The words of the texts.
    """

    layout: Layout
    words: PackedWords
    spellings: Spellings


def put_together(
    connection: Lent, parts: Sequence[Part], gone: Rows, fresh: Fresh | None = None
) -> None:
    """Write one segment in place of several, without the documents that are gone.

    Args:
        connection: Where to.
        parts: The segments, by the numbers of their documents.
        gone: The numbers of documents that are gone, ascending.
        fresh: What comes after them, if anything.
    """
    loaded = [
        Fresh(
            part.layout,
            read_words(connection, part.id, part.words),
            _spellings(connection, part, gone),
        )
        for part in parts
    ]
    drop(connection, parts, gone)
    if fresh is not None:
        loaded.append(fresh)
    if len(loaded) == 1 and not among(loaded[0].layout.numbers, gone).any():
        _write(connection, loaded[0])
        return
    _write(
        connection,
        Fresh(
            merged_layout([each.layout for each in loaded], gone),
            merged_words([(each.layout, each.words) for each in loaded], gone),
            merged_spellings([each.spellings for each in loaded]),
        ),
    )


def drop(connection: Lent, parts: Sequence[Part], gone: Rows) -> None:
    """Remove segments."""
    ids = [part.id for part in parts]
    numbers = [part.layout.numbers for part in parts]
    connection.execute("DELETE FROM posting WHERE segment = ANY(%s)", [ids])
    connection.execute("DELETE FROM segment WHERE id = ANY(%s)", [ids])
    dropped = gone[among(gone, np.concatenate([gone[:0], *numbers]))]
    connection.execute("DELETE FROM gone WHERE number = ANY(%s)", [dropped.tolist()])


def read_spellings(connection: Lent, ids: Sequence[int]) -> dict[int, Spellings]:
    """Return the words of the texts of segments, by the ids of the segments."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute("SELECT id, spellings FROM segment WHERE id = ANY(%s)", [list(ids)])
        return {own: _spellings_of(data) for own, data in cursor}


def _write(connection: Lent, fresh: Fresh) -> None:
    row = connection.execute(
        "INSERT INTO segment (first, passages, layout, lengths, contexts, spellings) "
        "VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
        [
            int(fresh.layout.numbers[0]),
            len(fresh.words.lengths),
            packed_layout(fresh.layout),
            fresh.words.lengths.astype("<i4").tobytes(),
            fresh.words.contexts.astype("<i4").tobytes(),
            _packed_spellings(fresh.spellings),
        ],
    ).fetchone()
    assert row is not None
    write_words(connection, int(row[0]), fresh.words)


def _spellings(connection: Lent, part: Part, gone: Rows) -> Spellings:
    """Return the words of a segment's texts; counted anew if documents are gone from it."""
    left = part.layout.numbers[~among(part.layout.numbers, gone)]
    if len(left) == len(part.layout.numbers):
        return read_spellings(connection, [part.id])[part.id]
    texts = (
        text
        for article in _articles(connection, left.tolist())
        for text in (article.text, *names_of(article))
    )
    return packed_spellings(count_spellings(texts))


def _articles(connection: Lent, numbers: Sequence[int]) -> Iterator[Article]:
    for start in range(0, len(numbers), _AT_ONCE):
        with connection.cursor(binary=True) as cursor:
            own = list(numbers[start : start + _AT_ONCE])
            yield from map(
                article_of, cursor.execute(f"{ARTICLES} WHERE number = ANY(%s)".encode(), [own])
            )


def _packed_spellings(spellings: Spellings) -> bytes:
    return packed([spellings.counts], "<i8") + spellings.joined.tobytes()


def _spellings_of(data: bytes) -> Spellings:
    count = int.from_bytes(data[:8], "little")
    end = 8 + 8 * count
    return Spellings(np.frombuffer(data, np.uint8, -1, end), parts_of(data[:end], "<i8")[0])


def runs_to_merge(sizes: Sequence[int], most: int) -> Iterator[range]:
    """Return which of some segments, in their order, are to become one each.

    Args:
        sizes: How many passages each has.
        most: How many one may have that is put together.
    """
    start, total = 0, 0
    for place, size in enumerate(itertools.chain(sizes, [most + 1])):
        if total + size > most:
            if place - start > 1:
                yield range(start, place)
            start, total = place, 0
        total += size
