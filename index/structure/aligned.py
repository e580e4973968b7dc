"""The cells of lines that are a table because they are aligned."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from index.structure.lines import Line
from index.structure.spans import Span

_FIELD = re.compile(r"\S+(?: \S+)*")
_LONG_FIELD = 30  # on average; of longer ones, two columns are those of a newspaper


class _Field(NamedTuple):
    span: Span
    start: int  # in which column of characters
    end: int


def aligned_cells(text: str, lines: Sequence[Line]) -> list[tuple[Span, ...]] | None:
    """Return the cells of lines that two or more blanks cut into columns.

    A cell that is missing is an empty span.

    Returns:
        The cells of each line; None if the lines are not aligned.
    """
    rows = [_fields(text, line) for line in lines]
    usual, often = Counter(map(len, rows)).most_common(1)[0]
    full = [row for row in rows if len(row) == usual]
    if usual < 2 or often < len(rows) / 2 or (len(rows) < 3 and (usual < 3 or often < 2)):
        return None
    inner = [field for row in rows for field in row[:-1]]
    closed = sum(text[field.span.end - 1] in ".!?:" for field in inner)
    length = sum(field.end - field.start for row in full for field in row)
    if closed > 0.3 * len(inner) or length > _LONG_FIELD * usual * often:
        return None
    columns = [[row[place] for row in full] for place in range(usual)]
    for column in columns:
        if (
            max(_alike([each.start for each in column]), _alike([each.end for each in column]))
            < 0.8
        ):
            return None
    bounds = [(min(e.start for e in column), max(e.end for e in column)) for column in columns]
    return [
        tuple(each.span for each in row) if len(row) >= usual else _placed(row, bounds)
        for row in rows
    ]


def _fields(text: str, line: Line) -> list[_Field]:
    margin = line.start - line.indent
    return [
        _Field(Span(*match.span()), match.start() - margin, match.end() - margin)
        for match in _FIELD.finditer(text, line.start, line.end)
    ]


def _alike(places: Sequence[int]) -> float:
    return Counter(places).most_common(1)[0][1] / len(places)


def _placed(row: Sequence[_Field], bounds: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """Put the fields of a row that lacks some below the columns that they share most with."""
    cells: dict[int, Span] = {}
    for field in row:
        shared = [min(field.end, high) - max(field.start, low) for low, high in bounds]
        best = max(range(len(bounds)), key=shared.__getitem__)
        if best in cells or (cells and best < max(cells)):
            return tuple(each.span for each in row)  # it fits no columns
        cells[best] = field.span
    placed: list[Span] = []
    end = row[0].span.start
    for place in range(len(bounds)):
        cell = cells.get(place, Span(end, end))
        placed.append(cell)
        end = cell.end
    return tuple(placed)
