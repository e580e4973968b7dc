"""How much a question asks for: one thing, two, or all of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.asking.kinds import Asked, asks_which_one, plain
from qa.asking.questions import LONGEST
from qa.english.words import lemma

Extent = Literal["whole", "maybe", "named", "one"]
"""How much of a list.

All of it; all of it if that is what the list is about; all of it if it is called what the question
asks for; or one thing.
"""

_ORDINAL = re.compile(
    r"(?<!\bto )(?<!\bat )(?<!\bon )(?<!\bin )(?<!\bfor )(?<!\bafter )(?<!\bbefore )(?<!\bduring )"
    r"\bthe (?:first|second|third|fourth|fifth|last|next|final|most|least)\b(?!-)"
    r"|\b(?:first|last|next|most|least)$"
)
_STEPS = re.compile(
    r"(?:how (?:to|do|can|could|should|would|must|may) |(?:what|which) (?:are|is) the (?:\w+ )?"
    r"(?:steps?|procedure|process|instructions|stages)\b|(?:what|which) steps\b)"
)
_NEUTRAL = re.compile(
    r"(?:what (?:do|does|did|has|have|had|can|could|should|must|may|might|will|would|shall|belongs|"
    r"comes|counts|goes|(?:is|was) (?:in|on|part of|(?:not )?[a-z]+(?:ed|en)\b))"
    r"|how (?:is|are|was|were|does|did|has|have) (?!many|much)"
    r"|who (?:can|could|should|must|may|might|will|would|shall|(?:is|was) (?:in|on|[a-z]+ed\b))"
    r"|who (?!is|are|was|were)[a-z]+s "
    r"|(?:where|when) (?:can|could|should|must|may) |on what |for what |to whom |by whom )"
)
_NAMED = re.compile(
    r"what (?:(?:is|was) (?:the|your|our|their|its|his|her|\w+['’]s)\b"
    r"|(?!is |was |are |were |do |does |did |has |have |had |can |could |time |year |date |day )"
    r"[a-z]+ (?:is|was|were|are|has|have|had|can|could|should|must|may|might|will|would|does|did)"
    r"\b)"
)
_DOING = re.compile(
    r"^what (?!.* (?:say|said)\b).*\b(?:do|doing|done)\b(?! (?:you|we|they|i|the)\b)"
)
_PLACES = re.compile(
    r"(?!.* comes? from$)(?:(?:to|from|in|at) )?"
    r"(?:where\b|which (?:places|cities|towns|countries)\b)"
)
_TWO = re.compile(
    r" and (?:(?:when|where|how|whom)\b"
    r"|(?:what|who|which) (?:is|are|was|were|do|did|does|has|had)\b)"
    r"|\bwho\w* and (?:[a-z]+ )?what\b"
    r"|\b(at|by|for|from|in|of|on|to|with) (?:[\w'-]+ ){1,8}and \1 "
    r"|\b(?:first|former|old|older) (?:[\w'-]+ )?and (?:the |an? )?"
    r"(?:last|second|latter|new|newer)\b"
)


@dataclass(frozen=True)
class Number:
    """How many things a question asks for, and of which form.

    Attributes:
        several: Whether several.
        two: Whether two: "When did it open, and when did it close?".
        doings: Whether what somebody is to do: "What may members do?".
        places: Whether places.
        people: Whether people, be it one or more: "Who will meet in Paris?".
    """

    several: bool = False
    two: bool = False
    doings: bool = False
    places: bool = False
    people: bool = False


def extent_of(question: str, asked: Asked) -> Extent:
    """Tell how much of a list a question asks for, where its answer is in one.

    Args:
        question: The question.
        asked: What it asks for.
    """
    said = plain(question)
    if len(question) > LONGEST or (asked.kind != "list" and _ranks(said)):
        return "one"
    if asked.kind == "phrase" and _NAMED.match(said) and not _NEUTRAL.match(said):
        return "named"
    if asks_which_one(question):
        return "one"
    if asked.kind == "list" or _STEPS.match(said):
        return "whole"
    return (
        "maybe"
        if asked.kind in ("phrase", "clause") and (_NEUTRAL.match(said) or _DOING.match(said))
        else "one"
    )


def asks_for_steps(question: str) -> bool:
    """Tell whether a question asks how something is done: "How do I open the lid?"."""
    return len(question) <= LONGEST and _STEPS.match(plain(question)) is not None


def _ranks(said: str) -> bool:
    """Tell whether an ordinal or a superlative picks one out."""
    superlative = any(word.endswith("est") and lemma(word) != word for word in said.split())
    return superlative or _ORDINAL.search(said) is not None


def number_of(question: str, asked: Asked) -> Number:
    """Tell how many things a question asks for, and of which form."""
    said = plain(question)
    if len(question) > LONGEST:
        return Number()
    return Number(
        several=asked.kind == "list",
        two=_TWO.search(said) is not None,
        doings=_DOING.match(said) is not None,
        places=_PLACES.match(said) is not None,
        people=said.startswith(("who ", "whom ")),
    )
