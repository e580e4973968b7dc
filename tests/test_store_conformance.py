"""Runs the tests that every store has to pass on the stores of this program."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from index.store.base import Made, Store
from index.store.conformance import StoreConformance
from index.store.folder.store import FolderStore
from index.store.memory import MemoryStore
from index.store.opening import open_store
from index.store.settings import IndexSettings
from tests.postgres import PostgresServer

_NUMBERS = itertools.count()


class TestMemoryStore(StoreConformance):
    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        return MemoryStore(made, settings)


class TestMemoryStoreByClusters(StoreConformance):
    """Of so few vectors all clusters are looked at, so that nothing is missed."""

    near = 0.02  # numbers of eight bits

    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        return MemoryStore(made, settings, exact_up_to=0)


class TestFolderStore(StoreConformance):
    @pytest.fixture(autouse=True)
    def _in(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.places: dict[Store, Path] = {}

    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        folder = self.folder / f"library{len(self.places)}"
        store = FolderStore.create(folder, made, settings)
        self.places[store] = folder
        return store

    def reopen(self, store: Store) -> Store:
        return FolderStore.open(self.places[store])


class TestFolderStoreByClusters(TestFolderStore):
    near = 0.02

    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        folder = self.folder / f"library{len(self.places)}"
        store = FolderStore.create(folder, made, settings, exact_up_to=0)
        self.places[store] = folder
        return store


class TestPostgresStore(StoreConformance):
    @pytest.fixture(autouse=True)
    def _on(self, postgres: PostgresServer) -> None:
        self.server = postgres
        self.urls: dict[Store, str] = {}

    def make_store(self, made: Made, settings: IndexSettings) -> Store:
        url = self.server.url(f"conformance{next(_NUMBERS)}")
        store = open_store(url, writing=True, create=(made, settings))
        self.urls[store] = url
        return store

    def reopen(self, store: Store) -> Store:
        return open_store(self.urls[store])
