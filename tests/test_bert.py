from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from index.errors import ModelError, SettingError
from index.models.bert import Bert, runs
from index.models.encoder import SentenceEncoder
from index.models.files import read_config, read_tokenizer, read_weights
from index.models.precision import PRECISION, choose_precision
from qa.reading.reader import TransformerReader
from qa.reading.span_models import BertSpanModel

TEXTS = [[5, 7, 11, 13, 2], [3], [9, 8, 7, 6, 5, 4, 3, 2, 0] * 3]
TYPES = [[0, 0, 1, 1, 1], [0], [0] * 20 + [1] * 7]
SIZES: dict[str, Any] = {
    "vocab_size": 50,
    "hidden_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "initializer_range": 0.5,
}
BERT = BertConfig(max_position_embeddings=64, **SIZES)
MPNET = MPNetConfig(max_position_embeddings=302, **SIZES)

Model = tuple[BertModel | MPNetModel, Path]
"""A small model of random weights, and the folder it is saved in."""


@pytest.fixture(scope="module", params=["bert", "mpnet"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("model")
    model: Any = BertModel(BERT) if request.param == "bert" else MPNetModel(MPNET)
    model.eval().save_pretrained(folder)
    return model, folder


def load(folder: Path, precision: str = "float32") -> Bert:
    return Bert(read_weights(folder), read_config(folder), precision)


def expected(model: BertModel | MPNetModel, text: list[int], types: list[int]) -> torch.Tensor:
    given = {"token_type_ids": torch.tensor([types])} if isinstance(model, BertModel) else {}
    with torch.inference_mode():
        output = model(input_ids=torch.tensor([text]), **given)
    state: torch.Tensor = output.last_hidden_state[0]
    return state


def test_the_states_are_those_of_the_library(model: Model) -> None:
    states = load(model[1]).hidden(TEXTS, TYPES)
    for text, types, own in zip(TEXTS, TYPES, torch.split(states, [5, 1, 27]), strict=True):
        torch.testing.assert_close(own, expected(model[0], text, types), atol=1e-4, rtol=1e-5)


def test_tokens_of_any_distance_attend_to_each_other_as_in_the_library(model: Model) -> None:
    """As many as the model has places for: an MPNet puts distances from 128 on in one bucket."""
    bert = load(model[1])
    assert bert.max_tokens == {"bert": 64, "mpnet": 300}[model[0].config.model_type]
    text = [2 + place * 7 % 48 for place in range(bert.max_tokens)]
    exact = expected(model[0], text, [0] * len(text))
    torch.testing.assert_close(bert.hidden([text[:9], text])[9:], exact, atol=1e-4, rtol=1e-5)


def test_half_precision_comes_close(model: Model) -> None:
    states = load(model[1], "bfloat16").hidden(TEXTS[:1], TYPES[:1])
    assert states.dtype == torch.bfloat16
    exact = expected(model[0], TEXTS[0], TYPES[0])
    assert torch.nn.functional.cosine_similarity(states.float(), exact).min() > 0.99


def test_eight_bits_come_close(model: Model) -> None:
    states = load(model[1], "int8").hidden(TEXTS[:1], TYPES[:1])
    exact = expected(model[0], TEXTS[0], TYPES[0])
    similarity = torch.nn.functional.cosine_similarity(states, exact)
    assert 0.99 < similarity.min() < 1 - 1e-6  # and are not the exact thing under another name


def test_in_eight_bits_a_text_does_not_depend_on_those_beside_it(model: Model) -> None:
    bert = load(model[1], "int8")
    alone = torch.cat([bert.hidden([text], [types]) for text, types in zip(TEXTS, TYPES)])  # noqa: B905
    torch.testing.assert_close(bert.hidden(TEXTS, TYPES), alone, atol=1e-5, rtol=1e-5)


def test_eight_bits_bear_rows_and_matrices_of_zeros() -> None:
    """Whose largest number is nothing to divide by."""
    zero = BertModel(BERT)
    weights = {name: torch.zeros_like(tensor) for name, tensor in zero.state_dict().items()}
    states = Bert(weights, BERT.to_dict(), "int8").hidden([[1, 2]])
    assert torch.equal(states, torch.zeros(2, 24))


def test_without_types_all_tokens_are_of_the_first(model: Model) -> None:
    bert = load(model[1])
    zeros = [[0] * len(text) for text in TEXTS]
    torch.testing.assert_close(bert.hidden(TEXTS), bert.hidden(TEXTS, zeros))


def test_more_tokens_than_are_computed_at_once_change_nothing(model: Model) -> None:
    bert = load(model[1])
    many = [list(range(1, 50))] * 100  # 4,900 tokens
    states = bert.hidden(many)
    torch.testing.assert_close(states, bert.hidden(many[:1]).repeat(100, 1), atol=1e-5, rtol=1e-5)


def test_nothing_has_no_states(model: Model) -> None:
    assert load(model[1]).hidden([]).shape == (0, 24)


@pytest.mark.parametrize(
    ("config", "change"),
    [
        (BERT, {"model_type": "roberta"}),
        (BERT, {"hidden_act": "relu"}),
        (BERT, {"position_embedding_type": "relative_key"}),
        (BERT, {"is_decoder": True}),
        (MPNET, {"hidden_act": "relu"}),
        (MPNET, {"relative_attention_num_buckets": 16}),
    ],
)
def test_models_of_another_kind_are_left_to_the_library(
    config: BertConfig | MPNetConfig, change: dict[str, object]
) -> None:
    assert runs(config.to_dict())
    assert not runs({**config.to_dict(), **change})


def test_weights_of_another_shape_than_the_configuration_says_are_refused(model: Model) -> None:
    weights, config = read_weights(model[1]), read_config(model[1])
    with pytest.raises(ValueError, match=r"weight is shaped \(50, 24\); expected \(49, 24\)"):
        Bert(weights, {**config, "vocab_size": 49}, "float32")
    with pytest.raises(KeyError, match=r"encoder\.layer\.3\.attention"):
        Bert(weights, {**config, "num_hidden_layers": 4}, "float32")


def test_what_is_missing_or_damaged_is_left_to_the_library(tmp_path: Path) -> None:
    for content in (None, b"\xff{"):
        if content:
            for name in ("config.json", "tokenizer.json", "model.safetensors"):
                (tmp_path / name).write_bytes(content)
        assert not runs(read_config(tmp_path))
        assert read_tokenizer(tmp_path) is None
        with pytest.raises(ModelError):
            read_weights(tmp_path)
        assert BertSpanModel.load(tmp_path) is None


def test_the_precision_is_what_the_cpu_has_unless_it_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(PRECISION, raising=False)
    fastest = {"AVX512": "int8", "AVX2": "int8", "DEFAULT": "float32", "SVE256": "float32"}
    for capability, precision in fastest.items():
        monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)  # noqa: B023
        assert choose_precision() == precision
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
