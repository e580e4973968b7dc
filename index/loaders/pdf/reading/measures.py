"""What is usual in a document: the size of its text, and the step from line to line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from index.loaders.pdf.reading.lines import Line

_LEADING = 1.2  # of the font size, where too few lines are there to tell
_MOST_BOLD = 0.4  # share of the text that is bold, where bold says nothing


class Measures:
    """The usual measures of some lines.

    Attributes:
        body: The size of most of the text.
        bold_says: Whether bold text is rare enough to be a heading.
    """

    def __init__(self, pages: Iterable[Iterable[Line]]) -> None:
        sizes: Counter[float] = Counter()
        steps: dict[float, Counter[float]] = {}
        bold = every = 0
        for lines in pages:
            before: Line | None = None
            for line in lines:
                letters = len(line.text)
                size = _rounded(line.size)
                sizes[size] += letters
                every += letters
                bold += letters * line.bold
                if before is not None and _rounded(before.size) == size:
                    step = line.bottom - before.bottom
                    near = abs(line.left - before.left) < 3 * line.size
                    if near and 0.7 * size < step < 3 * size:
                        steps.setdefault(size, Counter())[round(step * 4) / 4] += 1
                before = line
        self.body = max(sizes, key=lambda size: (sizes[size], size)) if sizes else 1.0
        self.bold_says = bold <= _MOST_BOLD * every
        self._steps = {
            size: max(counted, key=lambda step: (counted[step], -step))
            for size, counted in steps.items()
            if counted.total() > 3
        }

    def leading(self, size: float) -> float:
        """Return the usual step from line to line of a font size, in points."""
        return self._steps.get(_rounded(size), _LEADING * size)


def _rounded(size: float) -> float:
    return round(size * 2) / 2
