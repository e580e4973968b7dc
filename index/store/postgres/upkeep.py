"""What is asked of the place of a library, and not of its documents: its size, and to remove it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.store.postgres.address import Address
from index.store.postgres.connections import Connections

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

_WAIT_S = 60.0


def drop(url: str) -> None:
    """Remove a library with all that is in it, if it is there.

    Raises:
        StoreError: It cannot be reached, or removed.
    """
    library = Address.of(url).library.replace('"', '""')

    def work(connection: Lent) -> None:
        connection.execute(f'DROP SCHEMA IF EXISTS "{library}" CASCADE'.encode())

    with _connected(url) as connections:
        connections.write(work)


def size(url: str) -> int:
    """Return how many bytes of the disk a library takes, with its indexes.

    Raises:
        StoreError: It cannot be reached.
    """
    library = Address.of(url).library

    def ask(connection: Lent) -> int:
        row = connection.execute(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s AND relkind = 'r'",
            [library],
        ).fetchone()
        return int(row[0]) if row else 0

    with _connected(url) as connections:
        return connections.read(ask)


@contextmanager
def backend(url: str) -> Iterator[int]:
    """Give the number of the server's process that answers, which is there as long as this lasts.

    Raises:
        StoreError: It cannot be reached.
    """

    def ask(connection: Lent) -> int:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        return int(row[0]) if row else 0

    with _connected(url) as connections:
        yield connections.read(ask)


@contextmanager
def _connected(url: str) -> Iterator[Connections]:
    connections = Connections(
        Address.of(url), timeout_s=_WAIT_S, retry_s=0.0, wait_s=_WAIT_S, most=1
    )
    try:
        yield connections
    finally:
        connections.close()
