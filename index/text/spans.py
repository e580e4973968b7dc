"""Spans: where a stretch of a text stands."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text, in code points: ``text[start:end]``."""

    start: int
    end: int
