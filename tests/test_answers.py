"""An answer that is written out and read back is the same answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.errors import AnswerError
from index.places import Part
from index.placing import PlacesBuilder
from index.retriever import Retriever
from qa.answers import Answer, Citation, Interpretation, Outcome, Reference
from qa.pipeline import ArticleQA
from qa.reading.calibration import Calibration
from tests.fakes import EverySpanReader, PhraseReader, WordEncoder, bot_of

TALKS = "The talks were in Geneva. Paris comes next. Alma Berg said “We met in Oslo” to Moscow."
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip)


def again(answer: Answer, bot: ArticleQA) -> Answer:
    return Answer.from_dict(json.loads(json.dumps(answer.to_dict())), bot.articles)


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3), TEXTS, st.floats(0, 1))
def test_any_answer_comes_back_from_json_as_it_was(
    texts: list[str], question: str, min_confidence: float
) -> None:
    bot = bot_of(*texts, reader=EverySpanReader())
    answer = bot.ask(question, min_confidence=min_confidence)
    assert again(answer, bot) == answer
    assert again(answer, bot).to_dict() == answer.to_dict()


@pytest.mark.parametrize(
    "question",
    [
        *("where next", "who was in the delegation?", "was it in Paris?"),
        *("what did Alma Berg say?", "summarise it", "who is mentioned?"),
        *("hi", "help", "wher nxt", "what colour is it?"),
    ],
)
def test_answers_of_every_kind_come_back(question: str) -> None:
    bot = bot_of(TALKS, TALKS.upper(), reader=PhraseReader(Paris=9, Moscow=3, Geneva=-7))
    answer = bot.ask(question)
    assert again(answer, bot) == answer


def test_a_follow_up_comes_back_with_how_it_was_understood() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Paris=9))
    he = Reference("he", "Alma Berg", ("Boris", "Carla"))
    understood = Interpretation("Where did Alma Berg go?", (he,))
    answer = replace(bot.ask("where next"), interpretation=understood)
    assert again(answer, bot).references == (he,)
    assert again(answer, bot) == answer


def test_a_question_understood_as_it_was_typed_needs_no_interpretation() -> None:
    plain = Answer("why?", None, (), (), outcome=Outcome.NOT_FOUND)
    assert replace(plain, interpretation=Interpretation("why?")) == plain


def test_what_a_source_knows_is_written_with_the_citation() -> None:
    article = Article("a", "A", TALKS, meta={"author": "A. Smith", "pages": [0, 26]})
    retriever = Retriever.build([article], WordEncoder())
    bot = ArticleQA(retriever, PhraseReader(Paris=9))
    answer = bot.ask("where next")
    written = answer.to_dict()["citations"][0]["article_meta"]
    assert written == {"author": "A. Smith", "pages": [0, 26]}
    assert again(answer, bot) == answer


def test_a_citation_says_where_in_its_document_the_answer_stands() -> None:
    built = PlacesBuilder()
    built.begin(Part("page", 3, width=100, height=100))
    built.copy("Paris comes next.", None, 40)
    article = Article("a", "Talks", built.text, places=built.places())
    bot = ArticleQA(Retriever.build([article], WordEncoder()), PhraseReader(Paris=9))
    answer = bot.ask("where next")
    (place,) = answer.citations[0].source
    assert (place.part.label, place.start, place.end) == ("page 3", 40, 45)
    assert answer.to_dict()["citations"][0]["source"] == [
        {"part": "page 3", "file": None, "path": None, "start": 40, "end": 45, "boxes": []}
    ]
    assert again(answer, bot) == answer


@pytest.mark.parametrize("reader", [PhraseReader(Paris=9), PhraseReader(Paris=-9)])
def test_an_answer_written_before_citations_had_sources_is_still_read(
    reader: PhraseReader,
) -> None:
    bot = bot_of(TALKS, reader=reader)
    answer = bot.ask("where next")
    written = json.loads(json.dumps(answer.to_dict()))
    for each in (*written["citations"], *(a["citation"] for a in written["alternatives"])):
        del each["source"]
    assert Answer.from_dict(written, bot.articles) == answer


def test_which_articles_were_looked_at_is_written() -> None:
    bot = bot_of(TALKS, "Rome is large.", reader=PhraseReader())
    answer = bot.ask("What dates are there?")
    assert answer.looked_at == tuple(article.id for article in bot.articles)
    assert again(answer, bot) == answer


@pytest.mark.parametrize(("fitted", "told"), [("postgres", True), ("exact", False), ("", False)])
def test_over_which_stores_a_confidence_is_made_is_written(fitted: str, told: bool) -> None:
    reader = PhraseReader(Paris=9)
    reader.calibration = Calibration(store=fitted)
    bot = bot_of(TALKS, reader=reader)
    answer = bot.ask("where next")
    expected = {"calibrated": "postgres", "asked": "exact"} if told else None
    assert answer.to_dict()["stores"] == expected
    assert again(answer, bot) == answer
    assert bot.ask("hi").stores is None  # there is no confidence


def _written() -> tuple[dict[str, Any], Sequence[Article]]:
    bot = bot_of(TALKS, reader=PhraseReader(Paris=9, Moscow=3))
    return dict(bot.ask("where next").to_dict()), bot.articles


@pytest.mark.parametrize(
    ("question", "outcome"),
    [("where next", "answered"), ("hi", "small_talk"), ("why", "not_found")],
)
def test_an_answer_written_before_there_were_outcomes_is_still_read(
    question: str, outcome: str
) -> None:
    bot = bot_of(TALKS, reader=PhraseReader(**({"Paris": 9} if outcome == "answered" else {})))
    answer = bot.ask(question)
    written = dict(answer.to_dict())
    for added in ("outcome", "answerable", "opposite", "looked_at", "stores"):
        del written[added]
    read = Answer.from_dict(written, bot.articles)
    assert read.outcome.value == outcome
    assert read == replace(answer, answerable=None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": "Rome"}, "text is 'Rome'; expected 'Paris'"),
        ({"items": []}, "items is []; expected ['Paris']"),
        ({"confidence": "0.9"}, "confidence is '0.9'; expected 0.9"),
        ({"confidence": True}, "confidence is True; expected 1.0"),
        ({"confidence": 1.5}, "1.5 is no probability"),
        ({"confidence": float("nan")}, "nan is no probability"),
        ({"kind": "riddle"}, "there is no kind 'riddle'"),
        ({"question": 3}, "question is 3; expected '3'"),
        ({"references": [{}]}, "KeyError: 'word'"),
        ({"citations": None}, "is no answer (TypeError"),
        ({"citations": ["a0"]}, "is no answer (TypeError"),
        ({"stores": {"asked": "exact"}}, "KeyError: 'calibrated'"),
        ({"stores": "exact"}, "is no answer (TypeError"),
        ({"looked_at": [1]}, "looked_at[0] is 1; expected '1'"),
        ({"suggestions": "ab"}, "suggestions is 'ab'; expected ['a', 'b']"),
        ({"colour": "red"}, "it has, or lacks, colour"),
        ({"outcome": "sure"}, "'sure' is not a valid Outcome"),
        ({"outcome": "not_found"}, "not_found, and 1 places are cited"),
        ({"outcome": "close_call", "citations": [], "alternatives": []}, "close_call, of 0"),
        ({"outcome": "not_for_me", "citations": []}, "not_for_me, and the reply is None"),
        ({"reply": "Hello."}, "answered, and the reply is 'Hello.'"),
    ],
)
def test_a_written_answer_that_was_changed_is_refused(change: dict[str, Any], says: str) -> None:
    written, articles = _written()
    with pytest.raises(AnswerError) as error:
        Answer.from_dict({**written, **change}, articles)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"article_id": "b"}, "cites 'b', which is not among the articles given"),
        ({"article_id": ["a0"]}, "is no answer (TypeError"),
        ({"article_title": "Other"}, "citations[0].article_title is 'Other'; expected 'Article 0'"),
        ({"start": -9}, "is not a place in the article"),
        ({"end": 10_000}, "is not a place in the article"),
        ({"start": float("inf")}, "is no answer (OverflowError"),
        ({"answer_start": 27}, "text is 'Paris'; expected 'aris'"),
        ({"speaker": 3}, "citations[0].speaker is 3; expected '3'"),
        ({"evidence": {"logit": float("inf")}}, "evidence is finite"),
        ({"evidence": {"luck": 1}}, "is no answer (TypeError"),
    ],
)
def test_a_citation_that_is_not_of_its_article_is_refused(
    change: dict[str, Any], says: str
) -> None:
    written, articles = _written()
    written["citations"][0].update(change)
    with pytest.raises(AnswerError) as error:
        Answer.from_dict(written, articles)
    assert says in str(error.value)


def test_an_answer_is_refused_where_its_article_is_another_version() -> None:
    written, (article,) = _written()
    other = replace(article, text="Now, t" + article.text[1:])
    with pytest.raises(AnswerError, match="does not fit its articles"):
        Answer.from_dict(written, [other])


@pytest.mark.parametrize("values", [None, [], "Paris", {}, {"text": "Paris"}])
def test_what_is_no_answer_at_all_is_refused(values: Any) -> None:  # noqa: ANN401
    with pytest.raises(AnswerError, match=r"expected what Answer\.to_dict wrote"):
        Answer.from_dict(values, [])


def test_a_citation_keeps_its_article() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Paris=9))
    citation = again(bot.ask("where next"), bot).citations[0]
    assert isinstance(citation, Citation)
    assert citation.article is bot.articles[0]
