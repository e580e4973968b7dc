from __future__ import annotations

import numpy as np
import pytest

from index.vectors import VectorSearch

VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 1], [-1, 0]], dtype=np.float32)


def test_similarities_are_cosines_nearest_first() -> None:
    similarities, rows = VectorSearch(VECTORS).search(np.array([[1, 0], [0, 1]], np.float32), 3)
    assert rows.tolist() == [[0, 1, 2], [2, 1, 0]]
    assert similarities == pytest.approx(np.array([[1, 0.6, 0], [1, 0.8, 0]]))


def test_asking_for_more_than_there_is_gives_all_there_is() -> None:
    similarities, rows = VectorSearch(VECTORS).search(np.array([[1, 0]], np.float32), 100)
    assert rows.tolist() == [[0, 1, 2, 3]]
    assert similarities[0] == pytest.approx([1, 0.6, 0, -1])


def test_it_agrees_with_numpy() -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(500, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries = vectors[:5] + 0.1
    _, rows = VectorSearch(vectors).search(queries, 10)
    assert rows.tolist() == np.argsort(-(queries @ vectors.T), axis=1)[:, :10].tolist()
