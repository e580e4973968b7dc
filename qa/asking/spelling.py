"""Slips of the keyboard in a question, put right by the articles' own words.

A word that neither English nor the articles have becomes the nearest of theirs, by the edit
distance in which two swapped letters are one slip (optimal string alignment, as rapidfuzz computes
it). In a question that looks hastily typed, a word that English has but the articles have not may
be a slip as well ("where did they meat"); both spellings are read, and the reader decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.retrieval import Retrieval
from index.store.base import Vocabulary
from index.text.naming import names_of
from index.text.spellings import count_spellings
from qa.english.words import (
    CLOSED,
    QUESTION_WORDS,
    SPEAKING,
    Word,
    is_known,
    lemma,
    word_list,
    words,
)

_SHORTEST = 4  # letters; shorter words have too many neighbours
_SHORTEST_NAME = 6
_KNOWN = CLOSED | QUESTION_WORDS | SPEAKING | word_list("asked_with")


class Counted:
    """The words of texts, each counted beforehand."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def count(self, word: str) -> int | None:
        """Return how often a word stands in the texts; None if it neither does nor is a lemma."""
        return self._counts.get(word)

    def words(self) -> Mapping[str, int]:
        """Return all words, with how often they stand in the texts; lemmas may stand 0 times."""
        return self._counts


class _Listed(NamedTuple):
    """What a slip may be put right to, as long as the version is this."""

    version: int | None
    by_length: Mapping[int, Sequence[str]]


class Corrector:
    """Puts slips right by the words of what is asked. Safe to share by threads.

    Args:
        retriever: Searches the articles. It may have a ``vocabulary`` of their words (see
            :class:`index.store.base.Vocabulary`), and a ``version``, by which a change of it is
            seen. Of one that has none, the words are counted when they are first needed.
    """

    def __init__(self, retriever: Retrieval) -> None:
        self._retriever = retriever
        self._counted: Counted | None = None
        self._listed: _Listed | None = None

    def correct(self, question: str) -> str:
        """Return a question with its slips put right; the question itself if it has none."""
        found = words(question)
        hasty = question == question.lower() or "?" not in question
        replaced = question
        for word in reversed(found):
            if (right := self._right(word, hasty=hasty)) is not None:
                replaced = replaced[: word.start] + right + replaced[word.end :]
        return replaced

    def _vocabulary(self) -> Vocabulary:
        kept: Vocabulary | None = getattr(self._retriever, "vocabulary", None)
        if kept is not None:
            return kept
        if self._counted is None:
            articles = self._retriever.articles
            said = ([article.text, *names_of(article)] for article in articles)
            self._counted = Counted(count_spellings(itertools.chain.from_iterable(said)))
        return self._counted

    def _right(self, word: Word, *, hasty: bool) -> str | None:
        plain, possessive, rest = word.lower.partition("'s")
        if len(plain) < _SHORTEST or rest or not plain.isalpha() or self._has(plain):
            return None
        known = is_known(plain)
        if known and (not hasty or self._has(lemma(plain))):
            return None
        # A name that the articles do not have is rather another name than a slip.
        named = word.text[0].isupper()
        if named and len(plain) < _SHORTEST_NAME:
            return None
        near = self._nearest(plain, known or named)
        return None if near is None else _like(word.text, near) + possessive

    def _has(self, word: str) -> bool:
        return word in _KNOWN or self._vocabulary().count(word) is not None

    def _nearest(self, word: str, close: bool) -> str | None:
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        furthest = 1 if close or len(word) < 6 else 2
        by_length = self._words()
        lengths = range(max(len(word) - furthest, _SHORTEST - 1), len(word) + furthest + 1)
        listed = [each for length in lengths for each in by_length.get(length, ())]
        near = extract(word, listed, scorer=OSA.distance, score_cutoff=furthest, limit=None)
        least = min((distance for _, distance, _ in near), default=0)
        # Of words as near, the one that starts alike and is used most.
        nearest = [match for match, distance, _ in near if distance == least]
        return min(
            nearest, key=lambda own: (own[0] != word[0], -self._times(own), own), default=None
        )

    def _times(self, word: str) -> int:
        return self._vocabulary().count(word) or 0

    def _words(self) -> Mapping[int, Sequence[str]]:
        """Return the words that there are, by how many letters they have."""
        # The version is asked for before the words: those that come meanwhile are listed next time.
        version: int | None = getattr(self._retriever, "version", None)
        listed = self._listed
        if listed is None or listed.version != version:
            by_length: dict[int, list[str]] = {}
            for each in self._vocabulary().words().keys() | _KNOWN:
                by_length.setdefault(len(each), []).append(each)
            self._listed = listed = _Listed(version, by_length)
        return listed.by_length


def _like(typed: str, right: str) -> str:
    return right.capitalize() if typed[0].isupper() else right
