"""The table of a run of the benchmark, in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from eval.bench.measuring import BATCH, Speed
from eval.bench.record import Limit, Measured, Record

BEGIN = "<!-- article-qa bench: begin -->"
END = "<!-- article-qa bench: end -->"
OURS = "ours"
"""The system that others are held against."""
_PERCENTILES = (50, 95, 99)

Value = float | None
Part = TypeVar("Part")


def table(record: Record) -> str:
    """Return all that a run measured, as Markdown."""
    parts = [f"`{record.command}`", _machine(record)]
    if record.partial:
        parts.append("PARTIAL: the run was stopped before the end.")
    if record.systems:
        parts.append(_speeds(record.systems))
    if record.limit is not None:
        parts.append(_limit(record.limit))
    return "\n\n".join(parts)


def write_table(record: Record, path: Path) -> None:
    """Write the table to a file, in place of the one that stands there between its two marks."""
    part = f"{BEGIN}\n{table(record)}\n{END}"
    text = path.read_text("utf-8") if path.exists() else ""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    written = before + part + after if begin and end else f"{part}\n"
    path.write_text(written, encoding="utf-8")


def percentile(values: Sequence[float], percent: float) -> float:
    """Return a percentile, between the two nearest values where it falls between them."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _machine(record: Record) -> str:
    threads = {speed.threads for each in record.systems.values() for speed in each.speeds}
    told = {**record.machine, "threads": "/".join(map(str, sorted(threads)))}
    return ", ".join(f"{name} {value}" for name, value in told.items() if value)


def _speeds(systems: Mapping[str, Measured]) -> str:
    """Lay out a row for each figure and a column for each system."""
    started = {name: each.start for name, each in systems.items()}
    rows = [
        _row("Import, s", started, lambda start: start.import_s, 2),
        _row("Cold start to the first answer, s", started, lambda start: start.first_answer_s, 2),
        _row("the same, shipped article, s", started, lambda start: start.shipped_answer_s, 2),
        _row("Peak memory of that, MB", started, lambda start: start.peak_mb, 0),
    ]
    for count in sorted({speed.articles for each in systems.values() for speed in each.speeds}):
        rows.append([f"**{_articles(count)}**", *("" for _ in systems)])
        over = {name: each.over(count) for name, each in systems.items()}
        rows += [
            _row(f"Question, p{percent}, ms", over, _latency(percent), 1)
            for percent in _PERCENTILES
        ]
        rows += [
            _row("Questions a second", over, lambda s: s.questions_a_second, 1),
            _row("Indexing, characters a second", over, lambda s: s.indexed_a_second, 0),
            _row("Indexing, sentences a second", over, lambda s: s.sentences_a_second, 0),
            _row("Peak memory, MB", over, lambda s: s.peak_mb, 0),
            _row("F1, every question answered", over, lambda s: s.f1, 1, ratio=False),
            _row("Citation hit@1, likewise", over, lambda s: s.citation_hit, 1, ratio=False),
        ]
    shown = [row for row in rows if row is not None]
    together = [
        each.label for each in systems.values() if any(s.batch_s is not None for s in each.speeds)
    ]
    return markdown(["", *(each.label for each in systems.values())], shown) + (
        f"\n\nIn brackets: how many times ours. Questions a second: {BATCH} at once by "
        f"{', '.join(together) or 'none'}, one by one by the others."
    )


def _row(
    label: str,
    measured: Mapping[str, Part | None],
    value: Callable[[Part], Value],
    decimals: int,
    *,
    ratio: bool = True,
) -> list[str] | None:
    """Return the cells of a figure; None if no system has it."""
    values = {name: None if part is None else value(part) for name, part in measured.items()}
    if all(each is None for each in values.values()):
        return None
    ours = values.get(OURS) if ratio else None
    return [
        label,
        *(
            _cell(each, decimals, beside=None if name == OURS else ours)
            for name, each in values.items()
        ),
    ]


def _cell(value: Value, decimals: int, *, beside: Value = None) -> str:
    if value is None:
        return "-"
    shown = f"{value:,.{decimals}f}"
    return f"{shown} (×{value / beside:.2f})" if beside else shown


def _latency(percent: float) -> Callable[[Speed], float]:
    return lambda speed: percentile(speed.latencies_ms, percent)


def _articles(count: int) -> str:
    return "One article" if count == 1 else f"{count:,} articles"


def _limit(limit: Limit) -> str:
    def of(multiply_adds: float) -> list[Value]:
        return [
            None if rate is None else 1000 * multiply_adds / rate for rate in limit.rates.values()
        ]

    def times(measured_ms: float, limits: Sequence[Value]) -> list[str]:
        return [_cell(each and measured_ms / each, 1) for each in limits]

    reader, whole = of(limit.reader), of(limit.reader + limit.encoder)
    rates = [rate and rate / 1e9 for rate in limit.rates.values()]
    rows = [
        ["Products, 10⁹ multiply-adds a second", *(_cell(rate, 0) for rate in rates)],
        ["Limit of the reader's batch, ms", *(_cell(each, 1) for each in reader)],
        ["Limit of the encoder's call, ms", *(_cell(each, 2) for each in of(limit.encoder))],
        [
            f"Reader's batch, {limit.reader_ms:.1f} ms: times its limit",
            *times(limit.reader_ms, reader),
        ],
        [
            f"Whole question, {limit.question_ms:.1f} ms: times the limit of both",
            *times(limit.question_ms, whole),
        ],
    ]
    return (
        f"A question of one article, on average: {limit.tokens:,.0f} tokens read, "
        f"{limit.reader / 1e9:.2f} · 10⁹ multiply-adds by the reader, {limit.encoder / 1e9:.2f} · "
        f"10⁹ by the encoder, in {limit.precision}.\n\n{markdown(['', *limit.rates], rows)}"
    )


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; all columns but the first hold numbers."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
