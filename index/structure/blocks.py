"""The structure of a text: its blocks, such as headings, paragraphs, list items and table rows."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from index.structure.spans import Span

BlockKind = Literal["heading", "paragraph", "item", "row"]


class Block(NamedTuple):
    """A piece of a text that stands by itself.

    All spans are of the whole text. What parts a block in two, such as the page number between the
    halves of a sentence, stands in none of its pieces, and in no block.

    Attributes:
        kind: What it is.
        pieces: Where its own text stands, in order, without the white space around it: of an item
            without its marker, of a heading without its signs, of a row from its first cell to its
            last. At least one.
        marker: Where the marker of an item, or the "A:" of an answer, stands; None if it has none.
        headings: Where the headings above it stand, the outermost first.
        lead: What leads in to it: the sentence before a list, the question before an answer, for
            an item of a nested list the item above it; None if nothing does.
        group: Which list or table of the text an item or row is of, counted from 0: items of a
            list that is nested in another's item are a list of their own. -1 for others.
        ordered: Whether an item is numbered, and so one of steps in order.
        cells: Where the cells of a row stand, empty ones as empty spans.
        columns: Where the headings of the cells of a row stand, one for each column that has one.
            Empty for the row that holds them, and in a table without.
    """

    kind: BlockKind
    pieces: tuple[Span, ...]
    marker: Span | None = None
    headings: tuple[Span, ...] = ()
    lead: Span | None = None
    group: int = -1
    ordered: bool = False
    cells: tuple[Span, ...] = ()
    columns: tuple[Span, ...] = ()

    @property
    def span(self) -> Span:
        """From where its own text starts to where it ends."""
        return Span(self.pieces[0].start, self.pieces[-1].end)

    @property
    def start(self) -> int:
        """Where it starts, its marker included."""
        return self.pieces[0].start if self.marker is None else self.marker.start


class Structure:
    """The blocks of a text. Cannot be changed, and so is safe to share by threads.

    Args:
        blocks: The blocks, in the order of the text; none overlaps another.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)
        self._starts = [block.start for block in self.blocks]

    def within(self, span: Span) -> Sequence[Block]:
        """Return the blocks that share text with a span, in order."""
        first = bisect.bisect_right(self._starts, span.start) - 1
        last = bisect.bisect_left(self._starts, span.end)
        return [
            block
            for block in self.blocks[max(first, 0) : last]
            if block.start < span.end and span.start < block.span.end
        ]

    def at(self, place: int) -> Block | None:
        """Return the block in which a character stands; None if it is in none."""
        return next(iter(self.within(Span(place, place + 1))), None)

    def behind(self, block: Block) -> Block | None:
        """Return the block that follows on another one; None if that is the last."""
        place = bisect.bisect_right(self._starts, block.start)
        return self.blocks[place] if place < len(self.blocks) else None

    def group(self, number: int) -> Sequence[Block]:
        """Return the items of a list, or the rows of a table, in order."""
        return [self.blocks[place] for place in self._groups.get(number, ())]

    def led_by(self, span: Span) -> Iterator[int]:
        """Return the numbers of the lists and tables whose lead shares text with a span."""
        leads = self._leads
        first = bisect.bisect_right(leads, span.start, key=lambda each: each[0].end)
        for lead, number in leads[first:]:
            if lead.start >= span.end:
                break
            yield number

    @cached_property
    def _leads(self) -> list[tuple[Span, int]]:
        """What leads in to lists and tables, in order, with their numbers; none overlap in part."""
        leads = ((self.blocks[each[0]].lead, number) for number, each in self._groups.items())
        return sorted((lead, number) for lead, number in leads if lead is not None)

    @cached_property
    def _groups(self) -> dict[int, list[int]]:
        groups: dict[int, list[int]] = {}
        for place, block in enumerate(self.blocks):
            if block.group >= 0:
                groups.setdefault(block.group, []).append(place)
        return groups
