from __future__ import annotations

from collections.abc import Sequence

import pytest

from eval.measures.results import CitationRecord, Result, Run
from eval.measures.runner import evaluate, evaluate_all
from eval.sets.cases import lay_out
from eval.systems.article_qa import ArticleQASystem
from eval.systems.base import OpenSystem
from index.articles import Article
from index.structure.spans import Span
from qa import Outcome
from qa.reading.calibration import Answerability, Boundaries, Calibration
from qa.reading.evidence import Evidence
from qa.reading.reader import ReaderSpan
from qa.squad import Question, QuestionSet
from tests.fakes import PhraseReader, WordEncoder

TEXT = "Talks were held in Florida on Sunday. Paris comes next. Moscow is far. Rome waits."


def gold(*answers: str) -> tuple[Span, ...]:
    return tuple(Span(TEXT.index(a), TEXT.index(a) + len(a)) for a in answers)


def ask(
    reader: PhraseReader,
    *golds: tuple[Span, ...],
    question: str = "talks held",
    also: str = "",
    min_confidence: float | None = 0.5,
) -> list[Result]:
    whole = Span(0, len(TEXT))
    asked = tuple(Question(f"q{n}", question, spans, whole) for n, spans in enumerate(golds))
    corpora = lay_out([QuestionSet(Article("a", "Talks", TEXT), asked)], also=also.split())
    system = ArticleQASystem(WordEncoder(), reader, min_confidence=min_confidence)
    return list(evaluate(system, corpora))


def test_a_right_and_a_wrong_answer_and_an_unanswerable_question() -> None:
    results = ask(PhraseReader(Florida=9, Paris=3), gold("Florida"), gold("Paris comes"), ())

    assert [result.answer for result in results] == ["Florida"] * 3
    assert [result.verdict for result in results] == ["right", "wrong", "unfounded"]
    assert [result.exact_match for result in results] == [1, 0, 0]
    assert [result.f1 for result in results] == [1, 0, 0]
    # The sentence of Florida is shown first, that of the alternative Paris second.
    assert [result.cited for result in results] == [(True, False), (False, True), (False, False)]
    assert results[0].golds == ("Florida",)
    assert results[0].citation == CitationRecord(
        "Talks", 0, 37, "Talks were held in Florida on Sunday.", 19, 26
    )
    assert results[0].latency_ms > 0


def test_what_was_not_given_is_kept_as_a_guess() -> None:
    results = ask(PhraseReader(Florida=-1), gold("Florida"), gold("Sunday"), ())

    assert [result.answer for result in results] == [None, None, None]
    assert [result.guess for result in results] == ["Florida"] * 3
    assert [result.verdict for result in results] == ["missed", "missed", "abstained"]
    assert [result.f1 for result in results] == [0, 0, 1]
    assert [result.guess_f1 for result in results] == [1, 0, 0]
    assert [result.guess_right for result in results] == [True, False, False]
    assert results[0].confidence == pytest.approx(0.2689, abs=1e-4)
    assert results[0].citation is not None


def bounded(**logits: float) -> PhraseReader:
    """Answers from a confidence of 0.9 on, and probably where there may be an answer."""
    reader = PhraseReader(**logits)
    reader.calibration = Calibration(
        answerable=Answerability(Evidence(logit=1.0), intercept=1.0),
        boundaries=Boundaries(answered=0.9, probable=0.6, close_call=0.5),
    )
    return reader


@pytest.mark.parametrize(
    ("logits", "answer", "outcome", "verdicts"),
    [
        ({"Florida": 4}, "Florida", Outcome.ANSWERED, ["right", "wrong", "unfounded"]),
        ({"Florida": 0}, "Florida", Outcome.PROBABLE, ["right", "wrong", "unfounded"]),
        ({"Paris": 4, "Florida": 3.9}, None, Outcome.CLOSE_CALL, ["close", "close", "close"]),
        ({"Florida": -2}, None, Outcome.NOT_FOUND, ["missed", "missed", "abstained"]),
    ],
)
def test_without_a_bar_the_fitted_boundaries_tell_the_outcomes(
    logits: dict[str, float], answer: str | None, outcome: Outcome, verdicts: list[str]
) -> None:
    golds = (gold("Florida"), gold("Moscow"), ())
    results = ask(bounded(**logits), *golds, min_confidence=None)
    assert {result.answer for result in results} == {answer}
    assert {result.outcome for result in results} == {outcome}
    assert [result.verdict for result in results] == verdicts


def test_a_close_call_is_held_against_the_answers_with_both_of_its_rivals() -> None:
    golds = (gold("Florida"), gold("Moscow"), ())
    results = ask(bounded(Paris=4, Florida=3.9), *golds, min_confidence=None)
    assert {result.rivals for result in results} == {("Paris", "Florida")}
    assert [result.rivals_f1 for result in results] == [1, 0, 0]
    assert [result.rival_right for result in results] == [True, False, False]
    # The likelier of the two is the guess; none is given.
    assert {result.guess for result in results} == {"Paris"}
    assert [result.f1 for result in results] == [0, 0, 1]
    # 1 / (1 + exp(-(4 + 1)))
    assert results[0].answerability == pytest.approx(0.9933, abs=1e-4)


def test_a_reader_that_finds_nothing_has_no_guess() -> None:
    (result,) = ask(PhraseReader(), gold("Florida"))
    assert (result.guess, result.citation, result.cited, result.confidence) == (None, None, (), 0)
    assert result.verdict == "missed"


def test_the_rank_is_that_of_the_first_passage_with_an_accepted_answer() -> None:
    # The two passages are the first three sentences and the last three.
    results = ask(PhraseReader(), gold("Florida"), gold("Rome"), gold("Paris"), ())
    assert [result.rank for result in results] == [1, 2, 1, None]


def test_a_question_put_once_more_without_its_answer_has_none() -> None:
    asked, removed = ask(PhraseReader(Florida=9), gold("Florida"), also="removed")
    assert (asked.kind, asked.verdict) == ("asked", "right")
    # The article is one paragraph, so that nothing is left of it.
    assert (removed.kind, removed.verdict) == ("removed", "abstained")
    assert (removed.golds, removed.guess, removed.rank) == ((), None, None)


class InterruptedReader(PhraseReader):
    """Is interrupted by the user at the third question that it reads for."""

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        if len(self.seen) == 2:
            raise KeyboardInterrupt
        return super().read(questions, passages)


def test_what_came_out_before_an_interruption_is_kept() -> None:
    asked = tuple(Question(f"q{n}", "talks", gold("Florida"), Span(0, 80)) for n in range(5))
    corpora = lay_out([QuestionSet(Article("a", "Talks", TEXT), asked)])
    whole = ArticleQASystem(WordEncoder(), PhraseReader(Florida=9))
    cut_off = ArticleQASystem(WordEncoder(), InterruptedReader(Florida=9))

    results, interrupted = evaluate_all({"a": whole, "b": cut_off, "c": whole}, corpora)

    assert interrupted
    assert {name: [result.id for result in own] for name, own in results.items()} == {
        "a": ["q0", "q1", "q2", "q3", "q4"],
        "b": ["q0", "q1"],
    }
    assert evaluate_all({"a": whole}, corpora)[1] is False


def test_a_system_that_was_cut_off_before_its_first_question_is_told_of() -> None:
    class Interrupted:
        def open(self, articles: Sequence[Article]) -> OpenSystem:
            raise KeyboardInterrupt

    asked = (Question("q", "talks", gold("Florida"), Span(0, 80)),)
    corpora = lay_out([QuestionSet(Article("a", "Talks", TEXT), asked)])
    whole = ArticleQASystem(WordEncoder(), PhraseReader(Florida=9))

    results, interrupted = evaluate_all({"a": whole, "b": Interrupted()}, corpora)

    assert interrupted
    assert results["b"] == []
    assert Run("t", {}, 0.5, 1, results).partial
