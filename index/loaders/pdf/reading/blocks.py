"""From lines in reading order to paragraphs, items of lists, captions, notes and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.loaders.pdf.reading.aligned import aligned_tables, rows_of
from index.loaders.pdf.reading.bylines import Byline
from index.loaders.pdf.reading.grids import Table
from index.loaders.pdf.reading.lines import Line, joined
from index.loaders.pdf.reading.marks import Mark, is_caption, note_mark
from index.loaders.pdf.reading.measures import Measures
from index.loaders.pdf.reading.paragraphs import Column

Kind = Literal["text", "item", "caption", "note", "table", "names", "aside"]

_SMALL = 0.93  # times the size of the body: footnotes


@dataclass(eq=False)
class Block:
    """Something that is written by itself.

    Attributes:
        kind: What it is.
        lines: Its lines, on one page or more.
        breaks: Before which of them the line break says something.
        column: Where the column starts on the left that it stands in.
        mark: What an item begins with.
        table: The table.
        number: Which column of the document it stands in.
        right: Where full lines end beside its last one.
    """

    kind: Kind
    lines: list[Line]
    column: float = 0.0
    breaks: set[int] = field(default_factory=set)
    mark: Mark | None = None
    table: Table | None = None
    number: int = 0
    right: float = 0.0

    @property
    def texts(self) -> list[Sequence[Line]]:
        """Lines that are read one behind the other: all, or those of each cell of a table."""
        if self.table is None:
            return [self.lines]
        return [cell for row in self.table.rows for cell in row]


class Reader:
    """Reads the columns of a document one after the other.

    Args:
        measures: What is usual in the document.
        marks: The marks of lines that begin items, by the lines' identity.
    """

    def __init__(self, measures: Measures, marks: dict[int, Mark]) -> None:
        self.blocks: list[Block] = []
        self._measures = measures
        self._marks = marks
        self._count = 0

    def column(self, units: Sequence[Line | Table | Byline]) -> None:
        """Read a column: lines from top to bottom, and tables between them."""
        own = Column([unit for unit in units if isinstance(unit, Line)], self._measures)
        notes = self._first_note(units)
        self._count += 1
        block: Block | None = None
        for number, unit in enumerate(units):
            if isinstance(unit, Table):
                self._add(Block("table", unit.lines, own.left, table=unit))
                block = None
                continue
            if isinstance(unit, Byline):
                for cell in unit.cells:
                    self._add(Block("names", [*cell], own.left, {*range(1, len(cell))}))
                block = None
                continue
            after = units[number + 1] if number + 1 < len(units) else None
            after = after if isinstance(after, Line) else None
            if number == notes or (
                block is not None and number > notes
                and note_mark(unit.text) and own.ended(block.lines[-1], unit)
            ):  # fmt: skip
                block = None
            if block is None or own.parts(block.lines, block.mark, unit, after, self._marks):
                block = self._add(self._block(unit, own.left, noted=number >= notes))
            else:
                if own.keeps_break(block.lines[-1], unit):
                    block.breaks.add(len(block.lines))
                block.lines.append(unit)
            block.right = own.right(unit)

    def aside(self, lines: Sequence[Line]) -> None:
        """Read what is turned against the rest of its page: it goes last."""
        own = Column(lines, self._measures)
        block: Block | None = None
        for line in lines:
            if block is None or own.parts(block.lines, None, line, None, {}):
                block = self._add(Block("aside", []))
            block.lines.append(line)

    def _add(self, block: Block) -> Block:
        block.number = self._count
        self.blocks.append(block)
        return block

    def _first_note(self, units: Sequence[Line | Table | Byline]) -> int:
        """Return from which unit on there are footnotes; behind the last if there are none."""
        found = place = len(units)
        small = _SMALL * self._measures.body
        while place > 0:
            unit = units[place - 1]
            if not isinstance(unit, Line) or unit.size > small:
                break
            place -= 1
            if note_mark(unit.text) and unit.top > unit.sheet.page.height / 3:
                found = place
        return found

    def _block(self, line: Line, left: float, *, noted: bool) -> Block:
        if noted:
            return Block("note", [line], left)
        if is_caption(line.text):
            return Block("caption", [line], left)
        mark = self._marks.get(id(line))
        return Block("item" if mark else "text", [line], left, mark=mark)


def units_of(things: Sequence[Line | Table | Byline]) -> list[Line | Table | Byline]:
    """Return the lines of a column as rows, those of a table as one; tables stay where they are."""
    units: list[Line | Table | Byline] = []
    some: list[Line] = []
    for thing in (*things, None):
        if isinstance(thing, Line):
            some.append(thing)
            continue
        for row in aligned_tables(rows_of(some)):
            units.append(row if isinstance(row, Table) else joined(row))
        some = []
        if thing is not None:
            units.append(thing)
    return units
