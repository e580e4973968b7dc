from __future__ import annotations

import pytest

from eval.measures.reader_alone import read_paragraphs, summarize_reader
from eval.report.tables import reader_table
from index.articles import Article
from index.structure.spans import Span
from qa.squad import Question, QuestionSet
from tests.fakes import PhraseReader

TEXT = "Talks were held in Florida.\n\nParis, “the next”, comes later."
FIRST, SECOND = Span(0, 27), Span(29, len(TEXT))


def question(gold: str | None, paragraph: Span) -> Question:
    golds = () if gold is None else (Span(TEXT.index(gold), TEXT.index(gold) + len(gold)),)
    return Question(f"{gold} {paragraph}", "Where?", golds, paragraph)


def sets(*questions: Question) -> list[QuestionSet]:
    return [QuestionSet(Article("a", "A", TEXT), questions)]


def test_each_question_is_read_beside_its_own_paragraph_whole() -> None:
    reader = PhraseReader(Florida=9, Paris=3)
    asked = sets(question("Florida", FIRST), question("Paris", SECOND))
    results = read_paragraphs(asked, reader)
    assert reader.seen == [[TEXT[:27]], [TEXT[29:]]]
    assert [(result.text, result.logit) for result in results] == [("Florida", 9), ("Paris", 3)]
    assert [(result.exact_match, result.f1) for result in results] == [(1, 1), (1, 1)]


def test_what_is_no_part_of_an_answer_is_trimmed_as_in_the_pipeline() -> None:
    reader = PhraseReader(**{"“the_next”,": 5})
    (result,) = read_paragraphs(sets(question("the next", SECOND)), reader)
    assert result.text == "the next"


def test_a_question_without_any_span_is_wrong() -> None:
    (result,) = read_paragraphs(sets(question("Florida", FIRST)), PhraseReader())
    assert (result.text, result.exact_match, result.f1) == (None, 0, 0)
    assert result.logit == float("-inf")


def test_answerable_questions_are_all_answered_and_have_no_threshold() -> None:
    asked = sets(question("Florida", FIRST), question("comes later", SECOND))
    summary = summarize_reader(read_paragraphs(asked, PhraseReader(Florida=-9, comes=-5)))
    assert (summary.questions, summary.answerable) == (2, 2)
    assert summary.exact_match == 50
    assert summary.f1 == pytest.approx(100 * (1 + 2 / 3) / 2)
    assert summary.threshold is None
    assert summary.unanswerable_accuracy is None
    assert "Best threshold" not in reader_table(summary)


def test_the_threshold_is_where_the_f1_of_all_questions_is_highest() -> None:
    # Right at 9, unanswerable at 6, right at 3, unanswerable without any span.
    results = [
        *read_paragraphs(sets(question("Florida", FIRST)), PhraseReader(Florida=9)),
        *read_paragraphs(sets(question(None, FIRST)), PhraseReader(Talks=6)),
        *read_paragraphs(sets(question("Paris", SECOND)), PhraseReader(Paris=3)),
        *read_paragraphs(sets(question(None, SECOND)), PhraseReader()),
        *read_paragraphs(sets(question(None, SECOND)), PhraseReader(later=4)),
    ]
    summary = summarize_reader(results)
    assert (summary.exact_match, summary.f1) == (100, 100)
    assert summary.threshold == 9
    assert summary.threshold_f1 == 80
    assert summary.threshold_exact_match == 80
    assert summary.answerable_f1 == 50
    assert summary.unanswerable_accuracy == 100
    table = reader_table(summary)
    assert "Best threshold (logit)" in table
    assert "80.0" in table


def test_where_no_answer_is_worth_giving_none_is_given() -> None:
    results = [
        *read_paragraphs(sets(question(None, FIRST)), PhraseReader(Talks=6)),
        *read_paragraphs(sets(question("Florida", FIRST)), PhraseReader(Florida=3)),
    ]
    summary = summarize_reader([results[0], results[0], results[1]])
    assert summary.threshold == pytest.approx(6)
    assert summary.threshold_f1 == pytest.approx(200 / 3)
    assert summary.unanswerable_accuracy == 100
