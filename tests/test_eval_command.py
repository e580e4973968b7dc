"""The command ``article-qa eval`` as a user runs it, with the real models."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from qa import Boundaries, Calibration
from tests.commands import Run

pytestmark = pytest.mark.models


def test_the_default_evaluation_prints_the_table(run: Run) -> None:
    outcome = run("eval", "--limit", "6")
    assert outcome.code == 0
    outcomes, _, figures = outcome.out.partition("\n\n")
    counts = {
        line.split("  ")[0]: int(re.split(r"\s{2,}", line)[1]) for line in outcomes.splitlines()[1:]
    }
    assert sum(counts.values()) == 6
    assert list(counts)[:2] == ["answered", "probable"]
    shown = dict(re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in figures.splitlines())
    assert shown["Questions"] == "6"
    assert shown["answerable"] == "5"
    assert {"F1", "Citation hit@1", "Passage recall@5", "Coverage at 90 % accuracy"} <= set(shown)
    assert re.fullmatch(r"\d+\.\d \[\d+\.\d, \d+\.\d\]", shown["Unanswerable: abstained"])


@pytest.mark.parametrize("store", ["folder", "postgres"])
def test_a_store_changes_no_figure_and_is_left_as_it_was(
    run: Run, request: pytest.FixtureRequest, tmp_path: Path, store: str
) -> None:
    place = (
        str(tmp_path / "own") if store == "folder" else request.getfixturevalue("postgres").url()
    )
    plain, kept = (
        json.loads(run("eval", "--limit", "6", "--json", *extra).out)
        for extra in ((), ("--store", place))
    )
    assert kept["settings"]["store"] == store
    for name in ("f1", "citation_hit@1", "recall@10", "answered_share"):
        assert kept["systems"]["article-qa"][name] == plain["systems"]["article-qa"][name]


@pytest.fixture
def own_questions(tmp_path: Path) -> str:
    context = "The talks were held in Florida. A train leaves for Rome at nine."
    paris = "Paris has a tower. It was built by Gustave Eiffel."
    entries = [
        (context, "where", "Where were the talks held?", "Florida"),
        (paris, "who", "Who built the tower in Paris?", "Gustave Eiffel"),
    ]
    data = [
        {
            "title": name,
            "paragraphs": [
                {
                    "context": text,
                    "qas": [
                        {
                            "id": name,
                            "question": question,
                            "answers": [{"text": gold, "answer_start": text.index(gold)}],
                        }
                    ],
                }
            ],
        }
        for text, name, question, gold in entries
    ]
    (tmp_path / "own.json").write_text(json.dumps({"data": data}))
    return str(tmp_path / "own.json")


def test_an_evaluation_of_ones_own_set_as_json(run: Run, own_questions: str) -> None:
    outcome = run("eval", own_questions, "--json", "--min-confidence", "0")

    printed = json.loads(outcome.out)
    assert printed["title"] == "own.json"
    assert printed["settings"] == {"level": "article", "min_confidence": "0.000"}
    assert printed["partial"] is False
    figures = {name: figure["value"] for name, figure in printed["systems"]["article-qa"].items()}
    assert figures["questions"] == figures["answerable"] == 2
    assert figures["exact_match"] == figures["f1"] == figures["citation_hit@1"] == 100
    assert figures["recall@1"] == 100
    assert figures["abstained"] is None
    assert outcome.code == 0


def test_without_a_bar_the_boundaries_of_the_calibration_say_what_is_given(
    run: Run, own_questions: str, tmp_path: Path
) -> None:
    own = Calibration(boundaries=Boundaries(answered=1.0, probable=0.0))
    path = str(own.write(tmp_path / "own-calibration.json"))
    demands = "probable_share=100,probable_right=100"
    outcome = run("eval", own_questions, "--json", "--calibration", path, "--fail-under", demands)
    assert outcome.code == 0
    assert json.loads(outcome.out)["settings"] == {
        "level": "article",
        "calibration": path,
        "boundaries": "answered 1.000, probable 0.000, close_call 0.000",
    }


def test_a_calibration_over_another_kind_of_store_is_told(
    run: Run, own_questions: str, tmp_path: Path
) -> None:
    for fitted, told in (("postgres", "postgres"), ("exact", None)):
        path = str(Calibration(store=fitted).write(tmp_path / f"{fitted}.json"))
        outcome = run("eval", own_questions, "--json", "--calibration", path)
        assert json.loads(outcome.out)["settings"].get("calibrated_over") == told


@pytest.mark.parametrize("level", ["paragraph", "article", "collection"])
def test_questions_are_asked_at_three_levels(run: Run, own_questions: str, level: str) -> None:
    demands = "questions=2,forced_f1=100,recall@5=100,latency_p95=60000"
    outcome = run("eval", own_questions, "--level", level, "--fail-under", demands)
    assert outcome.code == 0


def test_two_readers_are_measured_in_stages(run: Run, own_questions: str) -> None:
    stages = ("--reader", "small", "--after", "small", "--reread", "1")
    outcome = run("eval", own_questions, "--json", "--min-confidence", "0", *stages)
    printed = json.loads(outcome.out)
    assert printed["settings"] == {
        **{"level": "article", "min_confidence": "0.000"},
        **{"reader": "small", "after": "small", "reread": "1"},
    }
    assert printed["systems"]["article-qa"]["exact_match"]["value"] == 100


def test_one_reader_rereads_nothing(run: Run, own_questions: str) -> None:
    outcome = run("eval", own_questions, "--reader", "small", "--reread", "3")
    assert outcome.code == 1
    assert "but one reader reads alone; give a large reader and the small" in outcome.complaint


def test_a_run_is_written_and_compared_with_another(
    run: Run, own_questions: str, tmp_path: Path
) -> None:
    command = ["eval", own_questions, "--also", "removed", "--also", "other", "--baseline", "bm25"]
    assert run(*command, "--out", str(tmp_path / "a"), "--min-confidence", "0").code == 0
    assert run(*command, "--out", str(tmp_path / "b"), "--min-confidence", "1").code == 0

    files = {path.name for path in (tmp_path / "a").iterdir()}
    assert files == {"report.html", "figures.json", "questions.jsonl", "bm25-questions.jsonl"}
    written = (tmp_path / "a" / "questions.jsonl").read_text().splitlines()
    lines = [json.loads(line) for line in written]
    assert [(line["id"], line["kind"]) for line in lines] == [
        ("where", "asked"),
        ("where", "removed"),
        ("who", "other"),
        ("who", "asked"),
        ("who", "removed"),
        ("where", "other"),
    ]
    assert lines[0]["verdict"] == "right"
    figures = json.loads((tmp_path / "a" / "figures.json").read_text())
    assert set(figures["systems"]) == {"article-qa", "bm25"}

    shown = run("eval", "--compare", str(tmp_path / "a"), str(tmp_path / "b")).out
    assert "Questions in both: 6" in shown
    assert "Where were the talks held?  [where; where; asked]" in shown
    assert "A right: Florida  (" in shown
    assert "B missed: no answer (guess: Florida)  (" in shown


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_asked(
    run: Run, own_questions: str
) -> None:
    outcome = run("eval", own_questions, "--out", f"{own_questions}/run", "--reader", "no/such")
    assert outcome.code == 1
    assert "own.json/run: cannot be written (Not a directory); choose another" in outcome.complaint
    assert outcome.out == ""


def test_a_figure_that_is_lower_than_demanded_fails(run: Run, own_questions: str) -> None:
    outcome = run("eval", own_questions, "--min-confidence", "1", "--fail-under", "f1=50,mrr=0.1")
    assert outcome.code == 1
    assert outcome.complaint == "article-qa: f1 is 0, at least 50 demanded"
    assert "Questions" in outcome.out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--fail-under", "f1"], "'f1' is not NAME=VALUE"),
        (["--fail-under", "f1=high"], "'f1=high' is not NAME=VALUE"),
        (["--fail-under", "f1=nan"], "'f1=nan' is not NAME=VALUE"),
        (["--fail-under", "f3=1"], "there is no figure 'f3'; there are questions, answerable"),
        (["--also", "removed", "--level", "paragraph"], "--also removed has no meaning with"),
        (["--also", "other", "--level", "collection"], "--also other has no meaning with"),
        (["--reader-only", "--top-k", "3"], "--top-k has no meaning with --reader-only"),
        (["--reader-only", "--after", "small"], "--after has no meaning with --reader-only"),
        (["--reader-only", "--out", "x"], "--out has no meaning with --reader-only"),
        (["--compare", "a", "b", "--limit", "3"], "--limit has no meaning with --compare"),
    ],
)
def test_options_that_make_no_sense_are_wrong_usage(
    run: Run, options: list[str], says: str
) -> None:
    outcome = run("eval", *options)
    assert outcome.code == 2
    assert says in " ".join(outcome.err.split())


def test_the_reader_alone_is_evaluated_on_whole_paragraphs(run: Run) -> None:
    outcome = run("eval", "--reader-only")
    assert outcome.code == 0
    figures = dict(line.rsplit(maxsplit=1) for line in outcome.out.splitlines())
    assert figures["Questions"] == "84"
    assert float(figures["F1"]) > 80
    assert float(figures["  unanswerable: accuracy"]) > 50
