"""Readers that another one learns from: whose logits they are, and who can be one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import ModelError
from qa.reader import DEFAULT_READER
from qa.training.config import TrainingConfig
from qa.training.trainer import train
from tests.fakes import WordEncoder


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
