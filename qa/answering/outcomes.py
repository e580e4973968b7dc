"""Which outcome it is: what is sure enough to be given, and what else is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answers import Outcome
from qa.reading.calibration import Calibration
from qa.reading.candidates import Candidate
from qa.reading.evidence import Evidence
from qa.reading.normalizing import says_the_same

EVEN = 0.5


@dataclass(frozen=True)
class Judge:
    """Tells outcomes apart.

    Attributes:
        calibration: Has the boundaries, and the chance that the articles answer.
        min_confidence: The confidence from which on an answer is given, whatever the boundaries;
            as they have it if None.
    """

    calibration: Calibration
    min_confidence: float | None = None

    def outcome(self, candidates: Sequence[Candidate]) -> Outcome:
        """Tell the outcome where these are the spans that were read, most confident first."""
        if not candidates:
            return Outcome.NOT_FOUND
        best = candidates[0]
        if self.min_confidence is not None:
            return self.of_confidence(best.confidence)
        rival = rival_of(candidates)
        return self.weighed(best.evidence, None if rival is None else rival.evidence)

    def weighed(self, best: Evidence, rival: Evidence | None) -> Outcome:
        """Tell the outcome by the boundaries.

        Args:
            best: What speaks for the most confident span.
            rival: The same for the most confident that says something else; None if there is none.
        """
        bounds, log_odds = self.calibration.boundaries, self.calibration.log_odds
        confidence = self.calibration.confidence(best)
        answered, likely = confidence >= bounds.answered, confidence >= EVEN
        if not (answered or likely or self._answerable(best) >= bounds.probable):
            return Outcome.NOT_FOUND
        if rival is not None and log_odds(best) - log_odds(rival) < bounds.close_call:
            return Outcome.CLOSE_CALL
        return Outcome.ANSWERED if answered else Outcome.PROBABLE

    @property
    def least(self) -> float:
        """The confidence that further parts, or other evidence, have to have: even odds."""
        return EVEN if self.min_confidence is None else self.min_confidence

    def of_confidence(self, confidence: float, *, given: bool = False) -> Outcome:
        """Tell the outcome where a confidence is all that is known.

        Args:
            confidence: The confidence.
            given: Whether an answer is given in any case.
        """
        if not given and confidence < self.least:
            return Outcome.NOT_FOUND
        answered = self.calibration.boundaries.answered
        return Outcome.ANSWERED if confidence >= answered else Outcome.PROBABLE

    def answerable(self, candidates: Sequence[Candidate]) -> float:
        """Return the chance, in 0..1, that the articles answer."""
        if not candidates:
            return 0.0
        return self._answerable(candidates[0].evidence)

    def _answerable(self, best: Evidence) -> float:
        # Where the best span is right, there is an answer.
        chance = self.calibration.answerable.probability(best)
        return max(chance, self.calibration.confidence(best))


def rival_of(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the most confident span that says something else than the first; None if none does."""
    best = candidates[0]
    return next((each for each in candidates if not says_the_same(each.text, best.text)), None)
