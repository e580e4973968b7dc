"""Answers of several parts, each cited where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from index.retrieval import Retrieval
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answering.citing import cite_candidate
from qa.answers import Citation
from qa.english.analysis import Analyses, Analysis
from qa.english.enumerations import complete, items_of
from qa.reading.candidates import Candidate
from qa.reading.normalizing import normalize


def items_among(
    retriever: Retrieval,
    analyses: Analyses,
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
        text, span = candidate.article.text, candidate.span
        analysis = analyses.of(candidate.article)
        around = retriever.sentences_around(candidate.passage, *span)
        completed = complete(text, around, span, analysis.names)
        if several or _found_beside(candidates, candidate, Stretch(candidate.article, *completed)):
            span = completed
        if candidate is not best and _kinds(analysis, span) != _kinds(
            analyses.of(best.article), best.span
        ):
            continue
        for item in items_of(text, span, analysis.names):
            citation = cite_candidate(retriever, analyses, candidate, item)
            key = normalize(citation.answer)
            if not any(key in other or other in key for other in taken):
                taken[key] = citation
    return list(taken.values())


def _found_beside(
    candidates: Sequence[Candidate], candidate: Candidate, completed: Stretch
) -> bool:
    """Tell whether another item of an enumeration was found as well, half as likely at least."""
    return any(
        other is not candidate
        and other.confidence >= candidate.confidence / 2
        and completed.contains(other)
        for other in candidates
    )


def _kinds(analysis: Analysis, span: Span) -> set[str]:
    """Return the kinds of the names in a stretch of a text."""
    return {name.kind for name in analysis.names_in(span)}
