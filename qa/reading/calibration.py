"""From what speaks for a span to the probability that it is right, in one place."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ModelError
from qa.reading.evidence import Evidence, Support

CALIBRATION_FILE = "calibration.json"


LOGIT_ALONE = Evidence(logit=1.0)


_SHIPPED_SUPPORT = Support(similarity=2.622, shared=2.004, lead=2.756, logit=0.581, rival=-0.342)
_UTMOST = Evidence(logit=8.0, support=3.0)


@dataclass(frozen=True)
class SentenceCalibration:
    """A logistic regression of "this sentence speaks to the question" on what speaks for it.

    Attributes:
        weights: How much each piece adds to the log-odds. The default is what
            ``python -m eval.evidence`` fitted to the reader in the package: see eval/README.md.
        intercept: The log-odds without any.
    """

    weights: Support = _SHIPPED_SUPPORT
    intercept: float = -4.332

    def confidence(self, support: Support) -> float:
        """Return the probability, in 0..1, that a sentence speaks to the question."""
        return _probability(self.intercept, self.weights, support)


@dataclass(frozen=True)
class Calibration:
    """A logistic regression of "this span is right" on its evidence.

    ``confidence = 1 / (1 + exp(-(intercept + the sum of weight * evidence)))``, with weights fitted
    to questions whose answers are known (as Platt 1999 does with a score alone), so that of the
    answers given with a confidence of 0.8, eight in ten are right. The weights belong to a reader
    and stand in its folder; ``eval.calibration`` fits them. A reader without them has its logit
    alone: then a confidence of 0.5 means that the reader finds the span as likely as no answer, and
    it is otherwise a ranking, not a probability.

    Attributes:
        weights: How much each piece of evidence adds to the log-odds.
        intercept: The log-odds without any.
        threshold: The confidence from which on one in ten of the answers given is wrong, on the
            questions that the weights were fitted to.
        utmost: What logit and support a span of an unread passage may reach; few spans do.
        yes_no: The same for the sentences shown for yes/no questions: the reader's logits are part
            of what speaks for them.
    """

    weights: Evidence = LOGIT_ALONE
    intercept: float = 0.0
    threshold: float = 0.5
    utmost: Evidence = _UTMOST
    yes_no: SentenceCalibration = SentenceCalibration()

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read a reader folder's calibration.

        Raises:
            ModelError: The file is there but is not a calibration.
        """
        try:
            calibration = cls._of(json.loads((folder / CALIBRATION_FILE).read_text("utf-8")))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            calibration = None
        if calibration is None or not calibration._is_sound():
            raise ModelError(
                f"{folder / CALIBRATION_FILE}: expected JSON with weights "
                f"({', '.join(Evidence._fields)}), an intercept and a threshold in 0..1, all of "
                "them numbers, and perhaps utmost (logit, support) and yes_no (weights, "
                "intercept); fit it again with `python -m eval.calibration`, or remove it to go "
                "uncalibrated."
            )
        return calibration

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Calibration:
        """Take what JSON holds; files from before readers had the last two lack them."""
        yes_no, default = values.get("yes_no"), cls()
        return cls(
            Evidence(**_numbers(values["weights"])),
            float(values["intercept"]),
            float(values["threshold"]),
            Evidence(**_numbers(values["utmost"])) if "utmost" in values else default.utmost,
            default.yes_no
            if yes_no is None
            else SentenceCalibration(
                Support(**_numbers(yes_no["weights"])), float(yes_no["intercept"])
            ),
        )

    def save(self, folder: Path) -> Path:
        """Write the calibration into a reader's folder, and return where it stands."""
        path = folder / CALIBRATION_FILE
        path.write_text(json.dumps(self.to_dict(), indent=2) + "\n", encoding="utf-8")
        return path

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold, and :meth:`load` reads."""
        return {
            "weights": self.weights._asdict(),
            "intercept": self.intercept,
            "threshold": self.threshold,
            "utmost": {"logit": self.utmost.logit, "support": self.utmost.support},
            "yes_no": {
                "weights": self.yes_no.weights._asdict(),
                "intercept": self.yes_no.intercept,
            },
        }

    def confidence(self, evidence: Evidence) -> float:
        """Return the probability, in 0..1, that a span with this evidence is right."""
        return _probability(self.intercept, self.weights, evidence)

    def _is_sound(self) -> bool:
        numbers = (
            *(*self.weights, self.intercept, self.threshold),
            *(*self.utmost, *self.yes_no.weights, self.yes_no.intercept),
        )
        return all(map(math.isfinite, numbers)) and 0 <= self.threshold <= 1


def _numbers(values: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items()}


def _probability(intercept: float, weights: Sequence[float], values: Sequence[float]) -> float:
    log_odds = intercept + sum(
        weight * value for weight, value in zip(weights, values, strict=True)
    )
    # Both branches keep exp from overflowing.
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return math.exp(log_odds) / (1 + math.exp(log_odds))
