"""From the glyphs of pages to text worth reading, block by block, all with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.loaders.pdf.glyphs import PageGlyphs
from index.loaders.pdf.reading.blocks import Block, Reader, units_of
from index.loaders.pdf.reading.bylines import Byline, bylines
from index.loaders.pdf.reading.columns import Item, in_order
from index.loaders.pdf.reading.grids import Table, ruled_tables
from index.loaders.pdf.reading.headings import headings_of
from index.loaders.pdf.reading.hyphens import Words, pieces_of
from index.loaders.pdf.reading.joining import rejoined
from index.loaders.pdf.reading.lines import Line, lines_of
from index.loaders.pdf.reading.listing import item_marks
from index.loaders.pdf.reading.margins import (
    without_furniture,
    without_line_numbers,
    without_stamps,
)
from index.loaders.pdf.reading.measures import Measures
from index.loaders.pdf.reading.segments import is_leftward
from index.loaders.writing import Piece, Writer, collapse
from index.places import Part

_TABLE_LETTERS = 60  # a table in a column is as good as lines of prose
_LEFTWARD = 0.4  # share of a page's glyphs: the rest are blanks and numbers
_NESTED = 1.5  # em between the markers of a list and those of a list in it


class Layout(NamedTuple):
    """What is known of a document once its pages are written.

    Attributes:
        title: The largest heading at the start of its first page; None if there is none.
    """

    title: str | None = None


def write_pages(pages: Iterable[PageGlyphs], writer: Writer) -> Layout:
    """Write what stands on pages in the order in which a person reads it.

    Each page becomes a part of the document. Running headers, footers and page numbers are left
    out, and the hyphens of words that a line's end parts; paragraphs go on from column to column
    and from page to page. Time and memory grow as the number of glyphs does, times its logarithm.
    """
    sheets: list[PageGlyphs] = []
    flow: list[list[Line]] = []
    asides: list[list[Line]] = []
    for page in pages:
        number = writer.begin(Part("page", page.number, width=page.width, height=page.height))
        main, aside = lines_of(page, number)
        sheets.append(page)
        flow.append(main)
        asides.append(aside)
    measures = Measures(flow)
    flow = [without_line_numbers(lines) for lines in without_furniture(flow, measures.body)]
    asides = without_stamps(asides)
    columns = [_columns(lines, page, measures) for lines, page in zip(flow, sheets, strict=True)]
    measures = Measures(
        [unit for unit in column if isinstance(unit, Line)] for page in columns for column in page
    )
    reader = Reader(measures, item_marks([column for page in columns for column in page]))
    for page_columns, aside in zip(columns, asides, strict=True):
        for column in page_columns:
            reader.column(column)
        reader.aside(aside)
    blocks = rejoined(reader.blocks, measures)
    levels = headings_of(blocks, measures)
    words = Words(text for block in blocks for text in block.texts)
    _write(blocks, levels, words, writer)
    return Layout(_title(blocks, levels, words))


def _columns(
    lines: Sequence[Line], page: PageGlyphs, measures: Measures
) -> list[list[Line | Table | Byline]]:
    """Return what stands on a page, column by column in reading order."""
    tables, rest = ruled_tables(lines, page.rules)
    names, rest = bylines(rest)
    things: list[Line | Table | Byline] = [*rest, *tables, *names]
    if not things:
        return []
    items = [
        Item(
            thing.left, thing.top, thing.right, thing.bottom,
            len(thing.text) if isinstance(thing, Line) else _TABLE_LETTERS,
            thing.rank if isinstance(thing, Line) else min(line.rank for line in thing.lines),
        )
        for thing in things
    ]  # fmt: skip
    leftward = bool(is_leftward(page.codes).mean() > _LEFTWARD)
    order = in_order(items, measures.body, leftward=leftward)
    return [units_of([things[number] for number in column]) for column in order]


def _write(blocks: Sequence[Block], levels: dict[int, int], words: Words, writer: Writer) -> None:
    """Write blocks, those of lists with their depth."""
    indents: list[float] = []
    for place, block in enumerate(blocks):
        if place in levels:
            writer.heading(_pieces(block, words, whole=True), levels[place])
            indents = []
            continue
        pieces = _pieces(block, words)
        if block.table is not None:
            writer.table(
                [[collapse(pieces_of(cell, words)) for cell in row] for row in block.table.rows],
                header=block.table.header,
            )
        elif block.kind == "item" and block.mark is not None:
            first = not indents
            line = block.lines[0]
            indent = line.left - block.column
            while indents and indent < indents[-1] - _NESTED * line.size / 2:
                indents.pop()
            if not indents or indent > indents[-1] + _NESTED * line.size / 2:
                indents.append(indent)
            kept = block.mark.kept
            number = None if kept else block.mark.number
            writer.item(pieces, depth=len(indents) - 1, number=number, first=first)
            continue
        else:
            writer.paragraph(pieces)
        indents = []


def _pieces(block: Block, words: Words, *, whole: bool = False) -> list[Piece]:
    """Return what a block says; the mark of an item is left to its list, unless it is whole."""
    lines = list(block.lines)
    drawn = block.kind == "item" and block.mark is not None and not block.mark.kept
    if drawn and block.mark is not None and not whole:
        first = lines[0].cut(lines[0].glyph_at(block.mark.length))
        lines[:1] = [] if first is None else [first]
    return collapse(pieces_of(lines, words, frozenset(block.breaks)))


def _title(blocks: Sequence[Block], levels: dict[int, int], words: Words) -> str | None:
    """Return the highest heading at the start of the first page that has text."""
    if not blocks:
        return None
    first = blocks[0].lines[0].sheet
    found = [
        place for place in levels
        if blocks[place].lines[0].sheet is first
        and blocks[place].lines[0].top < first.page.height / 2
    ]  # fmt: skip
    if not found:
        return None
    best = min(found, key=lambda place: (levels[place], place))
    text = "".join(piece.text for piece in _pieces(blocks[best], words))
    return " ".join(text.split()) or None
