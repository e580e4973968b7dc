"""Who wrote a document, to whom and when: what it states apart from its text."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from index.articles import Article
from index.retriever import Retriever
from qa.answers import Outcome
from qa.pipeline import ArticleQA
from tests.fakes import PhraseReader, WordEncoder

LETTER = """# Venue

From: Yusuf Demir <yusuf@example.org>
To: Anna Keller <anna@example.org>, Ray Tan <ray@example.org>
Date: Thu, 05 Mar 2026 16:42:10 +0100

Dear Anna, the hall is free.

On Wed, 4 Mar 2026 at 09:15, Anna Keller wrote:
> Is the hall free?"""
OF_LETTER = {
    "from": "Yusuf Demir <yusuf@example.org>",
    "to": "Anna Keller <anna@example.org>, Ray Tan <ray@example.org>",
    "date": "2026-03-05T16:42:10+01:00",
}
STORY = """# The bridge opens

By Ada Hall and Per Moe, 19 November 2019

Rita Berg wrote a song about the bridge in 2018. She sang it on 3 May 2019."""
OF_STORY = {"author": "Ada Hall, Per Moe", "date": "2019-11-19"}


def bot_of(text: str, meta: Mapping[str, str], **phrases: float) -> ArticleQA:
    retriever = Retriever.build([Article("a", "A", text, meta=meta)], WordEncoder())
    return ArticleQA(retriever, PhraseReader(**phrases))


@pytest.mark.parametrize(
    ("question", "text", "meta", "answer"),
    [
        ("Who sent this?", LETTER, OF_LETTER, "Yusuf Demir"),
        ("Who wrote the e-mail?", LETTER, OF_LETTER, "Yusuf Demir"),
        ("Who is it from?", LETTER, OF_LETTER, "Yusuf Demir"),
        ("Who is this addressed to?", LETTER, OF_LETTER, "Anna Keller; Ray Tan"),
        ("When was it sent?", LETTER, OF_LETTER, "Thu, 05 Mar 2026 16:42:10 +0100"),
        ("Who wrote this?", STORY, OF_STORY, "Ada Hall and Per Moe"),
        ("Who are the authors of the article?", STORY, OF_STORY, "Ada Hall and Per Moe"),
        ("When was the article published?", STORY, OF_STORY, "19 November 2019"),
        ("What is the date of this?", STORY, OF_STORY, "19 November 2019"),
        ("When was this published?", STORY, {"date": "2019-11-20T01:00:00Z"}, "19 November 2019"),
    ],
)
def test_what_the_source_knows_is_quoted_where_the_document_says_it(
    question: str, text: str, meta: Mapping[str, str], answer: str
) -> None:
    found = bot_of(text, meta).ask(question)
    assert (found.text, found.outcome) == (answer, Outcome.ANSWERED)
    for citation in found.citations:
        assert text[citation.answer_start : citation.answer_end] == citation.answer


@pytest.mark.parametrize(
    ("question", "meta"),
    [
        ("Who wrote the song?", OF_STORY),  # of something else
        ("Who wrote this?", {}),  # nobody knows
        ("Who wrote this?", {"author": "Zoe Quist"}),  # the document does not say so
        ("Who wrote this?", {"author": "Ada Hall, Zoe Quist"}),
        ("When was this published?", {"date": "2019-05-04"}),
        ("When was this published?", {"date": "soon"}),
    ],
)
def test_else_the_text_is_read(question: str, meta: Mapping[str, str]) -> None:
    found = bot_of(STORY, meta, Rita=9).ask(question)
    assert found.text == "Rita"


def test_of_several_documents_none_is_meant() -> None:
    articles = [Article(each, each, STORY, meta=OF_STORY) for each in "ab"]
    bot = ArticleQA(Retriever.build(articles, WordEncoder()), PhraseReader(Rita=9))
    assert bot.ask("Who wrote this?").text != "Ada Hall and Per Moe"
