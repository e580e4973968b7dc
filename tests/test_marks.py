"""A stretch of a text, with the partners of the marks that stand in it."""

from __future__ import annotations

import pytest

from index.structure.spans import Span
from qa.english.marks import balanced


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("store syrup (2-8 °C), flour", "syrup (2-8 °C", "syrup (2-8 °C)"),
        ("store syrup (2-8 °C\nflour)", "syrup (2-8 °C", "syrup"),
        ("the shed [closed (at night)] is", "shed [closed (at", "shed [closed (at night)]"),
        ('read "Emma" and "Persuasion" now', 'Emma" and "Persuasion', '"Emma" and "Persuasion"'),
        ('read "Emma and I" now', 'read "Emma', 'read "Emma and I"'),
        ("read “Emma and I” now", "read “Emma", "read “Emma and I”"),
        ('read "Emma and I" now', "Emma and I", "Emma and I"),
        ("1) Open the lid", "1) Open", "1) Open"),
        ('the 5" pipe', 'the 5" pipe', 'the 5" pipe'),
        ('a 5" and a 6" pipe', '5" and a 6', '5" and a 6'),
        ("(((((a)))))", "((a", "((a))"),
    ],
)
def test_a_mark_stands_with_its_partner(text: str, part: str, whole: str) -> None:
    start = text.index(part)
    assert text[slice(*balanced(text, Span(start, start + len(part))))] == whole


def test_a_stretch_grows_out_of_nothing_that_it_is_to_stay_in() -> None:
    text = "oil (5 l) | salt"
    assert text[slice(*balanced(text, Span(0, 6), Span(0, 6)))] == "oil"


def test_a_partner_is_not_looked_for_far_away() -> None:
    text = f"oil (5 l, {'x' * 1_000_000})"
    assert text[slice(*balanced(text, Span(0, 8)))] == "oil"
