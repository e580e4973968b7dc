"""An index in arrays, as a store that can be searched."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.store.base import VectorIndex
from index.store.bm25 import LexicalSearch
from index.store.data import IndexData
from index.store.rows import Rows
from index.store.vectors import VectorSearch


class ArrayStore:
    """A :class:`index.store.base.Store` of an index in arrays. Safe to share by threads.

    Args:
        data: The index, held in memory or mapped from a folder.
        vector_index: Finds vectors among ``data.vectors``; FAISS if None. It is not saved.
    """

    def __init__(self, data: IndexData, *, vector_index: VectorIndex | None = None) -> None:
        self.data = data
        self.articles = data.articles
        self.sentences = data.sentences
        self.passages = data.passages
        self.vectors = data.vectors
        self.fusion = data.settings.fusion
        if vector_index is None:
            vector_index = VectorSearch(data.vectors, data.clusters)
        self._vector_index = vector_index
        self._words = LexicalSearch(data.postings)

    def nearest(self, queries: Vectors, k: int) -> Rows:
        """Find the sentences whose vectors are nearest to each query, nearest first."""
        return self._vector_index.search(queries, k)[1]

    def matching(self, question: str) -> NDArray[np.float32]:
        """Return the BM25 score of every passage, 0.0 where it shares no word with the question."""
        return self._words.scores(question)
