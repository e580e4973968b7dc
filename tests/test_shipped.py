from __future__ import annotations

import contextlib
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from index.models.encoder import SentenceEncoder
from index.retriever import Retriever
from index.store.opening import open_store
from qa import Answer, ArticleQA
from qa.shipped import DEFAULT_INDEX, shipped_article, shipped_retriever
from tests.fakes import WordEncoder


@pytest.mark.models
def test_the_index_in_the_package_is_the_one_that_would_be_built(encoder: SentenceEncoder) -> None:
    built = Retriever.build([shipped_article()], encoder).store
    with contextlib.closing(open_store(DEFAULT_INDEX)) as saved:
        assert saved.articles(saved.numbers()) == built.articles(built.numbers())
        assert saved.documents() == built.documents()
        assert (saved.made, saved.settings) == (built.made, built.settings)
        assert saved.vectors(1) == pytest.approx(built.vectors(1), abs=1e-5)
        for name in ("sentences", "passages"):
            ours, theirs = (each.cuts(each.numbers())[1] for each in (saved, built))
            assert np.array_equal(getattr(ours, name), getattr(theirs, name))


def test_the_index_in_the_package_is_of_its_article() -> None:
    with contextlib.closing(open_store(DEFAULT_INDEX)) as saved:
        assert list(saved.articles(saved.numbers()).values()) == [shipped_article()]
        assert saved.kind == "folder"


def test_what_is_added_does_not_come_into_the_package(tmp_path: Path) -> None:
    Retriever.build([shipped_article()], WordEncoder()).save(tmp_path / "i")
    before = {path: path.read_bytes() for path in (tmp_path / "i").rglob("*") if path.is_file()}
    shipped = shipped_retriever(WordEncoder(), tmp_path / "i")
    shipped.add([dataclasses.replace(shipped_article(), id="own")])
    assert len(shipped.articles) == 2
    after = {path: path.read_bytes() for path in (tmp_path / "i").rglob("*") if path.is_file()}
    assert after == before


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
    vectors = shipped_retriever(encoder, tmp_path / "i").store.vectors(1)
    built = Retriever.build([shipped_article()], encoder).store
    assert np.array_equal(vectors, built.vectors(1))


def test_without_an_index_the_article_is_indexed(tmp_path: Path) -> None:
    assert shipped_retriever(WordEncoder(), tmp_path / "none").articles == (shipped_article(),)


@pytest.mark.models
def test_the_default_answers_as_one_that_was_just_built(bot: ArticleQA) -> None:
    def to_four_digits(answer: Answer) -> object:  # vectors of two machines differ in the last
        return json.loads(json.dumps(answer.to_dict()), parse_float=lambda n: round(float(n), 4))

    question = "Who leads the Ukrainian delegation?"
    default = ArticleQA.default().ask(question)
    assert to_four_digits(default) == to_four_digits(bot.ask(question))
