"""In which order what stands on a page is read: columns from left to right, each downward.

A recursive cut of the page, as the XY-cut has it (Nagy and Seth, "Hierarchical representation of
optically scanned documents", 1984), but along white gutters that are as high as can be and need not
be as high as the page (Breuel, "Two geometric algorithms for layout analysis", 2002): a title, a
figure or a table may stand across the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_CELLS = 400  # at most so many cells each way
_GUTTER = 0.6  # em that a gutter is wide, at least
_LEAST_LINES = 3  # beside a gutter
_TRIES = 6  # gutters that turn out to be of tables, in one region
_DEEPEST = 12
_PROSE = 20  # characters of a usual line of prose
_WORDS = 10  # characters of a usual line of a narrow column
_LEVEL = 0.25  # of a line's height: lines nearer stand in one row


class Item(NamedTuple):
    """Something on a page that is read at once: a line, or a table.

    Attributes:
        left: Where it starts.
        top: Where it starts.
        right: Where it ends.
        bottom: Where it ends.
        letters: How many characters it has.
        rank: When it is drawn, compared with others.
    """

    left: float
    top: float
    right: float
    bottom: float
    letters: int
    rank: int


class _Strip(NamedTuple):
    """A white gutter: where it stands, and how much stands on both of its sides."""

    left: float
    top: float
    right: float
    bottom: float
    score: float


@dataclass(frozen=True, eq=False)
class _Items:
    """Items as columns of numbers."""

    boxes: NDArray[np.float64]
    letters: Ints
    rank: Ints
    em: float
    height: float
    leftward: bool


def in_order(items: Sequence[Item], em: float, *, leftward: bool = False) -> list[list[int]]:
    """Return the numbers of items, column by column, in reading order.

    What stands in one column is sorted from its top, in no order within a row.

    Args:
        items: What stands on a page.
        em: The usual size of its letters.
        leftward: Whether columns follow one another from right to left.
    """
    if not items:
        return []
    rows = np.array([item[:4] for item in items], dtype=np.float64)
    heights = np.maximum(rows[:, 3] - rows[:, 1], 0.1)
    own = _Items(
        rows, np.array([item.letters for item in items]), np.array([item.rank for item in items]),
        max(em, 0.1), float(np.median(heights)), leftward,
    )  # fmt: skip
    found: list[list[int]] = []
    _cut(own, np.arange(len(items)), 0, found)
    return found


def _cut(items: _Items, chosen: Ints, depth: int, found: list[list[int]]) -> None:
    """Add the columns of the chosen items to what was found."""
    if not len(chosen):
        return
    strip = _gutter(items, chosen) if depth < _DEEPEST and len(chosen) > _LEAST_LINES else None
    if strip is None:
        found.append(chosen[np.argsort(items.boxes[chosen, 1], kind="stable")].tolist())
        return
    boxes = items.boxes[chosen]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    above, below = middle < strip.top, middle > strip.bottom
    first = boxes[:, 0] + boxes[:, 2] < strip.left + strip.right
    first = ~first if items.leftward else first
    within = ~above & ~below
    for part in (above, within & first, within & ~first, below):
        _cut(items, chosen[part], depth + 1, found)


def _gutter(items: _Items, chosen: Ints) -> _Strip | None:
    """Return the gutter that most lines stand beside; None if there are no columns."""
    boxes = items.boxes[chosen]
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:].max(axis=0).tolist()
    wide = max(items.em / 4, (right - left) / _CELLS)
    high = max(items.height / 3, (bottom - top) / _CELLS)
    inner = boxes.copy()  # lines that touch one another are parted by nothing else
    inner[:, 1::2] += np.array([0.1, -0.1]) * (boxes[:, 3:] - boxes[:, 1:2])
    cells = (inner - np.array([left, top, left, top])) / np.array([wide, high, wide, high])
    low = np.floor(cells[:, :2]).astype(np.int64)
    end = np.maximum(np.ceil(cells[:, 2:]).astype(np.int64), low + 1)
    filled = _painted(low, end)
    width = max(1, int(np.floor(_GUTTER * items.em / wide)))
    for _ in range(_TRIES):
        spot = _tallest(filled, width)
        if spot is None:
            return None
        x, first, last, score = spot
        strip = _Strip(
            left + x * wide, top + first * high, left + (x + width) * wide, top + last * high,
            score * high,
        )  # fmt: skip
        if strip.score < (_LEAST_LINES - 1) * items.height:
            return None
        if _parts_columns(items, chosen, strip):
            return strip
        filled[first:last, x : x + width] = True
    return None


def _painted(low: Ints, end: Ints) -> NDArray[np.bool_]:
    """Return a grid, shaped (rows, columns), of what boxes cover."""
    across, down = end.max(axis=0).tolist()
    corners = np.zeros((down + 1, across + 1), dtype=np.int32)
    np.add.at(corners, (low[:, 1], low[:, 0]), 1)
    np.add.at(corners, (end[:, 1], end[:, 0]), 1)
    np.add.at(corners, (low[:, 1], end[:, 0]), -1)
    np.add.at(corners, (end[:, 1], low[:, 0]), -1)
    covered: NDArray[np.bool_] = corners.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0
    return covered


def _tallest(filled: NDArray[np.bool_], width: int) -> tuple[int, int, int, int] | None:
    """Return where the white strip of a width is that most rows have something on both sides of.

    Its column, its first row, the row behind its last, and in how many rows that is so. Of two, the
    one that goes on farther is the gutter: the other is beside lines that end early.
    """
    down, across = filled.shape
    if across <= width + 1:
        return None
    sums = np.concatenate([np.zeros((down, 1), dtype=np.int32), filled.cumsum(axis=1)], axis=1)
    places = across - width + 1
    white = sums[:, width:] == sums[:, :places]
    both = white & (sums[:, :places] > 0) & (sums[:, width:] < sums[:, -1:])
    start = np.zeros(places, dtype=np.int64)
    score = np.zeros(places, dtype=np.int64)
    best, found = 0, None
    for row in range(down + 1):
        open_ = white[row] if row < down else np.zeros(places, dtype=bool)
        value = score * (down + 1) + row - start  # of two with as many rows, the higher one
        closing = ~open_ & (score > 0) & (value > best)
        if closing.any():
            best = int(np.where(closing, value, -1).max())
            ties = np.flatnonzero(closing & (value == best))
            run = ties[: _first_break(ties)]
            x = int(run[len(run) // 2])  # the middle of a wide gutter
            found = (x, int(start[x]), row, int(score[x]))
        if row < down:
            score = np.where(open_, score + both[row], 0)
            start = np.where(open_, start, row + 1)
    return found


def _first_break(places: Ints) -> int:
    """Return how many of some numbers follow one another, from the first."""
    breaks = np.flatnonzero(np.diff(places) > 1)
    return int(breaks[0]) + 1 if len(breaks) else len(places)


def _parts_columns(items: _Items, chosen: Ints, strip: _Strip) -> bool:
    """Tell whether a gutter parts columns of text, rather than those of a table."""
    boxes = items.boxes[chosen]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    beside = chosen[(middle >= strip.top) & (middle <= strip.bottom)]
    first = items.boxes[beside, 0] + items.boxes[beside, 2] < strip.left + strip.right
    one, two = beside[first], beside[~first]
    fewer = min(len(one), len(two))
    if fewer < 2 or len(beside) < 2 * _LEAST_LINES - 1:
        return False
    drawn = first[np.argsort(items.rank[beside], kind="stable")]
    turns = int(np.count_nonzero(drawn[1:] != drawn[:-1]))
    by_columns = turns <= max(1, fewer // 4)
    usual = sorted([float(np.median(items.letters[side])) for side in (one, two)])
    level = _share_level(items, one, two)
    if usual[0] >= _PROSE:
        return True
    if by_columns:
        return usual[1] >= _WORDS and (level < 0.8 or usual[0] >= _WORDS)
    return level < 0.5 and usual[0] >= _WORDS


def _share_level(items: _Items, one: Ints, two: Ints) -> float:
    """Return for which share of the lines of the shorter column one stands level with it."""
    few, many = sorted((items.boxes[one, 3], items.boxes[two, 3]), key=len)
    others = np.sort(many)
    after = np.searchsorted(others, few)
    near = np.minimum(
        np.abs(few - others[np.minimum(after, len(others) - 1)]),
        np.abs(few - others[np.maximum(after - 1, 0)]),
    )
    return float(np.mean(near < _LEVEL * items.height))
