from __future__ import annotations

import pytest

from index.articles import Article
from qa.english.analysis import Analysis
from qa.pipeline import ArticleQA
from qa.suggestions import MIN_CONFIDENCE, made_from
from tests.fakes import PhraseReader, bot_of


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("They met a Dutch party led by Ann Hall.", "Who led the Dutch party?", "Ann Hall"),
        ("Ann Hall praised the new harbour wall.", "Who praised the new harbour wall?", "Ann Hall"),
        ("Ann Hall, the harbour master, was ill.", "Who is the harbour master?", "Ann Hall"),
        ("They met senior advisor Ann Hall.", "What is Ann Hall’s role?", "senior advisor"),
        ("The bridge was opened in May 1902.", "When was the bridge opened?", "May 1902"),
        ("The old mill was built in Port Ellen.", "Where was the old mill built?", "Port Ellen"),
        ("Ann Hall joined the council in 1998.", "When did Ann Hall join the council?", "1998"),
        ("Ann Hall, scheduled to travel to Port Ellen, sang.", "", ""),
        ("Ann Hall is scheduled to speak in Port Ellen.", "Where is Ann Hall scheduled to speak?",
         "Port Ellen"),
        ("About 1,400 members joined the strike.", "How many members joined the strike?", "1,400"),
        ("Ann Hall joined the council because she was ill.", "Why did Ann Hall join the council?",
         "she was ill"),
    ],
)  # fmt: skip
def test_a_sentence_becomes_a_question(text: str, question: str, answer: str) -> None:
    article = Article("a", "A", text)
    made = {each.question: each.answer.text for each in made_from(article, Analysis(text))}
    assert made.get(question, "") == answer


@pytest.mark.parametrize(
    "text",
    [
        "“Ann Hall joined the council in 1998,” said Pavel Frost.",  # someone's words
        "He joined the council in 1998.",  # nobody knows who
        "The end of the war was led by Ann Hall.",  # the end is not what was led
        "Ann Hall left.",
    ],
)
def test_what_would_be_no_good_question_is_not_made(text: str) -> None:
    assert list(made_from(Article("a", "A", text), Analysis(text))) == []


def test_only_questions_that_are_answered_by_the_very_words_are_offered() -> None:
    text = "Ann Hall joined the council in 1998. Pavel Frost joined the union in 1999."
    right = bot_of(text, reader=PhraseReader(**{"1998": 9})).suggest(9)
    assert right[0] == "When did Ann Hall join the council?"
    wrong = bot_of(text, reader=PhraseReader(union=9)).suggest(9)
    unsure = bot_of(text, reader=PhraseReader(**{"1998": 1})).suggest(9)
    always = ["What is this article about?", "Who is mentioned?"]
    assert wrong == unsure == always


def test_what_was_asked_is_not_offered_again() -> None:
    bot = bot_of("Ann Hall sang.")
    first, *others = bot.suggest(3)
    assert bot.suggest(3, without={first}) == others
    assert bot.suggest(1) == [first]


@pytest.mark.models
def test_the_shipped_article_offers_questions_that_it_answers(bot: ArticleQA) -> None:
    offered = bot.suggest(5)
    assert len(offered) == 5
    assert "Who headed the Ukrainian delegation?" in offered
    for answer in bot.ask_many(offered):
        assert answer.text is not None
        assert answer.confidence is None or answer.confidence >= MIN_CONFIDENCE
