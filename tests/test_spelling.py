from __future__ import annotations

import pytest

from index.articles import Article
from qa.asking.spelling import Vocabulary


@pytest.fixture(scope="module")
def vocabulary(article: Article) -> Vocabulary:
    return Vocabulary([article.text])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who leeds the ukranian delegation", "who leads the ukrainian delegation"),
        ("Where is Witkof scheduled to travel?", "Where is Witkoff scheduled to travel?"),
        ("rubio qoute?", "rubio quote?"),
        ("where did they meat", "where did they meet"),
        ("did Umerov's delegaton agree", "did Umerov's delegation agree"),
    ],
)
def test_slips_are_put_right(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    assert vocabulary.correct(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Where did they meat?",  # English, and not typed in haste
        "Who is the President of Poland?",
        "dates?",
        "Which quotes are in it",
        "What is 28-point?",
        "会谈在哪里举行？",
        "zq",
        "",
    ],
)
def test_what_may_be_meant_is_left(vocabulary: Vocabulary, question: str) -> None:
    assert vocabulary.correct(question) == question
