"""What somebody said: the quotations of a speaker, and those of them that are about something."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence

from index.articles import Article
from index.retrieval import Retrieval
from index.structure.spans import Span
from index.text.stretches import Stretch
from index.text.terms import terms
from qa.answering.citing import cite_by_rule, joined
from qa.answers import Answer, Interpretation, Outcome
from qa.asking.kinds import Asked
from qa.english.analysis import Analyses
from qa.english.names import ROLES
from qa.english.quotations import Quotation
from qa.english.words import CLOSED, words

_NEAR = 2  # sentences nearest to a question about what was said that count as its subject


def from_speech(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    interpretation: Interpretation,
    asked: Asked,
    articles: Sequence[Article],
    without: Sequence[Stretch],
) -> Answer | None:
    """Give what somebody says in quotation marks; None if they say nothing in them."""
    near: list[Stretch] = []
    if asked.subject:
        hits = retriever.search_sentences(interpretation.question, _NEAR, without=without)
        near = [hit.passage for hit in hits]
    said = [
        cite_by_rule(retriever, analyses, article, quotation.span)
        for article, quotation in said_by(analyses, articles, asked.speaker, asked.subject, near)
        if not any(Stretch(article, *quotation.span).overlaps(each) for each in without)
    ]
    if not said:
        return None
    return Answer(
        question,
        None,
        tuple(said),
        (),
        "speech",
        interpretation,
        joined=joined(said),
        outcome=Outcome.ANSWERED,
    )


def said_by(
    analyses: Analyses,
    articles: Iterable[Article],
    speaker: str,
    subject: str = "",
    near: Sequence[Stretch] = (),
) -> list[tuple[Article, Quotation]]:
    """Return the quotations of a speaker, in order, with their articles.

    Args:
        analyses: The articles' analyses.
        articles: Where to look.
        speaker: The speaker, as a question names them: "Rubio", "both officials".
        subject: What the quotations are to be about; any if empty. Those count whose sentence, or
            the one before it, shares about as many words with it as the one that shares most.
        near: The sentences that count if no quotation shares a word with the subject.
    """
    asked = {word.lower for word in words(speaker)} - CLOSED | (
        {"both"} if "both" in speaker.lower().split() else set()
    )
    asked = asked - ROLES or asked  # "Councillor Lund" may be "Lund" where she speaks
    found = [
        (article, quotation)
        for article in articles
        for quotation in analyses.of(article).quotations
        if quotation.speaker is not None and asked and asked <= _called(article, quotation)
    ]
    about = set(terms(subject)) - set(terms(speaker))
    if not about:
        return found
    shared = [
        len(about.intersection(terms(_around(article.text, own, analyses.of(article).sentences))))
        for article, own in found
    ]
    if not any(shared):
        return [
            (article, own)
            for article, own in found
            if any(Stretch(article, *own.span).overlaps(each) for each in near)
        ]
    return [each for each, count in zip(found, shared, strict=True) if 2 * count > max(shared)]


def _called(article: Article, quotation: Quotation) -> set[str]:
    """Return the words by which a text calls the speaker of a quotation."""
    assert quotation.speaker is not None
    start, end = quotation.speaker
    # Titles stand before the name: "Secretary Rubio", "the union's secretary, Ann Lee".
    before = re.split(r"[.;:“”\"]", article.text[max(0, start - 60) : start])[-1]
    said = f"{before if quotation.name else ''} {article.text[start:end]} {quotation.name or ''}"
    return {re.sub(r"'s$", "", word.lower) for word in words(said)}


def _around(text: str, quotation: Quotation, sentences: Sequence[Span]) -> str:
    """Return the sentences of a quotation and the one before them."""
    starts = [sentence.start for sentence in sentences]
    first = max(bisect.bisect_right(starts, quotation.start) - 2, 0)
    last = max(bisect.bisect_left(starts, quotation.end) - 1, 0)
    return text[sentences[first].start : sentences[last].end]
