"""The large reader in the package, whole and damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.models.files import read_config, read_quantization, read_weights
from qa.reading.reader import LARGE_READER, TransformerReader
from qa.reading.span_models import BertSpanModel
from qa.reading.strategies import shipped_strategy
from tests.commands import Run

pytestmark = pytest.mark.models

FLORIDA = "The discussions were convened in Hallandale Beach, Florida, on Sunday."


@pytest.fixture
def cut_off(tmp_path: Path) -> Path:
    """A copy of it, of whose second shard the last thousand bytes are gone."""
    folder = tmp_path / "large"
    shutil.copytree(LARGE_READER, folder)
    shard = folder / "model-00002-of-00002.safetensors"
    shard.write_bytes(shard.read_bytes()[:-1000])
    return folder


def test_it_is_mpnet_in_eight_bits() -> None:
    import torch

    config, quantization = read_config(LARGE_READER), read_quantization(LARGE_READER)
    assert (config["model_type"], config["num_hidden_layers"]) == ("mpnet", 12)
    assert quantization is not None
    assert quantization.vocabulary == config["vocab_size"] == 30_527
    eight = [tensor for tensor in read_weights(LARGE_READER).values() if tensor.dtype == torch.int8]
    assert len(eight) == 1 + 12 * 6  # the words, and six matrices a layer


def test_it_is_loaded_and_reads() -> None:
    reader = TransformerReader.load(LARGE_READER)
    assert isinstance(reader._model, BertSpanModel)
    span = reader.read(["Where were the talks held?"], [[FLORIDA]])[0][0]
    assert FLORIDA[span.start : span.end] == "Hallandale Beach, Florida"
    assert span.logit > 5


@pytest.mark.parametrize("named", [True, False], ids=["by its folder", "by default"])
def test_a_shard_that_was_cut_off_is_told_in_one_line_when_a_question_is_asked(
    run: Run, cut_off: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setattr(
        "qa.reading.strategies.shipped_strategy", lambda: shipped_strategy(large=cut_off)
    )
    outcome = run("ask", "Who resigned?", *(["--reader", str(cut_off)] if named else []))
    assert (outcome.code, outcome.out) == (1, "")
    assert (
        f"{cut_off / 'model-00002-of-00002.safetensors'}: is cut off or was changed: its SHA-256"
        in (outcome.complaint)
    )
