"""Who wrote a paper: names side by side below its title, each with what is said of it below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.loaders.pdf.reading.aligned import rows_of
from index.loaders.pdf.reading.lines import Line

_TITLE = 1.15  # times the size of the names
_ABOVE = 4  # rows from the title to the names, at most
_TOP = 0.5  # share of the page's height in which they stand
_CENTRED = 0.06  # share of the page's width
_GAP = 1.5  # em between two names
_APART = 2.5  # line heights from one row to the next, at most
_LONGEST = 60  # characters of a line
_MOST_NAMES = 4
_MOST_LINES = 6  # of a name and its address
_LETTERS = 0.6  # share of a name
_IN_LINE = 0.8  # em by which the middles, or the left edges, of the lines of a cell may differ


@dataclass(frozen=True, eq=False)
class Byline:
    """Names side by side, each with the lines below it.

    Attributes:
        cells: The lines of each, from the top.
        left: Where it starts.
        top: Where it starts.
        right: Where it ends.
        bottom: Where it ends.
    """

    cells: tuple[tuple[Line, ...], ...]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def lines(self) -> list[Line]:
        """All its lines, cell by cell."""
        return [line for cell in self.cells for line in cell]


def bylines(lines: Sequence[Line]) -> tuple[list[Byline], list[Line]]:
    """Return the names below the title of a document's first page, and the lines of the rest."""
    if not lines or lines[0].sheet.place > 0:
        return [], list(lines)
    page = lines[0].sheet.page
    rows = rows_of(
        sorted((line for line in lines if line.top < _TOP * page.height), key=lambda line: line.top)
    )
    title: Line | None = None
    since = 0
    for place, row in enumerate(rows):
        since += 1
        if len(row) > 1:
            if title is not None and since <= _ABOVE and _are_names(row, title):
                return _taken(rows, place, lines)
        elif title is None or row[0].size >= title.size:
            title, since = row[0], 0
    return [], list(lines)


def _are_names(row: Sequence[Line], title: Line) -> bool:
    """Tell whether a row stands below a title, centred as it is, its cells apart."""
    page = title.sheet.page
    middle = (row[0].left + row[-1].right) / 2
    return (
        abs(middle - (title.left + title.right) / 2) < _CENTRED * page.width
        and all(line.size * _TITLE <= title.size for line in row)
        and all(len(line.text) <= _LONGEST and line.text[-1] != ":" for line in row)
        and all(sum(map(str.isalpha, line.text)) >= _LETTERS * len(line.text) for line in row)
        and all(b.left - a.right >= _GAP * a.size for a, b in pairwise(row))
    )


def _taken(
    rows: Sequence[Sequence[Line]], first: int, lines: Sequence[Line]
) -> tuple[list[Byline], list[Line]]:
    """Return what stands below names in their cells, and what is left of the lines."""
    cells = [[line] for line in rows[first]]
    for row in rows[first + 1 :]:
        apart = min(line.top for line in row) - max(cell[-1].bottom for cell in cells)
        owners = [_owner(line, cells) for line in row]
        if apart > _APART * row[0].height:
            break
        if None in owners or len(set(owners)) < len(owners):
            if len(row) > 1:
                return [], list(lines)  # a table
            break
        for line, owner in zip(row, owners, strict=True):
            if owner is not None:
                cells[owner].append(line)
    own = [line for cell in cells for line in cell]
    if not _say_who(cells):
        return [], list(lines)
    byline = Byline(
        tuple(map(tuple, cells)), min(line.left for line in own), min(line.top for line in own),
        max(line.right for line in own), max(line.bottom for line in own),
    )  # fmt: skip
    taken = set(map(id, own))
    return [byline], [line for line in lines if id(line) not in taken]


def _say_who(cells: Sequence[Sequence[Line]]) -> bool:
    """Tell whether cells are names with addresses, rather than the columns of a table."""
    own = [line for cell in cells for line in cell]
    if len(cells) > _MOST_NAMES or max(map(len, cells)) > _MOST_LINES:
        return False
    if any("@" in line.text for line in own) or len(own) == len(cells):
        return True
    words = all(sum(map(str.isalpha, line.text)) >= len(line.text) / 2 for line in own)
    steps = [
        abs(one.left - two.left) > _IN_LINE * one.size
        for cell in cells
        for one, two in pairwise(cell)
    ]
    return words and any(steps)  # centred


def _owner(line: Line, cells: Sequence[Sequence[Line]]) -> int | None:
    """Return in which cell a line stands; None if in none, or in several."""
    over = [
        number for number, cell in enumerate(cells)
        if any(line.left < each.right and each.left < line.right for each in cell)
    ]  # fmt: skip
    if len(over) != 1 or len(line.text) > _LONGEST:
        return None
    name = cells[over[0]][0]
    middle = abs(line.left + line.right - name.left - name.right) / 2
    in_line = min(middle, abs(line.left - name.left)) <= _IN_LINE * line.size
    return over[0] if in_line else None
