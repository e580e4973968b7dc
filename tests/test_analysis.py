"""One analysis of an article, owned by whoever answers from it, and gone with them."""

from __future__ import annotations

import uuid
import weakref
from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from index.articles import Article
from index.retrieval import Hit
from index.retriever import Retriever
from index.text.stretches import Stretch
from qa.asking.spelling import Corrector
from qa.english.analysis import Analyses, Analysis
from qa.pipeline import ArticleQA
from qa.reading.calibration import Calibration
from qa.reading.reader import DEFAULT_READER, TransformerReader
from tests.fakes import EverySpanReader, PhraseReader, WordEncoder, bot_of
from tests.watching import held, times_called
from ui.web.documents import key_of
from ui.web.turns import Visitor
from ui.web.visitors import Service

TALKS = (
    "“We agree,” said Ann Hall in May 2020. Ann Hall met Pavel Frost, Ben Low and Eva Strand in "
    "Port Ellen. The harbour of Port Ellen opened in 1902."
)
QUESTIONS = (
    "Who were all the guests?",
    "What did Hall say?",
    "Who is mentioned?",
    "Which quotes are in it?",
    "Was the harbour opened in 1902?",
    "Who met her there?",
)


class CountingEncoder(WordEncoder):
    """Knows which questions it embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[str] = []

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.questions += texts
        return super().encode_questions(texts)


class CountingRetriever(Retriever):
    """Knows for which questions it searched."""

    searched: Sequence[str] = ()

    def search(
        self,
        questions: Sequence[str],
        k: int,
        *,
        without: Sequence[Stretch] = (),
        vectors: NDArray[np.float32] | None = None,
    ) -> list[list[Hit]]:
        self.searched = [*self.searched, *questions]
        return super().search(questions, k, without=without, vectors=vectors)


def asked_all(bot: ArticleQA) -> None:
    conversation = bot.conversation()
    for question in QUESTIONS:
        conversation.ask(question)
    bot.suggest()


def test_a_bot_looks_for_the_quotations_of_an_article_once() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Ben_Low=3))
    assert times_called(lambda: asked_all(bot), "english/quotations", "quotations") == 1


def test_the_sentences_names_and_quotations_of_an_article_are_found_once() -> None:
    analysis = Analysis(TALKS)
    assert [name.text for name in analysis.names][:2] == ["Ann Hall", "Pavel Frost"]
    assert [TALKS[slice(*each.span)] for each in analysis.quotations] == ["We agree,"]
    assert len(analysis.sentences) == 3
    assert [TALKS[slice(*each)] for each in analysis.dates] == ["May 2020", "1902"]
    assert analysis.names is analysis.names


def test_no_name_is_looked_for_where_an_answer_needs_none() -> None:
    bot = bot_of(TALKS.split("2020. ")[1], reader=PhraseReader(Port_Ellen=3))
    assert times_called(lambda: bot.ask("Why did they meet?"), "english/analysis", "names") == 0


def test_an_article_of_another_text_is_analysed_anew() -> None:
    analyses = Analyses()
    first, again = Article("a", "A", "Ann Hall sang."), Article("a", "A", "Ben Low sang.")
    assert analyses.of(first) is analyses.of(first)
    assert [name.text for name in analyses.of(again).names] == ["Ben Low"]


def test_a_yes_no_question_is_embedded_and_searched_once() -> None:
    encoder = CountingEncoder()
    built = Retriever.build([Article("a", "A", TALKS)], encoder)
    retriever = CountingRetriever(built.store, encoder)
    question = "Was the harbour of Port Ellen opened in 1902?"
    answer = ArticleQA(retriever, PhraseReader(opened=9)).ask(question)
    assert answer.text == "The harbour of Port Ellen opened in 1902."
    assert encoder.questions == [question]
    assert retriever.searched == [question]


@pytest.mark.parametrize(
    ("module", "function"),
    [("asking/kinds", "kind_of"), ("asking/questions", "clean_question")],
)
def test_a_question_is_cleaned_and_told_its_kind_once(module: str, function: str) -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Ben_Low=3))
    for question in ("Who came to Port Ellen?", "Was the harbour opened in 1902?"):
        assert times_called(partial(bot.ask, question), module, function) == 1


def test_nothing_holds_an_article_that_a_visitor_took_away() -> None:
    mark = f"Zq{uuid.uuid4().hex}"
    service = Service(
        bot_of("The talks were held in Florida.", reader=EverySpanReader()), max_bytes=10_000
    )
    visitor = Visitor()
    text = f"{TALKS} {mark} Frost met Ann Hall."
    article = service.add(visitor, "own.txt", text.encode(), lambda share, doing: None)
    key_of(article)
    for question in QUESTIONS:
        service.answer(visitor, service.begin(visitor, question), 0.5)
    assert held(mark)
    gone = weakref.ref(article)
    service.remove(visitor, article.id)
    visitor.turns.clear()
    del article, text
    assert held(mark) == []
    assert gone() is None


def test_a_bot_goes_at_once_when_it_is_let_go() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Ben_Low=3))
    asked_all(bot)
    gone = weakref.ref(bot.engine)
    del bot
    assert gone() is None  # without the garbage being collected


def test_a_slip_that_was_put_right_is_not_kept() -> None:
    corrector = Corrector(Retriever.build([Article("a", "A", TALKS)], WordEncoder()))
    slip = f"harbq{uuid.uuid4().hex[:0]}our"  # which no other test names
    assert corrector.correct(f"where is the {slip}") == "where is the harbour"
    assert held(slip) == []


def test_nothing_holds_an_article_that_was_removed() -> None:
    mark = f"Zq{uuid.uuid4().hex}"
    bot = bot_of("The talks were held in Florida.", reader=EverySpanReader())
    bot.add([Article("own", "Own", f"{TALKS} {mark} Frost met Ann Hall.")])
    view = bot.only(ids=["own"])
    asked_all(view)
    asked_all(bot)
    assert held(mark)
    bot.remove(["own"])
    del view
    assert held(mark) == []


@pytest.mark.models
def test_a_reader_keeps_nothing_of_what_it_read() -> None:
    mark = f"Zq{uuid.uuid4().hex}"
    reader = TransformerReader.load(DEFAULT_READER)
    assert reader.calibration != Calibration()
    assert reader.read(["Who sang?"], [[f"Ann Hall sang for {mark}."]])[0]
    assert held(mark) == []
