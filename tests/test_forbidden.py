"""Whether a text forbids, or says of nobody, what a question asks for."""

from __future__ import annotations

import pytest

from index.structure.spans import Span
from qa.english.polarity import opposes


def place(text: str, answer: str) -> Span:
    start = text.index(answer)
    return Span(start, start + len(answer))


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "Who attended the course?",
            "Neither the night nurse nor the cook had attended the course; only Joan Tarr had.",
            "the night nurse nor the cook",
        ),
        (
            "Who attended the course?",
            "Neither the night nurse nor the cook had attended the course; only Joan Tarr had.",
            "the cook",
        ),
        (
            "Where can cars be parked?",
            "Parking on the meadow is out of the question.",
            "the meadow",
        ),
        ("Where may guests swim?", "It is strictly forbidden to swim in the lake.", "in the lake"),
        ("Where may guests swim?", "Swimming in the lake is now off limits.", "the lake"),
    ],
)
def test_what_is_forbidden_or_said_of_nobody_is_denied(
    question: str, text: str, answer: str
) -> None:
    assert opposes(question, text, place(text, answer))


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Where is parking forbidden?", "Parking on the meadow is forbidden.", "the meadow"),
        (
            "Where may cars be parked?",
            "Parking on the meadow is free; fires are forbidden.",
            "the meadow",
        ),
        ("Which fires may be lit?", "Fires are forbidden, save for grills with a lid.", "grills"),
        (
            "Who attended?",
            "Neither the cook nor the nurse attended; only Joan Tarr did.",
            "Joan Tarr",
        ),
        (
            "Where may guests swim?",
            "Guests may swim in the lake, but fishing is forbidden.",
            "the lake",
        ),
    ],
)
def test_what_is_forbidden_besides_denies_nothing(question: str, text: str, answer: str) -> None:
    assert not opposes(question, text, place(text, answer))
