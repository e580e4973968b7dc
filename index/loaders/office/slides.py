"""The shapes of a PowerPoint slide, as its XML has them: titles, paragraphs, tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from index.loaders.office.blocks import is_hidden
from index.loaders.office.charts import is_undrawn
from index.loaders.office.names import PREFIXES, child, kind, number, value
from index.loaders.trees import Element, End, Start, events
from index.loaders.writing import BREAK, SPACE, Piece, pieces_of

_TITLES = frozenset(("title", "ctrTitle"))
_FURNITURE = frozenset(("dt", "ftr", "hdr", "sldNum", "sldImg"))
_BODIES = frozenset(("body", "obj", ""))  # their paragraphs have bullets unless they say not to
_RUNS = frozenset(("a:r", "a:fld"))
_DEEPEST = 8
_YES = ("1", "true")
_LONGEST_REPEATED = 200  # characters of a cell that are said again in the rows that it spans


@dataclass
class Line:
    """A paragraph of a shape.

    Attributes:
        pieces: What it says.
        depth: How far it is indented, from 0.
        marker: "-" for a bullet, "1" for a number; empty if it is no item.
    """

    pieces: list[Piece] = field(default_factory=list)
    depth: int = 0
    marker: str = ""


@dataclass
class Shape:
    """A shape with text: the kind of placeholder that it is ("" for none said), and its lines."""

    role: str | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def is_title(self) -> bool:
        """Whether it is the slide's title."""
        return self.role in _TITLES


@dataclass
class Grid:
    """A table: the lines of each cell of each row, and whether its first holds headings."""

    header: bool = True
    rows: list[list[list[Line]]] = field(default_factory=list)


@dataclass
class Drawing:
    """A chart or diagram that another part holds: which, by the number of its relation."""

    said: str


Item: TypeAlias = "Shape | Grid | Drawing"


def is_left_out(element: Element) -> bool:
    """Tell whether nothing in an element is part of what a slide says."""
    named = kind(element)
    if named == "p:sp":
        return _role(element) in _FURNITURE
    if named in ("a:tblPr", "a:extLst", "p:extLst"):
        return True
    if named == "a:fld":
        return (value(element, "a:type") or "").startswith("slidenum")
    return is_hidden(element) or is_undrawn(element)


def is_merged(cell: Element) -> bool:
    """Tell whether a cell of a table is part of one beside or above it."""
    return value(cell, "a:vMerge") in _YES or value(cell, "a:hMerge") in _YES


def shapes_of(root: Element, roles: frozenset[str] | None = None) -> list[Item]:
    """Return the shapes of a slide, or of its notes, in order, those in groups, too.

    Args:
        root: The root of the slide.
        roles: The kinds of placeholders that are wanted; None for all shapes.
    """
    walk = _Walk(roles)
    for event in events(root, skip=is_left_out, prefixes=PREFIXES):
        named = kind(event.element)
        if isinstance(event, Start):
            walk.start(event.element, named)
        elif isinstance(event, End):
            walk.end(named)
        elif named in ("a:t", "m:t"):
            walk.copy(*pieces_of(event, walk.raised))
    return walk.items


class _Walk:
    """What is open at a place of the walk."""

    def __init__(self, roles: frozenset[str] | None) -> None:
        self.items: list[Item] = []
        self.raised = 0  # as pieces have it
        self._roles = roles
        self._shape: Shape | None = None
        self._grids: list[Grid] = []
        self._lines: list[list[Line]] = []  # the innermost last
        self._line: Line | None = None

    def start(self, element: Element, named: str) -> None:
        if named in ("p:sp", "p:cxnSp", "dgm:pt"):
            self._shape = Shape(_role(element))
            self._lines.append(self._shape.lines)
            if self._roles is None or self._shape.role in self._roles:
                self.items.append(self._shape)
        elif named in ("c:chart", "dgm:relIds"):
            said = value(element, "r:id" if named == "c:chart" else "r:dm")
            self.items.append(Drawing(said or ""))
        elif named == "a:tbl":
            header = value(child(element, "a:tblPr"), "a:firstRow") in _YES
            self._grids.append(Grid(header))
            if self._roles is None:
                self.items.append(self._grids[-1])
        elif named == "a:tr" and self._grids:
            self._grids[-1].rows.append([])
        elif named == "a:tc":
            self._lines.append([])
            if self._grids and self._grids[-1].rows:
                self._cell(self._grids[-1].rows, element)
        elif named == "a:p":
            self._line = self._begin(child(element, "a:pPr"))
        elif named in _RUNS:
            self.raised = int(number(child(element, "a:rPr"), "a:baseline") > 0)
        elif named == "a:br":
            self.copy(BREAK)
        elif named == "a:tab":
            self.copy(SPACE)

    def _cell(self, rows: list[list[list[Line]]], element: Element) -> None:
        """Begin the next cell of the last row; what goes on from above is said again if short."""
        cell = self._lines[-1]
        if is_merged(element):  # what it says itself is not shown
            cell = []
            if value(element, "a:vMerge") in _YES and len(rows) > 1:
                cell = next(iter(rows[-2][len(rows[-1]) :]), [])
            length = sum(len(piece.text) for line in cell for piece in line.pieces)
            cell = cell if length <= _LONGEST_REPEATED else []
        rows[-1].append(cell)

    def _begin(self, properties: Element | None) -> Line:
        line = Line([], min(max(number(properties, "a:lvl"), 0), _DEEPEST))
        if child(properties, "a:buAutoNum") is not None:
            line.marker = "1"
        elif child(properties, "a:buChar") is not None or child(properties, "a:buBlip") is not None:
            line.marker = "-"
        elif child(properties, "a:buNone") is None and self._shape is not None:
            line.marker = "-" if self._shape.role in _BODIES else ""
        if self._lines:
            self._lines[-1].append(line)
        return line

    def end(self, named: str) -> None:
        if named in ("p:sp", "p:cxnSp", "dgm:pt"):
            self._shape = None
            self._lines.pop()
        elif named == "a:tbl":
            self._grids.pop()
        elif named == "a:tc":
            self._lines.pop()
        elif named == "a:p":
            self._line = None
        elif named in _RUNS:
            self.raised = 0

    def copy(self, *pieces: Piece) -> None:
        if self._line is not None:
            self._line.pieces += pieces


def _role(shape: Element) -> str | None:
    """Return the kind of placeholder that a shape is, "" where it says none; None if it is none."""
    for each in shape:
        if kind(each) in ("p:nvSpPr", "p:nvCxnSpPr"):
            placeholder = child(child(each, "p:nvPr"), "p:ph")
            return None if placeholder is None else value(placeholder, "p:type") or ""
    return None
