"""What can be measured: anything that is given articles and then asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa import Answer, Article, Stretch

DEPTH = 100
"""How many passages of a ranking are looked at."""


@dataclass(frozen=True)
class Response:
    """What a system made of a question.

    Attributes:
        answer: Its answer; with its best span as the first alternative where it gives none.
        passages: What it found, best first, as far as it tells, but at most a hundred.
        latency_ms: How long it took from the question to the answer.
    """

    answer: Answer
    passages: tuple[Stretch, ...]
    latency_ms: float


class OpenSystem(Protocol):
    """A system that has read its articles."""

    def ask(self, question: str, withheld: Sequence[Stretch] = ()) -> Response:
        """Answer a question as if what is withheld did not stand in the articles."""


class System(Protocol):
    """A system to be measured."""

    def open(self, articles: Sequence[Article]) -> OpenSystem:
        """Let it read articles."""
