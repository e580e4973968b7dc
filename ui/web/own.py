"""Articles of a visitor's own: they are read, embedded, and asked by that visitor alone."""

from __future__ import annotations

import itertools
import textwrap
import threading
from collections.abc import Callable
from dataclasses import replace
from weakref import WeakKeyDictionary

from index.loaders.web.fetching import Fetched
from qa import Article, ArticleError, ArticleQA, Retriever
from qa.reading.batching import SharedEncoder
from ui.phrases import notes_of
from ui.web.catalogue import article_with
from ui.web.limits import check_room, check_size
from ui.web.turns import EVERYTHING, Choice, Visitor

Report = Callable[[float, str], None]
"""Told now and then what share is done, in 0..1, and what is being done."""

ENCODINGS = "Encoding of text files"
OWN = "Ask an article of your own"
"""What the page calls where an encoding is named, and what that is below."""

_OPTION = "--encoding"  # of the command line
_PASTED = "pasted text "
_TITLE_CHARACTERS = 60


class OwnArticles:
    """Takes in what visitors bring, each into a library of their own in memory.

    Adding or removing one article costs no more than that article, and a question that is asked
    meanwhile goes to those that are in at that moment.

    Args:
        like: A pipeline, whose way to read and to be sure their own are asked with, too.
        encoder: Embeds what they bring.
        max_bytes: How large an article may be.
        fetch: Fetches the pages of the web that they name; None if they may name none.
    """

    def __init__(
        self,
        like: ArticleQA,
        encoder: SharedEncoder,
        max_bytes: int,
        fetch: Callable[[str], Fetched] | None,
    ) -> None:
        self._like, self._encoder = like, encoder
        self._max_bytes, self._fetch = max_bytes, fetch
        self._adding: WeakKeyDictionary[Visitor, threading.Lock] = WeakKeyDictionary()

    def add(
        self, visitor: Visitor, name: str, data: bytes, report: Report, encoding: str | None
    ) -> Article:
        """Read an article and add it; one of the same name is replaced.

        Raises:
            ArticleError: The file cannot be read, is too large, or is one too many.
        """
        check_size(name or "The text", len(data), self._max_bytes)
        report(0, "Reading the document")
        if name:
            return self._take(visitor, Article.from_bytes(data, name, encoding=encoding), report)
        return self._take(visitor, _pasted(data, visitor), report)

    def add_url(self, visitor: Visitor, url: str, report: Report) -> Article:
        """Fetch a page of the web, now and only now, and add it.

        Raises:
            ArticleError: It may not be, or cannot be fetched or read, is too large, or is one too
                many.
        """
        if self._fetch is None:
            raise ArticleError(
                f"{url}: is not fetched, as this server asks nothing of others; save the page in a "
                "browser and add the file."
            )
        report(0, "Fetching the page")
        article = Article.from_url(url, fetch=self._fetch)
        if article.original is not None and article.original.data is not None:
            check_size(url, len(article.original.data), self._max_bytes)
        return self._take(visitor, article, report)

    def remove(self, visitor: Visitor, article_id: str) -> Article | None:
        """Remove an article; return it, or None if there was none."""
        gone = None if visitor.own is None else article_with(visitor.own, article_id)
        if visitor.own is not None and gone is not None:
            visitor.own.remove([article_id])
            visitor.chosen = None  # which may hold what was made of it
            visitor.choice = replace(
                visitor.choice, ids=tuple(each for each in visitor.choice.ids if each != article_id)
            )
        return gone

    def _take(self, visitor: Visitor, article: Article, report: Report) -> Article:
        encoder = self._encoder.telling(
            lambda done, total: report(done / total, f"Reading it: {done:,} of {total:,} sentences")
        )
        # One after the other, so that none is more than there may be.
        with self._adding.setdefault(visitor, threading.Lock()):
            own = visitor.own
            beside = [] if own is None else [each for each in own.articles if each.id != article.id]
            check_room(article, beside, self._max_bytes)
            report(0, "Splitting it into sentences")
            if own is None or not isinstance(own.retriever, Retriever):
                visitor.own = ArticleQA(
                    Retriever.build([article], encoder).with_encoder(self._encoder),
                    self._like.strategy,
                    min_confidence=self._like.min_confidence,
                )
            else:
                own.retriever.with_encoder(encoder).add([article])
            first, visitor.chosen = not beside, None
        if first:
            visitor.choice = EVERYTHING  # what was chosen is of the articles that are served
        elif visitor.choice and article.id not in visitor.choice.ids:
            # Whoever brings an article wants it to be asked.
            visitor.choice = Choice((*visitor.choice.ids, article.id), visitor.choice.tags)
        return article


def notes_in_chat(article: Article) -> list[str]:
    """Return what a visitor should know of how an article was read; each note says of which."""
    name = article.title if article.id.startswith(_PASTED) else article.id
    return [in_chat(note) for note in notes_of(article, name)]


def in_chat(said: str) -> str:
    """Return what was said of a document, with the page's menu in place of the command's option."""
    return said.replace(_OPTION, f"“{ENCODINGS}”, below “{OWN}”")


def _pasted(data: bytes, visitor: Visitor) -> Article:
    """Return an article of pasted text, named after how it begins."""
    ids = set() if visitor.own is None else {each.id for each in visitor.own.articles}
    number = next(n for n in itertools.count(1) if f"{_PASTED}{n}" not in ids)
    article = Article.from_bytes(data, f"{_PASTED}{number}")
    first = article.text.strip().splitlines()[0].lstrip("# ")
    return replace(article, title=textwrap.shorten(first, _TITLE_CHARACTERS, placeholder=" …"))
