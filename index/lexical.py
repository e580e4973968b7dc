"""Search by words: BM25 over stems. The only door to bm25s and to the Snowball stemmer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

# What a question is asked with says nothing about where its answer stands.
_QUESTION_WORDS = {"many", "much", "whose"}  # beyond bm25s's own stop words
_NO_TERM = ""  # the only term of a text that has none: bm25s wants at least one in a corpus


class LexicalSearch:
    """Scores texts by the words that they share with a question. Safe to share by threads.

    BM25 with k1 = 1.5 and b = 0.75 in Lucene's form, whose IDF, log(1 + (N - n + 0.5) / (n + 0.5)),
    is above zero for every word, so that also one short article can be searched (Kamphuis et al.
    2020, "Which BM25 do you mean?").
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Take at least one text."""
        import bm25s

        self._bm25: Any = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        self._bm25.index([terms(text) or [_NO_TERM] for text in texts], show_progress=False)
        self._count = len(texts)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the BM25 score of every text, 0.0 where it shares no word with the question."""
        words = terms(question)
        if not words:
            return np.zeros(self._count, dtype=np.float32)
        scores: NDArray[np.float32] = self._bm25.get_scores(words)
        return scores


def terms(text: str) -> list[str]:
    """Return the stems of a text's words, in order, without accents and without stop words.

    A word is a run of letters and digits, so that no sign in a question has a meaning of its own.
    """
    import Stemmer
    from bm25s.stopwords import STOPWORDS_EN_PLUS

    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
    ignored = _QUESTION_WORDS.union(STOPWORDS_EN_PLUS)  # of which the others are part
    words = [word for word in re.findall(r"\w+", plain) if word not in ignored]
    # A stemmer is not safe to share by threads, and cheap to make.
    stems: list[str] = Stemmer.Stemmer("english").stemWords(words)
    return stems
