"""The articles of a store as a sequence, fetched when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np

from index.articles import Article
from index.store.base import Store
from index.store.rows import Rows

_FIRST, _AT_ONCE = 8, 64  # articles that are fetched at once: few look at more than the first


class Articles(Sequence[Article]):
    """The articles of a store, or of some of its documents, by their numbers.

    Its length costs nothing; what is asked for is fetched. An article that is removed while they
    are gone through is left out.

    Args:
        store: The store.
        only: The numbers of the documents, ascending; all if None.
    """

    def __init__(self, store: Store, only: Rows | None = None) -> None:
        self._store = store
        self._only = only

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self._store) if self._only is None else len(self._only)

    def __iter__(self) -> Iterator[Article]:
        """Return the articles, fetched some at a time."""
        start, count = 0, _FIRST
        while start < len(self._numbers):
            numbers = self._numbers[start : start + count]
            start, count = start + count, min(2 * count, _AT_ONCE)
            found = self._store.articles(numbers)
            yield from (found[number] for number in numbers.tolist() if number in found)

    @overload
    def __getitem__(self, place: int) -> Article: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Article]: ...

    def __getitem__(self, place: int | slice) -> Article | Sequence[Article]:
        """Return the article of a place, or the articles of some.

        Raises:
            IndexError: There is no such place, or no article any more.
        """
        if isinstance(place, slice):
            return Articles(self._store, self._numbers[place])
        number = int(self._numbers[place])
        found = self._store.articles(np.array([number], dtype=np.int64))
        if number not in found:
            raise IndexError(f"document {number} is not there any more")
        return found[number]

    def __contains__(self, article: object) -> bool:
        """Tell whether an article is there, of the same id and the same text."""
        if not isinstance(article, Article):
            return False
        numbers = self._store.numbers(ids=[article.id])
        if self._only is not None:
            numbers = np.intersect1d(numbers, self._only)
        return article in self._store.articles(numbers).values()

    def __eq__(self, other: object) -> bool:
        """Tell whether another sequence has the same articles in the same order."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(own == each for own, each in zip(self, other))  # noqa: B905

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def _numbers(self) -> Rows:
        return self._store.numbers() if self._only is None else self._only
