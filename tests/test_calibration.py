from __future__ import annotations

from pathlib import Path

import pytest

from eval.calibration import fit
from index.errors import DatasetError, ModelError
from qa.calibration import CALIBRATION_FILE, Calibration
from qa.reader import DEFAULT_READER


@pytest.mark.parametrize(
    ("logit", "confidence"),
    [(0, 0.5), (1, 0.7310586), (-1, 0.2689414), (1e6, 1.0), (-1e6, 0.0)],
)
def test_without_numbers_a_confidence_is_the_logistic_function(
    logit: float, confidence: float
) -> None:
    assert Calibration().confidence(logit) == pytest.approx(confidence)


def test_slope_and_intercept_are_log_odds() -> None:
    calibration = Calibration(slope=0.5, intercept=-2)
    assert calibration.confidence(4) == pytest.approx(0.5)
    assert calibration.confidence(8) == pytest.approx(Calibration().confidence(2))


def test_the_numbers_are_read_from_the_folder_of_the_reader(tmp_path: Path) -> None:
    assert Calibration.load(tmp_path) == Calibration()
    (tmp_path / CALIBRATION_FILE).write_text('{"slope": 0.4, "intercept": -6}')
    assert Calibration.load(tmp_path) == Calibration(0.4, -6.0)


@pytest.mark.parametrize("content", ["", "[]", '{"slope": 1}', '{"slope": "x", "intercept": 0}'])
def test_a_file_without_the_numbers_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / CALIBRATION_FILE).write_text(content)
    with pytest.raises(ModelError, match="expected JSON with the numbers slope and intercept"):
        Calibration.load(tmp_path)


def test_the_reader_in_the_package_is_calibrated() -> None:
    calibration = Calibration.load(DEFAULT_READER)
    # Its logits run from -5 to 25: a confidence of 0.5 is among them, neither end is certain.
    assert calibration.slope > 0
    assert 0 < -calibration.intercept / calibration.slope < 25


def test_the_fit_gives_the_shares_that_were_seen() -> None:
    # With two logits the maximum likelihood is exact: a confidence of 1/4 at 2 and of 9/10 at 6.
    seen = [(2.0, True), *[(2.0, False)] * 3, *[(6.0, True)] * 9, (6.0, False)]
    calibration = fit(seen)
    assert calibration.confidence(2) == pytest.approx(0.25, abs=1e-3)
    assert calibration.confidence(6) == pytest.approx(0.9, abs=1e-3)


def test_there_is_nothing_to_fit_where_all_is_right() -> None:
    with pytest.raises(DatasetError, match="All answers are right, or none is"):
        fit([(1.0, True), (2.0, True)])
