"""Whether the first row of a table holds the headings of its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

_VALUE = re.compile(r"[^\w]*(?:[A-Z]{0,3}[$€£¥]?\s?)?\d.*|[-–—]|n/?a", re.IGNORECASE | re.DOTALL)
_PERIOD = re.compile(r"(?:Q[1-4]\s?)?(?:1[89]|20)\d\d(?:[-/–]\d\d(?:\d\d)?)?|Q[1-4]|H[12]")


def has_header(rows: Sequence[Sequence[str]], *, usual: bool) -> bool:
    """Tell whether the first row of a table holds the headings of the columns.

    Args:
        rows: The cells.
        usual: Whether tables of this form have headings unless something speaks against it.
    """
    first, body = rows[0], [row for row in rows[1:] if len(row) > 1]
    if not body or len(set(first)) < len(first) or len(first) < 2 or not all(first[1:]):
        return False
    periods = [_PERIOD.fullmatch(cell) is not None for cell in first]
    if any(periods[1:]) and not periods[0] and not _is_value(first[0]):
        return all(map(_PERIOD.fullmatch, first[1:])) and not all(
            _PERIOD.fullmatch(cell) for row in body for cell in row[1:]
        )
    if any(map(_is_value, first)):
        return False
    columns = [[row[place] for row in body if place < len(row)] for place in range(len(first))]
    if any(sum(map(_is_value, column)) > 0.6 * len(column) for column in columns):
        return True
    others = " ".join(cell for row in body for cell in row)
    if all(cell.isupper() for cell in first if cell) and not others.isupper():
        return True
    if all(cell == cell.lower() for cell in first) and others != others.lower():
        return True
    if usual:
        return len(body) > 1
    names = [len(cell.split()) for cell in columns[0]]
    return (
        all(len(cell.split()) <= 2 for cell in first)
        and len(body) > 1
        and sum(count > len(first[0].split()) for count in names) > 0.6 * len(names)
    )


def _is_value(cell: str) -> bool:
    return not cell or _VALUE.fullmatch(cell) is not None
