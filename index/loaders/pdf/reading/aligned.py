"""Tables that no line draws: rows whose cells stand below one another, with clear gaps between."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.loaders.pdf.reading.grids import Table
from index.loaders.pdf.reading.lines import Line
from index.loaders.pdf.reading.marks import has_leaders, item_mark

_HEADERS = 2  # rows at the top that may hold headers
_LEAST_ROWS = 3
_GAP = 0.8  # em between two columns
_WRAPPED = 2  # rows of one cell in sequence: a cell of several lines
_FULL = 0.6  # share of the rows with several cells
_APART = 2.5  # line heights from one row to the next, at most
_TIGHT = 0.5  # line heights between the lines of one cell
_ANOTHER = 1.0  # line heights above the first row of another table
_LEVEL = 0.1  # of a line's height
_LONGEST = 120  # characters of a cell: columns of prose have lines, not cells

Gap = tuple[float, float]


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines sorted from the top as rows, each from left to right."""
    rows: list[list[Line]] = []
    for line in lines:
        middle = (line.top + line.bottom) / 2
        last = rows[-1] if rows else None
        if (
            last is not None
            and last[0].top <= middle <= last[0].bottom
            and last[0].top <= line.bottom
            and all(line.left >= each.right - line.size or line.right <= each.left + line.size
                    for each in last)
        ):  # fmt: skip
            last.append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.left)
    return rows


def aligned_tables(rows: Sequence[Sequence[Line]]) -> list[Table | Sequence[Line]]:
    """Return rows in order, those that make a table as one."""
    found: list[Table | Sequence[Line]] = []
    place = 0
    while place < len(rows):
        end, gaps = _reach(rows, place)
        own: Sequence[Sequence[Line]] = rows[place:end]
        beside: list[Line] = []
        if gaps and end - place >= _LEAST_ROWS:
            own, beside = _without_beside(own, gaps[-1])
        table = _table(own, gaps[:-1] if beside else gaps) if len(own) >= _LEAST_ROWS else None
        if table is None:
            found.append(rows[place])
            place += 1
        else:
            found.append(table)
            found.extend([line] for line in beside)
            place = end
    return found


def _reach(rows: Sequence[Sequence[Line]], first: int) -> tuple[int, list[Gap]]:
    """Return where the rows end that have a gap in common with the first, and the gaps."""
    gaps = _gaps(rows[first])
    if not gaps:
        return first + 1, []
    end, single = first + 1, 0
    whole = end, gaps  # up to the last row of several cells
    widest = 0.0  # between rows
    while end < len(rows) and single <= _WRAPPED:
        row, above = rows[end], rows[end - 1]
        apart = min(line.top for line in row) - max(line.bottom for line in above)
        if apart > _APART * row[0].height:
            break
        if apart > max(_ANOTHER * row[0].height, 2 * widest) and _has_other_columns(above, row):
            break
        widest = max(widest, apart)
        left = _narrowed(gaps, row)
        if not left or len(left) < len(gaps) - 1:
            break
        gaps = left
        single = single + 1 if len(row) == 1 else 0
        end += 1
        if len(row) > 1:
            whole = end, gaps
    return whole


def _has_other_columns(one: Sequence[Line], two: Sequence[Line]) -> bool:
    """Tell whether each of two rows of several cells has one below or above none of the other's."""
    if min(len(one), len(two)) < 2:
        return False
    return all(
        any(all(line.right <= other.left or line.left >= other.right for other in others)
            for line in row)
        for row, others in ((one, two), (two, one))
    )  # fmt: skip


def _without_beside(
    rows: Sequence[Sequence[Line]], gap: Gap
) -> tuple[Sequence[Sequence[Line]], list[Line]]:
    """Return rows without what stands behind their last gap, if that has steps of its own; that.

    Such as an address beside a table: both step down evenly, but not together.
    """
    middle = sum(gap) / 2
    parts = [[line for line in row if line.left < middle] for row in rows]
    beside = [line for row in rows for line in row if line.left >= middle]
    if not 2 < len(beside) <= len(rows):
        return rows, []
    own = [part[0] for part in parts if part]
    steps = [_even_step(each) for each in (own, beside)]
    if not all(steps) or abs(steps[0] - steps[1]) < _LEVEL * beside[0].height or (
        steps[1] >= 2 * steps[0]
    ):  # fmt: skip
        return rows, []
    return [part for part in parts if part], beside


def _even_step(lines: Sequence[Line]) -> float:
    """Return the step from line to line if it is the same throughout; else 0."""
    steps = [two.bottom - one.bottom for one, two in pairwise(lines)]
    even = len(steps) > 1 and max(steps) - min(steps) < _LEVEL * lines[0].height
    return steps[0] if even else 0.0


def _gaps(row: Sequence[Line]) -> list[Gap]:
    return [
        (one.right, two.left)
        for one, two in pairwise(row)
        if two.left - one.right >= _GAP * max(one.size, two.size)
    ]


def _narrowed(gaps: Sequence[Gap], row: Sequence[Line]) -> list[Gap]:
    """Return what is left of gaps beside the cells of a further row."""
    found = []
    for left, right in gaps:
        low, high = left, right
        for line in row:
            if line.right <= low or line.left >= high:
                continue
            if line.left <= low + (high - low) / 2 and line.right < high:
                low = max(low, line.right)
            elif line.left > low:
                high = min(high, line.left)
            else:
                low = high
        if high - low >= _GAP / 2 * row[0].size:
            found.append((low, high))
    return found


def _without_split_headers(cells: list[list[list[Line]]]) -> list[list[list[Line]]]:
    """Return rows in which a header that stands beside its column, not over it, is over it."""
    column = 0
    while column + 1 < len(cells[0]):
        one, two = [row[column] for row in cells], [row[column + 1] for row in cells]
        header, data = (one, two) if any(one[:_HEADERS]) else (two, one)
        beside = not any(header[_HEADERS:]) and not any(data[:_HEADERS]) and any(header)
        if beside and len(cells) > _HEADERS + 1:
            for row in cells:
                row[column : column + 2] = [row[column] + row[column + 1]]
        else:
            column += 1
    return cells


def _columns(rows: Sequence[Sequence[Line]]) -> list[Gap]:
    """Return the gaps that all rows but those of few cells, such as headers over several, share."""
    usual = sorted(map(len, rows))[len(rows) // 2]
    lines = sorted(
        (line for row in rows if len(row) >= usual for line in row), key=lambda line: line.left
    )
    gaps, reach = [], lines[0].right
    for line in lines:
        if line.left - reach >= _GAP / 2 * line.size:
            gaps.append((reach, line.left))
        reach = max(reach, line.right)
    return gaps


def _counts_on(above: Sequence[Sequence[Line]], row: Sequence[Sequence[Line]]) -> bool:
    """Tell whether a number stands below a number, in a row of several cells: no cell wraps so."""
    several = sum(map(bool, row)) > 1
    return several and any(
        cell and others and _is_number(cell[0].text) and _is_number(others[-1].text)
        for cell, others in zip(row, above, strict=True)
    )


def _is_number(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits > 0 and sum(map(str.isalpha, text)) <= digits


def _table(rows: Sequence[Sequence[Line]], gaps: Sequence[Gap]) -> Table | None:
    """Return the table of rows; None if they are something else."""
    several = [row for row in rows if len(row) > 1]
    if len(several) < max(_LEAST_ROWS, _FULL * len(rows)):
        return None
    if sum(any(has_leaders(line.text) for line in row) for row in rows) * 2 > len(rows):
        return None
    marked = sum(
        item_mark(f"{row[0].text} x", apart=True) is not None and len(row[0].text) <= 6
        for row in several
    )
    if marked * 2 > len(several) and len(gaps) == 1:
        return None
    lines = [line for row in rows for line in row]
    if max(len(line.text) for line in lines) > _LONGEST:
        return None
    gaps = max(gaps, _columns(several), key=len)
    cells: list[list[list[Line]]] = []
    bottom = 0.0
    for row in rows:
        placed: list[list[Line]] = [[] for _ in range(len(gaps) + 1)]
        for line in row:
            middle = (line.left + line.right) / 2
            placed[sum(middle > (low + high) / 2 for low, high in gaps)].append(line)
        top = min(line.top for line in row)
        wraps = cells and not placed[0] and top - bottom < _TIGHT * row[0].height
        if (
            wraps
            and not _counts_on(cells[-1], placed)
            and all(cells[-1][number] for number, cell in enumerate(placed) if cell)
        ):
            for number, cell in enumerate(placed):
                cells[-1][number] += cell
        else:
            cells.append(placed)
        bottom = max(line.bottom for line in row)
    cells = _without_split_headers(cells)
    return Table(
        tuple(tuple(map(tuple, row)) for row in cells), min(line.left for line in lines),
        min(line.top for line in lines), max(line.right for line in lines),
        max(line.bottom for line in lines),
    )  # fmt: skip
