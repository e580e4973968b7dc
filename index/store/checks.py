"""Whether the parts of an index fit together, so that no search can trip over them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.articles import Article
from index.store.data import Bounds, Clusters, IndexData, Postings


def fits_together(data: IndexData) -> bool:
    """Tell whether the parts of an index have the right shapes and speak of the same things."""
    vectors, count = data.vectors, len(data.sentences)
    return (
        isinstance(data.encoder, str)
        and _articles_fit(data.articles)
        and _sentences_fit(data.sentences, data.articles)
        and _passages_fit(data)
        and _is(vectors, np.float32, (count, vectors.shape[-1]))
        # A sum is finite only if all is, and takes no memory.
        and bool(np.isfinite(vectors.sum()))
        and _postings_fit(data.postings, len(data.passages))
        and (data.clusters is None or _clusters_fit(data.clusters, *vectors.shape))
    )


def _articles_fit(articles: tuple[Article, ...]) -> bool:
    strings = all(isinstance(each, str) for a in articles for each in (a.id, a.title, a.text))
    return strings and len({article.id for article in articles}) == len(articles)


def _sentences_fit(sentences: Bounds, articles: tuple[Article, ...]) -> bool:
    if not len(sentences) or not _is(sentences, np.int64, (len(sentences), 3)):
        return False
    article, start, end = sentences.T
    if not _ascends(article) or article[0] < 0 or article[-1] >= len(articles):
        return False
    if ((np.diff(article) == 0) & (np.diff(start) <= 0)).any():
        return False
    lengths = np.array([len(a.text) for a in articles])
    return bool((start >= 0).all() and (start < end).all() and (end <= lengths[article]).all())


def _passages_fit(data: IndexData) -> bool:
    """Tell whether passages are rows of sentences of one article, and leave no sentence out."""
    passages, sentences = data.passages, data.sentences
    if not len(passages) or not _is(passages, np.int64, (len(passages), 2)):
        return False
    first, last = passages.T
    if first[0] != 0 or last[-1] != len(sentences) or (first >= last).any():
        return False
    if not _ascends(first) or not _ascends(last) or (first[1:] > last[:-1]).any():
        return False
    return bool((sentences[first, 0] == sentences[last - 1, 0]).all())


def _postings_fit(postings: Postings, passages: int) -> bool:
    texts, scores, bounds = postings.texts, postings.scores, postings.bounds
    return (
        _is(postings.stems, np.uint8, (len(postings.stems),))
        and _is(bounds, np.int64, (len(bounds), 2))
        and _is(texts, np.int32, (len(texts),))
        and _is(scores, np.float32, (len(texts),))
        and _divides(bounds[:, 0], len(postings.stems))
        and _divides(bounds[:, 1], len(texts))
        and _numbers_fit(texts, passages)
        and bool(np.isfinite(scores.sum()))
    )


def _clusters_fit(clusters: Clusters, count: int, dimension: int) -> bool:
    lists = len(clusters.centroids)
    return (
        _is(clusters.centroids, np.float32, (lists, dimension))
        and _is(clusters.bounds, np.int64, (lists + 1,))
        and _is(clusters.rows, np.int64, (count,))
        and _is(clusters.codes, np.uint8, (count, dimension))
        and _is(clusters.ranges, np.float32, (2, dimension))
        and _divides(clusters.bounds, count)
        and _numbers_fit(clusters.rows, count)
        and bool(np.isfinite(clusters.centroids).all() and np.isfinite(clusters.ranges).all())
    )


def _is(array: NDArray[Any], dtype: type, shape: tuple[int, ...]) -> bool:
    return array.dtype == dtype and array.shape == shape


def _ascends(numbers: NDArray[np.int64]) -> bool:
    return bool((np.diff(numbers) >= 0).all())


def _divides(bounds: NDArray[np.int64], count: int) -> bool:
    """Tell whether bounds part all of so many things into ranges, one after another."""
    return bool(len(bounds) and bounds[0] == 0 and bounds[-1] == count) and _ascends(bounds)


def _numbers_fit(numbers: NDArray[Any], count: int) -> bool:
    return not len(numbers) or bool(numbers.min() >= 0 and numbers.max() < count)
