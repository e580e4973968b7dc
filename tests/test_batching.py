from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.errors import QuestionError
from qa.reading.batching import Batches, Mutex, SharedEncoder, SharedReader
from qa.reading.stages import TwoStages
from tests.fakes import PhraseReader, WordEncoder
from tests.test_rounds import apart

PATIENCE_S = 10


def gated(
    function: Callable[[list[int]], list[int]],
    mutex: Mutex | None = None,
) -> tuple[Batches[int, int], list[list[int]], threading.Event, threading.Event]:
    """Return batches of a function that keeps the first one until it is let go."""
    seen: list[list[int]] = []
    begun, go = threading.Event(), threading.Event()

    def run(items: list[int]) -> list[int]:
        seen.append(items)
        begun.set()
        assert go.wait(PATIENCE_S)
        return function(items)

    return Batches(run, mutex or Mutex()), seen, begun, go


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_S * 100):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come about")


def test_what_waits_while_a_batch_is_run_is_the_next_batch() -> None:
    batches, seen, begun, go = gated(lambda items: [item * 10 for item in items])
    with ThreadPoolExecutor() as pool:
        first = pool.submit(batches.run, [1])
        assert begun.wait(PATIENCE_S)
        others = [pool.submit(batches.run, [2, 3]), pool.submit(batches.run, [4])]
        wait_until(lambda: len(batches.waiting) == 2)
        go.set()
        assert first.result(PATIENCE_S) == [10]
        assert [other.result(PATIENCE_S) for other in others] == [[20, 30], [40]]
    assert seen[0] == [1]
    assert sorted(map(sorted, seen[1:])) == [[2, 3, 4]]


def test_what_was_run_in_one_batch_is_in_time_for_the_next_of_another() -> None:
    mutex = Mutex()
    first, _, begun, go = gated(lambda items: items, mutex)
    second, rerun, begun_again, go_again = gated(lambda items: items, mutex)

    def both(item: int) -> list[int]:
        return list(second.run(first.run([item])))

    with ThreadPoolExecutor() as pool:
        alone = pool.submit(first.run, [0])
        assert begun.wait(PATIENCE_S)
        chained = [pool.submit(both, item) for item in (1, 2, 3)]
        wait_until(lambda: len(first.waiting) == 3)
        go.set()
        # The three were run together. Whoever is not in the next batch waits for the one after.
        assert begun_again.wait(PATIENCE_S)
        wait_until(lambda: len(rerun[0]) + len(second.waiting) == 3)
        go_again.set()
        assert alone.result(PATIENCE_S) == [0]
        assert [each.result(PATIENCE_S) for each in chained] == [[1], [2], [3]]
    assert len(rerun) <= 2


def test_the_readers_of_two_stages_are_shared_and_read_by_turns() -> None:
    small, large, mutex = PhraseReader(a=1), PhraseReader(b=1), Mutex()
    shared = TwoStages(small, large).with_readers(lambda reader: SharedReader(reader, mutex))
    assert shared.candidates(["?"], [apart(3)]) == TwoStages(
        PhraseReader(a=1), PhraseReader(b=1)
    ).candidates(["?"], [apart(3)])
    # A logit of 1 is a confidence of 0.73, of which the small reader is sure.
    assert (small.seen, large.seen) == ([["abcd", "efgh", "ijkl"]], [["abcd"]])


def test_what_is_wrong_with_one_is_told_to_it_alone() -> None:
    def function(items: list[int]) -> list[int]:
        if 13 in items:
            raise QuestionError("13 is too long")
        return items

    batches, seen, begun, go = gated(function)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(batches.run, [1])
        assert begun.wait(PATIENCE_S)
        good, bad = pool.submit(batches.run, [2]), pool.submit(batches.run, [13])
        wait_until(lambda: len(batches.waiting) == 2)
        go.set()
        assert first.result(PATIENCE_S) == [1]
        assert good.result(PATIENCE_S) == [2]
        with pytest.raises(QuestionError, match="13 is too long"):
            bad.result(PATIENCE_S)
    assert len(seen) == 4  # one, both together, and each alone


def test_a_shared_reader_reads_what_the_reader_reads() -> None:
    reader = PhraseReader(Oslo=1, Rome=2)
    shared = SharedReader(reader, Mutex())
    questions, passages = ["a", "b"], [["In Oslo.", "In Rome."], ["Rome"]]
    assert shared.read(questions, passages) == reader.read(questions, passages)
    assert shared.calibration == reader.calibration


def test_a_shared_encoder_gives_the_encoders_vectors_and_tells_how_far_it_is() -> None:
    encoder = WordEncoder()
    told: list[tuple[int, int]] = []
    shared = SharedEncoder(encoder, Mutex())
    texts = [f"word {number}" for number in range(70)]
    telling = shared.telling(lambda done, total: told.append((done, total)))
    np.testing.assert_array_equal(telling.encode_passages(texts), encoder.encode_passages(texts))
    assert told == [(32, 70), (64, 70), (70, 70)]
    np.testing.assert_array_equal(shared.encode_questions(texts), encoder.encode_questions(texts))
    assert shared.encode_questions([]).shape == (0, encoder.dimension)
    assert shared.tokenize(["a b"]) == encoder.tokenize(["a b"])
    assert (shared.name, shared.max_tokens) == (encoder.name, encoder.max_tokens)


def test_questions_get_their_turn_while_an_article_is_embedded() -> None:
    shared = SharedEncoder(WordEncoder(), Mutex())
    answered: list[int] = []

    def ask(done: int, total: int) -> None:
        del total
        shared.encode_questions(["why"])  # would wait for ever if the encoder were not let go
        answered.append(done)

    shared.telling(ask).encode_passages(["a"] * 64)
    assert answered == [32, 64]
