"""From a reader's logit to a probability, in one place."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError

CALIBRATION_FILE = "calibration.json"


@dataclass(frozen=True)
class Calibration:
    """Platt scaling: ``confidence = 1 / (1 + exp(-(slope * logit + intercept)))``.

    The two numbers are fitted to questions whose answers are known (Platt 1999), so that of the
    answers given with a confidence of 0.8, eight in ten are right. They belong to a reader's
    weights and stand in its folder; ``eval.calibration`` fits them. A reader without them gets
    slope 1 and intercept 0: then a confidence of 0.5 means that the reader finds the span as
    likely as no answer, and it is otherwise a ranking, not a probability.

    Attributes:
        slope: Per unit of the logit.
        intercept: The log-odds at logit 0.
    """

    slope: float = 1.0
    intercept: float = 0.0

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read a reader folder's calibration.

        Raises:
            ModelError: The file is there but does not hold the two numbers.
        """
        try:
            values = json.loads((folder / CALIBRATION_FILE).read_text(encoding="utf-8"))
            return cls(slope=float(values["slope"]), intercept=float(values["intercept"]))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError):
            raise ModelError(
                f"{folder / CALIBRATION_FILE}: expected JSON with the numbers slope and intercept; "
                "mend it, or remove it to go uncalibrated."
            ) from None

    def confidence(self, logit: float) -> float:
        """Return the probability, in 0..1, that a span with this logit is right."""
        log_odds = self.slope * logit + self.intercept
        # Both branches keep exp from overflowing.
        if log_odds >= 0:
            return 1 / (1 + math.exp(-log_odds))
        return math.exp(log_odds) / (1 + math.exp(log_odds))
