"""Answers about an article itself: its summary, and who, where and what it names or quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.articles import Article
from index.retrieval import Retrieval
from index.structure.paragraphs import split_paragraphs
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answering.citing import cite_by_rule, joined
from qa.answers import Answer, Citation, Interpretation, Outcome
from qa.asking.kinds import Topic
from qa.english.analysis import Analyses, Analysis
from qa.english.name_kinds import is_country, may_be_city
from qa.english.names import Name

MAX_LISTED = 100  # names, dates or quotations of a whole collection
MAX_LEADS = 5  # articles of a collection whose lead is quoted to say what they are about
MAX_SENTENCES = 3  # of a summary
MAX_ITEMS = 50
_SHORTEST = 5  # words; a shorter sentence is a heading and not what an article is about
_EARLY = 0.1  # what an early place, or the first of a paragraph, adds to a cosine
_LEANS = re.compile(
    r"(?:He|She|It|They|His|Her|Its|Their|This|These|That|Those|Both|Such|But|And|However|Also)\b"
)
_NEARLY_SAME = 0.8  # the cosine from which on two sentences say the same


def about_articles(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    interpretation: Interpretation,
    topic: Topic,
    articles: Sequence[Article],
    without: Sequence[Stretch],
) -> Answer:
    """Say what articles are about, or what they name, by quoting them."""
    found: list[Citation] = []
    for article in articles[: MAX_LEADS if topic == "summary" else None]:
        if topic == "summary":
            sentences, vectors = retriever.sentences_of(article)
            taken = summarize(sentences, vectors)[: None if len(articles) == 1 else 1]
            spans = [Span(sentence.start, sentence.end) for sentence in taken]
        else:
            spans = listed(analyses.of(article), topic)
        found += [
            cite_by_rule(retriever, analyses, article, span)
            for span in spans
            if not any(Stretch(article, *span).overlaps(each) for each in without)
        ]
        if len(found) >= MAX_LISTED:
            break
    found = found[:MAX_LISTED]
    return Answer(
        question,
        None,
        tuple(found),
        (),
        "about",
        interpretation,
        joined=joined(found),
        outcome=Outcome.ANSWERED if found else Outcome.NOT_FOUND,
    )


def summarize(sentences: list[Stretch], vectors: NDArray[np.float32]) -> list[Stretch]:
    """Return the first sentence of an article and the two most central others, in its order.

    A sentence is as central as its vector is near to the mean of all (the centroid of Radev et al.
    2004, "Centroid-based summarization of multiple documents"), and the more so the earlier it
    stands and if it opens a paragraph. One that repeats another, leans on the one before it, or
    quotes somebody is left out if there are others.
    """
    rows = [row for row, each in enumerate(sentences) if len(each.text.split()) >= _SHORTEST]
    if not rows:
        return sentences[:1]
    lead = rows[0]
    opening = {start for start, _ in split_paragraphs(sentences[0].article.text)}
    central = vectors[rows] @ vectors[rows].mean(axis=0)
    scores = {
        row: float(central[place])
        + _EARLY * (1 - place / len(rows))
        + _EARLY * (sentences[row].start in opening)
        - (_LEANS.match(sentences[row].text) is not None)
        - any(mark in sentences[row].text for mark in '“”"')
        for place, row in enumerate(rows)
    }
    taken = [lead]
    for row in sorted(rows[1:], key=lambda row: -scores[row]):
        repeats = max(float(vectors[row] @ vectors[other]) for other in taken) > _NEARLY_SAME
        if len(taken) < MAX_SENTENCES and not repeats:
            taken.append(row)
    return [sentences[row] for row in sorted(taken)]


def listed(analysis: Analysis, topic: Topic) -> list[Span]:
    """Return where an article first names each person, place and so on, in order."""
    text = analysis.text
    if topic == "quotations":
        return [quotation.span for quotation in analysis.quotations]
    if topic in ("dates", "numbers"):
        first: dict[str, Span] = {}
        for span in analysis.dates if topic == "dates" else analysis.numbers:
            first.setdefault(re.sub(r"\W+", " ", text[span.start : span.end]).casefold(), span)
        return list(first.values())[:MAX_ITEMS]
    wanted = _WANTED.get(topic)
    if wanted is None:
        return []
    return [_fullest(text, name) for name in analysis.names if wanted(name)][:MAX_ITEMS]


_WANTED: dict[Topic, Callable[[Name], bool]] = {
    "people": lambda name: name.kind == "person",
    "places": lambda name: name.kind == "place",
    "countries": lambda name: name.kind == "place" and is_country(name.text),
    "cities": lambda name: name.kind == "place" and may_be_city(name.text),
    "organisations": lambda name: name.kind == "organisation",
    "names": lambda name: True,
}


def _fullest(text: str, name: Name) -> Span:
    """Return the first place where a name stands in full."""
    return next(
        (place for place in name.places if text[place.start : place.end] == name.text),
        name.places[0],
    )
