"""The command ``article-qa bench`` as a user runs it, with the real models."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eval.bench.table import percentile
from tests.commands import Run

# What is started in the background of a shell ignores Ctrl+C, and hands that on.
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from ui.cli import main
main()
"""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--systems", "ours,theirs"), "there is no system 'theirs'; there are ours, small"),
        (("--articles", "1,many"), "'many' is no number of articles"),
        (("--articles", "0"), "'0' is no number of articles"),
        (("--out", "nowhere/at/all.md"), "there is no folder nowhere/at"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...], told: str) -> None:
    outcome = run("bench", *arguments)
    assert outcome.code == 2
    assert told in " ".join(outcome.err.replace("│", " ").split())


def test_a_file_that_is_no_question_set_is_refused(run: Run, tmp_path: Path) -> None:
    outcome = run("bench", str(tmp_path / "none.json"))
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1].endswith("none.json: no such file; check the path.")


@pytest.mark.models
def test_each_figure_is_there_and_in_order(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "table.md"
    options = ("--limit", "4", "--repeats", "1", "--systems", "ours", "--json", "--out", str(out))
    outcome = run("bench", *options)

    assert outcome.code == 0
    record = json.loads(outcome.out)
    assert record["partial"] is False
    ours = record["systems"]["ours"]
    start = ours["start"]
    assert 0 < start["import_s"] < start["first_answer_s"]
    assert start["shipped_answer_s"] > 0
    assert "Emmanuel Macron" in start["answer"]
    (speed,) = ours["speeds"]
    assert (speed["articles"], len(speed["latencies_ms"])) == (1, 4)
    p50, p95, p99 = (percentile(speed["latencies_ms"], percent) for percent in (50, 95, 99))
    assert 0 < p50 <= p95 <= p99
    assert min(speed["index_s"], speed["batch_s"], speed["threads"]) > 0
    assert 0 <= speed["citation_hit"] <= 100
    assert 0 < speed["f1"] <= 100
    limit = record["limit"]
    assert 0 < limit["encoder"] < limit["reader"]
    assert 0 < limit["reader_ms"] < limit["question_ms"]
    assert limit["rates"]["float32"] > 0
    if sys.platform != "win32":
        assert start["peak_mb"] > 100
        assert speed["peak_mb"] > 100

    table = out.read_text("utf-8")
    assert "article-qa bench --limit 4" in table
    assert str(tmp_path) not in table
    for label in (
        "Import, s",
        "Question, p99, ms",
        "Indexing, sentences a second",
        "times its limit",
    ):
        assert label in table


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_what_there_is(questions: Path, told: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "bench", str(questions), "--systems", "ours"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "bench: reading the questions ...\n"
    time.sleep(1)  # as a person would
    process.send_signal(told)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out.startswith("`article-qa bench questions.json --systems ours`\n")
    assert "PARTIAL" in out
    complaint = "article-qa: interrupted; the figures are those that were measured by then"
    assert err.splitlines()[-1] == complaint
    assert "Traceback" not in err
