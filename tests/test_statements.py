"""What sentences state."""

from __future__ import annotations

import pytest

from index.articles import Article
from index.structure.sentences import is_question, split_sentences
from index.text.statements import statements, years_for
from index.text.stretches import Stretch


def stated(*texts: str, left_out: str = "") -> list[tuple[str | None, str]]:
    articles = [Article(f"a{n}", f"Article {n}", text) for n, text in enumerate(texts)]
    table = [
        Stretch(article, *span) for article in articles for span in split_sentences(article.text)
    ]
    given = {row: each for row, each in enumerate(table) if each.text != left_out}
    return [
        (each.question.text if each.question else None, each.sentence.text)
        for each in statements(given)
    ]


@pytest.mark.parametrize(
    "sentence",
    ["Is it open?", "Q: Is it open?", "“Is it open?”", "**Is it open?**", "Is it open ?", "开吗？"],
)
def test_a_sentence_whose_last_mark_asks_is_a_question(sentence: str) -> None:
    assert is_question(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["It is open.", "“Is it open?” asked Ann.", "It opened in 1902 (?)", "?", "Why? Ask."],
)
def test_one_that_only_holds_a_question_is_none(sentence: str) -> None:
    assert not is_question(sentence)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is open. Come in.", [(None, "It is open."), (None, "Come in.")]),
        (
            "Q: Is it open? A: Yes, it is. All day.",
            [("Q: Is it open?", "A: Yes, it is."), (None, "All day.")],
        ),
        ("Is it open?\n\nYes.", [("Is it open?", "Yes.")]),
        ("Q. Is it open?\nA. Yes.", [("Is it open?", "Yes.")]),
        ("**Is it open?**\n\nYes.", [("Is it open?", "Yes.")]),
        ("Is it open? When? At noon.", [("When?", "At noon.")]),
        ("Is it open?", []),
    ],
)
def test_a_question_states_nothing_and_is_answered_by_what_follows(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert stated(text) == found


def test_what_stands_further_on_or_in_another_article_answers_no_question() -> None:
    assert stated("Is it open? It is. Come in.", left_out="It is.") == [(None, "Come in.")]
    assert stated("Is it open?", "It is shut.") == [(None, "It is shut.")]


def test_copies_count_once_but_the_same_answer_to_two_questions_twice() -> None:
    assert stated("The harbour is open for all.", "The harbour is open\nfor all. Come in.") == [
        (None, "The harbour is open for all."),
        (None, "Come in."),
    ]
    assert stated("Is it open? Yes. Is it dear? Yes.", "Is it open? Yes.") == [
        ("Is it open?", "Yes."),
        ("Is it dear?", "Yes."),
    ]


@pytest.mark.parametrize(
    ("sentence", "title", "opening", "years"),
    [
        ("Dogs are welcome.", "rules", "Rules of the park, 2025", "2025"),
        ("Dogs are welcome.", "Rules of 2025", "The park opens at eight.", "2025"),
        ("Dogs were welcome in 2023.", "rules", "Rules of the park, 2025", ""),
        ("Dogs are welcome.", "rules", "The park opened in 1902.", ""),
        ("Dogs are welcome.", "rules", "Park rules, 20250 copies, at 22:00", ""),
    ],
)
def test_a_sentence_that_names_no_year_is_of_the_year_that_its_headline_names(
    sentence: str, title: str, opening: str, years: str
) -> None:
    assert years_for(sentence, title, opening) == years
