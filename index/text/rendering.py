"""What a stretch of an article is read as, and where in the article each character of that stands.

A row of a table is read with the headings of its columns, a list item behind what leads in to it,
a sentence without the page number that parts it, a ligature as its letters. What is cited is the
article's own text all the same: this is the one place where the two are put together.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import NamedTuple

from index.structure.spans import Span
from index.text.stretches import Stretch


class Run(NamedTuple):
    """Characters that are read, and those of the article that they stand for.

    Attributes:
        read: Where they stand in what is read.
        source: Where they stand in the article's text. As long as ``read``, they are the same
            characters one for one; else all of one stand for all of the other.
    """

    read: Span
    source: Span


class Rendering:
    """A text to be read, which knows where its parts stand in an article.

    Cannot be changed, and so is safe to share by threads.

    Args:
        text: What is read.
        runs: What of it is the article's own, in order; the rest was put in to be understood.
    """

    def __init__(self, text: str, runs: Sequence[Run]) -> None:
        self.text = text
        self._runs = tuple(runs)
        self._ends = [run.read.end for run in self._runs]

    def source(self, start: int, end: int) -> Span | None:
        """Return where ``text[start:end]`` stands in the article, without what was put in.

        None if all of it was put in.
        """
        own: list[Span] = []
        for run in self._runs[bisect.bisect_right(self._ends, start) :]:
            first, last = max(start, run.read.start), min(end, run.read.end)
            if run.read.start >= end:
                break
            if first >= last:
                continue
            if len(range(*run.read)) == len(range(*run.source)):
                offset = run.source.start - run.read.start
                own.append(Span(first + offset, last + offset))
            else:
                own.append(run.source)
        return Span(own[0].start, own[-1].end) if own else None


def render(stretch: Stretch, question: str = "") -> Rendering:
    """Return what a stretch of an article is read as.

    Args:
        stretch: The stretch.
        question: What it is read for. What only the article's title, its path or the headings
            above the stretch say is put before it where the question speaks of it.
    """
    whole = Span(0, stretch.end - stretch.start)
    return Rendering(stretch.text, [Run(whole, stretch.span)])
