"""Which lines begin items of lists: a number alone may be a part of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from index.loaders.pdf.reading.bylines import Byline
from index.loaders.pdf.reading.grids import Table
from index.loaders.pdf.reading.lines import Line
from index.loaders.pdf.reading.marks import UNSURE, Mark, item_mark

_NEAR = 1.5  # em by which items of one list may stand beside one another
_AFAR = 40  # lines from an item to the next, at most
_WIDE = 1.0  # em of a gap that is more than a blank


def item_marks(columns: Sequence[Sequence[Line | Table | Byline]]) -> dict[int, Mark]:
    """Return what begins each line that is the first of an item, by the line's identity.

    A number or a letter needs the one before or behind it, a dash another or what comes before it
    to be at an end; an exclamation mark, which may be drawn as a bullet or as a sign, needs both.
    """
    found: dict[int, Mark] = {}
    asked: list[tuple[int, Line, Mark, float]] = []
    count = 0
    above: Line | None = None  # before, if in the column before
    for column in columns:
        lines = [unit for unit in column if isinstance(unit, Line)]
        left = min((line.left for line in lines), default=0.0)
        before: Line | None = None
        for line in lines:
            count += 1
            mark = item_mark(line.text, apart=_stands_apart(line))
            if mark is not None and mark.kind == "bullet dash":
                if before is None or before.text[-1] in ".!?:;" or _steps_in(before, line):
                    found[id(line)] = mark
                else:
                    asked.append((count, line, mark, line.left - left))
            elif mark is not None and mark.kind.startswith("bullet") and mark.kind != UNSURE:
                found[id(line)] = mark
            elif mark is not None and (mark.kind != UNSURE or _is_at_end(above)):
                asked.append((count, line, mark, line.left - left))
            before = above = line
    last: dict[str, tuple[int, Line, Mark, float]] = {}
    for each in asked:
        count, line, mark, indent = each
        one = last.get(mark.kind)
        if (
            one is not None
            and count - one[0] <= _AFAR
            and _follows(one[2], mark)
            and abs(indent - one[3]) <= _NEAR * line.size
        ):
            found[id(one[1])], found[id(line)] = one[2], mark
        last[mark.kind] = each
    return found


def _follows(one: Mark, two: Mark) -> bool:
    if one.number is None or two.number is None:
        return one.number is two.number
    return two.number == one.number + 1


def _is_at_end(before: Line | None) -> bool:
    return before is None or before.text[-1] in ".!?:;" or before.text.endswith((" and", " or"))


def _steps_in(before: Line, line: Line) -> bool:
    return line.left > before.left + 0.8 * line.size and before.top < line.top


def _stands_apart(line: Line) -> bool:
    """Tell whether a wide gap follows the first glyph of a line."""
    seen = line.glyphs[~line.sheet.blank[line.glyphs]][:2]
    if len(seen) < 2:
        return False
    boxes = line.sheet.boxes[seen]
    return float(boxes[1, 0] - boxes[0, 2]) > _WIDE * line.size
