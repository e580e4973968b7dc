"""How the structure of a text is found."""

from __future__ import annotations

import re
from bisect import bisect_right

from index.structure.blocks import Structure
from index.structure.furniture import without_furniture
from index.structure.headings import headings_among
from index.structure.lines import is_rule, lines_of
from index.structure.markdown import Part, markdown_of
from index.structure.markers import (
    SURE_BULLETS,
    Marker,
    answer_marker,
    marker_of,
    question_marker,
)
from index.structure.outline import Outline
from index.structure.paragraphs import strip
from index.structure.spans import Span
from index.structure.tables import pipe_cells, tables_in

_MAX_WRAP_WIDTH = 120  # a text with a longer line was not wrapped by hand or by an editor
_NEAR = 200  # lines within which the next item of a list is looked for
_KEY = re.compile(r"(?:\*\*|__)?[^\W\d_][\w./&()' -]{0,30}(?:\*\*|__)?:(?:\*\*|__)?(?:[ \t]|$)")
_SENTENCE_END = re.compile(r"[.!?:;…][\"”’')\]*_]*$")


def structure_of(text: str) -> Structure:
    """Return the structure of a text, in time linear to its length."""
    return Structure(_Reader(text).read().blocks)


class _Reader:
    """Reads the lines of a text from the first to the last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._outline = Outline(text)
        self._parts: dict[int, Part] = {}
        for part in markdown_of(text):
            self._parts.update(dict.fromkeys(range(part.start, part.end), part))
        lines = lines_of(text)
        self._lines = without_furniture(text, lines, set(self._parts))
        contents = [text[line.start : line.end] for line in self._lines]
        self._contents = contents
        self._markers = [
            None if line.number in self._parts or line.joins else marker_of(content)
            for line, content in zip(self._lines, contents, strict=True)
        ]
        self._places: dict[tuple[str, int], list[int]] = {}
        for place, marker in enumerate(self._markers):
            if marker is not None:
                for key in {(marker.style, marker.value), ("roman" + marker.style, marker.roman)}:
                    self._places.setdefault(key, []).append(place)
        self._headings = headings_among(text, self._lines, self._markers, set(self._parts))
        widths = [line.width for line in self._lines]
        self._width = max(widths, default=0)
        self._answers = any(map(answer_marker, contents))
        self._items = self._items_among()

    def read(self) -> Outline:
        """Return the blocks."""
        lines, place = self._lines, 0
        while place < len(lines):
            part = self._parts.get(lines[place].number)
            end = place + 1
            if part is not None:
                while end < len(lines) and lines[end].number < part.end:
                    end += 1
                self._marked(part, place, end)
            elif (level := self._headings.get(place)) is not None:
                self._outline.heading([self._plain_heading(place)], level)
            else:
                while end < len(lines) and not self._starts_stanza(end):
                    end += 1
                self._stanza(place, end)
            place = end
        return self._outline

    def _starts_stanza(self, place: int) -> bool:
        line = self._lines[place]
        before = self._lines[place - 1].number
        return (
            line.gap or line.number in self._parts or place in self._headings
            or before in self._parts
        )  # fmt: skip

    def _plain_heading(self, place: int) -> Span:
        start, end = self._lines[place].span
        content = self._contents[place]
        if content[:2] in ("**", "__"):
            inner = content.rstrip(":").strip("*_")
            start += content.index(inner)
            end = start + len(inner)
        return Span(start, end)

    def _marked(self, part: Part, first: int, end: int) -> None:
        """Add what Markdown marks as a heading, a table or code."""
        lines = self._lines[first:end]
        text = self._text
        if part.kind == "heading":
            if part.mark != "#":
                if len(lines) > 2 or len(lines) < 2:
                    self._stanza(first, end)  # a rule below a paragraph
                    return
                self._outline.heading([lines[0].span], part.level)
                return
            span = self._heading_text(lines[0].span)
            if span is not None:
                self._outline.heading([span], part.level)
        elif part.kind == "table":
            rows = [pipe_cells(text, line.span) for place, line in enumerate(lines) if place != 1]
            self._outline.table(rows, header=True, gap=lines[0].gap)
        else:
            for line in lines:
                fence = line.number == part.start or line.number == part.end - 1
                if fence and text[line.start : line.end].startswith(part.mark * 3):
                    continue
                self._outline.paragraph([line.span])
            self._outline.lists.interrupt()

    def _heading_text(self, span: Span) -> Span | None:
        start, end = span
        while start < end and self._text[start] == "#":
            start += 1
        inner = strip(self._text, Span(start, end))
        if inner is None:
            return None
        content = self._text[slice(*inner)]
        bare = content.rstrip("#")
        if bare != content and (not bare or bare[-1] in " \t"):
            return strip(self._text, Span(inner.start, inner.start + len(bare)))
        return inner

    def _stanza(self, first: int, end: int) -> None:
        """Add lines that stand together: tables, items, records, paragraphs."""
        lines = self._lines[first:end]
        starts = self._items[first:end]
        tables = {
            rows.first + first: rows for rows in tables_in(self._text, lines, starts)
        }  # fmt: skip
        place = first
        while place < end:
            line = self._lines[place]
            if (rows := tables.get(place)) is not None:
                gap = line.gap
                self._outline.table(rows.rows, header=rows.header, gap=gap)
                place = rows.end + first
                continue
            if is_rule(self._contents[place]):
                place += 1
                continue
            after = place + 1
            if self._items[place]:
                while after < end and after not in tables and self._continues(place, after):
                    after += 1
                self._item(place, after)
            else:
                while (
                    after < end
                    and after not in tables
                    and not is_rule(self._contents[after])
                    and not self._items[after]
                    and not question_marker(self._contents[after])
                    and not answer_marker(self._contents[after])
                ):
                    after += 1
                self._prose(place, after, first, end)
            place = after

    def _items_among(self) -> list[bool]:
        """Tell of each line whether it is an item of a list and not prose that looks like one."""
        last: dict[str, tuple[int, int]] = {}  # the last item of each style: its number and place
        found = []
        for place, marker in enumerate(self._markers):
            found.append(marker is not None and self._is_item(place, marker, last))
            if found[-1] and marker is not None:
                last[marker.style] = (marker.value, place)
                last["roman" + marker.style] = (marker.roman, place)
        return found

    def _is_item(self, place: int, marker: Marker, last: dict[str, tuple[int, int]]) -> bool:
        if not marker.ordered:
            return marker.style in SURE_BULLETS or len(self._places[marker.style, 0]) > 1
        gap = self._lines[place].gap
        for style, value in ((marker.style, marker.value), ("roman" + marker.style, marker.roman)):
            before, where = last.get(style, (0, -_NEAR))
            if value > 1 and before == value - 1 and where >= place - _NEAR:
                return True
        ended = gap or _SENTENCE_END.search(self._contents[place - 1]) is not None
        if marker.style == "step":
            return ended or marker.value == 1 or not self._is_wrapped(place - 1, place)
        if "1" in marker.style:
            return ended or (marker.value <= 1 and not self._is_wrapped(place - 1, place))
        following = marker.value == 1 and self._has_next(place, marker.style, 2)
        return following or (marker.roman == 1 and self._has_next(place, "roman" + marker.style, 2))

    def _has_next(self, place: int, style: str, value: int) -> bool:
        places = self._places.get((style, value), ())
        at = bisect_right(places, place)
        return at < len(places) and places[at] <= place + _NEAR

    def _is_wrapped(self, place: int, after: int) -> bool:
        """Tell whether a line is wrapped: whether the first word of the next would not have fit."""
        if self._width > _MAX_WRAP_WIDTH:
            return False
        word = self._contents[after].split(maxsplit=1)[0]
        return self._lines[place].width + 1 + len(word) > self._width

    def _continues(self, item: int, place: int) -> bool:
        """Tell whether a line goes on with an item."""
        line = self._lines[place]
        content = self._contents[place]
        if line.joins:
            return True
        if self._items[place] or question_marker(content) or answer_marker(content):
            return False
        if is_rule(content):
            return False
        if content[0].islower() and not _SENTENCE_END.search(self._contents[place - 1]):
            return True
        if line.indent > self._lines[item].indent and not line.quoted:
            return content[0].islower() or not self._breaks(place)
        return self._is_wrapped(place - 1, place) and not _SENTENCE_END.search(
            self._contents[place - 1]
        )

    def _breaks(self, place: int) -> bool:
        """Tell whether the line before was ended though the next word would have fitted well."""
        word = self._contents[place].split(maxsplit=1)[0]
        before = self._lines[place - 1]
        width = min(self._width, _MAX_WRAP_WIDTH)
        return before.width + len(word) + 15 < width and before.width < 60

    def _item(self, place: int, end: int) -> None:
        marker = self._markers[place]
        assert marker is not None
        line = self._lines[place]
        pieces = self._pieces(place, end, marker.length)
        roman = marker.roman > 0 and (
            marker.value == 0
            or (
                self._has_next(place, "roman" + marker.style, marker.roman + 1)
                and marker.roman == 1
            )
        )
        self._outline.item(
            pieces, marker, line.start, line.indent, gap=line.gap, roman=roman
        )  # fmt: skip

    def _pieces(self, place: int, end: int, offset: int = 0) -> list[Span]:
        """Return the pieces of a block of lines, the first from an offset on."""
        pieces: list[Span] = []
        start = self._lines[place].start + offset
        for each in range(place, end):
            line = self._lines[each]
            if each > place and (line.joins or line.quoted):
                pieces.append(Span(start, self._lines[each - 1].end))
                start = line.start
        return [*pieces, Span(start, self._lines[end - 1].end)]

    def _prose(self, first: int, end: int, stanza: int, stanza_end: int) -> None:
        """Add paragraphs: lines that are joined where they are wrapped, each for itself else."""
        width = max(line.width for line in self._lines[stanza:stanza_end])
        records = self._are_records(first, end, width)
        place = first
        while place < end:
            after = place + 1
            while after < end and not self._parted(after, width, records):
                after += 1
            self._paragraph(place, after)
            place = after

    def _are_records(self, first: int, end: int, width: int) -> bool:
        keys = sum(_KEY.match(content) is not None for content in self._contents[first:end])
        if keys > 1 and keys * 2 >= end - first:
            return True
        breaks = sum(
            not _SENTENCE_END.search(self._contents[place - 1]) and self._fits(place, width)
            for place in range(first + 1, end)
        )
        return end - first > 2 and breaks * 2 >= end - first - 1

    def _fits(self, place: int, width: int) -> bool:
        word = self._contents[place].split(maxsplit=1)[0]
        return self._lines[place - 1].width + 1 + len(word) <= width

    def _parted(self, place: int, width: int, records: bool) -> bool:
        line = self._lines[place]
        if line.joins:
            return False
        if width > _MAX_WRAP_WIDTH or self._fits(place, width):
            return True
        content = self._contents[place]
        return records and not content[0].islower()

    def _paragraph(self, place: int, end: int) -> None:
        line, content = self._lines[place], self._contents[place]
        outline = self._outline
        if self._answers and (length := question_marker(content)):
            marker = Span(line.start, line.start + len(content[:length].rstrip()))
            outline.question(self._pieces(place, end, length), marker)
            return
        if outline.asked and (length := answer_marker(content)):
            marker = Span(line.start, line.start + len(content[:length].rstrip()))
            outline.answer(self._pieces(place, end, length), marker)
            return
        pieces = self._pieces(place, end)
        current = outline.lists.current
        below = current is not None and outline.lists.running and line.indent > current.indent + 1
        if below and current is not None:
            outline.paragraph(pieces, current.item)
        else:
            outline.lists.interrupt()
            outline.paragraph(pieces)
