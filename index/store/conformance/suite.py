"""What all tests of a store are written with: documents made by hand, and stores to put them in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from index.articles import Article
from index.models.encoder import Vectors
from index.store.base import Cut, Document, Made, Prepared, Store
from index.store.conformance.formulas import Place, towards
from index.store.keys import keys_of, parted
from index.store.rows import Rows
from index.store.settings import IndexSettings

MADE = Made("made by hand", 4)
SETTINGS = IndexSettings(window=2, stride=1)


def prepared(
    name: str,
    said: Mapping[str, float],
    *,
    text: str | None = None,
    window: int = 2,
    tags: Collection[str] = (),
    **known: Any,  # noqa: ANN401 - whatever an article has
) -> Prepared:
    """Make a document of sentences, each with the direction that its vector points in.

    Args:
        name: The id of its article; its title, too, unless another is among ``known``.
        said: The sentences, in order, and the degrees.
        text: The whole text; the sentences with blanks between if None.
        window: How many sentences a passage has.
        tags: What it is filed under.
        known: What else the article has.
    """
    text = " ".join(said) if text is None else text
    spans: list[tuple[int, int]] = []
    for sentence in said:
        start = text.index(sentence, spans[-1][1] if spans else 0)
        spans.append((start, start + len(sentence)))
    firsts = np.arange(max(len(spans) - window, 0) + 1)
    passages = np.stack([firsts, np.minimum(firsts + window, len(spans))], axis=1)
    return Prepared(
        Article(**{"id": name, "title": name, "text": text, **known}),
        Cut(np.array(spans, dtype=np.int64), passages.astype(np.int64)),
        np.stack([towards(degrees, MADE.dimension) for degrees in said.values()]),
        frozenset(tags),
    )


def one(degrees: float) -> Vectors:
    """Return a query of one vector."""
    return towards(degrees, MADE.dimension)[None]


def animals() -> list[Prepared]:
    """Return three documents whose sentences lie at distances that differ, as do their words."""
    return [
        prepared(
            "pets.txt",
            {"Cats purr at cats.": 0, "Dogs bark.": 20, "The cat chased the dog.": 47},
            tags=["home"],
        ),
        prepared("farm.txt", {"Cows moo.": 80, "Ducks quack at dogs.": 118}, tags=["land"]),
        prepared("woods.txt", {"Owls hoot at night, and owls see.": 161}, tags=["land", "wild"]),
    ]


class Suite(ABC):
    """Makes the stores that are tested, and closes them after each test."""

    is_bm25 = True
    """Whether ``matching`` gives the scores of BM25, as :mod:`index.store.conformance` has it."""

    near = 2e-3
    """How far a cosine may be from what it is: this far, numbers of sixteen bits may be."""

    @abstractmethod
    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        """Make an empty store; those made in one test hold nothing in common."""

    def reopen(self, store: Store) -> Store | None:
        """Open what a store keeps once more, while it is open itself; None if it keeps nothing."""
        return None

    def store_of(self, *documents: Prepared) -> Store:
        """Make a store with documents in it."""
        store = self._closed_at_end(self.make_store(MADE, SETTINGS))
        if documents:
            store.change(add=documents)
        return store

    def opened_again(self, store: Store) -> Store | None:
        """Open a store once more, if that is possible; it is closed after the test."""
        again = self.reopen(store)
        return None if again is None else self._closed_at_end(again)

    def is_nearest(
        self, found: Sequence[Place], expected: Mapping[Place, float], k: int = 999
    ) -> None:
        """Check that the nearest were found: see :func:`same_nearest`."""
        same_nearest(found, expected, k, self.near)

    def _closed_at_end(self, store: Store) -> Store:
        self.__dict__.setdefault("_stores", []).append(store)
        return store

    def teardown_method(self) -> None:
        """Close what was opened in a test; pytest calls this."""
        for store in self.__dict__.pop("_stores", []):
            store.close()


def ids_of(store: Store) -> list[str]:
    """Return the ids of all documents, by their numbers."""
    return [document.id for document in store.documents()]


def number_of(store: Store, name: str) -> int:
    """Return the number of a document."""
    (number,) = store.numbers(ids=[name]).tolist()
    return int(number)


def numbers_of(store: Store, *names: str) -> Rows:
    """Return the numbers of documents, in the order in which they are named."""
    return np.array([number_of(store, name) for name in names], dtype=np.int64)


def key_of(store: Store, place: Place) -> int:
    """Return the key of a sentence, or of a passage."""
    name, ordinal = place
    return int(keys_of(number_of(store, name), np.array([ordinal]))[0])


def keys_at(store: Store, places: Sequence[Place]) -> Rows:
    """Return the keys of sentences, or of passages."""
    return np.array([key_of(store, place) for place in places], dtype=np.int64)


def places_of(store: Store, keys: Rows) -> list[Place]:
    """Return where sentences, or passages, are, by their keys."""
    assert isinstance(keys, np.ndarray), f"keys came as {type(keys).__name__}, not as an array"
    assert keys.dtype == np.int64, f"keys came as {keys.dtype}, not as int64"
    ids = {document.number: document.id for document in store.documents()}
    numbers, ordinals = parted(keys)
    unknown = set(numbers.tolist()) - set(ids)
    assert not unknown, f"keys of documents were found that are not there: {sorted(unknown)}"
    return [(ids[number], n) for number, n in zip(numbers.tolist(), ordinals.tolist(), strict=True)]


def nearest(store: Store, degrees: float, k: int, only: Rows | None = None) -> list[Place]:
    """Return the sentences that are nearest to a direction."""
    found = store.nearest(one(degrees), k, only=only)
    assert len(found) == 1, f"one query had {len(found)} answers"
    return places_of(store, found[0])


def matching(
    store: Store, question: str, k: int = 99, only: Rows | None = None
) -> dict[Place, float]:
    """Return the passages that share words with a question, with their scores."""
    found = store.matching(question, k, only=only)
    places = places_of(store, found.passages)
    assert len(set(places)) == len(places), f"a passage was found twice: {places}"
    scores = found.scores.tolist()
    assert scores == sorted(scores, reverse=True), f"the best is not first: {scores}"
    assert all(score > 0 for score in scores), f"a passage was found by nothing: {scores}"
    return dict(zip(places, scores, strict=True))


def same_nearest(
    found: Sequence[Place], expected: Mapping[Place, float], k: int, near: float
) -> None:
    """Check that the nearest were found, nearest first; of those as near, any.

    Args:
        found: What was found.
        expected: The cosines of all that there are, the greatest first.
        k: How many were to be found at most.
        near: How far a cosine may be from what it is.
    """
    wanted = min(k, len(expected))
    assert len(found) == wanted, f"{len(found)} were found of {wanted}"
    assert len(set(found)) == len(found), f"a sentence was found twice: {found}"
    for rank, (place, best) in enumerate(zip(found, expected, strict=False), start=1):
        own = expected.get(place)
        assert own is not None, f"{place} was found, which is not there, or not looked in"
        assert abs(own - expected[best]) < near, (
            f"number {rank} is {place} with a cosine of {own}, not {best} of {expected[best]}"
        )


def same_scores(found: Mapping[Place, float], expected: Mapping[Place, float]) -> None:
    """Check that the same places were found, with the same scores."""
    more, less = set(found) - set(expected), set(expected) - set(found)
    assert not more | less, f"found besides: {sorted(more)}; not found: {sorted(less)}"
    for place, score in expected.items():
        assert abs(found[place] - score) < 1e-4, (
            f"{place} has the score {found[place]}, expected {score}"
        )


def state_of(store: Store) -> dict[str, Any]:
    """Return all that can be seen of a small store, to be compared with what is seen later."""
    documents = store.documents()
    numbers = np.array([document.number for document in documents], dtype=np.int64)
    articles = {number: store.articles(numbers)[number] for number in numbers.tolist()}
    words = {word for article in articles.values() for word in article.text.split()}
    return {
        "version": store.version,
        "documents": list(documents),
        "articles": articles,
        "cuts": {
            number: (cut.sentences.tolist(), cut.passages.tolist())
            for number, cut in store.cuts(numbers).items()
        },
        "vectors": {number: store.vectors(number).tolist() for number in numbers.tolist()},
        "nearest": [nearest(store, degrees, 999) for degrees in range(0, 360, 45)],
        "matching": {word: matching(store, word, 999) for word in sorted(words)},
    }


def same_documents(found: Sequence[Document], expected: Sequence[str]) -> None:
    """Check which documents were returned, in this order."""
    assert [each.id for each in found] == list(expected), f"{found}, expected {expected}"
