"""Which passages are read: the best, then only those that could still change the answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from index.retrieval import Hit
from index.text.stretches import Stretch
from qa.reading.calibration import Calibration
from qa.reading.candidates import Candidate, weigh
from qa.reading.evidence import WIDEST_MARGIN
from qa.reading.reader import Reader, ReaderSpan, RecalibratedReader
from qa.reading.rendered import read_rendered

# Measured: see "How many passages are read" in eval/README.md.
_FIRST = 3  # passages read of every question
WORTH_READING = 0.5  # what share of a passage has to be new for it to be read for itself
_READINGS = 3  # in how many passages the best span is read, for them to support one another


@dataclass(frozen=True)
class InRounds:
    """One reader, which reads in rounds: see :func:`read_in_rounds`.

    Attributes:
        reader: Reads, and makes confidences of what it finds.
    """

    reader: Reader

    @property
    def calibration(self) -> Calibration:
        """What the confidences are made by: the reader's own."""
        return self.reader.calibration

    def depth(self, passages: int) -> int:
        """Return how many passages to find where so many may be read: no more."""
        return passages

    def candidates(
        self, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
    ) -> list[list[Candidate]]:
        """Return what is found for each question in its passages, most confident first."""
        return read_in_rounds(self.reader, questions, hits)

    def items(
        self, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
    ) -> list[list[Candidate]]:
        """Return nothing: the reader was trained to find one answer."""
        del hits
        return [[] for _ in questions]

    def with_readers(self, wrap: Callable[[Reader], Reader]) -> InRounds:
        """Return the same with another reader, made of this one."""
        return InRounds(wrap(self.reader))

    def with_calibration(self, calibration: Calibration) -> InRounds:
        """Return the same with another calibration in place of the reader's own."""
        return InRounds(RecalibratedReader(self.reader, calibration))


def read_in_rounds(
    reader: Reader, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
) -> list[list[Candidate]]:
    """Read each question in as many of the passages found for it as can change its answer.

    The passages of one article overlap, and mostly the answer stands in the first. So three are
    read at first; then those whose retrieval is good enough for a span in them to win yet, if half
    of what they say is new; then those that the best span stands in as well, which support it. All
    questions are read together, in three batches at most.

    Args:
        reader: Reads.
        questions: The questions.
        hits: The passages found for each, best first.

    Returns:
        What was found for each question, most confident first.
    """
    rounds = (_Asked.first, _Asked.promising, _Asked.supporting)
    return _read(reader, questions, hits, rounds)


def read_until_sure(
    reader: Reader, questions: Sequence[str], hits: Sequence[Sequence[Hit]], sure_from: float
) -> list[list[Candidate]]:
    """Read each question in its best passages, and in all with new text where that leaves doubt.

    Args:
        reader: Reads.
        questions: The questions.
        hits: The passages found for each, best first.
        sure_from: The confidence in its best span from which on the reader is sure.

    Returns:
        What was found for each question, most confident first.
    """

    def others(asked: _Asked) -> list[int]:
        return [] if asked.is_sure(sure_from) else asked.new()

    return _read(reader, questions, hits, (lambda asked: asked.new()[:_FIRST], others))


def _read(
    reader: Reader,
    questions: Sequence[str],
    hits: Sequence[Sequence[Hit]],
    rounds: Sequence[Callable[[_Asked], list[int]]],
) -> list[list[Candidate]]:
    """Read all questions together, round by round, in the passages that each round chooses."""
    asked = [
        _Asked(question, own, reader.calibration)
        for question, own in zip(questions, hits, strict=True)
    ]
    for chosen in rounds:
        wanted = [(each, numbers) for each in asked if (numbers := chosen(each))]
        if not wanted:
            continue
        spans = read_rendered(
            reader,
            [each.question for each, _ in wanted],
            [[each.hits[number].passage for number in numbers] for each, numbers in wanted],
            [[hit.passage for hit in each.hits] for each, _ in wanted],
        )
        for (each, numbers), found in zip(wanted, spans, strict=True):
            each.add(numbers, found)
    return [each.candidates for each in asked]


class _Asked:
    """A question, with what was read of its passages so far."""

    def __init__(self, question: str, hits: Sequence[Hit], calibration: Calibration) -> None:
        self.question = question
        self.hits = hits
        self._calibration = calibration
        self.candidates: list[Candidate] = []
        self._spans: list[ReaderSpan] = []
        self._read: list[int] = []

    def add(self, numbers: Sequence[int], spans: Sequence[ReaderSpan]) -> None:
        """Take what was read in some of the passages."""
        self._read += numbers
        self._spans += [replace(span, passage=numbers[span.passage]) for span in spans]
        self._spans.sort(key=lambda span: (-span.logit, span.passage, span.start, span.end))
        self.candidates = weigh(self.question, self.hits, self._spans, self._calibration)

    def is_sure(self, sure_from: float) -> bool:
        """Tell whether the best span's confidence is at least so high."""
        return bool(self.candidates) and self.candidates[0].confidence >= sure_from

    def first(self) -> list[int]:
        """Return the best passages."""
        return list(range(min(_FIRST, len(self.hits))))

    def new(self) -> list[int]:
        """Return the passages of which half is new beside those read and those before them."""
        chosen: list[int] = []
        for number in self._unread():
            known = [self.hits[each].passage for each in (*self._read, *chosen)]
            if new_share(self.hits[number].passage, known) >= WORTH_READING:
                chosen.append(number)
        return chosen

    def promising(self) -> list[int]:
        """Return the passages with new text in which a span could be the most confident."""
        best = self.candidates[0].confidence if self.candidates else 0.0
        logits = [candidate.evidence.logit for candidate in self.candidates]
        utmost = self._calibration.utmost
        chosen: list[int] = []
        for number in self._unread():
            hit = self.hits[number]
            others = [other.passage for other in self.hits if other is not hit]
            reach = utmost._replace(
                # A span that can be read in one passage only has no support.
                support=utmost.support if new_share(hit.passage, others) < 1 else 0.0,
                similarity=hit.similarity,
                bm25_gap=hit.bm25_gap,
                similarity_gap=hit.similarity_gap,
                margin=min(utmost.logit - max(logits, default=-math.inf), WIDEST_MARGIN),
            )
            if self._calibration.confidence(reach) > best:
                known = [self.hits[each].passage for each in (*self._read, *chosen)]
                if new_share(hit.passage, known) >= WORTH_READING:
                    chosen.append(number)
        return chosen

    def supporting(self) -> list[int]:
        """Return passages with the best span, so many that it is read in three if it can be."""
        if not self.candidates:
            return []
        best = self.candidates[0]
        read = sum(self.hits[number].passage.contains(best) for number in self._read)
        more = [number for number in self._unread() if self.hits[number].passage.contains(best)]
        return more[: max(0, _READINGS - read)]

    def _unread(self) -> list[int]:
        return [number for number in range(len(self.hits)) if number not in self._read]


def new_share(passage: Stretch, known: Sequence[Stretch]) -> float:
    """Return what share of a passage stands in none of those that are known, in 0..1."""
    own = sorted(
        (max(other.start, passage.start), min(other.end, passage.end))
        for other in known
        if passage.overlaps(other)
    )
    # How far the text is known up to each of them, so that what overlaps counts once.
    reached = accumulate((end for _, end in own), max, initial=passage.start)
    covered = sum(max(0, end - max(start, before)) for (start, end), before in zip(own, reached))  # noqa: B905
    return 1 - covered / (passage.end - passage.start)
