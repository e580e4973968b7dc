"""Lines of a text that are rows of a table: with separators between their fields, or aligned."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.structure.aligned import aligned_cells
from index.structure.fields import fields
from index.structure.headers import has_header
from index.structure.lines import Line, is_rule
from index.structure.paragraphs import strip
from index.structure.spans import Span

Cells = tuple[Span, ...]

_PIPE = re.compile(r"(?<!\\)\|")
_LEADERS = ("....", ". . . .")
_LED_TO = re.compile(r"\.[ \t]*([^\s.]\S*)$")
_LONGEST_PAGE = 16  # characters, with what is before it
_QUOTATION = re.compile(r'"[^"]*"')
_CLOSED = re.compile(r"[.!?;:,…][\"”’)]*$")
_GROUPED_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+")
_LOOKED_AT = 500  # rows, to tell whether the first has headings
_LONG_FIELD = 40  # on average; longer ones are clauses of sentences


class Rows(NamedTuple):
    """Rows of a table.

    Attributes:
        first: The place of its first line among the lines.
        end: The place behind its last line.
        rows: The cells of each row.
        header: Whether the first row holds the headings of the columns.
    """

    first: int
    end: int
    rows: Sequence[Cells]
    header: bool


def pipe_cells(text: str, line: Span) -> Cells:
    """Return where the cells of a row with pipes between them stand."""
    start, end = line
    if text[start] == "|":
        start += 1
    if end > start and text[end - 1] == "|" and text[end - 2] != "\\":
        end -= 1
    cuts = [match.start() for match in _PIPE.finditer(text, start, end)]
    bounds = zip([start, *(cut + 1 for cut in cuts)], [*cuts, end], strict=True)
    return tuple(_stripped(text, Span(*each)) for each in bounds)


def tables_in(text: str, lines: Sequence[Line], skip: Sequence[bool]) -> list[Rows]:
    """Return the tables among lines that stand together, in order.

    Args:
        text: The whole text.
        lines: The lines.
        skip: Which of them are none of a table.
    """
    if len(lines) < 2:
        return []
    contents = [
        "" if skipped or line.joins else text[line.start : line.end]
        for line, skipped in zip(lines, skip, strict=True)
    ]
    found: list[Rows] = []
    for sign in ("\t", "|", *_LEADERS, ";", ",", "  "):
        for first, end in _runs(contents, sign):
            rows = _rows(text, lines[first:end], contents[first:end], sign)
            if rows is not None:
                low, high = rows.first + first, rows.end + first
                found.append(rows._replace(first=low, end=high))
                contents[low:high] = [""] * (high - low)
    return sorted(found)


def _runs(contents: Sequence[str], sign: str) -> Iterator[tuple[int, int]]:
    """Return where two or more lines with a sign stand together; drawn lines may be among them."""
    first = -1
    rows = 0
    for place, content in enumerate([*contents, ""]):
        if sign in content:
            first = place if first < 0 else first
            rows += 1
        elif first < 0 or not is_rule(content):
            if rows > 1:
                yield first, place
            first, rows = -1, 0


def _rows(text: str, lines: Sequence[Line], contents: Sequence[str], sign: str) -> Rows | None:
    if sign in ";," and not _may_be_rows(contents, sign):
        return None  # as nearly all prose, without a closer look
    drawn = [is_rule(content) for content in contents]
    places = [place for place in range(len(lines)) if not drawn[place]]
    table: list[tuple[Span, ...]] | None
    if sign in _LEADERS:
        table = [_led(text, lines[place].span) for place in places]
    elif sign == "  ":
        table = aligned_cells(text, [lines[place] for place in places])
    else:
        # Where others are not, a line is set in by a first cell that is empty.
        outer = sign == "\t" and any(line.indent == 0 for line in lines)
        table = [_cells(text, lines[place], sign, outer=outer) for place in places]
    if table is None:
        return None
    widths = Counter(len(cells) for cells in table)
    usual, often = widths.most_common(1)[0]
    # What is no row may stand above or below without a blank line.
    first, end = 0, len(table)
    while first < end and len(table[first]) != usual:
        first += 1
    while (
        end > first and len(table[end - 1]) != usual and _CLOSED.search(contents[places[end - 1]])
    ):
        end -= 1
    table, places = table[first:end], places[first:end]
    if usual < 2 or len(table) < 2:
        return None
    kept = [contents[place] for place in places]
    if sign != "  " and sign not in _LEADERS and not _sure(text, table, kept, sign, usual, often):
        return None
    underlined = len(places) > 1 and places[1] > places[0] + 1
    values = [[text[start:end] for start, end in cells] for cells in table[:_LOOKED_AT]]
    header = underlined or has_header(values, usual=sign in "\t,;")
    return Rows(places[0], places[-1] + 1, table, header)


def _led(text: str, line: Span) -> Cells:
    """Cut a line at the dots that lead from a title to its page."""
    content = text[slice(*line)]
    page = _LED_TO.search(content, max(0, len(content) - _LONGEST_PAGE))
    if page is None or not any(map(str.isdigit, page[1])):
        return (line,)
    title = content[: page.start(1)].rstrip(". \t")
    if not title or content.count(".", len(title), page.start(1)) < len(_LEADERS[0]):
        return (line,)
    return Span(line.start, line.start + len(title)), Span(line.start + page.start(1), line.end)


def _may_be_rows(contents: Sequence[str], sign: str) -> bool:
    """Tell whether half of the lines have the same number of signs, those in quotations aside."""
    least = 0.5 * len(contents)
    if Counter(content.count(sign) for content in contents).most_common(1)[0][1] >= least:
        return True
    if not any('"' in content for content in contents):
        return False
    bare = (_QUOTATION.sub("", content) for content in contents)
    return Counter(content.count(sign) for content in bare).most_common(1)[0][1] >= least


def _cells(text: str, line: Line, sign: str, *, outer: bool) -> Cells:
    if sign == "|":
        return pipe_cells(text, line.span)
    start = line.start
    if outer and line.indent:
        start = text.rfind("\n", 0, start) + 1  # the first cell is empty
    content = text[start : line.end]
    if '"' in content:
        return tuple(fields(text, Span(start, line.end), sign))
    cells: list[Span] = []
    for field in content.split(sign):
        bare = field.strip()
        if bare:
            at = start + field.index(bare)
            cells.append(Span(at, at + len(bare)))
        else:
            cells.append(Span(start, start))
        start += len(field) + 1
    return tuple(cells)


def _stripped(text: str, span: Span) -> Span:
    return strip(text, span) or Span(span.start, span.start)


def _sure(
    text: str, table: Sequence[Cells], lines: Sequence[str], sign: str, usual: int, often: int
) -> bool:
    """Tell whether lines with signs between their fields are rows and not sentences."""
    size = len(table)
    if sign in "\t|":
        return often >= size / 2
    fields = sum(map(len, table))
    length = sum(end - start for cells in table for start, end in cells)
    closed = sum(_CLOSED.search(line) is not None for line in lines)
    if often < 0.7 * size or length > _LONG_FIELD * fields:
        return False
    if (size < 3 and usual < 3) or sum(line[-1] == sign for line in lines) > 0.5 * size:
        return False
    if sign == ";":
        return closed <= 0.2 * size
    if all(_GROUPED_NUMBER.fullmatch(line) for line in lines):
        return False
    signs = sum(line.count(",") for line in lines)
    if sum(line.count(", ") for line in lines) <= 0.2 * signs:
        return sum(line[-1] in ".!?;:" for line in lines) <= 0.2 * size
    # With a blank behind each comma they may be sentences that are wrapped.
    width = max(map(len, lines))
    wrapped = all(
        len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
        for line, following in itertools.pairwise(lines)
    )
    return (
        not wrapped
        and not closed
        and usual >= 3
        and often == size >= 3
        and all(len(text[start:end].split()) <= 5 for cells in table for start, end in cells)
        and (len({line[0].islower() for line in lines}) == 1 or not lines[0][0].islower())
    )
