"""Models shared by many who ask at once: what waits while a batch is read is the next batch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from copy import copy
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Encoder, Vectors
from index.structure.spans import Span
from qa.reading.reader import Reader, ReaderSpan

_EMBEDDED_AT_ONCE = 32  # sentences of a new article, between which questions get their turn

Item = TypeVar("Item")
Result = TypeVar("Result")


class Mutex:
    """What only one may have at a time; who waits for it may cease to need it meanwhile."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False

    def take(self, unless: Callable[[], bool] = lambda: False) -> bool:
        """Wait until nobody holds it and take it, or cease to wait once it is no longer needed.

        Args:
            unless: Tells whether it is no longer needed; asked whenever somebody gives it back.

        Returns:
            Whether it was taken.
        """
        with self._changed:
            self._changed.wait_for(lambda: unless() or not self._taken)
            if unless():
                return False
            self._taken = True
            return True

    def give_back(self) -> None:
        """Let another have it."""
        with self._changed:
            self._taken = False
            self._changed.notify_all()

    def __enter__(self) -> None:
        self.take()

    def __exit__(self, *_: object) -> None:
        self.give_back()


class Batches(Generic[Item, Result]):
    """Runs a function of many items over whatever waits, one batch at a time.

    Args:
        function: Returns a result for each item of a batch.
        mutex: Held while a batch is run; shared by what is to run by turns.
    """

    def __init__(self, function: Callable[[list[Item]], Sequence[Result]], mutex: Mutex) -> None:
        self._function = function
        self._mutex = mutex
        self.waiting: list[tuple[Sequence[Item], Future[Sequence[Result]]]] = []
        self._adding = threading.Lock()

    def run(self, items: Sequence[Item]) -> Sequence[Result]:
        """Return the results of some items, run together with what else waits.

        If a batch cannot be run, each caller's own items are run alone, so that what is wrong with
        one's is told to nobody else.
        """
        own: Future[Sequence[Result]] = Future()
        with self._adding:
            self.waiting.append((items, own))
        # Whose items another has run goes on at once: what it runs next, such as the second stage
        # of reading, is to wait in time for the next batch, and not to queue behind it.
        if self._mutex.take(unless=own.done):
            try:
                with self._adding:
                    batch, self.waiting = self.waiting, []
                self._run(batch)
            finally:
                self._mutex.give_back()
        return own.result()

    def _run(self, batch: list[tuple[Sequence[Item], Future[Sequence[Result]]]]) -> None:
        try:
            results = self._function([item for items, _ in batch for item in items])
        except Exception as error:  # whatever it is, it is its caller's to hear
            if len(batch) == 1:
                batch[0][1].set_exception(error)
            else:
                for each in batch:
                    self._run([each])
            return
        first = 0
        for items, future in batch:
            future.set_result(results[first : first + len(items)])
            first += len(items)


class SharedEncoder:
    """An encoder that many ask at once.

    Args:
        encoder: The encoder.
        mutex: Held while it runs.
    """

    def __init__(self, encoder: Encoder, mutex: Mutex) -> None:
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.max_tokens = encoder.max_tokens
        self._encoder = encoder
        self._mutex = mutex
        self._embedded: Callable[[int, int], None] = lambda done, total: None
        self._questions = Batches[str, NDArray[np.float32]](
            lambda texts: list(encoder.encode_questions(texts)), mutex
        )

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return where the tokens of each text stand in it."""
        return self._encoder.tokenize(texts)

    def telling(self, embedded: Callable[[int, int], None]) -> SharedEncoder:
        """Return the same encoder, which tells how many passages of how many are embedded."""
        telling = copy(self)
        telling._embedded = embedded
        return telling

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Return a unit vector for each passage, shaped (texts, dimension).

        They are embedded a few at a time, so that those who ask meanwhile get their turn.
        """
        del progress  # what serves many has no terminal
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _EMBEDDED_AT_ONCE):
            end = start + _EMBEDDED_AT_ONCE
            with self._mutex:
                vectors[start:end] = self._encoder.encode_passages(texts[start:end])
            self._embedded(min(end, len(texts)), len(texts))
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each question, shaped (texts, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack(self._questions.run(texts))


class SharedReader:
    """A reader that many ask at once.

    Args:
        reader: The reader.
        mutex: Held while it runs.
    """

    def __init__(self, reader: Reader, mutex: Mutex) -> None:
        self.calibration = reader.calibration
        self._reader = reader
        self._pairs = Batches[tuple[str, Sequence[str]], list[ReaderSpan]](self._read_pairs, mutex)

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        """Return the spans that may answer each question in its passages, best first."""
        return list(self._pairs.run(list(zip(questions, passages, strict=True))))

    def _read_pairs(self, pairs: list[tuple[str, Sequence[str]]]) -> list[list[ReaderSpan]]:
        return self._reader.read(
            [question for question, _ in pairs], [passages for _, passages in pairs]
        )
