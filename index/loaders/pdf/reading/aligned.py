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
        table = _table(rows[place:end], gaps) if end - place >= _LEAST_ROWS else None
        if table is None:
            found.append(rows[place])
            place += 1
        else:
            found.append(table)
            place = end
    return found


def _reach(rows: Sequence[Sequence[Line]], first: int) -> tuple[int, list[Gap]]:
    """Return where the rows end that have a gap in common with the first, and the gaps."""
    gaps = _gaps(rows[first])
    if not gaps:
        return first + 1, []
    end, single = first + 1, 0
    whole = end, gaps  # up to the last row of several cells
    while end < len(rows) and single <= _WRAPPED:
        row, above = rows[end], rows[end - 1]
        apart = min(line.top for line in row) - max(line.bottom for line in above)
        if apart > _APART * row[0].height:
            break
        left = _narrowed(gaps, row)
        if not left or len(left) < len(gaps) - 1:
            break
        gaps = left
        single = single + 1 if len(row) == 1 else 0
        end += 1
        if len(row) > 1:
            whole = end, gaps
    return whole


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
        if wraps and all(cells[-1][number] for number, cell in enumerate(placed) if cell):
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
