"""The systems that the benchmark measures beside this program, with the real models."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from eval.bench.contestants import CONTESTANTS
from eval.bench.processes import first_answer
from eval.systems.base import OpenSystem
from eval.systems.plain_loop import PlainLoopSystem
from eval.systems.txtai_chain import OpenTxtai, TxtaiSystem
from index.articles import Article
from index.errors import SettingError
from index.models.encoder import SentenceEncoder
from index.structure.paragraphs import split_paragraphs
from index.text.stretches import Stretch
from qa.reading.reader import TransformerReader

QUESTION = "Where were the talks held?"
PLACE = "Hallandale Beach, Florida"
UNANSWERED = "Who won the World Cup?"

needs_txtai = pytest.mark.skipif(
    importlib.util.find_spec("txtai") is None, reason="article-qa[bench] is not installed"
)


@pytest.fixture(scope="module")
def loop(article: Article) -> OpenSystem:
    return PlainLoopSystem().open([article])


@pytest.fixture(scope="module")
def txtai(article: Article) -> OpenTxtai:
    cake = Article("cake", "Cake", "Bake the cake for an hour and let it cool.")
    return TxtaiSystem().open([cake, article])


@pytest.mark.models
def test_the_loop_quotes_the_article(article: Article, loop: OpenSystem) -> None:
    outcome = loop.ask(QUESTION)
    assert outcome.answer.text == PLACE
    assert outcome.latency_ms > 0
    (citation,) = outcome.answer.citations
    assert citation.answer_start == article.text.index(PLACE)
    assert PLACE in citation.text


@pytest.mark.models
def test_the_loop_offers_its_best_span_where_it_gives_no_answer(loop: OpenSystem) -> None:
    answer = loop.ask(UNANSWERED).answer
    assert answer.text is None
    (guess,) = answer.alternatives
    assert guess.text


@pytest.mark.models
def test_the_loop_reads_all_windows_of_a_long_article(loop: OpenSystem) -> None:
    filler = "It rained all day and nobody went out of the house to see it. " * 60
    text = f"{filler}The talks were convened in Bergen. {filler}"
    opened = PlainLoopSystem().open([Article("long", "Long", text)])
    assert opened.ask("Where were the talks convened?").answer.text == "Bergen"


@pytest.mark.models
def test_the_loop_reads_what_our_reader_reads(loop: OpenSystem) -> None:
    reader = TransformerReader.load(precision="float32")
    text = f"The talks were convened in {PLACE}, on Sunday."
    opened = PlainLoopSystem().open([Article("talks", "Talks", text)])
    citation = opened.ask(QUESTION).answer.citations[0]
    span = reader.read([QUESTION], [[text]])[0][0]
    assert (citation.answer_start, citation.answer_end) == (span.start, span.end)
    assert citation.evidence.logit == pytest.approx(span.logit, abs=1e-3)


@pytest.mark.models
def test_the_loop_withholds_nothing(article: Article, loop: OpenSystem) -> None:
    with pytest.raises(SettingError):
        loop.ask(QUESTION, [Stretch(article, 0, 10)])


def test_without_txtai_the_user_is_told_what_to_install(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "txtai", None)
    monkeypatch.setitem(sys.modules, "txtai.pipeline", None)
    with pytest.raises(SettingError, match=r'pip install "article-qa\[bench\]"'):
        TxtaiSystem().open([article])


@needs_txtai
@pytest.mark.models
def test_txtai_quotes_the_article(article: Article, txtai: OpenTxtai) -> None:
    outcome = txtai.ask(QUESTION)
    assert outcome.answer.text == PLACE
    citation = outcome.answer.citations[0]
    assert citation.article == article
    assert citation.answer_start == article.text.index(PLACE)
    assert PLACE in citation.text
    assert outcome.passages[0] == Stretch(article, *split_paragraphs(article.text)[0])
    assert {passage.article.id for passage in outcome.passages} == {article.id}  # no cake


@needs_txtai
@pytest.mark.models
def test_txtai_points_into_the_text_where_its_reader_would_break(txtai: OpenTxtai) -> None:
    answer = txtai.ask(UNANSWERED).answer
    assert [*answer.citations, *answer.alternatives]


@needs_txtai
@pytest.mark.models
def test_txtai_quotes_from_each_of_the_paragraphs_that_it_joins(txtai: OpenTxtai) -> None:
    citation = txtai.ask("Whom is Zelensky going to meet?").answer.citations[0]
    assert citation.answer == "Emmanuel Macron"
    assert citation.answer in citation.text


@needs_txtai
@pytest.mark.models
def test_txtai_loads_the_encoder_once(article: Article) -> None:
    system = TxtaiSystem()
    first, second = system.open([article]), system.open([article])
    assert first.embeddings.model.model is second.embeddings.model.model


@needs_txtai
@pytest.mark.models
def test_txtai_answers_several_questions_and_withholds_nothing(
    article: Article, txtai: OpenTxtai
) -> None:
    txtai.ask_many([QUESTION, UNANSWERED])
    with pytest.raises(SettingError):
        txtai.ask(QUESTION, [Stretch(article, 0, 10)])


@pytest.mark.models
@pytest.mark.parametrize("name", ["haystack", "txtai", "loop"])
def test_a_peers_shortest_program_finds_the_answer(name: str, encoder: SentenceEncoder) -> None:
    peer = CONTESTANTS[name]
    try:
        peer.check()
    except SettingError:
        pytest.skip("article-qa[bench] is not installed")
    assert first_answer(peer.command(QUESTION, None)).answer == PLACE
