from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures import selective

CONFIDENCE = np.array([0.9, 0.6, 0.9, 0.2, 0.7])
RIGHT = np.array([True, True, False, False, True])


def test_the_risk_of_answering_the_most_confident_questions() -> None:
    coverage, risk = selective.risk_coverage(CONFIDENCE, RIGHT)
    # The two of 0.9 come together: no threshold parts them.
    assert coverage.tolist() == [0.4, 0.6, 0.8, 1.0]
    assert risk.tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 4, 2 / 5])
    area = 0.4 * 1 / 2 + 0.2 * 1 / 3 + 0.2 * 1 / 4 + 0.2 * 2 / 5
    assert selective.risk_coverage_area(CONFIDENCE, RIGHT) == pytest.approx(area)


@pytest.mark.parametrize(
    ("accuracy", "coverage", "threshold"),
    [(0.75, 0.8, 0.6), (0.6, 1.0, 0.2), (0.7, 0.8, 0.6), (0.9, 0.0, 1.0)],
)
def test_how_much_can_be_answered_with_an_accuracy(
    accuracy: float, coverage: float, threshold: float
) -> None:
    assert selective.coverage_at(accuracy, CONFIDENCE, RIGHT) == coverage
    assert selective.threshold_at(accuracy, CONFIDENCE, RIGHT) == threshold


def test_the_calibration_error_is_the_mean_gap_between_confidence_and_accuracy() -> None:
    confidence = np.array([0.05, 0.15, 0.18, 0.95, 1.0, 0.99])
    right = np.array([False, False, True, True, True, False])
    bins = selective.reliability(confidence, right)
    assert [each.count for each in bins] == [1, 2, 3]
    assert [each.confidence for each in bins] == pytest.approx([0.05, 0.165, 0.98])
    assert [each.accuracy for each in bins] == pytest.approx([0, 1 / 2, 2 / 3])
    expected = (1 * 0.05 + 2 * 0.335 + 3 * (0.98 - 2 / 3)) / 6
    assert selective.calibration_error(confidence, right) == pytest.approx(expected)


def test_the_area_under_the_roc_curve_is_how_often_the_right_one_is_more_confident() -> None:
    # Of the right ones 0.9 and 0.6 and 0.7, of the wrong ones 0.9 and 0.2: six pairs.
    assert selective.auc(CONFIDENCE, RIGHT) == pytest.approx((0.5 + 1 + 0 + 1 + 0 + 1) / 6)
    assert selective.auc(CONFIDENCE, CONFIDENCE > 0.65) == 1
    assert selective.auc(CONFIDENCE, CONFIDENCE < 0.65) == 0
    assert selective.auc(CONFIDENCE, CONFIDENCE > 0) is None
    assert selective.auc(CONFIDENCE, CONFIDENCE < 0) is None


def test_nothing_has_neither_error_nor_coverage() -> None:
    nothing, none = np.array([]), np.array([], dtype=bool)
    assert selective.reliability(nothing, none) == []
    assert selective.calibration_error(nothing, none) == 0
    assert selective.risk_coverage_area(nothing, none) == 0
    assert selective.coverage_at(0.9, nothing, none) == 0
    assert selective.threshold_at(0.9, nothing, none) == 1


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40),
    st.floats(0.05, 1),
)
def test_answers_from_the_threshold_on_are_as_accurate_as_was_asked(
    seen: list[tuple[float, bool]], accuracy: float
) -> None:
    confidence = np.array([each for each, _ in seen])
    right = np.array([each for _, each in seen])
    threshold = selective.threshold_at(accuracy, confidence, right)
    coverage = selective.coverage_at(accuracy, confidence, right)
    given = confidence >= threshold
    if coverage:
        assert given.mean() == pytest.approx(coverage)
        assert right[given].mean() >= accuracy - 1e-9
