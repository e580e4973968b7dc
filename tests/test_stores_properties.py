"""Whatever is done to a store, it finds what one finds that was made at once of what is there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.store.base import Prepared, Store
from index.store.conformance.formulas import bm25, cosines, towards
from index.store.conformance.suite import (
    MADE,
    SETTINGS,
    matching,
    nearest,
    numbers_of,
    same_nearest,
    same_scores,
)
from index.store.memory import MemoryStore
from index.store.opening import open_store
from tests.made_documents import NAMES, QUESTIONS, documents
from tests.postgres import PostgresServer

Step = Callable[[Store, dict[str, Prepared]], object]
"""Does something to a store, and to the documents that are in it."""


def change(add: Sequence[Prepared], remove: set[str]) -> Step:
    def step(store: Store, there: dict[str, Prepared]) -> None:
        ids = [each.article.id for each in add]
        added = store.change(add=add, remove=remove - set(ids))
        assert [each.id for each in added] == ids
        for name in {*ids, *remove}:
            there.pop(name, None)
        there |= dict(zip(ids, add, strict=True))

    return step


def tag(ids: set[str], tags: set[str]) -> Step:
    def step(store: Store, there: dict[str, Prepared]) -> None:
        store.tag(ids, tags)
        for name in ids & set(there):
            there[name] = replace(there[name], tags=frozenset(tags))

    return step


def compact(store: Store, there: dict[str, Prepared]) -> None:
    store.compact()


STEPS = st.lists(
    st.one_of(
        st.builds(change, documents(), st.sets(st.sampled_from(NAMES))),
        st.builds(change, st.just([]), st.sets(st.sampled_from(NAMES))),
        st.builds(tag, st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(["old", "new"]))),
        st.just(compact),
    ),
    min_size=1,
    max_size=8,
)


def holds(store: Store, there: dict[str, Prepared], near: float = 2e-3) -> None:
    """Check that a store has these documents, in this order, and finds what is in them."""
    made = list(there.values())
    fresh = MemoryStore(MADE, SETTINGS)
    fresh.change(add=made)
    assert [each.id for each in store.documents()] == list(there)
    assert [each.tags for each in store.documents()] == [each.tags for each in made]
    for chosen in (None, list(there)[::2]):
        only = None if chosen is None else numbers_of(store, *chosen)
        looked_in = [each for each in made if chosen is None or each.article.id in chosen]
        for degrees in (0, 100, 222):
            expected = cosines(looked_in, towards(degrees, MADE.dimension))
            for k in (1, 4, 99):
                found = nearest(store, degrees, k, only)
                same_nearest(found, expected, k, near)
        for question in QUESTIONS:
            every = bm25(made, question)
            names = {each.article.id for each in looked_in}
            own = {place: score for place, score in every.items() if place[0] in names}
            same_scores(matching(store, question, 99, only), own)
            if chosen is None:
                same_scores(matching(fresh, question, 99), own)
                best = matching(store, question, 3)
                assert list(best.values()) == list(matching(store, question, 99).values())[:3]
    numbers = store.numbers()
    articles, cuts = store.articles(numbers), store.cuts(numbers)
    for number, each in zip(numbers.tolist(), made, strict=True):
        assert articles[number] == each.article
        assert cuts[number].sentences.tolist() == each.cut.sentences.tolist()
        assert cuts[number].passages.tolist() == each.cut.passages.tolist()
        assert np.abs(store.vectors(number) - each.vectors).max() < near


def follow(store: Store, steps: Sequence[Step]) -> dict[str, Prepared]:
    """Take steps, and check after each what is there; return that."""
    there: dict[str, Prepared] = {}
    for step in steps:
        step(store, there)
        holds(store, there)
    return there


@given(STEPS)
def test_a_store_in_memory(steps: list[Step]) -> None:
    follow(MemoryStore(MADE, SETTINGS), steps)


@settings(max_examples=10)
@given(STEPS)
def test_a_store_in_a_folder(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Path(name) / "library", writing=True, create=(MADE, SETTINGS))
        there = follow(store, steps)
        store.close()
        again = open_store(Path(name) / "library")
        holds(again, there)
        again.close()


@settings(max_examples=10)
@given(STEPS)
def test_a_store_in_postgresql(postgres: PostgresServer, steps: list[Step]) -> None:
    postgres.execute("DROP SCHEMA IF EXISTS steps CASCADE")
    store = open_store(postgres.url("steps"), writing=True, create=(MADE, SETTINGS))
    there = follow(store, steps)
    store.close()
    again = open_store(postgres.url("steps"))
    holds(again, there)
    again.close()
