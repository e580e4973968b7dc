"""Tables whose cells are drawn: by lines, or as frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.loaders.pdf.reading.lines import Line

Floats = NDArray[np.float64]

_MOST_RULES = 3000  # of a page; a map or a plot has more
_LEVEL = 0.3  # line heights by which the lines of one row may differ
_COLUMN_GAP = 0.5  # em
_WORD_GAP = 0.12  # em
_MOST_CELLS = 20_000  # of a table; a net of more is squared paper
_THIN = 3.0  # points
_SHORT = 8.0  # points: a tick, a box to be ticked
_NEAR = 2.5  # points: rules so near touch, and edges so near are one
_LONGEST_CELL = 15  # lines: a frame round text is no cell
_FILLED = 0.3  # share of the rows that hold text in several cells
_THROUGH = 0.1  # share of the lines through whose words rules go: a drawing over text


@dataclass(frozen=True, eq=False)
class Table:
    """A table on a page.

    Attributes:
        rows: The lines of each cell of each row.
        left: Where it starts.
        top: Where it starts.
        right: Where it ends.
        bottom: Where it ends.
        header: Whether its first row holds the headings of its columns.
    """

    rows: tuple[tuple[tuple[Line, ...], ...], ...]
    left: float
    top: float
    right: float
    bottom: float
    header: bool = True

    @property
    def lines(self) -> list[Line]:
        """All that is in it, row by row."""
        return [line for row in self.rows for cell in row for line in cell]


def ruled_tables(
    lines: Sequence[Line], rules: NDArray[np.float32]
) -> tuple[list[Table], list[Line]]:
    """Return the tables that rules draw, and the lines that are in none.

    Args:
        lines: The lines of a page.
        rules: Left, top, right and bottom of each rule, shaped (rules, 4).
    """
    tables: list[Table] = []
    if not lines:
        return [], []
    middles = np.array(
        [((line.left + line.right) / 2, (line.top + line.bottom) / 2) for line in lines]
    )
    free = np.ones(len(lines), dtype=bool)
    for across, down in _nets(rules.astype(np.float64)):
        low = min(across[:, 0].min(), down[:, 0].min()), min(across[:, 1].min(), down[:, 1].min())
        end = max(across[:, 2].max(), down[:, 2].max()), max(across[:, 3].max(), down[:, 3].max())
        inside = np.flatnonzero(((middles >= low) & (middles <= end)).all(axis=1) & free)
        table = _table([lines[number] for number in inside.tolist()], across, down)
        if table is not None:
            tables.append(table)
            free[inside] = False
    return tables, [line for line, left in zip(lines, free.tolist(), strict=True) if left]


def _nets(rules: Floats) -> list[tuple[Floats, Floats]]:
    """Return the horizontal and the vertical rules of each net of rules that touch one another."""
    rules = rules[np.isfinite(rules).all(axis=1)]
    wide, high = rules[:, 2] - rules[:, 0], rules[:, 3] - rules[:, 1]
    across = _united(rules[(high < _THIN) & (wide > _SHORT)])
    down = _united(rules[(wide < _THIN) & (high >= _THIN)][:, [1, 0, 3, 2]])[:, [1, 0, 3, 2]]
    if not len(across) or not len(down) or len(across) + len(down) > _MOST_RULES:
        return []
    touch = (
        (down[None, :, 0] >= across[:, None, 0] - _NEAR)
        & (down[None, :, 0] <= across[:, None, 2] + _NEAR)
        & (across[:, None, 1] >= down[None, :, 1] - _NEAR)
        & (across[:, None, 1] <= down[None, :, 3] + _NEAR)
    )
    nets = []
    free = np.ones(len(across), dtype=bool)
    for first in range(len(across)):
        if not free[first]:
            continue
        own = np.zeros(len(across), dtype=bool)
        new = own.copy()
        new[first] = True
        crossing = np.zeros(len(down), dtype=bool)
        while new.any():
            own |= new
            reached = touch[new].any(axis=0) & ~crossing
            crossing |= reached
            new = touch[:, reached].any(axis=1) & ~own
        free &= ~own
        if own.sum() > 1 and crossing.sum() > 0:
            nets.append((across[own], down[crossing]))
    return nets


def _united(rules: Floats) -> Floats:
    """Return horizontal rules, those that go on in one line as one."""
    if not len(rules):
        return rules
    middle = (rules[:, 1] + rules[:, 3]) / 2
    edges = _edges(middle)
    level = np.argmin(np.abs(middle[:, None] - edges[None, :]), axis=1) if len(edges) < 500 else (
        np.clip(np.searchsorted(edges, middle), 0, len(edges) - 1)
    )  # fmt: skip
    order = np.lexsort((rules[:, 0], level))
    united: list[list[float]] = []
    last = -1
    for number in order.tolist():
        left, right = float(rules[number, 0]), float(rules[number, 2])
        if int(level[number]) == last and left <= united[-1][2] + _NEAR:
            united[-1][2] = max(united[-1][2], right)
        else:
            last = int(level[number])
            united.append([left, float(edges[last]), right, float(edges[last])])
    return np.array(united)


def _edges(places: Floats) -> Floats:
    """Return where edges are, those next to one another as one."""
    ordered = np.sort(places)
    starts = np.append(0, np.flatnonzero(np.diff(ordered) > _NEAR) + 1)
    sums = np.add.reduceat(ordered, starts)
    return sums / np.diff(np.append(starts, len(ordered)))


def _table(lines: Sequence[Line], across: Floats, down: Floats) -> Table | None:
    """Return the table of a net of rules and the lines in it; None if it is something else."""
    columns = _edges(np.concatenate([down[:, 0], [across[:, 0].min(), across[:, 2].max()]]))
    levels = _edges(np.concatenate([across[:, 1], [down[:, 1].min(), down[:, 3].max()]]))
    wide, high = len(columns) - 1, len(levels) - 1
    if wide < 2 or high < 2 or wide * high > _MOST_CELLS:
        return None
    placed: list[tuple[Line, int, Floats]] = []
    for line in lines:
        y = (line.top + line.bottom) / 2
        row = min(max(int(np.searchsorted(levels, y)) - 1, 0), high - 1)
        placed.append((line, row, down[(down[:, 1] < y) & (down[:, 3] > y), 0]))
    if sum(_goes_through(line, rules) for line, _, rules in placed) > _THROUGH * len(lines):
        return None
    cells: list[list[list[Line]]] = [[[] for _ in range(wide)] for _ in range(high)]
    for line, row, crossing in placed:
        for part in _parts(line, crossing):
            edge = part.left + min(part.size, part.right - part.left) / 2
            column = min(max(int(np.searchsorted(columns, edge)) - 1, 0), wide - 1)
            cells[row][column].append(part)
    full = [row for row in cells if any(row)]
    several = sum(sum(map(bool, row)) > 1 for row in full)
    longest = max((len(cell) for row in cells for cell in row), default=0)
    if several < max(2, _FILLED * len(full)) or (longest > _LONGEST_CELL and len(full) < 4):
        return None
    full = [part for row in full for part in _split(row)]
    full = _with_columns_apart(full)
    wide = len(full[0])
    used = [number for number in range(wide) if any(row[number] for row in full)]
    if len(used) < 2:
        return None
    rows = tuple(
        tuple(tuple(sorted(row[number], key=_by_place)) for number in used) for row in full
    )
    ends = float(columns[0]), float(levels[0]), float(columns[-1]), float(levels[-1])
    return Table(rows, *ends)


def _split(row: list[list[Line]]) -> list[list[list[Line]]]:
    """Return the rows that a row of several lines holds, if they begin level in all its cells.

    Many tables draw a line only between groups of rows. What stands in some cells only is what
    the row above wraps to; then one column has to tell the rows by one number each.
    """
    lines = [(line, number) for number, cell in enumerate(row) for line in cell]
    lines.sort(key=lambda each: each[0].bottom)
    groups: list[list[tuple[Line, int]]] = []
    for line, number in lines:
        last = groups[-1][0][0] if groups else None
        if last is not None and line.bottom - last.bottom < _LEVEL * last.height:
            groups[-1].append((line, number))
        else:
            groups.append([(line, number)])
    columns = {number for _, number in lines}
    if len(groups) < 2 or len(columns) < 2:
        return [row]
    starts = [
        place for place, group in enumerate(groups) if {number for _, number in group} == columns
    ]
    if len(starts) < 2 or starts[0] > 0:
        return [row]
    counted = any(len(cell) == len(starts) and all(map(_has_digit, cell)) for cell in row)
    if len(starts) < max(3, len(groups)) and not counted:  # words that go on below one another
        return [row]
    return [
        [
            [line for group in groups[start:end] for line, own in group if own == number]
            for number in range(len(row))
        ]
        for start, end in pairwise([*starts, len(groups)])
    ]


def _has_digit(line: Line) -> bool:
    return any(map(str.isdigit, line.text))


def _with_columns_apart(rows: list[list[list[Line]]]) -> list[list[list[Line]]]:
    """Return rows in which columns that no line parts, but a gap in all rows, are apart."""
    columns: list[list[list[Line]]] = []
    for column in zip(*rows, strict=True):
        ends: list[tuple[float, float, float]] = sorted(
            (line.left, line.right, line.size) for cell in column for line in cell
        )
        cuts, reach = [], ends[0][1] if ends else 0.0
        for left, right, size in ends:
            if left - reach > _COLUMN_GAP * size:
                cuts.append((left + reach) / 2)
            reach = max(reach, right)
        for cut in [*cuts]:
            both = sum(
                any(line.left < cut for line in cell) and any(line.left > cut for line in cell)
                for cell in column
            )
            if both < max(2, len(rows) / 3):
                cuts.remove(cut)
        for low, high in pairwise([-np.inf, *cuts, np.inf]):
            columns.append([[line for line in cell if low < line.left <= high] for cell in column])
    return [[column[number] for column in columns] for number in range(len(rows))]


def _by_place(line: Line) -> tuple[float, float]:
    return round((line.top + line.bottom) / 2 / max(line.size / 2, 1)), line.left


def _goes_through(line: Line, rules: Floats) -> bool:
    """Tell whether a rule goes through a word of a line."""
    crossing = rules[(rules > line.left) & (rules < line.right)]
    if not len(crossing):
        return False
    seen = line.glyphs[~line.sheet.blank[line.glyphs]]
    boxes = line.sheet.boxes[seen]
    gaps = boxes[1:, 0] - boxes[:-1, 2]
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    after = np.searchsorted(np.maximum.accumulate(middles), crossing)
    inner = (after > 0) & (after < len(seen))
    return bool((gaps[after[inner] - 1] < _WORD_GAP * line.size).any())


def _parts(line: Line, rules: Floats) -> list[Line]:
    """Return the parts of a line between the rules that cross it."""
    crossing = rules[(rules > line.left) & (rules < line.right)]
    if not len(crossing):
        return [line]
    boxes = line.sheet.boxes[line.glyphs]
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    column = np.searchsorted(np.sort(crossing), middles)
    starts = [0, *(np.flatnonzero(np.diff(column)) + 1).tolist(), len(middles)]
    parts = [line.cut(start, end) for start, end in pairwise(starts)]
    return [part for part in parts if part is not None]
