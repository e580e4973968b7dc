"""The type of answer that a question plainly asks for, and whether a text is of it."""

from __future__ import annotations

import re
from typing import Literal

from qa.english.dates import dates
from qa.english.exact import is_time
from qa.english.words import CLOSED, lemma, lowered, spellings, word_list

AnswerType = Literal[
    "account", "address", "age", "day", "host", "number", "percentage", "price", "stretch",
    "telephone", "time", "year",
]  # fmt: skip

_UNIT_OF_TIME = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?)"
_ASKED: dict[AnswerType, re.Pattern[str]] = {
    "address": re.compile(r"e-?mail (?:address|account)\b|(?:what|which)(?: is|'s) \S+ e-?mail\b"),
    "telephone": re.compile(
        r"\b(?:(?:tele)?phone|fax|mobile) number\b|\bwhat number .*\b(?:call|ring)\b"
    ),
    "host": re.compile(
        r"^(?:[a-z]+ )?(?:what|which)(?:(?: is| are|['’]s)\b.*)? ip(?:v\d)?[ -]address\b"
    ),
    "account": re.compile(
        r"^what(?: is| are|['’]s)\b.* (?:iban|bank account|account number)\b"
        r"|^(?:[a-z]+ )?(?:what|which) (?:bank )?account\b.*\b(?:pay|paid|transfer|send|sent)"
    ),
    "price": re.compile(
        r"^(?:what|how (?:much|high)) .*\b(?:hourly|daily|monthly) (?:rate|wage|pay|fee|charge)\b"
        r"|^how much (?:do|does|did|must|will|would)\b.*\b(?:cost|pay|charge|earn)\b"
        r"|^what (?:is|are|was|were|does|do|did)\b.*\b(?:price|cost|fee|salary|wage)s?\b"
    ),
    "time": re.compile(
        r"^(?:at |from |until |by |and )*what time\b(?! of | period| frame| zone| span)"
    ),
    "year": re.compile(r"^(?:in |since |by |until |from )?(?:what|which) year\b"),
    "day": re.compile(r"^(?:on )?(?:what|which) (?:date|day of the week|weekday|day)\b"),
    "percentage": re.compile(r"^(?:by )?what (?:percent|percentage|per cent)\b"),
    "age": re.compile(r"^how old\b"),
    "stretch": re.compile(rf"^(?:[a-z]+ ){{0,2}}how many (?:[a-z]+ )?{_UNIT_OF_TIME}\b"),
    "number": re.compile(r"^(?:in |for |by |with |within |about |roughly )?how many\b"),
}
_HOST = re.compile(
    r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
    r"|\b(?:[\da-f]{1,4}:){7}[\da-f]{1,4}\b|[\da-f]::[\da-f]",
    re.IGNORECASE,
)
_NUMBER = rf"(?:\d+(?:[.,:]\d+)*|{'|'.join(sorted(word_list('number_words'), reverse=True))})"
_LASTS = re.compile(
    rf"(?:about )?{_NUMBER}[ -]?(?:h|hrs?|mins?|{_UNIT_OF_TIME})"
    rf"(?:(?:,| and)? {_NUMBER}[ -]?(?:mins?|secs?|{_UNIT_OF_TIME}))?",
    re.IGNORECASE,
)
_OTHERS_COUNTED = re.compile(
    rf"{_NUMBER}\s(?!(?:[\w-]+\s){{0,2}}{_UNIT_OF_TIME}\b)(?P<what>[^\W\d_]{{3,}})",
    re.IGNORECASE,
)
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
    if type_ == "host":
        return _HOST.search(text) is not None
    if type_ == "account":
        return digits >= 4 and "@" not in text
    if type_ == "price":
        return bool(digits) and not rules_out(type_, text)
    return bool(digits) or (type_ == "percentage" and "per" in text)


def is_of_another(type_: AnswerType, text: str) -> bool:
    """Tell whether a text is plainly of another type."""
    if is_of(type_, text):
        return False
    if type_ in ("account", "address", "host", "telephone"):
        return True
    if type_ == "price":
        return rules_out(type_, text)
    if type_ == "time":
        return bool(dates(text))
    if type_ == "day":
        return is_time(text)
    said = set(map(lowered, spellings(text)))
    if type_ == "year":
        return not said & {"year", "years", "century"}
    return said.isdisjoint(_COUNTING) and not any(word.endswith("teen") for word in said)


def rules_out(type_: AnswerType, text: str, behind: str = "") -> bool:
    """Tell whether a text is no answer to what asks for a type, even where there is no other.

    What lasts so long is no price, and of another thing than of days, so many are no days.

    Args:
        type_: The type.
        text: The text.
        behind: What stands right behind it.
    """
    if type_ == "price":
        return _LASTS.fullmatch(text) is not None
    if type_ == "stretch":
        counted = _OTHERS_COUNTED.match(text + behind)
        return counted is not None and _is_counted(counted["what"])
    return False


def _is_counted(word: str) -> bool:
    """Tell whether a word is that for several things: "boats"."""
    return word.islower() and word.endswith("s") and word not in CLOSED and lemma(word) != word
