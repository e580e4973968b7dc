"""Which lines go on with the one before, and which are broken off on purpose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.structure.lines import Line

_MAX_WRAP_WIDTH = 120  # a text with a longer line was not wrapped by hand or by an editor
_MIN_WRAP_WIDTH = 50  # a text of shorter lines only was not either
_NARROW = 45  # so short are the lines of addresses and verses
_KEY = re.compile(r"(?:\*\*|__)?[^\W\d_][\w./&()' -]{0,30}(?:\*\*|__)?:(?:\*\*|__)?(?:[ \t]|$)")
_LEAVES_OPEN = re.compile(
    r"\b(?:a|an|the|of|by|and|or|to|at|in|on|with|for|from|into|than|that|which|who|is|was|are|were"
    r"|be|been|has|had|have|his|their|between)$"
)
# What a sentence that a list ends, or goes on with, breaks off in.
LEADS_IN = re.compile(
    r"\b(?:of|by|to|at|in|on|with|for|from|as|into|than|that|which|who|is|are|was|were|be|has|have|had"
    r"|not|may|must|shall|should|will|can|cannot|could|would|do|does|did|includes?|contains?|covers?"
    r"|brings?|needs?|requires?|comprises?|thanks?|following)$"
)
_END = re.compile(r"[.!?:;…][\"”’')\]*_]*$")


def is_ended(line: str) -> bool:
    """Tell whether a line ends as a sentence or a clause does."""
    return _END.search(line, max(0, len(line) - 10)) is not None


class Wrapping:
    """How the lines of a text are wrapped.

    Args:
        lines: The lines.
        contents: What they say.
        alone: The places of lines that the next never goes on with.
    """

    def __init__(self, lines: Sequence[Line], contents: Sequence[str], alone: set[int]) -> None:
        self._lines, self._contents, self._alone = lines, contents, alone
        self._width = max([_MIN_WRAP_WIDTH, *(line.width for line in lines)])

    def is_full(self, place: int) -> bool:
        """Tell whether a line was left because the first word of the next would not have fitted."""
        return self._width <= _MAX_WRAP_WIDTH and not self._fits(place + 1, self._width)

    def continues(self, item: int, place: int) -> bool:
        """Tell whether a line that starts nothing goes on with an item of a list."""
        line, content = self._lines[place], self._contents[place]
        ended = is_ended(self._contents[place - 1])
        if line.joins or (content[0].islower() and not ended):
            return True
        if line.indent > self._lines[item].indent and not line.quoted:
            return content[0].islower() or not self._is_broken_off(place - 1)
        return self.is_full(place - 1) and not ended

    def _is_broken_off(self, place: int) -> bool:
        """Tell whether a line was ended though the next word would have fitted well."""
        width = min(self._width, _MAX_WRAP_WIDTH) - 15
        return self._fits(place + 1, width) and self._lines[place].width < _MAX_WRAP_WIDTH / 2

    def are_records(self, first: int, end: int, width: int) -> bool:
        """Tell whether lines that stand together are rather records than wrapped text.

        Args:
            first: The place of the first.
            end: The place behind the last.
            width: How wide the widest is of all that stand together.
        """
        keys = sum(_KEY.match(content) is not None for content in self._contents[first:end])
        if keys > 1 and keys * 2 >= end - first:
            return True
        breaks = sum(
            self._fits(place, width) and not is_ended(self._contents[place - 1])
            for place in range(first + 1, end)
            if not self._lines[place].joins
        )
        return end - first > 2 and breaks * 2 >= end - first - 1

    def are_listed(self, first: int, end: int, *, records: bool) -> bool:
        """Tell whether lines below one with a colon are each a thing that it announces."""
        contents, lines = self._contents[first:end], self._lines[first:end]
        return (
            len(lines) > 1
            and self._contents[first - 1][-1] == ":"
            and (records or all(line.width < _NARROW for line in lines))
            and not any(line.joins for line in lines)
            and not any(
                is_ended(content)
                or content[-1] == ","
                or len(content) > _MAX_WRAP_WIDTH / 2
                or _KEY.match(content)
                or _LEAVES_OPEN.search(content)
                for content in contents
            )
        )

    def is_parted(self, place: int, width: int, *, records: bool) -> bool:
        """Tell whether a line of prose starts a paragraph, though no blank line is before it.

        Args:
            place: The place of the line.
            width: How wide the widest line is of all that stand together.
            records: Whether the lines are rather records.
        """
        if self._lines[place].joins:
            return False
        if width > _MAX_WRAP_WIDTH or place - 1 in self._alone:
            return True
        content, before = self._contents[place], self._contents[place - 1]
        if records and _KEY.match(content):
            return True
        if self._fits(place, width):
            return _LEAVES_OPEN.search(before) is None
        if content[0].islower() or before[-1] == "," or _LEAVES_OPEN.search(before):
            return False
        return records or width < _NARROW

    def _fits(self, place: int, width: int) -> bool:
        """Tell whether the first word of a line would have fitted on the line before."""
        word = self._contents[place].split(maxsplit=1)[0]
        return self._lines[place - 1].width + 1 + len(word) <= width
