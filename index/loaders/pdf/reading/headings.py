"""Which paragraphs are headings, and of which level: by size, weight and number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.loaders.pdf.reading.blocks import Block
from index.loaders.pdf.reading.lines import Line
from index.loaders.pdf.reading.marks import has_leaders, section_depth
from index.loaders.pdf.reading.measures import Measures

_LARGER = 1.12  # times the body's size
_LONGEST = 250  # characters
_MOST_LINES = 4
_LEAST_CAPITALS = 4
_SHORT = 80  # characters of a heading that only its capitals or its number tell
_SHORTEST_SENTENCE = 4  # words behind a number: "2.1 Scope of this part." is none
_LONGEST_SENTENCE = 80  # characters of a heading that ends as sentences do
_SMALLEST = 0.95  # times the body's size
_SMALLEST_CAPITALS = 0.85
_DOTTED = re.compile(r"(\d{1,2}|[IVX]{1,5})\. ")
_SENTENCE_END = frozenset(".!,;。")
_LOOKED_AT = 10  # blocks behind a heading
_TITLE_WITHIN = 3  # blocks
_STYLES = 1.05  # sizes nearer to each other are the same


class _Style(NamedTuple):
    """How a heading looks: larger is higher, then bold."""

    size: float
    bold: bool


def headings_of(blocks: Sequence[Block], measures: Measures) -> dict[int, int]:
    """Return the level, from 1, of each block that is a heading, by its place among the blocks."""
    found: dict[int, _Style] = {}
    for place in range(len(blocks)):
        style = _style(blocks, place, measures)
        if style is not None:
            found[place] = style
    sizes = _levels({style.size for style in found.values()})
    ranks = sorted({(-sizes[style.size], not style.bold) for style in found.values()})
    shallowest: dict[_Style, int] = {}
    for place, style in found.items():
        depth = section_depth(blocks[place].lines[0].text)
        if depth:
            shallowest[style] = min(depth, shallowest.get(style, depth))
    levels = {}
    for place, style in found.items():
        depth = section_depth(blocks[place].lines[0].text)
        deeper = max(0, depth - shallowest.get(style, depth)) if depth else 0
        levels[place] = ranks.index((-sizes[style.size], not style.bold)) + 1 + deeper
    for place in _names_below_title(blocks, levels):
        del levels[place]
    return levels


def _names_below_title(blocks: Sequence[Block], levels: dict[int, int]) -> list[int]:
    """Return what is set like a heading below the title but names who wrote it, or where.

    It stands right behind the title, and what follows is no prose but an address, a date and such.
    """
    top = [place for place, level in levels.items() if level == 1]
    if len(top) != 1 or top[0] > _TITLE_WITHIN:
        return []
    names = []
    for place in range(top[0] + 1, len(blocks) - 1):
        text = blocks[place].lines[0].text
        if place not in levels or section_depth(text) or not _is_prose_free(blocks[place + 1]):
            break
        names.append(place)
    return names


def _is_prose_free(block: Block) -> bool:
    return block.kind in ("text", "names") and block.lines[-1].text[-1] not in _SENTENCE_END


def _levels(sizes: set[float]) -> dict[float, float]:
    """Return for each size the one that stands for all so near to it."""
    levels: dict[float, float] = {}
    last = 0.0
    for size in sorted(sizes):
        if size > _STYLES * last:
            last = size
        levels[size] = last
    return levels


def _style(blocks: Sequence[Block], place: int, measures: Measures) -> _Style | None:
    """Return how a block looks if it is a heading."""
    block = blocks[place]
    if block.kind not in ("text", "item") or len(block.lines) > _MOST_LINES:
        return None
    if block.mark is not None and (block.mark.kind.startswith("bullet") or block.mark.kept):
        return None
    text = " ".join(line.text for line in block.lines)
    letters = sum(map(str.isalpha, text))
    first = block.lines[0]
    if letters < 2 or len(text) > _LONGEST or letters < len(text) / 3 or has_leaders(text):
        return None
    size = round(max(line.size for line in block.lines) * 2) / 2
    bold = all(line.bold for line in block.lines)
    ends = text[-1] in _SENTENCE_END and not section_depth(text)
    if size >= _LARGER * measures.body:
        return None if ends and len(text) > _LONGEST_SENTENCE else _Style(size, bold)
    capitals = text.upper() == text and letters >= _LEAST_CAPITALS and len(text) <= _SHORT
    least = _SMALLEST_CAPITALS if bold and capitals else _SMALLEST
    if size < least * measures.body or ends or not _stands_alone(blocks, place, measures):
        return None
    plain = max(size, measures.body)
    if bold and measures.bold_says:
        return _Style(plain, True)
    depth = section_depth(first.text)
    numbered = depth > 1 or (depth and block.kind == "text" and _DOTTED.match(text))
    if numbered and not capitals and text[-1] in _SENTENCE_END:  # a clause of one line
        numbered = len(text.split()) <= _SHORTEST_SENTENCE
    if len(block.lines) == 1 and len(text) <= _SHORT and (numbered or capitals):
        alone = text[-1] != ":" and _has_gaps(blocks, place, measures)
        return _Style(plain, False) if alone else None
    return None


def _stands_alone(blocks: Sequence[Block], place: int, measures: Measures) -> bool:
    """Tell whether text comes behind a block that does not look as it does."""
    block = blocks[place]
    for after in blocks[place + 1 : place + 1 + _LOOKED_AT]:
        if after.kind in ("text", "item") and after.lines[0].bold != block.lines[0].bold:
            return True
        if after.kind in ("table", "item"):
            return True
        if after.kind == "text" and not block.lines[0].bold:
            return True
    return False


def _has_gaps(blocks: Sequence[Block], place: int, measures: Measures) -> bool:
    """Tell whether a block stands away from what is above and below it."""
    own = blocks[place].lines
    leading = measures.leading(own[0].size)
    before = blocks[place - 1].lines[-1:] if place else []
    after = blocks[place + 1].lines[:1] if place + 1 < len(blocks) else []
    if after and _step(own[-1], after[0]) > 4 * leading:
        return False
    pairs = [*((line, own[0]) for line in before), *((own[-1], line) for line in after)]
    return all(_step(one, two) > 1.2 * leading for one, two in pairs)


def _step(one: Line, two: Line) -> float:
    """Return how far below a line another stands; far where it is in another column."""
    step = two.bottom - one.bottom
    return step if one.sheet is two.sheet and step > 0 else 1e9
