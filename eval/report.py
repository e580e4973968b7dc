"""How the figures of a run are shown."""

from __future__ import annotations

from collections.abc import Sequence

from eval.reading import ReadingSummary
from eval.runner import Summary


def table(summary: Summary) -> str:
    """Lay out the figures for a person to read."""
    rows = [
        ("Questions", f"{summary.questions}"),
        ("  answered by the article", f"{summary.answerable}"),
        ("  not answered by it", f"{summary.questions - summary.answerable}"),
        ("Exact match", _number(summary.exact_match)),
        ("F1", _number(summary.f1)),
        ("Answerable: exact match", _number(summary.answerable_exact_match)),
        ("Answerable: F1", _number(summary.answerable_f1)),
        ("Answerable: accuracy (answered)", _number(summary.answerable_accuracy)),
        ("Unanswerable: accuracy (abstained)", _number(summary.unanswerable_accuracy)),
        ("Citation hit@1", _number(summary.citation_hit_at_1)),
        ("Citation hit@3", _number(summary.citation_hit_at_3)),
        ("Retrieval MRR", _number(summary.retrieval_mrr, decimals=3)),
        ("Latency p50", f"{summary.latency_p50_ms:.0f} ms"),
        ("Latency p95", f"{summary.latency_p95_ms:.0f} ms"),
    ]
    return _lay_out(rows)


def reading_table(summary: ReadingSummary) -> str:
    """Lay out the figures of the reader alone."""
    rows = [
        ("Questions", f"{summary.questions}"),
        ("  answered by their paragraph", f"{summary.answerable}"),
        ("Exact match", _number(summary.exact_match)),
        ("F1", _number(summary.f1)),
    ]
    if summary.threshold is not None:
        rows += [
            ("Best threshold (logit)", _number(summary.threshold)),
            ("  exact match", _number(summary.threshold_exact_match)),
            ("  F1", _number(summary.threshold_f1)),
            ("  answerable: F1", _number(summary.answerable_f1)),
            ("  unanswerable: accuracy", _number(summary.unanswerable_accuracy)),
        ]
    return _lay_out(rows)


def _lay_out(rows: Sequence[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {figure:>7}" for name, figure in rows)


def _number(value: float | None, *, decimals: int = 1) -> str:
    return "-" if value is None else f"{value:.{decimals}f}"
