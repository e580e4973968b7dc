"""Whether a span stands where the question does not ask: below another heading, or of another year.

Of a text in records that are headed alike ("Aloe: Water", "Fern: Water"), what stands below the
fern answers nothing about the aloe; and the minutes of 2022 do not tell who was elected in 2023.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from index.articles import Article
from index.structure.spans import Span
from index.text.naming import LONGEST_NAME, names_of
from index.text.terms import terms
from qa.english.words import is_english, spellings

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class _Named(NamedTuple):
    """A heading that a question names: its place, those above it, its stems, those below it."""

    place: Span
    above: tuple[Span, ...]
    own: frozenset[str]
    below: frozenset[str]
    is_name: bool


class Elsewhere:
    """Tells what stands elsewhere than where a question asks. Not safe to share by threads.

    Args:
        question: The question.
        articles: All the articles in which something was found for it.
    """

    def __init__(self, question: str, articles: Iterable[Article]) -> None:
        self._asked = frozenset(terms(question))
        self._years = set(_YEAR.findall(question))
        self._several = len({article.id for article in articles}) > 1
        self._named: dict[str, list[_Named]] = {}
        self._below: dict[str, dict[Span, frozenset[str]]] = {}

    def has(self, article: Article, span: Span) -> bool:
        """Tell whether a span of an article stands elsewhere."""
        return self._is_of_another_year(article) or self._is_below_another(article, span)

    def _is_of_another_year(self, article: Article) -> bool:
        """Tell whether an article is by its name of another year, and never names that asked."""
        if len(self._years) != 1 or not self._several:
            return False
        own = set(_YEAR.findall("\n".join(names_of(article))))
        return bool(own) and not any(year in own or year in article.text for year in self._years)

    def _is_below_another(self, article: Article, span: Span) -> bool:
        block = article.structure.at(span.start)
        if block is None or not (headings := block.headings):
            return False
        if article.id not in self._named:
            self._look_at(article)
        said: frozenset[str] | None = None
        for named in self._named[article.id]:
            level = len(named.above)
            if len(headings) <= level or headings[:level] != named.above:
                continue
            heading = headings[level]
            if heading == named.place or self._asked & _stems(article, heading):
                continue
            alike = named.below & self._below[article.id].get(heading, frozenset())
            if not alike and not (named.is_name and _is_name(article, heading)):
                continue  # "Production" heads not all that is told of the production
            if said is None:
                said = frozenset(terms(article.text[slice(*block.span)]))
            if not named.own & said:
                return True
        return False

    def _look_at(self, article: Article) -> None:
        """Find the headings of an article that the question names, and what stands below each."""
        below: dict[Span, set[str]] = defaultdict(set)
        named: list[tuple[Span, tuple[Span, ...], frozenset[str]]] = []
        for block in article.structure.blocks:
            if block.kind != "heading" or block.span.end - block.span.start > LONGEST_NAME:
                continue
            own = _stems(article, block.span)
            if block.headings:
                below[block.headings[-1]].add(" ".join(sorted(own)))
            if own and own <= self._asked:
                named.append((block.span, block.headings, own))
        self._below[article.id] = {place: frozenset(own) for place, own in below.items()}
        self._named[article.id] = [
            _Named(
                place,
                above,
                own,
                self._below[article.id].get(place, frozenset()),
                _is_name(article, place),
            )
            for place, above, own in named
        ]


def _is_name(article: Article, span: Span) -> bool:
    return not any(map(is_english, spellings(article.text[slice(*span)])))


def _stems(article: Article, span: Span) -> frozenset[str]:
    return frozenset(terms(article.text[slice(*span)]))
