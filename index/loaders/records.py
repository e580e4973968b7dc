"""Separated values: by commas, tabs, semicolons or pipes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from index.loaders.content import Content
from index.loaders.plain_text import load_plain_text
from index.loaders.text_encodings import decode_bytes
from index.loaders.writing import Piece, Writer, collapse
from index.meta import NO_META
from index.places import Part
from index.structure.fields import Marks
from index.structure.headers import has_header
from index.structure.spans import Span

_SIGNS = "\t;|,"  # a comma may also stand in numbers, and so comes last
_NAMED = re.compile(r"\s*\"?sep=([^\r\n\"])\"?[ \t]*(?:\r\n?|\n|\Z)", re.IGNORECASE)
_LOOKED_AT = 1000  # records, to tell which sign is between the fields
_LEAST = 0.5  # of the records with as many fields as most: with fewer it is no table
_LINE = re.compile(r"\r\n?|\n|\Z")
_UNEVEN = re.compile(r'[\x00\t\n\r\f\v]|  |""| \Z')
_LEFT_OUT = re.compile('""|\0')  # but for the first mark


class Field(NamedTuple):
    """A field of a record.

    Attributes:
        start: Where it starts in the text, without blanks and quotation marks around it.
        end: Where it ends.
        quoted: Whether it stands in quotation marks, and so each mark in it twice.
    """

    start: int
    end: int
    quoted: bool


def load_csv(data: bytes, name: str) -> Content:
    r"""Read separated values as a table; the title is the file's name without its suffix.

    The table is written anew as Markdown has it and each field keeps its place, an offset in the
    decoded text: read as it is, a text would only be a table if its form told it from prose. Fields
    may be in quotation marks, and long; a "sep=;" in the first line is obeyed. What stands alone in
    the first and last lines is written as paragraphs. A file that is no table after all is read as
    plain text.

    Raises:
        ArticleError: The data are binary or in no encoding that can be told.
    """
    decoded = decode_bytes(data, name)
    text = decoded.text
    named = _NAMED.match(text)
    start = named.end() if named else 0
    sign = named[1] if named else _sign_of(text)
    if sign is None:
        return load_plain_text(data, name)
    writer = Writer()
    writer.begin(Part())
    for table in _tables(records(text, sign, start)):
        _write(writer, text, table)
    return Content(
        Path(name).stem,
        writer.text,
        NO_META if decoded.encoding == "utf-8" else {"encoding": decoded.encoding},
        writer.places,
        "text/tab-separated-values" if sign == "\t" else "text/csv",
        decoded.notes(name),
    )


def records(text: str, sign: str, start: int = 0, most: int | None = None) -> list[list[Field]]:
    """Cut a text into records, and these into fields, as the csv module does; in linear time.

    Quotation marks that close nothing are text like any other. A blank line is a record without
    fields.

    Args:
        text: The text.
        sign: What stands between fields, a character.
        start: Where the first record starts.
        most: How many records to return; None for all.
    """
    marks = Marks(text, Span(start, len(text)))
    own_blanks = " \t".replace(sign, "")
    blanks = re.compile(f"[{own_blanks}]*")
    behind = re.compile(rf"{re.escape(sign)}|\r\n?|\n|\Z")
    found: list[list[Field]] = []
    place = start
    while place < len(text) and (most is None or len(found) < most):
        line = _LINE.search(text, place)
        assert line is not None  # there is an end
        if text.find('"', place, line.start()) < 0:
            content = text[place : line.start()]
            found.append(
                _bare(content, place, sign, own_blanks) if content.strip(own_blanks) else []
            )
            place = line.end()
            continue
        record: list[Field] = []
        while True:
            opening = blanks.match(text, place).end()  # type: ignore[union-attr]  # may be empty
            closing = marks.closing(opening) if text.startswith('"', opening) else -1
            end = None
            if closing >= 0:
                end = behind.match(text, blanks.match(text, closing + 1).end())  # type: ignore[union-attr]
            if end is not None:
                record.append(Field(opening + 1, closing, True))
            else:
                end = behind.search(text, opening)
                assert end is not None
                bare = text[opening : end.start()].rstrip()
                record.append(Field(opening, opening + len(bare), False))
            place = end.end()
            if end[0] != sign:
                break
        found.append(record)
    return found


def _bare(content: str, start: int, sign: str, blanks: str) -> list[Field]:
    """Return the fields of a line without quotation marks."""
    fields = []
    for part in content.split(sign):
        own = part.lstrip(blanks)
        first = start + len(part) - len(own)
        fields.append(Field(first, first + len(own.rstrip()), False))
        start += len(part) + 1
    return fields


def _sign_of(text: str) -> str | None:
    """Return what stands between the fields of a text; None if it is no table."""
    best, share = None, 0.0
    for sign in _SIGNS:
        if sign not in text:
            continue
        sizes = [len(each) for each in records(text, sign, most=_LOOKED_AT) if each]
        often = max(Counter(size for size in sizes if size > 1).values(), default=0)
        if often >= _LEAST * len(sizes) and often > share * len(sizes):
            best, share = sign, often / len(sizes)
    return best


def _tables(found: Sequence[list[Field]]) -> list[list[list[Field]]]:
    """Part records at blank lines where the number of their fields changes."""
    tables: list[list[list[Field]]] = []
    gap = True
    for record in found:
        if not record:
            gap = True
            continue
        if not tables or (gap and len(record) != len(tables[-1][-1])):
            tables.append([])
        tables[-1].append(record)
        gap = False
    return tables


def _write(writer: Writer, text: str, table: Sequence[Sequence[Field]]) -> None:
    rows = [[_pieces(text, field) for field in record] for record in table]
    first, end = 0, len(rows)
    if max(map(len, rows)) > 1:  # else each is a paragraph anyway
        while first < end and sum(map(bool, rows[first])) < 2:
            first += 1  # a title, with which spreadsheets write empty cells
        while end > first and len(rows[end - 1]) < 2:
            end -= 1  # a source, a note
    for row in rows[:first]:
        writer.paragraph([piece for cell in row for piece in cell])
    body = rows[first:end]
    width = max((place + 1 for row in body for place, cell in enumerate(row) if cell), default=0)
    body = [row[:width] for row in body]
    values = [["".join(piece.text for piece in cell) for cell in row] for row in body[:_LOOKED_AT]]
    # A single record below a row of names is as good as several: this is known to be a table.
    header = len(body) > 1 and has_header([*values, *values[1:]], usual=True)
    writer.table(body, header=header)
    for row in rows[end:]:
        writer.paragraph([piece for cell in row for piece in cell])


def _pieces(text: str, field: Field) -> list[Piece]:
    """Return what a field holds: one of two marks that stand for one, a blank for a line break."""
    start, end, quoted = field
    if start == end:
        return []
    if text[start] != " " and _UNEVEN.search(text, start, end) is None:  # as nearly all are
        return [Piece(text[start:end], None, start)]
    pieces = []
    for each in _LEFT_OUT.finditer(text, start, end):
        if quoted or each[0] == "\0":
            kept = each.start() + (each[0] != "\0")
            pieces.append(Piece(text[start:kept], None, start))
            start = each.end()
    pieces.append(Piece(text[start:end], None, start))
    return collapse(pieces)
