"""What prose tells one after the other: "First fill the tank, then press the button"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.structure.spans import Span

_FIRST = r"(?:first(?:ly)?|first of all|to (?:begin|start) with)(?:,\s+|\s+(?=(?-i:[a-z])))"
_LAST = r"(?:finally|lastly|last of all)"
_ORDINAL = rf"(?:(?:second|third|fourth|fifth|sixth)(?:ly,?|,)|{_LAST},?)\s+"
_THEN = r"(?:then|next|afterwards|after (?:that|this)),?\s+"
_OPENS = re.compile(_FIRST, re.IGNORECASE)
_COUNTS = re.compile(_ORDINAL, re.IGNORECASE)
_FOLLOWS = re.compile(rf"{_ORDINAL}|{_THEN}", re.IGNORECASE)
_INSIDE = re.compile(rf"(?<=[\s:;,]){_FIRST}(?=(?-i:[a-z]))", re.IGNORECASE)
_PARTS = re.compile(rf"(?:[,;]\s+(?:and\s+)?|\s+and\s+)(?:{_ORDINAL}|{_THEN})", re.IGNORECASE)
_APART = 2  # sentences that may stand between "First" and "Secondly"


def told_in_order(text: str, sentences: Sequence[Span], span: Span) -> tuple[list[Span], int]:
    """Return what is told one after the other where a span stands, each without its "then".

    The span has to stand in it, or in the sentence before. Takes time linear in the sentences.

    Args:
        text: The text.
        sentences: The sentences of a paragraph, in order.
        span: Where the span stands.

    Returns:
        At least two stretches, or none; and the number of the sentence in which the first stands.
    """
    for number, sentence in enumerate(sentences):
        if found := _OPENS.match(text, *sentence):
            items, last = [Span(found.end(), sentence.end)], number
            for further in range(number + 1, len(sentences)):
                pattern = _FOLLOWS if further == last + 1 else _COUNTS
                if follows := pattern.match(text, *sentences[further]):
                    items.append(Span(follows.end(), sentences[further].end))
                    last = further
                elif further - last > _APART:
                    break
            around = Span(sentences[max(number - 1, 0)].start, sentences[last].end)
            if len(items) > 1 and around.contains(span):
                return [part for item in items for part in _inside(text, item)], number
    for number, sentence in enumerate(sentences):
        opens = _OPENS.match(text, *sentence) or _INSIDE.search(text, *sentence)
        if opens and sentence.contains(span):
            parts = _inside(text, Span(opens.end(), sentence.end))
            return (parts, number) if len(parts) > 1 else ([], number)
    return [], 0


def _inside(text: str, span: Span) -> list[Span]:
    """Cut a stretch before each "then" in it, and leave out the mark at its end."""
    end = span.end
    while end > span.start and text[end - 1] in " \n.;,!":
        end -= 1
    cuts = list(_PARTS.finditer(text, span.start, end))
    starts = [span.start, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), end]
    return [Span(*each) for each in zip(starts, ends, strict=True)]
