"""Writes the blocks of a Word document: headings, items, tables, notes after their paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from index.loaders.office.blocks import Block, Cell, Paragraph, Row, Table
from index.loaders.office.charts import write_chart
from index.loaders.office.names import child
from index.loaders.office.nesting import Nesting
from index.loaders.office.numbering import Label, Numbering
from index.loaders.office.styles import Style, Styles, formatted, is_initial, style_id
from index.loaders.office.symbols import without_signs
from index.loaders.trees import Element
from index.loaders.writing import BREAK, SPACE, Piece, Writer, collapse, text_of
from index.places import Part, Places
from index.structure.markers import marker_of

_LONGEST_HEADING = 400  # characters; what is longer has the style of one, and is text
_LONGEST_REPEATED = 200  # characters of a cell that are written again in the rows that it spans
_DEEPEST_HEADING = 6
_MOST_HEADS = 3  # rows of headings, where only what they span shows them


def heading_level(style: Style) -> int:
    """Return the level of the heading that a style's paragraphs are; 0 if they are none."""
    return 1 if style.title else min(style.level, _DEEPEST_HEADING)


class Composer:
    """Writes the blocks of a document, and knows which titles it met.

    Attributes:
        title: What the first paragraph of the style of titles says; None if there is none.
        first_heading: What the first heading says; None if there is none.
    """

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.title: str | None = None
        self.first_heading: str | None = None
        self._writer = Writer()
        self._styles, self._numbering = styles, numbering
        self._part = Part()
        self._stories: dict[tuple[str, str], tuple[Part, Sequence[Block] | Element]] = {}
        self._due: list[tuple[str, str]] = []  # notes and charts that were referred to
        self._initial: list[Piece] = []  # a large letter that the next paragraph begins with
        self._list: str | None = None  # which list the last block was an item of
        self._nesting = Nesting()

    @property
    def text(self) -> str:
        """What was written."""
        return self._writer.text

    @property
    def places(self) -> Places:
        """Where it stands in the document."""
        return self._writer.places

    def begin(self, part: Part) -> None:
        """Go on to another part of the document."""
        self._part = part
        self._writer.begin(part)

    def add(self, kind: str, said: str, part: Part, story: Sequence[Block] | Element) -> None:
        """Make a note known, or the root of a chart: it is written after what refers to it."""
        self._stories[kind, said] = (part, story)

    def write(self, blocks: Sequence[Block]) -> None:
        """Write blocks in order, each note once."""
        for block in blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            else:
                self._table(block)
            self._notes()

    def _notes(self) -> None:
        due, self._due = self._due, []
        for note in due:
            if note in self._stories:
                part, story = self._stories.pop(note)
                above = self._part
                self.begin(part)
                self._list = None
                if note[0] == "chart":
                    write_chart(self._writer, story)
                else:
                    self.write(story)
                self.begin(above)

    def _paragraph(self, paragraph: Paragraph) -> None:
        properties, style = self._formatted(paragraph)
        label = self._label(style)  # what is empty is counted, too
        self._due += paragraph.notes
        pieces, typed = without_signs([*self._initial, *paragraph.pieces])
        pieces = collapse(pieces)
        if not text_of(pieces).strip() or style.contents:
            return
        if is_initial(properties) and not self._initial:
            self._initial = pieces
            return
        self._initial = []
        if typed and style.list is None:
            label, style = Label("", None, True), style._replace(list="", depth=0)
        level = heading_level(style)
        if level and sum(len(each.text) for each in pieces) <= _LONGEST_HEADING:
            self._heading(pieces, level, label, title=style.title)
        elif label is None or style.list is None:
            self._list = None
            self._writer.paragraph(pieces)
        else:
            self._item(pieces, label, self._numbering.kind_of(style.list), style.depth)

    def _formatted(self, paragraph: Paragraph) -> tuple[Element | None, Style]:
        """Return a paragraph's own properties, and its style with what they change of it."""
        properties = child(paragraph.element, "w:pPr")
        return properties, formatted(properties, self._styles.of(style_id(properties)))

    def _label(self, style: Style) -> Label | None:
        """Count an item, or a numbered heading; None if a style's paragraphs are none."""
        return None if style.list is None else self._numbering.count(style.list, style.depth)

    def _heading(
        self, pieces: list[Piece], level: int, label: Label | None, *, title: bool
    ) -> None:
        said = " ".join(text_of(pieces).split())
        if title and self.title is None:
            self.title = said
        if self.first_heading is None:
            self.first_heading = said
        self._list = None
        self._writer.heading([*_shown(label), *pieces], level)

    def _item(self, pieces: list[Piece], label: Label, listed: str, depth: int) -> None:
        if not label.bullet and marker_of(f"{label.text} x") is None:  # such as "2.1" or "§ 3"
            self._list = None
            self._writer.paragraph([*_shown(label), *pieces])
            return
        if self._list is None:
            self._nesting.close()
        nested = self._nesting.of(depth)
        first = nested == 0 and self._list != listed
        self._list = listed
        marker = None if label.bullet or label.number is not None else label.text
        self._writer.item(pieces, depth=nested, number=label.number, marker=marker, first=first)

    def _table(self, table: Table) -> None:
        self._list = None
        rows = [row for row in table.rows if any(map(_holds, row.cells))]
        while rows and (len(rows) == 1 or sum(map(_holds, rows[0].cells)) == 1 or _is_column(rows)):
            for cell in rows.pop(0).cells:  # it lays out only, or is a title above the table
                self.write(cell.blocks)
                self._list = None
        if not rows:
            return
        heads = _heads(rows)
        inner: list[Table] = []
        written = self._grid(rows, heads, inner)
        if heads > 1:
            written[:heads] = [_joined(written[:heads])]
        used = {place for row in written for place, cell in enumerate(row) if cell}
        self._writer.table(
            [[cell for place, cell in enumerate(row) if place in used] for row in written]
        )
        self._notes()
        for each in inner:
            self._table(each)

    def _grid(self, rows: Sequence[Row], heads: int, inner: list[Table]) -> list[list[list[Piece]]]:
        """Return the pieces of each cell, column by column; tables in them are put aside."""
        grid: list[list[list[Piece]]] = []
        above: dict[int, list[Piece]] = {}  # what a cell that goes on from above says
        for number, row in enumerate(rows):
            cells: list[list[Piece]] = [[] for _ in range(row.before)]
            for cell in row.cells:
                column = len(cells)
                pieces = self._cell(cell, inner)
                if cell.continued and not pieces:
                    pieces = above.get(column, [])
                short = sum(len(each.text) for each in pieces) <= _LONGEST_REPEATED
                above[column] = pieces if short else []
                cells.append(pieces)
                again = pieces if number < heads and short else []
                cells += [again for _ in range(cell.span - 1)]
            grid.append(cells)
        return grid

    def _cell(self, cell: Cell, inner: list[Table]) -> list[Piece]:
        pieces: list[Piece] = []
        for block in cell.blocks:
            if isinstance(block, Table):
                inner.append(block)
                continue
            self._due += block.notes
            own = collapse(without_signs(block.pieces)[0])
            pieces += [BREAK, *_shown(self._label(self._formatted(block)[1])), *own]
        return collapse(pieces)


def _shown(label: Label | None) -> list[Piece]:
    """Return the pieces of a label that stands before a text: the document has none of its own."""
    return [Piece(f"{label.text} ")] if label is not None and label.text else []


def _holds(cell: Cell) -> bool:
    """Tell whether a cell says something, or goes on saying what stands above."""
    return cell.continued or any(
        isinstance(block, Table) or block.notes or text_of(block.pieces).strip()
        for block in cell.blocks
    )


def _is_column(rows: Sequence[Row]) -> bool:
    """Tell whether all that cells say stands in one column."""
    columns: set[int] = set()
    for row in rows:
        place = row.before
        for cell in row.cells:
            if _holds(cell):
                columns.add(place)
            place += cell.span
        if len(columns) > 1:
            return False
    return True


def _heads(rows: Sequence[Row]) -> int:
    """Return how many rows hold the headings of columns: those that say so, or what spans shows.

    Where a heading stands above several, the one of the first column goes on beside these.
    """
    heads = 0
    while heads < len(rows) - 1 and rows[heads].header:
        heads += 1
    if heads:
        return heads
    heads = 1
    if any(cell.span > 1 for cell in rows[0].cells):
        while heads < min(len(rows) - 1, _MOST_HEADS) and rows[heads].cells[0].continued:
            heads += 1
    return heads


def _joined(rows: Sequence[Sequence[list[Piece]]]) -> list[list[Piece]]:
    """Return rows of headings as one: what stands in a column, from above."""
    joined: list[list[Piece]] = []
    for column in range(max(map(len, rows))):
        said: list[Piece] = []
        for row in rows:
            cell = row[column] if column < len(row) else []
            if cell and text_of(cell) != text_of(said):
                said = [*said, *([SPACE] if said else []), *cell]
        joined.append(said)
    return joined
