"""Answers of several parts, each cited where it stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from index.retrieval import Retrieval
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answering.citing import cite_candidate
from qa.answering.outcomes import EVEN
from qa.answers import Citation
from qa.asking.extents import Number
from qa.english.analysis import Analyses, Analysis
from qa.english.enumerations import complete, items_of
from qa.english.series import doings, go_on, is_counted
from qa.reading.candidates import Candidate
from qa.reading.normalizing import normalize

# What is read out beside the best has a low confidence because of the best: where several are asked
# for, the two are no rivals.
_LEAST_BESIDE = 0.2
_LEAST_OF_TWO = 0.1
# Measured on questions that the reader of items was not trained on: see eval/README.md.
_LIKELIEST = 0.6  # how likely the likeliest of several things has to be for any to be given
_LEAST_LIKELY = 0.05  # what is less likely is none, and does not count
_ENDS = " \n.!?"
_ENUMERATES = re.compile(r"[,;]\s|\s(?:and|or)\s")
_SEVERAL = Number(several=True)
_DIGIT = re.compile(r"\d")


def items_among(
    retriever: Retrieval,
    analyses: Analyses,
    candidates: Sequence[Candidate],
    min_confidence: float,
    number: Number,
) -> list[Citation]:
    """Return the parts of an answer, each cited where it stands.

    Args:
        retriever: Has the sentences.
        analyses: Have the names.
        candidates: What was read, most confident first; at least one.
        min_confidence: The confidence that parts beside the best have to have.
        number: How many are asked for.
    """
    best = candidates[0]
    taken: dict[str, Citation] = {}
    for candidate in candidates:
        if candidate is not best and not _joins(
            analyses, candidates, candidate, min_confidence, number
        ):
            continue
        analysis = analyses.of(candidate.article)
        around = retriever.sentences_around(candidate.passage, *candidate.span)
        for item in _items(candidates, candidate, around, analysis, number):
            citation = cite_candidate(retriever, analyses, candidate, item)
            key = normalize(citation.answer)
            if not any(key in other or other in key for other in taken):
                taken[key] = citation
    return list(taken.values())


def likely_items(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Return the things that make the best list, the likeliest first; none if none is likely.

    The best is that whose F1 is expected to be the highest: with p the probabilities from the
    highest on, the expectation for the first k is about 2 (p1 + ... + pk) / (k + the sum of all p)
    (Lewis 1995).

    Args:
        candidates: What may be among several things, with how likely that is, the likeliest first.
    """
    chances = [each.confidence for each in candidates if each.confidence >= _LEAST_LIKELY]
    if not chances or chances[0] < _LIKELIEST:
        return []
    expected = [
        2 * reached / (number + sum(chances))
        for number, reached in enumerate(itertools.accumulate(chances), start=1)
    ]
    return candidates[: expected.index(max(expected)) + 1]


def items_read(
    retriever: Retrieval, analyses: Analyses, candidates: Sequence[Candidate]
) -> list[Citation]:
    """Return the things that a question asks for, each cited once, in the order of the articles.

    Args:
        retriever: Has the sentences.
        analyses: Have the names.
        candidates: The things: see :func:`likely_items`.
    """
    taken: dict[str, tuple[tuple[int, int], Citation]] = {}
    order: dict[str, int] = {}
    for candidate in candidates:
        article = candidate.article
        start = candidate.start
        around = retriever.sentences_around(candidate.passage, start, start + 1)
        if around.end < candidate.end:
            said = article.text[start : around.end].rstrip(_ENDS)
            candidate = replace(candidate, end=start + len(said))  # one thing is in one sentence
        for item in _parts(candidates, candidate, around, analyses.of(article)):
            citation = cite_candidate(retriever, analyses, candidate, item)
            key = normalize(citation.answer)
            if not any(key in other or other in key for other in taken):
                place = order.setdefault(article.id, len(order))
                taken[key] = (place, citation.answer_start), citation
    return [citation for _, citation in sorted(taken.values(), key=lambda each: each[0])]


def _parts(
    candidates: Sequence[Candidate], candidate: Candidate, around: Span, analysis: Analysis
) -> list[Span]:
    """Return the items of a candidate that enumerates; whatever is enumerated beside it is none."""
    if not _ENUMERATES.search(candidate.text):
        return [candidate.span]
    items = _items(candidates, candidate, around, analysis, _SEVERAL)
    return [item for item in items if item.overlaps(candidate.span)]


def _items(
    candidates: Sequence[Candidate],
    candidate: Candidate,
    around: Span,
    analysis: Analysis,
    number: Number,
) -> list[Span]:
    """Return the items of a candidate, with those beside it where they are asked for."""
    text, span = analysis.text, candidate.span
    if number.doings and len(done := doings(text, around, span)) > 1:
        return done
    completed = complete(text, around, span, analysis.names)
    beside = Stretch(candidate.article, *completed)
    if number.several or _found_beside(candidates, candidate, beside):
        span = completed
    else:
        span = go_on(text, around, span)
    return items_of(text, span, analysis.names, several=number.several or number.places)


def _joins(
    analyses: Analyses,
    candidates: Sequence[Candidate],
    candidate: Candidate,
    min_confidence: float,
    number: Number,
) -> bool:
    """Tell whether a candidate that is not the best is a part of the answer as well."""
    best = candidates[0]
    own, others = (_kinds(analyses.of(each.article), each.span) for each in (candidate, best))
    if number.several:
        likely = candidate.confidence >= max(min_confidence, best.confidence / 3)
        counted = is_counted(candidate.text)
        if own != others or counted != is_counted(best.text):
            return False
        alike = counted or bool(own)
        read_out = candidate.evidence.logit > 0 and candidate.confidence >= _LEAST_BESIDE
        return likely or (alike and read_out)
    if number.two and candidate is candidates[1] and candidate.confidence >= _LEAST_OF_TWO:
        return _DIGIT.search(best.text) is None or _DIGIT.search(candidate.text) is not None
    # Both more likely than not, in one sentence: "Ann Hall will meet Guy Frost in Paris".
    return (
        number.people
        and own == others == {"person"}
        and min(candidate.confidence, best.confidence) >= max(EVEN, min_confidence)
        and best.passage.contains(candidate)
        and "." not in _between(best, candidate)
    )


def _between(a: Candidate, b: Candidate) -> str:
    first, second = sorted((a.span, b.span))
    return a.article.text[first.end : second.start]


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
