"""Readers that another one learns from: whose logits they are, and who can be one."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from index.articles import Article
from index.errors import ModelError, TrainingError
from index.text.stretches import Stretch
from qa.reading.reader import DEFAULT_READER
from qa.training.config import TrainingConfig
from qa.training.examples import Example
from qa.training.learner import Batch, Learner
from qa.training.teacher import Teacher
from qa.training.trainer import train
from tests.fakes import WordEncoder

PASSAGES = [
    "Anna Lindqvist left in May.",
    "Boris came, and he stayed for 1234 days.",
    "[SEP] is one's special token, <s> and </s> are another's, [UNK] and ☃ both's.",
    "May " * 600,
]
_SPECIAL = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>"}


@pytest.fixture(scope="session")
def mpnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of MPNet's kind, of random weights: other special tokens, the same wordpieces."""
    from transformers import MPNetConfig, MPNetForQuestionAnswering

    folder = tmp_path_factory.mktemp("mpnet")
    content = json.loads((DEFAULT_READER / "tokenizer.json").read_text(encoding="utf-8"))
    words = content["model"]["vocab"]
    content["model"]["vocab"] = {_SPECIAL.get(word, word): words[word] for word in words}
    for token in content["added_tokens"]:
        token["content"] = _SPECIAL.get(token["content"], token["content"])
    tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("<s>", "</s>")],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "pad_token": "<pad>",
                "model_input_names": ["input_ids", "attention_mask"],
            }
        )
    )
    torch.manual_seed(1)
    settings = MPNetConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=514,
        pad_token_id=0,
        initializer_range=0.3,
    )
    MPNetForQuestionAnswering(settings).save_pretrained(folder)
    return folder


@pytest.fixture
def taught(config: TrainingConfig, mpnet: Path) -> TrainingConfig:
    return replace(config, teacher=str(mpnet), precision="float32")


def batch_of(learner: Learner, passages: list[str]) -> Batch:
    articles = [Article(str(n), "", text) for n, text in enumerate(passages)]
    return learner.encode(
        [
            (Example("Who left?", Stretch(article, 0, len(article.text)), None, tokens=0),)
            for article in articles
        ]
    )


def losses_of(output: Path) -> list[float]:
    lines = (output / "training" / "metrics.jsonl").read_text().splitlines()
    return [line["loss"] for line in map(json.loads, lines) if "loss" in line]


def test_a_teacher_gives_the_students_tokens_the_logits_that_it_gives_its_own(
    taught: TrainingConfig, mpnet: Path
) -> None:
    from transformers import MPNetForQuestionAnswering, PreTrainedTokenizerFast

    model = MPNetForQuestionAnswering.from_pretrained(mpnet).eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(mpnet)
    student = PreTrainedTokenizerFast.from_pretrained(taught.start_from)
    batch = batch_of(Learner(taught, 1), PASSAGES)
    context = batch.targets["context"]
    assert context.shape == (4, 448)
    teacher = Teacher("mpnet", model, tokenizer, student)
    aligned = teacher.logits(batch.taught, context)

    for row, passage in enumerate(PASSAGES):
        alone = tokenizer(
            "Who left?",
            passage,
            truncation="only_second",
            max_length=449,  # one special token more than the student's
            return_tensors="pt",
            split_special_tokens=True,
        )
        own = np.array(alone.sequence_ids(0)) == 1
        words = tokenizer.convert_ids_to_tokens(alone["input_ids"][0, own])
        assert words == student.convert_ids_to_tokens(
            batch.inputs["input_ids"][row, context[row]].tolist()
        )
        with torch.no_grad():
            output = model(**alone)
        for found, wanted in zip(aligned, (output.start_logits, output.end_logits), strict=True):
            assert found[row, context[row]].tolist() == pytest.approx(
                wanted[0, own].tolist(), abs=1e-4
            )
            assert found[row, 0].item() == pytest.approx(wanted[0, 0].item(), abs=1e-4)
            assert not found[row, 1:][~context[row, 1:]].any()


def test_a_student_comes_nearer_to_its_teacher(taught: TrainingConfig, tmp_path: Path) -> None:
    # The teacher's word alone: the loss is the divergence.
    train(replace(taught, teacher_weight=1.0, dropout=0.0), tmp_path / "out", WordEncoder())
    losses = losses_of(tmp_path / "out")
    assert losses[-1] < losses[0] * 0.8


def test_the_teachers_share_of_the_loss_is_its_weight(
    taught: TrainingConfig, tmp_path: Path
) -> None:
    first = {}
    for weight in (0.0, 0.25, 1.0):
        config = replace(taught, teacher_weight=weight, max_steps=1)
        train(config, tmp_path / str(weight), WordEncoder())
        (first[weight],) = losses_of(tmp_path / str(weight))
    assert first[0.25] == pytest.approx(0.75 * first[0.0] + 0.25 * first[1.0], abs=1e-3)
    assert first[0.0] != pytest.approx(first[1.0], abs=0.1)
    train(replace(taught, teacher=None, max_steps=1), tmp_path / "alone", WordEncoder())
    assert losses_of(tmp_path / "alone") == [first[0.0]]


def test_a_taught_run_that_was_cut_off_comes_to_the_same_as_an_unbroken_one(
    taught: TrainingConfig, tmp_path: Path
) -> None:
    taught = replace(taught, max_steps=16)
    evaluated = []

    def cut_off(folder: Path) -> dict[str, float]:
        evaluated.append(folder)
        if len(evaluated) == 2:
            raise KeyboardInterrupt
        return {}

    train(taught, tmp_path / "unbroken", WordEncoder(), evaluate=lambda folder: {})
    with pytest.raises(KeyboardInterrupt):
        train(taught, tmp_path / "broken", WordEncoder(), evaluate=cut_off)
    train(taught, tmp_path / "broken", WordEncoder(), evaluate=lambda folder: {})
    broken, unbroken = (
        (tmp_path / name / "model.safetensors").read_bytes() for name in ("broken", "unbroken")
    )
    assert broken == unbroken
    train(replace(taught, teacher=None), tmp_path / "untaught", WordEncoder())
    assert (tmp_path / "untaught" / "model.safetensors").read_bytes() != unbroken


def test_a_teacher_of_another_vocabulary_is_refused(
    taught: TrainingConfig, mpnet: Path, tmp_path: Path
) -> None:
    shutil.copytree(mpnet, tmp_path / "other")
    file = tmp_path / "other" / "tokenizer.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"harbour"', '"harbourside"'))
    with pytest.raises(TrainingError) as refused:
        train(replace(taught, teacher=str(tmp_path / "other")), tmp_path / "out", WordEncoder())
    assert str(refused.value) == (
        f"{tmp_path / 'other'}: cannot teach this reader, whose vocabulary is another (2 tokens "
        "are of one alone); expected a teacher that cuts texts into the same tokens."
    )


def test_a_teacher_that_cuts_the_same_words_differently_is_refused(
    taught: TrainingConfig, mpnet: Path, tmp_path: Path
) -> None:
    shutil.copytree(mpnet, tmp_path / "cased")
    file = tmp_path / "cased" / "tokenizer.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["normalizer"]["lowercase"] = False
    file.write_text(json.dumps(content))
    with pytest.raises(TrainingError, match=r"vocabulary is another \(they cut differently\)"):
        train(replace(taught, teacher=str(tmp_path / "cased")), tmp_path / "out", WordEncoder())


def test_a_teacher_that_reads_fewer_tokens_is_refused(
    config: TrainingConfig, tmp_path: Path
) -> None:
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    settings = BertConfig(
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=384,
    )
    BertForQuestionAnswering(settings).save_pretrained(tmp_path / "short")
    AutoTokenizer.from_pretrained(DEFAULT_READER).save_pretrained(tmp_path / "short")
    config = replace(config, teacher=str(tmp_path / "short"))
    with pytest.raises(TrainingError, match=r"short: reads 384 tokens at once, .* reader 448;"):
        train(config, tmp_path / "out", WordEncoder())


def test_an_encoder_cannot_teach(config: TrainingConfig, tmp_path: Path) -> None:
    from transformers import AutoTokenizer, BertConfig, BertModel

    settings = BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    BertModel(settings).save_pretrained(tmp_path / "encoder")
    AutoTokenizer.from_pretrained(DEFAULT_READER).save_pretrained(tmp_path / "encoder")
    config = replace(config, teacher=str(tmp_path / "encoder"))
    with pytest.raises(
        ModelError, match=r"encoder: lacks the weights qa_outputs\.bias, qa_outputs"
    ):
        train(config, tmp_path / "out", WordEncoder())


def test_a_teacher_that_is_not_there_is_named(config: TrainingConfig, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no teacher: is no folder, .* or give a folder"):
        train(replace(config, teacher=str(tmp_path / "no teacher")), tmp_path, WordEncoder())
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="empty: cannot be loaded; expected a reader"):
        train(replace(config, teacher=str(tmp_path / "empty")), tmp_path, WordEncoder())
