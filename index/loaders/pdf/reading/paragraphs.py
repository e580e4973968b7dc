"""Where a paragraph ends: by the gap below it, its last line, and how the next looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.loaders.pdf.reading.lines import Line
from index.loaders.pdf.reading.marks import Mark, has_leaders, is_caption, section_depth
from index.loaders.pdf.reading.measures import Measures

_SAME_SIZE = 1.11
_LEADING = 1.18  # times the usual step from line to line: a gap between paragraphs
_LARGE = 1.12  # times the body's size: headings
_HEADING_LEADING = 1.4  # of the font size
_INDENT = 0.8  # em
_WIDEST_INDENT = 6.0  # em
_SHORT = 0.8  # em that are left in a line behind the next word, had it been in it
_CENTRED = 0.6  # em
_ROOMY = 0.8  # of the column's width, below which the lines of a centred address are
_ROOMY_FLUSH = 0.5  # of it, where they start as if in a column
_OPEN = re.compile(r"\w[-\u2010–]\Z")
TERMINAL = re.compile(r"[.!?:;。！？][\"'”’»)\]]*\Z")
ENDS = re.compile(r"[.!?。！？][\"'”’»)\]]*(\s?\d{1,3})?\Z")


class Column:
    """What tells where a paragraph of a column ends."""

    def __init__(self, lines: Sequence[Line], measures: Measures) -> None:
        self.left = min((line.left for line in lines), default=0.0)
        self._widest = max((line.right for line in lines), default=0.0) - self.left
        self._measures = measures
        self._right: dict[int, float] = {}
        steps: dict[int, list[float]] = {}
        for one, two in pairwise(lines):
            step = two.bottom - one.bottom
            if same_size(one, two) and step > 0.7 * one.size:
                steps.setdefault(round(two.size), []).append(step)
        self._usual = {
            size: sorted(each)[len(each) // 4] for size, each in steps.items() if len(each) > 4
        }
        for number, line in enumerate(lines):
            near = lines[max(0, number - 4) : number + 5]
            self._right[id(line)] = max(
                each.right for each in near if same_size(each, line) or each is line
            )

    def leading(self, line: Line) -> float:
        """Return the usual step from line to line, in points."""
        usual = self._measures.leading(line.size)
        if line.size > _LARGE * self._measures.body:
            return max(usual, _HEADING_LEADING * line.size)
        return min(usual, max(self._usual.get(round(line.size), usual), line.size))

    def has_room(self, one: Line, two: Line) -> bool:
        """Tell whether the first word of the second line would have fitted into the first."""
        right = max(self._right[id(one)], self._right[id(two)])
        if abs(one.left + one.right - two.left - two.right) / 2 < _CENTRED * one.size and (
            one.right < right - _SHORT * one.size or one.left > self.left + one.size
        ):
            return False  # centred
        return one.right + first_word(two) + (_SHORT + 0.3) * one.size < right

    def right(self, line: Line) -> float:
        """Return where lines near a line end that are full."""
        return self._right[id(line)]

    def ended(self, last: Line, line: Line) -> bool:
        """Tell whether what a line is the last of is at its end before one that may begin more."""
        return bool(ENDS.search(last.text)) or self.has_room(last, line)

    def keeps_break(self, last: Line, line: Line) -> bool:
        """Tell whether the break between two lines of a paragraph is meant, as in an address."""
        goes_on = line.text[0].islower() or _OPEN.search(last.text)
        return not goes_on and (self.has_room(last, line) or self._ends_centred(last, line))

    def _ends_centred(self, last: Line, line: Line) -> bool:
        """Tell whether a line of a centred address ends before it is full.

        Those of headings are broken where it looks well.
        """
        heads = last.size > _LARGE * self._measures.body or (last.bold and line.bold)
        wide = last.right - last.left + first_word(line) + _SHORT * last.size
        middle = self.left + self._widest / 2
        centred = all(
            abs((each.left + each.right) / 2 - middle) < _CENTRED * each.size
            for each in (last, line)
        )
        flush = abs(last.left - line.left) < _SHORT * last.size
        most = _ROOMY_FLUSH if flush else _ROOMY
        return centred and not heads and wide < most * self._widest

    def parts(
        self, own: Sequence[Line], mark: Mark | None, line: Line, after: Line | None,
        marks: dict[int, Mark],
    ) -> bool:  # fmt: skip
        """Tell whether a line begins another paragraph.

        Args:
            own: The lines of the paragraph so far.
            mark: What it begins with if it is an item.
            line: The next.
            after: The one behind it.
            marks: The marks of lines that begin items, by the lines' identity.
        """
        last = own[-1]
        step = line.bottom - last.bottom
        if not same_size(last, line) or id(line) in marks or is_caption(line.text):
            return True
        if step > _LEADING * self.leading(line) + 0.5 or step < -0.5 * line.size:
            return True
        if has_leaders(last.text):
            return True
        room = self.has_room(last, line)
        if last.bold != line.bold and (room or step > 1.1 * self.leading(line)):
            return True
        if section_depth(line.text) and line.bold and room:
            return True
        small = line.text[0].islower()
        if room and TERMINAL.search(last.text) and not small:
            return True
        if mark is not None:
            return self._leaves_item(own, mark, line, after, room=room)
        if small:
            return False
        hangs = own[0].left < last.left - _INDENT * line.size
        if hangs and self._begins_indented(last, line, after, last.left):
            return True
        return self._indented(own, line, after)

    def _leaves_item(
        self, own: Sequence[Line], mark: Mark, line: Line, after: Line | None, *, room: bool
    ) -> bool:
        start = inner_left(own[0], mark)
        near = _INDENT * line.size
        if line.left >= start - near:
            far = line.left > start + _WIDEST_INDENT * line.size
            return far or self._begins_indented(own[-1], line, after, start)
        if len(own) > 1:
            return line.left < own[-1].left - near
        return room or own[0].left - line.left > _WIDEST_INDENT * line.size

    def _begins_indented(self, last: Line, line: Line, after: Line | None, inner: float) -> bool:
        """Tell whether a line behind an item, indented as far as it is, begins a paragraph.

        It does if the sentence that it is in goes on in a line that stands further left.

        Args:
            last: The last line of the item so far.
            line: The one that may begin a paragraph.
            after: The one behind that.
            inner: Where what the item says starts.
        """
        if after is None or not same_size(after, line) or not ENDS.search(last.text):
            return False
        step = after.bottom - line.bottom
        near = _INDENT * line.size
        if abs(line.left - inner) > near or after.left >= line.left - near:
            return False
        goes_on = 0 < step < _LEADING * self.leading(line) + 0.5
        ends = bool(TERMINAL.search(line.text)) or self.has_room(line, after)
        return goes_on and (after.text[0].islower() or not ends)

    def _indented(self, own: Sequence[Line], line: Line, after: Line | None) -> bool:
        last = own[-1]
        em = line.size
        if abs(last.left + last.right - line.left - line.right) / 2 < _CENTRED * em and (
            abs(last.left - line.left) > 0.3 * em
        ):
            return False  # centred
        indent = line.left - last.left
        if _INDENT * em < indent < _WIDEST_INDENT * em:
            hangs = len(own) == 1  # the first line of a hanging paragraph
            goes_back = after is not None and same_size(after, line) and (
                after.left < line.left - _INDENT * em and after.bottom > line.bottom
            )  # fmt: skip
            return goes_back or (not hangs and bool(ENDS.search(last.text)))
        if indent < -_INDENT * em:
            return len(own) > 1
        return False


def same_size(one: Line, two: Line) -> bool:
    """Tell whether two lines are set in one size, or share one where they are set in several."""
    smaller = max(one.sizes[0], two.sizes[0])
    return smaller <= _SAME_SIZE * min(one.sizes[1], two.sizes[1])


def first_word(line: Line) -> float:
    """Return how wide the first word of a line is."""
    blank = line.sheet.blank[line.glyphs] | line.spaced
    end = int(blank.argmax()) if blank.any() else len(blank)
    boxes = line.sheet.boxes[line.glyphs[: max(end, 1)]]
    return float(boxes[:, 2].max() - boxes[:, 0].min())


def inner_left(line: Line, mark: Mark | None) -> float:
    """Return where what an item says starts."""
    if mark is None:
        return line.left
    return float(
        line.sheet.boxes[line.glyphs[min(line.glyph_at(mark.length), len(line.glyphs) - 1)], 0]
    )
