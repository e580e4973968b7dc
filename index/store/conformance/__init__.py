"""The tests that every store has to pass, for whoever writes one.

They need nothing but a store: no network, no models, and no pytest, though pytest runs them. A file
of tests has a class of them, which says how an empty store is made::

    from index.store.conformance import StoreConformance

    class TestMyStore(StoreConformance):
        def make_store(self, made, settings):
            return MyStore(made, settings)

        def reopen(self, store):  # if it keeps what it has
            return MyStore.open(store.path)

Everything that they compare with is worked out from what was put in: cosines from the vectors, and
BM25 from the formula. A store whose ``matching`` gives other scores than BM25's says so with
``is_bm25 = False``: then it is asked only for what any ranking by words has to find.
"""

from index.store.conformance.changing import ChangeTests
from index.store.conformance.holding import HoldingTests
from index.store.conformance.matching import MatchingTests
from index.store.conformance.searching import SearchTests
from index.store.conformance.sharing import SharingTests
from index.store.conformance.suite import Suite


class StoreConformance(HoldingTests, SearchTests, MatchingTests, ChangeTests, SharingTests, Suite):
    """All tests of a store: a class of one's own says how one is made."""
