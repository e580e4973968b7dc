"""What ``article-qa eval --out`` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.measures.figures import Figure
from eval.measures.results import RESULTS_FILE, Run, write_results
from eval.report.html_report import write_report
from qa import SettingError


def make_folder(folder: Path) -> None:
    """Make the folder of a run, so that it does not turn out after hours that it cannot be.

    Raises:
        SettingError: It cannot be made, or not be written in.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULTS_FILE).touch()
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_run(run: Run, figures: Mapping[str, Sequence[Figure]], folder: Path) -> None:
    """Write a run to its folder: the report, the figures, and a file of results for each system.

    Raises:
        SettingError: The folder cannot be written.
    """
    try:
        for number, (name, results) in enumerate(run.results.items()):
            file = RESULTS_FILE if number == 0 else f"{name}-{RESULTS_FILE}"
            write_results(results, folder / file)
        (folder / "figures.json").write_text(figures_json(run, figures) + "\n", encoding="utf-8")
        write_report(
            run, {name: list(own) for name, own in figures.items()}, folder / "report.html"
        )
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> SettingError:
    return SettingError(
        f"{folder}: cannot be written ({error.strerror}); choose another folder with --out."
    )


def figures_json(run: Run, figures: Mapping[str, Sequence[Figure]]) -> str:
    """Return the figures of a run, and how it was run, as JSON."""
    systems = {
        name: {
            figure.name: {"value": figure.value, "low": figure.low, "high": figure.high}
            for figure in own
        }
        for name, own in figures.items()
    }
    return json.dumps(
        {
            "title": run.title,
            "settings": run.settings,
            "partial": run.partial,
            "planned": run.planned,
            "systems": systems,
        },
        indent=2,
    )
