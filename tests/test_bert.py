from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from index.bert import (
    PRECISION,
    Bert,
    choose_precision,
    read_config,
    read_tokenizer,
    read_weights,
)
from index.encoder import SentenceEncoder
from index.errors import SettingError
from qa.reader import TransformerReader

TEXTS = [[5, 7, 11, 13, 2], [3], [9, 8, 7, 6, 5, 4, 3, 2, 1] * 3]
TYPES = [[0, 0, 1, 1, 1], [0], [0] * 20 + [1] * 7]
SMALL = BertConfig(
    vocab_size=50,
    hidden_size=24,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=48,
    max_position_embeddings=64,
    initializer_range=0.5,
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[BertModel, Path]:
    """A small BERT of random weights, and the folder it is saved in."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("bert")
    model = BertModel(SMALL).eval()
    model.save_pretrained(folder)
    return model, folder


def load(folder: Path, precision: str = "float32") -> Bert:
    config, weights = read_config(folder), read_weights(folder)
    assert config is not None
    assert weights is not None
    return Bert(weights, config, precision)


def expected(model: BertModel, text: list[int], types: list[int]) -> torch.Tensor:
    with torch.inference_mode():
        output = model(input_ids=torch.tensor([text]), token_type_ids=torch.tensor([types]))
    state: torch.Tensor = output.last_hidden_state[0]
    return state


def test_the_states_are_those_of_the_library(model: tuple[BertModel, Path]) -> None:
    states = load(model[1]).hidden(TEXTS, TYPES)
    for text, types, own in zip(TEXTS, TYPES, torch.split(states, [5, 1, 27]), strict=True):
        torch.testing.assert_close(own, expected(model[0], text, types), atol=1e-5, rtol=1e-5)


def test_half_precision_comes_close(model: tuple[BertModel, Path]) -> None:
    states = load(model[1], "bfloat16").hidden(TEXTS[:1], TYPES[:1])
    assert states.dtype == torch.bfloat16
    exact = expected(model[0], TEXTS[0], TYPES[0])
    assert torch.nn.functional.cosine_similarity(states.float(), exact).min() > 0.99


def test_eight_bits_come_close(model: tuple[BertModel, Path]) -> None:
    states = load(model[1], "int8").hidden(TEXTS[:1], TYPES[:1])
    exact = expected(model[0], TEXTS[0], TYPES[0])
    similarity = torch.nn.functional.cosine_similarity(states, exact)
    assert 0.99 < similarity.min() < 1 - 1e-6  # and are not the exact thing under another name


def test_in_eight_bits_a_text_does_not_depend_on_those_beside_it(
    model: tuple[BertModel, Path],
) -> None:
    bert = load(model[1], "int8")
    alone = torch.cat([bert.hidden([text], [types]) for text, types in zip(TEXTS, TYPES)])  # noqa: B905
    torch.testing.assert_close(bert.hidden(TEXTS, TYPES), alone, atol=1e-5, rtol=1e-5)


def test_eight_bits_bear_rows_and_matrices_of_zeros() -> None:
    """Whose largest number is nothing to divide by."""
    zero = BertModel(SMALL)
    weights = {name: torch.zeros_like(tensor) for name, tensor in zero.state_dict().items()}
    states = Bert(weights, SMALL.to_dict(), "int8").hidden([[1, 2]])
    assert torch.equal(states, torch.zeros(2, SMALL.hidden_size))


def test_without_types_all_tokens_are_of_the_first(model: tuple[BertModel, Path]) -> None:
    bert = load(model[1])
    zeros = [[0] * len(text) for text in TEXTS]
    torch.testing.assert_close(bert.hidden(TEXTS), bert.hidden(TEXTS, zeros))


def test_more_tokens_than_are_computed_at_once_change_nothing(
    model: tuple[BertModel, Path],
) -> None:
    bert = load(model[1])
    many = [list(range(1, 50))] * 100  # 4,900 tokens
    states = bert.hidden(many)
    torch.testing.assert_close(states, bert.hidden(many[:1]).repeat(100, 1), atol=1e-5, rtol=1e-5)


def test_nothing_has_no_states(model: tuple[BertModel, Path]) -> None:
    assert load(model[1]).hidden([]).shape == (0, 24)


@pytest.mark.parametrize(
    "change",
    [
        {"model_type": "roberta"},
        {"hidden_act": "relu"},
        {"position_embedding_type": "relative_key"},
        {"is_decoder": True},
    ],
)
def test_models_of_another_kind_are_left_to_the_library(
    model: tuple[BertModel, Path], tmp_path: Path, change: dict[str, object]
) -> None:
    config = json.loads((model[1] / "config.json").read_text())
    assert read_config(model[1]) is not None
    (tmp_path / "config.json").write_text(json.dumps({**config, **change}))
    assert read_config(tmp_path) is None


def test_what_is_missing_or_damaged_is_left_to_the_library(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        assert (read_config(tmp_path), read_tokenizer(tmp_path), read_weights(tmp_path)) == (
            (None,) * 3
        )
        (tmp_path / name).write_bytes(b"\xff{")
    assert (read_config(tmp_path), read_tokenizer(tmp_path), read_weights(tmp_path)) == (None,) * 3


def test_the_precision_is_what_the_cpu_has_unless_it_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(PRECISION, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: False, raising=False)
    assert choose_precision() == "float32"
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: True, raising=False)
    assert choose_precision() == "int8"
    monkeypatch.setenv(PRECISION, "bfloat16")
    assert choose_precision() == "bfloat16"
    assert choose_precision("float32") == "float32"


def test_a_precision_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingError, match="precision is 'float8'; expected float32, bfloat16 or"):
        TransformerReader.load(precision="float8")
    monkeypatch.setenv(PRECISION, "half")
    for load_model in (TransformerReader.load, SentenceEncoder.load):
        with pytest.raises(SettingError, match=f"{PRECISION} is 'half'; expected"):
            load_model()
