"""The English words that the rules on questions and names go by, and how a text is cut into words.

Closed classes (pronouns, prepositions, auxiliaries) are listed; whether a word is one of English at
all, and what a verb's base form is, say the word lists of simplemma: a maintained library without
dependencies that holds them in the package. A model for what the rules do (spaCy's small English
one can be installed from PyPI) was measured in their place and was no better, 13 times slower and
214 MB larger: see :mod:`qa.english.names`. This module is the only door to simplemma.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

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
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:[-'’.](?=\w)\w+)*")


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
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(match.group(), *match.span()) for match in found]


def spellings(text: str) -> list[str]:
    """Return the words of a text as it spells them, without their places."""
    return _WORD.findall(text)


def lowered(word: str) -> str:
    """Return a word as the lists have it."""
    return word.lower().replace("’", "'")


def without_possessive(text: str) -> str:
    """Return a word or name without a possessive ending."""
    return re.sub(r"['’]s$|(?<=s)['’]$", "", text)


def is_english(word: str) -> bool:
    """Tell whether a word is one of English that is not a name."""
    import simplemma

    word = word.lower()
    known = simplemma.is_known(word, lang="en")
    return bool(known) and str(simplemma.lemmatize(word, lang="en")).islower()


def is_known(word: str) -> bool:
    """Tell whether a word, or a name, is in the English word list."""
    import simplemma

    return bool(simplemma.is_known(word, lang="en"))


def lemma(word: str) -> str:
    """Return the base form of a word: ``resign`` of "resigned"."""
    import simplemma

    return str(simplemma.lemmatize(word.lower(), lang="en")).lower()


def is_verb_of_speaking(word: str) -> bool:
    """Tell whether a word is a form of a verb such as "say" or "describe"."""
    return bool(word) and (word.lower() in SPEAKING or lemma(word) in SPEAKING)
