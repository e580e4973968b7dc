"""The plots of a run, each an SVG that takes its colours from the page around it.

The door to matplotlib in this package. Every function takes the results by the name of the system,
this program first, and returns None where there is nothing to plot. The same results give the same
SVG.
"""

from __future__ import annotations

import html
import io
import math
import re
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from eval.measures import selective
from eval.measures.results import Result
from eval.measures.selective import BINS
from qa import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.container import BarContainer
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

RECALL_AT = (1, 2, 3, 5, 10, 20, 50, 100)

# Okabe and Ito's colours, which colour-blind people can tell apart; a page may set others.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
_DASHES = ("-", "--", "-.", ":")
_INK = "#010203"  # stands for the colour of the page's text
_LONGEST_NAME = 40
_RC: Any = {  # releases of matplotlib type it differently
    "axes.axisbelow": True,
    "axes.edgecolor": _INK,
    "axes.grid": True,
    "axes.labelcolor": _INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11.0,
    "axes.titleweight": "bold",
    "axes.titlepad": 10.0,
    "font.size": 10.0,
    "grid.alpha": 0.15,
    "grid.color": _INK,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "article-qa",
    "text.color": _INK,
    "text.parse_math": False,  # a dollar sign in a name is one
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def outcome_plot(results: dict[str, list[Result]]) -> str | None:
    """Plot what came of the questions put to this program, and how often that is true."""
    own = next(iter(results.values()), [])
    if not own:
        return None
    found = [outcome for outcome in Outcome if any(r.outcome is outcome for r in own)]
    parts = {
        "true: right, one of the two right, or no answer there": _COLOURS[0],
        "wrong, or an answer there": _COLOURS[1],
        "an answer given or shown, and none there": _COLOURS[3],
    }

    def draw(figure: Figure) -> None:
        from matplotlib.ticker import MaxNLocator

        figure.set_figheight(0.9 + 0.45 * len(found))
        axes = figure.subplots()
        names = [outcome.value.replace("_", " ") for outcome in found]
        counts = [_parts([r for r in own if r.outcome is outcome]) for outcome in found]
        left = np.zeros(len(found))
        bars = []
        for part, colour in zip(zip(*counts, strict=True), parts.values(), strict=True):
            drawn = axes.barh(names, part, left=left, color=colour, alpha=0.5, height=0.65)
            axes.bar_label(drawn, [str(n or "") for n in part], label_type="center", fontsize=8)
            left += part
            bars.append(drawn)
        axes.invert_yaxis()
        axes.set(xlabel="questions")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=False, axis="y")
        _legend(figure, list(zip(bars, parts, strict=True)))

    return _svg("outcomes", "Outcomes", draw)


def reliability_diagram(results: dict[str, list[Result]]) -> str | None:
    """Plot how often this program's best spans are right against how confident it is."""
    own = next(iter(results.values()), [])
    return _reliability(
        "reliability",
        "Reliability",
        _confidence_and_right(own),
        ("confidence", "best guesses right"),
    )


def answerability_diagram(results: dict[str, list[Result]]) -> str | None:
    """Plot how often there is an answer against how likely this program holds it to be."""
    held = [
        (result.answerability, result.answerable)
        for result in next(iter(results.values()), [])
        if result.answerability is not None
    ]
    chance = np.array([chance for chance, _ in held], dtype=np.float64)
    answerable = np.array([answerable for _, answerable in held], dtype=bool)
    return _reliability(
        "answerability",
        "Answerability",
        (chance, answerable),
        ("answerability", "questions with an answer"),
    )


def _reliability(
    name: str,
    title: str,
    measured: tuple[NDArray[np.float64], NDArray[np.bool_]],
    labels: tuple[str, str],
) -> str | None:
    if not len(measured[0]):
        return None
    bins = selective.reliability(*measured)
    error = selective.calibration_error(*measured)

    def draw(figure: Figure) -> None:
        figure.set_figheight(3.7)
        upper, lower = figure.subplots(2, sharex=True, height_ratios=(5, 2))
        upper.plot((0, 1), (0, 1), color=_INK, linestyle=":", linewidth=1.2)
        upper.plot(
            [each.confidence for each in bins],
            [each.accuracy for each in bins],
            color=_COLOURS[0],
            marker="o",
            clip_on=False,
            zorder=3,
        )
        upper.set_ylim(0, 1)
        upper.set_ylabel(labels[1])
        # A mean can fall a rounding error below the range that it is of.
        ranges = [min(int(each.confidence * BINS + 1e-9), BINS - 1) for each in bins]
        bars = lower.bar(
            [(number + 0.5) / BINS for number in ranges],
            [each.count for each in bins],
            width=0.9 / BINS,
            color=_COLOURS[0],
            alpha=0.5,
        )
        lower.bar_label(bars, padding=1, fontsize=8)
        lower.set_ylim(0, 1.4 * max(each.count for each in bins))
        lower.set(xlabel=labels[0], ylabel="questions", yticks=[])
        lower.spines["left"].set_visible(False)
        lower.grid(visible=False)
        lower.set_xlim(0, 1)
        _in_percent(lower.xaxis, upper.yaxis)

    return _svg(name, f"{title} (calibration error {error:.3f})", draw)


def risk_coverage_plot(results: dict[str, list[Result]], threshold: float) -> str | None:
    """Plot how many answers would be wrong if only the most confident were given.

    Args:
        results: The results of each system.
        threshold: The confidence from which on this program's answers are marked.
    """
    measured = {name: own for name, own in results.items() if any(r.answerable for r in own)}
    if not measured:
        return None

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        entries = []
        for number, (name, own) in enumerate(measured.items()):
            coverage, risk = selective.risk_coverage(*_confidence_and_right(own))
            marker = "o" if len(coverage) == 1 else ""
            (line,) = axes.plot(coverage, risk, marker=marker, clip_on=False, **_style(number))
            entries.append((line, _short(name)))
        confidence, right = _confidence_and_right(next(iter(results.values())))
        given = confidence >= threshold
        if given.any():
            at = (float(given.mean()), float((~right[given]).mean()))
            (mark,) = axes.plot(
                *at, "D", color=_COLOURS[0], markersize=8, linestyle="", clip_on=False, zorder=3
            )
            entries.append((mark, f"threshold: confidence {threshold:.2f}"))
        axes.set_xlim(0, 1)
        axes.set_ylim(bottom=0)
        axes.set(xlabel="questions answered", ylabel="answers wrong")
        _in_percent(axes.xaxis, axes.yaxis)
        _legend(figure, entries)

    return _svg("risk-coverage", "Risk and coverage", draw)


def recall_plot(results: dict[str, list[Result]]) -> str | None:
    """Plot how often one of the first k passages holds an accepted answer."""
    ranks = {
        name: np.array([math.inf if r.rank is None else r.rank for r in own if r.answerable])
        for name, own in results.items()
        if any(r.answerable for r in own)
    }
    if not ranks:
        return None

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        entries = []
        for number, (name, own) in enumerate(ranks.items()):
            recall = [float((own <= k).mean()) for k in RECALL_AT]
            (line,) = axes.plot(RECALL_AT, recall, marker="o", clip_on=False, **_style(number))
            entries.append((line, _short(name)))
        axes.set_xscale("log")
        axes.set_xticks(RECALL_AT, [str(k) for k in RECALL_AT])
        axes.set_xticks([], minor=True)
        axes.set_ylim(0, 1)
        axes.set(xlabel="first k passages", ylabel="answerable questions")
        _in_percent(axes.yaxis)
        _legend(figure, entries)

    return _svg("recall", "Passage recall@k", draw)


def latency_plot(results: dict[str, list[Result]]) -> str | None:
    """Plot how many questions are answered within how many milliseconds."""
    # A logarithmic axis has no zero.
    latencies = {
        name: np.maximum([result.latency_ms for result in own], 1e-3)
        for name, own in results.items()
        if own
    }
    if not latencies:
        return None

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        entries = []
        for number, (name, own) in enumerate(latencies.items()):
            p50, p95 = np.percentile(own, [50, 95]).tolist()
            line = axes.ecdf(own, clip_on=False, **_style(number))
            axes.plot((p50, p95), (0.5, 0.95), "o", color=_colour(number), zorder=3)
            entries.append((line, f"{_short(name)}\np50 {p50:.0f} ms, p95 {p95:.0f} ms"))
        every = np.concatenate(list(latencies.values()))
        _whole_decades(axes, float(every.min()), float(every.max()))
        axes.set_ylim(0, 1)
        axes.set(xlabel="latency, ms", ylabel="questions")
        _in_percent(axes.yaxis)
        _legend(figure, entries)

    return _svg("latency", "Latency", draw)


def _parts(results: list[Result]) -> tuple[int, int, int]:
    """Count, of one outcome, what is true, what is not, and what is said where nothing is."""
    true = {"right", "abstained"}
    said = [result for result in results if result.verdict not in ("missed", "abstained")]
    unfounded = sum(not result.answerable for result in said)
    right = sum(result.verdict in true or result.rival_right for result in results)
    return right, len(results) - right - unfounded, unfounded


def _confidence_and_right(
    results: list[Result],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    return (
        np.array([result.confidence for result in results], dtype=np.float64),
        np.array([result.guess_right for result in results], dtype=bool),
    )


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _style(number: int) -> dict[str, Any]:
    dash = _DASHES[number % len(_DASHES)]
    return {"color": _colour(number), "linestyle": dash, "linewidth": 1.8}


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _in_percent(*axes: Axis) -> None:
    from matplotlib.ticker import PercentFormatter

    for axis in axes:
        axis.set_major_formatter(PercentFormatter(xmax=1, decimals=0))


def _whole_decades(axes: Axes, low: float, high: float) -> None:
    """Scale the x axis by the logarithm, in whole powers of ten, so that it always has labels."""
    from matplotlib.ticker import LogLocator, NullFormatter

    first, last = math.floor(math.log10(low)), math.floor(math.log10(high)) + 1
    axes.set_xscale("log")
    axes.set_xlim(10.0**first, 10.0**last)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if last - first < 3 else (1,)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())


def _legend(figure: Figure, entries: Sequence[tuple[Line2D | BarContainer, str]]) -> None:
    """Name the lines or bars below the plot, which keeps its height."""
    lines, labels = zip(*entries, strict=True)
    rows = sum(1 + label.count("\n") for label in labels)
    figure.set_figheight(figure.get_figheight() + 0.21 * rows)
    figure.legend(lines, labels, loc="outside lower left", handlelength=3)


def _svg(name: str, title: str, draw: Callable[[Figure], None]) -> str:
    """Draw a figure and make it fit to stand in a page among others.

    Args:
        name: Tells its ids from those of the other plots.
        title: What stands above it.
        draw: Fills the figure.
    """
    import matplotlib
    from matplotlib.figure import Figure

    file = io.StringIO()
    with matplotlib.rc_context(_RC), warnings.catch_warnings():
        # A name may hold characters that matplotlib's font lacks; the page's fonts show them.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=(4.8, 3.1), layout="constrained")
        draw(figure)
        figure.axes[0].set_title(title)
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    # The style would hold for the whole page, and HTML and SVG 2 need no second namespace.
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, count=1, flags=re.DOTALL)
    svg = svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1)
    svg = svg.replace("xlink:href", "href")
    svg = re.sub(r'( id="|url\(#| href="#)', rf"\g<1>{name}-", svg)
    svg = svg.replace(_INK, "currentColor")
    for number, colour in enumerate(_COLOURS):
        svg = svg.replace(colour, f"var(--series-{number}, {colour})")
    label = html.escape(title)
    return svg.replace("<svg", f'<svg role="img" aria-label="{label}" stroke-linejoin="round"', 1)
