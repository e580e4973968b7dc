"""How the documents that were found last were cut, and what of it holds what."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping

import numpy as np

from index.articles import Article
from index.store.base import Cut, Store
from index.store.keys import among, keys_of, parted
from index.store.rows import Rows, ranges
from index.structure.sentences import split_sentences

_KEPT = 512  # documents


class KnownCuts:
    """How documents were cut that were found last. Safe to share by threads.

    Whoever asks about an article that was found is answered, also if it is removed meanwhile. No
    text is held: it goes with who found it, and with the store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changing = threading.Lock()
        self._cuts: dict[int, Cut] = {}
        self._articles: dict[str, tuple[weakref.ref[Article], int, Cut]] = {}

    def cuts(self, keys: Rows) -> dict[int, Cut]:
        """Return how the documents of keys were cut, by their numbers, those gone left out."""
        numbers = np.unique(parted(keys)[0])
        wanted = numbers.tolist()
        with self._changing:
            known = {number: self._cuts[number] for number in wanted if number in self._cuts}
        missing = np.array([n for n in wanted if n not in known], dtype=np.int64)
        if len(missing):
            found = self._store.cuts(missing)
            known |= found
            with self._changing:
                self._cuts = dict([*self._cuts.items(), *found.items()][-_KEPT:])
        return known

    def keep(self, article: Article, number: int, cut: Cut) -> None:
        """Keep how an article was cut."""
        with self._changing:
            self._articles.pop(article.id, None)
            self._articles[article.id] = weakref.ref(article), number, cut
            if len(self._articles) > _KEPT:
                del self._articles[next(iter(self._articles))]

    def of(self, article: Article) -> tuple[int, Cut]:
        """Return the number of an article, and how it was cut; the number 0 if it is not there."""
        with self._changing:
            kept = self._articles.get(article.id)
        if kept is not None and (known := kept[0]()) is not None and known.text == article.text:
            return kept[1], kept[2]
        numbers = self._store.numbers(ids=[article.id])
        own = self._store.articles(numbers)
        for number, cut in self._store.cuts(numbers).items():
            if number in own and article.text == own[number].text:
                self.keep(article, number, cut)
                return number, cut
        spans = split_sentences(article.text, article.structure)
        alone = np.arange(len(spans), dtype=np.int64)
        return 0, Cut(np.array(spans, dtype=np.int64), np.stack([alone, alone + 1], axis=1))


def passages_holding(sentences: Rows, cuts: Mapping[int, Cut]) -> Rows:
    """Return the keys of the passages that hold one of the sentences, in order."""
    keys, first, last = _passages_of(cuts)
    low = np.searchsorted(last, sentences, side="right")
    high = np.searchsorted(first, sentences, side="right")
    return keys[np.unique(ranges(low, high)[0])]


def sentences_held(passages: Rows, cuts: Mapping[int, Cut]) -> tuple[Rows, Rows, Rows]:
    """Return the keys of the sentences that passages hold, which are given in order.

    Returns:
        The passages that are there; the first sentence of each; and one past its last.
    """
    keys, first, last = _passages_of(cuts)
    rows = np.searchsorted(keys, passages)
    rows = rows[among(passages, keys)]
    return keys[rows], first[rows], last[rows]


def _passages_of(cuts: Mapping[int, Cut]) -> tuple[Rows, Rows, Rows]:
    """Return the keys of all passages of documents, of their first sentences and past the last."""
    numbers = sorted(cuts)
    if not numbers:
        return (np.empty(0, dtype=np.int64),) * 3
    counts = np.array([len(cuts[number].passages) for number in numbers])
    of = np.repeat(np.array(numbers, dtype=np.int64), counts)
    first, last = np.concatenate([cuts[number].passages for number in numbers]).T
    ordinals, _ = ranges(np.zeros_like(counts), counts)
    return keys_of(of, ordinals), keys_of(of, first), keys_of(of, last)
