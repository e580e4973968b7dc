from __future__ import annotations

import dataclasses
import itertools
import json
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.errors import ArticleError, ModelError, QuestionError, SettingError
from index.models.encoder import SentenceEncoder
from index.retriever import Retriever
from qa import Answer, ArticleQA
from qa.answers import SEVERAL, Outcome
from qa.reading.calibration import Calibration
from qa.reading.evidence import Evidence
from tests.fakes import EverySpanReader, PhraseReader, WordEncoder, bot_of

TALKS = "The talks were held in Florida. Paris comes next. In Florida they met. Moscow is far."
TEXTS = st.text(min_size=1).filter(str.strip)
QUESTIONS = st.text(min_size=1, max_size=100).filter(str.strip)


def check_quotations(answer: Answer, articles: list[Article]) -> int:
    """Hold every quotation against its article; return how many there were."""
    by_id = {article.id: article.text for article in articles}
    for shown in answer.shown:
        whole = by_id[shown.article.id][shown.start : shown.end]
        assert "".join(piece for piece, _ in shown.pieces) == whole
    citations = [*answer.citations, *(other.citation for other in answer.alternatives)]
    for citation in citations:
        text = by_id[citation.article.id]
        assert text[citation.start : citation.end] == citation.text
        assert text[citation.answer_start : citation.answer_end] == citation.answer != ""
        assert citation.start <= citation.answer_start < citation.answer_end <= citation.end
    check_text(answer)
    return len(citations)


def check_text(answer: Answer) -> None:
    """Hold an answer's text: its parts, in order, with nothing added but semicolons."""
    if not answer.citations:
        assert answer.text is None
        return
    assert answer.text is not None
    first, *others = answer.citations if answer.kind in SEVERAL else answer.citations[:1]
    assert answer.text.startswith(first.answer)
    rest = answer.text[len(first.answer) :]
    for before, after in itertools.pairwise([first, *others]):
        between = before.article.text[before.answer_end : after.answer_start]
        stands = [parted for parted in ("; ", between) if rest.startswith(parted + after.answer)]
        assert stands
        rest = rest[len(stands[0] + after.answer) :]
    assert rest == ""


def test_the_answer_is_the_best_span_with_the_sentence_it_stands_in() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Paris=9, Moscow=3)).ask("where next")

    assert answer.text == "Paris"
    assert answer.confidence == pytest.approx(0.99988, abs=1e-5)
    (citation,) = answer.citations
    assert citation.text == "Paris comes next."
    (shown,) = answer.shown
    assert list(shown.pieces) == [("", False), ("Paris", True), (" comes next.", False)]
    assert (citation.start, citation.end) == (32, 49)
    assert citation.article.title == "Article 0"
    assert citation.evidence.logit == 9
    assert 0 < citation.evidence.similarity <= 1
    assert [(other.text, other.citation.text) for other in answer.alternatives] == [
        ("Moscow", "Moscow is far.")
    ]


def test_each_place_that_says_the_answer_is_cited() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Florida=9, Paris=3)).ask("where")
    assert [citation.text for citation in answer.citations] == [
        "The talks were held in Florida.",
        "In Florida they met.",
    ]
    assert [other.text for other in answer.alternatives] == ["Paris"]


def test_a_place_that_is_not_likely_is_not_cited_nor_called_another_reading() -> None:
    reader = PhraseReader(**{"in_Florida.": 9, "Florida_they": -9})
    answer = bot_of(TALKS, reader=reader).ask("where")
    assert [citation.text for citation in answer.citations] == ["The talks were held in Florida."]


def test_below_the_threshold_the_article_does_not_say() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Moscow=-1, Paris=-2)).ask("who won the cup")
    assert answer.text is None
    assert answer.citations == ()
    assert answer.confidence == pytest.approx(0.2689, abs=1e-4)
    assert [other.text for other in answer.alternatives] == ["Moscow", "Paris"]


@pytest.mark.parametrize(("threshold", "text"), [(0.0, "Moscow"), (0.2, "Moscow"), (0.3, None)])
def test_the_threshold_can_be_moved(threshold: float, text: str | None) -> None:
    retriever = Retriever.build([Article("a", "A", TALKS)], WordEncoder())
    bot = ArticleQA(retriever, PhraseReader(Moscow=-1), min_confidence=threshold)
    assert bot.ask("where").text == text


def test_the_same_reading_in_another_passage_supports_it() -> None:
    # The four sentences make two passages, which share the second and third.
    reader = PhraseReader(Moscow=3, Paris=2)
    reader.calibration = Calibration(Evidence(logit=1, support=1))
    answer = bot_of(TALKS, reader=reader).ask("where")
    assert answer.text == "Paris"
    assert answer.citations[0].evidence[:2] == (2, 2)
    assert answer.alternatives[0].citation.evidence[:2] == (3, 0)
    assert answer.confidence == pytest.approx(1 / (1 + math.exp(-4)))


def test_what_was_found_better_wins_where_the_reader_sees_no_difference() -> None:
    reader = PhraseReader(Rome=3, Oslo=3)
    reader.calibration = Calibration(Evidence(logit=1, similarity=1, bm25_gap=-1))
    bot = bot_of("Trains toot in Rome.", "Ships sail to Oslo.", reader=reader)
    assert bot.ask("where do trains toot").text == "Rome"
    assert bot.ask("where do ships sail").text == "Oslo"


def test_without_an_answer_the_closest_sentences_are_at_hand_each_once() -> None:
    reader = PhraseReader(Moscow=-1, far=-2, Paris=-3, Florida=-4, met=-5)
    answer = bot_of(TALKS, reader=reader).ask("who won the cup")
    assert [citation.text for citation in answer.closest] == [
        "Moscow is far.",
        "Paris comes next.",
        "The talks were held in Florida.",
    ]
    assert bot_of(TALKS, reader=PhraseReader(Paris=9)).ask("where").closest == ()


def test_a_reader_that_finds_nothing_is_no_answer() -> None:
    answer = bot_of(TALKS).ask("where")
    assert (answer.text, answer.confidence, answer.alternatives) == (None, 0.0, ())


def test_spans_that_overlap_are_one_reading() -> None:
    reader = PhraseReader(talks_were_held=9, were_held_in=8, held=7, Paris=1)
    answer = bot_of(TALKS, reader=reader).ask("what")
    assert answer.text == "talks were held"
    assert [other.text for other in answer.alternatives] == ["Paris"]


def test_an_answer_over_two_sentences_is_cited_with_both() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(**{"Florida._Paris": 9})).ask("where")
    assert answer.citations[0].text == "The talks were held in Florida. Paris comes next."


def test_only_the_best_passages_are_read() -> None:
    reader = PhraseReader()
    bot_of(TALKS, "Trains toot. Cars honk.", reader=reader).ask("trains toot", top_k=1)
    assert reader.seen == [["Trains toot. Cars honk."]]


def test_an_answer_of_several_quotations_has_them_all_in_its_text() -> None:
    answer = bot_of("Trains toot.", "Cars honk.").ask("Summarise it")
    assert answer.items == ("Trains toot.", "Cars honk.")
    assert answer.text == answer.to_dict()["text"] == "Trains toot.; Cars honk."


def test_the_article_that_answers_is_cited() -> None:
    answer = bot_of(TALKS, "Trains toot in Rome.", reader=PhraseReader(Rome=9)).ask("where")
    assert answer.citations[0].article.id == "a1"


def test_many_questions_get_the_answers_that_each_alone_gets() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Paris=9, Moscow=3))
    questions = ["where next", "who is far", "where next"]
    assert bot.ask_many(questions) == [bot.ask(question) for question in questions]
    assert bot.ask_many(iter(questions)) == bot.ask_many(questions)
    assert bot.ask_many([]) == []


@pytest.mark.parametrize("question", ["", "  ", "\n\t", "\u3000"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        bot_of(TALKS).ask(question)


@pytest.mark.parametrize("question", ["😀😀", "北京？", "\ud800 where", "!", "\u202e\u200b"])
def test_a_question_in_any_script_is_answered_or_not(question: str) -> None:
    assert bot_of(TALKS, reader=PhraseReader(Paris=1)).ask(question).text == "Paris"


def test_settings_outside_their_range_are_refused() -> None:
    with pytest.raises(SettingError, match="top_k is 0; expected at least 1"):
        bot_of(TALKS).ask("where", top_k=0)
    retriever = Retriever.build([Article("a", "A", TALKS)], WordEncoder())
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(SettingError, match=r"expected a number in 0\.\.1"):
            ArticleQA(retriever, PhraseReader(), min_confidence=wrong)


def test_models_that_are_not_there_are_refused(tmp_path: Path) -> None:
    articles = [Article("a", "A", TALKS)]
    with pytest.raises(ModelError, match="cannot be loaded"):
        ArticleQA.from_articles(articles, encoder=WordEncoder(), reader=tmp_path)
    with pytest.raises(ModelError, match="cannot be loaded"):
        ArticleQA.from_articles(articles, encoder=str(tmp_path), reader=PhraseReader())
    with pytest.raises(ArticleError, match="There is no article"):
        ArticleQA.from_articles([], encoder=WordEncoder(), reader=PhraseReader())


def test_a_saved_index_answers_the_same(tmp_path: Path) -> None:
    reader = PhraseReader(Paris=9, Moscow=3)
    bot = bot_of(TALKS, reader=reader)
    bot.save(tmp_path / "talks.index")
    again = ArticleQA.load(tmp_path / "talks.index", encoder=WordEncoder(), reader=reader)
    assert again.ask("where next") == bot.ask("where next")
    assert again.articles == bot.articles


def test_an_answer_can_be_written_as_json() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Paris=9, Moscow=3)).ask("where next")
    written = json.loads(json.dumps(answer.to_dict()))
    assert written["text"] == "Paris"
    assert written["citations"][0] == {
        "article_id": "a0",
        "article_title": "Article 0",
        "article_meta": {},
        "start": 32,
        "end": 49,
        "text": "Paris comes next.",
        "answer_start": 32,
        "answer_end": 37,
        "answer": "Paris",
        "speaker": None,
        "evidence": {
            "logit": 9,
            "support": 9,
            "similarity": answer.citations[0].evidence.similarity,
            "bm25_gap": 0.0,
            "first_logit": 0.0,
            "similarity_gap": 0.0,
            "margin": 6.0,
            "opposed": 0.0,
        },
        "source": [],
    }
    assert written["alternatives"][0]["text"] == "Moscow"


def test_an_answer_cannot_be_changed() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Paris=9)).ask("where next")
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.confidence = 1.0  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.citations[0].start = 0  # type: ignore[misc]


@example(["0", "0"], "sMMARA")  # taken for "summary": the lead of each article
@given(st.lists(TEXTS, min_size=1, max_size=3), TEXTS)
def test_every_quotation_is_in_its_article_word_for_word(texts: list[str], question: str) -> None:
    bot = bot_of(*texts, reader=EverySpanReader())
    check_quotations(bot.ask(question), list(bot.articles))


@pytest.mark.models
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.lists(TEXTS, min_size=1, max_size=8).map(" Florida. “".join), question=QUESTIONS)
def test_every_quotation_of_the_real_models_is_in_its_article(
    bot: ArticleQA, encoder: SentenceEncoder, text: str, question: str
) -> None:
    retriever = Retriever.build([Article("a", "A", text)], encoder)
    own = ArticleQA(retriever, bot.strategy, min_confidence=0)
    check_quotations(own.ask(question), list(own.articles))


HOSTILE = {
    "control characters": "The talks\x00\x07 were\x1b[31m held in Florida.\x85 Paris\x0b is next.",
    "right-to-left marks": "\u202eThe talks\u2066 were held in Florida\u2069.\u200f Paris is next.",
    "a word of 100,000 letters": f"The talks were held in Florida. {'x' * 100_000} Paris next.",
    "a sentence of 20,000 words": f"The talks were held in Florida, {'and so on ' * 7_000}, Paris.",
    "zero-width joins": "The t\u200da\u200dlks were h\u200beld in Flo\u00adrida.\ufeff Paris next.",
    "combining marks": "The talks were he\u0301ld in Flo\u0308rida. Pa\u0327\u0327ris is next.",
}


@pytest.mark.models
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("question", ["Where were the talks held?", HOSTILE["zero-width joins"]])
def test_hostile_text_moves_no_offset(
    bot: ArticleQA, encoder: SentenceEncoder, text: str, question: str
) -> None:
    articles = [Article("a", "A", text), Article("b", "B", "Trains toot.")]
    own = ArticleQA(Retriever.build(articles, encoder), bot.strategy, min_confidence=0)
    answer = own.ask(question)
    assert check_quotations(answer, articles) > 0
    if question.startswith("Where"):
        assert "Flo" in answer.citations[0].text


@pytest.mark.models
def test_the_article_is_answered_from_and_not_beyond(bot: ArticleQA, article: Article) -> None:
    leader, population = bot.ask_many(
        ["Who leads the Ukrainian delegation?", "What is the population of Ukraine?"]
    )
    assert leader.text == "Rustem Umerov"
    assert leader.citations[0].text.startswith("The high-level discussions, convened in")
    assert leader.citations[0].text.endswith("searched his residence.")
    assert population.text is None
    assert check_quotations(leader, [article]) > 0


@pytest.mark.models
def test_where_the_talks_were_held_is_the_town_not_another_place(
    bot: ArticleQA, article: Article
) -> None:
    answer = bot.ask("Where were the talks held?")
    assert answer.text == "Hallandale Beach, Florida"
    assert answer.confidence is not None
    assert answer.confidence > 0.95
    assert "Moscow" not in {other.text for other in answer.alternatives}
    assert check_quotations(answer, [article]) == 1


@pytest.mark.models
def test_where_one_of_two_goes_is_not_said_of_the_other(bot: ArticleQA) -> None:
    for question in ("Where did Jared Kushner go?", "Where is Kushner travelling?"):
        assert bot.ask(question).outcome is Outcome.NOT_FOUND
    assert bot.ask("Where will Witkoff travel?").text == "Moscow"


@pytest.mark.models
@pytest.mark.parametrize(
    "question", ["😀😀", "会谈在哪里举行？", "أين عقدت المحادثات؟", "?", "\ud800"]
)
def test_a_question_in_any_script_can_be_asked_of_the_real_models(
    bot: ArticleQA, article: Article, question: str
) -> None:
    check_quotations(bot.ask(question), [article])


@pytest.mark.models
def test_an_article_of_one_word_can_be_asked(bot: ArticleQA, encoder: SentenceEncoder) -> None:
    retriever = Retriever.build([Article("a", "A", "Florida")], encoder)
    answer = ArticleQA(retriever, bot.strategy, min_confidence=0).ask("Where were the talks held?")
    assert answer.text == answer.citations[0].text == "Florida"


@pytest.mark.models
def test_the_real_models_answer_a_batch_as_they_answer_each(bot: ArticleQA) -> None:
    questions = ["Who leads the Ukrainian delegation?", "When was Crimea annexed?", "Who won?"]
    for alone, together in zip(map(bot.ask, questions), bot.ask_many(questions), strict=True):
        assert alone.text == together.text
        assert alone.confidence == pytest.approx(together.confidence, abs=1e-4)
        assert [(c.start, c.end) for c in alone.citations] == [
            (c.start, c.end) for c in together.citations
        ]


@pytest.mark.models
def test_threads_that_ask_at_once_get_what_each_alone_gets(bot: ArticleQA) -> None:
    questions = ["Who resigned?", "When was Crimea annexed?", "Where were the talks held?"] * 4
    with ThreadPoolExecutor(max_workers=6) as threads:
        answers = list(threads.map(bot.ask, questions))
    assert [answer.text for answer in answers] == [bot.ask(q).text for q in questions]


@pytest.mark.models
def test_an_index_of_the_real_models_opens_by_itself(bot: ArticleQA, tmp_path: Path) -> None:
    bot.save(tmp_path / "talks.index")
    again = ArticleQA.load(tmp_path / "talks.index")
    answer = again.ask("Who leads the Ukrainian delegation?")
    assert answer == bot.ask("Who leads the Ukrainian delegation?")
    assert answer.text == "Rustem Umerov"
