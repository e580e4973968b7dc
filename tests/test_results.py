from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures.results import CitationRecord, Result, Run, read_results, write_results
from eval.measures.retrieval import retrieval_figures
from index.errors import DatasetError
from qa import Outcome
from tests.sample_results import ANSWERED, CLOSE, MISSED

TEXTS = st.text(st.characters(codec="utf-8"))


def result(text: str, number: int = 0) -> Result:
    quotation = CitationRecord(text, 3, 3 + len(text), text, 3, 3 + len(text))
    return Result(
        f"{number}", "asked", text, text, (text,), text, Outcome.ANSWERED, text, 0.5, 0.75,
        quotation, 1.0, 1.0, 1.0, 1.0, (text, text), 0.5, (True, False), 1, 12.5,
    )  # fmt: skip


@given(st.lists(TEXTS, max_size=5))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("run") / "questions.jsonl"
    results = [result(text, number) for number, text in enumerate(texts)]
    write_results(results, path)
    assert read_results(path) == read_results(path.parent) == results


def test_a_line_can_be_read_by_any_program(tmp_path: Path) -> None:
    write_results([result("Florida")], tmp_path / "questions.jsonl")
    (line,) = (tmp_path / "questions.jsonl").read_text().splitlines()
    assert '"golds": ["Florida"]' in line
    assert line.endswith('"verdict": "right"}')


def test_an_outcome_is_written_by_its_name(tmp_path: Path) -> None:
    write_results([CLOSE], tmp_path / "questions.jsonl")
    (line,) = (tmp_path / "questions.jsonl").read_text().splitlines()
    written = json.loads(line)
    assert (written["outcome"], written["verdict"]) == ("close_call", "close")
    assert (written["rivals"], written["answerability"]) == (["Paris", "Florida"], 0.8)


def test_a_run_from_before_there_were_outcomes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    write_results([ANSWERED, MISSED], path)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        for name in ("outcome", "answerability", "rivals", "rivals_f1"):
            del line[name]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert read_results(path) == [ANSWERED, MISSED]


def test_an_outcome_that_there_is_not_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    write_results([ANSWERED], path)
    path.write_text(path.read_text().replace('"outcome": "answered"', '"outcome": "certain"'))
    with pytest.raises(DatasetError, match="line 1 is not a result"):
        read_results(path)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"id": "1"}', '{"verdict": "right", "citation": null, "id": "1"}']
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "questions.jsonl"
    write_results([result("Florida")], path)
    path.write_text(path.read_text() + content + "\n")
    with pytest.raises(DatasetError, match="line 2 is not a result; expected a file written by"):
        read_results(path)
    with pytest.raises(DatasetError, match="no such file; expected one written by"):
        read_results(tmp_path / "none")


def test_a_run_is_partial_where_a_system_was_not_asked_everything() -> None:
    one = [result("Florida")]
    assert not Run("t", {}, 0.5, 1, {"ours": one, "bm25": one}).partial
    assert Run("t", {}, 0.5, 1, {"ours": one, "bm25": []}).partial


def test_retrieval_is_measured_by_the_first_passage_with_an_answer() -> None:
    measured = retrieval_figures([1, 2, 6, 100, None])
    assert measured["recall@1"].tolist() == [1, 0, 0, 0, 0]
    assert measured["recall@5"].tolist() == [1, 1, 0, 0, 0]
    assert measured["recall@10"].tolist() == [1, 1, 1, 0, 0]
    assert measured["mrr"].tolist() == pytest.approx([1, 1 / 2, 1 / 6, 1 / 100, 0])
    assert retrieval_figures([])["mrr"].tolist() == []
