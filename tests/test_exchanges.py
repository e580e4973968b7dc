"""Questions made unanswerable by exchanging names: which are made, and which are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article
from index.structure.spans import Span
from qa.reading.calibration import Calibration
from qa.reading.reader import ReaderSpan
from qa.squad import Question, QuestionSet
from qa.training.exchanges import exchanges, unanswered

TEXT = (
    "Steve Witkoff and Jared Kushner met the delegation, and Witkoff is to fly to Moscow. "
    "The talks lasted four hours."
)


class SureOf:
    """A reader that answers "Moscow" to any question, more or less surely by the name in it."""

    calibration = Calibration()

    def __init__(self, logits: dict[str, float]) -> None:
        self._logits = logits

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        start = TEXT.index("Moscow")
        return [
            [
                ReaderSpan(0, start, start + len("Moscow"), logit)
                for name, logit in self._logits.items()
                if name in question
            ]
            for question in questions
        ]


def asked(question: str, answer: str = "Moscow", text: str = TEXT) -> QuestionSet:
    start = text.index(answer)
    golds = (Span(start, start + len(answer)),)
    return QuestionSet(
        Article("1", "Talks", text), (Question("q1", question, golds, Span(0, len(text))),)
    )


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("Where is Steve Witkoff to fly?", "Where is Jared Kushner to fly?"),
        ("Where is Witkoff to fly?", "Where is Jared Kushner to fly?"),
    ],
)
def test_a_name_is_exchanged_for_another_of_its_sentence(question: str, changed: str) -> None:
    (made,) = exchanges(asked(question), rng())
    assert made.changed == changed
    assert TEXT[slice(*made.answer)] == "Moscow"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Where is the envoy to fly?", "Moscow"),  # no name
        ("Who met with Jared Kushner?", "Steve Witkoff"),  # the other name is the answer
        ("Where are Witkoff and Jared Kushner to fly?", "Moscow"),  # both are in the question
        ("How long did Witkoff talk?", "four hours"),  # not a name of the answer's sentence
    ],
)
def test_where_no_other_name_would_do_nothing_is_exchanged(question: str, answer: str) -> None:
    assert list(exchanges(asked(question, answer), rng())) == []


def test_what_the_reader_is_less_sure_of_has_no_answer_and_what_tempted_is_kept() -> None:
    reader = SureOf({"Witkoff": 9.0, "Kushner": 7.0})
    (question,) = unanswered(asked("Where is Witkoff to fly?"), reader, rng()).questions
    assert question.text == "Where is Jared Kushner to fly?"
    assert question.golds == ()
    assert [TEXT[slice(*place)] for place in question.plausible] == ["Moscow"]


@pytest.mark.parametrize(
    "logits",
    [
        {"Witkoff": 9.0, "Kushner": 8.5},  # both go, as far as the reader can tell
        {"Witkoff": 9.0, "Kushner": -1.0},  # it is not fooled: there is nothing to learn
        {"Witkoff": 9.0},
    ],
)
def test_what_may_be_answered_all_the_same_or_fools_nobody_is_left_out(
    logits: dict[str, float],
) -> None:
    made = unanswered(asked("Where is Witkoff to fly?"), SureOf(logits), rng())
    assert made.questions == ()


def test_the_command_writes_a_set_that_can_be_trained_on(tmp_path: Path) -> None:
    from qa.squad import load_squad, write_squad

    group = unanswered(
        asked("Where is Witkoff to fly?"), SureOf({"Witkoff": 9.0, "Kushner": 7.0}), rng()
    )
    write_squad([group], tmp_path / "made.json")
    (read,) = load_squad(tmp_path / "made.json")
    assert read.questions == group.questions
