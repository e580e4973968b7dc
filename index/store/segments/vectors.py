"""Search among vectors: exact, or among clusters of them. The only door to FAISS."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.store.allocation import Allocate, in_memory, let_go
from index.store.rows import Rows
from index.store.segments.segment import Clusters

if TYPE_CHECKING:
    from faiss import IndexIVFScalarQuantizer

EXACT_UP_TO = 100_000
"""How many vectors are compared one by one: that many take 15 ms on two cores."""

# With a sixth of the clusters, but at least 256, these shares of the ten sentences nearest to a
# question are among the two hundred found, in so many milliseconds of one core (1,000 real
# questions; real sentences, and those mixed from them as eval/bench/scale.py does):
#        69,000 real     526 clusters  0.996  1.5
#       110,000 mixed    663 clusters  0.993  1.6
#       200,000 mixed    894 clusters  0.991  2.8
#     1,000,000 mixed  2,000 clusters  0.990  6.1
# Twice as many clusters find as much in four fifths of the time, but take four times as long to
# learn: a million vectors are clustered in some 20 seconds.
_CLUSTERS_PER_ROOT = 2  # clusters for each unit of the square root of the number of vectors
_PROBED = 6  # of so many clusters, one is looked at
_LEAST_PROBED = 256
_SAMPLE = 64  # vectors for each cluster, from which its centre is learnt
_ROUNDS = 8  # of k-means
_BLOCK = 65_536  # vectors that are taken at once
_TAKEN = 8_192  # the same, where they lie apart
# Of so few vectors that may be found, every one is looked at: they are read in 15 ms, and the
# clusters nearest to a question may hold none of them.
_GATHERED = 30_000


def make_clusters(vectors: Vectors, *, allocate: Allocate = in_memory) -> Clusters:
    """Cluster vectors, which may be mapped from a file: they are read block by block.

    The same vectors give the same clusters.
    """
    import faiss

    count, dimension = vectors.shape
    lists = min(count, int(_CLUSTERS_PER_ROOT * np.sqrt(count)))
    index = _empty(lists, dimension)
    random = np.random.default_rng(0)
    sample = np.sort(random.choice(count, min(count, lists * _SAMPLE), replace=False))
    index.train(_taken(vectors, sample))

    nearest = np.empty(count, dtype=np.int64)
    for start in range(0, count, _BLOCK):
        block = np.ascontiguousarray(vectors[start : start + _BLOCK])
        nearest[start : start + len(block)] = index.quantizer.search(block, 1)[1][:, 0]
        let_go(vectors)

    centroids = allocate("centroids", (lists, dimension), np.float32)
    centroids[:] = index.quantizer.reconstruct_n(0, lists)
    bounds = allocate("cluster_bounds", (lists + 1,), np.int64)
    bounds[:] = np.concatenate([[0], np.cumsum(np.bincount(nearest, minlength=lists))])
    rows = allocate("cluster_rows", (count,), np.int64)
    rows[:] = np.argsort(nearest, kind="stable")
    ranges = allocate("code_ranges", (2, dimension), np.float32)
    ranges[:] = faiss.vector_to_array(index.sq.trained).reshape(2, dimension)
    codes = allocate("codes", (count, dimension), np.uint8)
    places = np.empty(count, dtype=np.int64)
    places[rows] = np.arange(count)
    for start in range(0, count, _BLOCK):
        block = np.ascontiguousarray(vectors[start : start + _BLOCK])
        codes[places[start : start + len(block)]] = index.sq.compute_codes(block)
        let_go(vectors)
    return Clusters(centroids, bounds, rows, codes, ranges)


def _taken(vectors: Vectors, rows: Rows) -> Vectors:
    """Return some vectors, given their rows, ascending; few are mapped at once."""
    taken = np.empty((len(rows), vectors.shape[1]), dtype=np.float32)
    for start in range(0, len(rows), _TAKEN):
        taken[start : start + _TAKEN] = vectors[rows[start : start + _TAKEN]]
        let_go(vectors)
    return taken


class VectorSearch:
    """Search by inner product, which is the cosine where all vectors are unit vectors.

    Safe to share by threads.

    Args:
        vectors: The vectors, shaped (count, dimension); they may be mapped from a file, and are not
            copied.
        clusters: The same vectors by cluster. If given, only those of the clusters nearest to a
            query are looked at, and not every one of the nearest vectors may be found.
        probed: How many clusters are looked at; by their number if None.
    """

    def __init__(
        self, vectors: Vectors, clusters: Clusters | None = None, *, probed: int | None = None
    ) -> None:
        self._vectors = vectors
        self._clustered: Any = None if clusters is None else _filled(clusters, probed)

    def search(
        self, queries: Vectors, k: int, *, among: NDArray[np.bool_] | None = None
    ) -> tuple[Vectors, Rows]:
        """Find the vectors nearest to each query, nearest first.

        Args:
            queries: Unit vectors, float32, shaped (queries, dimension).
            k: How many to find at most, from 1.
            among: Tells of each vector whether it may be found; all may if None.

        Returns:
            Similarities and row numbers, both shaped (queries, found) with found at most k. Where
            clusters are searched, similarities are approximate, and row -1 stands for what was not
            found.
        """
        queries = np.ascontiguousarray(queries)
        if among is not None:
            rows = np.flatnonzero(among)
            if self._clustered is None or len(rows) <= _GATHERED:
                return self._exact(queries, k, rows)
        if self._clustered is None:
            return self._exact(queries, k, None)
        k = min(k, self._clustered.ntotal)
        similarities, found = self._clustered.search(queries, k, params=self._parameters(among))
        return similarities, found

    def _exact(self, queries: Vectors, k: int, rows: Rows | None) -> tuple[Vectors, Rows]:
        """Compare queries with every vector, or with those of some rows."""
        import faiss

        vectors = self._vectors if rows is None else self._vectors[rows]
        k = min(k, len(vectors))
        if not k:
            empty = np.empty((len(queries), 0), dtype=np.int64)
            return empty.astype(np.float32), empty
        similarities, found = faiss.knn(
            queries, np.ascontiguousarray(vectors), k, metric=faiss.METRIC_INNER_PRODUCT
        )
        return similarities, found if rows is None else rows[found]

    def _parameters(self, among: NDArray[np.bool_] | None) -> Any:  # noqa: ANN401 - FAISS has no types
        import faiss as untyped

        faiss: Any = untyped  # the types that it has are those of C++
        if among is None:
            return None
        bits = np.packbits(among, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=self._clustered.nprobe)
        parameters.kept = selector, bits  # which are pointed to, not copied
        return parameters


def _empty(lists: int, dimension: int) -> IndexIVFScalarQuantizer:
    """Return an index without vectors."""
    import faiss

    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
        False,  # codes of the vectors themselves, not of what they differ from the centre by
    )
    index.cp.niter = _ROUNDS
    index.cp.max_points_per_centroid = _SAMPLE
    index.cp.min_points_per_centroid = 1  # no word about small samples
    index.cp.spherical = True
    return index


def _filled(clusters: Clusters, probed: int | None) -> IndexIVFScalarQuantizer:
    """Return an index that holds the vectors of clusters."""
    import faiss

    count, dimension = clusters.centroids.shape
    index = _empty(count, dimension)
    lists: Any = index.invlists
    index.quantizer.add(np.ascontiguousarray(clusters.centroids))
    faiss.copy_array_to_vector(np.ravel(clusters.ranges), index.sq.trained)
    index.is_trained = True
    for number, (first, last) in enumerate(itertools.pairwise(clusters.bounds.tolist())):
        if first < last:
            rows = np.ascontiguousarray(clusters.rows[first:last])
            codes = np.ascontiguousarray(clusters.codes[first:last])
            lists.add_entries(number, last - first, faiss.swig_ptr(rows), faiss.swig_ptr(codes))
    let_go(clusters.rows, clusters.codes)
    index.ntotal = len(clusters.rows)
    index.nprobe = min(count, probed or max(_LEAST_PROBED, count // _PROBED))
    return index
