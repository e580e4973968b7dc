from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from index.models.encoder import Vectors
from index.store.allocation import on_disk
from index.store.segments.vectors import VectorSearch, make_clusters

VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 1], [-1, 0]], dtype=np.float32)


def topics(count: int, dimension: int = 32, topics: int = 50) -> tuple[Vectors, Vectors]:
    """Return unit vectors that lie about so many others, and some that are to be found."""
    random = np.random.default_rng(0)
    centres = random.normal(size=(topics, dimension))
    vectors = centres[random.integers(topics, size=count)]
    vectors = vectors + 0.4 * random.normal(size=vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries = vectors[:100] + 0.1 * random.normal(size=(100, dimension))
    return vectors.astype(np.float32), queries.astype(np.float32)


def test_similarities_are_cosines_nearest_first() -> None:
    similarities, rows = VectorSearch(VECTORS).search(np.array([[1, 0], [0, 1]], np.float32), 3)
    assert rows.tolist() == [[0, 1, 2], [2, 1, 0]]
    assert similarities == pytest.approx(np.array([[1, 0.6, 0], [1, 0.8, 0]]))


def test_asking_for_more_than_there_is_gives_all_there_is() -> None:
    similarities, rows = VectorSearch(VECTORS).search(np.array([[1, 0]], np.float32), 100)
    assert rows.tolist() == [[0, 1, 2, 3]]
    assert similarities[0] == pytest.approx([1, 0.6, 0, -1])


def test_it_agrees_with_sorting_all() -> None:
    vectors, queries = topics(500)
    for count in (1, 10, 499):
        similarities, rows = VectorSearch(vectors).search(queries, count)
        expected = np.argsort(-(queries @ vectors.T), axis=1)[:, :count]
        assert rows.tolist() == expected.tolist()
        exact = np.take_along_axis(queries @ vectors.T, rows, 1)
        assert similarities == pytest.approx(exact, abs=1e-6)


def test_clusters_hold_every_vector_once() -> None:
    vectors, _ = topics(3000)
    clusters = make_clusters(vectors)
    assert sorted(clusters.rows.tolist()) == list(range(3000))
    scale = clusters.ranges[1] / 255
    decoded = clusters.ranges[0] + (clusters.codes + 0.5) * scale
    assert np.abs(decoded - vectors[clusters.rows]).max() <= scale.max()


def test_by_cluster_nearly_all_of_the_nearest_are_found() -> None:
    vectors, queries = topics(20_000)
    _, exact = VectorSearch(vectors).search(queries, 10)
    search = VectorSearch(vectors, make_clusters(vectors), probed=20)  # of 282
    similarities, rows = search.search(queries, 100)
    found = [len({*a} & {*b}) for a, b in zip(exact.tolist(), rows.tolist(), strict=True)]
    assert sum(found) >= 0.98 * exact.size
    expected = np.einsum("qd,qkd->qk", queries, vectors[rows])
    assert similarities == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("probed", [None, 20], ids=["exact", "clusters"])
def test_only_those_that_may_be_found_are(probed: int | None) -> None:
    vectors, queries = topics(20_000)
    clusters = None if probed is None else make_clusters(vectors)
    search = VectorSearch(vectors, clusters, probed=probed)
    random = np.random.default_rng(1)
    for share in (0, 0.001, 0.1, 1):
        may = random.random(20_000) < share
        similarities, rows = search.search(queries, 10, among=may)
        there = np.flatnonzero(may)
        expected = there[np.argsort(-(queries @ vectors[there].T), axis=1)[:, :10]]
        assert rows.tolist() == expected.tolist()
        exact = np.take_along_axis(queries @ vectors.T, rows, 1)
        assert similarities == pytest.approx(exact, abs=1e-5)


def test_of_many_that_may_be_found_by_cluster_nearly_all_of_the_nearest_are() -> None:
    vectors, queries = topics(50_000, dimension=8)
    may = np.arange(50_000) % 5 != 0  # more than are looked at one by one
    there = np.flatnonzero(may)
    exact = there[np.argsort(-(queries @ vectors[there].T), axis=1)[:, :10]]
    search = VectorSearch(vectors, make_clusters(vectors), probed=60)
    _, rows = search.search(queries, 50, among=may)
    assert may[rows[rows >= 0]].all()
    found = [len({*a} & {*b}) for a, b in zip(exact.tolist(), rows.tolist(), strict=True)]
    assert sum(found) >= 0.95 * exact.size
    # What may be found is no matter of the search before.
    _, again = search.search(queries, 50, among=~may)
    assert not may[again[again >= 0]].any()


def test_by_cluster_no_row_is_made_up_where_too_few_are_found() -> None:
    vectors, queries = topics(3000)
    clusters = make_clusters(vectors)
    _, rows = VectorSearch(vectors, clusters, probed=2).search(queries[:1], 10_000)
    found = rows[rows >= 0].tolist()
    assert rows.shape == (1, 3000)
    assert 0 < len(set(found)) == len(found) < 1000
    _, rows = VectorSearch(vectors, clusters).search(queries[:1], 10_000)
    assert sorted(rows[0].tolist()) == list(range(3000))
    _, rows = VectorSearch(VECTORS, make_clusters(VECTORS)).search(VECTORS[:1], 9)
    assert rows.tolist() == [[0, 1, 2, 3]]


def test_the_same_vectors_give_the_same_clusters_also_in_files(tmp_path: Path) -> None:
    vectors, _ = topics(3000)
    first, second = make_clusters(vectors), make_clusters(vectors, allocate=on_disk(tmp_path))
    for name in ("centroids", "bounds", "rows", "codes", "ranges"):
        assert getattr(first, name).tolist() == getattr(second, name).tolist()


def test_threads_may_share_clusters() -> None:
    vectors, queries = topics(3000)
    search = VectorSearch(vectors, make_clusters(vectors))
    expected = [search.search(queries[n : n + 1], 10)[1].tolist() for n in range(20)]
    wrong = []

    def ask(number: int) -> None:
        for _ in range(20):
            if search.search(queries[number : number + 1], 10)[1].tolist() != expected[number]:
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
