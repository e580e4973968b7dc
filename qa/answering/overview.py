"""Answers about an article itself: its summary, and who, where and what it names or quotes."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from index.articles import Article
from index.retrieval import Retrieval
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answering.citing import cite_by_rule, joined
from qa.answering.summaries import MAX_SENTENCES, summarize, words_of
from qa.answers import Answer, Citation, Interpretation, Outcome
from qa.asking.kinds import Topic
from qa.english.analysis import Analyses, Analysis
from qa.english.name_kinds import is_country, may_be_city
from qa.english.names import Name

MAX_LISTED = 100  # names, dates or quotations, of an article or of a whole collection
MAX_LEADS = 5  # articles of a collection whose lead is quoted to say what they are about
MAX_LOOKED_AT = 100  # articles of a collection


def about_articles(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    interpretation: Interpretation,
    topic: Topic,
    articles: Sequence[Article],
    without: Sequence[Stretch],
) -> Answer:
    """Say what articles are about, or what they name, by quoting them, of copies the first.

    What is said of a collection says which of its articles were looked at for it.
    """
    found: dict[str, Citation] = {}  # by the words of each
    texts: set[str] = set()
    looked_at: list[str] = []
    for article in islice(articles, MAX_LOOKED_AT):
        if len(found) >= MAX_LISTED or (topic == "summary" and len(texts) >= MAX_LEADS):
            break
        looked_at.append(article.id)
        if (copied := " ".join(article.text.split())) in texts:
            continue
        texts.add(copied)
        if topic == "summary":
            most = MAX_SENTENCES if len(articles) == 1 else 1
            sentences = retriever.sentences_of(article)
            spans = [each.span for each in summarize(*sentences, most=most, told=found)]
        else:
            spans = listed(analyses.of(article), topic)
        for span in spans:
            place = Stretch(article, *span)
            if not any(place.overlaps(each) for each in without):
                cited = cite_by_rule(retriever, analyses, article, span)
                found.setdefault(words_of(place.text) or place.text, cited)
    citations = list(found.values())[:MAX_LISTED]
    return Answer(
        question,
        None,
        tuple(citations),
        (),
        "about",
        interpretation,
        joined=joined(citations),
        outcome=Outcome.ANSWERED if citations else Outcome.NOT_FOUND,
        looked_at=() if len(retriever.articles) == 1 else tuple(looked_at),
    )


def listed(analysis: Analysis, topic: Topic) -> list[Span]:
    """Return where an article first names each person, place and so on, in order."""
    text = analysis.text
    if topic == "quotations":
        return [quotation.span for quotation in analysis.quotations]
    if topic in ("dates", "numbers"):
        first: dict[str, Span] = {}
        found = analysis.dates if topic == "dates" else analysis.numbers
        for span in _in_sentences(analysis, found):
            first.setdefault(re.sub(r"\W+", " ", text[span.start : span.end]).casefold(), span)
        return list(first.values())[:MAX_LISTED]
    wanted = _WANTED.get(topic)
    if wanted is None:
        return []
    return [_fullest(text, name) for name in analysis.names if wanted(name)][:MAX_LISTED]


def _in_sentences(analysis: Analysis, spans: Sequence[Span]) -> Iterator[Span]:
    """Return what stands in sentences: a page's number and its date at the foot do not."""
    ends = [sentence.end for sentence in analysis.sentences]
    for span in spans:
        number = bisect.bisect_right(ends, span.start)
        if number < len(ends) and analysis.sentences[number].start <= span.start:
            yield span


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
