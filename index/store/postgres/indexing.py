"""The index of the vectors: made once there are many, for a search to look at few of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.store.base import Made

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

# So many vectors are compared one by one in 10 ms.
EXACT_UP_TO = 8_000
_LONGEST_INDEXED = 4_000  # numbers that a vector in an index of pgvector may have
# Adding to a library that has the index takes 2 ms a sentence; building it for all at once, 1 ms.
# So who adds many builds it at the end, by compacting. Who adds one after another gets it here, as
# long as that takes some seconds.
_LARGE_CHANGE, _SOON = 2_000, 16_000
_NAME = "sentence_emb"
_M, _EF_CONSTRUCTION = 16, 64
_BESIDE = 1_024  # bytes for each vector: its neighbours, and what is kept of them
_MOST_KIB = 4 << 20


def index_if_due(connection: Lent, made: Made, sentences: int, added: int) -> None:
    """Build the index if a library has outgrown a search without; to be called in a transaction."""
    if added <= _LARGE_CHANGE and sentences <= _SOON:
        build_index(connection, made, sentences)


def build_index(connection: Lent, made: Made, sentences: int) -> None:
    """Build the index if there is none and many sentences; to be called in a transaction.

    Others read meanwhile, and wait with writing.
    """
    few = sentences <= EXACT_UP_TO or made.dimension > _LONGEST_INDEXED
    if few or _has_index(connection) or not _is_owner(connection):
        return
    from psycopg.errors import DiskFull

    connection.execute(
        "SELECT set_config('maintenance_work_mem', %s::text || 'kB', true) FROM pg_settings "
        "WHERE name = 'maintenance_work_mem' AND setting::bigint < %s",
        [_memory(made, sentences), _memory(made, sentences)],
    )
    try:
        with connection.transaction():
            _build(connection)
    except DiskFull:
        # The memory that several processes share may be small, such as in a container.
        connection.execute("SET LOCAL max_parallel_maintenance_workers = 0")
        _build(connection)


def _build(connection: Lent) -> None:
    connection.execute(
        f"CREATE INDEX {_NAME} ON sentence USING hnsw (emb halfvec_ip_ops) "
        f"WITH (m = {_M}, ef_construction = {_EF_CONSTRUCTION})".encode()
    )


def _has_index(connection: Lent) -> bool:
    row = connection.execute(
        "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
        "WHERE indrelid = 'sentence'::regclass AND relname = %s",
        [_NAME],
    ).fetchone()
    return row is not None


def _is_owner(connection: Lent) -> bool:
    """Tell whether this user may make an index; who may write may not always do that."""
    row = connection.execute(
        "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'sentence'::regclass"
    ).fetchone()
    return row is not None and bool(row[0])


def _memory(made: Made, sentences: int) -> int:
    """Return how many KiB the graph takes while it is built: the vectors, and their neighbours.

    What does not fit is added six times as slowly.
    """
    return min(sentences * (2 * made.dimension + _BESIDE) >> 10, _MOST_KIB)
