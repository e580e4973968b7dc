"""The text of a span: without what is at its edges, and as it compares with others."""

from __future__ import annotations

import unicodedata

_QUOTES = {"“": "”", "‘": "’", "«": "»", "„": "“", "(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _QUOTES.items()}
_TRAILING = ",;:"
_ARTICLES = frozenset({"a", "an", "the"})


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow ``text[start:end]`` to leave out what at its ends is no part of an answer.

    That is: white space, a comma, colon or semicolon behind it, a quotation mark or bracket whose
    partner is outside, and a pair of quotation marks or brackets round the whole.
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
        else:
            break
    return start, end


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
