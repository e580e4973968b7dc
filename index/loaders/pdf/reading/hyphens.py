"""Lines put together to text: words that a line's end parts are made whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from index.loaders.pdf.reading.lines import Line
from index.loaders.writing import BREAK, SPACE, Piece

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+(?:[-\u2010][^\W\d_]+)*)[-\u2010\u00ad]\Z")
_FIRST = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LEAST_CAPITALS = 2  # "US-led"
_LEAST = 3  # letters of each half of a compound that is not seen elsewhere
_OPENS_COMPOUND = frozenset(["self", "non", "well", "half", "quasi", "cross"])
_LEAST_OPENED = 4  # letters behind one of these: "self-ish" is parted, too
_MAY_OPEN = frozenset(["all", "co", "ex"])  # before a word that is seen elsewhere: not in "ex-pect"
_OPENS_CLOSED = frozenset(
    [
        "any",
        "can",
        "every",
        "for",
        "how",
        "more",
        "not",
        "out",
        "over",
        "some",
        "there",
        "through",
        "under",
        "what",
        "when",
        "where",
        "who",
        "with",
    ]
)  # "how-ever", "with-out": words, though each half is one, too
_CLINGS = frozenset("—―/")  # no blank comes behind them, or before, where a line ends there
_OPEN = re.compile(r"\w[-\u2010–]\Z")  # a number, or a range, goes on
_ADDRESS = re.compile(r"(://|www\.|@)\S*[@_=&?%.-]\Z|\w@\Z")
_WIDE = re.compile(
    "[\u2e80-\u2fdf\u3000-\u30ff\u3130-\u318f\u31f0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"
)  # scripts without blanks between words


class Words:
    """The words of a document that stand whole in a line.

    Args:
        texts: Lines that are read one behind the other, text by text: what goes on from a line that
            ends with a hyphen is no word of its own.
    """

    def __init__(self, texts: Iterable[Iterable[Line]]) -> None:
        self._known: set[str] = set()
        parted = False
        for line in (line for lines in texts for line in lines):
            found = [*_WORD.finditer(line.text)]
            first = 1 if parted else 0
            parted = line.hyphenated
            self._known.update(
                each[0].lower().replace("\u2010", "-")
                for each in found[first : len(found) - parted]
            )

    def hyphen_stays(self, before: str, after: str, *, told: bool) -> bool:
        """Tell whether the hyphen at the end of a line is a part of the word.

        Most are not. It is where the document has the word with a hyphen elsewhere, beside
        capitals, behind what opens compounds, and between two words that are seen elsewhere.

        Args:
            before: The line.
            after: What follows in the next.
            told: Whether it is known that it parts a word.
        """
        last, first = _LAST.search(before), _FIRST.match(after)
        if before[-1] == "\u00ad":
            return False
        if last is None or first is None:
            return True
        one, two = last[1].lower().replace("\u2010", "-"), first[0].lower().replace("\u2010", "-")
        if one + two in self._known:
            return False
        if f"{one}-{two}" in self._known:
            return True
        if first[0][0].isupper():
            return not (last[1].isupper() and first[0].isupper() and told)
        if last[1].isupper() and len(one) >= _LEAST_CAPITALS:
            return True
        if one in _OPENS_COMPOUND and len(two) >= _LEAST_OPENED:
            return True
        if one in _OPENS_CLOSED or not {two, two.split("-")[0]} & self._known:
            return False
        known = bool({one, one.rsplit("-", 1)[-1]} & self._known)
        return one in _MAY_OPEN or (known and min(len(one), len(two)) >= _LEAST)


def pieces_of(
    lines: Sequence[Line], words: Words, breaks: frozenset[int] = frozenset()
) -> list[Piece]:
    """Return the pieces of lines, one behind the other.

    Args:
        lines: The lines of a block, on one page or several.
        words: The words of the document.
        breaks: Before which lines the break stays.
    """
    pieces: list[Piece] = []
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else None
        end = len(line.glyphs)
        between: Piece | None = SPACE
        if number + 1 in breaks:
            between = BREAK
        elif after is None:
            between = None
        elif line.hyphenated and after.text[0].isalpha():
            told = bool(line.sheet.page.hyphens[line.glyphs[-1]])
            between = None
            if not words.hyphen_stays(line.text, after.text, told=told):
                end -= 1
        elif _clings(line.text, after.text):
            between = None
        pieces += _copied(line, end)
        if between is not None:
            pieces.append(between)
    return pieces


def _copied(line: Line, end: int) -> list[Piece]:
    """Return the pieces of the first glyphs of a line."""
    sheet, glyphs = line.sheet, line.glyphs[:end]
    page = sheet.page
    index = page.index[glyphs]
    raised = line.raised[:end]
    parted = line.spaced[1:end] | (np.diff(index) != 1) | np.diff(raised)
    starts = [0, *(np.flatnonzero(parted) + 1).tolist()]
    ends = [*starts[1:], end]
    shares = sheet.shares[glyphs]
    letters = "".join(map(chr, page.codes[glyphs].tolist()))
    pieces: list[Piece] = []
    for start, stop in zip(starts, ends, strict=True):
        is_raised = int(raised[start])
        if line.spaced[start] and start:
            pieces.append(Piece(" ", raised=is_raised))
        at = int(index[start])
        pieces.append(
            Piece(letters[start:stop], None, at, shares[start:stop], sheet.place, is_raised)
        )
    return pieces


def _clings(line: str, after: str) -> bool:
    """Tell whether no blank comes between a line and the next."""
    if line[-1] in _CLINGS or after[0] == "—":
        return True
    if _OPEN.search(line) or (_ADDRESS.search(line) and not after[0].isupper()):
        return True
    return _WIDE.match(line[-1]) is not None and _WIDE.match(after) is not None
