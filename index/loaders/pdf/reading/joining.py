"""Paragraphs that go on in the next column or page, or behind a figure, made whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.loaders.pdf.reading.blocks import Block
from index.loaders.pdf.reading.marks import section_depth
from index.loaders.pdf.reading.measures import Measures
from index.loaders.pdf.reading.paragraphs import ENDS, TERMINAL, first_word, inner_left, same_size

_AFAR = 40  # blocks that a sentence may be interrupted by
_INDENT = 0.8  # em
_INDENTED = 0.5  # share of the paragraphs that begin with an indent, where that is the habit
_ROOM = 1.1  # em
_LARGE = 1.12  # times the body's size: headings
_NAMED = re.compile(r"[.!?]\s+(\S+\s){0,2}\S+:\Z")  # "Editor:", behind another sentence


def rejoined(blocks: Sequence[Block], measures: Measures) -> list[Block]:
    """Return blocks, a paragraph that something parts as one, before what parts it.

    What may stand between: the end of a column or a page, notes, captions, tables, and what is set
    in another size, such as the words in a figure. What looks like a heading goes on only where its
    next word is a small one: a heading is never the last of its column.
    """
    indents = _indents(blocks)
    found: list[Block] = []
    for block in blocks:
        heads = _looks_like_heading(block, measures)
        before = _open_before(found, block, heads=heads) if block.kind == "text" else None
        if before is None or not _goes_on(before, block, indents=indents, heads=heads):
            found.append(block)
            continue
        shift = len(before.lines)
        before.breaks |= {each + shift for each in block.breaks}
        before.lines += block.lines
        before.number, before.right = block.number, block.right
    return found


def _indents(blocks: Sequence[Block]) -> bool:
    """Tell whether most paragraphs begin with an indent, so that one without goes on."""
    first = [
        block.lines[0].left - block.lines[1].left > _INDENT * block.lines[0].size
        for one, block in pairwise(blocks)
        if block.kind == "text" and one.kind == "text" and len(block.lines) > 2
        and block.number == one.number and len(one.lines) > 2
    ]  # fmt: skip
    return bool(first) and sum(first) >= _INDENTED * len(first)


def _looks_like_heading(block: Block, measures: Measures) -> bool:
    line = block.lines[0]
    return line.size > _LARGE * measures.body or (line.bold and measures.bold_says)


def _open_before(found: Sequence[Block], block: Block, *, heads: bool) -> Block | None:
    """Return the last block of its size, which it could go on with."""
    line = block.lines[0]
    for other in reversed(found[-_AFAR:]):
        if other.kind in ("text", "item"):
            if same_size(other.lines[-1], line):
                return other
            if heads or other.lines[-1].size > line.size:  # a heading
                return None
    return None


def _goes_on(one: Block, two: Block, *, indents: bool, heads: bool) -> bool:
    last, first = one.lines[-1], two.lines[0]
    crossing = one.number != two.number
    if last.bold != first.bold or section_depth(first.text):
        return False
    if abs(first.sheet.place - last.sheet.place) > 1:
        return False
    small = first.text[0].islower()
    if last.hyphenated and small:
        return True
    full = last.right + first_word(first) + _ROOM * last.size >= one.right
    if crossing and full and not heads and one.kind == "text" and _NAMED.search(last.text):
        return True
    if TERMINAL.search(last.text):
        return not heads and crossing and full and indents and one.kind == "text" and _is_flush(two)
    if small:
        return crossing or not ENDS.search(last.text)
    if heads:
        return False
    if one.kind == "item":
        return crossing and full and _hangs_on(one, two)
    return crossing and full and len(one.lines) > 1


def _hangs_on(item: Block, block: Block) -> bool:
    """Tell whether a paragraph stands as far in as what an item says, which hangs."""
    first, last = item.lines[0], item.lines[-1]
    inner = last.left if len(item.lines) > 1 else inner_left(first, item.mark)
    near = _INDENT / 2 * first.size
    hangs = inner - first.left > near
    return hangs and abs((inner - item.column) - (block.lines[0].left - block.column)) < near


def _is_flush(block: Block) -> bool:
    """Tell whether the first line of a paragraph begins where the others do."""
    if len(block.lines) < 2:
        return False
    one, two = block.lines[:2]
    return abs(one.left - two.left) < _INDENT / 2 * one.size and one.sheet is two.sheet
