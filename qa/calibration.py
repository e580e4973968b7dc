"""From what speaks for a span to the probability that it is right, in one place."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import ModelError

CALIBRATION_FILE = "calibration.json"


class Evidence(NamedTuple):
    """What speaks for a span being the answer.

    Attributes:
        logit: How much likelier than no answer the reader finds the span, where it stands best: see
            :class:`qa.reader.ReaderSpan`.
        support: The same in the second best passage that the reader finds the span in, or one that
            overlaps it; 0.0 if there is none.
        similarity: The cosine of the question and the most similar sentence of a passage that the
            span was read in, in -1..1.
        bm25_gap: How far the BM25 score of such a passage is below that of the passage that shares
            most words with the question; 0.0 if it is that passage.
    """

    logit: float = 0.0
    support: float = 0.0
    similarity: float = 0.0
    bm25_gap: float = 0.0


LOGIT_ALONE = Evidence(logit=1.0)


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
    """

    weights: Evidence = LOGIT_ALONE
    intercept: float = 0.0
    threshold: float = 0.5

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read a reader folder's calibration.

        Raises:
            ModelError: The file is there but is not a calibration.
        """
        try:
            values = json.loads((folder / CALIBRATION_FILE).read_text(encoding="utf-8"))
            weights = {name: float(weight) for name, weight in values["weights"].items()}
            calibration = cls(
                Evidence(**weights), float(values["intercept"]), float(values["threshold"])
            )
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            calibration = None
        if calibration is None or not calibration._is_sound():
            raise ModelError(
                f"{folder / CALIBRATION_FILE}: expected JSON with weights "
                f"({', '.join(Evidence._fields)}), an intercept and a threshold in 0..1, all of "
                "them numbers; fit it again with `python -m eval.calibration`, or remove it to go "
                "uncalibrated."
            )
        return calibration

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold, and :meth:`load` reads."""
        return {
            "weights": self.weights._asdict(),
            "intercept": self.intercept,
            "threshold": self.threshold,
        }

    def confidence(self, evidence: Evidence) -> float:
        """Return the probability, in 0..1, that a span with this evidence is right."""
        log_odds = self.intercept + sum(
            weight * value for weight, value in zip(self.weights, evidence, strict=True)
        )
        # Both branches keep exp from overflowing.
        if log_odds >= 0:
            return 1 / (1 + math.exp(-log_odds))
        return math.exp(log_odds) / (1 + math.exp(log_odds))

    def _is_sound(self) -> bool:
        numbers = (*self.weights, self.intercept, self.threshold)
        return all(map(math.isfinite, numbers)) and 0 <= self.threshold <= 1
