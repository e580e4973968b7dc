"""How the figures of a run are shown."""

from __future__ import annotations

from eval.runner import Summary


def table(summary: Summary) -> str:
    """Lay out the figures for a person to read."""
    rows = [
        ("Questions", f"{summary.questions}"),
        ("  answered by the article", f"{summary.answerable}"),
        ("  not answered by it", f"{summary.questions - summary.answerable}"),
        ("Exact match", _percent(summary.exact_match)),
        ("F1", _percent(summary.f1)),
        ("Answerable: exact match", _percent(summary.answerable_exact_match)),
        ("Answerable: F1", _percent(summary.answerable_f1)),
        ("Answerable: accuracy (answered)", _percent(summary.answerable_accuracy)),
        ("Unanswerable: accuracy (abstained)", _percent(summary.unanswerable_accuracy)),
        ("Citation hit@1", _percent(summary.citation_hit_at_1)),
        ("Citation hit@3", _percent(summary.citation_hit_at_3)),
        ("Retrieval MRR", _percent(summary.retrieval_mrr)),
        ("Latency p50", f"{summary.latency_p50_ms:.0f} ms"),
        ("Latency p95", f"{summary.latency_p95_ms:.0f} ms"),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {figure:>7}" for name, figure in rows)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
