"""Stretches of an article: the one record of what is found, read, cited or left out."""

from __future__ import annotations

from dataclasses import dataclass

from index.articles import Article
from index.places import Place
from index.structure.spans import Span


@dataclass(frozen=True)
class Stretch:
    """A part of an article, such as a passage or a sentence.

    Attributes:
        article: The article. Two of one id are taken for the same.
        start: Where it starts in ``article.text``.
        end: Where it ends.
    """

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """What stands there, word for word."""
        return self.article.text[self.start : self.end]

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it stands in the document that the article was read from, if in any."""
        return self.article.places.of(self.start, self.end)

    @property
    def span(self) -> Span:
        """Where it stands in the text of its article."""
        return Span(self.start, self.end)

    def overlaps(self, other: Stretch) -> bool:
        """Tell whether the two share text of one article."""
        same = self.article.id == other.article.id
        return same and self.start < other.end and other.start < self.end

    def contains(self, other: Stretch) -> bool:
        """Tell whether all of another stands in this one."""
        same = self.article.id == other.article.id
        return same and self.start <= other.start and other.end <= self.end
