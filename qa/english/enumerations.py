"""Several answers in one sentence: "A, B and C" taken apart, and completed from its neighbours."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from index.structure.spans import Span
from qa.english.names import ROLES, Name, names_in
from qa.english.words import CLOSED, DETERMINERS, Word, is_verb_of_speaking, words

_AND = r"(?:and also|and|or|as well as|along with|together with|plus|&)"
_DELIMITER = re.compile(rf"\s*[,;]\s+{_AND}\s+|\s*[,;]\s+|\s+{_AND}\s+")
_LAST_DELIMITER = re.compile(rf"\b{_AND}\s+$|&\s+$")
_BETWEEN = re.compile(r"[,;]?\s+(?:(?:and|or|as well as|along with|together with|&)\s+)?")
_LONGEST_ITEM = 12  # words
_CONJUNCTIONS = frozenset({"that", "which", "what", "whose", "such"})  # determiners, at times
_ARTICLES = frozenset({"a", "an", "the", "about", "some", "approximately", "nearly", "almost"})


def items_of(text: str, span: Span, known: Sequence[Name]) -> list[Span]:
    """Return the items of the enumeration that a stretch is; the stretch alone if it is none.

    Args:
        text: The whole text.
        span: The stretch of it.
        known: All that the text names.
    """
    parts = _split(text, span, known)
    if len(parts) < 2 or not (_has_last(text, parts) or _repeats(text, parts)):
        return [span]
    parts = _without_appositions(text, parts, known)
    if len(parts) < 2 or not all(_is_item(text, part) for part in parts):
        return [span]
    return parts


def enumerates(between: str) -> bool:
    """Tell whether what stands between two stretches of a text makes items of a list of them."""
    return _BETWEEN.fullmatch(between) is not None


def complete(text: str, sentence: Span, span: Span, known: Sequence[Name]) -> Span:
    """Return a stretch of a sentence with what stands beside it in the same enumeration.

    What is added has to be like what is there: a name beside a name, a short phrase beside one.

    Args:
        text: The whole text.
        sentence: The sentence.
        span: The stretch of it.
        known: All that the text names.
    """
    start, end = span
    named = [name for name in names_in(known, span) if _ends(name, end)]
    while (more := _before(text, sentence, start, named, known)) is not None:
        start = more
    while (more := _behind(text, sentence, end, named, known)) is not None:
        end = more
    enumerated = _LAST_DELIMITER.search(text[start : span.start]) or re.search(
        rf"\b{_AND}\s", text[start:end]
    )
    return Span(start, end) if enumerated else span


def _split(text: str, span: Span, known: Sequence[Name]) -> list[Span]:
    """Cut at commas and at "and", but not inside quotation marks, brackets or names."""
    piece = text[span.start : span.end]
    held = [Span(*found.span()) for found in re.finditer(r"“[^”]*”|\([^)]*\)|\"[^\"]*\"", piece)]
    held += [
        Span(place.start - span.start, place.end - span.start)
        for name in known
        for place in name.places
        if span.contains(place)
    ]
    parts, first = [], 0
    for found in _DELIMITER.finditer(piece):
        inside = any(map(Span(*found.span()).overlaps, held))
        numbers = piece[found.start() - 1 : found.start()].isdigit() and found.group() == ","
        if not inside and not numbers and found.start() > first:
            parts.append(Span(span.start + first, span.start + found.start()))
            first = found.end()
    parts.append(Span(span.start + first, span.end))
    return [part for part in parts if part.start < part.end]


def _has_last(text: str, parts: Sequence[Span]) -> bool:
    """Tell whether "and", or a word like it, stands before one of the parts."""
    pairs = itertools.pairwise(parts)
    return any(_LAST_DELIMITER.search(text[a.end : b.start]) for a, b in pairs)


def _repeats(text: str, parts: Sequence[Span]) -> bool:
    """Tell whether parts go on with one word: "the future, about prosperity, about security"."""
    openings = {first.lower for start, end in parts[1:] for first in words(text[start:end])[:1]}
    return len(parts) > 2 and len(openings) == 1


def _without_appositions(text: str, parts: list[Span], known: Sequence[Name]) -> list[Span]:
    """Join "Ann Lee, the curator" and "Austin, Texas" again: they are one item each."""
    joined: list[Span] = []
    last_seen = False
    for part in parts:
        first = words(text[part.start : part.end])[:1]
        is_last = bool(joined) and _LAST_DELIMITER.search(text[joined[-1].end : part.start])
        if joined and first and not is_last:
            if last_seen:  # "Josiah and his sister, the mathematician Edith"
                joined[-1] = Span(joined[-1].start, part.end)
                continue
            before = names_in(known, joined[-1])
            own = names_in(known, part)
            described = before and not own and before[-1].kind == "person"
            relative = first[0].lower in {"who", "which", "whose", "whom", "where", "that"}
            if relative or (described and first[0].lower in _ARTICLES | {"its", "his", "her"}):
                joined[-1] = Span(joined[-1].start, part.end)
                continue
        last_seen = last_seen or bool(is_last)
        joined.append(part)
    return joined


def _is_item(text: str, part: Span) -> bool:
    """Tell whether a stretch can be an item: a few words that do not begin like a clause."""
    found = words(text[part.start : part.end])
    if not found or len(found) > _LONGEST_ITEM:
        return False
    return found[0].lower not in CLOSED - DETERMINERS - {"about", "from", "how", "one"}


def _before(
    text: str, sentence: Span, start: int, named: Sequence[Name], known: Sequence[Name]
) -> int | None:
    """Return where the item before a place starts, if one of the same enumeration ends there."""
    between = re.search(rf"(?:{_DELIMITER.pattern})$", text[sentence.start : start])
    if not between:
        return None
    end = sentence.start + between.start()
    if named:
        for name in known:
            for place in name.places:
                if place.end == end and place.start >= sentence.start and _alike(name, named):
                    return _with_titles(text, sentence, place.start)
        return None
    found = words(text, sentence.start, end)
    own: list[Word] = []
    for word in reversed(found):
        if len(own) == 4 or (own and text[word.end : own[-1].start] != " "):
            break
        if word.lower in CLOSED and word.lower not in _ARTICLES:
            break
        own.append(word)
        if word.lower in _ARTICLES:
            break
    return own[-1].start if own and own[0].end == end else None


def _behind(
    text: str, sentence: Span, end: int, named: Sequence[Name], known: Sequence[Name]
) -> int | None:
    """Return where the item behind a place ends, if one of the same enumeration starts there."""
    between = _DELIMITER.match(text, end, sentence.end)
    if not between:
        return None
    start = between.end()
    if named:
        found = words(text, start, sentence.end)
        for word in found[:8]:
            for name in known:
                if any(place.start == word.start for place in name.places) and _alike(name, named):
                    return next(p.end for p in name.places if p.start == word.start)
            titled = word.lower in ROLES or word.lower in DETERMINERS or word.text[0].isupper()
            if not titled and not word.lower.isalpha():
                return None
            if word.lower in CLOSED - DETERMINERS or is_verb_of_speaking(word.text):
                return None
            if text[word.end : word.end + 1] in ",;.":
                return None
        return None
    own: list[Word] = []
    for word in words(text, start, sentence.end):
        if own and (text[own[-1].end : word.start] not in (" ", "’ ") or len(own) == 5):
            break
        opens = word.lower in DETERMINERS - _CONJUNCTIONS
        if word.lower in CLOSED and (own or not opens):
            break
        own.append(word)
    if not own:
        return None
    # The last item has "and" before it; one further on must follow before the list ends.
    last = _LAST_DELIMITER.search(between.group())
    follows = _DELIMITER.match(text, own[-1].end, sentence.end)
    return own[-1].end if last or follows else None


def _with_titles(text: str, sentence: Span, start: int) -> int:
    """Return where a name starts with the titles before it."""
    for word in reversed(words(text, sentence.start, start)):
        if text[word.end : start].strip() or not (word.lower in ROLES or word.text[0].isupper()):
            break
        start = word.start
    return start


def _ends(name: Name, end: int) -> bool:
    return any(place.end == end for place in name.places)


def _alike(name: Name, others: Sequence[Name]) -> bool:
    return any(name.kind == other.kind or "other" in (name.kind, other.kind) for other in others)
