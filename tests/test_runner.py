from __future__ import annotations

import pytest

from eval.calibration import observe
from eval.report import table
from eval.runner import evaluate, summarize
from index.articles import Article
from index.retriever import Retriever
from index.sentences import Span
from qa.pipeline import ArticleQA
from qa.squad import Question, QuestionSet
from tests.fakes import PhraseReader, WordEncoder

TEXT = "Talks were held in Florida on Sunday. Paris comes next. Moscow is far. Rome waits."


def gold(*answers: str) -> tuple[Span, ...]:
    return tuple(Span(TEXT.index(a), TEXT.index(a) + len(a)) for a in answers)


class Opener:
    """Opens articles with the fakes, and with a reader that says what it is told to."""

    def __init__(self, reader: PhraseReader, min_confidence: float = 0.5) -> None:
        self.reader = reader
        self.min_confidence = min_confidence

    def __call__(self, article: Article) -> ArticleQA:
        retriever = Retriever.build([article], WordEncoder())
        return ArticleQA(retriever, self.reader, min_confidence=self.min_confidence)


def questions(*golds: tuple[Span, ...]) -> list[QuestionSet]:
    whole = Span(0, len(TEXT))
    asked = tuple(Question(f"q{n}", "talks held", spans, whole) for n, spans in enumerate(golds))
    return [QuestionSet(Article("a", "A", TEXT), asked)]


def test_a_right_and_a_wrong_answer_and_an_unanswerable_question() -> None:
    sets = questions(gold("Florida"), gold("Paris comes"), ())
    results = evaluate(sets, Opener(PhraseReader(Florida=9, Paris=3)))

    assert [result.answer.text for result in results] == ["Florida"] * 3
    assert [result.exact_match for result in results] == [1, 0, 0]
    assert [result.f1 for result in results] == [1, 0, 0]
    # The sentence of Florida is shown first, that of the alternative Paris second.
    assert [result.cited for result in results] == [(True, False), (False, True), (False, False)]

    summary = summarize(results)
    assert (summary.questions, summary.answerable) == (3, 2)
    assert summary.exact_match == pytest.approx(100 / 3)
    assert summary.f1 == pytest.approx(100 / 3)
    assert summary.answerable_exact_match == 50
    assert summary.answerable_f1 == 50
    assert summary.answerable_accuracy == 100
    assert summary.unanswerable_accuracy == 0
    assert summary.citation_hit_at_1 == 50
    assert summary.citation_hit_at_3 == 100
    assert 0 < summary.latency_p50_ms <= summary.latency_p95_ms


def test_an_abstention_is_right_where_there_is_no_answer_and_a_miss_elsewhere() -> None:
    sets = questions(gold("Florida"), ())
    summary = summarize(evaluate(sets, Opener(PhraseReader(Florida=-5))))
    assert summary.exact_match == 50
    assert summary.answerable_f1 == 0
    assert summary.answerable_accuracy == 0
    assert summary.unanswerable_accuracy == 100
    assert summary.citation_hit_at_1 == 0
    assert summary.citation_hit_at_3 == 0


def test_the_rank_is_that_of_the_first_passage_with_a_gold_answer() -> None:
    # The two passages are the first three sentences and the last three.
    sets = questions(gold("Florida"), gold("Rome"), gold("Paris"), gold("Sunday. Paris"))
    results = evaluate(sets, Opener(PhraseReader()))
    assert [result.reciprocal_rank for result in results] == [1, 1 / 2, 1, 1]
    assert summarize(results).retrieval_mrr == 0.875


def test_what_was_not_measured_is_a_dash() -> None:
    summary = summarize(evaluate(questions(()), Opener(PhraseReader())))
    assert summary.answerable_f1 is None
    assert summary.unanswerable_accuracy == 100
    shown = {line[:36].strip(): line[36:].strip() for line in table(summary).splitlines()}
    assert shown["Answerable: F1"] == "-"
    assert shown["Unanswerable: accuracy (abstained)"] == "100.0"
    assert shown["Questions"] == "1"


def test_a_calibration_sees_right_answers_and_articles_without_them() -> None:
    # The reader says Florida wherever it stands. Asked of the whole article, that is right for the
    # first question and not for the third; the second is asked without Florida's paragraph.
    article = Article("a", "A", "Talks in Florida.\n\nThen Paris.")
    florida, paris = (Span(9, 16),), (Span(24, 29),)
    asked = tuple(
        Question(f"q{n}", "talks", golds, Span(0, len(article.text)))
        for n, golds in enumerate([florida, florida, paris])
    )
    reader = PhraseReader(Florida=4, Paris=-2)
    bot = ArticleQA(Retriever.build([article], WordEncoder(max_tokens=3)), reader, min_confidence=0)
    seen = list(observe(QuestionSet(article, asked), bot))
    assert [right for _, right in seen] == [True, False, False]
    assert [logit for logit, _ in seen] == pytest.approx([4, -2, 4])
