"""What belongs to an answer: the limit behind it, and the rest of a reason or way."""

from __future__ import annotations

import time

import pytest

from index.structure.spans import Span
from qa.english.clauses import is_limit, whole_clause, with_limit


def at(text: str, part: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


@pytest.mark.parametrize(
    ("text", "part", "limited"),
    [
        (
            "Returns are taken within 14 days, unless the seal is broken.",
            "within 14 days",
            "within 14 days, unless the seal is broken",
        ),
        (
            "Dogs may enter the garden (except during concerts), and the yard.",
            "the garden",
            "the garden (except during concerts)",
        ),
        (
            "They may borrow tools for a week provided that they have paid, and books for two.",
            "a week",
            "a week provided that they have paid",
        ),
        (
            "Staff may work at home only if their manager agrees; guests may not.",
            "work at home",
            "work at home only if their manager agrees",
        ),
        ("Swim only between the flags.", "between the flags", "only between the flags"),
        ("A week, provided the fee is paid.", "A week", "A week, provided the fee is paid"),
        ("All states except Texas signed.", "All states", "All states except Texas signed"),
        ("Lent as long as it is quiet.", "Lent", "Lent as long as it is quiet"),
    ],
)
def test_what_limits_a_span_in_its_sentence_stays_with_it(
    text: str, part: str, limited: str
) -> None:
    found = with_limit(text, at(text, part), Span(0, len(text)))
    assert text[found.start : found.end] == limited


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Everybody but the cook left.", "Everybody"),
        ("She was the only in town.", "in town"),
        ("He sang not only in Leeds but in York.", "in Leeds"),
        ("A week provided by law is short.", "A week"),
        ("Aristotle provided a discussion of force.", "Aristotle"),
        ("Open daily. Unless it rains, bring nothing.", "daily"),
        ("He left in May, and only then wrote.", "in May"),
    ],
)
def test_what_limits_nothing_is_no_part_of_a_span(text: str, part: str) -> None:
    assert with_limit(text, at(text, part), Span(0, len(text))) == at(text, part)


def test_a_limit_beyond_the_sentence_is_not_joined() -> None:
    text = "Open daily unless it rains"
    assert with_limit(text, at(text, "daily"), at(text, "Open daily")) == at(text, "daily")


@pytest.mark.parametrize(
    "sentence",
    [
        "This does not apply to gift cards.",
        "Except on Fridays.",
        "Unless it rains.",
        "The only exception is the week of the fair.",
        "Exceptions: gifts.",
        "The offer does not include drinks.",
        "However, this doesn’t cover fire.",
        "It applies only to members.",
    ],
)
def test_a_sentence_may_limit_the_one_before(sentence: str) -> None:
    assert is_limit("Yes. " + sentence, 5)


@pytest.mark.parametrize(
    "sentence",
    [
        "This is fine.",
        "Exceptional care is taken.",
        "The board does not meet.",
        "It won’t rain.",
        "",
    ],
)
def test_most_sentences_limit_nothing(sentence: str) -> None:
    assert not is_limit("Yes. " + sentence, 5)


@pytest.mark.parametrize(
    ("question", "text", "part", "whole"),
    [
        (
            "Why did it close?",
            "It closed because the river had silted up, and the mill fell.",
            "the river",
            "the river had silted up",
        ),
        (
            "Why did it stop?",
            "It stopped because its insurer, which had paid since 1988, refused to go on.",
            "its insurer",
            "its insurer, which had paid since 1988, refused to go on",
        ),
        (
            "Why is it dearer?",
            "It rose due to the rising price of heating and a new tax, the board said.",
            "rising price",
            "the rising price of heating and a new tax",
        ),
        ("Why so?", "Kept out for fear of falling beams.", "falling", "for fear of falling beams"),
        (
            "How was it mended?",
            "It was mended by replacing the leaden pipes with tin, and paid by the city.",
            "tin",
            "replacing the leaden pipes with tin",
        ),
        (
            "How is it caught?",
            "It is caught by breathing in droplets and does not pass on.",
            "breathing",
            "breathing in droplets",
        ),
        ("why did they go", "“We left because nobody came,” he said.", "nobody", "nobody came"),
    ],
)
def test_a_word_out_of_a_reason_or_a_way_is_widened_to_all_of_it(
    question: str, text: str, part: str, whole: str
) -> None:
    found = whole_clause(question, text, at(text, part), Span(0, len(text)))
    assert text[found.start : found.end] == whole


@pytest.mark.parametrize(
    ("question", "text", "part"),
    [
        ("Who left?", "It closed because Ann Hall left.", "Ann Hall"),
        ("Why did it close?", "Because of rain, the match was called off.", "rain"),
        ("Why did he go?", "He went because he was ill and wanted rest.", "he was ill"),
        ("Why was it off?", "Because of a yearly loss the county gave it up.", "a yearly loss"),
        (
            "Why is it so?",
            "It is so because the law says so, even where we would not.",
            "the law says so",
        ),
        ("Why did he go?", "He was ill. He went because of it.", "ill"),
        ("How many left?", "They were moved by hiring 3 lorries.", "3"),
    ],
)
def test_what_is_no_part_of_a_reason_or_not_surely_is_left(
    question: str, text: str, part: str
) -> None:
    assert whole_clause(question, text, at(text, part), Span(0, len(text))) == at(text, part)


@pytest.mark.parametrize("unit", ["because ", ", which ", "a, ", "unless ", "by doing "])
def test_the_time_is_bounded_whatever_the_sentence(unit: str) -> None:
    text = unit * 2_000
    started = time.process_time()
    for question in ("Why?", "How is it?"):
        whole_clause(question, text, Span(len(text) - 9, len(text) - 2), Span(0, len(text)))
    with_limit(text, Span(0, 6), Span(0, len(text)))
    assert time.process_time() - started < 2
