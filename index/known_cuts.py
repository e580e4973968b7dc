"""How the documents that were found last were cut, and what of it holds what."""

from __future__ import annotations

import threading

import numpy as np

from index.articles import Article
from index.store.base import Cut, Store
from index.store.keys import keys_of, parted
from index.store.rows import Rows, ranges
from index.structure.sentences import split_sentences

_KEPT = 512  # documents


class KnownCuts:
    """How documents were cut that were found last. Safe to share by threads.

    Whoever asks about an article that was found is answered, also if it is removed meanwhile.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changing = threading.Lock()
        self._cuts: dict[int, Cut] = {}
        self._articles: dict[str, tuple[Article, int, Cut]] = {}

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
            self._articles[article.id] = article, number, cut
            if len(self._articles) > _KEPT:
                del self._articles[next(iter(self._articles))]

    def of(self, article: Article) -> tuple[int, Cut]:
        """Return the number of an article, and how it was cut; the number 0 if it is not there."""
        with self._changing:
            kept = self._articles.get(article.id)
        if kept is not None and kept[0].text == article.text:
            return kept[1], kept[2]
        numbers = self._store.numbers(ids=[article.id])
        for number, cut in self._store.cuts(numbers).items():
            if article.text == self._store.articles(numbers)[number].text:
                self.keep(article, number, cut)
                return number, cut
        spans = split_sentences(article.text, article.structure)
        alone = np.arange(len(spans), dtype=np.int64)
        return 0, Cut(np.array(spans, dtype=np.int64), np.stack([alone, alone + 1], axis=1))


def passages_holding(sentences: Rows, cuts: dict[int, Cut]) -> Rows:
    """Return the keys of the passages that hold one of the sentences, in order."""
    numbers, ordinals = parted(sentences)
    found = [np.empty(0, dtype=np.int64)]
    for number, cut in cuts.items():
        own = ordinals[numbers == number]
        first = np.searchsorted(cut.passages[:, 1], own, side="right")
        last = np.searchsorted(cut.passages[:, 0], own, side="right")
        found.append(keys_of(number, ranges(first, last)[0]))
    passages: Rows = np.unique(np.concatenate(found))
    return passages


def sentences_held(passages: Rows, cuts: dict[int, Cut]) -> tuple[Rows, Rows, Rows]:
    """Return the passages that are there, and the keys of their first sentence and past the last.

    The passages are in order, and so are those that are returned.
    """
    numbers, ordinals = parted(passages)
    starts = np.searchsorted(numbers, list(cuts), side="left").tolist()
    ends = np.searchsorted(numbers, list(cuts), side="right").tolist()
    found = [np.empty((0, 3), dtype=np.int64)]
    for (number, cut), start, end in sorted(
        zip(cuts.items(), starts, ends, strict=True), key=lambda each: each[0][0]
    ):
        own = cut.passages[ordinals[start:end]]
        found.append(
            np.stack(
                [passages[start:end], keys_of(number, own[:, 0]), keys_of(number, own[:, 1])],
                axis=1,
            )
        )
    keys, first, last = np.concatenate(found).T
    return keys, first, last
