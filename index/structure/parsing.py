"""How the structure of a text is found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.structure.blocks import Block, Structure
from index.structure.fields import whole_records
from index.structure.furniture import without_furniture
from index.structure.headings import headings_among
from index.structure.items import Items
from index.structure.lines import Line, is_rule, lines_of
from index.structure.markdown import Part, markdown_of
from index.structure.markers import (
    Marker,
    answer_marker,
    marker_of,
    question_marker,
)
from index.structure.outline import Outline
from index.structure.paragraphs import split_paragraphs, strip
from index.structure.spans import Span
from index.structure.tables import pipe_cells, tables_in
from index.structure.wrapping import Wrapping

_LONGEST_QUESTION = 120
_LONGEST_HEADING = 1000  # characters; it is looked at for all that stands below it
_INNER_END = re.compile(r"[.!?][\"”’)]?\s")
_NO_MARKER = Marker(0, "none", 0)


def structure_of(text: str) -> Structure:
    """Return the structure of a text, in time linear to its length.

    What is no part of the text, such as the sign of a heading, a drawn line or a page number, is in
    no block, unless the text is nothing else.
    """
    blocks = _Reader(text).read().blocks
    return Structure(blocks or [Block("paragraph", (each,)) for each in split_paragraphs(text)])


class _Reader:
    """Reads the lines of a text from the first to the last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._outline = Outline(text)
        self._parts: dict[int, Part] = {}
        lines = whole_records(text, lines_of(text))
        for part in markdown_of(text):
            self._parts.update(dict.fromkeys(range(part.start, part.end), part))
        self._unmark_rules(lines)
        self._lines = without_furniture(text, lines, set(self._parts))
        self._contents = [text[line.start : line.end] for line in self._lines]
        self._markers = [
            None if line.number in self._parts or line.joins else marker_of(content)
            for line, content in zip(self._lines, self._contents, strict=True)
        ]
        self._headings = headings_among(text, self._lines, self._markers, set(self._parts))
        self._asked = self._questions()
        self._dialogue = any(map(question_marker, self._contents)) and any(
            map(answer_marker, self._contents)
        )
        self._wrapping = Wrapping(self._lines, self._contents, self._asked)
        items = Items(self._lines, self._contents, self._markers, self._wrapping)
        self._items, self._is_roman = items.are, items.is_roman

    def _unmark_rules(self, lines: Sequence[Line]) -> None:
        """Take the underlined for no heading where a rule stands below something else."""
        for line in lines:
            part = self._parts.get(line.number)
            if part is None or part.kind != "heading" or part.mark == "#":
                continue
            content = self._text[line.start : line.end]
            row = any(sign in content for sign in ("  ", "\t", "|", ";"))
            if part.end - part.start != 2 or row or marker_of(content):
                for number in range(part.start, part.end):
                    del self._parts[number]

    def _questions(self) -> set[int]:
        """Return the places of lines that ask what the next answers, if there are several."""
        found = set()
        for place, line in enumerate(self._lines[:-1]):
            content = self._contents[place]
            if (
                line.gap
                and content[-1] == "?"
                and content[0].isupper()
                and len(content) <= _LONGEST_QUESTION
                and line.number not in self._parts
                and self._lines[place + 1].number not in self._parts
                and self._contents[place + 1][-1] != "?"
                and not _INNER_END.search(content[question_marker(content) :])
            ):
                found.add(place)
        return found if len(found) > 1 else set()

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
            underlined = part.mark != "#"
            span = lines[0].span if underlined else self._heading_text(lines[0].span)
            if span is not None and span.end - span.start > _LONGEST_HEADING:
                self._outline.paragraph([span])
            elif span is not None:
                self._outline.heading([span], part.level)
        elif part.kind == "table":
            rows = [pipe_cells(text, line.span) for place, line in enumerate(lines) if place != 1]
            header = any(start < end for start, end in rows[0])  # Markdown has no table without
            self._outline.table(rows, header=header, gap=lines[0].gap)
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
        width = max(line.width for line in lines)
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
                while (
                    after < end
                    and after not in tables
                    and not self._starts(after)
                    and self._wrapping.continues(place, after)
                ):
                    after += 1
                self._item(place, after)
            else:
                while after < end and after not in tables and not self._starts(after):
                    after += 1
                self._prose(place, after, width)
            place = after

    def _starts(self, place: int) -> bool:
        """Tell whether something other than prose starts with a line."""
        content = self._contents[place]
        return (
            self._items[place]
            or is_rule(content)
            or place in self._asked
            or (self._dialogue and question_marker(content) > 0)
            or (self._dialogue and answer_marker(content) > 0)
        )

    def _item(self, place: int, end: int) -> None:
        marker = self._markers[place]
        assert marker is not None
        line = self._lines[place]
        pieces = self._pieces(place, end, marker.length)
        self._outline.item(
            pieces,
            marker,
            line.start,
            line.indent,
            gap=line.gap,
            roman=self._is_roman(place, marker),
        )

    def _without_stars(self, pieces: list[Span]) -> list[Span]:
        """Leave out the signs that close a bold question: its marker has those that open it."""
        start, end = pieces[-1]
        while end > start + 1 and self._text[end - 1] == "*":
            end -= 1
        return [*pieces[:-1], Span(start, end)]

    def _pieces(self, place: int, end: int, offset: int = 0) -> list[Span]:
        """Return the pieces of a block of lines, the first from an offset on."""
        pieces: list[Span] = []
        start = self._lines[place].start + offset
        while self._text[start].isspace():
            start += 1
        for each in range(place, end):
            line = self._lines[each]
            if each > place and (line.joins or line.quoted):
                pieces.append(Span(start, self._lines[each - 1].end))
                start = line.start
        return [*pieces, Span(start, self._lines[end - 1].end)]

    def _prose(self, first: int, end: int, width: int) -> None:
        """Add paragraphs: lines that are joined where they are wrapped, each for itself else."""
        records = self._wrapping.are_records(first, end, width)
        place = first
        if self._wrapping.are_listed(first + 1, end, records=records):
            self._paragraph(first, first + 1)
            for each in range(first + 1, end):
                self._outline.item(
                    self._pieces(each, each + 1), _NO_MARKER, self._lines[each].start,
                    self._lines[each].indent, gap=False, roman=False,
                )  # fmt: skip
            self._outline.lists.close()
            return
        while place < end:
            after = place + 1
            asks = question_marker(self._contents[place]) > 0
            answers = self._outline.asked and answer_marker(self._contents[place]) > 0
            while after < end and (
                answers
                or (asks and self._contents[after][0].islower())
                or not self._wrapping.is_parted(after, width, records=records)
            ):
                after += 1
            self._paragraph(place, after)
            place = after

    def _paragraph(self, place: int, end: int) -> None:
        line, content = self._lines[place], self._contents[place]
        outline = self._outline
        if (self._dialogue or place in self._asked) and (length := question_marker(content)):
            marker = Span(line.start, line.start + len(content[:length].rstrip()))
            outline.question(self._without_stars(self._pieces(place, end, length)), marker)
            return
        if outline.asked and (length := answer_marker(content)):
            marker = Span(line.start, line.start + len(content[:length].rstrip()))
            outline.answer(self._pieces(place, end, length), marker)
            return
        pieces = self._pieces(place, end)
        if place in self._asked and end == place + 1:
            outline.question(pieces, None)
            return
        current = outline.lists.current
        below = current is not None and outline.lists.running and line.indent > current.indent + 1
        if below and current is not None:
            outline.paragraph(pieces, current.item)
        else:
            outline.lists.interrupt()
            outline.paragraph(pieces)
