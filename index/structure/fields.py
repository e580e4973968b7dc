"""The fields of separated values: where they stand in a line, and lines that are parted in one."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from index.structure.lines import Line
from index.structure.paragraphs import strip
from index.structure.spans import Span

_MARKS = re.compile('"+')
_SIGNS = (",", ";", "\t")
_LONGEST = 50  # lines of a record: a mark that is not closed by then is a mark like any other


class Marks:
    """The quotation marks of a stretch of a text, each found from a place without a search.

    Args:
        text: The text.
        stretch: The stretch; a field that starts in it ends in it.
    """

    def __init__(self, text: str, stretch: Span) -> None:
        self._text = text
        # A mark inside of a field is doubled, so that a run of them that is odd ends one.
        runs = (each.span() for each in _MARKS.finditer(text, *stretch))
        self._odd = [Span(*run) for run in runs if (run[1] - run[0]) % 2]

    def closing(self, opening: int) -> int:
        """Return where the mark stands that closes one; -1 if none does, or none opens there."""
        run = _MARKS.match(self._text, opening)
        if run is None:
            return -1
        if (run.end() - opening) % 2 == 0:
            return run.end() - 1
        place = bisect.bisect_left(self._odd, Span(run.end(), 0))
        return self._odd[place].end - 1 if place < len(self._odd) else -1


def fields(text: str, line: Span, sign: str) -> list[Span]:
    """Cut a line as the csv module does, quotation marks and what they hold included.

    Marks that close nothing are text like any other.
    """
    marks = Marks(text, line)
    found: list[Span] = []
    place = line.start
    while True:
        field, place = _field(text, line.end, place, sign, marks)
        found.append(strip(text, field) or Span(field.start, field.start))
        if place == line.end:
            return found
        place += 1


def _field(text: str, end: int, start: int, sign: str, marks: Marks) -> tuple[Span, int]:
    """Return where the field stands that starts at a place, and where the sign behind it does."""
    opening = start
    while opening < end and text[opening] in " \t" and text[opening] != sign:
        opening += 1
    closing = marks.closing(opening) if opening < end else -1
    if 0 <= closing < end:
        behind = _behind(text, end, closing, sign)
        if behind == end or text[behind] == sign:
            return Span(opening + 1, closing), behind
    behind = text.find(sign, start, end)
    behind = end if behind < 0 else behind
    return Span(start, behind), behind


def _behind(text: str, end: int, closing: int, sign: str) -> int:
    place = closing + 1
    while place < end and text[place] in " \t" and text[place] != sign:
        place += 1
    return place


class _Record(NamedTuple):
    """Lines that are one record, because a field goes on from each to the next.

    Attributes:
        first: The place of the first line.
        last: The place of the last.
        sign: What stands between its fields.
        size: How many fields it has.
    """

    first: int
    last: int
    sign: str
    size: int


def whole_records(text: str, lines: list[Line]) -> list[Line]:
    """Join the lines that are parted inside of a field in quotation marks.

    They are joined where the record next to them has as many fields, which prose with quotations
    in it has not.
    """
    if not any(sign + '"' in text or '"' + sign in text for sign in _SIGNS):
        return lines
    marks = Marks(text, Span(0, len(text)))
    starts = [line.start for line in lines]
    records: dict[int, _Record] = {}
    place = 0
    while place < len(lines):
        record = _record(text, lines, place, starts, marks)
        if record is not None:
            records[place] = record
            place = record.last
        place += 1
    kept: list[Line] = []
    place = 0
    ending: _Record | None = None  # the one that ends right before
    while place < len(lines):
        record = records.get(place)
        if record is None or not _is_sure(text, lines, record, ending, records):
            kept.append(lines[place])
            place, ending = place + 1, None
            continue
        kept.append(replace(lines[place], end=lines[record.last].end))
        place, ending = record.last + 1, record
    return kept


def _record(
    text: str, lines: Sequence[Line], first: int, starts: Sequence[int], marks: Marks
) -> _Record | None:
    """Return the record that starts with a line and goes beyond it; None if none does."""
    line = lines[first]
    if text.count('"', line.start, line.end) % 2 == 0 or line.quoted:
        return None
    for sign in _SIGNS:
        if (record := _parted(text, lines, first, starts, marks, sign)) is not None:
            return record
    return None


def _parted(
    text: str, lines: Sequence[Line], first: int, starts: Sequence[int], marks: Marks, sign: str
) -> _Record | None:
    place, last, size = lines[first].start, first, 0
    while True:
        end = lines[last].end
        size += 1
        closing = marks.closing(place) if place < end else -1
        if closing >= end:
            last = bisect.bisect_right(starts, closing) - 1
            end = lines[last].end
            behind = closing + 1
            blank = text[behind : behind + 2] in (sign + " ", sign + "\t")
            if last - first >= _LONGEST or (behind < end and text[behind] != sign) or blank:
                return None
        else:
            _, behind = _field(text, end, place, sign, marks)
        if behind >= end:
            return _Record(first, last, sign, size) if last > first and size > 1 else None
        place = behind + 1


def _is_sure(
    text: str,
    lines: Sequence[Line],
    record: _Record,
    ending: _Record | None,
    records: dict[int, _Record],
) -> bool:
    """Tell whether the record before, or the one behind, has as many fields."""
    first, last = record.first, record.last
    if ending is not None:
        return (ending.sign, ending.size) == (record.sign, record.size)
    if first and not lines[first].gap:
        before = fields(text, lines[first - 1].span, record.sign)
        if len(before) == record.size:
            return True
    if last + 1 == len(lines) or lines[last + 1].gap:
        return False
    behind = records.get(last + 1)
    if behind is not None:
        return (behind.sign, behind.size) == (record.sign, record.size)
    return len(fields(text, lines[last + 1].span, record.sign)) == record.size
