"""Answers about a document itself that it states apart from its text: who wrote it, to whom, when.

What the document's source knows of it (``Article.meta``) tells what to look for; what is given is a
quotation all the same, from where a document has such things: its beginning, or its end.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from index.articles import Article
from index.retrieval import Retrieval
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answering.citing import cite_by_rule, joined
from qa.answers import Answer, Interpretation, Outcome
from qa.asking.kinds import plain
from qa.english.analysis import Analyses
from qa.english.dates import dates

_BEGINNING, _END = 3000, 1500  # characters
_SHORT_LINE = 60  # characters
_IT = (
    r"(?:it|this|(?:this |the )(?:article|text|document|page|web ?page|e-?mail|message|paper|story|"
    r"piece))"
)
_ASKS: dict[Literal["author", "reader", "date"], re.Pattern[str]] = {
    "author": re.compile(
        rf"who (?:wrote|authored|sent) {_IT}|who (?:is|was|are|were) the (?:authors?|writers?|"
        rf"sender)(?: of {_IT})?|who (?:is|was) {_IT} (?:from|by|written by|sent by)|"
        rf"by whom (?:is|was) {_IT} (?:written|sent)"
    ),
    "reader": re.compile(
        rf"(?:who|whom) (?:is|was) {_IT} (?:addressed |sent |written )?to|to whom (?:is|was) {_IT} "
        rf"(?:addressed|sent|written)|who (?:got|received) {_IT}|"
        rf"who (?:is|was|are|were) the (?:recipients?|addressees?)(?: of {_IT})?"
    ),
    "date": re.compile(
        rf"when (?:is|was) {_IT} (?:written|published|posted|sent|dated)|"
        rf"what(?: is|'?s) the (?:publication )?date(?: of {_IT})?"
    ),
}
_FIELDS = {"author": ("from", "author"), "reader": ("to",), "date": ("date",)}
_NAMES = re.compile(r"(?:\s*[,;]\s*|\s+(?:and|&)\s+)(?=[^\W\d_])")
_ADDRESS = re.compile(r"\s*<[^<>]*>|\"")
_DATE_LINE = re.compile(r"^Date: +(?P<date>\S.*)$", re.MULTILINE)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def from_imprint(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    interpretation: Interpretation,
    article: Article,
    without: Sequence[Stretch],
) -> Answer | None:
    """Answer who wrote a document, to whom, or when, if it says so; None if it does not.

    Args:
        retriever: Knows the sentences.
        analyses: Knows the articles.
        question: The question, as it was asked.
        interpretation: How it was understood.
        article: The document.
        without: What is not to be quoted.
    """
    asked = plain(interpretation.question)
    wants = next((name for name, pattern in _ASKS.items() if pattern.fullmatch(asked)), None)
    if wants is None:
        return None
    spans = list(_dates(article) if wants == "date" else _names(article, _FIELDS[wants]))
    places = [Stretch(article, *span) for span in spans]
    if not spans or any(place.overlaps(each) for place in places for each in without):
        return None
    citations = [cite_by_rule(retriever, analyses, article, span) for span in spans]
    several = len(citations) > 1
    return Answer(
        question,
        None,
        tuple(citations),
        (),
        "list" if several else "phrase",
        interpretation,
        joined=joined(citations) if several else None,
        outcome=Outcome.ANSWERED,
    )


def _names(article: Article, fields: Sequence[str]) -> Iterator[Span]:
    """Return where a document has the names that its source knows; none unless it has all."""
    said = next((article.meta[field] for field in fields if article.meta.get(field)), "")
    listed = said if isinstance(said, tuple) else _NAMES.split(_ADDRESS.sub("", str(said)))
    found = [_place(article.text, str(name).strip()) for name in listed if str(name).strip()]
    yield from (span for span in found if span is not None and None not in found)


def _place(text: str, name: str) -> Span | None:
    """Return where a name stands at the beginning of a text, or at its end."""
    words = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, name.split())) + r"(?!\w)")
    found = words.search(text, 0, _BEGINNING) or words.search(text, max(0, len(text) - _END))
    return None if found is None else Span(*found.span())


def _dates(article: Article) -> Iterator[Span]:
    """Return where a document has the date that its source knows; of an e-mail, its own line."""
    said = str(article.meta.get("date", ""))
    try:
        date = datetime.date.fromisoformat(said[:10])
        near = [date + datetime.timedelta(days=days) for days in (-1, 1)]
    except (OverflowError, ValueError):
        return
    text = article.text
    line = _DATE_LINE.search(text, 0, _BEGINNING) if article.meta.get("from") else None
    if line is not None:
        yield Span(*line.span("date"))
        return
    for start, end in ((0, _BEGINNING), (max(_BEGINNING, len(text) - _END), len(text))):
        for span in dates(text[start:end]):
            place = Span(start + span.start, start + span.end)
            # The source may know the day at Greenwich, and a line of its own has that of the place.
            days = [date, *near] if _is_alone(text, place) else [date]
            if any(_is_date(day, text[slice(*place)]) for day in days):
                yield place
                return


def _is_alone(text: str, place: Span) -> bool:
    """Tell whether words stand in a short line, as a date below a headline does."""
    start, end = text.rfind("\n", 0, place.start) + 1, text.find("\n", place.end)
    return (len(text) if end < 0 else end) - start <= _SHORT_LINE


def _is_date(date: datetime.date, said: str) -> bool:
    """Tell whether words say a date: the day and month, and the year if they have one."""
    numbers = [int(number) for number in re.findall(r"\d+", said)]
    names = [name for name in _MONTHS if re.search(rf"\b{name}", said.casefold())]
    month = _MONTHS[date.month - 1] in names if names else date.month in numbers
    year = date.year in numbers or not any(number > 31 for number in numbers)
    return date.day in numbers and month and year
