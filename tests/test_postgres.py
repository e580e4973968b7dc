from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psycopg
import pytest

from index.articles import Article
from index.store.base import Cut, Made, Prepared, Store
from index.store.conformance import StoreConformance
from index.store.keys import parted
from index.store.memory import MemoryStore
from index.store.postgres.schema import MIGRATIONS, migrate, read_about
from index.store.postgres.store import PostgresStore
from index.store.settings import IndexSettings
from tests.postgres import PostgresServer
from tests.postgres_libraries import (
    MADE,
    NAMES,
    SETTINGS,
    Libraries,
    ids,
    near,
    prepared,
    said,
)


class TestAsAnyStore(StoreConformance):
    @pytest.fixture(autouse=True)
    def _on(self, postgres: PostgresServer) -> None:
        self._server = postgres
        self._urls: dict[int, str] = {}

    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        url = self._server.url(next(NAMES))
        store = PostgresStore.connect(url, create=(made, settings))
        self._urls[id(store)] = url
        return store

    def reopen(self, store: Store) -> Store:
        return PostgresStore.connect(self._urls[id(store)])


class TestWhatIsFound:
    def test_is_what_is_found_in_memory_after_any_changes(self, libraries: Libraries) -> None:
        store, memory = libraries.open(), MemoryStore(MADE, SETTINGS)
        random = np.random.default_rng(0)
        for step in range(12):
            add = [prepared(f"d{n}", 3 + n, seed=step) for n in random.choice(20, 4, False)]
            remove = [f"d{number}" for number in random.choice(20, 3, False)]
            assert store.change(add=add, remove=remove) == memory.change(add=add, remove=remove)
            if step == 8:
                store.compact()
            assert store.numbers().tolist() == memory.numbers().tolist()
            assert store.articles(store.numbers()) == memory.articles(memory.numbers())
            assert store.vocabulary.words() == memory.vocabulary.words()
            for question in ("amber birch", "d3 cedar", "nothing of it"):
                found, expected = (each.matching(question, 30) for each in (store, memory))
                assert found.passages.tolist() == expected.passages.tolist()
                assert found.scores == pytest.approx(expected.scores, abs=1e-6)

    def test_is_found_by_an_index_of_vectors_nearly_as_among_all(
        self, libraries: Libraries
    ) -> None:
        store, memory = libraries.open(), MemoryStore(MADE, SETTINGS)
        documents = [prepared(f"d{n}", 900, tags=[f"t{n}"]) for n in range(10)]
        for each in documents:  # the last makes the index
            for every in (store, memory):
                every.change(add=[each])
        index = (
            f"SELECT 1 FROM pg_indexes WHERE schemaname = '{libraries.name}' AND indexdef ~ 'hnsw'"
        )
        assert libraries.server.execute(index) == [(1,)]
        for only in (None, store.numbers(tags=["t3"])):
            found = store.nearest(near(), 200, only=only)[0]
            expected = memory.nearest(near(), 200, only=only)[0]
            assert len(found) == 200
            assert len(np.intersect1d(found[:100], expected[:100])) >= 95
            similarities = store.similarities(near()[0], found)
            assert (np.diff(similarities) <= 1e-6).all()
        assert set(parted(found)[0].tolist()) == set(store.numbers(tags=["t3"]).tolist())

    def test_a_text_may_hold_what_no_text_of_postgresql_may(self, libraries: Libraries) -> None:
        word = "x" * 4_000
        text = f"Nul \0 and {word}."
        article = Article(f"id\0{word}", "Title\0", text, meta={"a\0": [1e400 and 1.5, "\ud800"]})
        cut = Cut(np.array([[0, len(text)]]), np.array([[0, 1]]))
        store = libraries.open()
        (document,) = store.change(add=[Prepared(article, cut, near())])
        (kept,) = store.articles(store.numbers()).values()
        assert kept == article
        assert store.documents() == [document]
        assert store.numbers(ids=[article.id]).tolist() == [document.number]
        assert len(store.matching(word, 5).passages) == 1


class TestSharing:
    def test_two_programs_make_one_library_at_once(self, libraries: Libraries) -> None:
        with ThreadPoolExecutor(4) as pool:
            stores = list(
                pool.map(
                    lambda _: PostgresStore.connect(libraries.url, create=(MADE, SETTINGS)),
                    range(4),
                )
            )
        stores[0].change(add=[prepared("a")])
        assert [ids(store) for store in stores] == [["a"]] * 4
        for store in stores:
            store.close()

    def test_writers_wait_for_one_another(self, libraries: Libraries) -> None:
        stores = [libraries.open() for _ in range(3)]
        with ThreadPoolExecutor(3) as pool:
            changes = [
                pool.submit(stores[n % 3].change, add=[prepared(f"d{n}")]) for n in range(12)
            ]
            numbers = sorted(change.result()[0].number for change in changes)
        assert numbers == list(range(1, 13))
        assert stores[0].version == 13

    def test_a_writer_that_waits_too_long_is_told(self, libraries: Libraries) -> None:
        store = libraries.open(wait_s=0.1)
        with psycopg.connect(libraries.server.url()) as other:
            other.execute(f"SELECT * FROM {libraries.name}.meta FOR UPDATE".encode())
            assert "another program is writing" in said(lambda: store.change(add=[prepared("a")]))
            assert len(store) == 0  # who reads does not wait
        store.change(add=[prepared("a")])
        assert ids(store) == ["a"]

    def test_threads_share_a_few_connections(self, libraries: Libraries) -> None:
        store = libraries.open(most=2)
        store.change(add=[prepared(f"d{n}") for n in range(5)])
        with ThreadPoolExecutor(8) as pool:
            found = list(
                pool.map(lambda _: store.matching("amber", 9).passages.tolist(), range(40))
            )
        assert all(each == found[0] for each in found)

    def test_one_who_may_only_select_may_ask(self, libraries: Libraries) -> None:
        libraries.open().change(add=[prepared("d0")])
        role = f"reader_of_{libraries.name}"
        libraries.server.execute(f"CREATE ROLE {role} LOGIN")
        own = libraries.server.url(libraries.name, user=role)
        assert "permission denied for schema" in said(lambda: PostgresStore.connect(own))
        libraries.server.execute(
            f"GRANT USAGE ON SCHEMA {libraries.name} TO {role}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA {libraries.name} TO {role}",
        )
        reader = libraries.open(own)
        assert ids(reader) == ["d0"]
        assert len(reader.nearest(near(), 3)[0]) == 3
        assert len(reader.matching("d0", 9).passages) == 4
        assert reader.articles(reader.numbers())[1].id == "d0"
        assert reader.vocabulary.words()
        for write in (
            lambda: reader.change(remove=["d0"]),
            lambda: reader.tag(["d0"], ["t"]),
            reader.compact,
        ):
            assert "this user may not do that" in said(write)
        assert ids(reader) == ["d0"]

    def test_one_who_may_write_rows_may_do_all_but_make_the_index(
        self, libraries: Libraries
    ) -> None:
        libraries.open()
        role = f"writer_of_{libraries.name}"
        libraries.server.execute(
            f"CREATE ROLE {role} LOGIN",
            f"GRANT USAGE ON SCHEMA {libraries.name} TO {role}",
            f"GRANT ALL ON ALL TABLES IN SCHEMA {libraries.name} TO {role}",
            f"GRANT ALL ON ALL SEQUENCES IN SCHEMA {libraries.name} TO {role}",
        )
        writer = libraries.open(libraries.server.url(libraries.name, user=role))
        writer.change(add=[prepared("d0", 9_000)])
        writer.change(add=[prepared("d1")])
        writer.tag(["d0"], ["long"])
        writer.compact()
        assert {each.id: sorted(each.tags) for each in writer.documents()} == {
            "d0": ["long"],
            "d1": [],
        }


class TestTables:
    def test_of_an_older_program_are_brought_up_to_date(self, libraries: Libraries) -> None:
        store = libraries.open()
        store.change(add=[prepared("d0")])
        address = store._connections.address
        newer = (*MIGRATIONS, "ALTER TABLE document ADD COLUMN seen timestamptz")
        for _ in range(2):  # the second finds nothing to do
            store._connections.write(lambda lent: migrate(lent, address, newer))
        assert store._connections.read(lambda lent: read_about(lent, address)).version == 2
        assert ids(store) == ["d0"]
        assert "have version 2" in said(lambda: PostgresStore.connect(libraries.url))

    def test_lose_what_is_removed_from_large_segments_when_they_are_compacted(
        self, libraries: Libraries
    ) -> None:
        store, memory = libraries.open(), MemoryStore(MADE, SETTINGS)
        documents = [prepared(f"d{number}", 500) for number in range(12)]
        for every in (store, memory):
            every.change(add=documents)
            every.change(remove=["d3", "d7"])
        gone = f"SELECT number FROM {libraries.name}.gone ORDER BY number"
        assert libraries.server.execute(gone) == [(4,), (8,)]
        best = memory.similarities(near()[0], memory.nearest(near(), 50)[0])
        for _ in range(2):
            found, expected = (each.matching("d4 amber", 50) for each in (store, memory))
            assert found.passages.tolist() == expected.passages.tolist()
            assert found.scores == pytest.approx(expected.scores, abs=1e-6)
            for every in (store, memory):  # neighbours may change places: half precision
                nearest = memory.similarities(near()[0], every.nearest(near(), 50)[0])
                assert np.sort(nearest)[::-1] == pytest.approx(best, abs=2e-3)
            store.compact()
        assert libraries.server.execute(gone) == []
        assert store.vocabulary.words() == memory.vocabulary.words()
        store.change(remove=[each.article.id for each in documents])
        store.compact()
        left = "SELECT " + ", ".join(
            f"(SELECT count(*) FROM {libraries.name}.{table})"
            for table in ("document", "tag", "segment", "gone", "posting", "sentence")
        )
        assert libraries.server.execute(left) == [(0,) * 6]
