"""The figures of a run, each with its interval, from the results of its questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eval.measures import selective
from eval.measures.results import Result
from eval.measures.retrieval import retrieval_figures
from qa import Outcome

RESAMPLES = 1000
SEED = 0
_COVERED = 0.9  # of the answerable questions, where abstention is measured "at 90 % answered"

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Figure:
    """One figure of a run.

    Attributes:
        name: What ``--fail-under`` and JSON call it.
        label: What a person calls it.
        value: In percent, but for the ECE, AUC, AURC and MRR, which are in 0..1, latencies in
            milliseconds, and counts; None where there was nothing to measure.
        low: The lower end of the 95 % interval by the percentile bootstrap over questions (Efron
            1979, 1,000 resamples); None for counts and latencies.
        high: The upper end.
        decimals: How many decimals are worth showing.
    """

    name: str
    label: str
    value: float | None
    decimals: int = 1
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, eq=False)
class Columns:
    """What figures are computed from: a value for each question, in the order of the results.

    The answerability is not a number where it was not measured.
    """

    answerable: Flags
    removed: Flags
    other: Flags
    outcome: NDArray[np.str_]
    given: Flags
    confidence: Floats
    answerability: Floats
    right: Flags
    rival_right: Flags
    exact_match: Floats
    f1: Floats
    guess_exact_match: Floats
    guess_f1: Floats
    first_cited: Flags
    three_cited: Flags
    retrieval: dict[str, Floats]

    def take(self, rows: NDArray[np.int64]) -> Columns:
        """Return the columns with these rows, which may repeat."""
        columns = {name: column[rows] for name, column in vars(self).items() if name != "retrieval"}
        retrieval = {name: column[rows] for name, column in self.retrieval.items()}
        return Columns(**columns, retrieval=retrieval)


Formula = Callable[[Columns], float | None]


def _percent(values: Floats | Flags, among: Flags) -> float | None:
    return 100 * float(values[among].mean()) if among.any() else None


def _all(c: Columns) -> Flags:
    return np.ones(len(c.given), dtype=bool)


def _share(outcome: Outcome) -> Formula:
    return lambda c: _percent(c.outcome == outcome.value, _all(c))


def _of_outcome(outcome: Outcome, true: Callable[[Columns], Flags]) -> Formula:
    return lambda c: _percent(true(c), c.outcome == outcome.value)


def _auc_of_confidence(c: Columns) -> float | None:
    """Tell right guesses from those at questions without an answer; wrong ones are left out."""
    held = c.right | ~c.answerable
    return selective.auc(c.confidence[held], c.right[held])


def _of_answerability(measure: Callable[[Floats, Flags], float | None]) -> Formula:
    def measured(c: Columns) -> float | None:
        known = ~np.isnan(c.answerability)
        return measure(c.answerability[known], c.answerable[known]) if known.any() else None

    return measured


def _abstained_at_coverage(c: Columns) -> float | None:
    """Return how many unanswerable questions get no answer if 90 % of the others get one."""
    if not c.answerable.any() or c.answerable.all():
        return None
    threshold = np.quantile(c.confidence[c.answerable], 1 - _COVERED, method="lower")
    return _percent(c.confidence < threshold, ~c.answerable)


def _coverage_of_answerable(c: Columns) -> float | None:
    if not c.answerable.any():
        return None
    return 100 * selective.coverage_at(0.9, c.confidence[c.answerable], c.right[c.answerable])


def _retrieval(name: str, scale: float = 100.0) -> Formula:
    def mean(c: Columns) -> float | None:
        return scale * float(c.retrieval[name][c.answerable].mean()) if c.answerable.any() else None

    return mean


FORMULAS: list[tuple[str, str, int, Formula]] = [
    ("answered_share", "Outcome: answered", 1, _share(Outcome.ANSWERED)),
    ("answered_right", "  right", 1, _of_outcome(Outcome.ANSWERED, lambda c: c.right)),
    ("probable_share", "Outcome: probable", 1, _share(Outcome.PROBABLE)),
    ("probable_right", "  right", 1, _of_outcome(Outcome.PROBABLE, lambda c: c.right)),
    ("close_call_share", "Outcome: close call", 1, _share(Outcome.CLOSE_CALL)),
    ("close_call_right", "  one of the two is right", 1,
     _of_outcome(Outcome.CLOSE_CALL, lambda c: c.rival_right)),
    ("not_found_share", "Outcome: not found", 1, _share(Outcome.NOT_FOUND)),
    ("refusal_precision", "  there is no answer", 1,
     _of_outcome(Outcome.NOT_FOUND, lambda c: ~c.answerable)),
    ("not_for_me_share", "Outcome: not for me", 1, _share(Outcome.NOT_FOR_ME)),
    ("small_talk_share", "Outcome: small talk", 1, _share(Outcome.SMALL_TALK)),
    ("answerable_right", "Answerable: given the right words", 1,
     lambda c: _percent(c.given & c.right, c.answerable)),
    ("exact_match", "Exact match", 1, lambda c: _percent(c.exact_match, _all(c))),
    ("f1", "F1", 1, lambda c: _percent(c.f1, _all(c))),
    ("answered", "Answerable: given an answer", 1, lambda c: _percent(c.given, c.answerable)),
    ("answerable_f1", "Answerable: F1", 1, lambda c: _percent(c.f1, c.answerable)),
    ("abstained", "Unanswerable: abstained", 1, lambda c: _percent(~c.given, ~c.answerable)),
    ("abstained_removed", "  answer removed", 1, lambda c: _percent(~c.given, c.removed)),
    ("abstained_other", "  of another article", 1, lambda c: _percent(~c.given, c.other)),
    ("precision", "Answers given: right", 1, lambda c: _percent(c.right, c.given)),
    ("citation_hit@1", "Citation hit@1", 1,
     lambda c: _percent(c.given & c.first_cited, c.answerable)),
    ("citation_hit@3", "Citation hit@3", 1,
     lambda c: _percent(c.given & c.three_cited, c.answerable)),
    ("citation_precision", "Citations given: true", 1,
     lambda c: _percent(c.first_cited, c.given)),
    ("forced_exact_match", "No abstention: exact match", 1,
     lambda c: _percent(c.guess_exact_match, c.answerable)),
    ("forced_f1", "No abstention: F1", 1, lambda c: _percent(c.guess_f1, c.answerable)),
    ("forced_citation_hit@1", "No abstention: citation hit@1", 1,
     lambda c: _percent(c.first_cited, c.answerable)),
    ("recall@1", "Passage recall@1", 1, _retrieval("recall@1")),
    ("recall@5", "Passage recall@5", 1, _retrieval("recall@5")),
    ("recall@10", "Passage recall@10", 1, _retrieval("recall@10")),
    ("mrr", "Passage MRR", 3, _retrieval("mrr", 1.0)),
    ("ece", "Expected calibration error", 3,
     lambda c: selective.calibration_error(c.confidence, c.right)),
    ("answerability_ece", "  of the answerability", 3,
     _of_answerability(selective.calibration_error)),
    ("auc", "AUC, right against unanswerable", 3, _auc_of_confidence),
    ("answerability_auc", "  of the answerability", 3, _of_answerability(selective.auc)),
    ("aurc", "Area under risk-coverage", 3,
     lambda c: selective.risk_coverage_area(c.confidence, c.right)),
    ("coverage@80", "Coverage at 80 % accuracy", 1,
     lambda c: 100 * selective.coverage_at(0.8, c.confidence, c.right)),
    ("coverage@90", "Coverage at 90 % accuracy", 1,
     lambda c: 100 * selective.coverage_at(0.9, c.confidence, c.right)),
    ("answerable_coverage@90", "  of the answerable alone", 1, _coverage_of_answerable),
    ("abstained@90", "Abstained, 90 % of the others answered", 1,
     _abstained_at_coverage),
]  # fmt: skip
_COUNTS = ("questions", "answerable")
_LATENCIES = ("latency_p50", "latency_p95")
_LOWER_IS_BETTER = {"ece", "answerability_ece", "aurc", *_LATENCIES}
FIGURE_NAMES = (*_COUNTS, *(name for name, *_ in FORMULAS), *_LATENCIES)


def figures(results: Sequence[Result]) -> list[Figure]:
    """Sum up the results of at least one question, in the order in which figures are shown."""
    measured_on = columns(results)
    rng = np.random.default_rng(SEED)
    resampled = [
        measured_on.take(rng.integers(len(results), size=len(results))) for _ in range(RESAMPLES)
    ]
    measured = []
    for name, label, decimals, formula in FORMULAS:
        figure = Figure(name, label, formula(measured_on), decimals)
        if figure.value is not None:
            values = [value for each in resampled if (value := formula(each)) is not None]
            low, high = np.percentile(values, [2.5, 97.5]).tolist()
            figure = replace(figure, low=low, high=high)
        measured.append(figure)
    p50, p95 = np.percentile([result.latency_ms for result in results], [50, 95]).tolist()
    return [
        Figure("questions", "Questions", len(results), 0),
        Figure("answerable", "  answerable", int(measured_on.answerable.sum()), 0),
        *measured,
        Figure("latency_p50", "Latency p50, ms", p50, 0),
        Figure("latency_p95", "Latency p95, ms", p95, 0),
    ]


def columns(results: Sequence[Result]) -> Columns:
    """Return what figures are computed from."""

    def flags(value: Callable[[Result], bool]) -> Flags:
        return np.array([value(result) for result in results], dtype=bool)

    def numbers(value: Callable[[Result], float]) -> Floats:
        return np.array([value(result) for result in results], dtype=np.float64)

    return Columns(
        answerable=flags(lambda r: r.answerable),
        removed=flags(lambda r: r.kind == "removed"),
        other=flags(lambda r: r.kind == "other"),
        outcome=np.array([result.outcome.value for result in results], dtype=np.str_),
        given=flags(lambda r: r.answer is not None),
        confidence=numbers(lambda r: r.confidence),
        answerability=numbers(lambda r: np.nan if r.answerability is None else r.answerability),
        right=flags(lambda r: r.guess_right),
        rival_right=flags(lambda r: r.rival_right),
        exact_match=numbers(lambda r: r.exact_match),
        f1=numbers(lambda r: r.f1),
        guess_exact_match=numbers(lambda r: r.guess_exact_match),
        guess_f1=numbers(lambda r: r.guess_f1),
        first_cited=flags(lambda r: any(r.cited[:1])),
        three_cited=flags(lambda r: any(r.cited[:3])),
        retrieval=retrieval_figures([result.rank for result in results]),
    )


def unmet(demands: Mapping[str, float], measured: Sequence[Figure]) -> list[str]:
    """Return what is to be said of each figure that is worse than demanded, or was not measured."""
    by_name = {figure.name: figure.value for figure in measured}
    failed = []
    for name, demanded in demands.items():
        value = by_name[name]
        if value is None:
            failed.append(f"{name} was not measured, {demanded:g} demanded")
        elif name in _LOWER_IS_BETTER and value > demanded:
            failed.append(f"{name} is {value:.4g}, at most {demanded:g} demanded")
        elif name not in _LOWER_IS_BETTER and value < demanded:
            failed.append(f"{name} is {value:.4g}, at least {demanded:g} demanded")
    return failed
