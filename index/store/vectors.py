"""Search among vectors: exact, or among clusters of them. The only door to FAISS."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from index.models.encoder import Vectors
from index.store.allocation import Allocate, in_memory
from index.store.data import Clusters
from index.store.rows import Rows

if TYPE_CHECKING:
    from faiss import IndexFlatIP, IndexIVFScalarQuantizer

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
    index.train(np.ascontiguousarray(vectors[sample]))

    nearest = np.empty(count, dtype=np.int64)
    for start in range(0, count, _BLOCK):
        block = np.ascontiguousarray(vectors[start : start + _BLOCK])
        nearest[start : start + len(block)] = index.quantizer.search(block, 1)[1][:, 0]

    centroids = allocate("centroids", (lists, dimension), np.float32)
    centroids[:] = index.quantizer.reconstruct_n(0, lists)
    bounds = allocate("cluster_bounds", (lists + 1,), np.int64)
    bounds[:] = np.concatenate([[0], np.cumsum(np.bincount(nearest, minlength=lists))])
    rows = allocate("cluster_rows", (count,), np.int64)
    rows[:] = np.argsort(nearest, kind="stable")
    ranges = allocate("code_ranges", (2, dimension), np.float32)
    ranges[:] = faiss.vector_to_array(index.sq.trained).reshape(2, dimension)
    codes = allocate("codes", (count, dimension), np.uint8)
    for start in range(0, count, _BLOCK):
        block = np.ascontiguousarray(vectors[rows[start : start + _BLOCK]])
        codes[start : start + len(block)] = index.sq.compute_codes(block)
    return Clusters(centroids, bounds, rows, codes, ranges)


class VectorSearch:
    """Search by inner product, which is the cosine where all vectors are unit vectors.

    Safe to share by threads.

    Args:
        vectors: The vectors, shaped (count, dimension); they may be mapped from a file.
        clusters: The same vectors by cluster. If given, only those of the clusters nearest to a
            query are looked at, and not every one of the nearest vectors may be found.
        probed: How many clusters are looked at; by their number if None.
    """

    def __init__(
        self, vectors: Vectors, clusters: Clusters | None = None, *, probed: int | None = None
    ) -> None:
        self._index: Any = _flat(vectors) if clusters is None else _filled(clusters, probed)

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        """Find the vectors nearest to each query, nearest first.

        Returns:
            Similarities and row numbers, both shaped (queries, min(k, count)). Where clusters are
            searched, similarities are approximate, and row -1 stands for what was not found.
        """
        # FAISS fills up with row -1 where it is asked for more than there is.
        k = min(k, self._index.ntotal)
        similarities, rows = self._index.search(np.ascontiguousarray(queries), k)
        return similarities, rows


def _flat(vectors: Vectors) -> IndexFlatIP:
    """Return an index that compares a query with every vector."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return index


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
    index.ntotal = len(clusters.rows)
    index.nprobe = min(count, probed or max(_LEAST_PROBED, count // _PROBED))
    return index
