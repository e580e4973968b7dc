"""The blocks of a tree of HTML, written as they are read: headings, paragraphs, lists and tables.

E-books and e-mails are written by it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.loaders.hypertext.tables import Grid, data_tables
from index.loaders.hypertext.tree import Raised, hidden
from index.loaders.trees import Element, End, Start, Text, events
from index.loaders.writing import BREAK, Piece, Writer, collapse, pieces_of, settled, text_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "plaintext",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "xmp",
    ]
)
_LISTS = frozenset(("ul", "ol", "menu", "dir", "dl"))
_TYPED = frozenset(("pre", "listing", "plaintext", "xmp"))


@dataclass
class HtmlBlock:
    """What is one block of a page.

    Attributes:
        kind: "heading", "paragraph", "item", "table" or "lines".
        element: The element that it is in, or that it is.
        pieces: What it says, as it stands in the tree; of a table that of all cells.
        level: Of a heading.
        depth: Of an item: in how many other lists its list is.
        number: Of an item of an ordered list.
        first: Whether a list begins with it, that is in no other.
        rows: The cells of a table.
        header: Whether the first row of a table holds the headings of the columns.
        code: Whether lines are a program or the like.
        role: What it is beside the text of an article: "headline", "standfirst", "byline", "date"
            or "caption".
    """

    kind: str
    element: Element
    pieces: list[Piece]
    level: int = 0
    depth: int = 0
    number: int | None = None
    first: bool = False
    rows: Sequence[Sequence[Sequence[Piece]]] = ()
    header: bool = True
    code: bool = False
    role: str = ""


def is_block(element: Element) -> bool:
    """Tell whether an element begins a line, and ends one."""
    return element.tag in _BLOCKS


def write_html(
    writer: Writer, root: Element, keep: Callable[[HtmlBlock], bool] = lambda block: True
) -> None:
    """Write the blocks of a tree.

    Args:
        writer: What writes them; a part of the document has been begun.
        root: The root element.
        keep: Tells which blocks are written.
    """
    for block in html_blocks(root):
        if keep(block):
            write_block(writer, block)


def write_block(writer: Writer, block: HtmlBlock) -> None:
    """Write one block."""
    if block.kind == "table":
        writer.table(block.rows, header=block.header)
    elif block.kind == "lines":
        writer.lines(settled(block.pieces), code=block.code)
    elif block.kind == "heading":
        writer.heading(collapse(block.pieces), block.level)
    elif block.kind == "item":
        writer.item(
            collapse(block.pieces), depth=block.depth, number=block.number, first=block.first
        )
    else:
        writer.paragraph(collapse(block.pieces))


def html_blocks(root: Element) -> Iterator[HtmlBlock]:
    """Return the blocks of a tree that hold text, in order, in time linear to its size."""
    return _Reader(root).read()


class _List(NamedTuple):
    """A list that is open; its next item's number and the step to that behind, if it is ordered."""

    number: int | None = None
    step: int = 1
    begun: bool = False


class _Marker(NamedTuple):
    """What an item begins with; as :class:`HtmlBlock` has it."""

    depth: int
    number: int | None
    first: bool


class _Reader:
    def __init__(self, root: Element) -> None:
        self._root = root
        self._raised = Raised()
        self._tables = data_tables(root)
        self._pieces: list[Piece] = []  # of the block that is read
        self._lists: list[_List] = []
        self._marker: _Marker | None = None  # of the item that has begun
        self._item: HtmlBlock | None = None  # is given once it is whole
        self._goes_on = False  # whether what comes next stands in the line of the item
        self._level = 0  # of the heading that is open
        self._typed = 0  # how many elements are open whose text is in lines

    def read(self) -> Iterator[HtmlBlock]:
        """Return the blocks."""
        grid: Grid | None = None
        for event in events(self._root, skip=hidden):
            element = event.element
            self._raised.take(event)
            if grid is not None:
                if isinstance(event, End) and element is grid.element:
                    yield from self._table(grid)
                    grid = None
                else:
                    grid.take(event, self._raised.number)
            elif isinstance(event, Text):
                self._pieces += pieces_of(event, self._raised.number)
            elif element.tag == "br":
                if isinstance(event, Start):
                    if self._is_empty_line():
                        yield from self._flush(element.getparent())
                    self._pieces.append(BREAK)
            elif element.tag == "q":
                self._pieces.append(Piece("“" if isinstance(event, Start) else "”"))
            elif element.tag in _BLOCKS:
                starts = isinstance(event, Start)
                yield from self._flush(element.getparent() if starts else element)
                if not starts:
                    yield from self._leave(element)
                elif element in self._tables:
                    yield from self._close()
                    grid = Grid(element)
                else:
                    yield from self._enter(element)
        yield from self._flush(self._root)
        yield from self._close()

    def _enter(self, element: Element) -> Iterator[HtmlBlock]:
        tag = element.tag
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in _TYPED:
            self._typed += 1
        elif tag in _LISTS:
            yield from self._close()
            self._lists.append(_opened(element))
        elif tag in ("li", "dt") or (tag == "dd" and self._item is None):
            yield from self._close()
            self._marker = self._next(element)
        elif tag == "dd" and self._item is not None and self._item.element.tag == "dt":
            said = text_of(self._item.pieces).rstrip()
            self._item.pieces.append(Piece(": " if said[-1:].isalnum() else " "))
            self._item.element = element
            self._goes_on = True

    def _leave(self, element: Element) -> Iterator[HtmlBlock]:
        tag = element.tag
        if tag in _HEADINGS:
            self._level = 0
        elif tag in _TYPED:
            self._typed -= 1
        elif tag in _LISTS:
            yield from self._close()
            self._lists.pop()
        elif tag in ("li", "dt", "dd"):
            self._marker = None
            if tag == "li":
                yield from self._close()

    def _next(self, element: Element) -> _Marker:
        """Return what the next item of the innermost list begins with."""
        own = self._lists[-1] if self._lists else _List()
        number = own.number
        if number is not None:
            number = _number(element.get("value"), number)
            own = own._replace(number=number + own.step)
        first = not own.begun and len(self._lists) < 2
        if self._lists:
            self._lists[-1] = own._replace(begun=True)
        return _Marker(max(len(self._lists) - 1, 0), number, first)

    def _flush(self, element: Element) -> Iterator[HtmlBlock]:
        """End the block that is read, if it says something."""
        pieces, self._pieces = self._pieces, []
        if not text_of(pieces).strip():
            return
        if self._level:
            yield from self._close()
            self._marker = None  # what has headings in it is no item
            yield HtmlBlock("heading", element, pieces, level=self._level)
        elif self._typed:
            yield from self._close()
            yield HtmlBlock("lines", element, _trimmed(pieces), code=_is_code(element))
        elif self._marker is not None:
            yield from self._close()
            depth, number, first = self._marker
            self._marker = None
            self._item = HtmlBlock(
                "item", element, pieces, depth=depth, number=number, first=first
            )  # fmt: skip
        elif self._item is not None:
            self._item.pieces += pieces if self._goes_on else [BREAK, *pieces]
            self._goes_on = False
        else:
            yield HtmlBlock("paragraph", element, pieces)

    def _is_empty_line(self) -> bool:
        """Tell whether a line break would end a line without text, as between paragraphs."""
        for piece in reversed(self._pieces):
            if piece is BREAK or piece.text.strip():
                return piece is BREAK and not self._typed
        return False

    def _close(self) -> Iterator[HtmlBlock]:
        """End the item that is open."""
        if self._item is not None:
            yield self._item
            self._item = None
        self._goes_on = False

    def _table(self, grid: Grid) -> Iterator[HtmlBlock]:
        if text_of(grid.caption).strip():
            yield HtmlBlock("paragraph", grid.element, grid.caption)
        rows = [[collapse(cell) for cell in row] for row in grid.rows()]
        yield HtmlBlock("table", grid.element, grid.pieces, rows=rows, header=grid.header)


def _opened(element: Element) -> _List:
    if element.tag != "ol":
        return _List()
    step = 1 if element.get("reversed") is None else -1
    items = sum(child.tag == "li" for child in element) if step < 0 else 1
    return _List(_number(element.get("start"), items), step)


def _is_code(element: Element) -> bool:
    """Tell whether what is typed in an element is a program: it says so, or is coloured."""
    return any(each.tag in ("code", "kbd", "samp", "span") for each in element)


def _number(said: str | None, otherwise: int) -> int:
    digits = (said or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else otherwise


def _trimmed(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces without empty lines at their start and white space at their end."""
    text = text_of(pieces)
    start = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    end = len(text.rstrip())
    trimmed, place = [], 0
    for piece in pieces:
        low, high = max(start - place, 0), min(end - place, len(piece.text))
        if low < high:
            trimmed.append(piece.cut(low, high))
        place += len(piece.text)
    return trimmed
