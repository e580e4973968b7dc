"""Measures searching a library and asking it, in the process that it is called in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from eval.bench.measuring import WatchedReader
from eval.bench.scale.figures import Answered, Range, Searched
from eval.bench.scale.libraries import server_of
from eval.bench.scale.memory import watching
from eval.bench.scale.mixing import MixedEncoder
from eval.bench.scale.sources import Source
from index.models.encoder import load_encoder
from qa import (
    ArticleQA,
    Encoder,
    Reader,
    Retriever,
    Rows,
    Store,
    Strategy,
    Vectors,
    keys_of,
    open_store,
)
from qa.reading.strategies import load_strategy

K = 10
"""How many passages are found, and of how many sentences it is told whether they are."""
_BLOCK = 8192  # sentences that are compared at once
_LOOKED_AT = 200  # sentences at which the retriever looks


def search(room: Path, where: str, encoder: Encoder | None = None) -> Searched:
    """Open a library and search it for each question."""
    source = Source.read(room)
    mixed = MixedEncoder(source, load_encoder(encoder))
    with watching(server_of(where)) as watch:
        began = time.perf_counter()
        store = open_store(where)
        retriever = Retriever.open(store, mixed)
        opened = time.perf_counter()
        retriever.search(source.questions[:1], K)
        first = time.perf_counter()
        took = [_seconds(retriever.search, [each], K) for each in source.questions]
        memory = watch.memory()  # exact search, which is not what is measured, comes after
    try:
        exact = _exact(store, source.asked)
        return Searched(
            open_s=opened - began,
            first_s=first - opened,
            search=in_range(took),
            recall=_share(exact, store.nearest(source.asked, K)),
            recall_looked_at=_share(exact, store.nearest(source.asked, _LOOKED_AT)),
            memory=memory,
        )
    finally:
        store.close()


def answer(
    room: Path, where: str, encoder: Encoder | None = None, reader: Reader | Strategy | None = None
) -> Answered:
    """Open a library and ask it each question, with the real models, which are still cold."""
    source = Source.read(room)
    encoder = load_encoder(encoder)
    watched: list[WatchedReader] = []

    def wrap(reader: Reader) -> WatchedReader:
        watched.append(WatchedReader(reader))
        return watched[-1]

    strategy = load_strategy(reader).with_readers(wrap)
    with watching(server_of(where)) as watch:
        store = open_store(where)
        bot = ArticleQA(Retriever.open(store, encoder), strategy)
        took = [_seconds(bot.ask, each) for each in source.questions[:1]]
        read = [_read_for(watched)]
        for question in source.questions:
            took.append(_seconds(bot.ask, question))
            read.append(_read_for(watched))
        memory = watch.memory()
    store.close()
    besides = [whole - part for whole, part in zip(took, read, strict=True)]
    return Answered(
        first_s=took[0],
        first_without_reader_s=besides[0],
        answer=in_range(took[1:]),
        without_reader=in_range(besides[1:]),
        memory=memory,
    )


def in_range(seconds: Sequence[float]) -> Range:
    """Return the median of some times, and what 95 % of them do not exceed."""
    p50, p95 = np.percentile(seconds, [50, 95])
    return Range(float(p50) * 1000, float(p95) * 1000)


def _seconds(function: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


def _read_for(watched: Sequence[WatchedReader]) -> float:
    """Return for how many seconds readers have read since this was asked last."""
    spent = sum(ms for reader in watched for ms, _ in reader.batches) / 1000
    for reader in watched:
        reader.batches.clear()
    return spent


def _exact(store: Store, queries: Vectors) -> list[Rows]:
    """Return the keys of the sentences nearest to each query, every one of a store compared."""
    best = np.full((len(queries), K), -2.0, dtype=np.float32)
    keys = np.full((len(queries), K), -1, dtype=np.int64)
    for own, vectors in _blocks(store):
        scores = np.hstack([best, queries @ vectors.T])
        which = np.argpartition(-scores, K - 1, axis=1)[:, :K]
        known = np.hstack([keys, np.broadcast_to(own, (len(queries), len(own)))])
        best = np.take_along_axis(scores, which, axis=1)
        keys = np.take_along_axis(known, which, axis=1)
    return list(keys)


def _blocks(store: Store) -> Iterator[tuple[Rows, Vectors]]:
    """Return the keys and the vectors of all sentences, some thousands at a time."""
    keys: list[Rows] = []
    vectors: list[Vectors] = []
    for document in store.documents():
        vectors.append(store.vectors(document.number))
        keys.append(keys_of(document.number, np.arange(len(vectors[-1]))))
        if sum(map(len, keys)) >= _BLOCK:
            yield np.concatenate(keys), np.concatenate(vectors)
            keys, vectors = [], []
    if keys:
        yield np.concatenate(keys), np.concatenate(vectors)


def _share(exact: Sequence[Rows], found: Sequence[Rows]) -> float:
    """Return which share of what is nearest was found."""
    kept = [np.isin(own[own >= 0], others) for own, others in zip(exact, found, strict=True)]
    return float(np.concatenate(kept).mean())
