"""Arithmetic on row numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


def ranges(first: NDArray[np.integer[Any]], last: NDArray[np.integer[Any]]) -> tuple[Rows, Rows]:
    """Return the numbers of the ranges first..last in a row, and where each range starts in it."""
    lengths = last - first
    starts = np.cumsum(lengths, dtype=np.int64) - lengths
    return np.repeat(first - starts, lengths) + np.arange(lengths.sum()), starts


def highest(scores: NDArray[np.float32], count: int) -> Rows:
    """Return the rows of the highest scores above zero, best first; of equal ones the first.

    Nothing is sorted but what is returned.

    Args:
        scores: The score of each row.
        count: How many rows to return at most; at least 1.
    """
    rows = np.flatnonzero(scores > 0)
    if len(rows) > count:
        own = scores[rows]
        least = np.partition(own, len(own) - count)[len(own) - count]
        above = rows[own > least]
        rows = np.union1d(above, rows[own == least][: count - len(above)])
    return rows[np.argsort(-scores[rows], kind="stable")]
