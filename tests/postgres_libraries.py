"""Libraries in PostgreSQL for tests: documents to put in, and ways to trouble the server."""

from __future__ import annotations

import contextlib
import itertools
import socket
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.articles import Article
from index.errors import StoreError
from index.models.encoder import Vectors
from index.store.base import Cut, Made, Prepared, Store
from index.store.postgres.store import PostgresStore
from index.store.settings import IndexSettings
from tests.postgres import PostgresServer

MADE, SETTINGS = Made("made by hand", 8), IndexSettings()
WORDS = ("amber", "birch", "cedar", "dune", "elm", "fern", "grove", "heath", "iris", "juniper")
NAMES = (f"library{number}" for number in itertools.count())


def prepared(name: str, sentences: int = 4, tags: Collection[str] = (), seed: int = 0) -> Prepared:
    """A document of sentences of three words each, whose vectors are drawn at random."""
    random = np.random.default_rng([seed, *name.encode()])
    said = [f"{name} {' '.join(random.choice(WORDS, 3))}." for _ in range(sentences)]
    ends = np.cumsum([len(each) + 1 for each in said])
    starts = ends - [len(each) + 1 for each in said]
    drawn = random.normal(size=(sentences, MADE.dimension))
    unit = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    rows = np.arange(sentences)
    cut = Cut(np.stack([starts, ends - 1], axis=1), np.stack([rows, rows + 1], axis=1))
    return Prepared(Article(name, name, " ".join(said)), cut, unit, frozenset(tags))


def near(seed: int = 0) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(1, MADE.dimension))
    unit: Vectors = (drawn / np.linalg.norm(drawn)).astype(np.float32)
    return unit


def ids(store: Store) -> list[str]:
    return [each.id for each in store.documents()]


def said(call: Callable[[], object]) -> str:
    """What an error says: one line, without a password."""
    with pytest.raises(StoreError) as raised:
        call()
    message = str(raised.value)
    assert "\n" not in message
    assert "secret" not in message
    return message


class Libraries:
    """Libraries of one server, which are closed at the end of a test."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.name = next(NAMES)
        self.url = server.url(self.name)
        self._opened: list[PostgresStore] = []

    def open(
        self, url: str | None = None, *, timeout_s: float = 20, wait_s: float = 60, most: int = 8
    ) -> PostgresStore:
        """Open the library, or another; it is made if there is none."""
        self._opened.append(
            PostgresStore.connect(
                url or self.url,
                create=(MADE, SETTINGS),
                timeout_s=timeout_s,
                wait_s=wait_s,
                connections=most,
            )
        )
        return self._opened[-1]

    def close(self) -> None:
        for store in self._opened:
            store.close()


def stop_at(server: PostgresServer, url: str, table: str, action: str) -> None:
    """Have something done when a row comes into a table of a library."""
    library = url.rpartition("=")[2]
    server.execute(
        f"CREATE FUNCTION {library}.stop() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {action}; RETURN NEW; END $$",
        f"CREATE TRIGGER stop BEFORE INSERT ON {library}.{table} "
        f"FOR EACH ROW EXECUTE FUNCTION {library}.stop()",
    )


@contextlib.contextmanager
def cutting_off_at_commit(server: PostgresServer, *, kept: bool) -> Iterator[str]:
    """Stand between a program and a server, and part them when a transaction is committed.

    Args:
        server: The server.
        kept: Whether it still gets to know that it is to commit.
    """
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(f"{folder}/.s.PGSQL.5432")
        listening.listen()
        lent: list[socket.socket] = []
        parted = threading.Event()

        def pass_on(source: socket.socket, sink: socket.socket, *, asks: bool) -> None:
            with contextlib.suppress(OSError):
                while data := source.recv(1 << 16):
                    if asks and b"COMMIT\0" in data and not parted.is_set():
                        parted.set()
                        source.shutdown(socket.SHUT_RDWR)
                        if kept:
                            sink.sendall(data)
                            sink.recv(1 << 16)
                        break
                    sink.sendall(data)
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    program, _ = listening.accept()
                    behind = socket.socket(socket.AF_UNIX)
                    behind.connect(f"{server.folder}/.s.PGSQL.5432")
                    lent.extend((program, behind))
                    for source, sink in ((program, behind), (behind, program)):
                        threads.submit(pass_on, source, sink, asks=source is program)

        with ThreadPoolExecutor(16) as threads:
            threads.submit(serve)
            try:
                yield folder
            finally:
                for each in (listening, *lent):
                    with contextlib.suppress(OSError):
                        each.shutdown(socket.SHUT_RDWR)
                listening.close()
        for each in lent:
            each.close()
