"""Whether a text tells a thing of somebody else than the one who is asked about."""

from __future__ import annotations

import pytest

from index.structure.spans import Span
from qa.english.subjects import told_of_another

TALKS = (
    "The delegation included envoy Steve Witkoff and adviser Jared Kushner, with Witkoff scheduled "
    "to travel to Moscow for talks. "
)
PLAN = "Ann Hall drew the plan in Leeds, but Mayor Bob Low presented it in York. "
HEIRS = "Ann Hall lived in Bath, while Mayor Bob Low died in Rome. "
LIST = "Ann Hall, Bob Low, and Eve Reed went to Oslo. "
GUEST = "Ann Hall met Bob Low in Paris, where she stayed a week. "


@pytest.mark.parametrize(
    ("question", "text", "answer", "another"),
    [
        ("Where did Jared Kushner go?", TALKS, "Moscow", True),
        ("Where is Kushner travelling?", TALKS, "Moscow", True),
        ("Where is Witkoff travelling?", TALKS, "Moscow", False),
        ("Who went to Moscow?", TALKS, "Moscow", False),
        ("Where did Ann Hall present the plan?", PLAN, "York", True),
        ("Where did Ann Hall draw the plan?", PLAN, "Leeds", False),
        ("Where did Low present the plan?", PLAN, "York", False),
        ("Who presented Hall's plan?", PLAN, "Mayor Bob Low", False),
        ("Where did Ann Hall die?", HEIRS, "Rome", True),
        ("Where did Bob Low die?", HEIRS, "Rome", False),
        ("Where did Ann Hall go?", LIST, "Oslo", False),
        ("How long did Ann Hall stay?", GUEST, "a week", False),
        ("Where did Ann Hall meet Bob Low?", GUEST, "Paris", False),
        ("where did they go?", TALKS, "Moscow", False),
    ],
)
def test_a_clause_that_opens_with_somebody_else_is_of_another(
    question: str, text: str, answer: str, another: bool
) -> None:
    start = text.index(answer)
    assert told_of_another(question, text, Span(start, start + len(answer))) is another


def test_a_span_outside_of_the_text_is_of_nobody() -> None:
    assert not told_of_another("Where did Ann Hall go?", LIST, Span(900, 910))
    assert not told_of_another("", "", Span(0, 0))
