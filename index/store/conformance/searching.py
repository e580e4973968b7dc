"""The nearest sentences are found, also among some documents only."""

from __future__ import annotations

import numpy as np

from index.store.conformance.formulas import cosines, towards
from index.store.conformance.suite import (
    MADE,
    Suite,
    animals,
    keys_at,
    nearest,
    number_of,
    numbers_of,
    one,
    places_of,
    prepared,
)


class SearchTests(Suite):
    """Search by vectors."""

    def test_the_nearest_come_first(self) -> None:
        documents = animals()
        store = self.store_of(*documents)
        for degrees in (0, 33, 90, 155, 250):
            expected = cosines(documents, towards(degrees, MADE.dimension))
            for k in (1, 3, len(expected), 50):
                self.is_nearest(nearest(store, degrees, k), expected, k)

    def test_each_query_has_its_own_answer(self) -> None:
        store = self.store_of(*animals())
        found = store.nearest(np.concatenate([one(161), one(0), one(80)]), 2)
        assert [places_of(store, keys) for keys in found] == [
            [("woods.txt", 0), ("farm.txt", 1)],
            [("pets.txt", 0), ("pets.txt", 1)],
            [("farm.txt", 0), ("pets.txt", 2)],
        ]

    def test_keys_are_numbers_and_ordinals(self) -> None:
        store = self.store_of(*animals())
        (found,) = store.nearest(one(118), 1)
        assert found.tolist() == [number_of(store, "farm.txt") * 2**31 + 1]

    def test_similarities_are_cosines(self) -> None:
        documents = animals()
        store = self.store_of(*documents)
        for degrees in (0, 77, 200):
            query = towards(degrees, MADE.dimension)
            expected = cosines(documents, query)
            found = store.similarities(query, keys_at(store, list(expected)))
            assert found.shape == (len(expected),)
            wrong = np.abs(found - np.array(list(expected.values()))).max()
            assert wrong < self.near, f"cosines at {degrees} degrees are wrong by {wrong}"

    def test_similarities_of_what_is_gone_are_nothing(self) -> None:
        store = self.store_of(*animals())
        keys = keys_at(store, [("pets.txt", 0), ("farm.txt", 0), ("woods.txt", 0)])
        store.change(remove=["farm.txt"])
        found = store.similarities(towards(20, MADE.dimension), np.append(keys, 99 << 31))
        assert (
            np.abs(found - [np.cos(np.radians(20)), 0, np.cos(np.radians(141)), 0]).max()
            < self.near
        )
        assert found[1] == found[3] == 0.0
        none = store.similarities(towards(0, MADE.dimension), np.array([], dtype=np.int64))
        assert none.tolist() == []

    def test_only_some_documents_are_looked_in(self) -> None:
        documents = animals()
        store = self.store_of(*documents)
        for names in (["woods.txt"], ["pets.txt", "woods.txt"], ["farm.txt"]):
            only = np.sort(numbers_of(store, *names))
            there = [each for each in documents if each.article.id in names]
            for degrees in (0, 90, 180):
                expected = cosines(there, towards(degrees, MADE.dimension))
                self.is_nearest(nearest(store, degrees, 9, only), expected, 9)

    def test_k_are_found_in_a_few_documents_though_many_others_are_nearer(self) -> None:
        near = [
            prepared(f"near{n}", {f"Near {n}.": n / 20, f"Nearer {n}.": -n / 20})
            for n in range(400)
        ]
        far = [prepared(f"far{n}", {"Far.": 150 + n, "Farther.": 160 + 2 * n}) for n in range(5)]
        store = self.store_of(*near[:200], *far, *near[200:])
        only = np.sort(numbers_of(store, *(each.article.id for each in far)))
        expected = cosines(far, towards(0, MADE.dimension))
        for k in (1, 5, 10, 60):
            self.is_nearest(nearest(store, 0, k, only), expected, k)

    def test_nothing_is_found_in_no_document(self) -> None:
        store = self.store_of(*animals())
        gone = number_of(store, "farm.txt")
        store.change(remove=["farm.txt"])
        for only in ([], [gone], [1 << 40]):
            found = nearest(store, 90, 5, np.array(only, dtype=np.int64))
            assert found == [], f"in {only}: {found}"
        some = np.sort([gone, number_of(store, "woods.txt"), 1 << 40])
        assert nearest(store, 90, 5, some) == [("woods.txt", 0)]

    def test_what_is_removed_makes_room_for_others(self) -> None:
        documents = [prepared(f"d{n}", {f"Number {n}.": n}) for n in range(90)]
        store = self.store_of(*documents)
        store.change(remove=[f"d{n}" for n in range(80)])
        expected = cosines(documents[80:], towards(0, MADE.dimension))
        self.is_nearest(nearest(store, 0, 10), expected, 10)
