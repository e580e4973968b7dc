"""Runs the tests that every store has to pass on the stores of this program."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.store.base import Made, Store
from index.store.conformance import StoreConformance
from index.store.folder.store import FolderStore
from index.store.memory import MemoryStore
from index.store.settings import IndexSettings


class TestMemoryStore(StoreConformance):
    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        return MemoryStore(made, settings)


class TestMemoryStoreByClusters(StoreConformance):
    """Of so few vectors all clusters are looked at, so that nothing is missed."""

    near = 0.02  # numbers of eight bits

    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        return MemoryStore(made, settings, exact_up_to=0)


class TestFolderStore(StoreConformance):
    exact_up_to = 100_000

    @pytest.fixture(autouse=True)
    def _in(self, tmp_path: Path) -> None:
        self._folder = tmp_path
        self._folders: dict[int, Path] = {}

    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        folder = self._folder / f"library {len(self._folders)}"
        store = FolderStore.create(folder, made, settings, exact_up_to=self.exact_up_to)
        self._folders[id(store)] = folder
        return store

    def reopen(self, store: Store) -> Store:
        return FolderStore.open(self._folders[id(store)], exact_up_to=self.exact_up_to)


class TestFolderStoreByClusters(TestFolderStore):
    """Of so few vectors all clusters are looked at, so that nothing is missed."""

    near = 0.02  # numbers of eight bits
    exact_up_to = 0
