"""How the figures of a run are shown in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from eval.measures.compare import Comparison
from eval.measures.figures import Figure
from eval.measures.reader_alone import ReaderFigures
from eval.measures.results import Result
from qa import Outcome

_OF_OUTCOMES: dict[
    str, tuple[str, str | None]
] = {  # the figures of each: its share, and how often what is said is true
    "answered": ("answered_share", "answered_right"),
    "probable": ("probable_share", "probable_right"),
    "close call (true: one of the two)": ("close_call_share", "close_call_right"),
    "not found (true: there is no answer)": ("not_found_share", "refusal_precision"),
    "not for me": ("not_for_me_share", None),
    "small talk": ("small_talk_share", None),
}
_SHOWN_BY_OUTCOME = {name for names in _OF_OUTCOMES.values() for name in names}


def outcome_table(figures: Mapping[str, Sequence[Figure]]) -> str:
    """Lay out what came of the questions, outcome by outcome, a block for each system.

    The first system has its 95 % intervals. What is not for this program, and small talk, is left
    out where there is none.
    """
    rows: list[Sequence[str]] = []
    for number, (name, own) in enumerate(figures.items()):
        by_name = {figure.name: figure for figure in own}
        rows.append((name if len(figures) > 1 else "Outcome", "questions", "in percent", "true"))
        for label, (share_name, true_name) in _OF_OUTCOMES.items():
            share = by_name[share_name]
            if not share.value and true_name is None:
                continue
            count = round((share.value or 0) / 100 * (by_name["questions"].value or 0))
            cells = [share] if true_name is None else [share, by_name[true_name]]
            shown = [f"{_figure(each)}{_interval(each) if number == 0 else ''}" for each in cells]
            rows.append((label, str(count), *shown, *[""] * (2 - len(shown))))
    return _lay_out(rows)


def table(figures: Mapping[str, Sequence[Figure]]) -> str:
    """Lay out the figures of each system for a person to read, a column each.

    The first system has its 95 % intervals beside it. What was measured of none is left out, and
    what :func:`outcome_table` shows.
    """
    rows = [("", *figures)] if len(figures) > 1 else []
    for first, *others in zip(*figures.values(), strict=True):
        if first.name in _SHOWN_BY_OUTCOME:
            continue
        if all(figure.value is None for figure in (first, *others)):
            continue
        shown = f"{_figure(first)}{_interval(first)}"
        rows.append((first.label, shown, *map(_figure, others)))
    return _lay_out(rows)


def comparison_table(comparison: Comparison) -> str:
    """Lay out what changed between two runs, figures first, then question by question."""
    rows = [("", "A", "B", "B - A")]
    for before, after, change in comparison.figures:
        if change.value is not None:
            sure = "*" if _excludes_zero(change) else " "
            rows.append(
                (
                    before.label,
                    _figure(before),
                    _figure(after),
                    f"{change.value:+.{change.decimals}f}{_interval(change)} {sure}",
                )
            )
    parts = [f"Questions in both: {comparison.questions}", _lay_out(rows)]
    if comparison.only_a or comparison.only_b:
        parts.insert(1, f"Left out: {comparison.only_a} only in A, {comparison.only_b} only in B")
    parts.append("* the 95 % interval of the difference leaves out zero")
    moves = Counter((before.verdict, after.verdict) for before, after in comparison.changed)
    parts.append(
        "\n".join(
            f"{count:>5}  {before} -> {after}" for (before, after), count in moves.most_common()
        )
        or "No verdict changed."
    )
    parts += [_change(before, after) for before, after in comparison.changed]
    return "\n\n".join(parts)


def reader_table(summary: ReaderFigures) -> str:
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


def turns_table(figures: Mapping[str, float | None]) -> str:
    """Lay out the figures of conversations: each row in the conversation and written out."""

    def row(label: str, name: str, written_out: str) -> tuple[str, str, str]:
        return (label, _number(figures[name]), _number(figures[written_out]))

    rows = [
        ("", "in the conversation", "written out"),
        row("Turns that stand alone: right", "alone_right", "alone_right_in_full"),
        row("Follow-ups: right", "follow_ups_right", "follow_ups_right_in_full"),
        row("  of the answerable", "answerable_right", "answerable_right_in_full"),
        row("Follow-ups: latency, ms", "latency_ms", "latency_in_full_ms"),
    ]
    return (
        f"Turns {figures['turns']:.0f}, of which follow-ups {figures['follow_ups']:.0f}\n\n"
        f"{_lay_out(rows)}\n\n"
        "Answerable follow-ups right, of those right when written out: "
        f"{_number(figures['kept'])} %"
    )


def kinds_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Lay out the scores by kind of question."""
    names = ("questions", "score", "answerable", "abstained")
    shown: list[Sequence[str]] = [("", "questions", "score", "answerable", "unanswerable")]
    for row in rows:
        count, *shares = (row[name] for name in names)
        shown.append((str(row["kind"]), str(count), *map(_number, shares)))
    return _lay_out(shown)


def _change(before: Result, after: Result) -> str:
    return "\n".join(
        [
            f"{before.question}  [{before.article}; {before.id}; {before.kind}]",
            f"    accepted: {' | '.join(before.golds) or 'none'}",
            f"    A {before.verdict}: {_said(before)}",
            f"    B {after.verdict}: {_said(after)}",
        ]
    )


def _said(result: Result) -> str:
    if result.outcome is Outcome.CLOSE_CALL:
        said = f"{' or '.join(result.rivals)}?"
    elif result.answer is None:
        said = f"no answer (guess: {result.guess})"
    else:
        said = f"probably {result.answer}" if result.outcome is Outcome.PROBABLE else result.answer
    return f"{said}  ({result.confidence:.2f})"


def _figure(figure: Figure) -> str:
    return "-" if figure.value is None else f"{figure.value:.{figure.decimals}f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f" [{figure.low:.{figure.decimals}f}, {figure.high:.{figure.decimals}f}]"


def _excludes_zero(figure: Figure) -> bool:
    return figure.low is not None and figure.high is not None and figure.low * figure.high > 0


def _lay_out(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [f"{name:<{widths[0]}}", *(f"{c:>{w}}" for c, w in zip(cells, widths[1:], strict=True))]
        )
        for name, *cells in rows
    )


def _number(value: float | None, *, decimals: int = 1) -> str:
    return "-" if value is None else f"{value:.{decimals}f}"
