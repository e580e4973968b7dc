"""Marks that stand in pairs, quotation marks and brackets: none is torn from its partner."""

from __future__ import annotations

from index.structure.spans import Span

_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»", '"': '"'}
_OPENING = {closing: opening for opening, closing in _PAIRS.items()}
_LONGEST = 100  # characters from an edge to the partner of a mark


def balanced(text: str, span: Span, within: Span | None = None) -> Span:
    """Return a stretch with the partners of the marks in it, or without what is left open.

    "Syrup (2-8 °C" is "syrup (2-8 °C)". A partner is looked for in the same line, not far away.

    Args:
        text: The text.
        span: The stretch.
        within: What it may not grow out of; None if there is nothing but its line.
    """
    line = _line(text, span)
    if within is not None:
        line = Span(max(line.start, within.start), min(line.end, within.end))
    pairs, left = _pairs(text, line)
    crossed = True
    while crossed:
        crossed = False
        for pair in pairs:
            inside = [span.start <= place < span.end for place in (pair.start, pair.end - 1)]
            if any(inside) and not all(inside):
                span = Span(min(span.start, pair.start), max(span.end, pair.end))
                crossed = True
    opened = next((place for place in left if span.start <= place < span.end), span.end)
    before = text[span.start : opened].rstrip()
    return Span(span.start, span.start + len(before)) if before else span


def _line(text: str, span: Span) -> Span:
    first = max(0, span.start - _LONGEST)
    start = max(first, text.rfind("\n", first, span.start) + 1)
    last = min(len(text), span.end + _LONGEST)
    end = text.find("\n", span.end, last)
    return Span(start, last if end < 0 else end)


def _pairs(text: str, line: Span) -> tuple[list[Span], list[int]]:
    """Return the pairs of marks in a stretch, and where brackets stand that nothing closes.

    A straight mark closes one that is open, and opens only before a word: that of inches does not.
    """
    pairs: list[Span] = []
    opened: list[int] = []
    for place in range(*line):
        mark = text[place]
        partner = _OPENING.get(mark)
        if partner is not None and any(text[each] == partner for each in opened):
            while text[opened[-1]] != partner:
                opened.pop()
            pairs.append(Span(opened.pop(), place + 1))
        elif mark in _PAIRS:
            before = text[place - 1 : place] if place > line.start else ""
            if mark != '"' or not (before.isalnum() or text[place + 1 : place + 2].isspace()):
                opened.append(place)
    return pairs, [place for place in opened if text[place] != '"']
