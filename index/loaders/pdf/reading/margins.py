"""Running headers, footers and page numbers: what repeats at the edges of pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from index.loaders.pdf.reading.lines import Line
from index.loaders.pdf.reading.marks import is_caption
from index.loaders.pdf.reading.notes import footnotes

_EDGE = 0.2  # share of a page's height in which headers and footers are looked for
_ROWS = 4  # from each edge
_NEAR = 5.0  # points by which a line's distance from the edge may differ from page to page
_NEXT = 3  # lines that say the same that are compared with one
_APART = 2  # pages from one with a line to the next: headers of left and right pages differ
_TIGHT = 0.5  # line heights: what is nearer to the next row, in the same size, is a part of it
_MANY = 3  # pages that the same words are on, whatever their numbers
_LEAST_NUMBERS = 10  # of lines, on a page
_CELLS = 2  # side by side: a table's row
_FULL_PAGE = 100  # characters: more than a header and a footer have
_LARGE = 1.15  # times the body's size: a title that is repeated is a title where it first is

_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlcdm]+|[IVXLCDM]+")
_ROMAN_NUMBER = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})\Z")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


class _Seen(NamedTuple):
    """A line near an edge: on which page, which of its lines, how far in, with which numbers."""

    page: int
    line: int
    away: float
    numbers: tuple[int, ...]
    row: int


def without_furniture(pages: Sequence[Sequence[Line]], body: float) -> list[list[Line]]:
    """Return the lines of each page but for those that repeat at its edges.

    Numbers may differ: a page number is one that grows as the pages do. Footnotes stay, though
    their numbers grow, too. A document of one page keeps all, and so does one in which nothing
    would be left, such as copies of a label.

    Args:
        pages: The lines of each page.
        body: The size of most of the text.
    """
    if len(pages) < 2:
        return [list(lines) for lines in pages]
    seen: dict[tuple[bool, str], list[_Seen]] = defaultdict(list)
    rows: dict[tuple[int, int], list[int]] = {}
    for number, lines in enumerate(pages):
        for below in (False, True):
            edge = _edge_rows(lines, below=below)
            notes = footnotes(lines, edge) if below else set()
            for place, row in enumerate(edge):
                key = (number, 2 * place + below)
                rows[key] = [each for each in row if each not in notes]
                for each in rows[key]:
                    if not _is_near(lines[each], below=below):
                        continue
                    said, numbers = _said(lines[each].text)
                    away = _away(lines[each], below=below)
                    seen[below, said].append(_Seen(number, each, away, numbers, key[1]))
    found: set[tuple[int, int]] = set()
    for (_, said), places in seen.items():
        repeated = [each for each in _repeated(said, places) if _fits(pages, rows, each, said)]
        if any(sign.isalpha() for sign in said):
            lines = [pages[each.page][each.line] for each in repeated]
            repeated = repeated[_is_title(lines, body) :]
        found.update((place.page, place.line) for place in repeated)
    _leave_tight(pages, rows, found)
    _add_neighbours(pages, rows, found, body)
    _leave_inner(pages, rows, found)
    _leave_full_pages(pages, found)
    if len(found) == sum(map(len, pages)):
        return [list(lines) for lines in pages]
    return [
        [line for place, line in enumerate(lines) if (number, place) not in found]
        for number, lines in enumerate(pages)
    ]


def without_stamps(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return lines turned against their pages, without those that several pages bear."""
    on: dict[str, set[int]] = defaultdict(set)
    for number, lines in enumerate(pages):
        for line in lines:
            on[_said(line.text)[0]].add(number)
    return [[line for line in lines if len(on[_said(line.text)[0]]) < 2] for lines in pages]


def without_line_numbers(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page without the numbers of lines beside them, as transcripts have."""
    numbers = [line for line in lines if line.text.isdecimal() and len(line.text) <= 3]
    if len(numbers) < _LEAST_NUMBERS:
        return list(lines)
    edge = min(line.left for line in numbers)
    column = sorted(
        (line for line in numbers if line.left < edge + 2 * line.size), key=lambda line: line.top
    )
    values = [int(line.text) for line in column]
    steps = {two - one for one, two in pairwise(values)}
    counts = len(column) >= _LEAST_NUMBERS and len(steps) == 1 and steps <= {1, 5}
    own = set(map(id, column))
    rest = [line for line in lines if id(line) not in own]
    right = max((line.right for line in column), default=0.0)
    if not counts or values[0] > 5 or not rest or any(line.left <= right for line in rest):
        return list(lines)
    return rest


def _edge_rows(lines: Sequence[Line], *, below: bool) -> list[list[int]]:
    """Return the lines that stand side by side nearest to an edge, row by row from there.

    The last row may be farther in: it tells whether the one before it is a part of the text.
    """
    order = sorted(range(len(lines)), key=lambda number: _away(lines[number], below=below))
    rows: list[list[int]] = []
    for number in order:
        line = lines[number]
        first = lines[rows[-1][0]] if rows else None
        if first is not None and first.top <= (line.top + line.bottom) / 2 <= first.bottom:
            rows[-1].append(number)
        elif len(rows) > _ROWS or (first is not None and not _is_near(first, below=below)):
            break
        else:
            rows.append([number])
    return rows


def _is_near(line: Line, *, below: bool) -> bool:
    return _away(line, below=below) < _EDGE * line.sheet.page.height


def _away(line: Line, *, below: bool) -> float:
    middle = (line.top + line.bottom) / 2
    return line.sheet.page.height - middle if below else middle


def _is_title(lines: Sequence[Line], body: float) -> bool:
    """Tell whether the first of lines that say the same is the title that the others repeat.

    It is large, or set with more weight than they are.
    """
    if not lines:
        return False
    first, others = lines[0], lines[1:]
    if first.size > _LARGE * body:
        return True
    capitals = first.text.isupper() and not any(line.text.isupper() for line in others)
    bold = first.bold and not any(line.bold for line in others)
    return bool(others) and (capitals or bold)


def _said(text: str) -> tuple[str, tuple[int, ...]]:
    """Return what a line says, its numbers left out, and the numbers."""
    words = text.split()
    whole = re.sub(r"[^\w]", "", text)
    if _ROMAN.fullmatch(whole) and _ROMAN_NUMBER.match(whole.lower()):
        return "#", (_roman(whole.lower()),)
    for place in {0, len(words) - 1} if len(words) > 1 else ():
        word = words[place]
        if word.islower() and _ROMAN.fullmatch(word) and _ROMAN_NUMBER.match(word):
            words[place] = str(_roman(word))
    plain = " ".join(words)
    numbers = tuple(int(each[:9]) for each in _NUMBER.findall(plain))
    said = _NUMBER.sub("#", plain).casefold()
    if not any(sign.isalpha() for sign in said):
        said = "#" * said.count("#") or said
    return said, numbers


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[sign] for sign in text]
    return sum(
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    )


def _repeated(said: str, places: Sequence[_Seen]) -> list[_Seen]:
    """Return which lines that say the same stand on several pages, with numbers that fit."""
    words = sum(map(str.isalpha, said))
    if not words and "#" not in said:
        words = len(said)
    found: set[int] = set()
    for one, first in enumerate(places):
        for two in range(one + 1, min(one + 1 + _NEXT, len(places))):
            second = places[two]
            same = all(
                a == b or b - a == second.page - first.page
                for a, b in zip(first.numbers, second.numbers, strict=False)
            )
            grows = any(
                b - a == second.page - first.page
                for a, b in zip(first.numbers, second.numbers, strict=False)
            )
            if abs(first.away - second.away) > _NEAR:
                continue
            near = 0 < second.page - first.page <= _APART
            if near and same and (words >= 2 or grows):
                found |= {one, two}
    many = {each.page for each in places}
    if words >= 4 and len(many) >= _MANY and not is_caption(said.replace("#", "1")):
        usual = sorted(each.away for each in places)[len(places) // 2]
        found |= {number for number, each in enumerate(places) if abs(each.away - usual) <= _NEAR}
    return [places[number] for number in sorted(found)]


def _fits(
    pages: Sequence[Sequence[Line]], rows: dict[tuple[int, int], list[int]], each: _Seen, said: str
) -> bool:
    """Tell whether a line is no caption, and in no row of a table."""
    lines = pages[each.page]
    if is_caption(lines[each.line].text):
        return False
    row = rows[each.page, each.row]
    inner = rows.get((each.page, each.row + 2), [])
    if len(row) < _CELLS or len(inner) < _CELLS:
        return True
    upper, lower = (inner, row) if each.row % 2 else (row, inner)
    apart = min(lines[a].top for a in lower) - max(lines[a].bottom for a in upper)
    level = sum(
        any(lines[a].left < lines[b].right and lines[b].left < lines[a].right for b in inner)
        for a in row
    )
    return level < 2 or apart > lines[each.line].height


def _leave_tight(
    pages: Sequence[Sequence[Line]], rows: dict[tuple[int, int], list[int]],
    found: set[tuple[int, int]],
) -> None:  # fmt: skip
    """Take out again what is the first line of the text, or of a table, on each of its pages."""
    for page, lines in enumerate(pages):
        for below in (False, True):
            for place in range(_ROWS, -1, -1):  # from the innermost row
                row = rows.get((page, 2 * place + below), [])
                row = [each for each in row if _is_near(lines[each], below=below)]
                inner = rows.get((page, 2 * (place + 1) + below), [])
                if place == _ROWS or not any((page, each) in found for each in inner):
                    tight = [
                        each for each in row
                        if place == _ROWS or any(_is_tight(lines[each], lines[a]) for a in inner)
                    ]  # fmt: skip
                    found -= {(page, each) for each in (row if tight else [])}


def _is_tight(one: Line, two: Line) -> bool:
    apart = max(one.top, two.top) - min(one.bottom, two.bottom)
    alike = abs(one.size - two.size) < 0.05 * one.size and one.bold == two.bold
    return alike and apart < _TIGHT * min(one.height, two.height)


def _add_neighbours(
    pages: Sequence[Sequence[Line]], rows: dict[tuple[int, int], list[int]],
    found: set[tuple[int, int]], body: float,
) -> None:  # fmt: skip
    """Add what stands in a row with a page number or a header: it changes from page to page."""
    for (page, _), row in rows.items():
        if len(row) < 2 or not any((page, each) in found for each in row):
            continue
        if all(pages[page][each].size <= body * _LARGE for each in row):
            found |= {(page, each) for each in row}


def _leave_inner(
    pages: Sequence[Sequence[Line]], rows: dict[tuple[int, int], list[int]],
    found: set[tuple[int, int]],
) -> None:  # fmt: skip
    """Take out again what stands further in, from both edges, than a row that stays."""
    outer: set[tuple[int, int]] = set()
    for page, edge in {(page, place % 2) for page, place in rows}:
        for place in range(edge, 2 * _ROWS + 2, 2):
            row = {(page, each) for each in rows.get((page, place), ())}
            near = all(_is_near(pages[page][each], below=edge == 1) for _, each in row)
            if row - found or not near:
                break
            outer |= row
    found &= outer


def _leave_full_pages(pages: Sequence[Sequence[Line]], found: set[tuple[int, int]]) -> None:
    """Take out again all of a page of which nothing would be left, though it says something."""
    for page, lines in enumerate(pages):
        whole = all((page, each) in found for each in range(len(lines)))
        if whole and sum(len(line.text) for line in lines) > _FULL_PAGE:
            found -= {(page, each) for each in range(len(lines))}
