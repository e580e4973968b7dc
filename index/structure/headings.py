"""Lines of a text without marks that are headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.structure.lines import Line
from index.structure.markers import Marker

# How deep a heading stands by its form; Markdown's own are 1 to 6.
_TITLE, _CHAPTER, _CAPITALS, _BOLD, _NUMBERED, _SHORT = 7, 10, 20, 25, 30, 50

_CHAPTER_LINE = re.compile(
    r"(?:chapter|part|section|appendix|annex|article|book|act)[ \t]+(?:\d{1,3}|[IVXLC]+|[A-Z])\b"
    r"(?:[ \t]*[.:–—-].*|[ \t]+\S.*)?",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{1,3})+)\.?[ \t]+(?=[^\W\d_])\S.*")
_BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)([^*_]+)(?<=\S)\1:?")
_OPEN_END = re.compile(r"[.!?:;,…][\"”’')\]*_]*$")
_PROSE_END = re.compile(r"[.!?…][\"”’')\]*_]*$")
_RECORD = re.compile(r"[\w /&-]{1,30}:[ \t]")
_WORD = re.compile(r"[^\W\d_]{3}")
_LONGEST = 80
_SHORT_LONGEST = 60
_PROSE = 60  # characters of a line that is no heading


def headings_among(
    text: str, lines: Sequence[Line], markers: Sequence[Marker | None], marked: set[int]
) -> dict[int, int]:
    """Return how deep those lines stand that are headings, by their places.

    Args:
        text: The whole text.
        lines: Its lines.
        markers: What they start with, if it may be the marker of an item.
        marked: The numbers of lines of which Markdown says what they are.
    """
    found: dict[int, int] = {}
    numbered: dict[int, bool] = {}  # whether it is sure
    short: list[int] = []
    stanzas = sum(line.gap for line in lines)
    for place, line in enumerate(lines):
        if line.number in marked or line.joins or line.quoted or not line.gap:
            continue
        if line.end - line.start > _LONGEST or place + 1 == len(lines):
            continue
        content, after = text[line.start : line.end], lines[place + 1]
        marker = markers[place]
        if marker is not None:
            if marker.style == "1." and not _OPEN_END.search(content.rstrip("?")):
                sure = _numbered(text, line, after, markers[place + 1], marked)
                if sure is not None:
                    numbered[place] = sure
            continue
        if _BOLD_LINE.fullmatch(content):
            found[place] = _BOLD
        elif _OPEN_END.search(content):
            continue
        elif _CHAPTER_LINE.fullmatch(content):
            found[place] = _CHAPTER
        elif decimal := _DECIMAL.fullmatch(content):
            found[place] = _NUMBERED + decimal[1].count(".")
        elif content.isupper() and sum(map(str.isalpha, content)) > 3 and len(content) > 5:
            found[place] = _CAPITALS
        elif _is_short_heading(text, line, after, markers[place + 1], marked, content):
            short.append(place)
    found |= dict.fromkeys(_sections(text, lines, markers, numbered), _NUMBERED)
    if len(short) * 3 <= stanzas + 3:  # else it is a poem or a list of names
        for place in short:
            found[place] = _TITLE if place == 0 else _SHORT
    return found


def _numbered(
    text: str, line: Line, after: Line, marker: Marker | None, marked: set[int]
) -> bool | None:
    """Tell whether a short numbered line is surely a heading; None if it is surely none."""
    if (
        marker is not None
        or after.number in marked
        or after.joins
        or after.indent > line.indent + 1
    ):
        return None
    content = text[after.start : after.end]
    prose = len(content) >= _PROSE or _OPEN_END.search(content) is not None
    if not prose or content[0].islower():
        return None
    return not after.gap


def _sections(
    text: str,
    lines: Sequence[Line],
    markers: Sequence[Marker | None],
    numbered: dict[int, bool],
) -> list[int]:
    """Return which numbered lines are headings: what is sure, and what is in line with it."""
    values = {place: marker.value for place in numbered if (marker := markers[place]) is not None}
    if any(
        value == 1 and place and text[lines[place - 1].end - 1] == ":"
        for place, value in values.items()
    ):
        return []  # they are steps that are told at length
    present = set(values.values())
    return [
        place
        for place, sure in numbered.items()
        if (sure and not (values[place] > 1 and len(present) == 1))
        or values[place] - 1 in present
        or values[place] + 1 in present
    ]


def _is_short_heading(
    text: str, line: Line, after: Line, marker: Marker | None, marked: set[int], content: str
) -> bool:
    if len(content) > _SHORT_LONGEST or len(content.split()) > 9 or _RECORD.match(content):
        return False
    if not (content[0].isupper() or content[0].isdigit()) or not _WORD.search(content):
        return False
    if "  " in content or "\t" in content or "|" in content:
        return False
    following = text[after.start : after.end]
    if after.gap and (marker is not None or after.number in marked):
        return True
    if marker is not None or after.number in marked or following[0].islower():
        return False
    longer = len(following) > max(1.5 * len(content), _PROSE)
    if after.gap:
        return len(following) >= _PROSE or _PROSE_END.search(following) is not None
    return longer and (_PROSE_END.search(following) is not None or len(following) > _LONGEST)
