"""Runs the tests that every store has to pass on the stores of this program."""

from __future__ import annotations

from index.store.base import Made, Store
from index.store.conformance import StoreConformance
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
