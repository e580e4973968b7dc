"""What comes of single questions by kind, each scored by the form that its answer is to have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.measures.conversations import is_right, open_bot
from eval.measures.metrics import best, f1, percent
from eval.measures.results import RIGHT_F1
from eval.sets.kinds import KINDS, NEGATION
from qa import Answer, Encoder, Outcome, Reader, Strategy
from qa.answers import GIVEN
from qa.asking.kinds import kind_of
from qa.squad import Question, QuestionSet


@dataclass(frozen=True)
class KindResult:
    """What came of a question.

    Attributes:
        id: The question's id in its file.
        kind: Its kind, by the file.
        rough: Whether it was typed in haste.
        question: The question.
        understood: The question as the program read it.
        golds: The accepted answers, or the first variant of each part; none if there is no answer.
        answer: What was answered, or None.
        outcome: Which outcome it was.
        score: In 0..1: whether a phrase or clause is right (F1 of at least 0.5 with an accepted
            one), a yes/no question's evidence is an accepted sentence, small talk is recognised;
            for several parts their F1; for a summary the share of its sentences that are accepted;
            where there is no answer, whether none is given; of a negation, what is shown as saying
            the opposite counts as an answer.
    """

    id: str
    kind: str
    rough: bool
    question: str
    understood: str
    golds: tuple[str, ...]
    answer: str | None
    outcome: Outcome
    score: float


def ask_kinds(
    sets: Iterable[QuestionSet],
    encoder: Encoder,
    reader: Reader | Strategy,
    min_confidence: float | None,
) -> Iterator[KindResult]:
    """Ask questions, each of its article."""
    for group in sets:
        bot = open_bot(group.article, encoder, reader, min_confidence)
        for question in group.questions:
            answer = bot.ask(question.text)
            yield KindResult(
                id=question.id,
                kind=question.extras["kind"],
                rough=bool(question.extras.get("rough")),
                question=question.text,
                understood=answer.understood,
                golds=tuple(group.gold_texts(question)),
                answer=answer.text if answer.reply is None else answer.reply,
                outcome=answer.outcome,
                score=score(group, question, answer),
            )


def score(group: QuestionSet, question: Question, answer: Answer) -> float:
    """Return how good an answer is, in 0..1; see :class:`KindResult`."""
    kind = question.extras["kind"]
    if kind == "talk":
        said = kind_of(question.text).topic if answer.kind == "talk" else None
        return float(said == question.extras.get("topic"))
    denied = answer.opposite
    if kind == NEGATION and denied is not None:
        return float(any(map(denied.span.overlaps, question.golds)) or not question.golds)
    if not question.golds:
        return float(answer.outcome not in (*GIVEN, Outcome.SMALL_TALK))
    if "items" in question.extras:
        variants = [[gold["text"] for gold in item] for item in question.extras["items"]]
        return span_f1(answer.items, variants)
    if kind in ("yes_no", "about"):
        accepted = [any(map(cited.span.overlaps, question.golds)) for cited in answer.citations]
        return sum(accepted) / len(accepted) if accepted else 0.0
    return float(is_right(answer, group.gold_texts(question)))


def span_f1(items: Sequence[str], golds: Sequence[Sequence[str]]) -> float:
    """Return the F1 of the parts of an answer, in 0..1.

    A part is right if it is at least half, by F1, of a variant of an expected part that no part
    before it was taken for (partial match, as in MultiSpanQA, Li et al. 2022, but all or nothing).
    """
    missing = list(golds)
    right = 0
    for item in items:
        scored = [best(f1, item, variants) for variants in missing]
        if scored and max(scored) >= RIGHT_F1:
            missing.pop(scored.index(max(scored)))
            right += 1
    return 2 * right / (len(items) + len(golds)) if items or golds else 1.0


def summarize_kinds(results: Sequence[KindResult]) -> list[dict[str, Any]]:
    """Return a row for each kind, for what was typed in haste, and for all: scores in percent."""
    groups: list[tuple[str, list[KindResult]]] = [
        (kind, [result for result in results if result.kind == kind and not result.rough])
        for kind in KINDS
    ]
    groups += [("rough", [result for result in results if result.rough]), ("all", list(results))]
    return [
        {
            "kind": name,
            "questions": len(own),
            "score": percent([result.score for result in own]),
            "answerable": percent(
                [result.score for result in own if result.golds or result.kind == "talk"]
            ),
            "abstained": percent(
                [result.score for result in own if not result.golds and result.kind != "talk"]
            ),
        }
        for name, own in groups
    ]


def kinds_json(results: Sequence[KindResult]) -> dict[str, Any]:
    """Return the figures and every question, as JSON can hold them."""
    return {
        "figures": summarize_kinds(results),
        "questions": [asdict(result) for result in results],
    }
