"""The words of a question that stand for something said before: "he", "there", "that plan".

Told from the same words where they stand for nothing ("it is true that", "there are", "the man that
came") by the words around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from qa.asking.antecedents import AntecedentKind
from qa.english.names import names
from qa.english.words import AUXILIARIES, CLOSED, PREPOSITIONS, QUESTION_WORDS, Word, words


@dataclass(frozen=True)
class Slot:
    """A word of a question that stands for something said before.

    Attributes:
        start: Where it starts in the question.
        end: Where it ends.
        word: The word, as it is shown.
        kinds: What it may stand for.
        form: What is put in its place: a name, the possessive of one, or "in" or "on" and a name.
        pronoun: ``he``, ``she``, ``they`` or ``it``, in whatever case it stands; empty for others.
        noun: The noun of "that plan".
    """

    start: int
    end: int
    word: str
    kinds: tuple[AntecedentKind, ...]
    form: Literal["plain", "possessive", "in", "on"] = "plain"
    pronoun: str = ""
    noun: str = ""


_ANYTHING: tuple[AntecedentKind, ...] = ("person", "people", "place", "thing", "things", "date")
_PEOPLE = frozenset(["he", "him", "his", "himself"]), frozenset(["she", "her", "hers", "herself"])
_THEY = frozenset(["they", "them", "their", "theirs", "themselves"])
_IT = frozenset(["it", "its", "itself"])
_POSSESSIVE = frozenset(["his", "their", "its"])
_PLEONASTIC = re.compile(
    r"\bit (?:take|takes|took|taken|mean|means|cost to)\b|\bit (?:is |was |be |'s )?(?:true|"
    r"possible|"
    r"necessary|important|likely|called|said|known|estimated|believed|thought|easier|easy|hard|difficult|"
    r"illegal|legal|common)\b|\b(?:is|was) it (?:that|true|possible|necessary|called|"
    r"important|likely|legal)\b"
)
_FORMER = re.compile(r"\bthe (former|latter|first one|second one|other one)\b", re.IGNORECASE)
_THEN = re.compile(
    r"\b(?:at that time|at the time|back then|by then|since then|until then|then)\b", re.I
)
_THERE = re.compile(r"\b(?:over |up |from |to )?(?:there|that place|this place)\b", re.IGNORECASE)
_THAT_NOUN = re.compile(
    r"\b(that|this|those|these|such a) ([a-z][\w-]+(?: [a-z][\w-]+)?)", re.IGNORECASE
)


def slots_in(question: str) -> list[Slot]:
    """Find the words of a question that stand for something said before, in order."""
    slots = []
    found = words(question)
    for number, word in enumerate(found):
        following = found[number + 1].lower if number + 1 < len(found) else ""
        own = _pronoun_slot(word, following)
        if own and not (word.lower == "it" and _PLEONASTIC.search(question.lower())):
            slots.append(own)
    for match in _FORMER.finditer(question):
        which = "former" if match[1].lower() in {"former", "first one"} else "latter"
        owned = question[match.end() : match.end() + 2] in ("'s", "’s")
        form: Literal["plain", "possessive"] = "possessive" if owned else "plain"
        end = match.end() + 2 * owned
        slots.append(Slot(match.start(), end, f"the {which}", _ANYTHING, form))
    for match in _THERE.finditer(question):
        if not _existential(question, match):
            slots.append(Slot(*match.span(), "there", ("place",), "in"))
    for match in _THEN.finditer(question):
        if match.start() > 0 and not re.match(
            r"[- ]+[a-z]*(?:president|minister)", question[match.end() :]
        ):
            slots.append(Slot(*match.span(), match.group().lower(), ("date",), "on"))
    for match in _THAT_NOUN.finditer(question):
        if slot := _that_noun(question, match):
            slots.append(slot)
    if len(slots) > 1:  # beside "him", "they" are several
        several: tuple[AntecedentKind, ...] = ("people", "things")
        slots = [replace(slot, kinds=several) if slot.pronoun == "they" else slot for slot in slots]
    return sorted(slots, key=lambda slot: slot.start)


def _pronoun_slot(word: Word, following: str) -> Slot | None:
    lower = word.lower.removesuffix("'s").removesuffix("'d")
    end = word.start + len(lower)
    owned = bool(following) and following not in CLOSED - {"other", "own", "many", "most", "more"}
    possessive = lower in _POSSESSIVE or (lower == "her" and owned)
    form: Literal["plain", "possessive"] = "possessive" if possessive else "plain"
    for pronoun, forms in zip(("he", "she"), _PEOPLE, strict=True):
        if lower in forms:
            return Slot(word.start, end, lower, ("person",), form, pronoun)
    if lower in _THEY:
        return Slot(word.start, end, lower, ("people", "things", "person"), form, "they")
    if lower in _IT:
        return Slot(word.start, end, lower, ("thing", "place"), form, "it")
    return None


def _existential(question: str, match: re.Match[str]) -> bool:
    """Tell whether "there" only says that something is: "Are there ...", "How many were there"."""
    before = question[: match.start()].lower().split()
    behind = question[match.end() :].strip(" ?.!")
    if not before or before[-1] not in {"is", "are", "was", "were", "be", "been", "will", "has"}:
        return bool(re.match(r"\s*(?:is|are|was|were|will|has|have)\b", question[match.end() :]))
    counted = before[:2] in (["how", "many"], ["how", "much"]) or before[0] in {"what", "which"}
    return bool(behind) or counted


def _that_noun(question: str, match: re.Match[str]) -> Slot | None:
    """Read "that plan" where "that" is no conjunction: behind a verb or preposition, not a noun."""
    before = question[: match.start()].lower().split()
    noun = match[2].split()[0]
    if noun.lower() in CLOSED or noun.lower() in {"article", "text", "story", "time", "place"}:
        return None
    pointing = match[1].lower() in {"this", "these", "those"}
    stands = not before or before[-1] in PREPOSITIONS | AUXILIARIES | {"and"}
    object_of_verb = len(before) == 2 and before[0] in QUESTION_WORDS
    if not (pointing or stands or object_of_verb):
        return None
    end = match.start() + len(match[1]) + 1 + len(noun)
    return Slot(
        match.start(), end, question[match.start() : end].lower(), _ANYTHING, noun=noun.lower()
    )


def is_bound(question: str, slot: Slot) -> bool:
    """Tell whether a word may stand for something in its own question.

    A possessive or a subject may stand for a noun before it ("Where did Luther study before he
    ..."); an object may not stand for one of its own clause (principle B of Chomsky 1981).
    """
    behind = words(question[slot.end :])
    is_object = (
        slot.word in {"him", "them", "her", "it"}
        and slot.form == "plain"
        and (not behind or behind[0].lower in PREPOSITIONS)
    )
    if is_object:
        return False
    before = question[: slot.start]
    named = any(name.kind != "other" for name in names(before)) or re.search(
        r"(?<!^)\b[A-Z]\w+", before
    )
    # Or a noun with its determiner: "Where did the president sign his letter?"
    several = re.search(r"\b(?:the|a|an|this|that|these|those|some|many|few) \w+", before.lower())
    nouns = [word for word in words(before) if word.lower not in CLOSED]
    return bool(named or (several and (slot.form == "possessive" or len(nouns) > 1)))
