"""Search among vectors. The only door to FAISS."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class VectorSearch:
    """Exact search by inner product, which is the cosine where all vectors are unit vectors."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        """Take vectors shaped (count, dimension)."""
        import faiss

        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors))

    def search(
        self, queries: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Find the vectors nearest to each query, nearest first.

        Returns:
            Similarities and row numbers, both shaped (queries, min(k, count)).
        """
        # FAISS fills up with row -1 where it is asked for more than there is.
        k = min(k, self._index.ntotal)
        similarities, rows = self._index.search(np.ascontiguousarray(queries), k)
        return similarities, rows
