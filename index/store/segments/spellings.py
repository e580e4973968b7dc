"""The vocabulary of a store: the spellings that its segments counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from index.store.segments.segment import Spellings
from index.text.english import lemma
from index.text.spellings import count_spellings


class PackedVocabulary:
    """The words of the texts of some segments: see :class:`index.store.base.Vocabulary`.

    Words of documents that are gone are counted until their segment is made anew.
    """

    def __init__(self, parts: Sequence[Spellings]) -> None:
        self._parts = parts

    def count(self, word: str) -> int | None:
        """Return how often a word stands in the texts; None if it neither does nor is a lemma."""
        found = [own for part in self._parts if (own := part.count(word)) is not None]
        return sum(found) if found else None

    def words(self) -> Mapping[str, int]:
        """Return all words, with how often they stand in the texts; lemmas may stand 0 times."""
        return self._joined

    @cached_property
    def _joined(self) -> Mapping[str, int]:
        return summed(part.words for part in self._parts)


def packed_spellings(counts: Mapping[str, int]) -> Spellings:
    """Pack words that were counted: see :func:`index.text.spellings.count_spellings`."""
    words = sorted(counts, key=str.encode)
    joined = "".join(f"{word}\n" for word in words).encode()
    return Spellings(
        np.frombuffer(joined, dtype=np.uint8),
        np.array([counts[word] for word in words], dtype=np.int64),
    )


def summed(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """Add up the counts of words."""
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def without_texts(spellings: Spellings, texts: Iterable[str]) -> Spellings:
    """Return the words of the texts that are left when some are taken away.

    Args:
        spellings: The words of all texts, those that are taken away among them.
        texts: Those.
    """
    taken = count_spellings(texts)
    left = {word: max(0, times - taken.get(word, 0)) for word, times in spellings.words.items()}
    doubtful = {word for word in taken if not left.get(word)}
    if doubtful:  # stand nowhere any more, and so are there only as lemmas, if of anything
        lemmas = {lemma(word) for word, times in left.items() if times > 0}
        for word in doubtful - lemmas:
            left.pop(word, None)
    return packed_spellings(left)
