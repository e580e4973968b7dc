"""What the words of a question and the headings of a table have in common, and what a cell holds.

A heading is asked for in other words than its own: "who owns" is the owner, "how much" a price.
What goes together stands in classes of words, of which a word may be in several.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Literal

from index.text.terms import terms
from qa.english.words import lemma, word_list

Fit = Literal["yes", "maybe", "no"]

_LISTS = json.loads(
    (Path(__file__).parents[1] / "data" / "tables.json").read_text(encoding="utf-8")
)
_CLASSES: dict[str, frozenset[str]] = {
    name: frozenset(words.split()) for name, words in _LISTS["classes"].items()
}
_LONGEST_CELL = 400  # characters of a cell that are looked at: more are no cell but a text
# A run with a digit in it is one: "E-101", "08:15", "2025-05-01". How far one is looked for in it
# is bounded, so that time stays linear.
_TOKEN = re.compile(r"(?=[\w./:,-]{0,40}\d)\w+(?:[-./:,]\w+)*|\w+")
_UNITS = {
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours",
    "s": "s sec secs second seconds",
    "d": "day days",
    "km": "km kilometre kilometres kilometer kilometers",
    "m": "m metre metres meter meters",
    "kg": "kg kilo kilos kilogram kilograms",
    "eur": "€ eur euro euros",
    "usd": "$ usd dollar dollars",
    "gbp": "£ gbp pound pounds",
}
_UNIT_OF = {form: unit for unit, forms in _UNITS.items() for form in forms.split()}
# "Over 20" and "up to 20" are other things than 20, and than one another.
_BOUNDS = {
    "over": "over above more than older than longer than",
    "under": "under below less than younger than shorter than",
    "upto": "up to at most",
    "atleast": "at least",
}
_BOUND_OF = {
    form: bound
    for bound, forms in _BOUNDS.items()
    for form in re.findall(r"(?:\w+ (?:than|to|most|least)|\w+)", forms)
}
_BOUND = re.compile(rf"\b({'|'.join(_BOUND_OF)}) (?=\d)", re.I)
_BOUNDED = re.compile(rf"(?:{'|'.join(_BOUNDS)})\d")
_WITH_UNIT = re.compile(
    rf"((?:{'|'.join(_BOUNDS)})?\d+(?:[.,]\d+)?)(mins?|h|hrs?|km|m|kg|eur|s|sec)", re.I
)
_LONGEST_SPAN = 60  # characters
_EMAIL = re.compile(r"\be-mail\b", re.I)
_NON = re.compile(r"\b(non)[-‐‑ ](?=[^\W\d_])", re.I)  # "Non-members" are not "Members"
_IRREGULAR = {
    "won": "win",  # a stop word for the sake of "won't"
    "children": "child", "men": "man", "women": "woman",
}  # fmt: skip
_SILENT = re.compile(r"[\W_]*(?:n/?a|n\. ?a\.)?[\W_]*", re.I)
_SAID = re.compile(
    r"\W*(?:free(?: of charge| entry| admission)?|no charge|gratis|complimentary|included|closed"
    r"|none|nil|never|unlimited|sold out|full|fully booked|not available|unavailable|out of stock"
    r"|(?:up)?on request|by (?:appointment|arrangement)|varies|variable)\W*",
    re.I,
)
_HOUR = r"(?:[01]?\d|2[0-4])(?:[:.h]\d\d)? ?(?:[ap]\.?m\.?|h|o['’]clock)?"
_HOURS = re.compile(
    rf"\W*(?:{_HOUR} ?(?:[-–—]|to|till?|until) ?{_HOUR}(?: ?(?:[,;/&]|and) ?(?!$)|\W*$)){{1,2}}"
    r"|\W*(?:closed|all day|round the clock|24/7|by appointment)\W*",
    re.I,
)
_TIME_OF_DAY = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{1,2} ?[ap]\.?m\b|\bnoon\b|\bmidnight\b", re.I)
_CALENDAR = "|".join(
    rf"{name[:3]}(?:{name[3:]}s?)?" for name in sorted(word_list("months") | word_list("days"))
)
_CALENDAR_DAYS = {
    form: name
    for name in map(str.lower, word_list("months") | word_list("days"))
    for form in (name, name[:3])
}
_DATE = re.compile(
    r"(?<![-\w])(?:1[0-9]|20)\d\d\b|\b\d{1,2}/\d{1,2}\b|\b\d{1,2}\.\d{1,2}\."
    rf"|\b(?:{_CALENDAR})\b",
    re.I,
)
_CODE = re.compile(r"\W*[^\W\d_]+-?\d")
_HOLDS: dict[str, re.Pattern[str]] = {
    "price": re.compile(
        r"[€$£¥]|\b(?:eur|euros?|usd|dollars?|gbp|pounds?|cents?|nok|sek|dkk|chf)\b"
        r"|^\W*\d[\d,. ]*[.,]\d\d\W*$",
        re.I,
    ),
    "duration": re.compile(
        r"\d ?(?:m|h|s)?(?:mins?|minutes?|h|hrs?|hours?|secs?|seconds?|s|days?|weeks?|months?"
        r"|years?)\b",
        re.I,
    ),
    "length": re.compile(r"\d ?(?:mm|cm|m|km|ft|feet|miles?|mi|metres?|meters?)\b", re.I),
    "weight": re.compile(r"\d ?(?:mg|g|kg|t|tons?|tonnes?|lbs?|grams?|kilos?)\b", re.I),
    "temperature": re.compile(r"\d ?°|°[CF]\b"),
    "speed": re.compile(r"\d ?(?:km/h|mph|m/s|knots?)", re.I),
    "phone": re.compile(r"^\W*\d[\d ()/-]{5,}$"),
    "email": re.compile(r"\S@\S"),
    "time": _TIME_OF_DAY,
    "date": _DATE,
    "count": re.compile(r"^\D{0,2}\d{1,3}(?:[,. ]?\d{3})*\D{0,2}$"),
}
_SAME_MEASURE = {
    "height": "length", "depth": "length", "width": "length", "distance": "length",
    "year": "date", "population": "count",
    "departure": "time", "arrival": "time", "opening": "time", "closing": "time", "begin": "time",
}  # fmt: skip
# Where a heading says which of them it is, it is no other.
_APART = frozenset(_LISTS["apart"].split())
_TIMES = frozenset(_LISTS["times"].split())
_ANYBODY = frozenset(_LISTS["anybody"].split())
_NO_TIME = frozenset(_LISTS["no_time"].split())
_PEOPLE = frozenset(_LISTS["people"].split())
_HOMES = frozenset(_LISTS["homes"].split())
_NO_PERSON = frozenset(_LISTS["no_person"].split())
LIGHT = frozenset(_LISTS["light"].split())
"""Words that say nothing of where in a table to look."""
BEFORE_NAMES = frozenset(_LISTS["before_names"].split())
RECKONED = frozenset(_LISTS["reckoned"].split())
"""Words that ask for one of all, or for all together, as superlatives do."""
_ONE_WHO = ("er", "or", "ner", "mer", "ter", "r", "ion", "ation", "ment", "al", "ing", "ant")


def folded(text: str) -> str:
    """Return a text in lower case without accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def spelled(text: str) -> list[str]:
    """Return the words of a cell or a question as it spells them; a run with a digit is one."""
    found: list[str] = []
    text = _NON.sub(r"\1", _EMAIL.sub("email", text[:_LONGEST_CELL]))
    for word in _TOKEN.findall(_BOUND.sub(lambda found: _BOUND_OF[found[1].lower()], text)):
        measure = _WITH_UNIT.fullmatch(word)
        found += measure.groups() if measure else [word]
    return found


@lru_cache(maxsize=8192)
def key(word: str) -> str:
    """Return that by which a word is held against others: its stem, a unit's sign, a plain number.

    Empty if it is a stop word.
    """
    lower = folded(word)
    if is_number(lower):
        if re.fullmatch(r"\d{1,3}(,\d{3})+", lower):
            return lower.replace(",", "")
        if re.fullmatch(r"\d+,\d\d?", lower):
            lower = lower.replace(",", ".")
        return re.sub(r"\.00$", "", lower)
    if lower in _UNIT_OF and len(lower) > 1:
        return _UNIT_OF[lower]
    lower = _IRREGULAR.get(lower, lower)
    return next(iter(terms(lower)), "")


def keys(cell: str) -> frozenset[str]:
    """Return the keys of a cell's words; those of stop words only where it has no others."""
    found = spelled(cell)
    own = frozenset(filter(None, map(key, found)))
    # "IT" and "A" are names of things where they are written so.
    short = frozenset(folded(word) for word in found if word.isupper() and not key(word))
    return own | short or frozenset(map(folded, found))


def is_number(word: str) -> bool:
    """Tell whether a word is a number, or a code with one."""
    return any(map(str.isdigit, word))


def is_bounded(word: str) -> bool:
    """Tell whether the key of a word is that of a limit: "over 20"."""
    return _BOUNDED.match(word) is not None


def without_bounds(text: str) -> str:
    """Return a text without the words that make limits of its numbers."""
    return _BOUND.sub("", text)


def is_unit(word: str) -> bool:
    """Tell whether the key of a word is the sign of a unit."""
    return word in _UNITS


def is_measure(cell: frozenset[str]) -> bool:
    """Tell whether a cell, by its keys, holds a number or a measure and nothing else."""
    return any(map(is_number, cell)) and all(is_number(word) or is_unit(word) for word in cell)


@lru_cache(maxsize=8192)
def kin(word: str, other: str) -> bool:
    """Tell whether two words are of one family: "routes" and "route", "owns" and "owner".

    The second may be shortened: "Art." is of the family of "article".
    """
    one, two = _forms(word), _forms(other)
    if one & two or (other.endswith(".") and folded(word).startswith(folded(other[:-1]))):
        return True
    return any(
        long.startswith(short) and long[len(short) :] in _ONE_WHO
        for first in one
        for second in two
        for short, long in [sorted((first, second), key=len)]
        if len(short) >= 3
    )


@lru_cache(maxsize=8192)
def _forms(word: str) -> frozenset[str]:
    lower = folded(word.rstrip("."))
    return frozenset({lower, lemma(lower), key(word) or lower, _CALENDAR_DAYS.get(lower, lower)})


@lru_cache(maxsize=8192)
def classes_of(word: str) -> frozenset[str]:
    """Return the classes that a word is in."""
    forms = _forms(word)
    return frozenset(
        name
        for name, own in _CLASSES.items()
        if forms & own or any(key(each) in forms for each in own if len(each) > 3)
    )


def akin(classes: frozenset[str], word: str, other: str) -> bool:
    """Tell whether a word and one of a heading are in one class, and not only both of persons.

    Who manages something need not be who owns it.

    Args:
        classes: The classes of the word.
        word: The word.
        other: The word of the heading.
    """
    common = classes & classes_of(other)
    return bool(common) and (common != {"person"} or lemma(folded(word)) in _ANYBODY)


def is_of_people(word: str) -> bool:
    """Tell whether a word of a heading says that those below it do something."""
    return folded(word) in _PEOPLE


def is_of_homes(word: str) -> bool:
    """Tell whether a word of a heading says that those below it are where somebody lives."""
    return not _HOMES.isdisjoint(_forms(word))


def is_measured(name: str) -> bool:
    """Tell whether cells show by themselves that they are of a class."""
    return _SAME_MEASURE.get(name, name) in _HOLDS


def holds(cell: str, name: str) -> bool:
    """Tell whether a cell by itself shows that it is of a class: "25 min" is a duration."""
    measure = _SAME_MEASURE.get(name, name)
    if measure == "time" and is_span_of_time(cell):
        return True
    pattern = _HOLDS.get(measure)
    return pattern is not None and pattern.search(cell[:_LONGEST_CELL]) is not None


def is_span_of_time(cell: str) -> bool:
    """Tell whether a cell says from when to when, or that it is at no time: "8–16", "closed"."""
    return len(cell) <= _LONGEST_SPAN and _HOURS.fullmatch(cell) is not None


def says_something(cell: str) -> bool:
    """Tell whether a cell says anything: not if it is empty, a dash or "n/a"."""
    return len(cell) > _LONGEST_SPAN or _SILENT.fullmatch(cell) is None


def is_said(cell: str) -> bool:
    """Tell whether a cell says in words what else is a number or a time: "free", "closed"."""
    return len(cell) <= _LONGEST_SPAN and _SAID.fullmatch(cell) is not None


def shows(cell: str, heading: frozenset[str], asked: frozenset[str]) -> bool:
    """Tell whether a cell shows that it is what a word asks for, and its heading nothing else.

    Args:
        cell: The cell.
        heading: The classes of the heading's words.
        asked: The classes of the word.
    """
    apart = heading & _APART
    return any(
        holds(cell, name) and (apart <= asked if name in _HOLDS else not apart)
        for name in asked
        if name in _HOLDS or name in _TIMES
    )


def fit(cell: str, heading: str, asked: frozenset[str]) -> Fit:
    """Tell whether a cell can be what is asked for.

    Args:
        cell: The cell.
        heading: The heading of its column; empty if it has none.
        asked: The classes that the question's opening words ask for; none if they leave it open.
    """
    if not says_something(cell):
        return "no"
    if not asked or is_said(cell):
        return "maybe"
    of_heading = frozenset().union(*map(classes_of, spelled(heading)))
    if asked & {"date", "time"} and of_heading & _NO_TIME and not _TIME_OF_DAY.search(cell):
        return "no"  # "2–4" is a result
    if any(holds(cell, name) for name in asked):
        return "yes"
    digits = any(map(str.isdigit, cell))
    others = (name for name in _HOLDS if name not in asked and name != "count")
    measured = digits and any(holds(cell, name) for name in others)
    if asked == {"person"} and not asked & of_heading and of_heading & _NO_PERSON:
        return "no"
    if asked == {"place"} and not asked & of_heading and "person" in of_heading:
        return "no"
    if asked & {"place"} & of_heading and not measured:
        return "maybe"
    if asked & {"person", "place"}:
        return "no" if measured or (digits and not re.search(r"[^\W\d_]{2}", cell)) else "maybe"
    if asked & of_heading:
        return "maybe"
    if asked & {"date", "time"} and not of_heading & _TIMES:
        return "no"
    return "no" if measured or not digits or _CODE.match(cell) else "maybe"
