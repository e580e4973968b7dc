from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from qa.answers import Citation
from qa.calibration import Evidence
from tests.fakes import PhraseReader, bot_of
from ui.web.markup import answer_html, article_html, escape

TALKS = "The talks were held in Florida. Paris comes next.\n\nThe end."


def cite(article: Article, sentence: str, answer: str) -> Citation:
    start, answer_start = article.text.index(sentence), article.text.index(answer)
    end, answer_end = start + len(sentence), answer_start + len(answer)
    return Citation(article, start, end, answer_start, answer_end, Evidence())


@given(st.text())
def test_escaped_text_shows_as_it_is_and_holds_no_sign(text: str) -> None:
    escaped = escape(text)
    assert html.unescape(escaped.replace("<br>", "\n")) == html.unescape(html.escape(text))
    assert not re.search(r"[*_`\[\]{}$~|\\!]|<(?!br>)|https?://", escaped)


def test_an_answer_shows_its_confidence_and_its_sentence_with_the_answer_marked() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Florida=2)).ask("where")
    assert answer_html(answer, articles=1) == (
        "<p><strong class='answer'>Florida</strong> "
        "<span class='confidence'>confidence 88%</span></p>"
        "<blockquote>The talks were held in <mark>Florida</mark>&#46;"
        "<footer>Article 0</footer></blockquote>"
    )


def test_no_answer_is_said_plainly_with_what_comes_closest() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Paris=-1)).ask("where")
    shown = answer_html(answer, articles=1)
    assert shown.startswith("<p><strong class='no-answer'>The article does not say.</strong></p>")
    assert "Closest, but not sure enough:" in shown
    assert "<mark>Paris</mark> comes next" in shown
    assert "The articles do not say." in answer_html(answer, articles=2)


def test_nothing_close_is_nothing_shown() -> None:
    answer = bot_of(TALKS).ask("where")
    assert answer_html(answer, articles=1).endswith("does not say.</strong></p>")


def test_the_article_is_shown_whole_with_the_cited_sentence_and_the_answer_marked() -> None:
    article = Article("a", "Talks & more", TALKS)
    shown = article_html(article, [cite(article, "Paris comes next.", "Paris")])
    assert shown == (
        "<h2>Talks &amp; more</h2>"
        "<p>The talks were held in Florida&#46; "
        "<mark class='answer'>Paris</mark><mark class='cited'> comes next&#46;</mark></p>"
        "<p>The end&#46;</p>"
    )


def test_marks_that_overlap_or_run_over_a_paragraph_stay_in_place() -> None:
    article = Article("a", "A", TALKS)
    both = [
        cite(article, "Paris comes next.\n\nThe end.", "next.\n\nThe"),
        cite(article, "Paris comes next.", "comes"),
    ]
    assert article_html(article, both).partition("</h2>")[2] == (
        "<p>The talks were held in Florida&#46; <mark class='cited'>Paris </mark>"
        "<mark class='answer'>comes</mark><mark class='cited'> </mark>"
        "<mark class='answer'>next&#46;</mark></p>"
        "<p><mark class='answer'>The</mark><mark class='cited'> end&#46;</mark></p>"
    )


def test_what_is_cited_elsewhere_is_not_marked_here() -> None:
    here, there = Article("a", "A", TALKS), Article("b", "B", TALKS)
    assert "<mark" not in article_html(here, [cite(there, "Paris comes next.", "Paris")])


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "${alert(1)}", "{{7*7}}"],
)
def test_a_document_cannot_steer_the_page(hostile: str) -> None:
    article = Article("a", hostile, f"{hostile} in Florida {hostile}.")
    bot = bot_of(article.text, reader=PhraseReader(Florida=9))
    for shown in (article_html(article), answer_html(bot.ask("where"), articles=1)):
        assert hostile not in shown
        assert "<script" not in shown
        assert "<img" not in shown


SPEECH = "Ann Hall met Pavel Frost and Eva Berg in Leeds. “We go,” said Ann Hall."


def said(question: str, **logits: float) -> str:
    return answer_html(bot_of(SPEECH, reader=PhraseReader(**logits)).ask(question), articles=1)


def test_a_list_is_a_list_over_its_sentences() -> None:
    assert said("Who met her?", **{"Pavel Frost and Eva Berg": 3}) == (
        "<ul class='answers'><li><strong class='answer'>Pavel Frost</strong></li>"
        "<li><strong class='answer'>Eva Berg</strong></li></ul>"
        "<p><span class='confidence'>confidence 95%</span></p>"
        "<blockquote>Ann Hall met <mark>Pavel Frost</mark> and <mark>Eva Berg</mark> in Leeds&#46;"
        "<footer>Article 0</footer></blockquote>"
    )


def test_a_quotation_names_its_speaker_and_small_talk_is_plain() -> None:
    assert "<strong class='answer'>We go,</strong> <span class='speaker'>Ann Hall</span>" in said(
        "What did Ann Hall say?"
    )
    assert said("thanks") == "<p>You are welcome&#46;</p>"


def test_how_a_question_was_understood_stands_over_the_answer() -> None:
    assert said("who met pavel frosst", Leeds=3).startswith(
        "<p class='understood'>Understood as: who met pavel frost</p>"
    )
