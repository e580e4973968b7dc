"""Lines of a text without marks that are headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.structure.lines import Line
from index.structure.markers import Marker, question_marker
from index.structure.wrapping import LEADS_IN

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
_NUMBER_STYLES = ("1.", "1)", "A.", "A)")
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
    width = max((line.width for line in lines), default=0)
    for place, line in enumerate(lines[:-1]):
        if line.number in marked or line.joins or line.quoted or line.end - line.start > _LONGEST:
            continue
        marker, after = markers[place], lines[place + 1]
        if not line.gap and (marker is None or after.gap):
            continue
        content = text[line.start : line.end]
        if marker is not None:
            if marker.style in _NUMBER_STYLES and not _OPEN_END.search(content.rstrip("?")):
                sure = _numbered(text, line, after, markers[place + 1], marked)
                word = text[after.start : after.end].split(maxsplit=1)[0]
                if sure is not None and (line.gap or line.width + 1 + len(word) <= width):
                    numbered[place] = sure and line.gap
        elif question_marker(content) or _heads_columns(text, line, after):
            continue
        elif _BOLD_LINE.fullmatch(content):
            found[place] = _BOLD
        elif _OPEN_END.search(content):
            continue
        elif _CHAPTER_LINE.fullmatch(content):
            found[place] = _CHAPTER
        elif decimal := _DECIMAL.fullmatch(content):
            found[place] = _NUMBERED + decimal[1].count(".")
        elif content.isupper() and sum(map(str.isalpha, content)) > 3 and len(content) > 5:
            found[place] = _CAPITALS
        elif markers[place + 1] is not None and LEADS_IN.search(content):
            continue
        elif _is_short(content) and _opens(text, lines, place, markers, marked):
            short.append(place)
    found |= dict.fromkeys(_sections(text, lines, markers, numbered), _NUMBERED)
    if len(short) * 3 <= stanzas + 3:  # else it is a poem or a list of names
        found |= dict.fromkeys(short, _SHORT)
    if short and short[0] == 0:
        found[0] = _TITLE
    return found


def _heads_columns(text: str, line: Line, after: Line) -> bool:
    """Tell whether a line is cut into fields as the next one is."""
    content, following = text[line.start : line.end], text[after.start : after.end]
    if after.gap:
        return False
    if "  " in content and "  " in following:
        return True
    return any(
        content.count(sign) == following.count(sign) >= least
        for sign, least in (("\t", 1), ("|", 1), (";", 1), (",", 2))
    )


def _numbered(
    text: str, line: Line, after: Line, marker: Marker | None, marked: set[int]
) -> bool | None:
    """Tell whether a short numbered line is surely a heading; None if it is surely none."""
    if marker is not None or after.joins:
        return None
    if after.number in marked:
        return False
    content = text[after.start : after.end]
    if content[0].islower() or (after.indent > line.indent + 1 and not after.gap):
        return None
    prose = len(content) >= _PROSE or _OPEN_END.search(content) is not None
    return prose and not after.gap and "  " not in content


def _sections(
    text: str,
    lines: Sequence[Line],
    markers: Sequence[Marker | None],
    numbered: dict[int, bool],
) -> list[int]:
    """Return which numbered lines are headings: what is sure, and what is in line with it."""
    values: dict[int, tuple[str, int, int]] = {
        place: (marker.style, marker.value, marker.roman)
        for place in numbered
        if (marker := markers[place]) is not None
    }
    if any(
        1 in numbers and place and text[lines[place - 1].end - 1] == ":"
        for place, (_, *numbers) in values.items()
    ):
        return []  # they are steps that are told at length
    present = {(style, each) for style, *numbers in values.values() for each in numbers if each}
    return [
        place
        for place, sure in numbered.items()
        for style, *numbers in [values[place]]
        if (sure and 1 in numbers)
        or any((style, each + step) in present for each in numbers if each for step in (-1, 1))
    ]


def _is_short(content: str) -> bool:
    if len(content) > _SHORT_LONGEST or len(content.split()) > 9 or _RECORD.match(content):
        return False
    if not (content[0].isupper() or content[0].isdigit()) or not _WORD.search(content):
        return False
    return not ("  " in content or "\t" in content or "|" in content)


def _opens(
    text: str,
    lines: Sequence[Line],
    place: int,
    markers: Sequence[Marker | None],
    marked: set[int],
) -> bool:
    """Tell whether a text follows on a short line, and not another short line."""
    line, after = lines[place], lines[place + 1]
    following = text[after.start : after.end]
    item = markers[place + 1] is not None or after.number in marked
    if not after.gap:
        if item or following[0].islower() or following[0].isdigit():
            return False
        longer = after.end - after.start > max(1.5 * (line.end - line.start), _PROSE)
        return longer and (_PROSE_END.search(following) is not None or len(following) > _LONGEST)
    if item:
        return True
    if following[0].islower():
        return False
    if len(following) >= _PROSE or _PROSE_END.search(following) or following[-1] == ":":
        return True
    if place + 2 == len(lines) or lines[place + 2].gap:
        return False
    # A line right above a list or a table, which this one is no part of.
    second = text[lines[place + 2].start : lines[place + 2].end]
    table = any(sign in following and sign in second for sign in ("  ", "\t", "|", ";"))
    return table or markers[place + 2] is not None
