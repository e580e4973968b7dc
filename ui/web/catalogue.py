"""What documents a pipeline asks, as the page lists them: by their labels, without their texts."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from index.labels import labels
from qa import Article, ArticleQA, Retriever


@dataclass(frozen=True)
class Listed:
    """A document, as it is listed.

    Attributes:
        id: Its id.
        title: Its title.
        label: What it is called, so that no other is called the same.
        characters: How many code points its text has.
        passages: How many passages it was cut into, where that is known.
        tags: What it is filed under.
    """

    id: str
    title: str
    label: str
    characters: int
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


_LISTED_AT_ONCE = 1000  # documents, in a few milliseconds
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


def labels_in(bot: ArticleQA, ids: Collection[str]) -> dict[str, str]:
    """Return what documents are called, by their ids; of very many, what they were called last.

    Nobody who asks has to wait until very many documents are listed anew: one that came since is
    called by its title.

    Raises:
        StoreError: The library cannot be reached.
    """
    with _LISTING:
        found = _CATALOGUES.get(bot)
    if found is None or len(bot.articles) <= _LISTED_AT_ONCE:
        found = catalogue_of(bot)
    return {each: found.by_id[each].label for each in ids if each in found.by_id}


def article_with(bot: ArticleQA, article_id: str) -> Article | None:
    """Return the article of an id, if it is among those that a pipeline asks.

    Raises:
        StoreError: The library cannot be reached.
    """
    if not isinstance(bot.retriever, Retriever):
        return next((each for each in bot.articles if each.id == article_id), None)
    store = bot.retriever.store
    found = store.articles(store.numbers(ids=[article_id]))
    article = next(iter(found.values()), None)
    return article if article in bot.articles else None


def _listed(bot: ArticleQA) -> tuple[Listed, ...]:
    if not isinstance(bot.retriever, Retriever):
        articles = bot.articles
        called = labels(articles)
        return tuple(
            Listed(each.id, each.title, called[each.id], len(each.text)) for each in articles
        )
    documents = bot.documents
    called = labels(documents)
    return tuple(
        Listed(each.id, each.title, called[each.id], each.characters, each.passages, each.tags)
        for each in documents
    )
