"""Page numbers, running headers and footers: what stands in a text and is no part of it.

What is taken for such is in no block and can neither be found nor cited, so it has to be sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from index.structure.lines import Line
from index.structure.markers import marker_of
from index.structure.running import page_numbers, running_headers

_BARE = re.compile(r"\d{1,4}")
_ROMAN = re.compile(r"(?=[ivxl])l?x{0,3}(?:ix|iv|v?i{0,3})")
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
_CHAPTER = re.compile(
    r"(?:chapter|part|section|book|appendix)[ \t]+(?:\d|[ivxlc]+\b)", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_][^\W\d_]*[^\WA-Z\d_][\w.'’-]*(?: [A-Z][\w.'’-]*)*")
_SHORT = 80
_PROSE = 40  # characters of a line that is no heading
_SET_IN = 12  # columns by which a number is set in that is centred, or at the right
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
        self._counts = Counter(
            _DIGITS.sub("#", self._short[place]).casefold() for place in short if self._alone(place)
        )
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
        self._headers = running_headers(lines, self._short)
        self.furniture |= self._headers
        alone = {place: self._short[place] for place in short if self._alone(place)}
        bare = {place: int(said) for place, said in alone.items() if _BARE.fullmatch(said)}
        self.furniture |= page_numbers(lines, bare, self._prose_above(bare))
        self._romans = {place for place, said in alone.items()
                        if len(said) > 1 and _ROMAN.fullmatch(said)}  # fmt: skip
        self._feet = self._feet_of_pages()
        self.furniture |= self._running(short)

    def _prose_above(self, places: Iterable[int]) -> set[int]:
        """Return the places of lines of prose that stand right above others."""
        return {each - 1 for each in places if each and self._is_prose(each - 1)}

    def _at_page_end(self, place: int) -> bool:
        lines = self._lines
        return lines[place].page or (place + 1 < len(lines) and lines[place + 1].page)

    def _alone(self, place: int) -> bool:
        lines = self._lines
        last = place + 1 == len(lines)
        return (lines[place].gap or place == 0) and (last or lines[place + 1].gap)

    def _feet_of_pages(self) -> dict[int, int]:
        """Return the lines of which a page number and little else stand together, by their places.

        With each is told where the number stands.
        """
        found: dict[int, int] = {}
        first = 0
        for place in range(1, len(self._lines) + 1):
            if place < len(self._lines) and not self._lines[place].gap:
                continue
            lines = range(first, place)
            first = place
            if not 1 < len(lines) < 4 or any(
                each not in self._short or _CLOSED.search(self._short[each]) for each in lines
            ):
                continue
            numbers = [
                each for each in lines if each in self._weak or _SIGNED.fullmatch(self._short[each])
            ]
            if len(numbers) == 1:
                found |= dict.fromkeys(lines, numbers[0])
        return found

    def _running(self, short: Sequence[int]) -> set[int]:
        """Return the places of headers and footers that repeat, but for the first of each."""
        seen: set[str] = set()
        running: set[int] = set()
        for place in short:
            key = _DIGITS.sub("#", self._short[place]).casefold()
            if (
                key in seen
                and place not in self.furniture
                and (
                    self._at_page_end(place)
                    or place - 1 in self.furniture
                    or place + 1 in self.furniture
                    or self._feet.get(place, place) != place
                )
            ):
                running.add(place)
            if self._alone(place) or place in running or self._feet.get(place, place) != place:
                seen.add(key)
        return running | {self._feet[place] for place in running if place in self._feet}

    def continuation(self, place: int, kept: Sequence[Line]) -> int:
        """Return the place of the line that goes on with a sentence; -1 if none does.

        Args:
            place: The first line that may part it.
            kept: The lines before.
        """
        if not kept or kept[-1].number in self._marked or not self._lines[place].gap:
            return self._within(place, kept)
        is_open = self._is_open(kept)
        if not is_open and not self._leaves_open(kept):
            return -1
        if self._lines[place].page and is_open and self._starts_low(place):
            return place
        sure = True
        for after in range(place, min(place + _MOST + 1, len(self._lines))):
            if after > place:
                if self._starts_low(after):
                    return after if sure or is_open else -1
                number = self._is_number(after) or after in self._feet
                if sure and not number and self._is_prose(after) and self._leaves_open(kept):
                    return after
            if after in self._feet or (
                self._is_number(after) and (after in self.furniture or self._alone(after))
            ):
                continue
            content = self._short.get(after, ".")
            repeats = self._counts[_DIGITS.sub("#", content).casefold()] > 1
            sure = sure and (repeats or _CHAPTER.match(content) is not None)
            if not (sure or repeats) and _NAME.fullmatch(content):
                return -1
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
        if not self._is_number(place):
            return -1
        if self._wide(kept[-1]) < _PROSE or not self._is_open(kept):
            return -1
        set_in = self._lines[place].indent > self._lines[after].indent + _SET_IN
        if set_in and self._leaves_open(kept) and self._is_prose(after):
            return after
        wide = self._wide(self._lines[after]) >= _PROSE
        return after if wide and self._starts_low(after) else -1

    def _is_number(self, place: int) -> bool:
        """Tell whether a line may be the number of a page, or is no text for sure."""
        return place in self._weak or place in self.furniture or place in self._romans

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
            or (len(kept) > 1 and not line.gap and self._wide(kept[-2]) >= _PROSE)
        )

    def _leaves_open(self, kept: Sequence[Line]) -> bool:
        line = kept[-1]
        content = self._text[line.start : line.end]
        if _CLOSED.search(content):
            return False
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
