"""The tables of a tree of HTML: which hold data, and what their cells are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.loaders.hypertext.tree import hidden
from index.loaders.trees import Element, End, Event, Start, Text, events
from index.loaders.writing import BREAK, SPACE, Piece, pieces_of, text_of

_LAYOUT_ROLES = frozenset(("presentation", "none"))
# What stands in no cell of a table of data.
_NOT_IN_CELLS = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "article",
        "aside",
        "blockquote",
        "footer",
        "form",
        "header",
        "main",
        "nav",
        "section",
    ]
)
_LONG_CELL = 400  # characters on average: that is prose in columns
_WIDEST = 1000  # columns
_LONGEST_SPAN = 1000  # rows
_SPREAD = 3  # times its own length that cells that span others may add to a table
_PARTS = frozenset(("li", "p", "div", "dt", "dd", "pre", "h4", "h5", "h6", "blockquote", "tr"))


@dataclass
class _Seen:
    """What has been seen of a table."""

    cells: int = 0
    rows: int = 0
    headers: int = 0
    length: int = 0
    layout: bool = False


def data_tables(root: Element) -> set[Element]:
    """Return the tables that hold data, and are not there for how the page looks.

    Those hold no other table, and no headings or sections; their cells are short, and they have two
    rows and two columns.
    """
    found: set[Element] = set()
    stack: list[_Seen] = []
    for event in events(root, skip=hidden):
        tag = event.element.tag
        if isinstance(event, Text):
            if stack:
                stack[-1].length += len(event.text.strip())
        elif isinstance(event, Start):
            if tag == "table":
                if stack:
                    stack[-1].layout = True
                stack.append(_Seen(layout=event.element.get("role", "") in _LAYOUT_ROLES))
            elif stack:
                stack[-1].cells += tag in ("td", "th")
                stack[-1].headers += tag == "th"
                stack[-1].rows += tag == "tr"
                stack[-1].layout |= tag in _NOT_IN_CELLS
        elif tag == "table":
            seen = stack.pop()
            if (
                not seen.layout
                and seen.rows > 1
                and seen.cells > seen.rows
                and seen.length < _LONG_CELL * seen.cells
            ):
                found.add(event.element)
    return found


@dataclass
class _Cell:
    pieces: list[Piece] = field(default_factory=list)
    columns: int = 1
    rows: int = 1
    header: bool = False


class Grid:
    """Takes what a table of data holds, event by event."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.caption: list[Piece] = []
        self._rows: list[list[_Cell]] = []
        self._heads = 0  # rows that are marked as headings
        self._in_head = False
        self._cell: _Cell | None = None

    def take(self, event: Event, raised: int = 0) -> None:
        """Take what is met next inside of the table.

        Args:
            event: What is met.
            raised: Which raised stretch it is of, if it is text; 0 if of none.
        """
        tag = event.element.tag
        pieces = self.caption if self._cell is None else self._cell.pieces
        if isinstance(event, Text):
            pieces += pieces_of(event, raised)
        elif tag == "br" or (tag in _PARTS and self._cell is not None):
            pieces.append(BREAK)
        elif isinstance(event, End):
            if tag in ("td", "th"):
                self._cell = None
            elif tag == "thead":
                self._in_head = False
        elif tag == "thead":
            self._in_head = True
        if isinstance(event, Start):
            if tag == "tr":
                self._row()
            elif tag in ("td", "th"):
                if not self._rows:
                    self._row()
                self._cell = _Cell(
                    columns=_count(event.element.get("colspan"), _WIDEST),
                    rows=_count(event.element.get("rowspan"), _LONGEST_SPAN),
                    header=tag == "th",
                )
                self._rows[-1].append(self._cell)

    def _row(self) -> None:
        self._rows.append([])
        self._cell = None
        if self._in_head and self._heads == len(self._rows) - 1:
            self._heads += 1

    @property
    def pieces(self) -> list[Piece]:
        """What all its cells say, each once."""
        return [piece for row in self._rows for cell in row for piece in cell.pieces]

    @property
    def header(self) -> bool:
        """Whether its first row holds the headings of its columns."""
        return self._header_rows() > 0

    def rows(self) -> list[list[list[Piece]]]:
        """Return its rows; several that hold headings are one.

        What spans several rows or columns stands in each of them, as long as the table does not
        become much longer by it. What spans the whole width stands once.
        """
        rows = self._spread()
        heads = self._header_rows()
        if heads < 2:
            return rows
        width = max(map(len, rows[:heads]))
        merged = [
            _merged([row[place] for row in rows[:heads] if place < len(row)])
            for place in range(width)
        ]
        return [merged, *rows[heads:]]

    def _header_rows(self) -> int:
        rows = self._rows
        if self._heads:
            return min(self._heads, len(rows) - 1)
        heads = 0
        while heads < len(rows) - 1 and rows[heads] and all(cell.header for cell in rows[heads]):
            heads += 1
        return heads

    def _spread(self) -> list[list[list[Piece]]]:
        budget = _SPREAD * sum(_cost(cell.pieces) for row in self._rows for cell in row)
        width = max((sum(cell.columns for cell in row) for row in self._rows), default=0)
        held: dict[int, tuple[int, list[Piece]]] = {}  # what reaches down, by its column
        spread = []
        for row in self._rows:
            cells: list[list[Piece]] = []
            for cell in (*row, None):
                while len(cells) in held:
                    rest, pieces = held.pop(len(cells))
                    if rest > 1:
                        held[len(cells)] = rest - 1, pieces
                    cells.append(pieces)
                    budget -= _cost(pieces)
                    if budget < 0:
                        held.clear()
                if cell is None:
                    break
                whole = cell.columns >= width and len(row) == 1
                for number in range(1 if whole else cell.columns):
                    budget -= _cost(cell.pieces) if number else 0
                    if number and budget < 0:
                        break
                    if cell.rows > 1:
                        held[len(cells)] = cell.rows - 1, cell.pieces
                    cells.append(cell.pieces)
            spread.append(cells)
        return spread


def _cost(pieces: Sequence[Piece]) -> int:
    """Return about how many characters a cell takes."""
    return 20 + sum(len(piece.text) for piece in pieces)


def _merged(cells: Sequence[list[Piece]]) -> list[Piece]:
    """Return the headings that stand below one another in a column as one."""
    merged: list[Piece] = []
    last: list[Piece] | None = None
    for pieces in cells:
        if pieces is last or not text_of(pieces).strip():
            continue
        merged += [SPACE, *pieces] if merged else pieces
        last = pieces
    return merged


def _count(said: str | None, most: int) -> int:
    digits = (said or "").strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 6:
        return 1
    return min(max(int(digits), 1), most)
