from __future__ import annotations

import re
import time
from collections.abc import Sequence

import pytest

from index.articles import Article
from qa.answers import Outcome
from qa.english.analysis import Analysis
from qa.made_questions import made_from
from qa.pipeline import ArticleQA
from qa.reading.calibration import Calibration
from qa.reading.reader import ReaderSpan
from qa.suggestions import MIN_CONFIDENCE
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


PEOPLE = [
    *("Ann Hall", "Pavel Frost", "Ben Low", "Eva Strand", "Kim Berg", "Tom Ward", "Lea Moss"),
    *("Max Reed", "Ida Lund", "Sam Cole", "Amy Ross", "Dan Webb", "Zoe Varga", "Jack Petrov"),
]
COUNCIL = " ".join(
    f"{name} joined the council in {year}." for year, name in enumerate(PEOPLE, start=1990)
)


class WhenReader:
    """Knows when whoever a question names joined the council, but nothing else of them."""

    calibration = Calibration()

    def __init__(self) -> None:
        self.takes_seconds = 0.0
        self.read_for: list[str] = []

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        self.read_for += questions
        time.sleep(self.takes_seconds)
        return [
            [
                ReaderSpan(number, *found.span(2), 9.0)
                for number, text in enumerate(texts)
                for found in re.finditer(r"(\w+ \w+) joined the council in (\d+)", text)
                if question.startswith("When did " + found[1])
            ]
            for question, texts in zip(questions, passages, strict=True)
        ]


def test_after_a_refusal_what_lies_nearest_to_the_refused_question_comes_first() -> None:
    bot = bot_of(COUNCIL, reader=WhenReader())
    wanted = "When did Zoe Varga join the council?"
    assert wanted not in bot.suggest(20)
    refused = bot.ask("Whom did Zoe Varga marry?")
    assert refused.outcome is Outcome.NOT_FOUND
    assert bot.suggest(3, near=refused)[0] == wanted
    assert bot.suggest(3, near=bot.ask("Whom did Ben Low marry?"))[0] == (
        "When did Ben Low join the council?"
    )


def test_nothing_that_the_articles_do_not_answer_is_offered_after_a_refusal() -> None:
    bot = bot_of(COUNCIL, reader=WhenReader())
    offered = bot.suggest(40, near=bot.ask("Whom did Zoe Varga marry?"))
    assert all(
        each.startswith(("When did", "What is this", "Who is mentioned")) for each in offered
    )
    assert len(set(offered)) == len(offered) > 3


def test_after_an_answer_the_same_is_offered_as_ever() -> None:
    bot = bot_of(COUNCIL, reader=WhenReader())
    answer = bot.ask("When did Jack Petrov join the council?")
    assert answer.text == "2003"
    assert bot.suggest(3, near=answer) == bot.suggest(3)


def test_nobody_waits_long_for_what_is_offered_after_a_refusal() -> None:
    reader = WhenReader()
    bot = bot_of(COUNCIL, reader=reader)
    bot.suggest()
    refused = bot.ask("Whom did Zoe Varga marry?")
    reader.read_for.clear()
    reader.takes_seconds = 0.25
    bot.suggest(9, near=refused)
    assert reader.read_for == ["When did Zoe Varga join the council?"]


@pytest.mark.parametrize(
    "spelled",
    [
        "when did ann hall join the council",
        "When did Ann Hall join council??",
        "WHEN DID ANN HALL JOIN THE COUNCIL?",
        "When did Ann Hall joined the council?",
    ],
)
def test_what_was_asked_in_another_spelling_is_not_offered_again(spelled: str) -> None:
    bot = bot_of(COUNCIL, reader=WhenReader())
    asked = "When did Ann Hall join the council?"
    assert asked in bot.suggest(20)
    assert asked not in bot.suggest(20, without={spelled})
    assert asked not in bot.suggest(20, near=bot.ask(spelled))


@pytest.mark.models
def test_the_shipped_article_offers_questions_that_it_answers(bot: ArticleQA) -> None:
    offered = bot.suggest(5)
    assert len(offered) == 5
    assert "Who headed the Ukrainian delegation?" in offered
    for answer in bot.ask_many(offered):
        assert answer.text is not None
        assert answer.confidence is None or answer.confidence >= MIN_CONFIDENCE
