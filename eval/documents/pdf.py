"""PDFs with known text: columns, running headers, hyphens, footnotes, tables, turned pages."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from eval.documents.blocks import Block, Made
from qa import SettingError

_WIDTH, _HEIGHT = 612.0, 792.0  # points, as shown: US letter
_MARGIN, _GUTTER = 60.0, 24.0
_SIZE, _LEADING = 10.0, 12.5
_NOTE_SIZE, _NOTE_LEADING = 8.0, 9.5
_NOTE_INDENT = 10.0
_CELL_SIZE = 9.0  # at most: a cell is one line
_HEADINGS = {1: 16.0, 2: 12.0}
_INDENT = 16.0
_MARKER_GAP = 5.0
_SHORTEST_PARTED = 7  # letters
_LIGATURES = (("ffi", "ﬃ"), ("fi", "ﬁ"), ("fl", "ﬂ"))
_PARTS = re.compile(r"[aeiouy][bcdfghklmnprstvw]")
_FONTS = ("Times-Roman", "Times-Bold")
_WIDE_FONTS = ("DejaVuSerif", "DejaVuSerif-Bold")  # for what is not in Western Europe's letters


@dataclass(frozen=True)
class Layout:
    """How a PDF is typeset.

    Attributes:
        name: What is special about it.
        columns: How many columns a page has. The title stands above them all.
        running: Whether each page has a running header and a footer with its number.
        hyphens: Whether words are parted at line ends.
        justified: Whether lines are as wide as the column.
        indented: Whether a paragraph is told by its first line's indent, and not by space above.
        ruled: Whether tables have rules.
        rotation: By how many degrees the pages are turned when they are shown: 0 or 90.
        ligatures: Whether ligatures are set as characters of their own.
    """

    name: str
    columns: int = 1
    running: bool = True
    hyphens: bool = False
    justified: bool = False
    indented: bool = False
    ruled: bool = True
    rotation: int = 0
    ligatures: bool = False


PLAIN = Layout("one column", running=False)
PAPER = Layout("two columns", 2, hyphens=True, justified=True, indented=True)
LAYOUTS = (
    PLAIN,
    Layout("report", hyphens=True, justified=True),
    PAPER,
    Layout("two columns, no rules", 2, hyphens=True, ruled=False),
    replace(PAPER, name="three columns", columns=3),
    Layout("turned", rotation=90, ruled=False),
    replace(PAPER, name="turned, two columns", rotation=90),
    replace(PAPER, name="ligatures", ligatures=True),
)
"""What is measured."""


def make_pdf(blocks: Sequence[Block], layout: Layout = PLAIN) -> Made:
    """Typeset blocks.

    In the text known of it, notes have their numbers; those raised that refer to them are no text.

    Raises:
        SettingError: reportlab is not installed.
    """
    setter = _Typesetter(blocks, layout)
    data = setter.typeset()
    numbered: list[Block] = []
    notes = 0
    for block in blocks:
        text = block.text
        if block.kind == "note":
            notes += 1
            text = f"{notes} {text}"
        numbered.append(replace(block, text=text))
    name = f"{layout.name}.pdf"
    return Made(name, data, tuple(numbered), tuple(setter.around), pages=setter.page)


class _Typesetter:
    """Fills column after column, and page after page."""

    def __init__(self, blocks: Sequence[Block], layout: Layout) -> None:
        self.blocks, self.layout = blocks, layout
        self.title = next((block.text for block in blocks if block.kind == "heading"), "")
        self.around: list[str] = []
        self.page = 0
        self._buffer = io.BytesIO()
        try:
            from reportlab.pdfgen.canvas import Canvas
        except ImportError:
            raise SettingError(
                'reportlab is not installed; run `pip install "article-qa[bench]"`.'
            ) from None
        self._canvas = Canvas(self._buffer, (_WIDTH, _HEIGHT), invariant=1)
        self._canvas.setTitle(self.title)
        letters = "".join(line for block in blocks for line in block.lines)
        self._roman, self._bold = _wide_fonts() if layout.ligatures else _fonts(letters)
        self._column_width = (
            _WIDTH - 2 * _MARGIN - _GUTTER * (layout.columns - 1)
        ) / layout.columns
        self._column = 0
        self._top = self._y = self._floor = 0.0
        self._notes: list[tuple[str, list[str]]] = []

    def typeset(self) -> bytes:
        """Typeset all, and return the PDF."""
        self._begin_page()
        notes = items = 0
        for place, block in enumerate(self.blocks):
            items = items + 1 if block.kind == "item" and block.ordered else items
            if block.kind == "heading":
                self._heading(block)
                items = 0
            elif block.kind == "item":
                self._paragraph(block.text, block.level, f"{items}." if block.ordered else "•")
            elif block.kind == "table":
                self._table(block.rows)
            elif block.kind == "paragraph":
                items = 0
                note = None
                if place + 1 < len(self.blocks) and self.blocks[place + 1].kind == "note":
                    notes += 1
                    note = (str(notes), self.blocks[place + 1].text)
                self._paragraph(block.text, note=note)
        self._end_page()
        self._canvas.save()
        return self._buffer.getvalue()

    def _begin_page(self) -> None:
        self.page += 1
        if self.layout.rotation == 90:
            self._canvas.setPageRotation(90)
            self._canvas.transform(0, 1, -1, 0, _HEIGHT, 0)
        self._top = _HEIGHT - _MARGIN
        self._column = 0
        self._begin_column()
        if self.layout.running:
            header = self.title if self.page % 2 else "Annals of Known Text, volume 7"
            footer = f"Page {self.page}"
            self._draw(_MARGIN, _HEIGHT - 36, header, self._roman, 8.5)
            self._draw(_WIDTH / 2 - 14, 30, footer, self._roman, 8.5)
            self.around += [header, footer]

    def _begin_column(self) -> None:
        self._y, self._floor, self._notes = self._top, _MARGIN, []

    def _next_column(self) -> None:
        if self._column + 1 < self.layout.columns:
            self._end_column()
            self._column += 1
            self._begin_column()
        else:
            self._end_page()
            self._begin_page()

    def _end_column(self) -> None:
        """Set the notes at the foot of the column, below a short rule."""
        if not self._notes:
            return
        y = self._floor - 2
        self._canvas.line(self._x, y, self._x + 60, y)
        for mark, lines in self._notes:
            for number, line in enumerate(lines):
                y -= _NOTE_LEADING
                if not number:
                    self._draw(self._x, y + 2.5, mark, self._roman, 6)
                self._draw(self._x + _NOTE_INDENT, y, line, self._roman, _NOTE_SIZE)

    def _end_page(self) -> None:
        self._end_column()
        self._canvas.showPage()

    @property
    def _x(self) -> float:
        return _MARGIN + self._column * (self._column_width + _GUTTER)

    def _heading(self, block: Block) -> None:
        size = _HEADINGS[min(block.level, 2)]
        above_all = block.level == 1 and self.page == 1 and self._y == self._top
        width = _WIDTH - 2 * _MARGIN if above_all else self._column_width
        lines = self._wrap(block.text, width, self._bold, size, hyphens=False)
        # A heading is never the last of its column.
        self._take(size * 1.2 * len(lines) + 3 * _LEADING)
        if self._y < self._top:
            self._y -= size * 0.6
        for line in lines:
            self._y -= size * 1.2
            self._draw(self._x, self._y, line, self._bold, size)
        self._y -= size * 0.5
        if above_all:
            self._top = self._y

    def _paragraph(
        self, text: str, level: int = 0, marker: str = "", note: tuple[str, str] | None = None
    ) -> None:
        indent = _INDENT * level
        width = self._column_width - indent
        first = _INDENT if self.layout.indented and not level else 0.0
        lines = self._wrap(text, width, self._roman, _SIZE, first, hyphens=self.layout.hyphens)
        noted: list[str] = []
        if note is not None:
            noted = self._wrap(
                note[1], self._column_width - _NOTE_INDENT, self._roman, _NOTE_SIZE, hyphens=False
            )
        for number, line in enumerate(lines):
            last = number == len(lines) - 1
            foot = (_NOTE_LEADING * len(noted) + 4) if last and noted else 0.0
            self._take(_LEADING + foot)
            self._floor += foot
            self._y -= _LEADING
            x = self._x + indent + (0 if number else first)
            if marker and not number:
                before = self._canvas.stringWidth(marker, self._roman, _SIZE) + _MARKER_GAP
                self._draw(x - before, self._y, marker, self._roman, _SIZE)
            room = width - (0 if number else first)
            fill = room if self.layout.justified and not last else 0.0
            end = self._draw(x, self._y, line, self._roman, _SIZE, fill)
            if last and note is not None:
                self._draw(end, self._y + 3.5, note[0], self._roman, 6)
                self._notes.append((note[0], noted))
        if not self.layout.indented or level:
            self._y -= _LEADING * (0.2 if level else 0.6)

    def _table(self, rows: Sequence[Sequence[str]]) -> None:
        height = _LEADING * 1.2
        self._take(height * len(rows) + _LEADING)
        self._y -= _LEADING * 0.5
        step = self._column_width / len(rows[0])
        if self.layout.ruled:
            self._canvas.setLineWidth(0.5)
            bottom = self._y - height * len(rows)
            for number in range(len(rows) + 1):
                y = self._y - height * number
                self._canvas.line(self._x, y, self._x + self._column_width, y)
            for number in range(len(rows[0]) + 1):
                x = self._x + step * number
                self._canvas.line(x, self._y, x, bottom)
        for number, row in enumerate(rows):
            self._y -= height
            for place, cell in enumerate(row):
                font = self._roman if number else self._bold
                wide = self._canvas.stringWidth(cell, font, _CELL_SIZE)
                size = _CELL_SIZE * min(1.0, (step - 10) / max(wide, 1))
                self._draw(self._x + step * place + 4, self._y + 4, cell, font, size)
        self._y -= _LEADING

    def _take(self, height: float) -> None:
        """Go on to the next column unless so much is left of this one."""
        if self._y - height < self._floor:
            self._next_column()

    def _draw(
        self, x: float, y: float, text: str, font: str, size: float, fill: float = 0.0
    ) -> float:
        """Draw a line, filled up to a width by wider blanks, and return where it ends."""
        if self.layout.ligatures:
            for letters, ligature in _LIGATURES:
                text = text.replace(letters, ligature)
        width: float = self._canvas.stringWidth(text, font, size)
        blanks = text.count(" ")
        wider = (fill - width) / blanks if fill and blanks and width < fill else 0.0
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, y, text, wordSpace=wider)
        return x + width + wider * blanks

    def _wrap(
        self, text: str, width: float, font: str, size: float, first: float = 0.0, *, hyphens: bool
    ) -> list[str]:
        """Break a text into lines, the first of which is shorter by its indent."""

        def wide(line: str) -> float:
            measured: float = self._canvas.stringWidth(line, font, size)
            return measured

        lines: list[str] = []
        line = ""
        for word in text.split(" "):
            room = width - (0 if lines else first)
            longer = f"{line} {word}" if line else word
            if wide(longer) <= room or (not line and not hyphens):
                line = longer
                continue
            begun = f"{line} " if line else ""
            head = next(
                (part for part in _heads(word) if wide(f"{begun}{part}-") <= room), ""
            ) if hyphens else ""  # fmt: skip
            if head:
                lines.append(f"{begun}{head}-")
                line = word[len(head) :]
            else:
                lines += [line] if line else []
                line = word
        return [*lines, line]


def _heads(word: str) -> list[str]:
    """Return with what a word may end at the end of a line, the longest first."""
    if len(word) < _SHORTEST_PARTED or not word.isalpha():
        return []
    ends = [found.start() + 1 for found in _PARTS.finditer(word)]
    return [word[:end] for end in reversed(ends) if 2 <= end <= len(word) - 3]


def _fonts(text: str) -> tuple[str, str]:
    """Return the names of an upright and of a bold font that have the letters of a text."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return _wide_fonts()
    return _FONTS


def _wide_fonts() -> tuple[str, str]:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    found = find_spec("matplotlib")  # which comes with fonts
    folder = Path((found and found.origin) or "").parent / "mpl-data" / "fonts" / "ttf"
    registered: Any = pdfmetrics.getRegisteredFontNames()
    for name in _WIDE_FONTS:
        if name not in registered:
            pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    return _WIDE_FONTS
