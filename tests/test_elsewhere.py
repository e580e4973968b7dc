from __future__ import annotations

import pytest

from index.articles import Article
from index.structure.spans import Span
from qa.reading.elsewhere import Elsewhere

TOOLS = """# Shed

## Mower

### Fuel
Petrol without oil.

## Chainsaw

### Fuel
Petrol with oil, as for the mower in winter.

### Safety
Helmet and gloves.

## Trimmer

### Safety
Goggles.
"""


def is_elsewhere(question: str, text: str, said: str) -> bool:
    article = Article("a", "A", text)
    start = text.index(said)
    return Elsewhere(question, [article]).has(article, Span(start, start + len(said)))


@pytest.mark.parametrize(
    ("question", "said", "expected"),
    [
        ("What fuel does the chainsaw need?", "without oil", True),
        ("What fuel does the chainsaw need?", "with oil,", False),
        ("What fuel does the mower need?", "with oil,", False),  # it speaks of the mower
        ("What keeps the trimmer's user safe?", "Helmet", True),
        ("What fuel is there?", "without oil", False),
        ("Who sells the trimmer?", "without oil", False),  # nothing is told of both alike
    ],
)
def test_what_stands_below_another_of_headings_that_head_the_same_is_elsewhere(
    question: str, said: str, expected: bool
) -> None:
    assert is_elsewhere(question, TOOLS, said) is expected


def test_names_head_what_is_told_of_each() -> None:
    text = "# Depots\n\n## Bergen\n\nAnn Hall runs it.\n\n## Oslo\n\nGuy Frost runs it.\n"
    assert is_elsewhere("Who runs the depot in Oslo?", text, "Ann Hall")
    assert not is_elsewhere("Who runs the depot in Oslo?", text, "Guy Frost")


def test_a_heading_in_common_words_heads_not_all_that_is_told_of_them() -> None:
    text = "# Film\n\n## Production\n\nIt was shot in Oslo.\n\n## Music\n\nIt began in May.\n"
    assert not is_elsewhere("When did the production begin?", text, "May")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who was elected in 2023?", True),
        ("Who was elected in 2022?", False),
        ("Who was elected in 2019?", False),  # of which the text speaks
        ("Who was elected?", False),
        ("Who was elected in 2022 or 2023?", False),
    ],
)
def test_an_article_of_another_year_is_elsewhere_among_several(
    question: str, expected: bool
) -> None:
    text = "Ann Hall was elected, after Guy Frost in 2019."
    old, new = (
        Article("2022/minutes.txt", "minutes", text),
        Article("2024/notes.txt", "notes", "No."),
    )
    span = Span(0, 8)
    assert Elsewhere(question, [old, new]).has(old, span) is expected
    assert not Elsewhere(question, [old]).has(old, span)
