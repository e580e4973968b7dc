"""Articles that were read lately, which are kept with what was found out about them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable

from index.articles import Article

_MOST_CHARACTERS = 64_000_000


class ArticleCache:
    """Articles by their documents' numbers, those that were asked for last. Safe to share.

    Args:
        most_characters: How many code points of text are kept at most.
    """

    def __init__(self, most_characters: int = _MOST_CHARACTERS) -> None:
        self._most = most_characters
        self._articles: OrderedDict[int, Article] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many articles are kept."""
        return len(self._articles)

    def find(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Return those articles that are kept."""
        found = {}
        with self._lock:
            for number in numbers:
                if (article := self._articles.get(number)) is not None:
                    self._articles.move_to_end(number)
                    found[number] = article
        return found

    def keep(self, number: int, article: Article) -> Article:
        """Keep an article, and return it; the one that is kept already if there is one."""
        with self._lock:
            if number in self._articles:
                return self._articles[number]
            self._articles[number] = article
            self._characters += len(article.text)
            while self._characters > self._most and len(self._articles) > 1:
                _, oldest = self._articles.popitem(last=False)
                self._characters -= len(oldest.text)
        return article

    def numbers(self) -> list[int]:
        """Return the numbers of the documents whose articles are kept."""
        with self._lock:
            return list(self._articles)

    def forget_all_but(self, numbers: Collection[int]) -> None:
        """Forget the articles of documents that are gone."""
        with self._lock:
            for number in self._articles.keys() - set(numbers):
                self._characters -= len(self._articles.pop(number).text)
