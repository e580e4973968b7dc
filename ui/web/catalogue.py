"""What documents a pipeline asks, as the page lists them: by their labels, without their texts."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from qa import Article, ArticleQA, Retriever


@dataclass(frozen=True)
class Listed:
    """A document, as it is listed.

    Attributes:
        id: Its id.
        title: Its title.
        label: What it is called, so that no other is called the same.
        characters: How many code points its text has.
        number: Its number in the library; None if it is in none of ours.
        passages: How many passages it was cut into, where that is known.
        tags: What it is filed under.
    """

    id: str
    title: str
    label: str
    characters: int
    number: int | None = None
    passages: int | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The documents that there are, until one comes or goes.

    Attributes:
        version: The version of the library.
        documents: The documents, in order.
    """

    version: int
    documents: tuple[Listed, ...]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.documents)

    @cached_property
    def by_id(self) -> dict[str, Listed]:
        """The documents by their ids."""
        return {each.id: each for each in self.documents}

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """What documents are filed under, in order."""
        return tuple(sorted(frozenset[str]().union(*(each.tags for each in self.documents))))

    def find(self, words: str, most: int, first: Collection[str] = ()) -> list[Listed]:
        """Return documents whose label or id has all of some words, in any case.

        Args:
            words: The words, or beginnings or other pieces of them; all will do if there are none.
            most: How many to return at most.
            first: Ids of documents that come first, whatever they are called, and beyond the most.
        """
        wanted = words.casefold().split()
        found = [self.by_id[own] for own in first if own in self.by_id]
        room = most
        for each, called in zip(self.documents, self._called, strict=True):
            if room < 1:
                break
            if each.id not in first and all(word in called for word in wanted):
                found.append(each)
                room -= 1
        return found

    @cached_property
    def _called(self) -> tuple[str, ...]:
        return tuple(f"{each.label}\n{each.id}".casefold() for each in self.documents)


_CATALOGUES: WeakKeyDictionary[ArticleQA, Catalogue] = WeakKeyDictionary()
_LISTING = threading.Lock()


def catalogue_of(bot: ArticleQA) -> Catalogue:
    """Return the documents that a pipeline asks now.

    Raises:
        StoreError: The library cannot be reached.
    """
    version = bot.version  # first: changes may come meanwhile
    with _LISTING:
        found = _CATALOGUES.get(bot)
    if found is None or found.version != version:
        found = Catalogue(version, _listed(bot))
        with _LISTING:
            _CATALOGUES[bot] = found
    return found


def article_with(bot: ArticleQA, article_id: str) -> Article | None:
    """Return the article of an id, if it is among those that a pipeline asks.

    Raises:
        StoreError: The library cannot be reached.
    """
    if not isinstance(bot.retriever, Retriever):
        return next((each for each in bot.articles if each.id == article_id), None)
    listed = catalogue_of(bot).by_id.get(article_id)
    if listed is None or listed.number is None:
        return None
    found = bot.retriever.store.articles(np.array([listed.number], dtype=np.int64))
    return found.get(listed.number)


def _listed(bot: ArticleQA) -> tuple[Listed, ...]:
    labels = bot.labels
    if not isinstance(bot.retriever, Retriever):
        return tuple(
            Listed(each.id, each.title, labels[each.id], len(each.text)) for each in bot.articles
        )
    return tuple(
        Listed(
            each.id,
            each.title,
            labels.get(each.id, each.title),  # one more may have come since they were named
            each.characters,
            each.number,
            each.passages,
            each.tags,
        )
        for each in bot.documents
    )
