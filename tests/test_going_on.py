from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article
from index.models.encoder import Vectors
from index.retriever import Retriever
from index.store.opening import open_store, save_store
from tests.fakes import WordEncoder
from tests.libraries import MADE, SETTINGS, ids, library, prepared, segments

ARTICLES = [
    Article(f"a{n}", f"A {n}", " ".join(f"Train {n} of {each} toots." for each in range(5)))
    for n in range(6)
]


class KilledError(BaseException):
    """Stands for the end of the program."""


class CountingEncoder(WordEncoder):
    """Counts the texts that it embeds, and ends the program before some call."""

    def __init__(self, killed_at: int | None = None) -> None:
        super().__init__()
        self.killed_at = killed_at
        self.calls: list[int] = []

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        if len(self.calls) == self.killed_at:
            raise KilledError
        if texts:
            self.calls.append(len(texts))
        return super().encode_passages(texts)


def fill(folder: Path, encoder: WordEncoder, articles: Sequence[Article] = ARTICLES) -> Retriever:
    retriever = Retriever(open_store(folder, writing=True, create=(MADE, SETTINGS)), encoder)
    retriever.add(articles, batch=10)
    return retriever


@pytest.mark.parametrize("killed_at", range(3))
def test_it_goes_on_where_it_was_killed(tmp_path: Path, killed_at: int) -> None:
    with pytest.raises(KilledError):
        fill(tmp_path / "i", CountingEncoder(killed_at))
    assert len(open_store(tmp_path / "i")) == 2 * killed_at  # documents are in as a whole
    encoder = CountingEncoder()
    retriever = fill(tmp_path / "i", encoder)
    assert encoder.calls == [10, 10, 10][killed_at:]
    whole = Retriever.build(ARTICLES, WordEncoder())
    assert list(retriever.articles) == ARTICLES
    assert retriever.search(["train 3 of 4"], 5) == whole.search(["train 3 of 4"], 5)


def test_a_program_that_is_ended_from_outside_leaves_what_it_has(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from tests.test_going_on import CountingEncoder, fill

class Ended(CountingEncoder):
    def encode_passages(self, texts, *, progress=False):
        if len(self.calls) == 2:
            os.kill(os.getpid(), 9)
        return super().encode_passages(texts)

fill(Path(sys.argv[1]), Ended())
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "i")], capture_output=True)
    assert done.returncode != 0
    assert done.stderr == b""
    encoder = CountingEncoder()
    fill(tmp_path / "i", encoder)
    assert encoder.calls == [10]


def test_after_very_many_the_library_is_compacted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.folder.planning._GROWTH", 0)  # nothing is merged beside it
    fill(tmp_path / "i", WordEncoder())
    assert len(segments(tmp_path / "i")) == 3
    monkeypatch.setattr("index.filling._SCATTERED_FROM", 30)
    fill(tmp_path / "j", WordEncoder())
    assert len(segments(tmp_path / "j")) == 1


def test_only_what_changed_is_embedded(tmp_path: Path) -> None:
    fill(tmp_path / "i", CountingEncoder())
    before = open_store(tmp_path / "i")
    version = before.version
    encoder = CountingEncoder()
    fill(tmp_path / "i", encoder)
    assert encoder.calls == []
    assert before.version == version  # what would change nothing writes nothing
    changed = [*ARTICLES[:3], replace(ARTICLES[3], text="Buses toot. They stop.")]
    fill(tmp_path / "i", encoder, changed)
    assert encoder.calls == [2]
    assert [document.id for document in before.documents()] == ["a0", "a1", "a2", "a4", "a5", "a3"]


def test_an_article_of_which_more_is_known_is_not_embedded_again(tmp_path: Path) -> None:
    fill(tmp_path / "i", CountingEncoder())
    encoder = CountingEncoder()
    fill(tmp_path / "i", encoder, [replace(ARTICLES[0], meta={"author": "A. Smith"})])
    assert encoder.calls == []
    store = open_store(tmp_path / "i")
    (article,) = store.articles(store.numbers(ids=["a0"])).values()
    assert article.meta == {"author": "A. Smith"}


def test_any_store_can_be_saved_to_a_folder(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    memory = Retriever.build(ARTICLES, encoder)
    calls = list(encoder.calls)
    memory.save(tmp_path / "i")
    assert encoder.calls == calls
    saved = Retriever.load(tmp_path / "i", encoder)
    assert saved.search(["train 3 of 4"], 5) == memory.search(["train 3 of 4"], 5)
    assert saved.documents == memory.documents
    assert len(segments(tmp_path / "i")) == 1


def test_a_library_that_is_saved_over_is_exchanged_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = library(tmp_path / "i", *ARTICLES[:2])
    other = library(tmp_path / "other")
    other.change(add=prepared(*ARTICLES[2:4], tags=["new"]))
    with monkeypatch.context() as context:
        context.setattr(type(other), "vectors", _kill)
        with pytest.raises(KilledError):
            save_store(other, tmp_path / "i")
    assert ids(store) == ["a0", "a1"]
    save_store(other, tmp_path / "i")
    assert ids(store) == ["a2", "a3"]
    assert store.numbers(tags=["new"]).tolist() == [3, 4]
    assert (store.matching("train 2", 1).passages >> 31).tolist() == [3]
    assert np.array_equal(store.vectors(3), other.vectors(1))


def _kill(*_: object) -> None:
    raise KilledError
