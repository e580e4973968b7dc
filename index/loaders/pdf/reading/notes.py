"""Footnotes at the foot of a page: what a raised number refers to, or what bears one itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from index.loaders.pdf.reading.lines import Line
from index.loaders.pdf.reading.marks import note_mark

_RAISED = 0.85  # times the size of the text beside it
_NEAR = 3.0  # em from a mark to its note
_MARK = 3  # characters, at most
_ALIKE = 0.05  # of a size: the lines of one note
_STEP = 1.6  # em from a line of a note to the next, at most


def footnotes(lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> set[int]:
    """Return which lines are footnotes: their marks, and what goes on beside and below these.

    A page number may stand before a running title as a mark does before its note, but no text
    refers to it, and it is set as large as the title.

    Args:
        lines: The lines of a page.
        rows: Those at its foot by their numbers, row by row, the lowest first.
    """
    page = _Page(lines)
    found: set[int] = set()
    for row in reversed(rows):
        ordered = sorted(row, key=lambda each: lines[each].left)
        beside: list[int] = []
        for place, each in enumerate(ordered):
            after = ordered[place + 1] if place + 1 < len(ordered) else None
            if page.begins_note(lines[each], None if after is None else lines[after]):
                alone = len(lines[each].text) <= _MARK and after is not None
                beside += [each, after] if alone and after is not None else [each]
            elif each not in beside and any(_goes_on(lines[last], lines[each]) for last in found):
                beside.append(each)
        found.update(beside)
    return found


class _Page:
    """The lines of a page, and what they refer to."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def begins_note(self, line: Line, after: Line | None) -> bool:
        """Tell whether a line begins with the mark of a note, or is one, its text beside it."""
        if len(line.text) > _MARK:
            mark = note_mark(line.text)
            raised = float(line.sheet.em[line.glyphs[0]]) < _RAISED * line.size
        elif after is not None and after.left - line.right < _NEAR * after.size:
            mark = note_mark(f"{line.text} {after.text}")
            raised = line.size < _RAISED * after.size
        else:
            return False
        return mark is not None and (raised or (mark.isdecimal() and mark in self._raised))

    @cached_property
    def _raised(self) -> set[str]:
        """The numbers that are set smaller than the line they stand in, behind something."""
        found = set()
        for line in self._lines:
            small = line.sheet.em[line.glyphs] < _RAISED * line.size
            if not small[1:].any():
                continue
            turns = np.diff(np.concatenate([[False], small, [False]]).astype(np.int8))
            edges = np.flatnonzero(turns).tolist()
            codes = line.sheet.page.codes[line.glyphs]
            for start, end in zip(edges[::2], edges[1::2], strict=True):
                text = "".join(map(chr, codes[start:end].tolist())).strip()
                if start and text.isdecimal():
                    found.add(text)
        return found


def _goes_on(last: Line, line: Line) -> bool:
    """Tell whether a line stands below one of a note as its next does."""
    step = line.bottom - last.bottom
    alike = abs(line.size - last.size) < _ALIKE * last.size and 0 < step < _STEP * last.size
    return alike and abs(line.left - last.left) < _NEAR / 2 * last.size
