"""Run question sets through the pipeline and sum up what came out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval import metrics
from index.articles import Article
from index.retriever import Hit
from index.sentences import Span
from qa.answers import Answer
from qa.pipeline import TOP_K, ArticleQA
from qa.squad import Question, QuestionSet


@dataclass(frozen=True)
class Result:
    """What came out for one question.

    Attributes:
        question: The question.
        answer: The answer that was given.
        exact_match: SQuAD's exact match, 0 or 1.
        f1: SQuAD's F1, in 0..1.
        cited: For each sentence shown with an answer, best first, whether it holds a gold answer.
        reciprocal_rank: One over the rank of the first passage found that holds a gold answer.
        latency_ms: How long the question took.
    """

    question: Question
    answer: Answer
    exact_match: float
    f1: float
    cited: tuple[bool, ...]
    reciprocal_rank: float
    latency_ms: float


@dataclass(frozen=True)
class Summary:
    """The figures of a run: in percent but for the MRR; None where there was nothing to measure.

    Attributes:
        questions: How many questions were asked.
        answerable: How many of them the article answers.
        exact_match: Mean over all questions; an abstention is right where there is no answer.
        f1: Mean over all questions, likewise.
        answerable_exact_match: Mean over the answerable questions.
        answerable_f1: Mean over the answerable questions.
        answerable_accuracy: Share of the answerable questions that got an answer, right or wrong.
        unanswerable_accuracy: Share of the others that got none.
        citation_hit_at_1: Share of the answerable questions whose first cited sentence holds a gold
            answer. A question that got no answer has no citation and is a miss.
        citation_hit_at_3: The same for the first three sentences: those cited, then those of the
            alternatives.
        retrieval_mrr: Mean over the answerable questions of one over the rank of the first passage
            that holds a gold answer, all passages ranked; in 0..1.
        latency_p50_ms: Median time of a question.
        latency_p95_ms: 95th percentile of it.
    """

    questions: int
    answerable: int
    exact_match: float | None
    f1: float | None
    answerable_exact_match: float | None
    answerable_f1: float | None
    answerable_accuracy: float | None
    unanswerable_accuracy: float | None
    citation_hit_at_1: float | None
    citation_hit_at_3: float | None
    retrieval_mrr: float | None
    latency_p50_ms: float
    latency_p95_ms: float


def evaluate(
    sets: Sequence[QuestionSet],
    open_article: Callable[[Article], ArticleQA],
    *,
    top_k: int = TOP_K,
    progress: bool = False,
) -> list[Result]:
    """Ask every question of its whole article, one at a time.

    Args:
        sets: The articles and their questions.
        open_article: Makes the pipeline that is to be measured.
        top_k: How many passages to read for a question.
        progress: Whether to show a progress bar on standard error.
    """
    from tqdm import tqdm

    results = []
    total = sum(len(group.questions) for group in sets)
    with tqdm(
        total=total, desc="Asking", unit=" questions", delay=1, disable=None if progress else True
    ) as bar:
        for group in sets:
            bot = open_article(group.article)
            texts = [question.text for question in group.questions]
            rankings = bot.retriever.search(texts, len(bot.retriever))
            for question, ranking in zip(group.questions, rankings, strict=True):
                results.append(_ask(bot, group, question, ranking, top_k))
                bar.update()
    return results


def summarize(results: Sequence[Result]) -> Summary:
    """Sum up the results of at least one question."""
    answerable = [result for result in results if result.question.golds]
    unanswerable = [result for result in results if not result.question.golds]
    p50, p95 = np.percentile([result.latency_ms for result in results], [50, 95]).tolist()
    return Summary(
        questions=len(results),
        answerable=len(answerable),
        exact_match=metrics.percent([result.exact_match for result in results]),
        f1=metrics.percent([result.f1 for result in results]),
        answerable_exact_match=metrics.percent([result.exact_match for result in answerable]),
        answerable_f1=metrics.percent([result.f1 for result in answerable]),
        answerable_accuracy=metrics.percent([r.answer.text is not None for r in answerable]),
        unanswerable_accuracy=metrics.percent([r.answer.text is None for r in unanswerable]),
        citation_hit_at_1=metrics.percent([any(result.cited[:1]) for result in answerable]),
        citation_hit_at_3=metrics.percent([any(result.cited[:3]) for result in answerable]),
        retrieval_mrr=metrics.mean([result.reciprocal_rank for result in answerable]),
        latency_p50_ms=p50,
        latency_p95_ms=p95,
    )


def _ask(
    bot: ArticleQA, group: QuestionSet, question: Question, ranking: Sequence[Hit], top_k: int
) -> Result:
    started = time.perf_counter()
    answer = bot.ask(question.text, top_k=top_k)
    latency_ms = (time.perf_counter() - started) * 1000
    golds = group.gold_texts(question)
    found = [Span(hit.passage.start, hit.passage.end) for hit in ranking]
    return Result(
        question=question,
        answer=answer,
        exact_match=metrics.best(metrics.exact_match, answer.text, golds),
        f1=metrics.best(metrics.f1, answer.text, golds),
        cited=tuple(_holds_gold(span, question) for span in _sentences_shown(answer)),
        reciprocal_rank=metrics.reciprocal_rank([_holds_gold(span, question) for span in found]),
        latency_ms=latency_ms,
    )


def _sentences_shown(answer: Answer) -> list[Span]:
    if answer.text is None:
        return []
    shown = [*answer.citations, *(alternative.citation for alternative in answer.alternatives)]
    return list(dict.fromkeys(Span(citation.start, citation.end) for citation in shown))


def _holds_gold(span: Span, question: Question) -> bool:
    return any(span.start <= gold.start and gold.end <= span.end for gold in question.golds)
