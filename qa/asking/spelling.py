"""Slips of the keyboard in a question, put right by the articles' own words.

A word that neither English nor the articles have becomes the nearest of theirs, by the edit
distance in which two swapped letters are one slip (optimal string alignment, as rapidfuzz computes
it). In a question that looks hastily typed, a word that English has but the articles have not may
be a slip as well ("where did they meat"); both spellings are read, and the reader decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from qa.english.words import (
    CLOSED,
    QUESTION_WORDS,
    SPEAKING,
    Word,
    is_known,
    lemma,
    lowered,
    spellings,
    word_list,
    words,
)

_SHORTEST = 4  # letters; shorter words have too many neighbours
_SHORTEST_NAME = 6
_QUESTION_VOCABULARY = word_list("asked_with")


class Vocabulary:
    """The words of articles, to which slips are put right."""

    def __init__(self, texts: Iterable[str]) -> None:
        # Whatever stands between two spaces is looked at once: there may be a million sentences.
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(text.split())
        counted: Counter[str] = Counter()
        for chunk, times in seen.items():
            for word in map(lowered, spellings(chunk)):
                for part in {word, *word.split("'")[:1], *word.split("-")}:
                    if part.isalpha():
                        counted[part] += times
        known = CLOSED | QUESTION_WORDS | _QUESTION_VOCABULARY | SPEAKING
        self._words = {**dict.fromkeys(known | {lemma(word) for word in counted}, 0), **counted}

    def correct(self, question: str) -> str:
        """Return a question with its slips put right; the question itself if it has none."""
        found = words(question)
        hasty = question == question.lower() or "?" not in question
        replaced = question
        for word in reversed(found):
            if (right := self._right(word, hasty=hasty)) is not None:
                replaced = replaced[: word.start] + right + replaced[word.end :]
        return replaced

    def _right(self, word: Word, *, hasty: bool) -> str | None:
        plain, possessive, rest = word.lower.partition("'s")
        if len(plain) < _SHORTEST or rest or not plain.isalpha() or plain in self._words:
            return None
        known = is_known(plain)
        if known and (not hasty or lemma(plain) in self._words):
            return None
        # A name that the articles do not have is rather another name than a slip.
        named = word.text[0].isupper()
        if named and len(plain) < _SHORTEST_NAME:
            return None
        near = self._nearest(plain, known or named)
        return None if near is None else _like(word.text, near) + possessive

    def _nearest(self, word: str, close: bool) -> str | None:
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        furthest = 1 if close or len(word) < 6 else 2
        near = extract(word, list(self._words), scorer=OSA.distance, score_cutoff=furthest, limit=5)
        # Of words as near, the one that starts alike and is used most.
        near = [match for match in near if len(match[0]) >= _SHORTEST - 1]
        ranked = sorted(
            near, key=lambda match: (match[1], match[0][0] != word[0], -self._words[match[0]])
        )
        return str(ranked[0][0]) if ranked else None


def _like(typed: str, right: str) -> str:
    return right.capitalize() if typed[0].isupper() else right
