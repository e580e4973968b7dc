"""Training runs: what they come to, that they can go on, and what they refuse."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    DistilBertConfig,
    DistilBertForQuestionAnswering,
)

from index.errors import DatasetError, ModelError, SettingError, TrainingError
from index.models.encoder import DEFAULT_ENCODER
from qa.reading.quantizing import quantize_reader
from qa.reading.reader import TransformerReader
from qa.squad import load_squad
from qa.training.card import write_card
from qa.training.checkpoints import read_checkpoint, write_checkpoint
from qa.training.config import TrainingConfig
from qa.training.learner import Learner
from qa.training.trainer import ahead, train
from tests.commands import Run
from tests.fakes import WordEncoder
from ui.commands.train import train as train_command


@pytest.fixture
def few_questions(questions: Path) -> Path:
    """The first three of them, about one paragraph."""
    content = json.loads(questions.read_text())
    content["data"] = content["data"][:1]
    content["data"][0]["paragraphs"] = content["data"][0]["paragraphs"][:1]
    path = questions.with_name("few.json")
    path.write_text(json.dumps(content))
    return path


def metrics_of(output: Path) -> list[dict[str, float]]:
    text = (output / "training" / "metrics.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def weights_of(output: Path) -> bytes:
    return (output / "model.safetensors").read_bytes()


def test_the_loss_falls_and_the_reader_can_be_loaded(
    config: TrainingConfig, tmp_path: Path
) -> None:
    report = train(config, tmp_path / "out", WordEncoder())
    losses = [line["loss"] for line in metrics_of(tmp_path / "out")]
    assert losses[-1] < losses[0] * 0.8
    assert report.steps == metrics_of(tmp_path / "out")[-1]["step"]
    assert (tmp_path / "out" / "training" / "learning_curve.png").stat().st_size > 1000
    reader = TransformerReader.load(tmp_path / "out")
    assert reader.read(["Where?"], [["Alma lived in Aarhus."]])[0]


@pytest.mark.models
def test_training_starts_from_the_installed_encoder_with_a_fresh_head(
    config: TrainingConfig, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = replace(config, start_from=DEFAULT_ENCODER, max_steps=1, precision="float32")
    train(config, tmp_path / "out", WordEncoder())
    assert capfd.readouterr().err == ""
    assert metrics_of(tmp_path / "out")[0]["loss"] > 2  # about the logarithm of the tokens
    reader = TransformerReader.load(tmp_path / "out")
    (spans,) = reader.read(["Where?"], [["Alma lived in Aarhus. " * 40]])
    assert max(span.end for span in spans) > 128  # the encoder's tokenizer stops there


class Killed(BaseException):
    """Stands for whatever ends a run."""


@pytest.mark.parametrize("checkpoints", [0, 1, 3])
def test_a_run_that_was_cut_off_comes_to_the_same_as_an_unbroken_one(
    config: TrainingConfig, tmp_path: Path, checkpoints: int
) -> None:
    evaluated: list[Path] = []

    def evaluate(folder: Path) -> dict[str, float]:
        TransformerReader.load(folder)
        return {"F1": 1.0}

    def killed(folder: Path) -> dict[str, float]:
        if len(evaluated) == checkpoints:
            raise Killed
        evaluated.append(folder)
        return evaluate(folder)

    train(config, tmp_path / "unbroken", WordEncoder(), evaluate=evaluate)
    with pytest.raises(Killed):
        train(config, tmp_path / "broken", WordEncoder(), evaluate=killed)
    # What was written after the checkpoint, and a line that was cut off.
    with (tmp_path / "broken" / "training" / "metrics.jsonl").open("a") as file:
        file.write('{"step": 9999, "loss": 1.0}\n{"step": 2')
    train(config, tmp_path / "broken", WordEncoder(), evaluate=evaluate)
    assert weights_of(tmp_path / "broken") == weights_of(tmp_path / "unbroken")
    broken, unbroken = (
        [(line["step"], line.get("loss"), line.get("F1")) for line in metrics_of(tmp_path / name)]
        for name in ("broken", "unbroken")
    )
    assert broken == unbroken


def test_a_run_that_ends_leaves_no_thread_behind(config: TrainingConfig, tmp_path: Path) -> None:
    def killed(folder: Path) -> dict[str, float]:
        raise Killed

    before = set(threading.enumerate())
    with pytest.raises(Killed):
        train(config, tmp_path / "out", WordEncoder(), evaluate=killed)
    # Those that watch children of other tests, or progress bars, are not the run's.
    assert not [
        each
        for each in set(threading.enumerate()) - before
        if not isinstance(each, threading.Timer) and "tqdm" not in type(each).__module__
    ]


def test_what_is_made_ahead_comes_in_order() -> None:
    assert list(ahead(str, range(20))) == [str(number) for number in range(20)]
    assert list(ahead(str, [])) == []


def test_what_cannot_be_made_ahead_is_told_at_its_place() -> None:
    before = threading.enumerate()
    made = ahead(lambda number: 12 // number, [3, 2, 1, 0, 4, 6])
    assert [next(made) for _ in range(3)] == [4, 6, 12]
    with pytest.raises(ZeroDivisionError):
        next(made)
    assert threading.enumerate() == before


def test_no_more_is_made_than_a_few_items_ahead_nor_after_the_end() -> None:
    before = threading.enumerate()
    begun: list[int] = []

    def make(number: int) -> int:
        begun.append(number)
        return number

    with closing(ahead(make, range(20))) as made:
        assert [next(made), next(made)] == [0, 1]
        assert threading.enumerate() != before
    assert threading.enumerate() == before
    assert begun in (list(range(count)) for count in range(2, 7))


def test_a_finished_run_is_not_run_again(config: TrainingConfig, tmp_path: Path) -> None:
    first = train(config, tmp_path / "out", WordEncoder())
    weights = weights_of(tmp_path / "out")
    assert train(config, tmp_path / "out", WordEncoder()) == first
    assert weights_of(tmp_path / "out") == weights


def test_the_questions_that_a_run_did_not_reach_are_kept_to_calibrate_on(
    config: TrainingConfig, tmp_path: Path
) -> None:
    config = replace(config, max_steps=2, unanswerable=0.0, negatives=0.0)
    report = train(config, tmp_path / "out", WordEncoder())
    everything = load_squad(config.data[0][0])
    unread = load_squad(tmp_path / "out" / "training" / "unread" / "questions.json")
    texts = {group.article.text for group in everything}
    assert {group.article.text for group in unread} <= texts
    left = [question.id for group in unread for question in group.questions]
    assert len(left) == 300 - report.examples
    assert set(left) < {question.id for group in everything for question in group.questions}

    train(replace(config, max_steps=None, epochs=1), tmp_path / "whole", WordEncoder())
    assert not (tmp_path / "whole" / "training" / "unread").exists()


def test_another_seed_makes_another_reader(config: TrainingConfig, tmp_path: Path) -> None:
    config = replace(config, max_steps=5)
    train(config, tmp_path / "a", WordEncoder())
    train(replace(config, seed=1), tmp_path / "b", WordEncoder())
    assert weights_of(tmp_path / "a") != weights_of(tmp_path / "b")


def test_the_checkpoint_of_another_config_is_refused(
    config: TrainingConfig, tmp_path: Path
) -> None:
    config = replace(config, max_steps=5)
    train(config, tmp_path / "out", WordEncoder())
    with pytest.raises(TrainingError, match=r"learning_rate was 0\.003 and is 0\.001"):
        train(replace(config, learning_rate=0.001), tmp_path / "out", WordEncoder())


def test_a_checkpoint_of_other_data_is_refused(
    config: TrainingConfig, questions: Path, tmp_path: Path
) -> None:
    config = replace(config, max_steps=5)
    train(config, tmp_path / "out", WordEncoder())
    questions.write_text(questions.read_text().replace("baker", "baler"))
    with pytest.raises(TrainingError, match="data was"):
        train(config, tmp_path / "out", WordEncoder())


def test_a_damaged_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "checkpoint.pt").write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(TrainingError, match="is no checkpoint"):
        read_checkpoint(tmp_path / "checkpoint.pt", {})


FULL_DISK = """
import resource, sys
from pathlib import Path
import torch
from index.errors import TrainingError
from qa.training.checkpoints import write_checkpoint

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_checkpoint(Path(sys.argv[1]), {}, {"weights": torch.zeros(1_000_000)})
except TrainingError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits file sizes in place of a full disk")
def test_a_full_disk_loses_no_earlier_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    write_checkpoint(path, {"seed": 1}, {"step": 7})
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True
    )
    assert "could not be written" in done.stdout
    assert "the one before is kept" in done.stdout
    assert read_checkpoint(path, {"seed": 1}) == {"step": 7}
    assert list(tmp_path.iterdir()) == [path]


def test_a_question_whose_answer_does_not_stand_there_is_left_out_and_reported(
    config: TrainingConfig, questions: Path, tmp_path: Path
) -> None:
    content = json.loads(questions.read_text())
    content["data"][0]["paragraphs"][0]["qas"][1]["answers"][0]["answer_start"] += 1
    questions.write_text(json.dumps(content))
    report = train(replace(config, max_steps=2), tmp_path / "out", WordEncoder())
    (file,) = report.files
    (reason,) = file.refused
    assert reason.startswith("questions.json: question 0-Alma-1: its answer")
    assert file.questions == 299


@pytest.fixture(scope="session")
def deep_model(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained reader of four narrow layers, with the real tokenizer."""
    folder = tmp_path_factory.mktemp("models") / "deep"
    shutil.copytree(tiny_model, folder)
    settings = BertConfig.from_pretrained(tiny_model, num_hidden_layers=4)
    BertForQuestionAnswering(settings).save_pretrained(folder)
    return folder


def test_a_student_keeps_the_layers_it_is_told_to_with_their_weights(
    config: TrainingConfig, deep_model: Path, tmp_path: Path
) -> None:
    Learner(replace(config, start_from=str(deep_model), layers=(0, 2)), 1).save(tmp_path)
    kept = load_file(tmp_path / "model.safetensors")
    given = load_file(deep_model / "model.safetensors")
    assert json.loads((tmp_path / "config.json").read_text())["num_hidden_layers"] == 2
    source = {name: name for name in given if ".layer." not in name}
    for own, theirs in ((0, 0), (1, 2)):
        source |= {
            name.replace(f".layer.{theirs}.", f".layer.{own}."): name
            for name in given
            if f".layer.{theirs}." in name
        }
    assert kept.keys() == source.keys()
    for name, weight in kept.items():
        assert torch.equal(weight, given[source[name]].half()), name


def test_layers_are_given_on_the_command_line(
    run: Run, deep_model: Path, few_questions: Path, tmp_path: Path
) -> None:
    command = ["train", str(few_questions), "-o", str(tmp_path / "out"), "--max-steps", "1"]
    outcome = run(*command, "--from", str(deep_model), "--layers", "0,2")
    assert outcome.code == 0
    assert "(BertForQuestionAnswering, 2 layers," in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        ("0,4", "deep: has no layer 4; expected numbers in 0..3."),
        ("1,1", "layers is (1, 1); expected numbers of layers, each once, lowest first."),
        ("2,0", "layers is (2, 0); expected numbers of layers, each once, lowest first."),
        ("-1,0", "layers is (-1, 0); expected numbers of layers, each once, lowest first."),
    ],
)
def test_layers_that_cannot_be_kept_are_one_line(
    run: Run, deep_model: Path, few_questions: Path, tmp_path: Path, layers: str, says: str
) -> None:
    command = ["train", str(few_questions), "-o", str(tmp_path / "out")]
    outcome = run(*command, "--from", str(deep_model), f"--layers={layers}")
    assert outcome.code == 1
    (complaint,) = [line for line in outcome.err.splitlines() if line.startswith("article-qa: ")]
    assert complaint.endswith(says)


def test_layers_of_another_kind_of_model_cannot_be_left_out(
    config: TrainingConfig, tiny_model: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_model, tmp_path / "distil")
    settings = DistilBertConfig(dim=32, n_layers=2, n_heads=2, hidden_dim=64)
    DistilBertForQuestionAnswering(settings).save_pretrained(tmp_path / "distil")
    config = replace(config, start_from=str(tmp_path / "distil"), layers=(0,))
    with pytest.raises(TrainingError, match=r"distil: is a distilbert, of which all layers are"):
        Learner(config, 1)


def test_nothing_to_train_on_is_said(config: TrainingConfig, tmp_path: Path) -> None:
    empty = replace(config, data=((config.data[0][0], 0.0),))
    with pytest.raises(DatasetError, match="nothing to train on"):
        train(empty, tmp_path / "out", WordEncoder())


def test_a_model_that_cannot_be_started_from_is_named(
    config: TrainingConfig, tmp_path: Path
) -> None:
    (tmp_path / "no model").mkdir()
    config = replace(config, start_from=str(tmp_path / "no model"))
    with pytest.raises(ModelError, match="expected an encoder or a reader"):
        train(config, tmp_path / "out", WordEncoder())


def test_a_quantised_reader_is_trained_further_in_float(
    config: TrainingConfig, tmp_path: Path
) -> None:
    """Its numbers are taken for what they stand for: a step so small changes nothing else."""
    quantize_reader(config.start_from, tmp_path / "int8")
    still = replace(config, max_steps=1, learning_rate=1e-9)
    for folder in (Path(config.start_from), tmp_path / "int8"):
        train(
            replace(still, start_from=str(folder), teacher=str(folder)),
            tmp_path / f"from {folder.name}",
            WordEncoder(),
        )
    exact, quantised = (
        TransformerReader.load(tmp_path / f"from {name}", precision="float32")
        for name in (Path(config.start_from).name, "int8")
    )
    asked = (["Who is the mayor?"], [["The mayor is Ida Brook."]])
    found = [reader.read(*asked)[0] for reader in (exact, quantised)]
    logits = [{(span.start, span.end): span.logit for span in spans} for spans in found]
    assert logits[1] == pytest.approx(logits[0], abs=0.05)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("layers", ()),
        ("layers", (1, 0)),
        ("layers", (0, 0)),
        ("layers", (-1, 0)),
        ("teacher_weight", 1.1),
        ("temperature", 0.0),
        ("learning_rate", 0.0),
        ("epochs", 0),
        ("ema_decay", 1.0),
        ("negatives", 1.5),
        ("unanswerable", -0.1),
        ("paragraphs", 0.9),
        ("batch_tokens", 3),
        ("precision", "float8"),
        ("device", "tpu"),
    ],
)
def test_a_setting_outside_its_range_is_refused(setting: str, value: object) -> None:
    with pytest.raises(SettingError, match=setting):
        TrainingConfig(data=(), start_from="any", **{setting: value})  # type: ignore[arg-type]


def test_the_defaults_of_the_command_are_those_of_the_config() -> None:
    options = inspect.signature(train_command).parameters
    defaults = {field.name: field.default for field in fields(TrainingConfig)}
    assert defaults.keys() - options.keys() == {"warmup", "weight_decay"}
    for name, option in options.items():
        if name in defaults.keys() - {"data", "start_from"}:
            assert option.default == defaults[name], name


def test_the_card_tells_what_the_run_was(config: TrainingConfig, tmp_path: Path) -> None:
    shutil.copytree(config.start_from, tmp_path / "large")
    config = replace(config, max_steps=5, teacher=str(tmp_path / "large"), layers=(1,))
    report = train(config, tmp_path / "out", WordEncoder())
    write_card(
        tmp_path / "out",
        config,
        report,
        scores=[("dev.json", {"questions": 12, "f1": 81.234})],
        licenses={"questions.json": "CC BY 4.0"},
        notes="Made for a test.",
    )
    card = (tmp_path / "out" / "README.md").read_text()
    assert "Made for a test." in card
    assert "| questions.json | 300 | 1 | CC BY 4.0 |" in card
    assert "5 steps" in card
    assert "| learning_rate | 0.003 |" in card
    assert "| layers | (1,) |" in card
    assert "| teacher | large |" in card
    assert "| teacher_weight | 0.8 |" in card
    assert "| temperature | 2.0 |" in card
    assert str(tmp_path) not in card
    assert "`article-qa eval dev.json --reader-only`" in card
    assert "| f1 | 81.2 |" in card
