"""Questions that a passage does not answer, made of questions that it does.

As the crowd workers of SQuAD 2.0 did (Rajpurkar et al. 2018, table 1): entities and numbers are
swapped for others, words for their opposites, and a "not" is put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

_NAME = re.compile(r"(?<![.!?:]\s)(?<=\s)(?:[A-Z][\w'’-]*\w)(?:\s(?:[A-Z][\w'’-]*\w))*")
_NUMBER = re.compile(r"\b\d+\b")
_PASSIVE = re.compile(r"\b(is|are|was|were|been|be)( \w+(?:ed|en|wn|lt|nt|de)\b)")
_OPPOSITES = (
    *("first last", "largest smallest", "biggest smallest", "highest lowest", "most least"),
    *("before after", "more fewer", "more less", "north south", "east west", "northern southern"),
    *("eastern western", "oldest youngest", "best worst", "above below", "male female"),
    *("maximum minimum", "earliest latest", "won lost", "win lose", "always never"),
    *("increase decrease", "increased decreased", "began ended", "begin end", "start end"),
    *("started ended", "longest shortest", "major minor", "early late", "upper lower"),
    *("men women", "father mother", "son daughter", "king queen", "his her", "private public"),
    *("include exclude", "included excluded", "accepted rejected", "for against", "left right"),
    *("inside outside", "import export", "good bad", "hot cold", "high low", "large small"),
    *("agree disagree", "legal illegal", "strong weak", "positive negative", "rise fall"),
)
_OPPOSITE: dict[str, list[str]] = {}
for _pair in _OPPOSITES:
    _one, _other = _pair.split()
    _OPPOSITE.setdefault(_one, []).append(_other)
    _OPPOSITE.setdefault(_other, []).append(_one)
_HAS_OPPOSITE = re.compile(r"\b(" + "|".join(sorted(_OPPOSITE)) + r")\b")


class Swapper:
    """Makes questions unanswerable with names and numbers of one article."""

    def __init__(self, text: str) -> None:
        self._names = sorted(set(_NAME.findall(text)))
        self._numbers = sorted(set(_NUMBER.findall(text)))

    def swap(self, question: str, passage: str, rng: np.random.Generator) -> str | None:
        """Return the question changed so that the passage does not answer it, or None."""
        ways: list[Callable[[str, str, np.random.Generator], str | None]] = [
            self._swap_name,
            self._swap_number,
            _swap_opposite,
            _negate,
        ]
        for number in rng.permutation(len(ways)).tolist():
            swapped: str | None = ways[number](question, passage, rng)
            if swapped:
                return swapped
        return None

    def _swap_name(self, question: str, passage: str, rng: np.random.Generator) -> str | None:
        return _replace(question, passage, _NAME, self._names, rng)

    def _swap_number(self, question: str, passage: str, rng: np.random.Generator) -> str | None:
        found = _NUMBER.search(question)
        if not found:
            return None
        alike = [number for number in self._numbers if len(number) == len(found.group())]
        return _replace(question, passage, _NUMBER, alike, rng)


def _replace(
    question: str,
    passage: str,
    pattern: re.Pattern[str],
    others: list[str],
    rng: np.random.Generator,
) -> str | None:
    """Put one of the others that the passage does not hold in the place of a match."""
    matches = list(pattern.finditer(question))
    if not matches or not others:
        return None
    match = matches[int(rng.integers(len(matches)))]
    for _ in range(5):
        other = others[int(rng.integers(len(others)))]
        if other not in passage and other not in question and match.group() not in other:
            return question[: match.start()] + other + question[match.end() :]
    return None


def _swap_opposite(question: str, _: str, rng: np.random.Generator) -> str | None:
    match = _HAS_OPPOSITE.search(question)
    if not match:
        return None
    opposite = str(rng.choice(_OPPOSITE[match.group()]))
    return question[: match.start()] + opposite + question[match.end() :]


def _negate(question: str, _: str, __: np.random.Generator) -> str | None:
    negated = _PASSIVE.sub(r"\1 not\2", question, count=1)
    return None if negated == question else negated
