"""Measures a library that changes, in the process that it is called in."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from eval.bench.processes import in_fresh_process
from eval.bench.scale.asking import K, in_range
from eval.bench.scale.figures import ChangedOne, UnderChange
from eval.bench.scale.mixing import MixedEncoder
from eval.bench.scale.sources import Source, make_document, replacement
from index.models.encoder import load_encoder
from qa import Encoder, Retriever, Span, Vectors, open_store

CLIENTS = 8
"""How many search at once."""
_DOCUMENTS = 5  # that are added and removed one by one
_SHARE = 10  # of so many documents, one is replaced
_AT_ONCE = 50  # documents that are replaced by one change
_LONGEST_S = 150.0  # for which documents are replaced
_BEFORE = 100  # searches of each client before anything changes
PAUSE_S = 0.1
"""How long a client waits from what it found to its next search."""


class TimedEncoder:
    """An encoder that notes how long it takes."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.max_tokens = encoder.max_tokens
        self.seconds = 0.0
        self._encoder = encoder

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return where the tokens of each text stand in it."""
        return self._encoder.tokenize(texts)

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Return a unit vector for each passage."""
        began = time.perf_counter()
        vectors = self._encoder.encode_passages(texts, progress=progress)
        self.seconds += time.perf_counter() - began
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each question."""
        return self._encoder.encode_questions(texts)


def change_one(room: Path, where: str, encoder: Encoder | None = None) -> ChangedOne:
    """Add a document of five pages with the real encoder and remove it, some times."""
    source = Source.read(room)
    timed = TimedEncoder(load_encoder(encoder))
    timed.encode_passages(source.sentences[:10])
    store = open_store(where, writing=True)
    retriever = Retriever.open(store, timed)
    sentences: list[float] = []
    adding: list[float] = []
    embedding: list[float] = []
    removing: list[float] = []
    try:
        for number in range(_DOCUMENTS):
            article = make_document(source, number)
            before, began = timed.seconds, time.perf_counter()
            changes = retriever.add([article])
            adding.append(time.perf_counter() - began)
            embedding.append(timed.seconds - before)
            sentences.append(changes.added[0].sentences)
        for number in range(_DOCUMENTS):
            began = time.perf_counter()
            retriever.remove([make_document(source, number).id])
            removing.append(time.perf_counter() - began)
    finally:
        store.close()
    return ChangedOne(
        sentences=statistics.median(sentences),
        add_s=statistics.median(adding),
        embedding_s=statistics.median(embedding),
        remove_s=statistics.median(removing),
    )


def change_many(room: Path, where: str, encoder: Encoder | None = None) -> UnderChange:
    """Let clients search a library, first as it is, and then while documents are replaced."""
    source = Source.read(room)
    store = open_store(where)
    retriever = Retriever.open(store, MixedEncoder(source, load_encoder(encoder)))
    retriever.search(source.questions[:1], K)
    try:
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = _Clients(retriever, source.questions, pool)
            clients.start(_BEFORE)
            before = in_range(clients.join())
            clients.start()
            try:
                replaced, seconds = in_fresh_process(replace_some, room, where, encoder)
            finally:
                meanwhile = clients.join()
            return UnderChange(
                clients=CLIENTS,
                before=before,
                meanwhile=in_range(meanwhile),
                asked=len(meanwhile),
                errors=len(clients.failed),
                replaced=replaced,
                seconds=seconds,
            )
    finally:
        store.close()


def replace_some(room: Path, where: str, encoder: Encoder | None = None) -> tuple[int, float]:
    """Replace every tenth document, or as many of them as can be in some minutes.

    Returns:
        How many were replaced, and how many seconds it took.
    """
    source = Source.read(room)
    store = open_store(where, writing=True)
    try:
        retriever = Retriever.open(store, MixedEncoder(source, load_encoder(encoder)))
        # Not the first, by whose first sentence the encoder is known again.
        numbers = range(1, len(store), _SHARE)
        replaced, seconds = 0, 0.0
        began = time.perf_counter()
        while replaced < len(numbers) and seconds < _LONGEST_S:
            chosen = numbers[replaced : replaced + _AT_ONCE]
            retriever.update([replacement(source, number, store.version) for number in chosen])
            replaced += len(chosen)
            seconds = time.perf_counter() - began
        return replaced, seconds
    finally:
        store.close()


class _Clients:
    """Threads that search again and again, each for all questions, from another one on."""

    def __init__(
        self, retriever: Retriever, questions: Sequence[str], pool: ThreadPoolExecutor
    ) -> None:
        self.failed: list[str] = []
        """The questions that failed, or found nothing."""
        self._retriever = retriever
        self._questions = questions
        self._pool = pool
        self._over = threading.Event()
        self._took: list[Future[list[float]]] = []

    def start(self, searches: int | None = None) -> None:
        """Let each of them search so many times, or until they are joined."""
        self._over.clear()
        self._took = [self._pool.submit(self._search, n, searches) for n in range(CLIENTS)]

    def join(self) -> list[float]:
        """Let them end, or wait until they do by themselves; return how long each search took."""
        self._over.set()
        return [seconds for took in self._took for seconds in took.result()]

    def _search(self, client: int, searches: int | None) -> list[float]:
        count = len(self._questions)
        first = client * count // CLIENTS
        took: list[float] = []
        while len(took) < searches if searches else not (took and self._over.is_set()):
            question = self._questions[(first + len(took)) % count]
            began = time.perf_counter()
            try:
                found = self._retriever.search([question], K)[0]
            except Exception:  # whatever it is, it is an error of the library
                found = []
            took.append(time.perf_counter() - began)
            if not all(hit.passage.text for hit in found) or not found:
                self.failed.append(question)
            time.sleep(PAUSE_S)
        return took
