"""Opens a store by where it is."""

from __future__ import annotations

from pathlib import Path

from index.store.base import Made, Store
from index.store.settings import Fusion, IndexSettings


def open_store(
    where: str | Path,
    *,
    writing: bool = False,
    create: tuple[Made, IndexSettings] | None = None,
) -> Store:
    """Open the library in a folder, or at a ``postgresql://`` URL."""
    raise NotImplementedError


def save_store(store: Store, folder: str | Path, *, fusion: Fusion | None = None) -> None:
    """Write all documents of a store to a folder, whole or not at all."""
    raise NotImplementedError
