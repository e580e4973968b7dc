from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from index.articles import Article
from index.copying import copy_documents
from index.filling import Changes
from index.retriever import Retriever
from index.store.base import Made
from index.store.memory import MemoryStore
from index.store.settings import IndexSettings
from tests.fakes import WordEncoder

TRAINS = Article("trains", "Trains", "The trains stop in Rome. They go on to Bari.")
SHIPS = Article("ships", "Ships", "The ships stop in Genoa.")


class CountingEncoder(WordEncoder):
    """Counts the texts that it embeds."""

    def __init__(self, seed: str = "") -> None:
        super().__init__(seed=seed)
        self.embedded = 0

    def encode_passages(
        self, texts: Sequence[str], *, progress: bool = False
    ) -> NDArray[np.float32]:
        self.embedded += len(texts)
        return super().encode_passages(texts, progress=progress)


def retriever_of(
    *articles: Article, encoder: WordEncoder | None = None, settings: IndexSettings | None = None
) -> Retriever:
    encoder = encoder or WordEncoder()
    made = Made(encoder.name, encoder.dimension)
    retriever = Retriever(MemoryStore(made, settings or IndexSettings()), encoder)
    retriever.add(articles)
    return retriever


def counts(changes: Changes) -> tuple[int, int, int]:
    return len(changes.added), len(changes.replaced), len(changes.unchanged)


def test_documents_come_with_their_vectors_and_tags_and_nothing_is_embedded() -> None:
    source = retriever_of(TRAINS, SHIPS)
    source.store.tag(["ships"], ["sea"])
    encoder = CountingEncoder()
    target = retriever_of(encoder=encoder)

    assert counts(copy_documents(source.store, target, tags=["new"])) == (2, 0, 0)
    assert encoder.embedded == 1  # to see that the vectors are its own
    assert list(target.articles) == [TRAINS, SHIPS]
    assert {each.id: sorted(each.tags) for each in target.documents} == {
        "trains": ["new"],
        "ships": ["new", "sea"],
    }
    question = ["Where do the ships stop?"]
    assert target.search(question, 3) == source.search(question, 3)


def test_what_is_there_already_is_passed_over_but_for_its_tags() -> None:
    source = retriever_of(TRAINS, SHIPS)
    source.store.tag(["ships"], ["sea"])
    target = retriever_of(SHIPS, Article("trains", "Trains", "The trains stop in Pisa."))
    assert counts(copy_documents(source.store, target)) == (0, 1, 1)
    assert {each.id: sorted(each.tags) for each in target.documents} == {
        "trains": [],
        "ships": ["sea"],
    }
    version = target.version
    assert counts(copy_documents(source.store, target)) == (0, 0, 2)
    assert target.version == version


@pytest.mark.parametrize(
    ("encoder", "settings"),
    [
        (CountingEncoder(seed="other"), IndexSettings()),
        (CountingEncoder(), IndexSettings(window=1)),
    ],
    ids=["another encoder of the same name", "cut in another way"],
)
def test_what_was_made_otherwise_is_embedded_again(
    encoder: CountingEncoder, settings: IndexSettings
) -> None:
    source = retriever_of(TRAINS, SHIPS)
    target = retriever_of(encoder=encoder, settings=settings)
    assert counts(copy_documents(source.store, target)) == (2, 0, 0)
    afresh = retriever_of(TRAINS, SHIPS, encoder=WordEncoder(seed=encoder._seed), settings=settings)
    question = ["Where do the ships stop?"]
    assert target.search(question, 3) == afresh.search(question, 3)
