"""The definitions are SQuAD's; the expected values were worked out by hand."""

from __future__ import annotations

import pytest

from eval.measures import metrics


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("The  Hallandale Beach, Florida.", "hallandale beach florida"),
        ("An apple a day", "apple day"),
        ("theatre", "theatre"),
        ("U.S.", "us"),
        ("28-point", "28point"),
        ("“quoted”", "“quoted”"),
        ("the", ""),
    ],
)
def test_normalized_answers(text: str, normalized: str) -> None:
    assert metrics.normalize_answer(text) == normalized


@pytest.mark.parametrize(
    ("prediction", "gold", "exact_match", "f1"),
    [
        ("Florida", "florida.", 1, 1),
        ("in Florida", "Florida", 0, 2 / 3),
        ("Hallandale Beach", "Hallandale Beach, Florida", 0, 4 / 5),
        ("the cat sat", "cat sat down here", 0, 4 / 6),
        ("Paris", "Florida", 0, 0),
        ("no no", "no", 0, 2 / 3),
        ("", "", 1, 1),
        ("", "Florida", 0, 0),
        ("Florida", "", 0, 0),
        ("the", "a", 1, 1),
    ],
)
def test_exact_match_and_f1(prediction: str, gold: str, exact_match: float, f1: float) -> None:
    assert metrics.exact_match(prediction, gold) == exact_match
    assert metrics.f1(prediction, gold) == pytest.approx(f1)


def test_the_closest_of_several_gold_answers_counts() -> None:
    assert metrics.best(metrics.f1, "in Florida", ["Paris", "Florida", "in sunny Florida"]) == 0.8


@pytest.mark.parametrize(
    ("prediction", "golds", "score"),
    [(None, [], 1), ("Florida", [], 0), (None, ["Florida"], 0)],
    ids=["rightly none", "wrongly one", "wrongly none"],
)
def test_no_answer_is_an_answer(prediction: str | None, golds: list[str], score: float) -> None:
    assert metrics.best(metrics.exact_match, prediction, golds) == score
    assert metrics.best(metrics.f1, prediction, golds) == score


def test_the_mean_of_nothing_is_nothing() -> None:
    assert metrics.mean([1.0, 0.0]) == 0.5
    assert metrics.mean([]) is None
