"""Where libraries are kept while they are measured: in folders, or in a database."""

from __future__ import annotations

from pathlib import Path

from eval.bench.scale.memory import parent_of
from eval.systems.libraries import is_url, library_in, remove_library
from index.store.settings import DEFAULT_SETTINGS
from qa import Encoder, Made, Store, open_store

FOLDER = "folder"
"""What names the store that keeps a library in a folder."""


def place_of(store: str, room: Path, passages: int) -> str:
    """Return where the library of a size is kept.

    Args:
        store: :data:`FOLDER`, or the URL of a database, in which it is given a name of its own.
        room: Where folders are kept.
        passages: The size.
    """
    if store == FOLDER:
        return library_in(str(room), f"{passages}.library")
    return library_in(store, f"bench_scale_{passages}")


def create(where: str, encoder: Encoder) -> Store:
    """Make a library, in place of what is there."""
    remove_library(where)
    made = Made(encoder.name, encoder.dimension)
    return open_store(where, writing=True, create=(made, DEFAULT_SETTINGS))


def disk_mb(where: str) -> float:
    """Return how large a library is, in megabytes."""
    if is_url(where):
        from index.store.postgres.upkeep import size

        return size(where) / 1e6
    return sum(file.stat().st_size for file in Path(where).rglob("*") if file.is_file()) / 1e6


def server_of(where: str) -> int | None:
    """Return the number of the first process of a library's server; None if none is here."""
    if not is_url(where):
        return None
    from index.store.postgres.upkeep import backend

    with backend(where) as process:
        return parent_of(process)
