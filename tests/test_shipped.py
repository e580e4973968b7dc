from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from index.models.encoder import SentenceEncoder
from index.retriever import Retriever
from qa import Answer, ArticleQA
from qa.shipped import DEFAULT_INDEX, shipped_article, shipped_retriever
from tests.fakes import WordEncoder


@pytest.mark.models
def test_the_index_in_the_package_is_the_one_that_would_be_built(encoder: SentenceEncoder) -> None:
    saved = Retriever.load(DEFAULT_INDEX, encoder).data
    built = Retriever.build([shipped_article()], encoder).data
    assert saved.articles == built.articles
    assert saved.encoder == built.encoder
    for name in ("sentences", "passages"):
        assert np.array_equal(getattr(saved, name), getattr(built, name))
    assert saved.vectors == pytest.approx(built.vectors, abs=1e-5)


class CountingEncoder(WordEncoder):
    """Counts the passages that it embeds."""

    embedded = 0

    def encode_passages(self, texts, *, progress=False):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        self.embedded += len(texts)
        return super().encode_passages(texts, progress=progress)


def test_a_saved_index_is_opened_and_only_checked(tmp_path: Path) -> None:
    Retriever.build([shipped_article()], WordEncoder()).save(tmp_path / "i")
    encoder = CountingEncoder()
    assert shipped_retriever(encoder, tmp_path / "i").articles == (shipped_article(),)
    assert encoder.embedded == 1


def test_an_index_of_another_text_is_not_used(tmp_path: Path) -> None:
    other = dataclasses.replace(shipped_article(), text="Something else was said.")
    Retriever.build([other], WordEncoder()).save(tmp_path / "i")
    assert shipped_retriever(WordEncoder(), tmp_path / "i").articles == (shipped_article(),)


@pytest.mark.parametrize("encoder", [WordEncoder(seed="other"), WordEncoder(dimension=32)])
def test_an_index_of_another_encoder_is_not_used(tmp_path: Path, encoder: WordEncoder) -> None:
    Retriever.build([shipped_article()], WordEncoder()).save(tmp_path / "i")
    vectors = shipped_retriever(encoder, tmp_path / "i").data.vectors
    assert np.array_equal(vectors, Retriever.build([shipped_article()], encoder).data.vectors)


def test_without_an_index_the_article_is_indexed(tmp_path: Path) -> None:
    assert shipped_retriever(WordEncoder(), tmp_path / "none").articles == (shipped_article(),)


@pytest.mark.models
def test_the_default_answers_as_one_that_was_just_built(bot: ArticleQA) -> None:
    def to_four_digits(answer: Answer) -> object:  # vectors of two machines differ in the last
        return json.loads(json.dumps(answer.to_dict()), parse_float=lambda n: round(float(n), 4))

    question = "Who leads the Ukrainian delegation?"
    default = ArticleQA.default().ask(question)
    assert to_four_digits(default) == to_four_digits(bot.ask(question))
