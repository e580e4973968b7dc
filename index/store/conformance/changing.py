"""Documents come and go, each as a whole, and what is found is that of those that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.errors import StoreError
from index.store.base import Cut, Prepared, Store
from index.store.conformance.formulas import bm25, cosines, towards
from index.store.conformance.suite import (
    MADE,
    Suite,
    animals,
    ids_of,
    key_of,
    matching,
    nearest,
    number_of,
    numbers_of,
    prepared,
    same_documents,
    same_scores,
    state_of,
)

QUESTION = "Do dogs bark at cats, or do owls hoot?"


def many(count: int) -> list[Prepared]:
    """Return documents that share words with one another, some more often than others."""
    return [
        prepared(
            f"d{n}",
            {f"Dogs bark at cats {'and cats ' * (n % 4)}.": 2 * n, f"Number{n} hoots.": 2 * n + 1},
            window=1 + n % 2,
            tags=["even"] if n % 2 == 0 else [],
        )
        for n in range(count)
    ]


def wrong() -> dict[str, Prepared]:
    """Return documents that are none, by what is wrong with them."""
    right = prepared("wrong", {"One.": 0, "Two.": 40, "Three.": 80})
    sentences, passages = right.cut.sentences, right.cut.passages
    none = np.empty((0, 2), dtype=np.int64)

    def cut(sentences: object, passages: object) -> Prepared:
        own = (np.array(each, dtype=np.int64) for each in (sentences, passages))
        return replace(right, cut=Cut(*own))

    return {
        "vectors of another dimension": replace(right, vectors=np.ones((3, 5), np.float32)),
        "a vector too few": replace(right, vectors=right.vectors[:2]),
        "vectors that are none": replace(right, vectors=right.vectors * np.float32("nan")),
        "no sentence": replace(right, cut=Cut(none, none), vectors=right.vectors[:0]),
        "no passage": cut(sentences, none),
        "a sentence outside the text": cut(sentences + 900, passages),
        "a sentence that ends before it starts": cut(sentences[:, ::-1], passages),
        "sentences out of order": cut(sentences[::-1], passages),
        "a sentence within another": cut([[0, 9], [5, 9], [10, 16]], passages),
        "a passage of sentences that are not there": cut(sentences, [[0, 2], [1, 4]]),
        "a passage of no sentence": cut(sentences, [[0, 0], [0, 3]]),
        "a sentence in no passage": cut(sentences, [[0, 1], [2, 3]]),
    }


class ChangeTests(Suite):
    """Adding, removing, replacing, filing and compacting."""

    def _finds(self, store: Store, documents: Sequence[Prepared]) -> None:
        """Check that a store finds what is to be found in these documents."""
        for degrees in (0, 33, 170):
            expected = cosines(documents, towards(degrees, MADE.dimension))
            self.is_nearest(nearest(store, degrees, 999), expected)
        if self.is_bm25:
            same_scores(matching(store, QUESTION, 999), bm25(documents, QUESTION))

    def test_adding_one_by_one_finds_what_adding_at_once_finds(self) -> None:
        documents = many(60)
        store = self.store_of()
        for document in documents:
            store.change(add=[document])
        self._finds(store, documents)
        at_once = self.store_of(*documents)
        same_scores(matching(store, QUESTION, 999), matching(at_once, QUESTION, 999))
        assert ids_of(store) == ids_of(at_once)

    def test_removing_brings_back_what_was_found_before(self) -> None:
        documents = animals()
        store = self.store_of(*documents)
        before = matching(store, QUESTION)
        store.change(add=many(20))
        store.change(
            add=[prepared("more", {"Owls and dogs bark.": 65}, text="Owls and dogs bark.")]
        )
        store.change(remove=[*(f"d{n}" for n in range(20)), "more"])
        same_scores(matching(store, QUESTION), before)
        self._finds(store, documents)
        store.change(remove=["pets.txt"])
        self._finds(store, documents[1:])

    def test_all_may_be_removed(self) -> None:
        store = self.store_of(*animals())
        assert list(store.change(remove=["woods.txt", "pets.txt", "farm.txt"])) == []
        assert len(store) == 0
        assert nearest(store, 0, 9) == []
        assert matching(store, QUESTION) == {}
        store.compact()
        documents = animals()[:1]
        same_documents(store.change(add=documents), ["pets.txt"])
        self._finds(store, documents)

    def test_documents_are_added_and_removed_together(self) -> None:
        documents = animals()
        store = self.store_of(*documents[:2])
        same_documents(store.change(add=documents[2:], remove=["pets.txt"]), ["woods.txt"])
        assert ids_of(store) == ["farm.txt", "woods.txt"]
        self._finds(store, documents[1:])

    def test_a_document_of_the_same_id_is_replaced(self) -> None:
        documents = animals()
        store = self.store_of(*documents)
        old = number_of(store, "pets.txt")
        new = prepared("pets.txt", {"Snakes hiss at dogs.": 88}, title="Pets")
        (added,) = store.change(add=[new])
        assert added.title == "Pets"
        assert added.number > old, "a number is used again"
        assert len(store) == 3
        articles = store.articles(np.array([old, added.number]))
        assert {number: own.text for number, own in articles.items()} == {
            added.number: "Snakes hiss at dogs."
        }
        assert matching(store, "purr") == {}
        self._finds(store, [*documents[1:], new])

    def test_of_numbers_none_is_used_again(self) -> None:
        store = self.store_of(*animals())
        seen = set(store.numbers().tolist())
        for n in range(4):
            last = ids_of(store)[-1]
            store.change(remove=[last])
            if n % 2:
                store.compact()
            writer = self.opened_again(store) if n == 3 else None
            (added,) = (writer or store).change(add=[prepared(last, {"Owls hoot.": n})])
            assert added.number > max(seen), f"number {added.number} was there before"
            seen.add(added.number)

    def test_keys_stay_while_other_documents_come_and_go(self) -> None:
        store = self.store_of(*animals())
        key = key_of(store, ("farm.txt", 1))
        for n in range(9):
            store.change(add=[prepared(f"n{n}", {f"Number {n}.": n})], remove=[f"n{n - 2}"])
        store.change(remove=["pets.txt"])
        store.compact()
        assert key_of(store, ("farm.txt", 1)) == key
        (found,) = store.nearest(towards(118, MADE.dimension)[None], 1)
        assert found.tolist() == [key]

    def test_ids_that_are_not_there_are_left_out(self) -> None:
        store = self.store_of(*animals())
        before = state_of(store)
        assert list(store.change(remove=["nowhere", ""])) == []
        assert list(store.change()) == []
        assert state_of(store) == before
        store.change(remove=["nowhere", "farm.txt"])
        assert ids_of(store) == ["pets.txt", "woods.txt"]

    def test_the_version_is_another_after_every_change_and_only_then(self) -> None:
        store = self.store_of()
        seen = [store.version]
        for change in (
            lambda: store.change(add=animals()),
            lambda: store.change(remove=["farm.txt"]),
            lambda: store.change(add=animals()[:1]),
            lambda: store.tag(["pets.txt"], ["new"]),
            lambda: store.change(add=animals()[1:2], remove=["woods.txt"]),
        ):
            change()
            assert store.version not in seen, f"version {store.version} after {seen}"
            seen.append(store.version)
            state_of(store)
            assert store.version == seen[-1], "looking changed the version"

    def test_what_is_wrong_changes_nothing(self) -> None:
        store = self.store_of(*animals())
        before = state_of(store)
        right = prepared("right", {"Right.": 5})
        for fault, document in wrong().items():
            try:
                store.change(add=[right, document], remove=["farm.txt"])
            except (StoreError, ValueError):
                assert state_of(store) == before, f"{fault} changed something"
            else:
                raise AssertionError(f"{fault}: was added")
        try:
            store.change(add=[right, right])
        except (StoreError, ValueError):
            assert state_of(store) == before, "two of one id changed something"
        else:
            raise AssertionError("two documents of one id were added")
        store.change(add=[right])
        self._finds(store, [*animals(), right])

    def test_documents_are_filed_under_other_tags(self) -> None:
        store = self.store_of(*animals())
        before = {key: value for key, value in state_of(store).items() if "matching" in key}
        store.tag(["pets.txt", "woods.txt", "nowhere"], ["old", "new"])
        pets, farm, woods = numbers_of(store, "pets.txt", "farm.txt", "woods.txt").tolist()
        assert store.numbers(tags=["old"]).tolist() == [pets, woods]
        assert store.numbers(tags=["new", "land"]).tolist() == [pets, farm, woods]
        assert store.numbers(tags=["home", "wild"]).tolist() == []
        assert [sorted(document.tags) for document in store.documents()] == [
            ["new", "old"],
            ["land"],
            ["new", "old"],
        ]
        store.tag(["woods.txt"], [])
        assert store.numbers(tags=["old"]).tolist() == [pets]
        assert {key: state_of(store)[key] for key in before} == before

    def test_a_document_that_is_replaced_has_the_tags_that_it_comes_with(self) -> None:
        store = self.store_of(*animals())
        store.change(add=[prepared("farm.txt", {"Cows moo.": 80}, tags=["new"])])
        assert store.numbers(tags=["land"]).tolist() == [number_of(store, "woods.txt")]
        assert store.numbers(tags=["new"]).tolist() == [number_of(store, "farm.txt")]

    def test_compacting_changes_nothing_that_is_found(self) -> None:
        documents = many(50)
        store = self.store_of()
        for start in range(0, 50, 5):
            store.change(add=documents[start : start + 5])
        store.change(remove=[f"d{n}" for n in range(0, 50, 3)])
        left = [each for n, each in enumerate(documents) if n % 3]
        before, found = list(store.documents()), matching(store, QUESTION, 999)
        for _ in range(2):
            store.compact()
            assert list(store.documents()) == before
            same_scores(matching(store, QUESTION, 999), found)
            self._finds(store, left)
        store.change(add=documents[:1])
        self._finds(store, [*left, documents[0]])

    def test_words_of_what_is_removed_are_gone_after_compacting(self) -> None:
        store = self.store_of(*animals())
        words = store.vocabulary.words()
        store.change(add=[prepared("more", {"Unicorns and owls bark.": 5})])
        assert store.vocabulary.count("unicorns") == 1
        assert store.vocabulary.count("owls") == 3
        store.change(remove=["more"])
        store.compact()
        assert store.vocabulary.count("unicorns") is None
        assert store.vocabulary.count("owls") == 2
        assert dict(store.vocabulary.words()) == dict(words)

    def test_another_that_has_it_open_sees_what_is_changed(self) -> None:
        store = self.store_of(*animals())
        if (other := self.opened_again(store)) is None:
            return
        version = other.version
        documents = [*animals()[:2], prepared("new", {"Owls bark.": 99}, tags=["land"])]
        store.change(add=documents[2:], remove=["woods.txt"])
        assert other.version == store.version != version
        assert state_of(other) == state_of(store)
        self._finds(other, documents)
        store.tag(["new"], ["sky"])
        assert other.numbers(tags=["sky"]).tolist() == [number_of(store, "new")]
        store.change(remove=["pets.txt"])
        store.compact()
        self._finds(other, documents[1:])
        assert other.vocabulary.count("purr") is None
