"""Checks that a library is what it has to be after a kill, and that nothing is left over."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.store.base import Store
from index.store.conformance.formulas import bm25
from index.store.conformance.suite import matching, numbers_of, places_of, same_scores
from index.store.keys import keys_of
from index.store.opening import open_store
from tests.kill_steps import State, markers_of, told

_QUESTION = "What stands here at the end?"


class Target(Protocol):
    """Where a library is that is written to."""

    @property
    def where(self) -> str:
        """The folder, or the URL."""

    def check_leftovers(self, gone: set[str]) -> None:
        """Check that nothing is left of documents that are gone, by their markers.

        Raises:
            AssertionError: Something is.
        """


@dataclass
class FolderTarget:
    """A library in a folder."""

    folder: Path

    @property
    def where(self) -> str:
        """The folder."""
        return str(self.folder)

    def check_leftovers(self, gone: set[str]) -> None:
        """Check that the folder holds exactly what its catalogue names, and no marker."""
        import sqlite3

        with sqlite3.connect(self.folder / "library.sqlite") as catalogue:
            rows = catalogue.execute("SELECT name, files FROM segment").fetchall()
        catalogue.close()
        named = {f"segments/{name}/{file}" for name, files in rows for file in json.loads(files)}
        paths = [path for path in self.folder.rglob("*") if not path.is_dir()]
        found = {path.relative_to(self.folder).as_posix() for path in paths}
        expected = {"library.sqlite", "library.lock", *named}
        more, less = sorted(found - expected), sorted(expected - {"library.lock"} - found)
        assert not more, f"left over: {more}"
        assert not less, f"missing: {less}"
        folders = {path.name for path in (self.folder / "segments").glob("*")}
        assert folders == {name for name, _ in rows}, f"left over: {folders}"
        for path in paths:
            data = path.read_bytes()
            left = [marker for marker in gone if marker.encode() in data]
            assert not left, f"{path.name} holds {left[:3]}, which was removed"


@dataclass
class PostgresTarget:
    """A library in PostgreSQL."""

    server: Any

    @property
    def where(self) -> str:
        """The URL."""
        return str(self.server.url("killed"))

    def check_leftovers(self, gone: set[str]) -> None:
        """Check that no row holds a marker."""
        tables = self.server.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'killed' ORDER BY 1"
        )
        for (table,) in tables:
            rows = self.server.execute(f"SELECT t::text FROM killed.{table} t")
            for (row,) in rows:
                left = [marker for marker in gone if marker in row]
                assert not left, f"{table} holds {left[:3]}, which was removed"


def settle(target: Target, log: Path) -> State:
    """Open a library after a kill, check it, note which of two states it is in, and return that.

    Raises:
        AssertionError: It is in neither, or not whole.
    """
    before, begun = told(log)
    after = before if begun is None else begun.after(before)
    store = open_store(target.where, writing=True)
    try:
        found = {each.id for each in store.documents()}
        texts = {each.id: each.title for each in store.articles(store.numbers()).values()}
        marked = {name: f"Of {own.marker}" for name, own in after.items()}
        tags = {each.id: each.tags for each in store.documents()}
        whole = texts == marked and tags == {n: frozenset(own.tags) for n, own in after.items()}
        state = after if whole else before
        assert found == set(state), f"there are {sorted(found)}, expected {sorted(state)}"
        check(store, state)
        gone = markers_of(log) - {own.marker for own in state.values()}
        for marker in gone:
            assert not matching(store, marker), f"{marker} is found, which was removed"
    finally:
        store.close()
    target.check_leftovers(gone)
    with log.open("a") as noted:
        noted.write("\n" if not log.read_text().endswith("\n") else "")
        noted.write(json.dumps("whole" if whole else "nothing") + "\n")
    return state


def check(store: Store, state: State) -> None:
    """Check that a library holds these documents, each whole, and that all its parts agree.

    Raises:
        AssertionError: They do not.
    """
    prepared = {name: own.prepared() for name, own in state.items()}
    names = [each.id for each in store.documents()]
    numbers = numbers_of(store, *names)
    assert store.numbers().tolist() == numbers.tolist()
    articles, cuts = store.articles(numbers), store.cuts(numbers)
    for document in store.documents():
        article, cut = articles[document.number], cuts[document.number]
        own, held = prepared[document.id], state[document.id]
        assert article == own.article, f"{document.id} is not as it was added"
        assert document.tags == own.tags, f"{document.id} has the tags {document.tags}"
        assert document.sentences == held.sentences
        assert cut.sentences.tolist() == own.cut.sentences.tolist()
        assert cut.passages.tolist() == own.cut.passages.tolist()
        vectors = store.vectors(document.number)
        assert np.abs(vectors - own.vectors).max() < 2e-3, f"{document.id} has other vectors"
        keys = keys_of(document.number, np.arange(held.sentences))
        # A sentence is found by its own vector, and a document by its own word.
        for key, (found,) in zip(
            keys.tolist(), (store.nearest(vector[None], 1) for vector in own.vectors), strict=True
        ):
            assert found.tolist() == [key], f"{document.id}: another is nearest to its vector"
        similar = store.similarities(own.vectors[0], keys)
        assert np.abs(similar - own.vectors @ own.vectors[0]).max() < 2e-3
        for word in (held.marker, f"Where does {held.marker} stand?"):
            matches = places_of(store, store.matching(word, 1).passages)
            assert [place[0] for place in matches] == [document.id], f"{word} found {matches}"
    ordered = [prepared[name] for name in names]
    for question in (_QUESTION, *(own.marker for own in list(state.values())[:3])):
        same_scores(matching(store, question, 9999), bm25(ordered, question))
    for held in state.values():
        count = store.vocabulary.count(held.marker)
        assert count == held.sentences + 1, f"{held.marker} is counted {count} times"
    assert len(store) == len(names) == len(state)
