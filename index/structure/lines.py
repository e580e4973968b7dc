"""The lines of a text that are no blank ones, and what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.structure.spans import Span

_QUOTED = re.compile(r"(?:>[ \t]?)+")
_RULE = re.compile(r"(?:([-=_*~#])[ \t]*)(?:\1[ \t]*){2,}|[+|:=-]{3,}")


@dataclass
class Line:
    """A line with something on it.

    Attributes:
        number: Which line of the text it is, counted from 0.
        start: Where it starts, without white space and without signs of quoting (">").
        end: Where it ends, without white space.
        indent: How many columns it is set in.
        width: How long it is, with white space.
        gap: Whether something stands between it and the line before, such as a blank line.
        page: Whether a page starts with it.
        joins: Whether it goes on with the sentence of the line before, from which something that
            is no part of the text parts it, such as a page number.
        quoted: Whether it stands behind signs of quoting.
    """

    number: int
    start: int
    end: int
    indent: int = 0
    width: int = 0
    gap: bool = False
    page: bool = False
    joins: bool = False
    quoted: bool = False

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text that have something on them, in order."""
    lines: list[Line] = []
    place = 0
    gap = page = False
    for number, raw in enumerate(text.split("\n")):
        content = raw.strip()
        start = place + len(raw) - len(raw.lstrip())
        place += len(raw) + 1
        page = page or "\f" in raw
        quoted = None
        if content and content[0] == ">" and (quoted := _QUOTED.match(content)):
            start += quoted.end()
            inner = content[quoted.end() :]
            content = inner.strip()
            start += len(inner) - len(inner.lstrip())
        if not content:
            gap = True
            continue
        before = raw[: start - (place - len(raw) - 1)]
        indent = len(before.expandtabs(4)) if quoted is None else 0
        lines.append(
            Line(
                number, start, start + len(content), indent, len(raw), gap or page or not lines,
                page, quoted=quoted is not None,
            )
        )  # fmt: skip
        gap = page = False
    return lines


def is_rule(text: str) -> bool:
    """Tell whether a line is drawn, such as one of dashes, and says nothing."""
    return _RULE.fullmatch(text) is not None
