from __future__ import annotations

import importlib.util
import math
import socket
import sys
from typing import Any

import pytest

from eval.systems.base import OpenSystem
from eval.systems.haystack_pipeline import HaystackSystem
from index.articles import Article
from index.errors import SettingError
from index.models.encoder import SentenceEncoder
from index.structure.paragraphs import split_paragraphs
from index.text.stretches import Stretch
from qa.answers import Answer, Citation, Outcome
from qa.reading.reader import DEFAULT_READER

QUESTION = "Where were the talks held?"
PLACE = "Hallandale Beach, Florida"

# Not by importorskip: Haystack must not be imported before its telemetry is switched off.
needs_haystack = pytest.mark.skipif(
    importlib.util.find_spec("haystack") is None, reason="article-qa[bench] is not installed"
)


@pytest.fixture(scope="module")
def opened(article: Article, encoder: SentenceEncoder) -> OpenSystem:
    return HaystackSystem(encoder=encoder).open([article])


def shown(answer: Answer) -> list[Citation]:
    return [*answer.citations, *(other.citation for other in answer.alternatives)]


def test_without_haystack_the_user_is_told_what_to_install(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "haystack", None)
    monkeypatch.setitem(sys.modules, "haystack.utils", None)
    with pytest.raises(SettingError, match=r'pip install "article-qa\[bench\]"'):
        HaystackSystem().open([article])


@needs_haystack
@pytest.mark.models
def test_the_answer_is_quoted_from_the_article(article: Article, opened: OpenSystem) -> None:
    response = opened.ask(QUESTION)

    assert response.answer.text == PLACE
    assert response.latency_ms > 0
    citation = response.answer.citations[0]
    at = article.text.index(PLACE)
    assert (citation.answer_start, citation.answer_end) == (at, at + len(PLACE))
    assert citation.text.startswith("The high-level discussions, convened in")
    assert citation.text.endswith("searched his residence.")
    assert 0 < (response.answer.confidence or 0) < 1
    assert -1 <= citation.evidence.similarity <= 1
    assert all(
        each.start <= each.answer_start < each.answer_end <= each.end
        for each in shown(response.answer)
    )


@needs_haystack
@pytest.mark.models
def test_a_place_that_two_documents_hold_is_shown_once(opened: OpenSystem) -> None:
    citations = shown(opened.ask("At what time does the meeting in Paris start?").answer)
    places = [(citation.answer_start, citation.answer_end) for citation in citations]
    assert len(places) > 1
    assert len(set(places)) == len(places)


@needs_haystack
@pytest.mark.models
@pytest.mark.parametrize("token_types", [True, False])
def test_the_confidence_is_a_sigmoid_of_a_tenth_of_the_logit(
    token_types: bool, encoder: SentenceEncoder
) -> None:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    text = f"The talks were convened in {PLACE}, on Sunday."
    system = HaystackSystem(encoder=encoder, token_types=token_types)
    answer = system.open([Article("talks", "Talks", text)]).ask(QUESTION).answer

    tokenizer: Any = AutoTokenizer.from_pretrained(DEFAULT_READER)
    model = AutoModelForQuestionAnswering.from_pretrained(DEFAULT_READER, dtype=torch.float32)
    inputs = tokenizer(QUESTION, text, return_tensors="pt")
    if not token_types:
        del inputs["token_type_ids"]
    with torch.inference_mode():
        output = model.eval()(**inputs)
    span = answer.citations[0]
    first = inputs.char_to_token(0, span.answer_start, 1)
    last = inputs.char_to_token(0, span.answer_end - 1, 1)
    logit = float(output.start_logits[0, first] + output.end_logits[0, last])
    assert answer.confidence == pytest.approx(1 / (1 + math.exp(-logit / 10)), abs=1e-4)


@needs_haystack
@pytest.mark.models
def test_the_passages_are_stretches_of_150_words_that_overlap(
    article: Article, opened: OpenSystem
) -> None:
    passages = sorted(opened.ask(QUESTION).passages, key=lambda passage: passage.start)
    words = article.text.split(" ")
    assert [passage.text.strip() for passage in passages] == [
        " ".join(words[first : first + 150]).strip() for first in (0, 100, 200)
    ]
    assert passages[-1].end == len(article.text)


@needs_haystack
@pytest.mark.models
def test_what_is_withheld_is_neither_found_nor_quoted(article: Article, opened: OpenSystem) -> None:
    first = split_paragraphs(article.text)[0]
    response = opened.ask(QUESTION, [Stretch(article, *first)])

    assert response.passages
    assert all(passage.start >= first.end for passage in response.passages)
    assert shown(response.answer)
    assert all(citation.answer_start >= first.end for citation in shown(response.answer))


@needs_haystack
@pytest.mark.models
def test_nothing_is_answered_from_nothing(article: Article, opened: OpenSystem) -> None:
    response = opened.ask(QUESTION, [Stretch(article, 0, len(article.text))])
    assert response.answer == Answer(
        QUESTION, confidence=0.0, citations=(), alternatives=(), outcome=Outcome.NOT_FOUND
    )
    assert response.passages == ()


@needs_haystack
@pytest.mark.models
def test_haystack_is_not_given_the_wrong_article(encoder: SentenceEncoder) -> None:
    cake = Article("cake", "Cake", "Bake the cake for an hour and let it cool.")
    talks = Article("talks", "Talks", "The talks were held in Bergen, on a Sunday.")
    response = HaystackSystem(encoder=encoder).open([cake, talks]).ask(QUESTION)
    assert response.answer.text is not None
    assert response.answer.text.startswith("Bergen")
    assert [passage.article.id for passage in response.passages] == ["talks", "cake"]


@needs_haystack
@pytest.mark.models
def test_nothing_reaches_for_the_network(
    article: Article, encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached_for: list[object] = []

    def refuse(*arguments: object, **_: object) -> None:
        reached_for.append(arguments)
        raise OSError("the network is cut")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    HaystackSystem(encoder=encoder).open([article]).ask(QUESTION)

    from haystack.telemetry import _telemetry

    assert reached_for == []
    assert _telemetry.telemetry is None
