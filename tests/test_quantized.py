from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import RobertaProcessing
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    MPNetConfig,
    MPNetForQuestionAnswering,
)
from typer.testing import CliRunner

from index.errors import ModelError
from index.models.bert import Bert
from index.models.eight_bits import EightBitLinear, EightBits, narrowed
from index.models.files import read_config, read_quantization, read_weights
from index.models.weights import quantized
from qa.reading.calibration import Calibration
from qa.reading.evidence import Evidence
from qa.reading.quantizing import quantize_reader
from qa.reading.reader import TransformerReader
from qa.reading.span_models import LibrarySpanModel
from ui.cli import app

WORDS = ["<s>", "<pad>", "</s>", "<unk>", "who", "left", "anna", "berg"]
WORDS += ["boris", "came", "in", "may", ".", "?"]
QUESTION, PASSAGES = "who left ?", ["anna berg left in may .", "boris came .", "may " * 600]
SIZES: dict[str, Any] = {
    "vocab_size": len(WORDS),
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 514,
    "initializer_range": 0.5,
}


def save(folder: Path, model: Any, **options: Any) -> None:  # noqa: ANN401
    """Save a reader of these words, the calibration included."""
    model.save_pretrained(folder, **options)
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(WORDS)}, "<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>"})
    )
    Calibration(Evidence(logit=2.0), 0.5).save(folder)


@pytest.fixture(scope="module", params=["bert", "mpnet"])
def exact(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of random weights."""
    torch.manual_seed(0)
    folder: Path = tmp_path_factory.mktemp("readers") / request.param
    model = (
        BertForQuestionAnswering(BertConfig(**SIZES))
        if request.param == "bert"
        else MPNetForQuestionAnswering(MPNetConfig(**SIZES))
    )
    save(folder, model)
    return folder


@pytest.fixture(scope="module")
def stored(exact: Path) -> Path:
    """The same reader in eight bits, in several files."""
    folder: Path = exact.with_name(f"{exact.name}-int8")
    quantize_reader(exact, folder, shard_bytes=50_000)
    return folder


@pytest.fixture
def copy(stored: Path, tmp_path: Path) -> Path:
    """A copy of that, to be damaged."""
    shutil.copytree(stored, tmp_path / "reader")
    return tmp_path / "reader"


def test_question_and_passage_are_put_together_as_the_library_does(exact: Path) -> None:
    reader = TransformerReader.load(exact, precision="float32")
    first, second, *pieces = reader._windows(0, QUESTION, PASSAGES)
    assert " ".join(first.tokens.tokens) == (
        "<s> who left ? </s> </s> anna berg left in may . </s>"
    )
    assert second.tokens.tokens[second.first :] == ["boris", "came", ".", "</s>"]
    assert len(pieces) == 2
    assert len(pieces[0].tokens.ids) == 512  # though there are 514 positions


def test_the_logits_are_those_of_the_library(exact: Path) -> None:
    own = TransformerReader.load(exact, precision="float32")
    library = LibrarySpanModel.load(exact, exact)
    windows = [window.tokens for window in own._windows(0, QUESTION, PASSAGES)]
    for one, other in zip(own._model.logits(windows), library.logits(windows), strict=True):
        assert one == pytest.approx(other, abs=1e-4)


def test_a_matrix_is_scaled_row_by_row() -> None:
    matrix = torch.tensor([[0.5, -1.0, 0.0], [254.0, 2.0, -3.1], [0.0, 0.0, 0.0]])
    eight = EightBits.of(matrix)
    assert eight.numbers.tolist() == [[64, -127, 0], [127, 1, -2], [0, 0, 0]]
    assert eight.scales[:2].tolist() == pytest.approx([1 / 127, 2.0])
    assert eight.rows(torch.tensor([1, 1])).tolist() == [[254.0, 2.0, -4.0]] * 2


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
def test_what_is_stored_in_eight_bits_is_what_is_computed_in_them(
    exact: Path, stored: Path, precision: str
) -> None:
    config = read_config(exact)
    weights = read_weights(exact)
    small = quantized(weights, config)
    assert {name: (t.dtype, t.tolist()) for name, t in read_weights(stored).items()} == {
        name: (t.dtype, t.tolist()) for name, t in small.items()
    }
    # Only the words are exact in what is quantised when it is loaded.
    words = f"{config['model_type']}.embeddings.word_embeddings.weight"
    weights[words] = EightBits(small[words], small[words + "_scale"]).rows()
    if precision != "int8":
        for name in small:
            if name + "_scale" in small:
                weights[name] = EightBits(small[name], small[name + "_scale"]).rows()
    ids = [[4, 5, 6, 7], list(range(14)) * 20]
    states = Bert(read_weights(stored), config, precision).hidden(ids)
    assert torch.equal(states, Bert(weights, config, precision).hidden(ids))


def test_words_layers_and_nothing_else_are_in_eight_bits(stored: Path) -> None:
    weights = read_weights(stored)
    eight = {name for name, tensor in weights.items() if tensor.dtype == torch.int8}
    assert len(eight) == 1 + 2 * 6
    assert {name.removesuffix("_scale") for name in weights if name.endswith("_scale")} == eight
    assert all(weights[name].dtype == torch.float32 for name in weights.keys() - eight)


def test_a_quantised_reader_finds_what_the_exact_one_does(exact: Path, stored: Path) -> None:
    (found,), (expected,) = (
        TransformerReader.load(folder, precision="float32").read([QUESTION], [PASSAGES])
        for folder in (stored, exact)
    )
    place = (expected[0].passage, expected[0].start, expected[0].end)
    assert place in {(span.passage, span.start, span.end) for span in found[:5]}
    assert found[0].logit == pytest.approx(expected[0].logit, rel=0.2)


def test_the_command_writes_a_whole_reader_or_nothing(exact: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "reader"
    result = CliRunner().invoke(app, ["quantize", str(folder), "--reader", str(exact)])
    assert result.output.startswith(f"Wrote {folder}: 0.1 MB.")
    assert {file.name for file in folder.iterdir()} == {
        *("config.json", "tokenizer.json", "tokenizer_config.json", "calibration.json"),
        *("model-00001-of-00001.safetensors", "model.safetensors.index.json"),
    }
    carried, own = (TransformerReader.load(each).calibration for each in (folder, exact))
    assert carried.reader != own.reader  # each its own weights
    assert replace(carried, reader=own.reader) == own
    quantization = read_quantization(folder)
    assert quantization
    assert quantization.vocabulary == len(WORDS)
    with pytest.raises(ModelError, match="exists, and nothing is written over"):
        quantize_reader(exact, folder)
    with pytest.raises(ModelError, match="is quantised already"):
        quantize_reader(folder, tmp_path / "again")
    shutil.copytree(exact, tmp_path / "half")
    (tmp_path / "half" / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="is not a whole BERT or MPNet that was trained for"):
        quantize_reader(tmp_path / "half", tmp_path / "again")
    assert {path.name for path in tmp_path.iterdir()} == {"new", "half"}


def test_no_file_is_larger_than_asked_and_shards_of_the_library_are_read(
    exact: Path, stored: Path, tmp_path: Path
) -> None:
    sizes = [file.stat().st_size for file in stored.glob("*.safetensors")]
    assert len(sizes) > 1
    assert max(sizes) < 50_000 + 5_000  # the tensors and what says where they are
    model = (
        MPNetForQuestionAnswering.from_pretrained(exact)
        if exact.name == "mpnet"
        else BertForQuestionAnswering.from_pretrained(exact)
    )
    save(tmp_path, model, max_shard_size="10KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 2
    whole, parts = read_weights(exact), read_weights(tmp_path)
    assert whole.keys() == parts.keys()
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_the_library_says_that_it_cannot_read_them(stored: Path) -> None:
    with pytest.raises(ModelError, match="quantised, which transformers cannot read; give the fol"):
        LibrarySpanModel.load(stored, stored)


def cut_off(folder: Path) -> None:
    shard = min(folder.glob("*.safetensors"))
    shard.write_bytes(shard.read_bytes()[:-1])


def change(folder: Path) -> None:
    shard = max(folder.glob("*.safetensors"))
    content = bytearray(shard.read_bytes())
    content[-1] ^= 1
    shard.write_bytes(content)


def edit(name: str, **changes: object) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        content = json.loads((folder / name).read_text())
        (folder / name).write_text(json.dumps({**content, **changes}))

    return apply


def forget_a_tensor(folder: Path) -> None:
    index = json.loads((folder / "model.safetensors.index.json").read_text())
    del index["weight_map"]["qa_outputs.bias"]
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def take_another_tokenizer(folder: Path) -> None:
    content = json.loads((folder / "tokenizer.json").read_text())
    del content["model"]["vocab"]["?"]
    (folder / "tokenizer.json").write_text(json.dumps(content))


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: min(folder.glob(name)).unlink()


INDEX = "model.safetensors.index.json"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (remove("*.safetensors"), r"lacks model-00001-of-\d+.safetensors, which .* names; copy"),
        (remove(INDEX), "has neither model.safetensors nor model.safetensors.index.json, so no we"),
        (remove("tokenizer.json"), "has no tokenizer.json that can be read; copy the one that"),
        (cut_off, "00001-of-.* is cut off or was changed: its SHA-256 is not the one in model"),
        (change, "is cut off or was changed: its SHA-256 is not the one in model.safetensors.i"),
        (edit(INDEX, weight_map=[1]), "index.json: expected JSON that says which tensor stands"),
        (edit(INDEX, weight_map={"a": "../x"}), "index.json: expected JSON that says which tens"),
        (forget_a_tensor, "qa_outputs.bias stands in .*index.json or in a shard, but not in both"),
        (take_another_tokenizer, "tokenizer.json knows 13 tokens and its model 14; copy the tok"),
        (edit("config.json", hidden_size=32), r"do not fit together \(.*embeddings.weight is shap"),
        (edit("config.json", num_hidden_layers=3), "lack '.*encoder.layer.2.attention"),
        (edit("config.json", num_hidden_layers=1), "do not fit together .*encoder.layer.1.* no pl"),
        (edit("config.json", hidden_size="?"), r"do not fit together \(invalid literal for int"),
        (edit("config.json", model_type="vit"), "is of the kind 'vit'; expected a plain bert or"),
        (
            edit("config.json", quantization_config={"quant_method": "article-qa", "bits": 4}),
            "quantization_config is .* expected 8 bits and a vocabulary; copy the whole folder",
        ),
    ],
)
def test_a_damaged_reader_is_refused_in_one_line(
    copy: Path, damage: Callable[[Path], None], message: str
) -> None:
    damage(copy)
    with pytest.raises(ModelError, match=message) as error:
        TransformerReader.load(copy)
    assert str(copy) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_plain_reader_with_another_models_tokenizer_is_refused(
    exact: Path, tmp_path: Path
) -> None:
    shutil.copytree(exact, tmp_path / "reader")
    content = json.loads((exact / "tokenizer.json").read_text())
    content["model"]["vocab"]["more"] = len(WORDS)
    (tmp_path / "reader" / "tokenizer.json").write_text(json.dumps(content))
    with pytest.raises(ModelError, match=r"tokenizer\.json knows 15 tokens and its model 14"):
        TransformerReader.load(tmp_path / "reader")


OVERFLOW = """
import torch
from index.models.eight_bits import EightBitLinear, EightBits, products_overflow
torch.manual_seed(0)
matrix, rows = torch.rand(32, 64), torch.rand(5, 64)
error = EightBitLinear(EightBits.of(matrix), torch.zeros(32))(rows) / (rows @ matrix.T) - 1
print(products_overflow(), float(error.abs().max()) < 0.02)
"""


def test_on_a_cpu_whose_products_overflow_numbers_are_smaller() -> None:
    """Positive numbers alone would give far too little: every sum of two products would be cut."""
    done = subprocess.run(
        [sys.executable, "-c", OVERFLOW],
        env={**os.environ, "ONEDNN_MAX_CPU_ISA": "AVX2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[1] == "True"


def test_smaller_numbers_give_the_same_but_for_a_bit() -> None:
    torch.manual_seed(0)
    matrix, rows = torch.randn(32, 64), torch.randn(50, 64)
    eight = EightBits.of(matrix)
    narrow = narrowed(eight)
    assert narrow.numbers.abs().max() == 64
    assert (narrow.rows() - eight.rows()).abs().max() <= narrow.scales.max() / 2
    found = EightBitLinear(narrow, torch.ones(32))(rows)
    assert (found - rows @ matrix.T - 1).abs().max() < 0.5
