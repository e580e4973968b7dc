"""What a question says of the row and the column of a table that it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.english.words import AUXILIARIES, DETERMINERS, PREPOSITIONS, is_english, lemma
from qa.tables.vocabulary import (
    BEFORE_NAMES,
    LIGHT,
    RECKONED,
    classes_of,
    folded,
    is_bounded,
    is_measured,
    is_number,
    is_unit,
    key,
    spelled,
    without_bounds,
)

_DENIES = re.compile(
    r"\b(?:than|not|no(?!\.|\W?\d)|never|neither|nor|except|besides|without|unless|cannot|both)\b"
    r"|n['’]t\b"
    r"|\b(?:over|under|above|below|before|after|between|until|since|least|most) \W?\d"
)
_HOW_LATE = re.compile(r"\b(?:how late|(?:un)?till? (?:when|what time))\b", re.I)
_IS_OPEN = re.compile(r"\bwhen(?: is| are|['’]s)\b.*\bopen\b", re.I)
_WHAT_DID = re.compile(r"\W*what (?:do|does|did|has|have)\b", re.I)
_WHAT_IS_DONE = re.compile(r"\W*what (?:is|are|was|were|do|does|did)\b(?! the\b)", re.I)
_TAKES_PLACE = re.compile(r"\b(?:tak(?:e|es|ing|en)|took) (?:place|part)\b", re.I)
_LIVES = re.compile(r"\bwhere\b.*\b(?:live|reside|dwell)[sd]?\b", re.I)
_WHO_DOES = re.compile(r"\W*who (?!(?:is|are|was|were)\b)", re.I)
_GOES = re.compile(r"\bwhere (?:do|does|did|will)\b.*\b(?:go(?: to)?|to)\W*$", re.I)
_WHICH_ARE = re.compile(r"\W*(?:which|what)(?: [\w-]+){1,3} are\b", re.I)
_MEANING = re.compile(
    r"\W*(?:what(?:['’]s|s)?(?: (?:is|are|was|were|does|do))?|define|explain|(?:the )?meaning of|"
    r"(?:can you |please )?(?:tell|show) me what)\b",
    re.I,
)
_WH = frozenset({"what", "which", "whose", "whats"})
_BE = frozenset({"is", "are", "was", "were", "s"})


@dataclass(frozen=True)
class Said:
    """A word of a question, stop words aside.

    Attributes:
        text: The word.
        key: That by which it is held against cells.
        place: Its number among the words of the question.
        classes: The classes of words that it is in.
        light: Whether it says nothing of where in a table to look.
        strict: Whether it names something, so that what is given has to be of it.
        in_focus: Whether it is part of what "which" or "what is the" asks for.
    """

    text: str
    key: str
    place: int
    classes: frozenset[str]
    light: bool
    strict: bool
    in_focus: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number or a code with one."""
        return is_number(self.text)


class Request:
    """A question, as what it says of a row and a column.

    Args:
        question: The question.
        wants_list: Whether it asks for several things.
        wants_clause: Whether it asks why or how.

    Attributes:
        content: Its words, stop words aside.
        keys: Their keys.
        wants_count: Whether it asks how many.
        chooses: Whether it asks which of several: "which planet", "what colour".
    """

    def __init__(
        self, question: str, *, wants_list: bool = False, wants_clause: bool = False
    ) -> None:
        if _HOW_LATE.search(question):  # until when something is open is when it closes
            question = re.sub(r"\bopen\b", "closing", question)
        question = _TAKES_PLACE.sub("happen", question)
        self.question = question
        self.wants_list = wants_list or _WHICH_ARE.match(question) is not None
        self._spelled = spelled(question)
        self._lower = [folded(word) for word in self._spelled]
        self._focus, self.wants_count, self.chooses = self._find_focus()
        self.content = tuple(filter(None, map(self._said, range(len(self._spelled)))))
        self._by_place = {word.place: word for word in self.content}
        self.keys = frozenset(word.key for word in self.content)
        measures = any(self.is_measure(word) and word.classes for word in self.content)
        self.wants_clause = wants_clause and not measures

    @property
    def wants_both_ends(self) -> bool:
        """Whether what it asks for may be from one time to another: opening hours."""
        return self.wants_list or _IS_OPEN.search(self.question) is not None

    @property
    def wants_object(self) -> bool:
        """Whether it asks what somebody did something to."""
        return _WHAT_DID.match(self.question) is not None

    @property
    def wants_home(self) -> bool:
        """Whether it asks where somebody lives."""
        return _LIVES.search(self.question) is not None

    @property
    def wants_whoever(self) -> bool:
        """Whether it asks who does something, be it one or several."""
        return _WHO_DOES.match(self.question) is not None

    def compares(self, said: frozenset[str]) -> bool:
        """Tell whether it compares or denies.

        Args:
            said: The keys of a table; a limit that is among them is the name of a row or column.
        """
        bounds = {each for each in self.keys if is_bounded(each)}
        named = bool(bounds) and bounds <= said
        question = without_bounds(self.question) if named else self.question
        return _DENIES.search(question) is not None

    @cached_property
    def superlatives(self) -> Sequence[Said]:
        """The words of it that ask for one of all, or for all together: "cheapest", "total"."""
        does = {"do", "does", "did"} & set(self._lower)
        return [
            Said(word, key(word) or lower, place, classes_of(word), False, True)
            for place, (word, lower) in enumerate(zip(self._spelled, self._lower, strict=True))
            if (lower in RECKONED and not (lower == "last" and does))
            or (len(lower) > 5 and lower.endswith("est") and lemma(lower) not in (lower, ""))
        ]

    @cached_property
    def asked(self) -> frozenset[str]:
        """The classes that its opening words ask for; none if they leave that open."""
        plain = " ".join(self._lower)
        if found := re.search(r"\bhow (\w+)(?: (\w+))?", plain):
            if found[1] == "much":
                if any("weight" in word.classes for word in self.content):
                    return frozenset({"weight"})
                following = found[2] or "is"
                counts = following not in AUXILIARIES and "price" not in classes_of(following)
                return frozenset() if counts and following != "money" else frozenset({"price"})
            if found[1] == "late":
                return frozenset({"time"})
            return frozenset(filter(is_measured, classes_of(found[1])))
        if re.search(r"\b(?:at |from |by )?(?:what|which) (?:time|hour)\b", plain):
            return frozenset({"time"})
        if found := re.search(r"\b(?:what|which) (day|date|year)\b", plain):
            return frozenset({"date", "year"} if found[1] == "year" else {"date"})
        for word, classes in (
            ("when", {"date", "time", "year"}),
            ("who", {"person"}),
            ("whom", {"person"}),
            ("whose", {"person"}),
            ("where", {"place"}),
        ):
            if word in self._lower:
                goes = word == "where" and _GOES.search(self.question) is not None
                return frozenset({*classes, "destination"} if goes else classes)
        return frozenset(
            name
            for word in self.content
            if word.in_focus
            for name in word.classes
            if name == "price"
        )

    @cached_property
    def route(self) -> tuple[str, str]:
        """The keys of the words after "from" and after "to"; empty if it has not both."""
        after = {"from": "", "to": ""}
        for word in self.content:
            before = self._lower[word.place - 1] if word.place else ""
            if before in after and not after[before]:
                after[before] = word.key
        return (after["from"], after["to"]) if all(after.values()) else ("", "")

    @cached_property
    def units(self) -> frozenset[str]:
        """The signs of the units behind its numbers."""
        return frozenset(
            word.key
            for word in self.content
            if is_unit(word.key) and (own := self.before(word)) is not None and own.is_number
        )

    def wants_meaning(self, beside: Sequence[Said]) -> bool:
        """Tell whether it asks what a row is or means.

        Args:
            beside: Its words, those aside that name the row.
        """
        if not _MEANING.match(self.question) or self.wants_count:
            return False
        return all("description" in word.classes for word in beside)

    def is_name(self, each: str) -> bool:
        """Tell whether a key is that of a name or a number."""
        return any(word.key == each and word.strict for word in self.content)

    def is_verb(self, word: Said) -> bool:
        """Tell whether a word is the verb behind "does", or the participle behind "is"."""
        if word.in_focus:
            return False
        before = set(self._lower[: word.place])
        participle = bool(_BE & before) and not word.text.endswith(("s", "ing"))
        participle = participle and lemma(word.text) != folded(word.text)
        return participle or bool({"do", "does", "did"} & before)

    def follows_who(self, word: Said) -> bool:
        """Tell whether a word is the verb of "who": in "who owns 5B", it is no heading of "5B"."""
        return word.place > 0 and self._lower[word.place - 1] == "who"

    def is_done(self, word: Said) -> bool:
        """Tell whether it asks what a verb is done to: "what is taught", "what does Ola teach"."""
        if _WHAT_IS_DONE.match(self.question) is None:
            return False
        lower = folded(word.text)
        return self.is_verb(word) or (not lower.endswith("s") and lemma(lower) != lower)

    def describes(self, word: Said) -> bool:
        """Tell whether a word says which are counted: "how many vacant homes", "are vacant"."""
        if not self.wants_count or word.place == 0:
            return False
        after = self._by_place.get(word.place + 1)
        before = self._lower[word.place - 1]
        return before in _BE or (word.in_focus and after is not None and after.in_focus)

    def is_measure(self, word: Said) -> bool:
        """Tell whether a word says of what "how" asks the measure: "how long"."""
        return word.place > 0 and self._lower[word.place - 1] == "how"

    def before(self, word: Said) -> Said | None:
        """Return the word right before another; None if that is a stop word."""
        return self._by_place.get(word.place - 1)

    def beside(self, word: Said) -> tuple[Said | None, Said | None]:
        """Return the words right before and right behind another."""
        return self._by_place.get(word.place - 1), self._by_place.get(word.place + 1)

    def stands_before_number(self, word: Said) -> bool:
        """Tell whether a word says what the number behind it is: "room 104"."""
        following = self._by_place.get(word.place + 1)
        return following is not None and following.is_number

    def is_noun(self, word: Said) -> bool:
        """Tell whether a word stands behind an article or the like."""
        before = self._lower[word.place - 1] if word.place else ""
        return before in DETERMINERS | {"the"}

    def _said(self, place: int) -> Said | None:
        word, lower = self._spelled[place], self._lower[place]
        shouts = self.question.isupper()
        # "I" is one after a name: "Spanish I".
        after_name = place > 0 and self._spelled[place - 1][0].isupper()
        named = word.isupper() and place > 0 and not shouts and (word != "I" or after_name)
        own = key(word) or (lower if named else "")
        month = lower == "may" and word[0].isupper() and place > 0
        if not own or (lower in AUXILIARIES and not named and not month):
            return None
        numbers = any(map(str.isdigit, word))
        capital = word[0].isupper() and place > 0 and not shouts
        light = not numbers and not named and (lower in LIGHT or lemma(lower) in LIGHT)
        strict = numbers or capital or not is_english(lower) or self._is_object(place)
        classes = frozenset() if numbers else classes_of(word)
        return Said(word, own, place, classes, light, strict and not light, place in self._focus)

    def _is_object(self, place: int) -> bool:
        """Tell whether a word stands behind "to", "in" or the like."""
        before = place - 1
        while before >= 0 and self._lower[before] in DETERMINERS | {"the"}:
            before -= 1
        return before >= 0 and self._lower[before] in BEFORE_NAMES

    def _find_focus(self) -> tuple[frozenset[int], bool, bool]:
        """Return the places of what is asked for by "which" and the like.

        And whether its number is, and whether one of several is.
        """
        lower = self._lower
        for start, word in enumerate(lower[:4]):
            counts = word in ("many", "much") and start > 0 and lower[start - 1] == "how"
            if word in _WH or counts:
                break
            if word in ("give", "tell", "show", "get", "need"):
                counts = False
                break
        else:
            return frozenset(), False, False
        place = start + 1
        if place < len(lower) and lower[place] == "me":
            place += 1
        is_said = place < len(lower) and lower[place] in _BE
        place += is_said
        while place < len(lower) and lower[place] in DETERMINERS | {"the"}:
            place += 1
        found: list[int] = []
        while place < len(lower) and lower[place] not in PREPOSITIONS | AUXILIARIES:
            found.append(place)
            place += 1
        ended = place < len(lower) and lower[place] in AUXILIARIES
        if not (is_said or ended or word not in _WH | {"many", "much"}):
            found = found[:1]  # "which code means ..."
        return frozenset(found), counts and word == "many", word in _WH and not is_said
