"""The dates in a text: days, months, years and centuries, as they are written."""

from __future__ import annotations

import re

from index.structure.spans import Span
from qa.english.words import word_list

MONTHS = word_list("months")
DAYS = word_list("days")
# Months that people are named after, too.
_LIKE_NAMES = frozenset({"April", "May", "June", "August"})
_MONTH = rf"(?:{'|'.join(sorted(MONTHS))}|(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_YEAR = r"(?:1[0-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? {_YEAR})?"
    rf"|(?:(?:early|mid|late)[- ])?{_MONTH}(?:,? (?:of )?{_YEAR})?"
    rf"|(?:(?:spring|summer|autumn|winter)|(?:first|second|third|fourth) (?:quarter|half))"
    rf"(?: of)? {_YEAR}"
    rf"|\d{{1,2}}/\d{{1,2}}/(?:\d\d)?\d\d|\d{{1,2}}\.\d{{1,2}}\.{_YEAR}"
    rf"|\d{{1,2}}(?:st|nd|rd|th) century(?: (?:BCE?|AD|CE)\b)?"
    rf"|\d{{1,4}} (?:BCE?|AD|CE)|AD \d{{1,4}}"
    rf"|\d{{4}}-\d\d-\d\d|(?:(?:early|mid|late)[- ])?{_YEAR}(?:s\b|[-–]\d\d(?:\d\d)?)?"
    rf"|(?:{'|'.join(sorted(DAYS))}))(?![\w,]{{0,30}}\d)\b"
)
# What makes a date of a word that is a verb or a name as well.
_BEFORE_MONTH = re.compile(
    rf"(?:\b(?:after|around|before|between|by|during|each|early|every|from|in|last|late|mid|next|of|"
    rf"since|this|through|throughout|till|to|until)|\b{_MONTH},?(?: (?:and|or|to))?|[-–(])\s*\Z",
    re.IGNORECASE,
)
_SURNAME = re.compile(r" [A-Z][a-z]")
_LOOKED_AT = 24  # characters before a month


def dates(text: str) -> tuple[Span, ...]:
    """Return where the dates, months, years, centuries and weekdays of a text stand, in order.

    "March" and "May" are dates where a number or a word such as "in" or "last" is beside them, and
    "April" of "April Jones" is none.
    """
    return tuple(Span(*found.span()) for found in _DATE.finditer(text) if _is_date(text, found))


def names_somebody(text: str, month: Span) -> bool:
    """Tell whether a month is the first name of somebody, as in "April Jones"."""
    return (
        text[month.start : month.end] in _LIKE_NAMES
        and _SURNAME.match(text, month.end) is not None
        and (not _is_led_in(text, month.start) or text.endswith(", ", 0, month.start))
    )


def _is_date(text: str, found: re.Match[str]) -> bool:
    if names_somebody(text, Span(*found.span())):
        return False
    return found.group() not in ("March", "May") or _is_led_in(text, found.start())


def _is_led_in(text: str, start: int) -> bool:
    return _BEFORE_MONTH.search(text[max(start - _LOOKED_AT, 0) : start]) is not None
