"""The words of a text as they are searched for: their stems. The only door to the stemmer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

# What a question is asked with says nothing about where its answer stands. These are the English
# stop words of NLTK, in the pieces that an apostrophe parts them into, and three more.
_STOP_WORDS = frozenset(
    (Path(__file__).parent / "stop_words.txt").read_text(encoding="ascii").split()
)
_WORD = re.compile(r"\w+")


def terms(text: str) -> list[str]:
    """Return the stems of a text's words, in order, without accents and without stop words.

    A word is a run of letters and digits, so that no sign in a question has a meaning of its own.
    """
    # A stemmer is not safe to share by threads, and cheap to make.
    stems: list[str] = stemmer()(words_of(text))
    return stems


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order, without accents and without stop words."""
    if text.isascii():
        plain = text.lower()  # has no accents to look for
    else:
        plain = "".join(
            character
            for character in unicodedata.normalize("NFKD", text.casefold())
            if not unicodedata.combining(character)
        )
    return [word for word in _WORD.findall(plain) if word not in _STOP_WORDS]


def stemmer() -> Callable[[list[str]], list[str]]:
    """Return what stems words: Snowball's for English. Not safe to share by threads."""
    import Stemmer

    stem_words: Callable[[list[str]], list[str]] = Stemmer.Stemmer("english").stemWords
    return stem_words
