"""The paragraphs and tables of a Word document, as its XML has them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from index.loaders.office.names import PREFIXES, child, is_on, kind, number, value
from index.loaders.office.styles import is_raised, is_vanished
from index.loaders.office.symbols import symbol
from index.loaders.trees import Element, End, Start, events
from index.loaders.writing import BREAK, SPACE, Piece, pieces_of

TEXTS = frozenset(("w:t", "m:t", "a:t"))
_PARAGRAPHS = frozenset(("w:p", "a:p"))
_RUNS = frozenset(("w:r", "a:r"))
_NEVER = frozenset(
    ("w:del", "w:moveFrom", "w:delText", "w:instrText", "w:delInstrText", "w:rt", "w:pPr", "w:rPr",
     "w:sectPr", "w:tblPr", "w:tblGrid", "w:tcPr", "w:sdtPr", "w:sdtEndPr", "w:binData",
     "wp:positionH", "wp:positionV", "wp14:sizeRelH", "wp14:sizeRelV")
)  # fmt: skip
_MATH = {"m:sup": "^", "m:sub": "_", "m:den": "/", "m:deg": "√"}  # what stands before them
_WIDEST = 64  # columns: Word has at most 63


@dataclass
class Paragraph:
    """A paragraph: what it says, and the notes, charts and diagrams in it, as (kind, number)."""

    element: Element
    pieces: list[Piece] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Cell:
    """A cell: its blocks, how many columns it spans, and whether it goes on from the row above."""

    blocks: list[Block] = field(default_factory=list)
    span: int = 1
    continued: bool = False


@dataclass
class Row:
    """A row of cells; the first stands in the column of a number that may be above 0."""

    cells: list[Cell] = field(default_factory=list)
    before: int = 0
    header: bool = False


@dataclass
class Table:
    """A table."""

    rows: list[Row] = field(default_factory=list)


Block: TypeAlias = "Paragraph | Table"


def is_hidden(element: Element) -> bool:
    """Tell whether nothing in an element is part of what the document says."""
    named = kind(element)
    if named in _NEVER:
        return True
    if named == "w:r":
        return is_vanished(element)
    if named == "w:tr":
        return is_on(child(element, "w:trPr"), "w:del")
    if named == "mc:Choice":
        if element.getprevious() is not None:
            return True
        last = element.getparent()[-1]
        return last is not element and not _says(element) and _says(last)
    if named == "mc:Fallback":
        first = element.getparent()[0]
        return _says(first) or not _says(element)
    return False


def _says(element: Element) -> bool:
    return next(element.iter("{*}t"), None) is not None


def blocks_of(
    root: Element, raising: Collection[str] = ()
) -> tuple[list[Block], dict[str, list[Block]]]:
    """Return the blocks of a part of a document, and those of each note by its number.

    Text boxes follow the paragraph that they are anchored in.

    Args:
        root: The root of the document, of its footnotes or of its endnotes.
        raising: The ids of the styles that raise characters.
    """
    walk = _Walk(root, raising)
    for event in events(root, skip=is_hidden, prefixes=PREFIXES):
        if isinstance(event, Start):
            walk.start(event.element, kind(event.element))
        elif isinstance(event, End):
            walk.end(event.element, kind(event.element))
        elif kind(event.element) in TEXTS:
            walk.copy(*pieces_of(event, walk.raised))
    return walk.body, walk.notes


class _Walk:
    """What is open at a place of the walk."""

    def __init__(self, root: Element, raising: Collection[str]) -> None:
        self.raised = 0  # as pieces have it
        self._raising = raising
        self.body: list[Block] = []
        self.notes: dict[str, list[Block]] = {}
        self._into = [self.body]  # the innermost list of blocks last
        self._paragraphs: list[Paragraph] = []
        self._tables: list[Table] = []
        self._fields = _fields_of(root)
        self._codes = 0  # in how many instructions of fields it stands

    def start(self, element: Element, named: str) -> None:
        if named in _PARAGRAPHS:
            paragraph = Paragraph(element)
            self._into[-1].append(paragraph)
            self._paragraphs.append(paragraph)
        elif named == "w:tbl":
            table = Table()
            self._into[-1].append(table)
            self._tables.append(table)
        elif named == "w:tr" and self._tables:
            properties = child(element, "w:trPr")
            before = min(number(child(properties, "w:gridBefore"), "w:val"), _WIDEST)
            header = is_on(properties, "w:tblHeader")
            self._tables[-1].rows.append(Row([], max(before, 0), header))
        elif named == "w:tc":
            self._into.append(self._cell(element))
        elif named == "w:txbxContent":
            self._into.append([])
        elif named in ("w:footnote", "w:endnote"):
            blocks: list[Block] = []
            self.notes.setdefault(value(element, "w:id") or "", blocks)
            self._into.append(blocks)
        elif self._paragraphs:
            self._in_line(element, named)

    def _cell(self, element: Element) -> list[Block]:
        properties = child(element, "w:tcPr")
        span = min(max(number(child(properties, "w:gridSpan"), "w:val", 1), 1), _WIDEST)
        merged = child(properties, "w:vMerge")
        continued = merged is not None and value(merged, "w:val") != "restart"
        cell = Cell([], span, continued)
        if self._tables and self._tables[-1].rows:
            self._tables[-1].rows[-1].cells.append(cell)
        else:
            self._into[-1].append(Table([Row([cell])]))
        return cell.blocks

    def _in_line(self, element: Element, named: str) -> None:
        if named in ("w:tab", "w:ptab"):
            self.copy(SPACE)
        elif named == "w:r":
            self.raised = int(is_raised(element, self._raising))
        elif named == "a:r":
            self.raised = int(number(child(element, "a:rPr"), "a:baseline") > 0)
        elif named in ("w:br", "w:cr", "a:br"):
            self.copy(BREAK)
        elif named == "w:noBreakHyphen":
            self.copy(Piece("-"))
        elif named == "w:sym":
            font, code = value(element, "w:font") or "", value(element, "w:char") or ""
            self.copy(Piece(symbol(font, code), raised=self.raised))
        elif named in ("w:footnoteReference", "w:endnoteReference"):
            note = (named[2:-9], value(element, "w:id") or "")
            self._paragraphs[-1].notes.append(note)
        elif named == "c:chart":
            self._paragraphs[-1].notes.append(("chart", value(element, "r:id") or ""))
        elif named == "dgm:relIds":
            self._paragraphs[-1].notes.append(("diagramData", value(element, "r:dm") or ""))
        elif named == "w:fldChar":
            self._codes += self._fields.get(element, 0)
        elif named in _MATH and _says(element):
            self.copy(Piece(_MATH[named]))

    def end(self, element: Element, named: str) -> None:
        if named in _RUNS:
            self.raised = 0
        elif named in _PARAGRAPHS:
            self._paragraphs.pop()
        elif named == "w:tbl":
            self._tables.pop()
        elif named in ("w:tc", "w:footnote", "w:endnote"):
            self._into.pop()
        elif named == "w:txbxContent":
            boxed = self._into.pop()
            self._into[-1].extend(boxed)

    def copy(self, *pieces: Piece) -> None:
        if self._paragraphs and not self._codes:
            self._paragraphs[-1].pieces += pieces


def _fields_of(root: Element) -> dict[Element, int]:
    """Return where instructions of fields begin (1) and end (-1): what they hold is not shown.

    A field that is never closed, or never begun, is none: what follows is text.
    """
    found: dict[Element, int] = {}
    for story in _stories(root):
        open_: list[tuple[Element, Element | None]] = []
        for each in story:
            said = value(each, "w:fldCharType")
            if said == "begin":
                open_.append((each, None))
            elif said == "separate" and open_ and open_[-1][1] is None:
                open_[-1] = (open_[-1][0], each)
            elif said == "end" and open_:
                begin, separate = open_.pop()
                found[begin] = 1
                found[each if separate is None else separate] = -1
    return found


def _stories(root: Element) -> Iterator[list[Element]]:
    if kind(root) in ("w:footnotes", "w:endnotes"):
        yield from (_fields_in(each) for each in root)
    else:
        yield _fields_in(root)


def _fields_in(element: Element) -> list[Element]:
    return list(element.iter("{*}fldChar"))
