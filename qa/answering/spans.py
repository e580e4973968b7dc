"""The forms of answers: from what was found to an answer of the form that its question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.articles import Article
from index.retriever import Retriever
from index.text.passages import Passage
from index.text.spans import Span
from qa.answering.overview import listed, summarize
from qa.answering.speech import said_by
from qa.answers import Alternative, Answer, Citation, Reading
from qa.asking.kinds import Asked, Topic
from qa.english.enumerations import complete, items_of
from qa.english.names import dates, names
from qa.reading.calibration import Evidence
from qa.reading.candidates import Candidate
from qa.reading.decoding import normalize

MAX_ALTERNATIVES = 4
MAX_LISTED = 100  # names, dates or quotations of a whole collection
MAX_LEADS = 5  # articles of a collection whose lead is quoted to say what they are about
_NEAR = 2  # sentences nearest to a question about what was said that count as its subject
_BY_RULE = Evidence()


def from_spans(
    retriever: Retriever,
    question: str,
    reading: Reading,
    asked: Asked,
    candidates: Sequence[Candidate],
    min_confidence: float,
) -> Answer:
    """Give the best candidate as the answer if it is likely enough, the others beside it.

    A span that enumerates several things is an answer of several parts. Where several are asked
    for, the enumeration round the span is completed, and what else is likely enough, and at least
    a third as likely as the best, joins it.
    """
    if not candidates:
        return Answer(question, 0.0, (), (), asked.kind, reading)
    best = candidates[0]
    what = reading.question.lower().startswith("what")
    if best.confidence >= min_confidence and (asked.kind in ("list", "phrase") or what):
        items = _items(retriever, candidates, min_confidence, several=asked.kind == "list")
        if len(items) > 1:
            return Answer(
                question,
                best.confidence,
                tuple(items),
                _alternatives(retriever, candidates, items),
                "list",
                reading,
            )
    kind = "phrase" if asked.kind in ("list", "speech") else asked.kind
    citations: list[Citation] = []
    if best.confidence >= min_confidence:
        citations = [
            _cite(retriever, candidate)
            for candidate in candidates
            if candidate.confidence >= min_confidence
            and normalize(candidate.text) == normalize(best.text)
        ]
    others = _alternatives(retriever, candidates, citations)
    return Answer(question, best.confidence, tuple(citations), others, kind, reading)


def from_speech(
    retriever: Retriever,
    question: str,
    reading: Reading,
    asked: Asked,
    articles: Sequence[Article],
    without: Sequence[Passage],
) -> Answer | None:
    """Give what somebody says in quotation marks; None if they say nothing in them."""
    near: list[Passage] = []
    if asked.subject:
        hits = retriever.search_sentences(reading.question, _NEAR, without=without)
        near = [hit.passage for hit in hits]
    said = [
        _whole(retriever, article, Span(quotation.start, quotation.end))
        for article, quotation in said_by(articles, asked.speaker, asked.subject, near)
        if not _touches(article, quotation.start, quotation.end, without)
    ]
    return Answer(question, None, tuple(said), (), "speech", reading) if said else None


def about_articles(
    retriever: Retriever,
    question: str,
    reading: Reading,
    topic: Topic,
    articles: Sequence[Article],
    without: Sequence[Passage],
) -> Answer:
    """Say what articles are about, or what they name, by quoting them."""
    found: list[Citation] = []
    for article in articles[: MAX_LEADS if topic == "summary" else None]:
        if topic == "summary":
            sentences, vectors = retriever.sentences_of(article)
            taken = summarize(sentences, vectors)[: None if len(articles) == 1 else 1]
            spans = [Span(sentence.start, sentence.end) for sentence in taken]
        else:
            spans = listed(article, topic)
        found += [
            _whole(retriever, article, span)
            for span in spans
            if not _touches(article, *span, without)
        ]
        if len(found) >= MAX_LISTED:
            break
    return Answer(question, None, tuple(found[:MAX_LISTED]), (), "about", reading)


def fits(question: str, answer: Answer) -> bool:
    """Tell whether an answer is of the type that a question asks for: no name for a reason."""
    if answer.text is None or answer.kind not in ("phrase", "clause"):
        return True
    text = answer.text
    asked = re.match(r"\W*(why|how come|when|who)\b", question.lower())
    if not asked:
        return True
    named = any(name.text == text or (name.kind == "person" and text.endswith(name.text))
                for name in names(text))  # fmt: skip
    if asked[1] in ("why", "how come"):
        return not named
    if asked[1] == "when":
        return bool(dates(text)) or not named
    return not (dates(text) and not re.search("[A-Z]", text))


def _items(
    retriever: Retriever,
    candidates: Sequence[Candidate],
    min_confidence: float,
    *,
    several: bool,
) -> list[Citation]:
    """Return the parts of an answer, each cited where it stands."""
    best = candidates[0]
    taken: dict[str, Citation] = {}
    for candidate in candidates if several else candidates[:1]:
        if candidate.confidence < max(min_confidence, best.confidence / 3):
            break
        text = candidate.passage.article.text
        span = Span(candidate.start, candidate.end)
        around = retriever.sentences_around(candidate.passage, *span)
        completed = complete(text, around, span)
        if several or _found_beside(candidates, candidate, completed):
            span = completed
        if candidate is not best and _kinds(text, span) != _kinds_of(best):
            continue
        for item in items_of(text, span):
            citation = _cite(retriever, candidate, item)
            key = normalize(citation.answer)
            if not any(key in other or other in key for other in taken):
                taken[key] = citation
    return list(taken.values())


def _found_beside(candidates: Sequence[Candidate], candidate: Candidate, completed: Span) -> bool:
    """Tell whether another item of an enumeration was found as well, half as likely at least."""
    return any(
        other is not candidate
        and other.passage.article == candidate.passage.article
        and other.confidence >= candidate.confidence / 2
        and completed.start <= other.start
        and other.end <= completed.end
        for other in candidates
    )


def _kinds_of(candidate: Candidate) -> set[str]:
    return _kinds(candidate.passage.article.text, Span(candidate.start, candidate.end))


def _kinds(text: str, span: Span) -> set[str]:
    """Return the kinds of the names in a stretch of a text."""
    return {
        name.kind
        for name in names(text)
        if any(span.start <= place.start and place.end <= span.end for place in name.places)
    }


def _alternatives(
    retriever: Retriever, candidates: Sequence[Candidate], given: Sequence[Citation]
) -> tuple[Alternative, ...]:
    """Return the candidates that say something else than what is given."""
    alternatives: dict[str, Alternative] = {}
    said = {normalize(citation.answer) for citation in given}
    for candidate in candidates:
        says = normalize(candidate.text)
        shown = says in said or any(
            citation.article == candidate.passage.article
            and citation.answer_start < candidate.end
            and candidate.start < citation.answer_end
            for citation in given
        )
        if not shown and says not in alternatives and len(alternatives) < MAX_ALTERNATIVES:
            alternatives[says] = Alternative(candidate.confidence, _cite(retriever, candidate))
    return tuple(alternatives.values())


def _cite(retriever: Retriever, candidate: Candidate, item: Span | None = None) -> Citation:
    start, end = item or (candidate.start, candidate.end)
    sentences = retriever.sentences_around(candidate.passage, start, end)
    return Citation(
        article=candidate.passage.article,
        start=sentences.start,
        end=sentences.end,
        answer_start=start,
        answer_end=end,
        evidence=candidate.evidence,
    )


def _whole(retriever: Retriever, article: Article, span: Span) -> Citation:
    """Cite what was found by rule."""
    around = retriever.sentences_around(Passage(article, 0, len(article.text)), *span)
    return Citation(article, around.start, around.end, span.start, span.end, _BY_RULE)


def _touches(article: Article, start: int, end: int, stretches: Sequence[Passage]) -> bool:
    return any(
        stretch.article.id == article.id and stretch.start < end and start < stretch.end
        for stretch in stretches
    )
