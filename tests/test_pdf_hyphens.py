"""Hyphens at line ends of PDFs: of a word that is parted, or a part of the word."""

from __future__ import annotations

import pytest

from tests.papers import Paper


def two_lines(before: str, after: str, elsewhere: str = "") -> str:
    paper = Paper()
    paper.prose(60, 100, [f"They never {before}", f"{after} in the parish of Orby."])
    paper.line(60, 150, elsewhere or "Nothing more.")
    return paper.read().text.split(" in the parish")[0].removeprefix("They never ")


@pytest.mark.parametrize(
    ("before", "after", "elsewhere", "word"),
    [
        ("sea-", "rched", "", "searched"),
        ("sea-", "rched", "The sea is far.", "searched"),
        ("how-", "ever", "How did they ever find it?", "however"),
        ("ex-", "pect", "", "expect"),
        ("all-", "owed", "", "allowed"),
        ("self-", "ish", "", "selfish"),
        ("mill-", "stone", "The Millstone is an inn.", "millstone"),
        ("self-", "taught", "", "self-taught"),
        ("non-", "smoking", "", "non-smoking"),
        ("ex-", "husband", "Her husband left.", "ex-husband"),
        ("co-", "author", "The author left.", "co-author"),
        ("US-", "led", "", "US-led"),
        ("Anglo-", "Saxon", "", "Anglo-Saxon"),
        ("state-of-the-", "art", "The art of it.", "state-of-the-art"),
        ("lamp-", "lit", "A lamp-lit room.", "lamp-lit"),
        ("wind-", "driven", "Driven by the wind.", "wind-driven"),
    ],
)
def test_a_hyphen_at_a_line_end_stays_only_where_a_compound_is_likely(
    before: str, after: str, elsewhere: str, word: str
) -> None:
    assert two_lines(before, after, elsewhere) == word


def test_what_follows_a_hyphen_is_no_word_whatever_order_the_lines_are_found_in() -> None:
    paper = Paper()
    paper.line(76, 100, "They went down to the sea and sea-")
    paper.line(60, 112, "rched for the boats until it was dark.")
    assert "sea and searched for" in paper.read().text
