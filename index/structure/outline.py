"""The blocks of a text as they are found, from its start to its end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.structure.blocks import Block
from index.structure.lists import Lists
from index.structure.markers import Marker
from index.structure.segments import segments
from index.structure.spans import Span
from index.structure.wrapping import LEADS_IN

_LEADS = re.compile(r"\b(?:follow\w*|below|these|includ\w+|steps?|namely|such)\b", re.IGNORECASE)
_NEAR = 4  # blocks


class Outline:
    """Blocks in the order of their text, of which the next is told what is above it.

    Args:
        text: The whole text.
    """

    def __init__(self, text: str) -> None:
        self.blocks: list[Block] = []
        self.lists = Lists()
        self._text = text
        self._path: list[tuple[int, Span]] = []
        self._question: Span | None = None

    @property
    def headings(self) -> tuple[Span, ...]:
        """The headings above the next block."""
        return tuple(span for _, span in self._path)

    def heading(self, pieces: Sequence[Span], level: int) -> None:
        """Add a heading that stands so deep."""
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self.blocks.append(Block("heading", tuple(pieces), headings=self.headings))
        whole = self.blocks[-1].span
        self._path.append((level, whole))
        self.lists.close()
        asks = self._text[whole.end - 1] == "?"
        self._question = whole if asks else None

    def paragraph(self, pieces: Sequence[Span], lead: Span | None = None) -> None:
        """Add a paragraph; one behind a question is the answer to it."""
        self.blocks.append(
            Block("paragraph", tuple(pieces), headings=self.headings, lead=lead or self._question)
        )
        self._question = None

    def question(self, pieces: Sequence[Span], marker: Span | None) -> None:
        """Add a question that the next paragraph answers."""
        self.blocks.append(Block("paragraph", tuple(pieces), marker, self.headings))
        self._question = self.blocks[-1].span
        self.lists.close()

    def answer(self, pieces: Sequence[Span], marker: Span) -> None:
        """Add the answer to the question before."""
        self.blocks.append(
            Block("paragraph", tuple(pieces), marker, self.headings, lead=self._question)
        )
        self._question = None

    @property
    def asked(self) -> bool:
        """Whether a question has no answer yet."""
        return self._question is not None

    def item(
        self, pieces: Sequence[Span], marker: Marker, start: int, indent: int, *, gap: bool,
        roman: bool,
    ) -> None:  # fmt: skip
        """Add an item of a list.

        Args:
            pieces: Where its own text stands.
            marker: What it starts with.
            start: Where that stands.
            indent: How far it is set in.
            gap: Whether it stands apart from what is before it.
            roman: Whether its marker is a Roman number if it can be one.
        """
        found = self.lists.add(
            marker,
            indent,
            Span(pieces[0].start, pieces[-1].end),
            lead=self._lead(gap=gap),
            heading=self._heading_above(),
            gap=gap,
            roman=roman,
        )
        sign = self._text[start : start + marker.length].rstrip()
        self.blocks.append(
            Block(
                "item",
                tuple(pieces),
                Span(start, start + len(sign)) if sign else None,
                self.headings,
                found.lead,
                found.group,
                found.ordered,
            )
        )
        self._question = None

    def table(self, rows: Sequence[tuple[Span, ...]], *, header: bool, gap: bool) -> None:
        """Add the rows of a table.

        Args:
            rows: Their cells.
            header: Whether the first holds the headings of the columns.
            gap: Whether it stands apart from what is before it.
        """
        lead = self._lead(gap=gap) or self._heading_above()
        group = self.lists.groups
        self.lists.groups += 1
        columns: tuple[Span, ...] = ()
        headings = self.headings
        for cells in rows:
            filled = [cell for cell in cells if cell.start < cell.end]
            if not filled:
                continue
            piece = Span(filled[0].start, filled[-1].end)
            self.blocks.append(
                Block(
                    "row",
                    (piece,),
                    headings=headings,
                    lead=lead,
                    group=group,
                    cells=cells,
                    columns=columns,
                )
            )
            if header and not columns:
                columns = cells
        self.lists.interrupt()
        self._question = None

    def _heading_above(self) -> Span | None:
        """Return the heading right above, with at most some paragraphs between."""
        for block in self.blocks[: -_NEAR - 1 : -1]:
            if block.kind == "heading":
                return block.span
            if block.kind != "paragraph":
                break
        return None

    def _lead(self, *, gap: bool) -> Span | None:
        """Return the sentence right before a list or table that leads in to it, if one does."""
        last = self.blocks[-1] if self.blocks else None
        if last is None or last.kind != "paragraph":
            return None
        sentence = last_sentence(self._text, last.pieces[-1])
        said = self._text[slice(*sentence)]
        if said.rstrip("*_").endswith(":") or _LEADS.search(said):
            return sentence
        if not gap:
            current = self.lists.current
            inside = current is not None and self.lists.running and last.lead == current.item
            return None if inside and said[-1] in ".!?…" else sentence
        if LEADS_IN.search(said):
            return sentence
        before = self._text[max(0, sentence.start - 3) : sentence.start]
        alone = sentence.start == 0 or before.count("\n") > 1
        return sentence if alone and said[-1] not in ".!?" and ": " not in said else None


def last_sentence(text: str, span: Span) -> Span:
    """Return the last sentence in a span of a text."""
    line = text[slice(*span)].replace("\n", " ")
    start = segments(line)[-1].start
    return Span(span.start + start, span.end)
