"""How an English text is cut into words, and what the word list of simplemma says of a word.

Simplemma is a maintained library without dependencies that holds its word lists in the package.
This module is the only door to it.
"""

from __future__ import annotations

import re

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:[-'’.](?=\w)\w+)*")
"""A word of a text; ``don't``, ``long-term``, ``U.S.`` are one each. None holds white space."""


def spellings(text: str) -> list[str]:
    """Return the words of a text as it spells them, without their places."""
    return WORD.findall(text)


def lowered(word: str) -> str:
    """Return a word as word lists have it."""
    return word.lower().replace("’", "'")


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
