from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psycopg
import pytest

from index.store.base import Prepared
from index.store.postgres.store import PostgresStore
from tests.postgres import PostgresServer, running
from tests.postgres_libraries import (
    MADE,
    NAMES,
    SETTINGS,
    Libraries,
    cutting_off_at_commit,
    ids,
    near,
    prepared,
    said,
    stop_at,
)


class TestTrouble:
    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ("postgresql://u:secret@localhost:1/db", "no server answers (Connection refused)"),
            ("postgresql://u:s/secret@localhost/db", "the host in it is not known"),
            ("postgresql://u@/db?host=/nowhere&password=secret", "no server answers (No such file"),
            ("postgresql://u:%zzsecret@h/db?sslmode=disable", "cannot be read as a URL of Postgre"),
            ("postgresql://u:secret@h/db?libary=x", "parameter libary, which is not known"),
            ("postgresql://u:secret@h/db?sslmode=require&a%62c=x", "parameter abc, which"),
            ("postgresql://u:a?secret=1@h/db", "the host in it is not known"),
            ("mysql://u:secret@h/db", "expected a URL that begins with postgresql://"),
            ("postgresql://u@/db?library=pg_x", "a name that PostgreSQL keeps for itself"),
            ("postgresql://u@/db?library=", "the library's name has 0 bytes"),
        ],
    )
    def test_of_an_address_is_told_in_one_line(self, where: str, expected: str) -> None:
        assert expected in said(lambda: PostgresStore.connect(where))

    def test_that_psycopg_is_not_there_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        message = said(lambda: PostgresStore.connect("postgresql://u:secret@h/db"))
        assert "pip install 'article-qa[postgres]'" in message

    def test_with_who_one_is_is_told(self, postgres: PostgresServer) -> None:
        postgres.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
        where = postgres.url("x", user="guarded", password="secret")
        assert 'failed for user "guarded"' in said(lambda: PostgresStore.connect(where))
        nobody = postgres.url("x", user="stranger")
        assert 'role "stranger" does not exist' in said(lambda: PostgresStore.connect(nobody))
        right = postgres.url("x", user="guarded", password="right")
        assert "there is no library x" in said(lambda: PostgresStore.connect(right))
        assert "permission denied" in said(
            lambda: PostgresStore.connect(right, create=(MADE, SETTINGS))
        )

    def test_with_what_is_there_is_told(self, libraries: Libraries) -> None:
        elsewhere = libraries.url.replace("/postgres?", "/nowhere?")
        assert "there is no such database" in said(lambda: PostgresStore.connect(elsewhere))
        assert "article-qa library add" in said(lambda: PostgresStore.connect(libraries.url))
        libraries.server.execute(
            f"CREATE SCHEMA {libraries.name}", f"CREATE TABLE {libraries.name}.bills (n int)"
        )
        assert "holds something else (bills)" in said(
            lambda: PostgresStore.connect(libraries.url, create=(MADE, SETTINGS))
        )

    def test_with_the_database_is_told(self, postgres: PostgresServer) -> None:
        postgres.execute(
            "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'",
            "CREATE DATABASE plain",
            "CREATE ROLE maker LOGIN",
            "CREATE SCHEMA waiting AUTHORIZATION maker",
        )
        latin = postgres.url("x").replace("/postgres?", "/latin?")
        assert "are in LATIN1" in said(
            lambda: PostgresStore.connect(latin, create=(MADE, SETTINGS))
        )
        plain = postgres.url("x", user="maker").replace("/postgres?", "/plain?")
        assert 'no extension "vector", and it cannot be made' in said(
            lambda: PostgresStore.connect(plain, create=(MADE, SETTINGS))
        )
        # Whoever may not make a schema can be given an empty one.
        mine = postgres.url("waiting", user="maker")
        PostgresStore.connect(postgres.url(next(NAMES)), create=(MADE, SETTINGS)).close()
        store = PostgresStore.connect(mine, create=(MADE, SETTINGS))
        store.change(add=[prepared("a")])
        assert ids(store) == ["a"]
        store.close()

    def test_with_pgvector_is_told(self, postgres: PostgresServer) -> None:
        postgres.execute("CREATE DATABASE dated")
        where = postgres.url("x").replace("/postgres?", "/dated?")
        PostgresStore.connect(where, create=(MADE, SETTINGS)).close()
        with psycopg.connect(where.replace("&library=x", ""), autocommit=True) as owner:
            owner.execute("UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'")
            assert "has pgvector 0.7.4" in said(lambda: PostgresStore.connect(where))
            owner.execute("DROP EXTENSION vector CASCADE")
            assert 'no extension "vector" any more' in said(lambda: PostgresStore.connect(where))

    def test_with_another_version_is_told(self, libraries: Libraries) -> None:
        libraries.open()
        libraries.server.execute(f"UPDATE {libraries.name}.meta SET version = 99")
        assert "have version 99" in said(lambda: PostgresStore.connect(libraries.url))
        libraries.server.execute(f"UPDATE {libraries.name}.meta SET version = 1, settings = '{{}}'")
        assert "are damaged" in said(lambda: PostgresStore.connect(libraries.url))

    def test_with_vectors_of_another_encoder_is_told(self, libraries: Libraries) -> None:
        store = libraries.open()
        other = prepared("a")
        wrong = Prepared(other.article, other.cut, np.ones((4, 3), dtype=np.float32))
        assert "has vectors of 3 numbers; expected 8" in said(lambda: store.change(add=[wrong]))
        assert ids(store) == []

    def test_with_a_search_that_takes_too_long_is_told(self, libraries: Libraries) -> None:
        store = libraries.open(timeout_s=0.1)
        with psycopg.connect(libraries.server.url()) as other:
            other.execute(f"LOCK TABLE {libraries.name}.sentence".encode())
            assert "took too long" in said(lambda: store.nearest(near(), 5))

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("53100", "disk is full"),
            ("25006", "may only read"),
            ("40P01", "another program got in between"),
            ("XX000", "so it was"),
        ],
    )
    def test_that_the_server_has_in_the_middle_is_told(
        self, libraries: Libraries, code: str, expected: str
    ) -> None:
        store = libraries.open()
        store.change(add=[prepared("d0")])
        stop_at(
            libraries.server,
            libraries.url,
            "posting",
            f"RAISE EXCEPTION 'so it was' USING ERRCODE = '{code}'",
        )
        message = said(lambda: store.change(add=[prepared("d1")], remove=["d0"]))
        assert expected in message
        assert "so it was" in message
        assert ids(store) == ["d0"]
        assert len(store.nearest(near(), 99)[0]) == 4

    def test_that_all_connections_are_taken_is_told(self) -> None:
        with running("max_connections=4", "superuser_reserved_connections=0") as server:
            server.execute("CREATE ROLE other LOGIN")
            where = server.url(user="other")
            taken = [psycopg.connect(where) for _ in range(4)]
            message = said(lambda: PostgresStore.connect(where))
            for each in taken:
                each.close()
        assert "has no connection left" in message

    def test_of_one_closed_is_told(self, libraries: Libraries) -> None:
        store = libraries.open()
        store.close()
        store.close()
        assert "was closed" in said(lambda: len(store))


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running() as server:
        yield server


class TestAServerThatStops:
    def test_is_waited_for_by_who_asks(self, server: PostgresServer) -> None:
        store = PostgresStore.connect(server.url("asked"), create=(MADE, SETTINGS), retry_s=60)
        store.change(add=[prepared("d0")])
        stop = threading.Event()
        answers: list[int] = []

        def ask() -> None:
            while not stop.is_set():
                answers.append(
                    len(store.matching("d0", 9).passages) + len(store.nearest(near(), 9)[0])
                )

        with ThreadPoolExecutor(3) as pool:
            asking = [pool.submit(ask) for _ in range(3)]
            server.restart()
            server.kill()
            server.start()
            before = len(answers)
            end = time.monotonic() + 60
            while len(answers) < before + 9 and time.monotonic() < end:
                time.sleep(0.01)
            stop.set()
            for each in asking:
                each.result()
        assert len(answers) >= before + 9
        assert set(answers) == {8}
        store.close()

    def test_has_kept_what_was_acknowledged(self, server: PostgresServer) -> None:
        store = PostgresStore.connect(server.url("kept"), create=(MADE, SETTINGS))
        store.change(add=[prepared("d0")])
        server.kill()
        server.start()
        assert ids(store) == ["d0"]
        store.change(add=[prepared("d1")])
        assert ids(store) == ["d0", "d1"]
        store.close()

    def test_in_the_middle_of_a_change_has_changed_nothing(self, server: PostgresServer) -> None:
        where = server.url("cut_off")
        store = PostgresStore.connect(where, create=(MADE, SETTINGS))
        store.change(add=[prepared("d0")])
        stop_at(server, where, "posting", "PERFORM pg_terminate_backend(pg_backend_pid())")
        message = said(lambda: store.change(add=[prepared("d1")], remove=["d0"]))
        assert "nothing was changed; try again" in message
        assert ids(store) == ["d0"]
        store.close()

    @pytest.mark.parametrize("kept", [True, False])
    def test_while_it_commits_is_asked_whether_it_did(
        self, server: PostgresServer, kept: bool
    ) -> None:
        where = server.url(f"committing_{kept}".lower())
        store = PostgresStore.connect(where, create=(MADE, SETTINGS))
        with cutting_off_at_commit(server, kept=kept) as folder:
            through = PostgresStore.connect(where.replace(str(server.folder), folder))
            if kept:
                (document,) = through.change(add=[prepared("d0")])
                assert document == store.documents()[0]
            else:
                assert "nothing was changed" in said(lambda: through.change(add=[prepared("d0")]))
            through.close()
        assert ids(store) == (["d0"] if kept else [])
        store.close()
