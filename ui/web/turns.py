"""What is kept of a visitor: their conversation, what they brought, and what they chose to ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from qa import Answer, Article, ArticleQA
from ui.phrases import Wording
from ui.web.catalogue import Catalogue


@dataclass(frozen=True)
class Choice:
    """Which documents are asked: all, if none is chosen.

    Attributes:
        ids: Those of these ids.
        tags: Those filed under these, besides.
    """

    ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether any is chosen."""
        return bool(self.ids or self.tags)

    def of(self, collection: ArticleQA) -> ArticleQA:
        """Return what asks these documents of a collection.

        Raises:
            ArticleError: One of them, or of the tags, is not there.
            StoreError: The library cannot be reached.
        """
        return collection.only(ids=self.ids or None, tags=self.tags or None)

    def among(self, catalogue: Catalogue) -> Choice:
        """Return what of it is still there."""
        return Choice(
            tuple(each for each in self.ids if each in catalogue.by_id),
            tuple(each for each in self.tags if each in catalogue.tags),
        )


EVERYTHING = Choice()


@dataclass(eq=False)
class Turn:
    """A question with what was said to it, or what was said unasked.

    What was said stays as it was, whatever becomes of the documents.

    Attributes:
        question: The question, as it was typed; None if there was none.
        bot: The pipeline that it was asked of: over the documents that were chosen.
        collection: The one over all documents that they were chosen from.
        answer: The answer; None while it is waited for, or if there is none.
        wording: The answer, worded.
        says: What is said in place of an answer.
        offers: Questions that may be asked next.
    """

    question: str | None
    bot: ArticleQA
    collection: ArticleQA
    answer: Answer | None = None
    wording: Wording | None = None
    says: str | None = None
    offers: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether nothing was said yet."""
        return self.answer is None and self.says is None


@dataclass(eq=False)
class Visitor:
    """A visitor.

    Attributes:
        turns: The conversation.
        own: Asks the articles that they brought; None before the first. There may be none left.
        choice: Which documents they want to be asked.
        chosen: The pipeline over these, with what it was made from; None before it is needed.
        shown: The article that they have before them, which the page fetches the document of.
        listed: What was listed last: the documents of which pipeline, at which version.
    """

    turns: list[Turn] = field(default_factory=list)
    own: ArticleQA | None = None
    choice: Choice = EVERYTHING
    chosen: tuple[ArticleQA, Choice, int, ArticleQA] | None = None
    shown: Article | None = None
    listed: tuple[ArticleQA, int] | None = None


def cited_by(answer: Answer) -> Iterator[Article]:
    """Return the articles that an answer, or what is shown in place of one, is quoted from."""
    seen: set[str] = set()
    places = [*answer.citations, *(each.citation for each in answer.alternatives)]
    if answer.opposite is not None:
        places.append(answer.opposite)
    for place in places:
        if place.article.id not in seen:
            seen.add(place.article.id)
            yield place.article
