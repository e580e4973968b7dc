"""Conversations, turn by turn, against the same questions written out in full."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.measures.metrics import best, f1, mean, percent
from eval.measures.results import RIGHT_F1
from qa import Answer, Article, ArticleQA, Encoder, Outcome, Reader, Strategy
from qa.squad import Question, QuestionSet


@dataclass(frozen=True)
class TurnResult:
    """What came of a turn.

    Attributes:
        id: The question's id in its file.
        question: The question, as it was asked.
        in_full: The same, written out by a person.
        understood: The same, as the program wrote it out.
        golds: The accepted answers; none if the article does not answer it.
        answer: What was answered in the conversation, or None.
        outcome: Which outcome it was.
        answer_in_full: What was answered to the question written out, asked alone, or None.
        right: Whether the first is right: at least half of an accepted answer by F1, or no answer
            where there is none.
        right_in_full: Whether the second is.
        latency_ms: How long the turn took.
        latency_in_full_ms: How long the question written out took.
    """

    id: str
    question: str
    in_full: str
    understood: str
    golds: tuple[str, ...]
    answer: str | None
    outcome: Outcome
    answer_in_full: str | None
    right: bool
    right_in_full: bool
    latency_ms: float
    latency_in_full_ms: float

    @property
    def follow_up(self) -> bool:
        """Whether the question leans on what was said."""
        return self.question != self.in_full


def hold(
    conversations: Iterable[tuple[QuestionSet, Sequence[Sequence[Question]]]],
    encoder: Encoder,
    reader: Reader | Strategy,
    min_confidence: float | None,
) -> Iterator[TurnResult]:
    """Hold conversations, and ask each question written out as well."""
    for group, talks in conversations:
        bot = open_bot(group.article, encoder, reader, min_confidence)
        for questions in talks:
            conversation = bot.conversation()
            for question in questions:
                started = time.perf_counter()
                answer = conversation.ask(question.text)
                between = time.perf_counter()
                alone = bot.ask(question.extras["in_full"])
                ended = time.perf_counter()
                golds = tuple(group.gold_texts(question))
                yield TurnResult(
                    id=question.id,
                    question=question.text,
                    in_full=question.extras["in_full"],
                    understood=answer.understood,
                    golds=golds,
                    answer=answer.text,
                    outcome=answer.outcome,
                    answer_in_full=alone.text,
                    right=is_right(answer, golds),
                    right_in_full=is_right(alone, golds),
                    latency_ms=(between - started) * 1000,
                    latency_in_full_ms=(ended - between) * 1000,
                )


def open_bot(
    article: Article, encoder: Encoder, reader: Reader | Strategy, min_confidence: float | None
) -> ArticleQA:
    """Open an article, with the words of questions counted before the first is timed."""
    bot = ArticleQA.from_articles(
        [article], encoder=encoder, reader=reader, min_confidence=min_confidence
    )
    bot.engine.spellings("Who?")
    return bot


def is_right(answer: Answer, golds: Sequence[str]) -> bool:
    """Tell whether an answer, or one of its parts, is at least half of an accepted one."""
    if not golds or answer.text is None:
        return not golds and answer.text is None
    return max(best(f1, said, golds) for said in (answer.text, *answer.items)) >= RIGHT_F1


def summarize_turns(results: Sequence[TurnResult]) -> dict[str, float | None]:
    """Return the figures of a set of conversations, in percent but for counts and times."""
    follow_ups = [result for result in results if result.follow_up]
    others = [result for result in results if not result.follow_up]
    answerable = [result for result in follow_ups if result.golds]
    rewritten = percent([result.right for result in answerable])
    in_full = percent([result.right_in_full for result in answerable])
    return {
        "turns": len(results),
        "follow_ups": len(follow_ups),
        "alone_right": percent([result.right for result in others]),
        "alone_right_in_full": percent([result.right_in_full for result in others]),
        "follow_ups_right": percent([result.right for result in follow_ups]),
        "follow_ups_right_in_full": percent([result.right_in_full for result in follow_ups]),
        "answerable_right": rewritten,
        "answerable_right_in_full": in_full,
        "kept": 100 * rewritten / in_full if rewritten is not None and in_full else None,
        "latency_ms": mean([result.latency_ms for result in follow_ups]),
        "latency_in_full_ms": mean([result.latency_in_full_ms for result in follow_ups]),
    }


def turns_json(results: Sequence[TurnResult]) -> dict[str, Any]:
    """Return the figures and every turn, as JSON can hold them."""
    return {
        "figures": summarize_turns(results),
        "turns": [{**asdict(result), "follow_up": result.follow_up} for result in results],
    }
