"""The type of answer that a question plainly asks for, and whether a text is of it."""

from __future__ import annotations

import re
from typing import Literal

from qa.english.dates import dates
from qa.english.exact import is_time
from qa.english.words import lowered, spellings, word_list

AnswerType = Literal["address", "age", "day", "number", "percentage", "telephone", "time", "year"]

_ASKED: dict[AnswerType, re.Pattern[str]] = {
    "address": re.compile(r"e-?mail (?:address|account)\b|(?:what|which)(?: is|'s) \S+ e-?mail\b"),
    "telephone": re.compile(
        r"\b(?:(?:tele)?phone|fax|mobile) number\b|\bwhat number .*\b(?:call|ring)\b"
    ),
    "time": re.compile(
        r"^(?:at |from |until |by |and )*what time\b(?! of | period| frame| zone| span)"
    ),
    "year": re.compile(r"^(?:in |since |by |until |from )?(?:what|which) year\b"),
    "day": re.compile(r"^(?:on )?(?:what|which) (?:date|day of the week|weekday|day)\b"),
    "percentage": re.compile(r"^(?:by )?what (?:percent|percentage|per cent)\b"),
    "age": re.compile(r"^how old\b"),
    "number": re.compile(r"^(?:in |for |by |with |about |roughly )?how many\b"),
}
_COUNTING = word_list("number_words") | word_list("numbers") | word_list("quantities")


def asked_type(question: str) -> AnswerType | None:
    """Return the type of answer that a question plainly asks for; None if it may be any."""
    plain = lowered(question.strip())
    return next((type_ for type_, pattern in _ASKED.items() if pattern.search(plain)), None)


def is_of(type_: AnswerType, text: str) -> bool:
    """Tell whether a text is plainly of a type."""
    digits = sum(map(str.isdigit, text))
    if type_ == "address":
        return "@" in text
    if type_ == "telephone":
        return digits >= 5 and "@" not in text
    if type_ == "time":
        return is_time(text)
    if type_ == "day":
        return bool(dates(text))
    return bool(digits) or (type_ == "percentage" and "per" in text)


def is_of_another(type_: AnswerType, text: str) -> bool:
    """Tell whether a text is plainly of another type."""
    if is_of(type_, text):
        return False
    if type_ in ("address", "telephone"):
        return True
    if type_ == "time":
        return bool(dates(text))
    if type_ == "day":
        return is_time(text)
    said = set(map(lowered, spellings(text)))
    if type_ == "year":
        return not said & {"year", "years", "century"}
    return said.isdisjoint(_COUNTING) and not any(word.endswith("teen") for word in said)
