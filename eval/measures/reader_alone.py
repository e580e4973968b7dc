"""What the reader alone makes of question sets: each question beside its own paragraph, whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from eval.measures import metrics
from qa import Reader, Span
from qa.reading.normalizing import trim
from qa.squad import Question, QuestionSet

_CHUNK = 256  # questions between two steps of the progress bar


@dataclass(frozen=True)
class ReaderResult:
    """What the reader found for one question.

    Attributes:
        question: The question.
        text: The best span; None if there is none at all.
        logit: Its logit, less that of no answer.
        exact_match: SQuAD's exact match of the span, 0 or 1; 0 for an unanswerable question.
        f1: SQuAD's F1 of the span, in 0..1; likewise.
    """

    question: Question
    text: str | None
    logit: float
    exact_match: float
    f1: float


@dataclass(frozen=True)
class ReaderFigures:
    """The figures of the reader alone, in percent; None where there was nothing to measure.

    Attributes:
        questions: How many questions were asked.
        answerable: How many of them their paragraph answers.
        exact_match: Mean over the answerable questions, every one of them answered: SQuAD 1.1's.
        f1: Likewise.
        threshold: The logit from which on answers are given in the following: the one that gives
            the highest F1 on these very questions, as SQuAD 2.0's evaluation does. None, as what
            follows, if all questions are answerable.
        threshold_exact_match: Mean over all questions; an abstention is right where there is no
            answer, and wrong elsewhere.
        threshold_f1: Likewise.
        answerable_f1: Mean over the answerable questions alone.
        unanswerable_accuracy: Share of the others that got no answer.
    """

    questions: int
    answerable: int
    exact_match: float | None
    f1: float | None
    threshold: float | None = None
    threshold_exact_match: float | None = None
    threshold_f1: float | None = None
    answerable_f1: float | None = None
    unanswerable_accuracy: float | None = None


def read_paragraphs(
    sets: Sequence[QuestionSet], reader: Reader, *, progress: bool = False
) -> list[ReaderResult]:
    """Read every question beside the whole paragraph that it was asked of."""
    from tqdm import tqdm

    asked = [(group, question) for group in sets for question in group.questions]
    results: list[ReaderResult] = []
    with tqdm(
        total=len(asked),
        desc="Reading",
        unit=" questions",
        delay=1,
        disable=None if progress else True,
    ) as bar:
        for first in range(0, len(asked), _CHUNK):
            chunk = asked[first : first + _CHUNK]
            paragraphs = [
                group.article.text[question.paragraph.start : question.paragraph.end]
                for group, question in chunk
            ]
            found = reader.read(
                [question.text for _, question in chunk], [[text] for text in paragraphs]
            )
            for (group, question), paragraph, spans in zip(chunk, paragraphs, found, strict=True):
                text, logit = None, float("-inf")
                for span in spans:
                    bounds = Span(*trim(paragraph, span.start, span.end))
                    if bounds.start < bounds.end:
                        text, logit = paragraph[bounds.start : bounds.end], span.logit
                        break
                results.append(_score(group, question, text, logit))
            bar.update(len(chunk))
    return results


def summarize_reader(results: Sequence[ReaderResult]) -> ReaderFigures:
    """Sum up the results of at least one question."""
    answerable = [result for result in results if result.question.golds]
    forced = ReaderFigures(
        questions=len(results),
        answerable=len(answerable),
        exact_match=metrics.percent([result.exact_match for result in answerable]),
        f1=metrics.percent([result.f1 for result in answerable]),
    )
    if len(answerable) == len(results):
        return forced
    threshold = _best_threshold(results)
    given = [result.logit >= threshold for result in results]
    # Without an answer an unanswerable question scores 1 and any other 0; with one, the reverse.
    exact, f1 = (
        [
            getattr(result, name) if answered else float(not result.question.golds)
            for result, answered in zip(results, given, strict=True)
        ]
        for name in ("exact_match", "f1")
    )
    return ReaderFigures(
        questions=forced.questions,
        answerable=forced.answerable,
        exact_match=forced.exact_match,
        f1=forced.f1,
        threshold=threshold,
        threshold_exact_match=metrics.percent(exact),
        threshold_f1=metrics.percent(f1),
        answerable_f1=metrics.percent(
            [s for s, r in zip(f1, results, strict=True) if r.question.golds]
        ),
        unanswerable_accuracy=metrics.percent(
            [s for s, r in zip(f1, results, strict=True) if not r.question.golds]
        ),
    )


def _where(
    scores: Sequence[float], results: Sequence[ReaderResult], *, answerable: bool
) -> list[float]:
    return [
        score
        for score, result in zip(scores, results, strict=True)
        if bool(result.question.golds) == answerable
    ]


def _best_threshold(results: Sequence[ReaderResult]) -> float:
    """Return the logit from which on to answer, so that the F1 of all questions is highest."""
    ordered = sorted(results, key=lambda result: -result.logit)
    gains = (r.f1 if r.question.golds else -1.0 for r in ordered)
    totals = list(accumulate(gains))
    best = max(range(len(totals)), key=totals.__getitem__)
    return ordered[best].logit if totals[best] > 0 else math.nextafter(ordered[0].logit, math.inf)


def _score(group: QuestionSet, question: Question, text: str | None, logit: float) -> ReaderResult:
    golds = group.gold_texts(question)
    if not golds:
        return ReaderResult(question, text, logit, 0.0, 0.0)
    return ReaderResult(
        question,
        text,
        logit,
        metrics.best(metrics.exact_match, text, golds),
        metrics.best(metrics.f1, text, golds),
    )
