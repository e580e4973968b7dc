"""The English words that the rules on questions and names go by, and how a text is cut into words.

Closed classes (pronouns, prepositions, auxiliaries) are listed; whether a word is one of English at
all, and what a verb's base form is, say the word lists behind :mod:`index.text.english`. A model
for what the rules do (spaCy's small English one can be installed from PyPI) was measured in their
place and was no better, 13 times slower and 214 MB larger: see :mod:`qa.english.names`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from index.text.english import WORD
from index.text.english import is_english as is_english
from index.text.english import is_known as is_known
from index.text.english import lemma as lemma
from index.text.english import lowered as lowered
from index.text.english import spellings as spellings

_LISTS = json.loads(
    (Path(__file__).parents[1] / "data" / "english.json").read_text(encoding="utf-8")
)


def word_list(name: str) -> frozenset[str]:
    """Return one of the lists of English words that are in the package."""
    return frozenset(" ".join(_LISTS[name]).split())


def phrase_list(name: str) -> frozenset[str]:
    """Return one of the lists of names of several words that are in the package."""
    return frozenset(" ".join(_LISTS[name]).split(", "))


AUXILIARIES = word_list("auxiliaries")
PREPOSITIONS = word_list("prepositions")
CONJUNCTIONS = word_list("conjunctions")
DETERMINERS = word_list("determiners")
PRONOUNS = word_list("pronouns")
QUESTION_WORDS = word_list("question_words")
ADVERBS = word_list("adverbs")
CLOSED = (
    AUXILIARIES
    | PREPOSITIONS
    | CONJUNCTIONS
    | DETERMINERS
    | PRONOUNS
    | QUESTION_WORDS
    | ADVERBS
    | frozenset({"when", "where", "why", "how", "however", "meanwhile", "yes", "please"})
)
SPEAKING = word_list("verbs_of_speaking")


class Word(NamedTuple):
    """A word and where it stands: ``text[start:end]``."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word as the lists have it."""
        return lowered(self.text)


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of a stretch of a text; ``don't``, ``long-term``, ``U.S.`` are one each."""
    found = WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(match.group(), *match.span()) for match in found]


def without_possessive(text: str) -> str:
    """Return a word or name without a possessive ending."""
    return re.sub(r"['’]s$|(?<=s)['’]$", "", text)


def is_verb_of_speaking(word: str) -> bool:
    """Tell whether a word is a form of a verb such as "say" or "describe"."""
    return bool(word) and (word.lower() in SPEAKING or lemma(word) in SPEAKING)
