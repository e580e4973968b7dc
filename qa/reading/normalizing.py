"""The text of a span: without what is at its edges, and as it compares with others."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = {"“": "”", "‘": "’", "«": "»", "„": "“", "(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _QUOTES.items()}
_EMPHASIS = ("**", "`")
_TRAILING = ",;:"
_ARTICLES = frozenset({"a", "an", "the"})
_ASKS = re.compile(
    r"(?:^|(?<=[.!?\n]))\W{0,20}?\b(?:q(?:uestion)?\s{0,3}\d{0,4}\s{0,3}[:.)]\W{0,20}?\b)?"
    r"(?:who|whom|whose|what|which|when|where|why|how|am|is|are|was|were|do|does|did|has|have|had|"
    r"can|could|will|would|shall|should|may|might|must)\b"
    r"(?=(?:[^.!?\n]|\n(?![^\S\n]{0,40}\n)){0,1000}\?)",  # the sentence ends in a question mark
    re.IGNORECASE,
)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow ``text[start:end]`` to leave out what at its ends is no part of an answer.

    That is: white space, a comma, colon or semicolon behind it, a quotation mark, bracket or mark
    of Markdown whose partner is outside, and a pair of them round the whole.
    """
    while start < end:
        first, last = text[start], text[end - 1]
        inside = text[start + 1 : end - 1]
        if first.isspace():
            start += 1
        elif last.isspace() or last in _TRAILING:
            end -= 1
        elif last == _QUOTES.get(first) and first not in inside and last not in inside:
            start, end = start + 1, end - 1
        elif first in _QUOTES and _QUOTES[first] not in text[start + 1 : end]:
            start += 1
        elif last in _OPENING and _OPENING[last] not in text[start : end - 1]:
            end -= 1
        elif '"' in (first, last) and text.count('"', start, end) % 2:
            start, end = (start + 1, end) if first == '"' else (start, end - 1)
        elif first == last == '"' and '"' not in inside and end - start > 1:
            start, end = start + 1, end - 1
        elif (marks := _emphasis(text[start:end])) != (0, 0):
            start, end = start + marks[0], end - marks[1]
        else:
            break
    return start, end


def _emphasis(piece: str) -> tuple[int, int]:
    """Return how long Markdown's marks are round a piece, or at an end with no partner in it."""
    for mark in _EMPHASIS:
        before, behind = piece.startswith(mark), piece.endswith(mark)
        if (before or behind) and mark not in piece[before * len(mark) :][: -len(mark) or None]:
            return before * len(mark), (behind and len(piece) > len(mark)) * len(mark)
    return 0, 0


def asking(text: str) -> list[tuple[int, int]]:
    """Return where questions in a text start to ask: the "Q: Where" of "Q: Where is it?".

    What holds such words repeats a question and answers none; what follows them may ("Did you know
    that it opened in 1902?").
    """
    return [found.span() for found in _ASKS.finditer(text)] if "?" in text else []


def says_the_same(text: str, other: str) -> bool:
    """Tell whether all words of one of two spans stand in the other ("Hall", "Ann Hall")."""
    own, theirs = said_in(text), said_in(other)
    return own <= theirs or theirs <= own


def said_in(text: str) -> frozenset[str]:
    """Return the words of a span, as they compare with those of others, articles aside."""
    found = frozenset(normalize(text).split())
    return found - _ARTICLES or found


def normalize(text: str) -> str:
    """Return what two spans that say the same have in common: case, marks and spaces aside."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split()) or folded.strip()
