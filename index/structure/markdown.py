"""What only Markdown has in a text: its headings, tables and fences. The door to markdown-it-py.

Lists and paragraphs are left to the rules for any text. People write lists in Markdown that are
none by its letter: with a "•", or with a paragraph at the margin below a step.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_MARKS = re.compile(
    r"""^[ \t]*(?:>[ \t]?)*(?:
        \#{1,6}[ \t]+\S
      | (?:```|~~~)
      | \|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$
      | \|[ \t]*:?-+:?[ \t]*\|[ \t]*$
      | (?:-{2,}|={2,})[ \t]*$
    )""",
    re.MULTILINE | re.VERBOSE,
)
_QUOTED = re.compile(r"^(?:>[ \t]?)+", re.MULTILINE)


class Part(NamedTuple):
    """Lines of a text that are marked as Markdown does it.

    Attributes:
        kind: What they are.
        start: The number of the first, counted from 0.
        end: The number of the line after the last.
        level: How deep a heading stands, from 1.
        mark: What underlines a heading or fences code in: "#", "=", "-", "`" or "~".
    """

    kind: Literal["heading", "table", "fence"]
    start: int
    end: int
    level: int = 0
    mark: str = ""


def markdown_of(text: str) -> list[Part]:
    """Return the parts of a text that only Markdown has, in order, in time linear to its length."""
    if _MARKS.search(text) is None:
        return []
    # Characters that the parser would take for line ends or replace, and the signs of quoting.
    source = text.replace("\r", " ").replace("\0", " ")
    source = _QUOTED.sub(lambda match: " " * len(match[0]), source)
    parts = _parse(source)
    if parts and (last := parts[-1]).kind == "fence":
        lines = source.split("\n")
        if lines[last.end - 1].strip().strip(last.mark):  # it is not closed: what follows is text
            opening = "\n".join(["", *lines[last.start + 1 :]])
            parts[-1:] = [
                part._replace(start=part.start + last.start, end=part.end + last.start)
                for part in _parse(opening)
            ]
            parts.append(Part("fence", last.start, last.start + 1, 0, last.mark))
    return parts


def _parse(source: str) -> list[Part]:
    parts = []
    for token in _parser().parse(source):
        if token.map is None:
            continue
        if token.type == "heading_open":
            parts.append(Part("heading", *token.map, int(token.tag[1:]), token.markup[0]))
        elif token.type == "table_open":
            parts.append(Part("table", *token.map))
        elif token.type == "fence":
            parts.append(Part("fence", *token.map, 0, token.markup[0]))
    return parts


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # takes a while, and few texts need it

    parser = MarkdownIt("zero").enable(["heading", "lheading", "fence", "table", "hr"])
    return parser.disable(["inline", "text_join"])
