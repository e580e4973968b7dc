"""The plots of a run, from made-up results."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from eval.measures.results import Result
from eval.report.plots import (
    answerability_diagram,
    latency_plot,
    outcome_plot,
    recall_plot,
    reliability_diagram,
    risk_coverage_plot,
)
from tests.sample_results import ABSTAINED, ANSWERED, CLOSE, MISSED, PROBABLE, WRONG

SVG = "{http://www.w3.org/2000/svg}"
Plot = Callable[[dict[str, list[Result]]], str | None]
PLOTS: list[Plot] = [
    reliability_diagram,
    lambda results: risk_coverage_plot(results, 0.5),
    recall_plot,
    outcome_plot,
    latency_plot,
]


def texts(svg: str | None) -> list[str]:
    assert svg is not None
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def places(svg: str | None, colour: int = 0) -> list[tuple[float, float]]:
    """Where the marks of a colour are, the one in the legend last."""
    assert svg is not None
    return [
        (float(mark.attrib["x"]), float(mark.attrib["y"]))
        for mark in ElementTree.fromstring(svg).iter(f"{SVG}use")
        if f"fill: var(--series-{colour}," in mark.attrib["style"]
    ]


def x_labels(svg: str | None) -> dict[str, float]:
    """Where on the x axis a label is."""
    assert svg is not None
    return {
        str(text.text): float(text.attrib["x"])
        for text in ElementTree.fromstring(svg).iter(f"{SVG}text")
        if "text-anchor: middle" in text.attrib["style"] and "x" in text.attrib
    }


def test_the_reliability_diagram_shows_error_and_questions_of_each_range() -> None:
    confident = [replace(ANSWERED, confidence=0.9)] * 11 + [replace(WRONG, confidence=0.9)]
    svg = reliability_diagram({"ours": [*confident, *[replace(WRONG, confidence=0.2)] * 13]})
    # (12 * |0.9 - 11 / 12| + 13 * |0.2 - 0|) / 25
    assert "Reliability (calibration error 0.112)" in texts(svg)
    assert {"12", "13"} <= set(texts(svg))
    labels = x_labels(svg)
    shown = [(x - labels["0%"]) / (labels["100%"] - labels["0%"]) for x, _ in places(svg)]
    assert shown == pytest.approx([0.2, 0.9], abs=1e-4)


def test_the_answerability_has_a_diagram_of_its_own_where_it_was_measured() -> None:
    known = [replace(PROBABLE, answerability=0.9)] * 4 + [replace(ABSTAINED, answerability=0.9)]
    svg = answerability_diagram({"ours": [*known, MISSED]})
    assert "Answerability (calibration error 0.100)" in texts(svg)
    assert "questions with an answer" in texts(svg)
    assert answerability_diagram({"ours": [MISSED], "other": known}) is None


def test_the_bar_of_an_outcome_is_parted_by_whether_it_is_true() -> None:
    answered = [ANSWERED] * 5 + [WRONG] * 4 + [replace(WRONG, golds=())] * 3
    close = [CLOSE] * 6 + [replace(CLOSE, rivals_f1=0.0)] * 7
    svg = outcome_plot({"ours": [*answered, *close, *[ABSTAINED] * 9, *[MISSED] * 8]})
    numbers = [text for text in texts(svg) if text in {"3", "4", "5", "6", "7", "8", "9"}]
    # True, wrong, and given or shown where there is no answer: of answered, close call, not found.
    assert numbers[-7:] == ["5", "6", "9", "4", "7", "8", "3"]
    assert {"answered", "close call", "not found"} <= set(texts(svg))
    assert "probable" not in texts(svg)


def test_the_threshold_is_marked_where_it_lies_on_the_risk_coverage_curve() -> None:
    confidences = (0.9, 0.8, 0.6, 0.2)
    svg = risk_coverage_plot(
        {"ours": [replace(ANSWERED, confidence=each) for each in confidences], "other": [WRONG]},
        threshold=0.5,
    )
    labels = x_labels(svg)
    ((x, _), _) = places(svg)
    assert (x - labels["0%"]) / (labels["100%"] - labels["0%"]) == pytest.approx(0.75, abs=1e-4)
    assert texts(svg)[-3:] == ["ours", "other", "threshold: confidence 0.50"]


def test_a_threshold_that_nothing_reaches_is_not_marked() -> None:
    ours = [ANSWERED, replace(WRONG, confidence=0.4)]
    svg = risk_coverage_plot({"ours": ours}, threshold=0.99)
    assert texts(svg)[-1] == "ours"
    assert places(svg) == []


def test_recall_is_the_share_of_answerable_questions_found_by_rank() -> None:
    ranks = (2, 10, 100, 100)
    ours = [replace(ANSWERED, rank=rank) for rank in ranks]
    svg = recall_plot({"ours": [*ours, ABSTAINED], "other": [MISSED]})
    *heights, _legend = [y for _, y in places(svg)]
    shown = [(y - heights[0]) / (heights[-1] - heights[0]) for y in heights]
    assert shown == pytest.approx([0, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 1], abs=1e-4)
    assert {y for _, y in places(svg, colour=1)[:-1]} == {heights[0]}


def test_the_median_latency_and_the_95th_percentile_are_marked_and_named() -> None:
    latencies = {"ours": range(101, 302, 2), "other": range(1001, 2002, 10)}
    svg = latency_plot(
        {
            name: [replace(ANSWERED, latency_ms=float(each)) for each in own]
            for name, own in latencies.items()
        }
    )
    legend = " ".join(texts(svg)[-4:])
    assert legend == "ours p50 201 ms, p95 291 ms other p50 1501 ms, p95 1951 ms"
    labels = x_labels(svg)
    decade = labels["1000"] - labels["100"]
    shown = [100 * 10 ** ((x - labels["100"]) / decade) for x, _ in places(svg)[:2]]
    assert shown == pytest.approx([201, 291], rel=1e-3)


@pytest.mark.parametrize("plot", PLOTS)
@pytest.mark.parametrize(
    "results",
    [
        {"ours": [ANSWERED]},
        {"ours": [MISSED]},
        {"ours": [replace(ANSWERED, confidence=0.0, latency_ms=0.0)]},
        {"ours": [replace(ANSWERED, confidence=1.0, latency_ms=1000.0)]},
        {"ours": [ANSWERED, WRONG], "stopped before it began": []},
        {"ours": [ANSWERED], '_漢字 $x^\n<b id="x"> -->' + "long" * 50: [WRONG]},
        {str(number): [ANSWERED, MISSED] for number in range(9)},
    ],
    ids=["one", "one missed", "zeros", "ones", "one system", "hostile name", "nine systems"],
)
def test_every_plot_can_be_drawn(plot: Plot, results: dict[str, list[Result]]) -> None:
    svg = plot(results)
    assert svg is not None
    assert svg.startswith("<svg")
    assert ElementTree.fromstring(svg).attrib["role"] == "img"
    coordinates = re.findall(r" [xy]=\"([^\"]*)\"", svg)
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", each) for each in coordinates)


def test_without_an_answerable_question_there_is_no_risk_and_no_recall() -> None:
    drawn = [plot({"ours": [ABSTAINED], "other": [ABSTAINED]}) is not None for plot in PLOTS]
    assert drawn == [True, False, False, True, True]
