"""What a text denies: the words that its "not", "nobody", "refused to" and the like reach.

What a negation reaches is told by the few words behind it, without a parser: "did not like Paris
and moved" denies that anybody liked, not that anybody moved. A verb of refusal ("refused to sign",
"ruled out selling") denies what it governs, and a word of a small list of opposites ("rejected")
is the denial of the other one ("approved").
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.structure.spans import Span
from qa.english.words import CLOSED, DETERMINERS, PREPOSITIONS, Word, lemma, word_list, words

_NOT = frozenset({"not", "never", "cannot", "hardly", "scarcely"})
NOBODY = frozenset({"nobody", "none", "nothing", "neither", "nor", "nowhere"})
NOT_DENIED = word_list("not_denied")  # behind "not" or "no": "not only", "no more than", "no doubt"
HELPERS = word_list("helpers")
_PAST = frozenset({"did", "was", "were", "had", "didn't", "wasn't", "weren't", "hadn't"})
_REFUSALS = word_list("refusals")
_TO_ONLY = word_list("refusals_to")  # not of "-ing": "declining sales"
_REFUSING_PAIRS = frozenset({("rule", "out"), ("turn", "down")})
_ENDINGS = frozenset({"stop", "cease", "quit"})  # what they deny of now, they tell of before
REFUSING = _REFUSALS | _ENDINGS
_OF_CLAIMS = word_list("refusals_of_claims")  # "denied that he had paid"
_OPPOSITES: tuple[tuple[str, str], ...] = (  # what is so, and what denies it
    ("approve accept pass adopt endorse", "reject veto refuse decline"),
    ("admit confirm acknowledge", "deny refute"),
    ("allow permit let authorise authorize", "forbid prohibit ban bar"),
    ("open", "close shut"),
    ("win", "lose"),
    ("rise increase grow climb", "fall drop decrease decline shrink"),
    ("support back favour favor", "oppose"),
    ("include", "exclude"),
    ("succeed", "fail"),
    ("convict", "acquit"),
    ("uphold", "overturn quash"),
    ("guilty", "innocent"),
    ("legal", "illegal"),
    ("safe", "unsafe dangerous"),
    ("dead die kill", "alive survive"),
)
_SIGNED = {
    word: (group[0].split()[0], denies)
    for group in _OPPOSITES
    for denies, side in enumerate(group)
    for word in side.split()
}
_MENDED = {"cancell": "cancel", "won": "win", "rose": "rise", "shut": "shut"}  # of simplemma
_OPENERS = word_list("clause_openers")  # of a clause of its own inside another
_SUPPOSING = frozenset({"if", "unless"})  # "if it fails to start" says of nothing that it fails
_NEW_CLAUSE = frozenset({"but", "however", "instead"})
_DASH = re.compile(r"[—–]|\s-+\s")
_PAUSE = re.compile(r"[,;:()—–]|\s-+\s")
_REACH = 30  # words that a verb of refusal governs, at most


@dataclass(frozen=True)
class Said:
    """A word as a text says it.

    Attributes:
        word: The word.
        lower: The word as the lists have it.
        base: Its base form.
        clause: Which clause it stands in.
        opens: Whether a clause inside another starts here.
        paused: Whether a comma or the like stands before it.
        denied: Whether the text denies it; None if that cannot be told.
    """

    word: Word
    lower: str
    base: str
    clause: int
    opens: bool
    paused: bool
    denied: bool | None = False

    @property
    def has_content(self) -> bool:
        """Whether it is more than a word of grammar."""
        return self.lower not in CLOSED and self.lower not in HELPERS

    @property
    def is_named(self) -> bool:
        """Whether it is, by its capital, part of a name, which no "not" denies."""
        return self.word.text[0].isupper()

    @property
    def negates(self) -> bool:
        """Whether it is a "not"."""
        return self.lower in _NOT or self.lower.endswith("n't")

    @property
    def key(self) -> str:
        """What the word and its opposite have in common."""
        return _SIGNED.get(self.base, (self.base, 0))[0]

    @property
    def is_no(self) -> bool | None:
        """Whether the text says that what the key names is not so; None if that cannot be told."""
        if self.denied is None:
            return None
        return self.denied != bool(_SIGNED.get(self.base, ("", 0))[1])


def asked_words(question: str) -> list[Said]:
    """Return the words of a question, those denied marked."""
    return _marked(_said(question, [Span(0, len(question))], asking=True), asking=True)


def said_words(text: str, stretches: Sequence[Span], span: Span, *, of_past: bool) -> list[Said]:
    """Return the words of a text, those denied marked.

    Args:
        text: The text.
        stretches: Which of its sentences are read, as if they were one.
        span: What stands in it denies nothing.
        of_past: Whether it is asked of the past, of which "no longer" and "stopped" deny nothing.
    """
    return _marked(_said(text, stretches), span=span, of_past=of_past)


def is_of_past(asked: Sequence[Said]) -> bool:
    """Tell whether a question asks of the past."""
    forms = {each.lower for each in asked}
    if forms & (HELPERS - {"to", "be", "been", "being", "having"}):
        return bool(forms & _PAST)
    return any(
        each.has_content and each.base != each.lower and not each.lower.endswith(("s", "ing"))
        for each in asked
    )


def _said(text: str, stretches: Sequence[Span], *, asking: bool = False) -> list[Said]:
    """Return a text's words, each with the clause that it stands in; a question is all of one."""
    clauses = [0]  # that in which a word stands, behind those that it interrupts
    latest = 0
    said: list[Said] = []
    for stretch in stretches:
        end = stretch.start
        for word in words(text, *stretch):
            gap = text[end : word.start]
            end = word.end
            lower = word.lower
            paused = bool(_PAUSE.search(gap))
            closes = paused and len(clauses) > 1
            if closes:
                clauses.pop()
            opens = not asking and (
                lower in _OPENERS or "(" in gap or bool(not closes and _DASH.search(gap))
            )
            if opens:
                latest += 1
                clauses.append(latest)
            elif not asking and (
                ";" in gap or lower in _NEW_CLAUSE or (paused and lower in {"and", "yet"})
            ):
                latest += 1
                clauses = [latest]
            base = lemma(lower)
            said.append(Said(word, lower, _MENDED.get(base, base), clauses[-1], opens, paused))
    return said


def _marked(
    said: list[Said], *, span: Span | None = None, of_past: bool = False, asking: bool = False
) -> list[Said]:
    marks: list[bool | None] = [False] * len(said)
    supposed = {each.clause for each in said if each.opens and each.lower in _SUPPOSING}
    sure = True
    for number, each in enumerate(said):
        inside = span is not None and span.start <= each.word.start < span.end
        if inside or each.clause in supposed:
            continue
        twice = marks[number] is True and not each.negates  # "did not refuse to sign"
        reached = list(_reached(said, number, asking=asking, of_past=of_past))
        for place in reached:
            marks[place] = not twice
        if asking and reached:
            # What else is meant cannot be told: "Why didn't the team go?"
            sure = sure and (each.lower in {"not", "never"} or each.base in _REFUSALS)
            last = max(reached)
            first = number + 1
            marks[first:] = [
                mark if sure and mark and place <= last else None
                for place, mark in enumerate(marks[first:], start=first)
            ]
    return [replace(each, denied=mark) for each, mark in zip(said, marks, strict=True)]


def _reached(said: list[Said], number: int, *, asking: bool, of_past: bool) -> Iterator[int]:
    """Yield the places of the words that the word at a place denies."""
    each = said[number]
    following = said[number + 1].lower if number + 1 < len(said) else ""
    before = said[number - 1].lower if number else ""
    if each.negates and before not in {"or", "if", "why"}:
        contrast = each.lower == "not" and following in DETERMINERS and before not in HELPERS
        if not (following in NOT_DENIED or contrast or _is_bound(said, number)):
            yield from _verb_behind(said, number + 1)
    elif each.lower == "no" and following == "longer":
        if not of_past or before in _PAST or asking:
            yield from _verb_behind(said, number + 2)
    elif each.lower == "yet" and following == "to":
        yield from _verb_behind(said, number + 1)
    elif each.lower in NOBODY or (each.lower == "no" and following == "one"):
        if following not in NOT_DENIED and not _but_for(said, number):
            yield from _around_nobody(said, number)
    elif each.lower == "no":
        if not (following in NOT_DENIED or following.isdecimal() or _but_for(said, number)):
            yield from _around_no(said, number)
    elif each.lower == "without":
        if not any(other.negates for other in said[max(0, number - 8) : number]):
            yield from _phrase(said, number + 1, 3)
    elif each.base in _REFUSALS or (each.base, following) in _REFUSING_PAIRS:
        yield from _complements(said, number)
    elif each.base in _ENDINGS and (not of_past or asking or _prevents(said, number)):
        yield from _complements(said, number, infinitives=False)


def _but_for(said: list[Said], number: int) -> bool:
    """Tell whether an exception follows: "no divisor other than 1"."""
    behind = said[number + 1 : number + 13]
    return any(each.lower in {"other", "except", "besides", "but"} for each in behind)


def _is_bound(said: list[Said], number: int) -> bool:
    """Tell whether something is denied up to a bound: "not finished until 1911"."""
    behind = [each.lower for each in said[number + 1 : number + 13]]
    more = any(
        each in {"more", "less", "fewer"} and then == "than"
        for each, then in itertools.pairwise(behind[:5])
    )
    return more or "until" in behind or "till" in behind


def _prevents(said: list[Said], number: int) -> bool:
    return any(each.lower == "from" for each in said[number + 1 : number + 8])


def _verb_behind(said: list[Said], start: int) -> Iterator[int]:
    """Yield the verb behind "not", and those that it governs: "not want to sell", "not a king"."""
    place = start
    size = 1
    while place < len(said) and (not said[place].has_content or said[place].lower.endswith("ly")):
        if said[place].lower in PREPOSITIONS - {"to"} or said[place].opens:
            return
        if said[place].lower in DETERMINERS:
            size = 3
        place += 1
    last = place - 1
    for last in _phrase(said, place, size):
        yield last
    for place in range(last + 1, min(last + 4, len(said))):
        if said[place].paused:
            return
        if said[place].has_content:
            if said[place - 1].lower in {"to", "be", "have"} or said[place].lower.endswith("ing"):
                yield place
            return


def _phrase(said: list[Said], start: int, size: int) -> Iterator[int]:
    """Yield the words of the first phrase, articles aside, as many as a size at most."""
    begun = False
    for place in range(start, len(said)):
        if said[place].has_content and size and not (said[place].paused and place > start):
            size -= 1
            begun = True
            yield place
        elif said[place].lower not in DETERMINERS or begun or said[place].paused:
            return


def _around_nobody(said: list[Said], number: int) -> Iterator[int]:
    if number and said[number - 1].has_content and not said[number].paused:
        yield number - 1  # "killed nobody"
    size = 3
    for place in range(number + 1, min(number + 9, len(said))):
        each = said[place]
        paused = each.paused and place > number + 1 and said[number].lower != "neither"
        if each.clause != said[number].clause or paused or not size or each.lower == "and":
            return
        if each.has_content and not each.is_named:
            size -= 1
            yield place


def _around_no(said: list[Said], number: int) -> Iterator[int]:
    if number and said[number - 1].has_content and not said[number].paused:
        yield number - 1  # "paid no wages"
    last = number
    for last in _phrase(said, number + 1, 3):
        yield last
    if last + 1 < len(said) and said[last].base in {"evidence", "proof"}:
        yield from _claim(said, last + 1)
    elif number == 0 or said[number].paused:
        yield from _verb_behind(said, last + 1)  # "No delegate was heard"


def _claim(said: list[Said], start: int) -> Iterator[int]:
    """Yield what a clause says behind "that"."""
    that = next((n for n in range(start, min(start + 3, len(said))) if said[n].lower == "that"), -1)
    if that >= 0:
        for place in range(that + 1, min(that + _REACH, len(said))):
            if said[place].clause != said[that].clause:
                return
            if said[place].has_content:
                yield place


def _complements(said: list[Said], number: int, *, infinitives: bool = True) -> Iterator[int]:
    """Yield what somebody refused to do, denied doing, or withdrew an offer to do."""
    if said[number].base in _OF_CLAIMS:
        yield from _claim(said, number + 1)
    opened = False  # whether "to" stands before, helpers aside
    for place in range(number + 1, min(number + _REACH, len(said))):
        each = said[place]
        if each.paused or each.clause != said[number].clause:
            return
        if each.lower == "to":
            opened = infinitives
        elif each.has_content:
            direct = place == number + 1 or not said[place - 1].has_content
            gerund = each.lower.endswith("ing") and len(each.lower) > 4 and direct
            if opened or (gerund and said[number].base not in _TO_ONLY):
                yield place
            opened = False
