from __future__ import annotations

from dataclasses import replace

import pytest

from eval.measures.compare import compare
from eval.measures.figures import FIGURE_NAMES, Figure, figures, unmet
from eval.measures.results import Result
from eval.report.tables import comparison_table, outcome_table, table
from index.errors import DatasetError
from qa import Outcome
from tests.sample_results import ABSTAINED as REFUSED_RIGHTLY
from tests.sample_results import ANSWERED, CLOSE, PROBABLE
from tests.sample_results import MISSED as REFUSED_WRONGLY
from tests.sample_results import WRONG as ANSWERED_WRONGLY

RIGHT = Result(
    id="right",
    kind="asked",
    question="Where?",
    article="Talks",
    golds=("in Florida",),
    answer="Florida",
    outcome=Outcome.ANSWERED,
    guess="Florida",
    confidence=0.9,
    answerability=None,
    citation=None,
    exact_match=0.0,
    f1=2 / 3,
    guess_exact_match=0.0,
    guess_f1=2 / 3,
    rivals=(),
    rivals_f1=0.0,
    cited=(True, False),
    rank=1,
    latency_ms=10.0,
)
WRONG = replace(
    RIGHT, id="wrong", confidence=0.8, f1=0, guess_f1=0, cited=(False, True), rank=7, latency_ms=30
)
MISSED = replace(
    RIGHT, id="missed", answer=None, outcome=Outcome.NOT_FOUND, confidence=0.4, f1=0,
    cited=(True,), rank=None, latency_ms=20,
)  # fmt: skip
ABSTAINED = replace(
    MISSED, id="abstained", kind="removed", golds=(), confidence=0.1, f1=1, exact_match=1,
    guess_f1=0, cited=(False,),
)  # fmt: skip
UNFOUNDED = replace(
    WRONG, id="unfounded", kind="other", golds=(), confidence=0.7, cited=(False,), rank=None
)
RESULTS = [RIGHT, WRONG, MISSED, ABSTAINED, UNFOUNDED]


def values(results: list[Result]) -> dict[str, float | None]:
    return {figure.name: figure.value for figure in figures(results)}


def test_each_verdict_has_its_meaning() -> None:
    assert [result.verdict for result in RESULTS] == [
        "right",
        "wrong",
        "missed",
        "abstained",
        "unfounded",
    ]


def test_the_figures_of_five_questions() -> None:
    measured = values(RESULTS)
    assert tuple(measured) == FIGURE_NAMES
    expected = {
        "questions": 5,
        "answerable": 3,
        "answered_share": 100 * 3 / 5,
        "answered_right": 100 * 1 / 3,
        "probable_share": 0,
        "probable_right": None,
        "close_call_share": 0,
        "close_call_right": None,
        "not_found_share": 100 * 2 / 5,
        "refusal_precision": 50,
        "not_for_me_share": 0,
        "small_talk_share": 0,
        "answerable_right": 100 * 1 / 3,
        "exact_match": 100 * 1 / 5,
        "f1": 100 * (2 / 3 + 1) / 5,
        "answered": 100 * 2 / 3,
        "answerable_f1": 100 * (2 / 3) / 3,
        "abstained": 50,
        "abstained_removed": 100,
        "abstained_other": 0,
        "precision": 100 * 1 / 3,
        "citation_hit@1": 100 * 1 / 3,
        "citation_hit@3": 100 * 2 / 3,
        "citation_precision": 100 * 1 / 3,
        "forced_exact_match": 0,
        "forced_f1": 100 * (2 / 3 + 2 / 3) / 3,
        "forced_citation_hit@1": 100 * 2 / 3,
        "recall@1": 100 * 1 / 3,
        "recall@5": 100 * 1 / 3,
        "recall@10": 100 * 2 / 3,
        "mrr": (1 + 1 / 7) / 3,
        "ece": (0.1 + 0.8 + 0.6 + 0.1 + 0.7) / 5,
        "answerability_ece": None,
        # The right ones of 0.9 and 0.4 against the unanswerable ones of 0.1 and 0.7.
        "auc": 3 / 4,
        "answerability_auc": None,
        "aurc": (0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5,
        "coverage@80": 20,
        "coverage@90": 20,
        "answerable_coverage@90": 100 * 1 / 3,
        # Nine tenths of the three answerable ones are all of them: from a confidence of 0.4 on.
        "abstained@90": 50,
        "latency_p50": 20,
        "latency_p95": 30,
    }
    assert measured == pytest.approx(expected)


SURE_BUT_WRONG = replace(ANSWERED_WRONGLY, answerability=0.9)
NEITHER = replace(CLOSE, id="neither", rivals=("Rome", "Paris"), rivals_f1=0.2, answerability=0.7)
OPEN = replace(CLOSE, id="open", golds=(), rivals_f1=0.0, answerability=0.5)
BY_OUTCOME = [
    replace(ANSWERED, answerability=0.95), SURE_BUT_WRONG, PROBABLE,
    replace(PROBABLE, golds=(), guess_f1=0.0, answerability=0.85), CLOSE, NEITHER, OPEN,
    REFUSED_RIGHTLY, REFUSED_RIGHTLY, replace(REFUSED_WRONGLY, answerability=0.4),
]  # fmt: skip


def test_each_outcome_has_its_share_and_how_often_it_is_true() -> None:
    measured = values(BY_OUTCOME)
    assert (measured["answered_share"], measured["answered_right"]) == (20, 50)
    assert (measured["probable_share"], measured["probable_right"]) == (20, 50)
    # Of the three close calls, one has the right answer among its two.
    assert measured["close_call_share"] == 30
    assert measured["close_call_right"] == pytest.approx(100 / 3)
    # Of the three that were not found, two have no answer.
    assert measured["not_found_share"] == 30
    assert measured["refusal_precision"] == pytest.approx(200 / 3)
    # Of the six answerable ones, one was answered rightly, and one probably.
    assert measured["answerable_right"] == pytest.approx(100 * 2 / 6)
    # A probable answer is given, a close call is not.
    assert measured["answered"] == pytest.approx(100 * 3 / 6)
    assert measured["precision"] == 50
    assert measured["abstained"] == 75


def test_the_answerability_is_measured_apart_from_the_confidence() -> None:
    measured = values(BY_OUTCOME)
    # 0.95, 0.9, 0.75, 0.8, 0.7 and 0.4 have an answer; 0.85, 0.5 and twice 0.25 have none.
    assert measured["answerability_auc"] == pytest.approx((4 + 4 + 3 + 3 + 3 + 2) / 24)
    gaps = [(0.95 + 0.9) - 2, (0.8 + 0.85) - 1, (0.75 + 0.7) - 2, 0.5, 0.4 - 1, 2 * 0.25]
    assert measured["answerability_ece"] == pytest.approx(sum(map(abs, gaps)) / 10)
    # The right guesses, 0.876 and 0.6, against those without an answer: 0.6, 0.45, twice 0.2.
    assert measured["auc"] == pytest.approx((4 + 3.5) / 8)


def test_a_table_shows_what_came_of_the_questions_outcome_by_outcome() -> None:
    measured = figures(BY_OUTCOME)
    rows = [line.split("  ") for line in outcome_table({"article-qa": measured}).splitlines()]
    shown = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert [row[:2] for row in shown] == [
        ["Outcome", "questions"],
        ["answered", "2"],
        ["probable", "2"],
        ["close call (true: one of the two)", "3"],
        ["not found (true: there is no answer)", "3"],
    ]
    assert shown[1][2].startswith("20.0 [")
    assert shown[4][3].startswith("66.7 [")
    assert "Outcome" not in table({"article-qa": measured})


def test_each_system_has_its_own_outcomes_and_the_first_its_intervals() -> None:
    talk = replace(MISSED, outcome=Outcome.SMALL_TALK)
    shown = outcome_table({"article-qa": figures([RIGHT]), "haystack": figures([MISSED, talk])})
    rows = [line.split() for line in shown.splitlines()]
    assert rows[0][0] == "article-qa"
    assert rows[1] == ["answered", "1", "100.0", "[100.0,", "100.0]", "100.0", "[100.0,", "100.0]"]
    assert rows[5][0] == "haystack"
    assert rows[6] == ["answered", "0", "0.0", "-"]
    assert rows[9][-3:] == ["1", "50.0", "0.0"]
    assert rows[10] == ["small", "talk", "1", "50.0"]


def test_what_was_not_measured_is_none_and_not_shown() -> None:
    unanswerable = figures([ABSTAINED])
    measured = {figure.name: figure.value for figure in unanswerable}
    assert measured["answerable_f1"] is measured["recall@5"] is measured["precision"] is None
    assert measured["abstained"] == 100
    shown = table({"article-qa": unanswerable})
    assert "Unanswerable: abstained" in shown
    assert "Answerable: F1" not in shown


def test_the_interval_is_that_of_the_bootstrap() -> None:
    # Of 400 questions half are right: two standard errors of the mean are 5 points.
    many = [replace(each, id=f"{n}") for n in range(200) for each in (RIGHT, WRONG)]
    (precision,) = (figure for figure in figures(many) if figure.name == "precision")
    assert precision.value == 50
    assert precision.low == pytest.approx(45.1, abs=0.7)
    assert precision.high == pytest.approx(54.9, abs=0.7)
    assert figures(many) == figures(many)


def test_systems_stand_beside_each_other() -> None:
    shown = table({"article-qa": figures([RIGHT, MISSED]), "bm25": figures([RIGHT, RIGHT])})
    rows = {line[:25].strip(): line.split()[-1] for line in shown.splitlines()}
    assert rows[""] == "bm25"
    assert rows["Answerable: given an answ"] == "100.0"
    assert "50.0 [0.0, 100.0]" in shown


def test_demands_that_are_not_met_are_named() -> None:
    measured = [
        Figure("f1", "F1", 84.0), Figure("ece", "ECE", 0.05), Figure("recall@5", "R@5", None),
    ]  # fmt: skip
    assert unmet({"f1": 84, "ece": 0.05}, measured) == []
    assert unmet({"f1": 85, "ece": 0.03, "recall@5": 95}, measured) == [
        "f1 is 84, at least 85 demanded",
        "ece is 0.05, at most 0.03 demanded",
        "recall@5 was not measured, 95 demanded",
    ]


def test_two_runs_are_compared_question_by_question() -> None:
    found = replace(MISSED, answer="Florida", outcome=Outcome.PROBABLE, f1=2 / 3)
    compared = compare(RESULTS, [found, RIGHT, ABSTAINED, replace(WRONG, id="new"), UNFOUNDED])
    assert (compared.questions, compared.only_a, compared.only_b) == (4, 1, 1)
    assert compared.changed == ((MISSED, found),)
    changes = {change.name: change for _, _, change in compared.figures}
    assert changes["answered"].value == 50
    assert changes["abstained"].value == 0
    assert (changes["abstained"].low, changes["abstained"].high) == (0, 0)
    shown = comparison_table(compared)
    assert "Questions in both: 4" in shown
    assert "1  missed -> right" in shown
    assert "A missed: no answer (guess: Florida)  (0.40)" in shown
    assert "B right: probably Florida  (0.40)" in shown


def test_a_close_call_is_compared_by_what_it_shows() -> None:
    claimed = replace(CLOSE, answer="Florida", outcome=Outcome.ANSWERED, guess_f1=1.0)
    compared = compare([CLOSE], [claimed])
    shown = comparison_table(compared)
    assert "1  close -> right" in shown
    assert "A close: Paris or Florida?  (0.45)" in shown
    changes = {change.name: change.value for _, _, change in compared.figures}
    assert (changes["answered_share"], changes["close_call_share"]) == (100, -100)


def test_the_interval_of_a_difference_is_paired() -> None:
    # B is right wherever A is, and once more in ten: the difference is sure, though A and B alone
    # are uncertain by more than it.
    a = [replace(RIGHT if n % 2 else WRONG, id=f"{n}") for n in range(200)]
    b = [replace(RIGHT if n % 2 or n % 20 == 0 else WRONG, id=f"{n}") for n in range(200)]
    (change,) = (c for _, _, c in compare(a, b).figures if c.name == "precision")
    assert change.value == pytest.approx(5)
    assert change.low is not None
    assert change.high is not None
    assert 1.5 < change.low < 5 < change.high < 8.5


def test_a_run_does_not_differ_from_itself() -> None:
    compared = compare(RESULTS, RESULTS)
    assert compared.changed == ()
    assert {change.value for _, _, change in compared.figures} == {0}
    assert "No verdict changed." in comparison_table(compared)


def test_runs_over_other_questions_are_not_compared() -> None:
    with pytest.raises(DatasetError, match="share no question"):
        compare([RIGHT], [WRONG])
    with pytest.raises(DatasetError, match="Question right is 'Where\\?' in one run and 'When\\?'"):
        compare([RIGHT], [replace(RIGHT, question="When?")])
