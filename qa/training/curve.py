"""What a run was like step by step: metrics file and learning curve. The door to matplotlib."""

from __future__ import annotations

import json
from pathlib import Path


class MetricsFile:
    """The metrics file: one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, line: dict[str, float]) -> None:
        """Add a line."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def truncate(self, step: int) -> None:
        """Take out what lies behind the step at which the run goes on."""
        if not self._path.exists():
            return
        lines = self._path.read_text(encoding="utf-8").splitlines(keepends=True)
        # A kill may have cut off the last line.
        kept = [line for line in lines if line.endswith("\n") and json.loads(line)["step"] <= step]
        self._path.write_text("".join(kept), encoding="utf-8")

    def last_loss(self) -> float:
        """Return the mean loss of the last lines."""
        lines = self._path.read_text(encoding="utf-8").splitlines()
        losses: list[float] = [line["loss"] for line in map(json.loads, lines) if "loss" in line]
        return sum(losses[-10:]) / len(losses[-10:])


def plot_learning_curve(metrics: Path, image: Path) -> None:
    """Plot the loss, and the scores if there are any, over the steps.

    Args:
        metrics: The metrics file of a run.
        image: Where to write the plot, a PNG file.
    """
    from matplotlib.figure import Figure

    lines = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    losses = [(line["step"], line["loss"]) for line in lines if "loss" in line]
    scored = [line for line in lines if "loss" not in line]
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(*zip(*losses, strict=True), linewidth=0.8, color="tab:gray", label="loss")
    axes.set(xlabel="step", ylabel="loss")
    axes.set_ylim(bottom=0)
    handles, labels = axes.get_legend_handles_labels()
    if scored:
        right = axes.twinx()
        right.set_ylabel("score, in percent")
        for name in scored[0]:
            if name != "step":
                points = [(line["step"], line[name]) for line in scored]
                right.plot(*zip(*points, strict=True), marker="o", markersize=3, label=name)
        more, names = right.get_legend_handles_labels()
        handles, labels = handles + more, labels + names
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    figure.savefig(image, dpi=120)
