"""The tests that every store has to pass find the faults that they are for."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
import pytest

from index.articles import Article
from index.errors import StoreError
from index.models.encoder import Vectors
from index.store.base import Document, Made, Matches, Prepared, Scores, Store
from index.store.conformance import StoreConformance
from index.store.keys import among, parted
from index.store.memory import MemoryStore
from index.store.rows import Rows
from index.store.settings import IndexSettings


class FiltersAfterwards(MemoryStore):
    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        found = super().nearest(queries, k)
        return [keys if only is None else keys[among(parted(keys)[0], only)] for keys in found]


class MatchesAfterwards(MemoryStore):
    def matching(
        self, question: str, k: int, *, only: Rows | None = None, others: Rows | None = None
    ) -> Matches:
        found = super().matching(question, k, others=others)
        if only is None:
            return found
        here = among(parted(found.passages)[0], only)
        return found._replace(passages=found.passages[here], scores=found.scores[here])


class TakesNoneForAll(MemoryStore):
    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        return super().nearest(queries, k, only=only if only is not None and len(only) else None)


class GivesDistances(MemoryStore):
    def similarities(self, query: Vectors, sentences: Rows) -> Scores:
        return 1 - super().similarities(query, sentences)


class FindsTheFurthest(MemoryStore):
    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        return super().nearest(-queries, k, only=only)


class ForgetsTheOthers(MemoryStore):
    def matching(
        self, question: str, k: int, *, only: Rows | None = None, others: Rows | None = None
    ) -> Matches:
        found = super().matching(question, k, only=only, others=others)
        return found._replace(others=np.zeros_like(found.others))


class ScoresALittleOff(MemoryStore):
    def matching(
        self, question: str, k: int, *, only: Rows | None = None, others: Rows | None = None
    ) -> Matches:
        found = super().matching(question, k, only=only, others=others)
        return found._replace(scores=found.scores * np.float32(1.01))


class AddsOneByOne(MemoryStore):
    """Takes back nothing if one of several does not fit."""

    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        super().change(remove=remove)
        return [
            document for each in add for document in super(AddsOneByOne, self).change(add=[each])
        ]


class KeepsTheVersion(MemoryStore):
    @property
    def version(self) -> int:
        return 7


class UsesNumbersAgain(MemoryStore):
    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        self._next = max([0, *self.numbers().tolist()]) + 1
        return super().change(add=add, remove=remove)


class KeepsTheReplaced(MemoryStore):
    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        if any(each.article.id in self._state.by_id for each in add):
            raise StoreError("there already")
        return super().change(add=add, remove=remove)


class ForgetsNotes(MemoryStore):
    def articles(self, numbers: Rows) -> dict[int, Article]:
        return {n: replace(own, notes=()) for n, own in super().articles(numbers).items()}


class ForgetsWhatIsRemoved(MemoryStore):
    """Puts nothing in the place of a document that was removed."""

    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        return [keys[: max(0, k - self._next)] for keys in super().nearest(queries, k, only=only)]


class AnswersOfBoth(MemoryStore):
    """Removes first, then adds: whoever asks between the two finds neither."""

    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        if not (add and remove):
            return super().change(add=add, remove=remove)
        super().change(remove=remove)
        time.sleep(0.02)  # the threads that ask go on
        return super().change(add=add)


class BreaksWhenClosedTwice(MemoryStore):
    closed = False

    def close(self) -> None:
        if self.closed:
            raise RuntimeError("closed")
        self.closed = True


FAULTY: list[tuple[Callable[[Made, IndexSettings], Store], str]] = [
    (FiltersAfterwards, "k_are_found_in_a_few_documents_though_many_others_are_nearer"),
    (MatchesAfterwards, "k_are_found_in_a_few_documents_though_many_others_match_better"),
    (TakesNoneForAll, "nothing_is_found_in_no_document"),
    (GivesDistances, "similarities_are_cosines"),
    (FindsTheFurthest, "the_nearest_come_first"),
    (ForgetsTheOthers, "scores_of_other_passages_are_given_besides"),
    (ScoresALittleOff, "scores_are_those_of_the_formula"),
    (AddsOneByOne, "what_is_wrong_changes_nothing"),
    (KeepsTheVersion, "the_version_is_another_after_every_change_and_only_then"),
    (UsesNumbersAgain, "of_numbers_none_is_used_again"),
    (KeepsTheReplaced, "a_document_of_the_same_id_is_replaced"),
    (ForgetsNotes, "articles_come_back_as_they_were"),
    (ForgetsWhatIsRemoved, "what_is_removed_makes_room_for_others"),
    (AnswersOfBoth, "who_asks_while_it_changes_is_answered_of_before_or_after"),
    (BreaksWhenClosedTwice, "it_may_be_closed_twice"),
]


@pytest.mark.parametrize(("faulty", "test"), FAULTY)
def test_a_fault_is_found(faulty: Callable[[Made, IndexSettings], Store], test: str) -> None:
    class OfTheFaulty(StoreConformance):
        def make_store(self, made: Made, settings: IndexSettings) -> Store:
            return faulty(made, settings)

    with pytest.raises((AssertionError, StoreError, RuntimeError)):
        getattr(OfTheFaulty(), f"test_{test}")()
