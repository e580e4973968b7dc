"""Sentences as they are shown, with the parts of an answer marked in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.structure.spans import Span
from index.text.stretches import Stretch


@dataclass(frozen=True)
class CitedSentence(Stretch):
    """Sentences that are shown, with the parts of the answer that stand in them.

    Attributes:
        article: The article.
        start: Where they start in ``article.text``.
        end: Where they end.
        marks: What is to be marked, in order; nothing where the sentences are the answer.
    """

    marks: tuple[Span, ...]

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The sentences in pieces, word for word, each with whether it is to be marked."""
        place = self.start
        for start, end in self.marks:
            yield self.article.text[place:start], False
            yield self.article.text[start:end], True
            place = end
        yield self.article.text[place : self.end], False
