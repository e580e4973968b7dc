"""What an index consists of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.articles import Article
from index.models.encoder import Vectors
from index.store.rows import Rows

Bounds = NDArray[np.int64]
"""Rows of (article number, start, end), sorted by article and start."""


@dataclass(frozen=True, eq=False)
class Postings:
    """Which texts hold which stem, and what that counts.

    Attributes:
        count: How many texts there are.
        stems: The stems in the order of their UTF-8 bytes, one after another.
        bounds: Where each stem starts in ``stems``, and where in the postings, shaped
            (stems + 1, 2); the last row says where both end.
        texts: The numbers of the texts that hold each stem, in ascending order.
        scores: What the stem adds to the BM25 score of each of them.
    """

    count: int
    stems: NDArray[np.uint8]
    bounds: NDArray[np.int64]
    texts: NDArray[np.int32]
    scores: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Clusters:
    """Vectors by cluster, each number of a vector in eight bits: FAISS's ``IVF…,SQ8``.

    Attributes:
        centroids: The clusters' centres, shaped (clusters, dimension).
        bounds: Where each cluster starts in ``rows`` and ``codes``, and at last where all end.
        rows: The row number of each vector.
        codes: The vectors, shaped (vectors, dimension).
        ranges: The least number of each dimension, and how far the greatest is from it, shaped
            (2, dimension).
    """

    centroids: Vectors
    bounds: NDArray[np.int64]
    rows: NDArray[np.int64]
    codes: NDArray[np.uint8]
    ranges: Vectors


@dataclass(frozen=True, eq=False)
class IndexData:
    """All that an index consists of.

    Attributes:
        articles: The articles, whole.
        sentences: Where their sentences are, shaped (sentences, 3).
        passages: Which sentences each passage consists of, shaped (passages, 2): the row of the
            first, and one past that of the last.
        vectors: A unit vector for each sentence, shaped (sentences, dimension).
        encoder: The name of the encoder that made the vectors.
        postings: The words of the passages.
        clusters: The vectors by cluster, if there are too many to look at every one.
    """

    articles: tuple[Article, ...]
    sentences: Bounds
    passages: Rows
    vectors: Vectors
    encoder: str
    postings: Postings
    clusters: Clusters | None = None
