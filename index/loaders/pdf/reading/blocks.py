"""From lines in reading order to paragraphs, items of lists, captions, notes and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from index.loaders.pdf.reading.aligned import aligned_tables, rows_of
from index.loaders.pdf.reading.grids import Table
from index.loaders.pdf.reading.lines import Line, joined
from index.loaders.pdf.reading.marks import Mark, is_caption, note_mark, section_depth
from index.loaders.pdf.reading.measures import Measures

Kind = Literal["text", "item", "caption", "note", "table", "aside"]

_SAME_SIZE = 1.11
_LEADING = 1.3  # times the usual step from line to line: a gap between paragraphs
_INDENT = 0.8  # em
_WIDEST_INDENT = 6.0  # em
_SHORT = 0.8  # em that are left in a line behind the next word, had it been in it
_CENTRED = 0.6  # em
_SMALL = 0.93  # times the size of the body: footnotes
_AFAR = 40  # blocks that a sentence may be interrupted by
_TERMINAL = re.compile(r"[.!?:;。！？][\"'”’»)\]]*\Z")
_ENDS = re.compile(r"[.!?。！？][\"'”’»)\]]*(\s?\d{1,3})?\Z")


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
        first: Whether it is the first in its column.
    """

    kind: Kind
    lines: list[Line]
    column: float = 0.0
    breaks: set[int] = field(default_factory=set)
    mark: Mark | None = None
    table: Table | None = None
    first: bool = False


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

    def column(self, units: Sequence[Table | Line]) -> None:
        """Read a column: lines from top to bottom, and tables between them."""
        lines = [unit for unit in units if isinstance(unit, Line)]
        own = _Column(lines, self._measures)
        notes = self._first_note(units)
        start = len(self.blocks)
        block: Block | None = None
        for number, unit in enumerate(units):
            if isinstance(unit, Table):
                self.blocks.append(Block("table", unit.lines, own.left, table=unit))
                block = None
                continue
            after = units[number + 1] if number + 1 < len(units) else None
            after = after if isinstance(after, Line) else None
            noted = number >= notes
            if noted and note_mark(unit.text) and (number == notes or own.ended(block, unit)):
                block = None
            fresh = block is None or own.parts(block, unit, after, self._marks)
            if fresh:
                block = self._block(unit, own.left, noted=noted)
                self.blocks.append(block)
            elif block is not None:
                if own.keeps_break(block, unit):
                    block.breaks.add(len(block.lines))
                block.lines.append(unit)
        if start < len(self.blocks):
            self.blocks[start].first = True
        self._rejoin(start)

    def aside(self, lines: Sequence[Line]) -> None:
        """Read what is turned against the rest of its page: it goes last."""
        own = _Column(lines, self._measures)
        block: Block | None = None
        for line in lines:
            if block is None or own.parts(block, line, None, {}):
                block = Block("aside", [])
                self.blocks.append(block)
            block.lines.append(line)

    def _first_note(self, units: Sequence[Table | Line]) -> int:
        """Return from which unit on there are footnotes; behind the last if there are none."""
        found = place = len(units)
        small = _SMALL * self._measures.body
        while place > 0:
            unit = units[place - 1]
            if isinstance(unit, Table) or unit.size > small:
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

    def _rejoin(self, start: int) -> None:
        """Put together what a column's or a page's end parts, or a float between."""
        for place in range(start, len(self.blocks)):
            block = self.blocks[place]
            if block.kind != "text" or not block.lines:
                continue
            before = self._open_before(place)
            if before is None:
                continue
            crossing = block.first or before < start
            if self._goes_on(self.blocks[before], block, crossing=crossing):
                one = self.blocks[before]
                one.breaks |= {each + len(one.lines) for each in block.breaks}
                one.lines += block.lines
                del self.blocks[place]
                return self._rejoin(start)
        return None

    def _open_before(self, place: int) -> int | None:
        """Return the block that another could go on with: the last of its size."""
        size = self.blocks[place].lines[0].size
        for number in range(place - 1, max(place - _AFAR, 0) - 1, -1):
            other = self.blocks[number]
            if other.kind in ("text", "item"):
                line = other.lines[-1]
                if max(size, line.size) <= _SAME_SIZE * min(size, line.size):
                    return number
                if line.size > size:  # a heading
                    return None
        return None

    def _goes_on(self, one: Block, two: Block, *, crossing: bool) -> bool:
        last, first = one.lines[-1], two.lines[0]
        if last.bold != first.bold or section_depth(first.text):
            return False
        if abs(first.sheet.place - last.sheet.place) > 1:
            return False
        small = first.text[0].islower()
        if last.hyphenated and small:
            return True
        if _TERMINAL.search(last.text):
            return False
        if small:
            return crossing or not _ENDS.search(last.text)
        if not crossing or one.kind == "item" or not first.text[0].isalnum():
            return crossing and first.text[0] in '(“"‘' and not _ENDS.search(last.text)
        own = [line for line in one.lines if line.sheet is last.sheet]
        return len(own) > 1 and last.right > max(line.right for line in own) - 4 * last.size


class _Column:
    """What tells where a paragraph of a column ends."""

    def __init__(self, lines: Sequence[Line], measures: Measures) -> None:
        self.left = min((line.left for line in lines), default=0.0)
        self._measures = measures
        self._right: dict[int, float] = {}
        steps = sorted(
            two.bottom - one.bottom
            for one, two in pairwise(lines)
            if _same_size(one, two) and two.bottom - one.bottom > 0.7 * one.size
        )
        self._usual = steps[len(steps) // 4] if len(steps) > 4 else None
        for number, line in enumerate(lines):
            near = lines[max(0, number - 4) : number + 5]
            self._right[id(line)] = max(
                each.right for each in near if _same_size(each, line) or each is line
            )

    def leading(self, line: Line) -> float:
        """Return the usual step from line to line, in points."""
        usual = self._measures.leading(line.size)
        return usual if self._usual is None else min(usual, max(self._usual, line.size))

    def has_room(self, one: Line, two: Line) -> bool:
        """Tell whether the first word of the second line would have fitted into the first."""
        right = max(self._right[id(one)], self._right[id(two)])
        if abs(one.left + one.right - two.left - two.right) / 2 < _CENTRED * one.size and (
            one.right < right - _SHORT * one.size or one.left > self.left + one.size
        ):
            return False  # centred
        return one.right + _first_word(two) + (_SHORT + 0.3) * one.size < right

    def ended(self, block: Block | None, line: Line) -> bool:
        """Tell whether a block is at its end before a line that may begin another."""
        if block is None:
            return True
        last = block.lines[-1]
        return bool(_ENDS.search(last.text)) or self.has_room(last, line)

    def keeps_break(self, block: Block, line: Line) -> bool:
        """Tell whether the break before a line of a block is meant, as in an address."""
        last = block.lines[-1]
        return self.has_room(last, line) and not line.text[0].islower() and not last.hyphenated

    def parts(self, block: Block, line: Line, after: Line | None, marks: dict[int, Mark]) -> bool:
        """Tell whether a line begins another block."""
        last = block.lines[-1]
        step = line.bottom - last.bottom
        if not _same_size(last, line) or id(line) in marks or is_caption(line.text):
            return True
        if step > _LEADING * self.leading(line) + 0.5 or step < -0.5 * line.size:
            return True
        room = self.has_room(last, line)
        if last.bold != line.bold and (room or step > 1.1 * self.leading(line)):
            return True
        if section_depth(line.text) and line.bold and room:
            return True
        small = line.text[0].islower()
        if room and _TERMINAL.search(last.text) and not small:
            return True
        if block.kind == "item":
            return self._leaves_item(block, line, room=room)
        return not small and self._indented(block, line, after)

    def _leaves_item(self, block: Block, line: Line, *, room: bool) -> bool:
        first = block.lines[0]
        start = _inner_left(first, block.mark)
        if line.left >= start - _INDENT * line.size:
            return line.left > start + _WIDEST_INDENT * line.size
        if len(block.lines) > 1 and block.lines[-1].left >= start - _INDENT * line.size:
            return True
        return room or abs(line.left - first.left) > _INDENT * line.size

    def _indented(self, block: Block, line: Line, after: Line | None) -> bool:
        last = block.lines[-1]
        em = line.size
        if abs(last.left + last.right - line.left - line.right) / 2 < _CENTRED * em and (
            abs(last.left - line.left) > 0.3 * em
        ):
            return False  # centred
        indent = line.left - last.left
        if _INDENT * em < indent < _WIDEST_INDENT * em:
            hangs = len(block.lines) == 1  # the first line of a hanging paragraph
            goes_back = after is not None and _same_size(after, line) and (
                after.left < line.left - _INDENT * em and after.bottom > line.bottom
            )  # fmt: skip
            return goes_back or (not hangs and bool(_ENDS.search(last.text)))
        if indent < -_INDENT * em:
            return len(block.lines) > 1
        return False


def _same_size(one: Line, two: Line) -> bool:
    return max(one.size, two.size) <= _SAME_SIZE * min(one.size, two.size)


def _first_word(line: Line) -> float:
    """Return how wide the first word of a line is."""
    blank = line.sheet.blank[line.glyphs] | line.spaced
    end = int(blank.argmax()) if blank.any() else len(blank)
    boxes = line.sheet.boxes[line.glyphs[: max(end, 1)]]
    return float(boxes[:, 2].max() - boxes[:, 0].min())


def _inner_left(line: Line, mark: Mark | None) -> float:
    """Return where what an item says starts."""
    if mark is None:
        return line.left
    return float(
        line.sheet.boxes[line.glyphs[min(line.glyph_at(mark.length), len(line.glyphs) - 1)], 0]
    )


def units_of(things: Sequence[Line | Table]) -> list[Line | Table]:
    """Return the lines of a column as rows, those of a table as one; tables stay where they are."""
    units: list[Line | Table] = []
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
