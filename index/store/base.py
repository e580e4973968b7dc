"""What the index needs of a store, and a store of what finds vectors for it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.articles import Article
from index.models.encoder import Vectors
from index.store.data import Bounds, Fusion
from index.store.rows import Rows


class Store(Protocol):
    """Articles with their sentences, the passages made of these, and two ways to find them.

    :class:`index.retriever.Retriever` ranks over any; :class:`index.store.arrays.ArrayStore` is
    one. Sentences and passages are numbered from 0 by their rows here, article by article and in
    the order of the text. A store has to be safe to share by threads, and to stay as it is while a
    retriever has it: with other articles, it is another store.
    """

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles, at least one, each with its own id."""

    @property
    def sentences(self) -> Bounds:
        """Where the sentences are, shaped (sentences, 3): article number, start and end.

        Offsets count code points. Sentences of an article do not overlap, and each article has one
        at least.
        """

    @property
    def passages(self) -> Rows:
        """Which sentences each passage consists of, shaped (passages, 2).

        The row of the first, and one past that of the last, all of one article. Neither column
        ever descends.
        """

    @property
    def vectors(self) -> Vectors:
        """A unit vector for each sentence, float32, shaped (sentences, dimension)."""

    @property
    def fusion(self) -> Fusion:
        """How passages are ranked where the retriever was not told otherwise."""

    def nearest(self, queries: Vectors, k: int) -> Rows:
        """Find the sentences whose vectors are nearest to each query.

        Args:
            queries: Unit vectors, float32, shaped (queries, dimension).
            k: How many to find at most, from 1.

        Returns:
            Rows of sentences, int64, shaped (queries, found) with found at most k; row -1 stands
            for what was not found.
        """

    def matching(self, question: str) -> NDArray[np.float32]:
        """Return how well the words of each passage match those of a question.

        Returns:
            BM25 scores, or what stands for them, shaped (passages,): 0.0 where no word is shared,
            else more. The array is the caller's own, to write to.
        """


class VectorIndex(Protocol):
    """Finds the vectors nearest to a question's. Has to be safe to share by threads."""

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        """Find the vectors nearest to each query, nearest first.

        Args:
            queries: Unit vectors, float32, shaped (queries, dimension).
            k: How many to find at most, from 1.

        Returns:
            Cosines (float32) and the row numbers (int64) of the vectors that they are of, both
            shaped (queries, found) with found at most k; row -1 stands for what was not found.
        """
