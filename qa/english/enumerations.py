"""Several answers in one sentence: "A, B and C" taken apart, and completed from its neighbours."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from index.structure.spans import Span
from qa.english.joint_names import is_pair, join_names
from qa.english.names import ROLES, Name, names_in
from qa.english.series import AND, DELIMITER, LAST_DELIMITER, LONGEST_ITEM, begun_alike, go_on
from qa.english.words import (
    AUXILIARIES,
    CLOSED,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    Word,
    is_verb_of_speaking,
    word_list,
    words,
)

_BEFORE_VERBS = PRONOUNS - DETERMINERS | word_list("modals") | {"to"}
_CLAUSE_FOLLOWS = re.compile(r",\s+(?:and|or)\s")
_MARK = re.compile(r"[.:;!?()“”\"]")
_MARKS = {"“": "”", "‘": "’", '"': '"', "'": "'", "«": "»", "„": "“", "*": "*", "_": "_"}
_LONGEST_TITLE = 100  # characters
_HELD = re.compile(r"“[^”]*”|‘[^’]*’|«[^»]*»|\([^)]*\)|(?<![^\s(\[—–-])\"[^\"]*\"")
_SINGULAR = re.compile(r"\s+(?:is|was|has)\b")
_OPENING = re.compile(
    r"(?:e\.\s?g\.|i\.\s?e\.|viz\.|for (?:example|instance)|such as|including|namely|like)"
    r"\s*[,:]?(?:\s+|$)(?:(?:those|that) of\s+)?",
    re.IGNORECASE,
)
_OPENING_BEHIND = re.compile(r"\s(?:such as|including|e\.\s?g\.,?|for (?:example|instance),?)\s+")
_CONJUNCTIONS = frozenset({"that", "which", "what", "whose", "such"})  # determiners, at times
_OF_ALL = frozenset({"all", "both", "each", "neither", "none", "respectively"})
_RELATIVES = frozenset({"who", "which", "whose", "whom", "where", "that", "how", "what"})
_ARTICLES = frozenset({"a", "an", "the", "about", "some", "approximately", "nearly", "almost"})


def items_of(text: str, span: Span, known: Sequence[Name], *, several: bool = True) -> list[Span]:
    """Return the items of the enumeration that a stretch is; the stretch alone if it is none.

    Args:
        text: The whole text.
        span: The stretch of it.
        known: All that the text names.
        several: Whether several things are asked for. If not, what may as well be one thing is one:
            "Procter and Gamble", "fish and chips".
    """
    if len(alike := begun_alike(text, span)) > 1:
        if not all(text[part.start].isupper() for part in alike):
            return alike  # a clause, or a phrase, each
        return [item for part in alike for item in _items(text, part, known, several=several)]
    return _items(text, span, known, several=several)


def _items(text: str, span: Span, known: Sequence[Name], *, several: bool) -> list[Span]:
    """Return the items that stand between commas and "and"; the stretch alone if it has none."""
    parts = _split(text, _in_bracket(text, span), known)
    if len(parts) < 2 or not (_has_last(text, parts) or _repeats(text, parts)):
        return [span]
    if not several and (
        is_pair(text, parts, known) or _is_title(text, span) or _is_singular(text, span, parts)
    ):
        return [span]
    parts = _without_openings(text, _without_appositions(text, parts, known))
    if len(parts) < 2 or not all(_is_item(text, part) for part in parts):
        return [span]
    return parts


def complete(text: str, sentence: Span, span: Span, known: Sequence[Name]) -> Span:
    """Return a stretch of a sentence with what stands beside it in the same enumeration.

    What is added has to be like what is there: a name beside a name, a short phrase beside one.

    Args:
        text: The whole text.
        sentence: The sentence.
        span: The stretch of it.
        known: All that the text names.
    """
    if (further := go_on(text, sentence, span)) != span:
        return further
    start, end = span
    known = names_in(known, sentence)
    named = [name for name in names_in(known, span) if _ends(name, end)]
    while (more := _before(text, sentence, start, named, known)) is not None:
        start = more
    if (start, end) == span and _CLAUSE_FOLLOWS.match(text, end, sentence.end):
        return span  # "Leeds, and the mayor came": between two items stands no comma
    closed = len(parts := _split(text, span, known)) > 1 and _has_last(text, parts[-2:])
    while (between := DELIMITER.match(text, end, sentence.end)) is not None:
        last = LAST_DELIMITER.search(between.group()) is not None
        more = _behind(text, sentence, between, named, known)
        if more is None or (closed and not last):
            break  # behind "A, B and C" a comma opens something else
        end, closed = more, last
    enumerated = LAST_DELIMITER.search(text[start : span.start]) or re.search(
        rf"\b{AND}\s", text[start:end]
    )
    return Span(start, end) if enumerated else span


def _split(text: str, span: Span, known: Sequence[Name]) -> list[Span]:
    """Cut at commas and at "and", but not inside quotation marks, brackets or names."""
    piece = text[span.start : span.end]
    # A title whose closing mark stands behind the stretch is one all the same.
    held = [
        Span(found.start() - span.start, found.end() - span.start)
        for found in _HELD.finditer(text, span.start, span.end + _LONGEST_TITLE)
    ]
    held += [
        Span(place.start - span.start, place.end - span.start)
        for name in known
        for place in name.places
        if span.contains(place)
    ]
    parts, first = [], 0
    for found in DELIMITER.finditer(piece):
        inside = any(map(Span(*found.span()).overlaps, held))
        numbers = piece[found.start() - 1 : found.start()].isdigit() and found.group() == ","
        if not inside and not numbers and found.start() > first:
            parts.append(Span(span.start + first, span.start + found.start()))
            first = found.end()
    parts.append(Span(span.start + first, span.end))
    return join_names(text, [part for part in parts if part.start < part.end], known)


def _is_title(text: str, span: Span) -> bool:
    """Tell whether a stretch is all that stands between quotation marks, and no list."""
    before, behind = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 2]
    closing = _MARKS.get(before)
    return closing is not None and behind.lstrip(",.")[:1] == closing


def _is_singular(text: str, span: Span, parts: Sequence[Span]) -> bool:
    """Tell whether the verb behind two names takes them for one: "Alm and Berg has"."""
    names = all(text[part.start].isupper() for part in parts)
    return len(parts) == 2 and names and _SINGULAR.match(text, span.end) is not None


def _without_openings(text: str, parts: Sequence[Span]) -> list[Span]:
    """Leave out "e.g. those of" before an item, and what the items are examples of."""
    own: list[Span] = []
    for number, part in enumerate(parts):
        inside = None if number else _OPENING_BEHIND.search(text, part.start, part.end)
        if found := _OPENING.match(text, part.start, part.end) or inside:
            part = Span(found.end(), part.end)
            if any(word.lower in PREPOSITIONS for word in words(text, *part)[:1]):
                continue  # "milk, e.g. from goats, and cheese"
            own = []
        own += [part] if part.start < part.end else []
    return own


def _in_bracket(text: str, span: Span) -> Span:
    """Cut a stretch that begins in brackets where they end."""
    open_ones = 0
    for place in range(*span):
        open_ones += {"(": 1, ")": -1}.get(text[place], 0)
        if open_ones < 0:
            return Span(span.start, place) if place > span.start else span
    return span


def _has_last(text: str, parts: Sequence[Span]) -> bool:
    """Tell whether "and", or a word like it, stands before one of the parts."""
    pairs = itertools.pairwise(parts)
    return any(LAST_DELIMITER.search(text[a.end : b.start]) for a, b in pairs)


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
        is_last = bool(joined) and LAST_DELIMITER.search(text[joined[-1].end : part.start])
        if joined and first and not is_last:
            if last_seen and first[0].lower in _OF_ALL:  # "Ann and Guy, both from Oslo"
                continue
            if last_seen:  # "Josiah and his sister, the mathematician Edith"
                joined[-1] = Span(joined[-1].start, part.end)
                continue
            before = names_in(known, joined[-1])
            own = names_in(known, part)
            if own and own[-1].kind == "person" and not before and _is_role(text, joined[-1]):
                joined[-1] = Span(joined[-1].start, part.end)  # "the mayor, Ann Lee"
                continue
            described = before and not own and before[-1].kind == "person"
            if first[0].lower in _RELATIVES or (
                described and first[0].lower in _ARTICLES | {"its", "his", "her"}
            ):
                joined[-1] = Span(joined[-1].start, part.end)
                continue
        last_seen = last_seen or bool(is_last)
        joined.append(part)
    return joined


def _is_role(text: str, part: Span) -> bool:
    """Tell whether a part is somebody's role: "the mayor", "her deputy"."""
    found = words(text, *part)
    return len(found) > 1 and found[0].lower in DETERMINERS and found[-1].lower in ROLES


def _is_item(text: str, part: Span) -> bool:
    """Tell whether a stretch can be an item: a few words that do not begin like a clause."""
    found = words(text[part.start : part.end])
    if not found or len(found) > LONGEST_ITEM:
        return False
    if found[0].lower in CLOSED - DETERMINERS - {"about", "from", "how", "one"}:
        return False
    says = [word.lower in AUXILIARIES for word in found]
    relative = [word.lower in _RELATIVES for word in found]
    return not any(says) or any(relative[: says.index(True)])


def _before(
    text: str, sentence: Span, start: int, named: Sequence[Name], known: Sequence[Name]
) -> int | None:
    """Return where the item before a place starts, if one of the same enumeration ends there."""
    between = re.search(rf"(?:{DELIMITER.pattern})$", text[sentence.start : start])
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
    if not own or own[0].end != end:
        return None
    before = found[-len(own) - 1].lower if len(found) > len(own) else ""
    verb = len(own) > 1 and before in _BEFORE_VERBS  # "they grow wheat, oats and rye"
    return own[-2].start if verb else own[-1].start


def _behind(
    text: str,
    sentence: Span,
    between: re.Match[str],
    named: Sequence[Name],
    known: Sequence[Name],
) -> int | None:
    """Return where the item behind a delimiter ends, if one of the same enumeration is there."""
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
        if own and (text[own[-1].end : word.start] not in (" ", "’ ") or len(own) == 6):
            break
        opens = word.lower in DETERMINERS - _CONJUNCTIONS
        if word.lower in CLOSED and (own or not opens) and not (own and word.lower == "of"):
            break
        own.append(word)
    while own and own[-1].lower == "of":
        own.pop()
    if not own:
        return None
    # The last item has "and" before it; one further on must follow before the list ends.
    if LAST_DELIMITER.search(between.group()) or DELIMITER.match(text, own[-1].end, sentence.end):
        return own[-1].end
    return _end_of_longer(text, Span(start, sentence.end))


def _end_of_longer(text: str, rest: Span) -> int | None:
    """Return where an item of more than a plain phrase ends: "repairs to the wall" before "and"."""
    follows = DELIMITER.search(text, *rest)
    if follows is None or not LAST_DELIMITER.search(follows.group()):
        return None
    item = Span(rest.start, follows.start())
    short = len(words(text, *item)) <= LONGEST_ITEM and not _MARK.search(text, *item)
    first = words(text, *item)[:1]
    described = bool(first) and first[0].lower.endswith(("ed", "ing"))  # "expressed by"
    return item.end if short and not described and _is_item(text, item) else None


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
