"""What is put into a store comes out of it as it was."""

from __future__ import annotations

from typing import Any

import numpy as np

from index.originals import Original
from index.places import Part, Places
from index.store.base import Prepared, Store, description, fingerprint
from index.store.conformance.suite import (
    MADE,
    SETTINGS,
    Suite,
    animals,
    number_of,
    numbers_of,
    one,
    prepared,
    state_of,
)
from index.store.settings import Fusion, IndexSettings

NOBODY = 1 << 20
"""The number of no document."""


def full() -> Prepared:
    """Return a document that has all that an article may have."""
    text = "Naïve café 🐈 sat. “Zürich” slept…"
    runs = np.array([[0, 9, 0, 0, 5], [11, 8, 1, -1, 40]], dtype=np.int64)
    boxes = np.arange(17 * 4, dtype=np.uint16).reshape(17, 4)
    return prepared(
        "ordner/große Datei.pdf",
        {"Naïve café 🐈 sat.": 10, "“Zürich” slept…": 50},
        text=text,
        title="Große „Datei“",
        source="/tmp/große Datei.pdf",
        meta={"author": "Zoë", "pages": 3, "nested": {"list": [1, 2.5, None, True]}},
        places=Places([Part("page", 1), Part("page", 2)], ["/html/body/p[1]"], runs, boxes),
        original=Original(
            "text/plain", "ab" * 32, "/tmp/große Datei.pdf", None, "utf-8", 1 << 40, 1 << 60
        ),
        notes=("Page 2 is a picture.", "Two words were not read."),
        tags=["ä tag", "'; --"],
    )


def as_kept(document: Prepared) -> dict[str, Any]:
    """Return all that an article has; those that only compare equal differ in it."""
    article = document.article
    return {
        **{name: getattr(article, name) for name in ("id", "title", "text", "source")},
        **{name: getattr(article, name) for name in ("meta", "original", "notes")},
        "places": article.places.to_bytes(),
    }


class HoldingTests(Suite):
    """Documents, articles, cuts and vectors."""

    def test_an_empty_store_can_be_asked(self) -> None:
        store = self.store_of()
        assert len(store) == 0
        assert list(store.documents()) == []
        assert store.numbers().tolist() == []
        assert dict(store.articles(np.array([1]))) == {}
        assert dict(store.cuts(np.array([1]))) == {}
        assert [found.tolist() for found in store.nearest(one(0), 5)] == [[]]
        found = store.matching("cats", 5, others=np.array([1 << 31]))
        assert (found.passages.tolist(), found.scores.tolist()) == ([], [])
        assert found.others.tolist() == [0.0]
        assert store.vocabulary.count("cats") is None
        store.compact()
        assert len(store) == 0

    def test_it_says_what_it_was_made_with(self) -> None:
        settings = IndexSettings(window=5, stride=2, fusion=Fusion(0.25, 0.75))
        made = MADE._replace(dimension=3)
        store = self._closed_at_end(self.make_store(made, settings))
        again = self.opened_again(store)
        for each in (store, again) if again else (store,):
            assert tuple(each.made) == (made.name, 3), f"made by {each.made}"
            assert each.settings == settings, f"its settings are {each.settings}"
            assert each.kind, "it says nothing of what kind it is"

    def test_documents_say_what_they_are(self) -> None:
        documents = [*animals(), full()]
        store = self.store_of()
        added = store.change(add=documents)
        assert list(added) == list(store.documents()), "what was added is not what is there"
        assert len(store) == len(added) == 4
        for found, given in zip(added, documents, strict=True):
            article = given.article
            assert (found.id, found.title) == (article.id, article.title)
            assert found.source == article.source
            assert found.characters == len(article.text)
            assert found.sentences == len(given.cut.sentences)
            assert found.passages == len(given.cut.passages)
            assert found.fingerprint == fingerprint(article, MADE, SETTINGS)
            assert found.description == description(article)
            assert found.tags == given.tags
            assert found.original == article.original
        numbers = [document.number for document in added]
        assert numbers == sorted(numbers), f"numbers do not ascend: {numbers}"
        assert numbers[0] >= 1, "numbers start at 1"

    def test_documents_are_returned_by_their_numbers(self) -> None:
        store = self.store_of(*animals())
        pets, farm, woods = numbers_of(store, "pets.txt", "farm.txt", "woods.txt").tolist()
        chosen = store.documents(np.array([pets, woods, NOBODY]))
        assert [document.number for document in chosen] == [pets, woods]
        assert list(store.documents(np.array([], dtype=np.int64))) == []
        assert store.numbers().tolist() == [pets, farm, woods]

    def test_numbers_are_found_by_ids_and_tags(self) -> None:
        store = self.store_of(*animals())
        pets, farm, woods = numbers_of(store, "pets.txt", "farm.txt", "woods.txt").tolist()
        for ids, tags, expected in (
            (["woods.txt", "pets.txt", "nowhere"], None, [pets, woods]),
            (None, ["land"], [farm, woods]),
            (None, ["wild", "home"], [pets, woods]),
            (["pets.txt"], ["wild"], [pets, woods]),
            ([], None, []),
            (None, [], []),
            (None, ["lan", "Land", ""], []),
            (["pets.TXT", "%", ""], None, []),
        ):
            found = store.numbers(ids=ids, tags=tags)
            assert found.dtype == np.int64, f"numbers came as {found.dtype}"
            assert found.tolist() == expected, f"ids {ids} and tags {tags}: {found}"

    def test_numbers_are_found_by_what_documents_are_made_of(self) -> None:
        documents = animals()
        copy = prepared(
            "copy.txt", {"Cows moo.": 80, "Ducks quack at dogs.": 118}, title="farm.txt"
        )
        store = self.store_of(*documents, copy)
        made = [fingerprint(each.article, MADE, SETTINGS) for each in documents]
        pets, farm, woods = numbers_of(store, "pets.txt", "farm.txt", "woods.txt").tolist()
        twice = [farm, number_of(store, "copy.txt")]
        assert store.numbers(fingerprints=[made[1], "0" * 64]).tolist() == twice
        assert store.numbers(fingerprints=[]).tolist() == []
        either = store.numbers(ids=["pets.txt"], tags=["wild"], fingerprints=made[1:2])
        assert either.tolist() == sorted([pets, woods, *twice])

    def test_articles_come_back_as_they_were(self) -> None:
        documents = [*animals(), full()]
        store = self.store_of(*documents)
        again = self.opened_again(store)
        names = [document.article.id for document in documents]
        for each in (store, again) if again else (store,):
            numbers = numbers_of(each, *names)
            articles = each.articles(np.append(numbers[::-1], NOBODY))
            assert sorted(articles) == numbers.tolist(), f"articles of {sorted(articles)}"
            for number, given in zip(numbers.tolist(), documents, strict=True):
                found = as_kept(Prepared(articles[number], given.cut, given.vectors))
                assert found == as_kept(given)

    def test_a_document_without_a_file_is_kept_without_its_bytes(self) -> None:
        original = Original.of(b"Cats purr.", "text/plain")
        store = self.store_of(prepared("a", {"Cats purr.": 0}, original=original))
        again = self.opened_again(store) or store
        (article,) = again.articles(numbers_of(again, "a")).values()
        assert article.original in (None, original)
        assert store.documents()[0].original is None

    def test_cuts_and_vectors_come_back_as_they_were(self) -> None:
        documents = [*animals(), full()]
        store = self.store_of(*documents)
        again = self.opened_again(store) or store
        numbers = numbers_of(again, *(each.article.id for each in documents))
        cuts = again.cuts(np.append(numbers, NOBODY))
        assert sorted(cuts) == sorted(numbers.tolist())
        for number, given in zip(numbers.tolist(), documents, strict=True):
            assert cuts[number].sentences.tolist() == given.cut.sentences.tolist()
            assert cuts[number].passages.tolist() == given.cut.passages.tolist()
            assert cuts[number].sentences.dtype == cuts[number].passages.dtype == np.int64
            vectors = again.vectors(number)
            assert vectors.dtype == np.float32, f"vectors came as {vectors.dtype}"
            assert vectors.shape == given.vectors.shape
            assert np.abs(vectors - given.vectors).max() < self.near

    def test_there_are_no_vectors_of_a_document_that_is_not_there(self) -> None:
        store = self.store_of(*animals())
        gone = number_of(store, "farm.txt")
        store.change(remove=["farm.txt"])
        for number in (gone, NOBODY):
            try:
                store.vectors(number)
            except KeyError:
                continue
            raise AssertionError(f"there are vectors of document {number}, which is not there")

    def test_what_is_kept_is_there_when_it_is_opened_again(self) -> None:
        store = self.store_of(*animals())
        store.change(add=[full()], remove=["farm.txt"])
        store.tag(["pets.txt"], ["old"])
        before = state_of(store)
        if (again := self.opened_again(store)) is not None:
            assert state_of(again) == before

    def test_it_may_be_closed_twice(self) -> None:
        for store in (self.store_of(), self.store_of(*animals())):
            store.close()
            store.close()

    def test_words_are_counted_as_they_are_spelled(self) -> None:
        store: Store = self.store_of(
            prepared("a", {"Zebras graze where Zebras ran.": 0, "A zebra's stripes, Zürich.": 50}),
            prepared("b", {"ZEBRAS and well-known zebus.": 90}),
        )
        expected = {"zebras": 3, "graze": 1, "zürich": 1, "well": 1, "known": 1, "stripes": 1}
        words = store.vocabulary.words()
        for word, times in expected.items():
            assert store.vocabulary.count(word) == times, f"{word}: not {times} times"
            assert words[word] == times, f"{word}: {words[word]} times among all words"
        assert words["run"] == store.vocabulary.count("run") == 0, "a lemma is no word"
        for word in ("lions", "Zebras", "zebra graze", ""):
            assert store.vocabulary.count(word) is None, f"{word!r} is a word"
            assert word not in words
