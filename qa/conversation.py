"""Conversations: questions that lean on what was said before."""

from __future__ import annotations

from collections.abc import Iterable

from qa.answering.engine import Engine
from qa.answers import Answer
from qa.asking.followups import interpretations


class Conversation:
    """A conversation about articles, kept turn by turn.

    A turn takes the same time after a thousand turns as after one: what a question leans on is
    looked for in the last few.
    """

    def __init__(self, engine: Engine, turns: Iterable[Answer] = ()) -> None:
        self._engine = engine
        self._turns = list(turns)

    @property
    def turns(self) -> tuple[Answer, ...]:
        """What was answered so far, in order."""
        return tuple(self._turns)

    def ask(self, question: str, *, min_confidence: float | None = None) -> Answer:
        """Answer a question, understood from what was said before, and keep the answer.

        Args:
            question: A question, which may be a follow-up such as "Why did he resign?" or "And in
                Paris?".
            min_confidence: What the answer must reach to be given, in place of the engine's.

        Raises:
            QuestionError: The question is empty or too long. The conversation stays as it was.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        *corrected, typed = self._engine.spellings(question)
        plain = (corrected or [typed])[0].question
        meant = interpretations(plain, self._turns, self._engine.analyses)
        if corrected and len(meant) == 1:
            meant = (*meant, typed)
        last = next((turn for turn in reversed(self._turns) if turn.citations), None)
        answer = self._engine.answer(
            [(typed.question, meant)],
            min_confidence=min_confidence,
            articles=[last.citations[0].article] if last else None,
        )[0]
        self._turns.append(answer)
        return answer
