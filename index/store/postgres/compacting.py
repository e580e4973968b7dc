"""Puts the segments of a library together, and frees the room of what is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.store.base import Made
from index.store.keys import among
from index.store.postgres.changing import lock
from index.store.postgres.connections import Connections
from index.store.postgres.indexing import build_index
from index.store.postgres.segments import drop, put_together, runs_to_merge
from index.store.postgres.state import NOTHING, load

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

_MOST_PASSAGES = 262_144  # in a segment that is put together: its words take some 200 MB meanwhile
_TABLES = ("document", "tag", "segment", "gone", "posting", "sentence", "meta")


def compact(connections: Connections, made: Made) -> None:
    """Put segments together, a transaction each, build the vectors' index, and free room."""
    while connections.write(_put_some_together):
        pass

    def build(connection: Lent) -> None:
        lock(connection)
        build_index(connection, made, load(connection, NOTHING).sentences())

    connections.write(build)
    connections.tend(*(f"VACUUM (ANALYZE) {table}" for table in _TABLES))


def _put_some_together(connection: Lent) -> bool:
    """Write a segment anew that is scattered or has documents that are gone; False if none is."""
    lock(connection)
    state = load(connection, NOTHING)
    sizes = [part.passages for part in state.parts]
    run = next(runs_to_merge(sizes, _MOST_PASSAGES), None)
    parts = [] if run is None else list(state.parts[run.start : run.stop])
    if not parts:
        parts = [p for p in state.parts if among(p.layout.numbers, state.gone).any()][:1]
    if not parts:
        return False
    if all(among(part.layout.numbers, state.gone).all() for part in parts):
        drop(connection, parts, state.gone)
    else:
        put_together(connection, parts, state.gone)
    connection.execute("UPDATE meta SET changes = changes + 1")
    return True
