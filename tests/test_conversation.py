from __future__ import annotations

import itertools
import json

import pytest

from index.articles import Article
from index.errors import QuestionError
from index.retriever import Retriever
from qa.conversation import Conversation
from qa.pipeline import ArticleQA
from tests.fakes import PhraseReader, WordEncoder, bot_of
from ui.phrases import word

TALKS = (
    "Ann Hall met Pavel Frost in Port Ellen. Pavel Frost leads the union. "
    "Ann Hall leads the council. The union meets in Leeds."
)


def test_a_conversation_keeps_its_turns_and_asking_alone_keeps_none() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Pavel_Frost=5))
    conversation = bot.conversation()
    first = conversation.ask("Who leads the union?")
    second = conversation.ask("Where did he meet Ann Hall?")
    assert conversation.turns == (first, second)
    assert second.understood == "Where did Pavel Frost meet Ann Hall?"
    assert bot.ask("Where did he meet Ann Hall?").understood == "Where did he meet Ann Hall?"


def test_a_conversation_goes_on_from_turns_that_were_kept() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Pavel_Frost=5))
    before = bot.conversation()
    before.ask("Who leads the union?")
    assert (
        Conversation(bot.engine, before.turns).ask("Why does he?").understood
        == "Why does Pavel Frost lead the union?"
    )


def test_a_bad_question_leaves_the_conversation_as_it_was() -> None:
    conversation = bot_of(TALKS, reader=PhraseReader(Pavel_Frost=5)).conversation()
    conversation.ask("Who leads the union?")
    with pytest.raises(QuestionError):
        conversation.ask(" ")
    assert len(conversation.turns) == 1
    assert conversation.ask("Where is he?").understood == "Where is Pavel Frost?"


def test_a_follow_up_with_nothing_before_it_is_asked_as_it_is() -> None:
    conversation = bot_of(TALKS, reader=PhraseReader(Pavel_Frost=5)).conversation()
    answer = conversation.ask("Why did he leave?")
    assert answer.understood == "Why did he leave?"
    assert answer.references == ()


def test_all_readings_of_a_turn_are_read_at_once_and_are_few() -> None:
    reader = PhraseReader(Pavel_Frost=5)
    conversation = bot_of(TALKS * 30, reader=reader).conversation()
    conversation.ask("Who leads the union?")
    alone = sum(map(len, reader.seen))
    conversation.ask("Where did he meet Ann Hall?")
    assert sum(map(len, reader.seen)) - alone <= 1.5 * alone


def test_a_thousand_turns_leave_a_turn_what_it_was() -> None:
    reader = PhraseReader(Pavel_Frost=5)
    conversation = bot_of(TALKS, reader=reader).conversation()
    for _ in range(500):
        conversation.ask("Who leads the union?")
        last = conversation.ask("Where did he meet Ann Hall?")
    assert len(conversation.turns) == 1000
    assert last.understood == "Where did Pavel Frost meet Ann Hall?"
    assert len(json.dumps(last.to_dict())) == len(json.dumps(conversation.turns[1].to_dict()))


def test_the_subject_may_change_to_another_article() -> None:
    bot = bot_of(
        "Ann Hall leads the council.", "Eva Berg painted the mill.",
        reader=PhraseReader(Ann_Hall=5, Eva_Berg=5),
    )  # fmt: skip
    conversation = bot.conversation()
    assert conversation.ask("Who leads the council?").citations[0].article.id == "a0"
    assert conversation.ask("Who painted the mill?").citations[0].article.id == "a1"
    (she,) = conversation.ask("Where is she from?").references
    assert (she.owner, she.others) == ("Eva Berg", ("Ann Hall",))
    about = conversation.ask("What is this article about?")
    assert about.items == ("Eva Berg painted the mill.",)


HOSTILE = [
    "<script>alert(1)</script>",
    "he" * 50,
    "\u202ehe\u202c",
    "his\0her",
    "${he}",
    "(((",
    "\\1",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_moves_no_offset(hostile: str) -> None:
    text = f"{hostile} Ann Hall {hostile} met “{hostile}” and Pavel Frost in {hostile}. {TALKS}"
    article = Article("a", hostile, text)
    reader = PhraseReader(Ann_Hall=5, Pavel_Frost=4)
    bot = ArticleQA(Retriever.build([article], WordEncoder()), reader)
    conversation = bot.conversation()
    asked = [
        f"Who met {hostile}?",
        f"Why did he {hostile}?",
        f"and {hostile}?",
        "what quotes are in it?",
    ]
    for question, _ in itertools.product(asked, range(2)):
        for citation in conversation.ask(question).citations:
            assert citation.answer == text[citation.answer_start : citation.answer_end]
            assert citation.start <= citation.answer_start <= citation.answer_end <= citation.end


def test_a_text_in_place_of_a_question_takes_no_rule_long() -> None:
    conversation = bot_of(TALKS, reader=PhraseReader(Pavel_Frost=5)).conversation()
    conversation.ask("Who leads the union?")
    for text in ("what did " * 100_000, "and " * 100_000, "the mayor and " * 100_000):
        assert conversation.ask(text).understood == text.strip()


@pytest.mark.models
def test_the_four_turns_resolve_one_from_the_other(bot: ArticleQA) -> None:
    # Why he resigned the article says by a mere "after": of that no reader is sure.
    bot = ArticleQA(bot.retriever, bot.strategy, min_confidence=0.4)
    conversation = bot.conversation()
    asked = [
        "Who leads the Ukrainian delegation?",
        "What position does he hold?",
        "Who did he replace?",
        "Why did he resign?",
    ]
    answers = [conversation.ask(question) for question in asked]
    assert [answer.understood for answer in answers] == [
        "Who leads the Ukrainian delegation?",
        "What position does Rustem Umerov hold?",
        "Who did Rustem Umerov replace?",
        "Why did Andriy Yermak resign?",
    ]
    assert [answer.text for answer in answers] == [
        "Rustem Umerov",
        "National Security Council Secretary",
        "Andriy Yermak",
        "anti-corruption authorities searched his residence",
    ]
    assert word(answers[3], articles=1).understood == (
        "Understood as: Why did Andriy Yermak resign? (“he” could also be Rustem Umerov)"
    )


@pytest.mark.models
@pytest.mark.parametrize(
    "question",
    ["When was Crimea annexed?", "Whom will Zelensky meet?", "What is Jared Kushner’s role?"],
)
def test_a_question_that_stands_alone_is_answered_as_if_it_did(
    bot: ArticleQA, question: str
) -> None:
    conversation = bot.conversation()
    conversation.ask("Who leads the Ukrainian delegation?")
    conversation.ask("What position does he hold?")
    told, alone = conversation.ask(question), bot.ask(question)
    assert (told.text, told.confidence, told.citations) == (
        alone.text,
        alone.confidence,
        alone.citations,
    )
