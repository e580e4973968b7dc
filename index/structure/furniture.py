"""Page numbers, running headers and footers: what stands in a text and is no part of it.

What is taken for such is in no block and can neither be found nor cited, so it has to be sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.structure.lines import Line
from index.structure.markers import marker_of

_BARE = re.compile(r"\d{1,4}")
_ROMAN = re.compile(r"[ivxl]{1,7}")
_SIGNED = re.compile(
    r"""[-–—•*~|][ \t]*(?:[Pp]age[ \t]+)?\d{1,4}[ \t]*[-–—•*~|]
      | (?:[Pp]age|PAGE)[ \t]*\d{1,4} (?:[ \t]*(?:of|OF|/|\|)[ \t]*\d{1,4})?
    """,
    re.VERBOSE,
)
_BRACKETED = re.compile(r"\[[ \t]*(?:[Pp]age[ \t]+)?\d{1,4}[ \t]*\]|\([ \t]*\d{1,4}[ \t]*\)")
_CLOSED = re.compile(r"[.!?:;…|][\"”’')\]*_]*$")
_INNER_END = re.compile(r"[.!?][\"”’)]?\s")
_DIGITS = re.compile(r"\d+")
_LEAVES_OPEN = re.compile(
    r"(?:,|\b(?:a|an|the|of|by|and|or|to|in|on|at|with|for|from|into|near|called|named|as|than|that"
    r"|which|who|whose|is|was|are|were|be|been|has|had|have|will|would|his|her|its|their|between"
    r"|under|over|after|before|through|about|against|during|numbered|Mr|Mrs|Ms|Dr))$",
    re.IGNORECASE,
)
_SHORT = 80
_PROSE = 40  # characters of a line that is no heading
_MOST = 5  # lines between the halves of a sentence


def without_furniture(text: str, lines: list[Line], marked: set[int]) -> list[Line]:
    """Return the lines that are part of the text, and tell those that go on across what is not.

    Args:
        text: The whole text.
        lines: Its lines.
        marked: The numbers of lines of which Markdown says what they are.
    """
    page = _Pages(text, lines, marked)
    kept: list[Line] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        after = page.continuation(place, kept)
        if after >= 0:
            following = lines[after]
            following.joins, following.gap = True, False
            kept.append(following)
            place = after + 1
            continue
        if place in page.furniture:
            if place + 1 < len(lines):
                lines[place + 1].gap = True
        else:
            kept.append(line)
        place += 1
    return kept


class _Pages:
    """What looks like the top or the foot of a page.

    Attributes:
        furniture: The places of the lines that are page numbers or running headers for sure.
    """

    def __init__(self, text: str, lines: list[Line], marked: set[int]) -> None:
        self._text, self._lines, self._marked = text, lines, marked
        short = [
            place
            for place, line in enumerate(lines)
            if line.end - line.start <= _SHORT and line.number not in marked
        ]
        self._short = {place: text[lines[place].start : lines[place].end] for place in short}
        signed = {place for place in short if _SIGNED.fullmatch(self._short[place])}
        self._weak = {
            place
            for place in short
            if _BARE.fullmatch(self._short[place]) or _BRACKETED.fullmatch(self._short[place])
        }
        lonely = signed | self._weak
        self.furniture = {
            place for place in signed if place - 1 not in lonely and place + 1 not in lonely
        }
        self.furniture |= {
            place
            for place in short
            if self._at_page_end(place)
            and self._alone(place)
            and (place in self._weak or _ROMAN.fullmatch(self._short[place]))
        }
        self.furniture |= self._running(short)

    def _at_page_end(self, place: int) -> bool:
        lines = self._lines
        return lines[place].page or (place + 1 < len(lines) and lines[place + 1].page)

    def _alone(self, place: int) -> bool:
        lines = self._lines
        last = place + 1 == len(lines)
        return (lines[place].gap or place == 0) and (last or lines[place + 1].gap)

    def _running(self, short: Sequence[int]) -> set[int]:
        """Return the places of headers and footers that repeat, but for the first of each."""
        found: dict[str, list[int]] = {}
        for place in short:
            if place not in self.furniture and (
                self._at_page_end(place)
                or place - 1 in self.furniture
                or place + 1 in self.furniture
            ):
                key = _DIGITS.sub("#", self._short[place]).casefold()
                found.setdefault(key, []).append(place)
        return {place for places in found.values() if len(places) > 1 for place in places[1:]}

    def continuation(self, place: int, kept: Sequence[Line]) -> int:
        """Return the place of the line that goes on with a sentence; -1 if none does.

        Args:
            place: The first line that may part it.
            kept: The lines before.
        """
        if not kept or kept[-1].number in self._marked or not self._lines[place].gap:
            return self._within(place, kept)
        if not self._is_open(kept):
            return -1
        if self._lines[place].page and self._starts_low(place):
            return place
        sure = True
        for after in range(place, min(place + _MOST + 1, len(self._lines))):
            if after > place:
                if self._starts_low(after):
                    return after
                number = after in self._weak or after in self.furniture
                if sure and not number and self._is_prose(after) and self._leaves_open(kept):
                    return after
            if after in self.furniture or (after in self._weak and self._alone(after)):
                continue
            sure = False
            content = self._short.get(after, ".")
            if _CLOSED.search(content) or not self._alone(after) or marker_of(content):
                return -1
            if not (content[0].isupper() or content[0].isdigit()):
                return -1
        return -1

    def _within(self, place: int, kept: Sequence[Line]) -> int:
        """Return the same of a page number that stands between two lines without blank lines."""
        after = place + 1
        if not kept or after >= len(self._lines) or self._lines[after].number in self._marked:
            return -1
        if place not in self._weak and place not in self.furniture:
            return -1
        wide = min(self._wide(kept[-1]), self._wide(self._lines[after])) >= _PROSE
        return after if wide and self._is_open(kept) and self._starts_low(after) else -1

    def _wide(self, line: Line) -> int:
        return line.end - line.start

    def _content(self, place: int) -> str:
        return self._text[self._lines[place].start : self._lines[place].end]

    def _is_open(self, kept: Sequence[Line]) -> bool:
        """Tell whether prose was broken off in the middle of a sentence."""
        line = kept[-1]
        content = self._text[line.start : line.end]
        if _CLOSED.search(content):
            return False
        return (
            len(content) >= _PROSE
            or _INNER_END.search(content) is not None
            or (len(kept) > 1 and not line.gap)
        )

    def _leaves_open(self, kept: Sequence[Line]) -> bool:
        line = kept[-1]
        content = self._text[line.start : line.end]
        inner = _INNER_END.search(content) is not None or (len(kept) > 1 and not line.gap)
        return inner or _LEAVES_OPEN.search(content) is not None

    def _starts_low(self, place: int) -> bool:
        line = self._lines[place]
        if line.number in self._marked or not self._text[line.start].islower():
            return False
        return marker_of(self._content(place)) is None

    def _is_prose(self, place: int) -> bool:
        content = self._content(place)
        if self._lines[place].number in self._marked or marker_of(content) is not None:
            return False
        ended = _CLOSED.search(content) or _INNER_END.search(content)
        return ended is not None or len(content) >= _PROSE
