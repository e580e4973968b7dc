"""The model card, written from the run itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from index.errors import TrainingError
from qa.training.config import TrainingConfig
from qa.training.trainer import TrainingReport

_NOT_STATED = "not stated"


def write_card(
    output: Path,
    config: TrainingConfig,
    report: TrainingReport,
    *,
    scores: Sequence[tuple[str, Mapping[str, float]]] = (),
    licenses: Mapping[str, str] | None = None,
    notes: str = "",
) -> None:
    """Write a reader's card, ``README.md``, into its folder.

    Args:
        output: The reader's folder.
        config: What the run was set to.
        report: What it came to.
        scores: For each question set that the reader was measured on, its name and figures.
        licenses: The licence of each training file, by its name.
        notes: What a run cannot know of itself, in Markdown; it comes first.

    Raises:
        TrainingError: The card could not be written.
    """
    licenses = licenses or {}
    weights = output / "model.safetensors"
    settings = {**asdict(config), "teacher": config.teacher and _name(config.teacher)}
    del settings["data"], settings["start_from"]  # which are told of above
    model = json.loads((output / "config.json").read_text(encoding="utf-8"))
    lines = [
        "# Reader",
        "",
        *([notes.strip(), ""] if notes.strip() else []),
        f"An extractive question-answering model ({model['architectures'][0]}, "
        f"{model.get('num_hidden_layers')} layers, hidden size {model.get('hidden_size')}), "
        f"float16, {weights.stat().st_size / 1e6:.1f} MB, trained by `article-qa train` from "
        f"`{_name(config.start_from)}`.",
        "",
        f"sha256 of `model.safetensors`: `{_sha256(weights)}`",
        "",
        "## Data",
        "",
        "| file | questions | weight | licence | sha256 |",
        "|---|---|---|---|---|",
        *(
            f"| {file.name} | {file.questions:,} | {file.weight:g} | "
            f"{licenses.get(file.name, _NOT_STATED)} | `{file.sha256[:16]}…` |"
            for file in report.files
        ),
        "",
    ]
    refused = sum(len(file.refused) for file in report.files)
    if refused:
        lines += [f"Left out as faulty: {refused} questions.", ""]
    lines += [
        "## Run",
        "",
        f"{report.steps:,} steps on {report.examples:,} pairs of a question and a passage "
        f"({report.tokens:,} tokens) in {report.seconds / 60:.0f} minutes; loss at the end "
        f"{report.loss:.3f}. Settings:",
        "",
        "| setting | value |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in settings.items()),
        "",
    ]
    if scores:
        lines += ["## Scores", ""]
        for name, figures in scores:
            lines += [
                f"`article-qa eval {name} --reader-only`:",
                "",
                "| figure | value |",
                "|---|---|",
                *(f"| {figure} | {_shown(value)} |" for figure, value in figures.items()),
                "",
            ]
    try:
        (output / "README.md").write_text("\n".join(lines), encoding="utf-8")
    except OSError as error:
        raise TrainingError(f"{output}: the card could not be written ({error}).") from error


def _name(model: str) -> str:
    """Return a folder's own name: where it lies on one machine means nothing on another."""
    return Path(model).resolve().name if Path(model).is_dir() else model


def _shown(value: float) -> str:
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
