"""Writes what a document holds as text that its structure can be read from again, block by block.

Headings, items and tables are written as Markdown has them: ``index.structure`` reads them so. The
signs for it are of this module and have no place in the document; all else is copied code point for
code point, so that a stretch of the text is a stretch of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.loaders.raised import LOOKED_AT, treatment
from index.loaders.trees import Text
from index.places import Part, Places
from index.placing import PlacesBuilder

_WHITE = r"[ \t\n\r\f\v]"  # the white space of HTML; a no-break space is none
# All but single blanks within a text, which stay as they are.
_SPACE = re.compile(rf"\A{_WHITE}+|{_WHITE}+\Z| {_WHITE}+|(?! ){_WHITE}+")
_DEEPEST_HEADING = 6
_INDENT = "  "
# Lines that would be read as Markdown though they are none: headings and fences.
_NOT_MEANT = re.compile(r"^[ \t]*(?=#{1,6}[ \t]+\S|```|~~~)", re.MULTILINE)
_PIPE = re.compile(r"(?=\|)")
_TICKS = re.compile("`{3,}")
_FILLED = 4  # times the cells of a table that filling up its rows may come to


class Piece(NamedTuple):
    """A stretch of a document that is to be copied.

    Attributes:
        text: What stands there.
        path: The path of its text node; None if its part has none.
        at: Where it starts there; -1 for what stands nowhere, such as a line break.
        boxes: Where each code point is seen; see :class:`index.places.Places`.
        part: Which of the parts that were begun it stands in, from 0; None for the last.
        raised: Which raised stretch it is of, such as the mark of a note; 0 if of none. Pieces of
            one stretch follow one another.
    """

    text: str
    path: str | None = None
    at: int = -1
    boxes: NDArray[np.uint16] | None = None
    part: int | None = None
    raised: int = 0

    def cut(self, start: int, end: int) -> Piece:
        """Return a stretch of it, with its place."""
        boxes = None if self.boxes is None else self.boxes[start:end]
        at = -1 if self.at < 0 else self.at + start
        return Piece(self.text[start:end], self.path, at, boxes, self.part, self.raised)


SPACE = Piece(" ")
BREAK = Piece("\n")
"""A line break within a block, such as that of an address. The block goes on behind it."""
POWER = Piece("^")
"""What stands before an exponent."""
ESCAPE = Piece("\\")
"""What stands before a sign that is meant as it is, and not as Markdown has it."""


# Signs that only say where a line may break, and those that nobody means to be there.
_UNSEEN = re.compile("[\0-\x08\x0e-\x1f\x7f\xad\u200b\ufeff\ufffe\uffff]")


def pieces_of(text: Text, raised: int = 0) -> list[Piece]:
    """Return what is to be copied of a text node: soft hyphens and control characters are not.

    Args:
        text: The text node.
        raised: Which raised stretch it is of; see :class:`Piece`.
    """
    whole, place = Piece(text.text, text.path, 0, raised=raised), 0
    if _UNSEEN.search(text.text) is None:
        return [whole]
    pieces = []
    for sign in _UNSEEN.finditer(text.text):
        pieces.append(whole.cut(place, sign.start()))
        place = sign.end()
    pieces.append(whole.cut(place, len(text.text)))
    return [piece for piece in pieces if piece.text]


def settled(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces with their raised text as it is read: without the marks of notes."""
    pieces = list(pieces)
    if not any(piece.raised for piece in pieces):
        return pieces
    kept: list[Piece] = []
    before, place = "", 0
    while place < len(pieces):
        end = place + 1
        raised = pieces[place].raised
        while raised and end < len(pieces) and pieces[end].raised == raised:
            end += 1
        own = pieces[place:end]
        if raised:
            own = _told(before, own, text_of(pieces[end : end + LOOKED_AT]))
        kept += own
        before = (before + text_of(own))[-LOOKED_AT:]
        place = end
    return kept


def _told(before: str, raised: list[Piece], after: str) -> list[Piece]:
    """Return what is kept of a raised stretch, raised no more, with what is put before it."""
    text = text_of(raised)
    told = treatment(before, text, after)
    if told == "drop":
        return []
    kept = [piece._replace(raised=0) for piece in raised]
    if told == "power":
        return [POWER, *kept]
    if told == "apart" and not before[-1:].isspace() and not text[:1].isspace():
        return [SPACE, *kept]
    return kept


def collapse(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces as a browser shows them: white space is one blank, and none at the ends.

    A blank of the document keeps its place; in place of other white space stands one without. Line
    breaks (:data:`BREAK`) stay, without blanks around them. Raised text is :func:`settled`.
    """
    shown: list[Piece] = []
    blank: Piece | None = None  # is written once something follows
    for piece in settled(pieces):
        if piece is BREAK:
            blank = None
            if shown and shown[-1] is not BREAK:
                shown.append(BREAK)
            continue
        place = 0
        for space in _SPACE.finditer(piece.text):
            if space.start() > place:
                shown += [blank] if blank is not None else []
                shown.append(piece.cut(place, space.start()))
                blank = None
            if blank is None and shown and shown[-1] is not BREAK:
                found = space[0].find(" ")
                at = space.start() + found
                blank = SPACE if found < 0 else piece.cut(at, at + 1)
            place = space.end()
        if place < len(piece.text):
            shown += [blank] if blank is not None else []
            shown.append(piece.cut(place, len(piece.text)))
            blank = None
    while shown and shown[-1] is BREAK:
        shown.pop()
    return shown


def _marked(pieces: Sequence[Piece], places: re.Pattern[str], mark: Piece) -> Sequence[Piece]:
    """Return pieces with a mark wherever, in their text as a whole, an expression's match ends."""
    cuts = [match.end() for match in places.finditer(text_of(pieces))]
    if not cuts:
        return pieces
    marked: list[Piece] = []
    place, following = 0, iter([*cuts, -1])
    cut = next(following)
    for piece in pieces:
        start, end = place, place + len(piece.text)
        while place <= cut < end:
            marked += [piece.cut(place - start, cut - start), mark]
            place, cut = cut, next(following)
        marked.append(piece if place == start else piece.cut(place - start, end - start))
        place = end
    return [piece for piece in marked if piece.text]


def text_of(pieces: Iterable[Piece]) -> str:
    """Return the text of pieces."""
    return "".join(piece.text for piece in pieces)


class Writer:
    """Puts the text of a document together, block by block.

    Blocks that hold nothing but white space are left out. The pieces of a block are written as
    they are: see :func:`collapse`.
    """

    def __init__(self) -> None:
        self._built = PlacesBuilder()
        self._gap = ""  # what stands before the next block

    @property
    def text(self) -> str:
        """The text so far."""
        return self._built.text

    @property
    def places(self) -> Places:
        """Where it stands in the document."""
        return self._built.places()

    def begin(self, part: Part) -> int:
        """Go on to another part of the document; at least one has to be begun. Return its number.

        Pieces stand in the part that was begun last, but for those that say in which.
        """
        return self._built.begin(part)

    def heading(self, pieces: Sequence[Piece], level: int) -> None:
        """Write a heading of a level from 1; it is one line."""
        self._block([SPACE if each is BREAK else each for each in pieces],
                    f"{'#' * min(max(level, 1), _DEEPEST_HEADING)} ")  # fmt: skip

    def paragraph(self, pieces: Sequence[Piece]) -> None:
        """Write a paragraph."""
        self._block(_marked(pieces, _NOT_MEANT, ESCAPE))

    def item(
        self, pieces: Sequence[Piece], *, depth: int = 0, number: int | None = None,
        marker: str | None = None, first: bool = False,
    ) -> None:  # fmt: skip
        """Write an item of a list.

        Args:
            pieces: What it says, without the list that may be in it, and without its marker.
            depth: In how many other lists its list is.
            number: Its number, where the list is ordered.
            marker: What it starts with where that is another, such as "a)".
            first: Whether the list begins with it, and is in no other.
        """
        if marker is None:
            marker = "-" if number is None else f"{number}."
        start = f"{_INDENT * depth}{marker} "
        below = Piece("\n" + " " * len(start))
        self._block([below if each is BREAK else each for each in pieces], start, close=not first)

    def table(self, rows: Sequence[Sequence[Sequence[Piece]]], *, header: bool = True) -> None:
        """Write a table, a row a line; short rows are filled up, unless most would be empty.

        Args:
            rows: The pieces of each cell of each row.
            header: Whether the first row holds the headings of the columns.
        """
        rows = [row for row in rows if text_of(each for cell in row for each in cell).strip()]
        width = max(map(len, rows), default=0)
        if not rows:
            return
        if width == 1:
            for row in rows:
                self.paragraph(row[0])
            return
        self._start()
        if not header:
            rows = [[[]] * width, *rows]
        fill = width * len(rows) <= _FILLED * (width + sum(map(len, rows)))
        for number, row in enumerate(rows):
            self._built.put("|")
            for cell in (*row, *([[]] * (width - len(row) if fill or not number else 0))):
                self._built.put(" ")
                self._copy(_marked([SPACE if each is BREAK else each for each in cell], _PIPE,
                                   ESCAPE))  # fmt: skip
                self._built.put(" |")
            self._built.put("\n" if number < len(rows) - 1 or not number else "")
            if not number:
                self._built.put("|" + " --- |" * width + ("\n" if len(rows) > 1 else ""))
        self._gap = "\n\n"

    def lines(self, pieces: Sequence[Piece], *, code: bool = False) -> None:
        """Write what was typed in lines, with all its white space.

        Args:
            pieces: The lines, without line breaks at their start and end.
            code: Whether they are a program or the like, and no prose.
        """
        if not code:
            self._block(_marked(pieces, _NOT_MEANT, ESCAPE))
            return
        longest = max(map(len, _TICKS.findall(text_of(pieces))), default=2)
        fence = "`" * (longest + 1)
        self._block([Piece(f"{fence}\n"), *pieces, Piece(f"\n{fence}")])

    def _block(self, pieces: Sequence[Piece], marker: str = "", *, close: bool = False) -> None:
        if not text_of(pieces).strip():
            return
        if close and self._gap:
            self._gap = "\n"
        self._start()
        self._built.put(marker)
        self._copy(pieces)
        self._gap = "\n\n"

    def _start(self) -> None:
        self._built.put(self._gap)
        self._gap = ""

    def _copy(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if piece.at < 0:
                self._built.put(piece.text)
            else:
                self._built.copy(piece.text, piece.path, piece.at, piece.boxes, part=piece.part)
