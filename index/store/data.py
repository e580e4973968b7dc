"""What an index consists of."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.articles import Article
from index.errors import SettingError
from index.models.encoder import Vectors
from index.store.rows import Rows
from index.text.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE

LANGUAGE = "en"
"""The language by whose rules sentences are cut and words stemmed: there is no other yet."""

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


@dataclass(frozen=True)
class Fusion:
    """How much the two ways of finding a passage count.

    Attributes:
        dense: The weight of the similarity of the passage's most similar sentence, in -1..1.
        lexical: The weight of the passage's BM25 score over that of the best passage, in 0..1.

    Raises:
        SettingError: A weight is not a finite number.
    """

    dense: float = 1.0
    lexical: float = 0.3

    def __post_init__(self) -> None:
        for weight in (self.dense, self.lexical):
            if type(weight) not in (int, float) or not math.isfinite(weight):
                raise SettingError(f"a fusion weight is {weight!r}; expected a finite number.")


# Measured on questions asked of whole articles and of collections; see eval/README.md.
DEFAULT_FUSION = Fusion()


@dataclass(frozen=True)
class IndexSettings:
    """What an index was made with, and is searched with; it is saved with the index.

    Attributes:
        window: The most sentences in a passage, from 1.
        stride: By how many sentences a passage starts after the one before, from 1.
        fusion: How passages are ranked.
        language: The language of the articles: "en".

    Raises:
        SettingError: A setting is outside its range.
    """

    window: int = PASSAGE_SENTENCES
    stride: int = PASSAGE_STRIDE
    fusion: Fusion = DEFAULT_FUSION
    language: str = LANGUAGE

    def __post_init__(self) -> None:
        for name, count in (("window", self.window), ("stride", self.stride)):
            if type(count) is not int or count < 1:
                raise SettingError(f"{name} is {count!r}; expected a whole number from 1.")
        if self.language != LANGUAGE:
            raise SettingError(f"language is {self.language!r}; expected {LANGUAGE!r}.")


DEFAULT_SETTINGS = IndexSettings()


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
        settings: What it was made with, and is searched with.
    """

    articles: tuple[Article, ...]
    sentences: Bounds
    passages: Rows
    vectors: Vectors
    encoder: str
    postings: Postings
    clusters: Clusters | None = None
    settings: IndexSettings = DEFAULT_SETTINGS
