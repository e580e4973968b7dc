"""From question sets to what a reader is trained on: questions beside passages of their article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from index.models.encoder import Encoder
from index.structure.sentences import split_sentences
from index.structure.spans import Span
from index.text.passages import PASSAGE_SENTENCES, split_passages
from index.text.stretches import Stretch
from qa.squad import Question, QuestionSet
from qa.training.config import TrainingConfig
from qa.training.nearest import Rows
from qa.training.swaps import Swapper

MAX_QUESTION_TOKENS = 64  # longer questions are left out of training
MAX_PASSAGE_TOKENS = 320
_SPECIAL_TOKENS = 3
_PARAGRAPH = 0  # stands for "as many sentences as the paragraph has" among sizes of passages
# How often a passage has so many sentences, where it is not one of the index's or a paragraph.
_OTHER_SIZES = (1, 2, 4, 6, 8, 12)
_OTHER_SHARES = (0.3, 0.3, 0.15, 0.1, 0.1, 0.05)
_BUCKET = 4096  # groups that are sorted by length together
_NEGATIVES = 3  # a negative is one of so many passages that come nearest to the question


@dataclass(frozen=True)
class Example:
    """A question beside one passage.

    Attributes:
        question: The question.
        passage: The passage.
        answer: Where the answer stands in the passage; None if it does not.
        tokens: How many tokens the two take, all but exactly.
    """

    question: str
    passage: Stretch
    answer: Span | None
    tokens: int


Group = tuple[Example, ...]
"""One question's examples: at most one of them holds the answer."""


class TrainingSet:
    """One article, cut into passages of several sizes, with its questions.

    Args:
        group: The article and its questions.
        nearest: For each question, the numbers of the sentences that are nearest to it.
        tokenizer: Tells where tokens stand; ``max_tokens`` bounds the passages of the index.
        config: How the examples are mixed.
    """

    def __init__(
        self, group: QuestionSet, nearest: Rows, tokenizer: Encoder, config: TrainingConfig
    ) -> None:
        self._group = group
        self._nearest = nearest
        self._config = config
        self._index_tokens = tokenizer.max_tokens
        text = group.article.text
        self._sentences = split_sentences(text)
        self._tokens = tokenizer.tokenize([text[start:end] for start, end in self._sentences])
        self._before = [0, *accumulate(len(tokens) for tokens in self._tokens)]
        self._starts = [sentence.start for sentence in self._sentences]
        questions = tokenizer.tokenize([question.text for question in group.questions])
        self._question_tokens = [len(tokens) for tokens in questions]
        self._cuts: dict[int, list[Span]] = {}
        self._swapper = Swapper(text)

    def groups(self, weight: float, rng: np.random.Generator) -> Iterator[Group]:
        """Draw each question's examples: ``weight`` times each, on average."""
        for row, question in enumerate(self._group.questions):
            times = int(weight) + (rng.random() < weight % 1)
            if self._question_tokens[row] > MAX_QUESTION_TOKENS:
                continue
            for _ in range(times):
                examples = self._draw(row, question, rng)
                if examples:
                    yield examples

    def _draw(self, row: int, question: Question, rng: np.random.Generator) -> Group:
        size = self._draw_size(rng)
        negative = self._negative(row, question, size, rng)
        if not question.golds:
            return self._unanswered(row, question, size, negative, rng)
        places = _places(question.golds)
        gold = places[int(rng.integers(len(places)))]
        holding = self._holding(size, gold)
        if not holding:
            return ()
        span = holding[int(rng.integers(len(holding)))]
        answer = Span(gold.start - span.start, gold.end - span.start)
        if rng.random() < self._config.unanswerable:
            passage = self._group.article.text[span.start : span.end]
            swapped = self._swapper.swap(question.text, passage, rng)
            if swapped:
                return (self._example(row, swapped, span, None),)
        positive = self._example(row, question.text, span, answer)
        if negative and rng.random() < self._config.negatives:
            return (positive, negative)
        return (positive,)

    def _unanswered(
        self,
        row: int,
        question: Question,
        size: int,
        negative: Example | None,
        rng: np.random.Generator,
    ) -> Group:
        """Draw passages that do not answer: first of all one with a wrong answer that tempts."""
        tempting = [span for place in question.plausible for span in self._holding(size, place)]
        if not tempting:
            return (negative,) if negative else ()
        span = tempting[int(rng.integers(len(tempting)))]
        tempted = self._example(row, question.text, span, None)
        if negative and negative.passage == tempted.passage:
            negative = None
        if negative and rng.random() < self._config.negatives:
            return (tempted, negative)
        return (tempted,)

    def _holding(self, size: int, place: Span) -> list[Span]:
        """Return the passages of a size that hold a place whole."""
        return [span for span in self._near(self._cut(size), place) if span.contains(place)]

    def _draw_size(self, rng: np.random.Generator) -> int:
        share = rng.random()
        if share < self._config.paragraphs:
            return _PARAGRAPH
        if share < self._config.paragraphs + self._config.other_sizes:
            return int(rng.choice(_OTHER_SIZES, p=_OTHER_SHARES))
        return PASSAGE_SENTENCES

    def _negative(
        self, row: int, question: Question, size: int, rng: np.random.Generator
    ) -> Example | None:
        """Draw one of the passages nearest to the question in which no gold answer stands."""
        text = self._group.article.text
        golds = {text[gold.start : gold.end].casefold() for gold in question.golds}
        found: list[Span] = []
        for number in self._nearest[row].tolist():
            around = self._near(self._cut(size), self._sentences[number])
            free = [
                span
                for span in around
                if not any(gold in text[span.start : span.end].casefold() for gold in golds)
            ]
            if free:
                found.append(free[int(rng.integers(len(free)))])
            if len(found) == _NEGATIVES:
                break
        if not found:
            return None
        return self._example(row, question.text, found[int(rng.integers(len(found)))], None)

    def _example(self, row: int, question: str, span: Span, answer: Span | None) -> Example:
        first, last = np.searchsorted(self._starts, [span.start, span.end], side="right")
        tokens = self._before[max(int(last), 1)] - self._before[max(int(first) - 1, 0)]
        return Example(
            question=question,
            passage=Stretch(self._group.article, span.start, span.end),
            answer=answer,
            tokens=min(tokens, MAX_PASSAGE_TOKENS) + self._question_tokens[row] + _SPECIAL_TOKENS,
        )

    def _cut(self, size: int) -> list[Span]:
        """Return the passages of so many sentences, in order."""
        if size not in self._cuts:
            self._cuts[size] = self._make_cut(size)
        return self._cuts[size]

    def _make_cut(self, size: int) -> list[Span]:
        if size != _PARAGRAPH:
            return split_passages(
                self._sentences,
                self._tokens,
                max_tokens=self._index_tokens if size <= PASSAGE_SENTENCES else MAX_PASSAGE_TOKENS,
                window=size,
                stride=1,
            )
        cut: list[Span] = []
        paragraphs = sorted({question.paragraph for question in self._group.questions})
        for paragraph in paragraphs:
            first, last = np.searchsorted(self._starts, [paragraph.start, paragraph.end])
            cut += split_passages(
                self._sentences[first:last],
                self._tokens[first:last],
                max_tokens=MAX_PASSAGE_TOKENS,
                window=max(int(last - first), 1),
                stride=1,
            )
        return cut

    @staticmethod
    def _near(cut: Sequence[Span], place: Span) -> list[Span]:
        """Return the passages that touch a place. Neither starts nor ends of a cut ever fall."""
        first = bisect_right(cut, place.start, key=lambda span: span.end)
        near = []
        for span in cut[first:]:
            if span.start >= place.end:
                break
            near.append(span)
        return near


def _places(golds: Sequence[Span]) -> list[Span]:
    """Return the answers that stand apart; of those that overlap, the first, which is the best."""
    places: list[Span] = []
    for gold in golds:
        if not any(map(gold.overlaps, places)):
            places.append(gold)
    return places


def batches(
    groups: Sequence[Group], batch_tokens: int, rng: np.random.Generator
) -> list[list[Group]]:
    """Lay groups into batches of like length, in random order.

    Args:
        groups: The groups of an epoch.
        batch_tokens: The most tokens of a batch, padding counted; a group that is longer is alone.
        rng: Where the randomness comes from.
    """
    order = rng.permutation(len(groups)).tolist()
    made: list[list[Group]] = []
    for first in range(0, len(order), _BUCKET):
        bucket = [groups[number] for number in order[first : first + _BUCKET]]
        bucket.sort(key=_length)
        batch: list[Group] = []
        size = 0
        for group in bucket:
            if batch and (size + len(group)) * _length(group) > batch_tokens:
                made.append(batch)
                batch, size = [], 0
            batch.append(group)
            size += len(group)
        made.append(batch)
    return [made[number] for number in rng.permutation(len(made)).tolist()]


def _length(group: Group) -> int:
    return max(example.tokens for example in group)
