"""How the figures of a run are shown."""

from __future__ import annotations

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
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {figure:>7}" for name, figure in rows)


def _number(value: float | None, *, decimals: int = 1) -> str:
    return "-" if value is None else f"{value:.{decimals}f}"
