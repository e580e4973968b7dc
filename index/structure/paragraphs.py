"""Where the paragraphs of a text start and end."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from index.structure.spans import Span

_MAX_WRAP_WIDTH = 120  # a paragraph with a longer line was not wrapped by hand or by an editor
_STARTS_PARAGRAPH = re.compile(r"[ \t]*(?:[-*+•>|]|#{1,6}[ \t]|\d{1,3}[.)][ \t]|```)")


def split_paragraphs(text: str) -> list[Span]:
    """Split a text into paragraphs, each without the white space around it.

    A blank line always parts paragraphs. A single line break parts them too, unless it is the soft
    break of hard-wrapped text: unless the next line's first word would not have fitted on this
    line.
    """
    paragraphs: list[Span] = []
    block: list[Span] = []
    for line in _lines(text):
        if text[line.start : line.end].strip():
            block.append(line)
        else:
            paragraphs += _unwrap(text, block)
            block = []
    paragraphs += _unwrap(text, block)
    return [stripped for paragraph in paragraphs if (stripped := strip(text, paragraph))]


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1


def _unwrap(text: str, block: list[Span]) -> Iterator[Span]:
    """Join the soft-wrapped lines of a block of lines into paragraphs."""
    if not block:
        return
    width = max(end - start for start, end in block)
    start = block[0].start
    for line, following in itertools.pairwise(block):
        first_word = text[following.start : following.end].split(maxsplit=1)[0]
        would_have_fitted = line.end - line.start + 1 + len(first_word) <= width
        hard_break = would_have_fitted or _STARTS_PARAGRAPH.match(text, following.start)
        if width > _MAX_WRAP_WIDTH or hard_break:
            yield Span(start, line.end)
            start = following.start
    yield Span(start, block[-1].end)


def strip(text: str, span: Span) -> Span | None:
    """Narrow a span to leave out white space at its ends; None if nothing else is in it."""
    piece = text[span.start : span.end]
    if not piece.strip():
        return None
    return Span(
        span.start + len(piece) - len(piece.lstrip()), span.end - len(piece) + len(piece.rstrip())
    )
