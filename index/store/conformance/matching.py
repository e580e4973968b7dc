"""The passages are found that share words with a question, with the scores of BM25."""

from __future__ import annotations

import math

import numpy as np

from index.store.base import Prepared
from index.store.conformance.formulas import bm25
from index.store.conformance.suite import (
    Suite,
    animals,
    keys_at,
    matching,
    number_of,
    numbers_of,
    places_of,
    prepared,
    same_scores,
)

QUESTIONS = (
    "cats",
    "Do dogs bark at cats?",
    "dogs, dogs and cats",
    "Which CAT chased owls at night?",
    "moo quack hoot",
    "What is it?",
    "zebras",
    "farm",
    "'; drop table -- & | ! ( : *",
    "",
)


def guide() -> Prepared:
    """Return a document whose sections tell its sentences apart."""
    text = "# Guide\n\n## Pool\n\nEntry costs four.\n\n## Sauna\n\nEntry costs nine. It opens.\n"
    return prepared(
        "bergen/guide.md",
        {"Entry costs four.": 0, "Entry costs nine.": 40, "It opens.": 70},
        text=text,
        title="Guide",
        window=1,
    )


class MatchingTests(Suite):
    """Search by words."""

    def test_passages_that_share_words_are_found(self) -> None:
        store = self.store_of(*animals())
        assert set(matching(store, "Who barks?")) == {("pets.txt", 0), ("pets.txt", 1)}
        assert set(matching(store, "the barking of OWLS")) == {
            *[("pets.txt", 0), ("pets.txt", 1), ("woods.txt", 0)]
        }
        assert next(iter(matching(store, "quack"))) == ("farm.txt", 0)
        assert matching(store, "zebras") == matching(store, "What is it?") == {}

    def test_no_more_are_found_than_asked_for(self) -> None:
        store = self.store_of(*animals())
        every = matching(store, "cats and dogs")
        assert len(every) == 3
        for k in (1, 2, 3):
            found = matching(store, "cats and dogs", k)
            assert list(found.items()) == list(every.items())[:k], f"of {k}: {found}"

    def test_scores_are_those_of_the_formula(self) -> None:
        if not self.is_bm25:
            return
        # Of two passages, "bark" is in one, once among its two words; the mean length is 2.5.
        store = self.store_of(
            prepared("a", {"Dogs bark.": 0, "Cats chase mice.": 60}, window=1),
        )
        norm = 1.5 * (0.25 + 0.75 * 2 / 2.5)
        idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
        same_scores(matching(store, "bark"), {("a", 0): idf / (1 + norm)})
        same_scores(matching(store, "bark, bark"), {("a", 0): 2 * idf / (1 + norm)})

    def test_headings_and_names_count_as_the_formula_has_it(self) -> None:
        if not self.is_bm25:
            return
        store = self.store_of(guide())
        # One of two contexts is below "Sauna"; the name of the only document counts for nothing.
        idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
        sauna = [("bergen/guide.md", 1), ("bergen/guide.md", 2)]
        same_scores(matching(store, "sauna"), dict.fromkeys(sauna, 0.6 * idf))
        assert matching(store, "Bergen") == {}
        store.change(add=[prepared("oslo.txt", {"Entry is free.": 200})])
        # Now there are three contexts and two documents.
        idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
        same_scores(matching(store, "sauna"), dict.fromkeys(sauna, 0.6 * idf))
        idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
        same_scores(matching(store, "Oslo"), {("oslo.txt", 0): 0.2 * idf})
        bergen = [("bergen/guide.md", ordinal) for ordinal in range(3)]
        same_scores(matching(store, "Bergen"), dict.fromkeys(bergen, 0.2 * idf))

    def test_a_heading_counts_for_nothing_where_all_stands_below_it(self) -> None:
        if not self.is_bm25:
            return
        text = "# Sauna\n\nEntry costs nine. It opens."
        said = {"Entry costs nine.": 0, "It opens.": 50}
        store = self.store_of(prepared("a", said, text=text, window=1))
        assert matching(store, "sauna") == {}
        store.change(add=[prepared("b", {"Entry is free.": 90})])
        idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
        same_scores(matching(store, "sauna"), dict.fromkeys([("a", 0), ("a", 1)], 0.6 * idf))

    def test_scores_are_those_of_bm25(self) -> None:
        if not self.is_bm25:
            return
        documents = [*animals(), guide()]
        store = self.store_of(*documents)
        for question in (*QUESTIONS, "What does entry cost at the sauna in Bergen?"):
            same_scores(matching(store, question), bm25(documents, question))

    def test_a_word_that_every_passage_holds_counts(self) -> None:
        store = self.store_of(prepared("a", {"Cats purr.": 0}))
        assert list(matching(store, "cats")) == [("a", 0)]

    def test_accents_and_capitals_are_no_matter(self) -> None:
        store = self.store_of(prepared("a", {"José’s CAFÉS closed in 1987!": 0}))
        for question in ("jose", "Café", "when: 1987?"):
            assert list(matching(store, question)) == [("a", 0)], question

    def test_only_some_documents_are_looked_in(self) -> None:
        documents = animals()
        store = self.store_of(*documents)
        every = matching(store, "dogs bark, owls hoot")
        for names in (["woods.txt"], ["farm.txt", "pets.txt"], ["farm.txt", "woods.txt"]):
            only = np.sort(numbers_of(store, *names))
            found = matching(store, "dogs bark, owls hoot", only=only)
            # What a word counts for is a matter of all documents.
            same_scores(found, {place: own for place, own in every.items() if place[0] in names})

    def test_k_are_found_in_a_few_documents_though_many_others_match_better(self) -> None:
        others = [prepared(f"o{n}", {f"Cats, cats and cats {n}.": n}) for n in range(400)]
        few = [prepared(f"f{n}", {f"A cat saw {n} other animals there.": n}) for n in range(5)]
        store = self.store_of(*others[:200], *few, *others[200:])
        only = np.sort(numbers_of(store, *(each.article.id for each in few)))
        assert set(matching(store, "cats", 5, only)) == {(f"f{n}", 0) for n in range(5)}
        assert len(matching(store, "cats", 3, only)) == 3

    def test_nothing_is_found_in_no_document(self) -> None:
        store = self.store_of(*animals())
        gone = number_of(store, "farm.txt")
        store.change(remove=["farm.txt"])
        for only in ([], [gone], [1 << 40]):
            found = matching(store, "dogs quack", only=np.array(only, dtype=np.int64))
            assert found == {}, f"in {only}: {found}"

    def test_scores_of_other_passages_are_given_besides(self) -> None:
        documents = animals()
        store = self.store_of(*documents)
        places = [("woods.txt", 0), ("pets.txt", 1), ("farm.txt", 0), ("pets.txt", 0)]
        keys = np.append(keys_at(store, places), 99 << 31)
        every = matching(store, "dogs bark")
        found = store.matching("dogs bark", 1, others=keys)
        assert places_of(store, found.passages) == [next(iter(every))]
        assert found.others.shape == (5,)
        expected = [every.get(place, 0.0) for place in places] + [0.0]
        assert np.abs(found.others - expected).max() < 1e-6, f"{found.others}, not {expected}"
        assert found.others[0] == found.others[4] == 0.0
        nothing = store.matching("zebras", 3, others=keys)
        assert nothing.others.tolist() == [0.0] * 5

    def test_scores_of_what_is_gone_are_nothing(self) -> None:
        store = self.store_of(*animals())
        keys = keys_at(store, [("farm.txt", 0), ("pets.txt", 0)])
        store.change(remove=["farm.txt"])
        found = store.matching("dogs bark, ducks quack", 9, others=keys)
        assert found.others[0] == 0.0 < found.others[1]
