"""What changed between two runs over the same questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.measures.figures import FORMULAS, RESAMPLES, SEED, Figure, columns
from eval.measures.results import Result
from qa import DatasetError


@dataclass(frozen=True)
class Comparison:
    """What changed from run A to run B.

    Attributes:
        questions: How many questions are in both.
        only_a: How many are in A alone, and were left out.
        only_b: How many are in B alone, and were left out.
        figures: Each figure in A, in B, and their difference with its 95 % interval by the paired
            bootstrap: both runs are resampled with the same questions (Koehn 2004, section 3).
        changed: What came out in A and in B for the questions whose verdict changed.
    """

    questions: int
    only_a: int
    only_b: int
    figures: tuple[tuple[Figure, Figure, Figure], ...]
    changed: tuple[tuple[Result, Result], ...]


def compare(a: Sequence[Result], b: Sequence[Result]) -> Comparison:
    """Compare two runs, question by question.

    Raises:
        DatasetError: They share no question, or a question of one id differs in its text.
    """
    of_a = {(result.id, result.kind): result for result in a}
    of_b = {(result.id, result.kind): result for result in b}
    pairs = [(result, of_b[key]) for key, result in of_a.items() if key in of_b]
    if not pairs:
        raise DatasetError("The two runs share no question; compare runs over one question set.")
    for before, after in pairs:
        if before.question != after.question:
            raise DatasetError(
                f"Question {before.id} is {before.question!r} in one run and {after.question!r} in "
                "the other; compare runs over one question set."
            )
    return Comparison(
        questions=len(pairs),
        only_a=len(of_a) - len(pairs),
        only_b=len(of_b) - len(pairs),
        figures=_differences(pairs),
        changed=tuple(pair for pair in pairs if pair[0].verdict != pair[1].verdict),
    )


def _differences(
    pairs: Sequence[tuple[Result, Result]],
) -> tuple[tuple[Figure, Figure, Figure], ...]:
    before, after = columns([a for a, _ in pairs]), columns([b for _, b in pairs])
    rng = np.random.default_rng(SEED)
    resampled = []
    for _ in range(RESAMPLES):
        rows = rng.integers(len(pairs), size=len(pairs))
        resampled.append((before.take(rows), after.take(rows)))
    differences = []
    for name, label, decimals, formula in FORMULAS:
        a, b = formula(before), formula(after)
        if a is None or b is None:
            continue
        drawn = [(formula(own), formula(other)) for own, other in resampled]
        changes = [y - x for x, y in drawn if x is not None and y is not None]
        low, high = np.percentile(changes, [2.5, 97.5]).tolist()
        differences.append(
            (
                Figure(name, label, a, decimals),
                Figure(name, label, b, decimals),
                Figure(name, label, b - a, decimals, low, high),
            )
        )
    return tuple(differences)
