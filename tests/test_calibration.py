from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.calibration import fit, observe
from eval.cases import lay_out
from index.articles import Article
from index.errors import DatasetError, ModelError
from index.sentences import Span
from qa.calibration import CALIBRATION_FILE, Calibration, Evidence
from qa.reader import DEFAULT_READER
from qa.squad import Question, QuestionSet
from tests.fakes import PhraseReader, WordEncoder


@pytest.mark.parametrize(
    ("logit", "confidence"),
    [(0, 0.5), (1, 0.7310586), (-1, 0.2689414), (1e6, 1.0), (-1e6, 0.0)],
)
def test_without_weights_a_confidence_is_the_logistic_function_of_the_logit(
    logit: float, confidence: float
) -> None:
    evidence = Evidence(logit, support=3, similarity=0.9, bm25_gap=1)
    assert Calibration().confidence(evidence) == pytest.approx(confidence)


def test_weights_and_intercept_are_log_odds() -> None:
    calibration = Calibration(Evidence(0.5, 0.25, 2, 1), intercept=-3)
    assert calibration.confidence(Evidence(4, 0, 0.5, 0)) == pytest.approx(0.5)
    assert calibration.confidence(Evidence(4, 2, 0.5, 0.5)) == pytest.approx(0.7310586)


def test_the_weights_are_read_from_the_folder_of_the_reader(tmp_path: Path) -> None:
    assert Calibration.load(tmp_path) == Calibration()
    calibration = Calibration(Evidence(0.4, 0.2, 1.5, 2.0), -4.0, 0.7)
    (tmp_path / CALIBRATION_FILE).write_text(json.dumps(calibration.to_dict()))
    assert Calibration.load(tmp_path) == calibration


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"weights": {"logit": 1}, "intercept": 0}',
        '{"weights": {"logit": "x"}, "intercept": 0, "threshold": 0.5}',
        '{"weights": {"length": 1}, "intercept": 0, "threshold": 0.5}',
        '{"weights": {"logit": 1}, "intercept": NaN, "threshold": 0.5}',
        '{"weights": {"logit": 1}, "intercept": 0, "threshold": 1.5}',
    ],
)
def test_a_file_that_is_no_calibration_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / CALIBRATION_FILE).write_text(content)
    with pytest.raises(ModelError, match=r"expected JSON with weights \(logit, support, .*fit it"):
        Calibration.load(tmp_path)


def test_the_reader_in_the_package_is_calibrated() -> None:
    calibration = Calibration.load(DEFAULT_READER)
    assert min(calibration.weights[:3]) > 0 > calibration.weights.bm25_gap
    # Its logits run from -5 to 25: neither end is certain whatever else speaks for a span.
    assert calibration.confidence(Evidence(-5, 0, 1, 0)) < 0.5
    assert calibration.confidence(Evidence(25, 20, 0, 9)) > 0.5
    # One in ten of the answers may be wrong at the threshold and above: fewer above, so more at it.
    assert 0.5 < calibration.threshold < 0.9


def test_the_fit_gives_the_shares_that_were_seen() -> None:
    # With two logits the maximum likelihood is exact: a confidence of 1/4 at 2 and of 9/10 at 6.
    low, high = Evidence(2, 1, 0.5, 0.5), Evidence(6, 1, 0.5, 0.5)
    seen = [(low, True), *[(low, False)] * 3, *[(high, True)] * 9, (high, False)]
    calibration = fit(seen)
    assert calibration.confidence(low) == pytest.approx(0.25, abs=1e-3)
    assert calibration.confidence(high) == pytest.approx(0.9, abs=1e-3)
    # Nine in ten are right from the higher confidence on, and not from the lower.
    assert calibration.threshold == pytest.approx(0.9, abs=1e-3)


def test_the_fit_weighs_each_piece_of_evidence() -> None:
    rng = np.random.default_rng(0)
    seen = [Evidence(*row) for row in rng.normal(size=(5000, 4)).tolist()]
    true = Calibration(Evidence(1.0, 0.5, 2.0, -1.0), -0.5)
    right = rng.random(5000) < [true.confidence(evidence) for evidence in seen]
    fitted = fit(list(zip(seen, right.tolist(), strict=True)))
    assert fitted.weights == pytest.approx(true.weights, abs=0.2)
    assert fitted.intercept == pytest.approx(true.intercept, abs=0.2)


def test_there_is_nothing_to_fit_where_all_is_right() -> None:
    with pytest.raises(DatasetError, match="All answers are right, or none is"):
        fit([(Evidence(1.0), True), (Evidence(2.0), True)])


def test_a_calibration_sees_right_answers_and_articles_without_them() -> None:
    # The reader says Florida wherever it stands, else Paris: right for the first question and wrong
    # for the second, and for the first once more without Florida's paragraph.
    text = "Talks in Florida.\n\nThen Paris."
    asked = tuple(
        Question(f"q{n}", "talks", (gold,), Span(0, len(text)))
        for n, gold in enumerate([Span(9, 16), Span(24, 29)])
    )
    corpora = lay_out([QuestionSet(Article("a", "A", text), asked)], also=["removed"])
    reader = PhraseReader(Florida=4, Paris=-2)
    seen = list(observe(corpora, WordEncoder(max_tokens=3), reader))
    assert [(evidence.logit, right) for evidence, right in seen] == [
        (4, True),
        (4, False),
        (-2, False),
    ]
