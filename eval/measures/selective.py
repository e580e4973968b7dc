"""How far a chance can be trusted: calibration, and answering only some of the questions.

Everything here takes two arrays of one length: a chance in 0..1 for each question, and whether it
came true. Mostly that is the confidence in its best span, and whether that span is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Bin:
    """The questions whose confidence lies in one range.

    Attributes:
        count: How many there are.
        confidence: Their mean confidence.
        accuracy: The share of them whose span is right.
    """

    count: int
    confidence: float
    accuracy: float


def reliability(confidence: Floats, right: Flags) -> list[Bin]:
    """Part questions into ten ranges of confidence of one width, leaving out the empty ones."""
    number = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        Bin(int(own.sum()), float(confidence[own].mean()), float(right[own].mean()))
        for own in (number == each for each in range(BINS))
        if own.any()
    ]


def calibration_error(confidence: Floats, right: Flags) -> float:
    """Return the expected calibration error, in 0..1 (Guo et al. 2017, equation 3)."""
    bins = reliability(confidence, right)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in bins) / max(len(right), 1)


def risk_coverage(confidence: Floats, right: Flags) -> tuple[Floats, Floats]:
    """Return the risk-coverage curve (Geifman and El-Yaniv 2017).

    Returns:
        For every confidence that occurs, highest first, if questions of that confidence or more
        are answered: the share of the questions that get an answer, and the share of those answers
        that are wrong.
    """
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(order) + 1)
    risk = np.cumsum(~right[order]) / answered
    last = np.append(np.diff(confidence[order]) != 0, True)[: len(order)]  # of equal ones
    return answered[last] / max(len(order), 1), risk[last]


def risk_coverage_area(confidence: Floats, right: Flags) -> float:
    """Return the area under the risk-coverage curve, in 0..1; lower is better."""
    coverage, risk = risk_coverage(confidence, right)
    return float((np.diff(coverage, prepend=0.0) * risk).sum())


def coverage_at(accuracy: float, confidence: Floats, right: Flags) -> float:
    """Return the largest share of questions that can be answered with this accuracy, in 0..1."""
    coverage, risk = risk_coverage(confidence, right)
    enough = coverage[1 - risk >= accuracy - 1e-12]
    return float(enough.max(initial=0.0))


def auc(confidence: Floats, right: Flags) -> float | None:
    """Return the area under the ROC curve, in 0..1 (Hanley and McNeil 1982).

    It is how often one that came true has the higher chance than one that did not; where the two
    have the same, that counts half. None where all came true, or none did.
    """
    true, false = confidence[right], np.sort(confidence[~right])
    if not len(true) or not len(false):
        return None
    below, not_above = np.searchsorted(false, true), np.searchsorted(false, true, side="right")
    return float((below + not_above).mean() / (2 * len(false)))


def threshold_at(accuracy: float, confidence: Floats, right: Flags) -> float:
    """Return the lowest confidence from which on answers have this accuracy; 1.0 if none does."""
    covered = coverage_at(accuracy, confidence, right)
    count = round(covered * len(confidence))
    return float(np.sort(confidence)[-count]) if count else 1.0
