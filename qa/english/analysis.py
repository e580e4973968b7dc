"""What the rules of the language find in whole articles, found once and kept by who asks."""

from __future__ import annotations

import bisect
import threading
from collections.abc import Iterable, Sequence
from functools import cached_property

from index.articles import Article
from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.english.dates import dates
from qa.english.names import Name, names
from qa.english.quantities import numbers
from qa.english.quotations import Quotation, may_be_quoted, may_quote, quotations
from qa.english.reported import Statement, reported
from qa.english.speakers import Speakers

_KEPT = 256  # articles of a collection whose analyses are kept


class Analysis:
    """What the rules find in a text, each thing when it is first asked for.

    Safe to share by threads.

    Args:
        text: The text.
        article: The article whose text it is, if it is one's: its structure is known.
    """

    def __init__(self, text: str, article: Article | None = None) -> None:
        self.text = text
        self._article = article

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Where its sentences stand, in order."""
        structure = None if self._article is None else self._article.structure
        return tuple(split_sentences(self.text, structure))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """What it names, in the order in which it is first named."""
        return names(self.text, self.sentences)

    @cached_property
    def dates(self) -> tuple[Span, ...]:
        """Where its dates, months, years, centuries and weekdays stand, in order."""
        return dates(self.text)

    @cached_property
    def numbers(self) -> tuple[Span, ...]:
        """Where its numbers stand, in order."""
        return numbers(self.text, self.dates)

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        """Its quotations, in order."""
        if not may_quote(self.text):
            return ()  # without a look for names
        return quotations(self.text, self.sentences, self.speakers)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its reported speech, in order."""
        quoted = [each.span for each in self.quotations]
        return reported(self.text, self.sentences, self.speakers, quoted)

    def statements_in(self, span: Span) -> Sequence[Statement]:
        """Return the reported speech that starts in a span of it."""
        first = bisect.bisect_left(self.statements, span.start, key=lambda each: each.start)
        last = bisect.bisect_left(self.statements, span.end, key=lambda each: each.start)
        return self.statements[first:last]

    def quotations_in(self, span: Span) -> Sequence[Quotation]:
        """Return the direct speech that starts in a span of it."""
        first = bisect.bisect_left(self.quotations, span.start, key=lambda each: each.start)
        last = bisect.bisect_left(self.quotations, span.end, key=lambda each: each.start)
        return self.quotations[first:last]

    @cached_property
    def speakers(self) -> Speakers:
        """The people and organisations who may speak in it."""
        return Speakers(self.text, self.names)

    def names_in(self, span: Span) -> list[Name]:
        """Return what it names in a span of it."""
        first = bisect.bisect_left(self._named, span.start, key=lambda each: each[0].start)
        last = bisect.bisect_left(self._named, span.end, key=lambda each: each[0].start)
        inside = {number for place, number in self._named[first:last] if span.contains(place)}
        return [self.names[number] for number in sorted(inside)]

    @cached_property
    def _named(self) -> list[tuple[Span, int]]:
        """Where names stand, in order, with their numbers."""
        return sorted(
            (place, number) for number, name in enumerate(self.names) for place in name.places
        )

    def quotation_at(self, span: Span) -> Quotation | None:
        """Return the quotation that a span is part of, marks aside."""
        if not may_be_quoted(self.text, span.start):
            return None  # without a look at the whole text
        for each in self.quotations:
            inside = each.start <= span.start + 1 and span.end - 1 <= each.end
            if inside and span.start < each.end:
                return each
        return None

    def speaker_at(self, span: Span) -> str | None:
        """Return who says a span, in the text's words, if it is direct speech of somebody."""
        quotation = self.quotation_at(span)
        if quotation is None or quotation.speaker is None:
            return None
        return quotation.name or self.text[slice(*quotation.speaker)]


class Analyses:
    """The analyses of articles: those asked for last are kept, as long as this is.

    Whoever answers from articles owns one, so that what was found in them goes when they go. Safe
    to share by threads.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Analysis] = {}
        self._changing = threading.Lock()

    def of(self, article: Article) -> Analysis:
        """Return the analysis of an article, the same one as long as it is kept."""
        with self._changing:
            kept = self._kept.pop(article.id, None)
            if kept is None or kept.text != article.text:
                kept = Analysis(article.text, article)
            self._kept[article.id] = kept  # the last one asked for stands last
            if len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
        return kept

    def forget(self, ids: Iterable[str]) -> None:
        """Let go of the analyses of articles that are gone."""
        with self._changing:
            for own in ids:
                self._kept.pop(own, None)
