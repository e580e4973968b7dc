"""Which glyphs stand side by side, close enough for one line of text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_FAR = 1.0  # em from one glyph to the next that is drawn
_SPACING = 0.6  # em between letters that are spaced out, at most
_NEAR = 0.6  # em to one that is not drawn next: a gutter between columns may be narrow
_BACK = 0.35  # em that a glyph may stand before the one that it follows: an accent, a kern
_OVERLAP = 0.5  # share of the lower one's height
_LOOKED_AT = 3  # runs at the end of a bucket
_RIGHT_TO_LEFT = ((0x590, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC), (0x10800, 0x10FFF))


def joined_runs(boxes: Floats, em: Floats, codes: NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Return glyphs line by line, in reading order, and where each line ends in that order.

    Runs of glyphs that are drawn one after the other come first: most lines are one. Then runs that
    stand side by side are put together, from left to right. O(n log n).

    Args:
        boxes: Left, top, right and bottom of each glyph, none a blank, shaped (glyphs, 4).
        em: Their sizes.
        codes: Their code points: letters of a script that runs to the left stay as they are drawn.
    """
    leftward = is_leftward(codes)
    firsts = np.append(0, np.flatnonzero(~_follows(boxes, em, leftward)) + 1)
    lows = np.minimum.reduceat(boxes[:, :2], firsts)
    highs = np.maximum.reduceat(boxes[:, 2:], firsts)
    runs = np.concatenate([lows, highs], axis=1)
    owner = _merged(runs, np.maximum.reduceat(em, firsts))
    backward = np.add.reduceat(leftward.astype(np.int64), firsts)
    lengths = np.diff(np.append(firsts, len(boxes)))
    turns = np.bincount(owner, backward)[owner] * 2 > np.bincount(owner, lengths)[owner]
    sequence = np.lexsort((np.where(turns, -runs[:, 2], runs[:, 0]), owner))
    counts = lengths[sequence]
    offsets = np.repeat(firsts[sequence] - np.append(0, np.cumsum(counts)[:-1]), counts)
    ends = np.cumsum(np.bincount(owner, lengths)).astype(np.int64)
    return np.arange(len(boxes)) + offsets, ends


def _follows(boxes: Floats, em: Floats, leftward: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which glyphs, from the second, go on on the line of the one drawn before."""
    one, two = boxes[:-1], boxes[1:]
    size = np.minimum(em[:-1], em[1:])  # a heading may reach to the next column
    shared = np.minimum(one[:, 3], two[:, 3]) - np.maximum(one[:, 1], two[:, 1])
    lower = np.minimum(one[:, 3] - one[:, 1], two[:, 3] - two[:, 1])
    level = shared >= _OVERLAP * np.maximum(lower, 0.01)
    right = _within(two[:, 0] - one[:, 2], size) & (two[:, 0] >= one[:, 0] - _BACK * size)
    left = _within(one[:, 0] - two[:, 2], size) & (two[:, 2] <= one[:, 2] + _BACK * size)
    told: NDArray[np.bool_] = level & np.where(leftward[:-1] | leftward[1:], left | right, right)
    return told


def _within(gaps: Floats, size: Floats) -> NDArray[np.bool_]:
    """Tell which gaps a line may have: wider ones where its letters are spaced out."""
    around = np.concatenate([[0.0], gaps, [0.0]])
    spacing = np.clip(np.minimum(around[:-2], around[2:]), 0.0, _SPACING * size)
    told: NDArray[np.bool_] = gaps - 2 * spacing <= _FAR * size
    return told


def _merged(runs: Floats, em: Floats) -> Ints:
    """Return the number of the line of each run; those side by side have the same."""
    step = max(float(np.median(runs[:, 3] - runs[:, 1])) / 2, 0.5)
    rows: list[tuple[float, ...]] = runs.astype(np.float64).tolist()
    sizes = em.tolist()
    lines: list[list[float]] = []  # left, top, right, bottom, size
    owner = np.zeros(len(runs), dtype=np.int64)
    buckets: dict[int, list[int]] = {}
    for number in np.argsort(runs[:, 0], kind="stable").tolist():
        left, top, right, bottom = rows[number]
        size = sizes[number]
        middle = int((top + bottom) / 2 / step)
        best, found = 0.0, -1
        for bucket in range(middle - 2, middle + 3):
            for line in buckets.get(bucket, ())[-_LOOKED_AT:]:
                other = lines[line]
                shared = min(bottom, other[3]) - max(top, other[1])
                lower = max(min(bottom - top, other[3] - other[1]), 0.01)
                gap = left - other[2]
                near = -max(size, other[4]) < gap < _NEAR * min(size, other[4])
                if shared >= _OVERLAP * lower and near and shared / lower > best:
                    best, found = shared / lower, line
        if found < 0:
            found = len(lines)
            lines.append([left, top, right, bottom, size])
            buckets.setdefault(middle, []).append(found)
        else:
            other = lines[found]
            if size >= 0.9 * other[4]:  # a superscript makes no line higher
                other[1], other[3] = min(other[1], top), max(other[3], bottom)
                other[4] = max(other[4], size)
            other[2] = max(other[2], right)
            at = int((other[1] + other[3]) / 2 / step)
            each = buckets.setdefault(at, [])
            if found in each[-_LOOKED_AT:]:
                each.remove(found)
            each.append(found)
        owner[number] = found
    return owner


def is_leftward(codes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell which letters are of a script that runs to the left, such as Arabic."""
    leftward = np.zeros(len(codes), dtype=bool)
    for low, high in _RIGHT_TO_LEFT:
        leftward |= (codes >= low) & (codes <= high)
    return leftward
