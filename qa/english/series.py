"""What goes on in one sentence for sure: "to buy A", "to sell B and to keep C"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from index.structure.spans import Span
from qa.english.words import AUXILIARIES, CLOSED, Word, lemma, word_list, words

AND = r"(?:and also|and|or|as well as|along with|together with|plus|&)"
DELIMITER = re.compile(rf"\s*[,;]\s+{AND}\s+|\s*[,;]\s+|(?<!-)\s+{AND}\s+")
LAST_DELIMITER = re.compile(rf"\b{AND}\s+$|&\s+$")
_BETWEEN = re.compile(r"[,;]?\s+(?:(?:and|or|as well as|along with|together with|&)\s+)?")
LONGEST_ITEM = 12
"""How many words an item has at most that is no clause."""

_LONGEST_CLAUSE = 200  # characters
_PLUS = re.compile(r",?\s+(?:plus|as well as|together with|along with)\s+")
_COUNTED = re.compile(
    rf"(?:[£$€¥]\s?)?\d[\d,.]*\b|(?:{'|'.join(sorted(word_list('numbers')))})\b", re.IGNORECASE
)
_CLAUSE_END = re.compile(
    r"\s*[.;:!?)”\"]|,\s|\s+(?:which|who|while|whereas|but|because|although|though|so)\b"
)
_CLAUSE_END_BUT_COMMA = re.compile(
    r"\s*[.;:!?)”\"]|,?\s(?:which|who|while|whereas|but|because|although|though|so)\b"
)
_BEFORE_VERBS = AUXILIARIES | {"to", "not", "and", "then"}
_ITEM_OPENERS = word_list("item_openers")
_WORD = re.compile(r"(\w+)")
_WORD_BEFORE = re.compile(r"\b(\w+)\s$")


def is_counted(phrase: str) -> bool:
    """Tell whether a phrase begins with a number: "14 people", "nine companies", "£3.1 million"."""
    return _COUNTED.match(phrase) is not None


def enumerates(between: str) -> bool:
    """Tell whether what stands between two stretches of a text makes items of a list of them."""
    return _BETWEEN.fullmatch(between) is not None


def go_on(text: str, sentence: Span, span: Span) -> Span:
    """Return a stretch of a sentence with what goes on with it for sure.

    That is what begins with the same word ("to buy A" and ", to sell B and to keep C"), what is
    counted like it ("14 people" and ", nine firms and 31 ships"), and what "plus" or "as well as"
    adds.

    Args:
        text: The whole text.
        sentence: The sentence.
        span: The stretch of it.
    """
    end = _end_of_alike(text, sentence, span)
    said = text[slice(*span)]
    if end is None and is_counted(said) and any(map(str.isalpha, said)):  # no year
        end = _end_of_counted(text, sentence, span.end)
    if end is None and (plus := _PLUS.match(text, span.end, sentence.end)):
        end = _end_of_phrase(text, plus.end(), sentence.end)
    return span if end is None else Span(span.start, end)


def doings(text: str, sentence: Span, span: Span) -> list[Span]:
    """Return what is done, where a stretch is the first of it: "buy A", "sell B" and "keep C".

    The stretch alone if it does not begin with a verb behind an auxiliary, "to" or "not", or if no
    verb of its form follows behind the commas and before the last one an "and" or "or".

    Args:
        text: The whole text.
        sentence: The sentence.
        span: The stretch of it.
    """
    before = _WORD_BEFORE.search(text, max(sentence.start, span.start - 20), span.start)
    if before is None or before[1].lower() not in _BEFORE_VERBS:
        return [span]
    ends = _CLAUSE_END_BUT_COMMA.search(text, span.end, sentence.end)
    end = ends.start() if ends else sentence.end
    form = _form(text, span.start)
    cuts = [
        found
        for found in DELIMITER.finditer(text, span.start, end)
        if form and _form(text, found.end()) == form
    ]
    if not cuts or cuts[0].start() < span.end or not LAST_DELIMITER.search(cuts[-1].group()):
        return [span]
    return _between(Span(span.start, end), cuts) or [span]


def _opener(text: str, span: Span) -> str | None:
    """Return the word that an item begins with, or that stands before it: "to", "that"."""
    first = _WORD.match(text, span.start, span.end)
    if first is not None and first[1].lower() in _ITEM_OPENERS:
        return first[1].lower()
    before = _WORD_BEFORE.search(text, max(0, span.start - 20), span.start)
    return before[1].lower() if before and before[1].lower() in _ITEM_OPENERS else None


def _again(opener: str) -> re.Pattern[str]:
    """Return what parts items that begin with one word."""
    return re.compile(rf"(?:{DELIMITER.pattern})(?={opener}\s)")


def _end_of_alike(text: str, sentence: Span, span: Span) -> int | None:
    """Return where the last of the items ends that begin as this does; None if none follows."""
    opener = _opener(text, span)
    if opener is None or not _again(opener).match(text, span.end, sentence.end):
        return None
    cuts = list(_again(opener).finditer(text, span.end, sentence.end))
    last = next((cut for cut in cuts if LAST_DELIMITER.search(cut.group())), None)
    if last is None:
        return None
    ends = _CLAUSE_END.search(text, last.end(), sentence.end)
    return ends.start() if ends else sentence.end


def _end_of_counted(text: str, sentence: Span, end: int) -> int | None:
    """Return where the last of the items ends that are counted; None if none follows."""
    while (between := DELIMITER.match(text, end, sentence.end)) is not None:
        if not _COUNTED.match(text, between.end(), sentence.end):
            return None
        end = _end_of_phrase(text, between.end(), sentence.end)
        if LAST_DELIMITER.search(between.group()):
            return end
    return None


def _end_of_phrase(text: str, start: int, end: int) -> int:
    """Return where a short phrase ends: at a word of a closed class but "of", or at a mark."""
    own: list[Word] = []
    for word in words(text, start, end):
        gap = text[own[-1].end : word.start] if own else " "
        if gap.strip() or len(own) == LONGEST_ITEM or (
            own and word.lower in CLOSED - {"of"}
        ):  # fmt: skip
            break
        own.append(word)
    while len(own) > 1 and own[-1].lower == "of":
        own.pop()
    return own[-1].end if own else end


def _form(text: str, place: int) -> str:
    """Return the form of the verb at a place, by its ending; empty if it is hardly one."""
    found = _WORD.match(text, place)
    word = found[1] if found else ""
    base = lemma(word) if word else ""
    if not word.islower() or word in CLOSED or not _has_participle(base):
        return ""
    if word == base:
        return "base"
    return "" if word.endswith("s") else "ing" if word.endswith("ing") else "past"


def _has_participle(base: str) -> bool:
    forms = (f"{base}ing", f"{base.removesuffix('e')}ing", f"{base}{base[-1:]}ing")
    return any(lemma(form) == base for form in forms)


def begun_alike(text: str, span: Span) -> list[Span]:
    """Cut "to buy A, to sell B and to keep C" where "to" stands again, and nowhere else.

    Where the word stands before the first item, and so not in it, it is in none.
    """
    opener = _opener(text, span)
    cuts = list(_again(opener).finditer(text, *span)) if opener else []
    if not cuts or not LAST_DELIMITER.search(cuts[-1].group()):
        return [span]
    first, *others = _between(span, cuts) or [span]
    if opener is None or text[slice(*first)].lower().startswith(f"{opener} "):
        return [first, *others]
    return [first, *(Span(start + len(opener) + 1, end) for start, end in others)]


def _between(span: Span, cuts: Sequence[re.Match[str]]) -> list[Span]:
    """Return what stands between delimiters; nothing if one of it is too long."""
    starts = [span.start, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), span.end]
    parts = list(itertools.starmap(Span, zip(starts, ends, strict=True)))
    return parts if max(end - start for start, end in parts) <= _LONGEST_CLAUSE else []
