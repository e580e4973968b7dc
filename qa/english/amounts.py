"""Amounts: numbers with their currency, scale and unit, and with what limits them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.structure.spans import Span
from qa.english.words import lemma, lowered, spellings, word_list

_BLANK = "[ \u00a0\u202f]"
_GAP = "[ \u00a0\u202f-]?"  # "25 min", "25min", "25-minute"


def _any_of(found: Iterable[str]) -> str:
    """Return a pattern for any of some words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(found, key=lambda word: (-len(word), word)))


_COINS = _any_of(word_list("coins"))
_CODES = _any_of(word_list("currency_codes"))
_UNITS = _any_of(word_list("units"))
_SIGNS = _any_of(word_list("unit_signs"))
_WORDS = _any_of(word_list("number_words"))
_DIGITS = (
    rf"(?:\d{{1,3}}{_BLANK}\d/\d{{1,2}}(?![\d/])"  # "1 1/2"
    rf"|\d{{1,3}}(?:{_BLANK}\d{{3}})+(?!\d)|\d+(?:[.,'’]\d+)*(?:[eE][-+]?\d+)?)"
    rf"(?:/\d+|{_BLANK}?[½¼¾⅓⅔])?(?:{_BLANK}?[x×·]{_BLANK}?10(?:\^[-−+]?\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?"
)
_SPELLED = rf"(?:(?:{_WORDS})(?:-(?:{_WORDS}))?\b(?: an?\b)?)"
_BEFORE = rf"(?:(?:[A-Z]{{1,2}}[$£]|[$£€¥₹]|\b(?:{_CODES})\b){_BLANK}?)"
_SCALE = rf"(?:{_GAP}(?:hundred|thousand|million|billion|trillion|dozen|mn|bn|tn)\b)"
_COUNTED = (
    rf"(?:(?:(?:US|[A-Z][a-z]+) )?(?:{_COINS})(?: sterling)?|{_CODES}|[$£€]|per[ -]cent"
    rf"|(?:square |cubic |nautical )?(?:{_UNITS})|{_SIGNS})(?!\w)"
)
_PER = rf"(?:(?: ?(?:per|/) ?| an? )(?:{_UNITS}|head|person|{_SIGNS})(?!\w))"
_ONE = rf"{_BEFORE}?(?:{_DIGITS}|{_SPELLED}){_SCALE}{{0,2}}"
_TO = rf"(?:{_BLANK}?[–x×-](?!(?<=\b[12]\d{{3}}.)[12]\d{{3}}\b){_BLANK}?)"  # no years
# What is true of the number without them need not be. "About" and "nearly" are left out: accepted
# answers of SQuAD lack them (0.3 points of F1 on 700 questions).
_LIMIT = (
    r"(?i:(?:(?:no|not) )?(?:more|less|fewer|greater|higher|lower|later|earlier) than"
    r"|at (?:the )?(?:very )?(?:least|most)|up to|a (?:maximum|minimum) of|max\.|min\.|approx\."
    r"|approximately|est\.|ca?\.|(?:just|well|slightly|a little|far) (?:over|under|above|below))"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,:/$£€¥₹@-])(?P<limit>{_LIMIT} )?"
    rf"(?P<number>(?:between {_ONE} and )?(?P<sign>(?={_BEFORE}))?{_ONE}"
    rf"(?:(?:{_GAP}(?:{_SIGNS}))?{_TO}{_ONE})?)"
    rf"(?P<unit>{_GAP}{_COUNTED}(?:{_BLANK}(?P<second>{_DIGITS}){_BLANK}?(?:{_UNITS}|{_SIGNS})(?!\w))?"
    rf"{_PER}?|(?(sign){_PER}|(?!)))?(?!\w)"
)


def amounts(text: str, start: int, end: int, question: str = "") -> Iterator[tuple[Span, Span]]:
    """Find the amounts in a stretch of a text.

    Args:
        text: The text.
        start: Where the stretch starts.
        end: Where it ends.
        question: What is asked. A unit or a limit that it names need not be said again: "How many
            metres?", "More than what?"

    Yields:
        The whole of an amount, and its number.
    """
    named = {_plain(word) for word in spellings(question)}
    for found in _AMOUNT.finditer(text, start, end):
        counted, limit = (
            [_plain(word) for word in spellings(found[group] or "")] for group in ("unit", "limit")
        )
        said = not named.isdisjoint(counted)
        last = "second" if found["second"] and not said else "number"
        number = Span(found.start("number"), found.end(last))
        first = number.start if limit and named.issuperset(limit) else found.start()
        yield Span(first, number.end if said else found.end()), number


def _plain(word: str) -> str:
    """Return what the forms and spellings of a unit share: "meter" of "metres"."""
    base = lemma(lowered(word))
    return re.sub(r"(?<=[mt])re$", "er", base.replace("tonne", "ton"))
