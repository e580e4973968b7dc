"""Documents of one name, and which of several were looked at, wherever answers are shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.articles import Article
from index.retriever import Retriever
from qa.pipeline import ArticleQA
from tests.fakes import PhraseReader, WordEncoder
from ui.phrases import Wording, word
from ui.terminal import show
from ui.web.handlers import invitation
from ui.web.markup import answer_html
from ui.web.transcript import as_markdown, as_text

OSLO = Article("oslo/notes.txt", "notes", "The depot in Oslo is run by Kari Moen.")
BERGEN = Article("bergen/notes.txt", "notes", "The depot in Bergen is run by Leif Aas.")
PLAN = Article("plan.txt", "plan", "The plan is quite old by now.")


def said(question: str, *articles: Article) -> Wording:
    retriever = Retriever.build(articles, WordEncoder())
    bot = ArticleQA(retriever, PhraseReader(Leif_Aas=9))
    return word(bot.ask(question), articles=len(articles), labels=bot.labels)


@pytest.mark.parametrize(
    "shown",
    [
        lambda said: show(said, color=False),
        as_text,
        lambda said: as_markdown([said]),
        answer_html,
    ],
)
def test_a_citation_tells_namesakes_apart(shown: Callable[[Wording], str]) -> None:
    text = shown(said("Who runs the depot in Bergen?", OSLO, BERGEN))
    assert "bergen/notes" in text.replace("&#47;", "/")
    assert "oslo/notes" not in text.replace("&#47;", "/")
    looked_at = shown(said("What are the articles about?", OSLO, BERGEN, PLAN))
    told = "Looked at all 3 articles: oslo/notes, bergen/notes, plan"
    assert told in looked_at.replace("&#47;", "/").replace("&#58;", ":")


def test_of_many_articles_it_is_said_how_many_were_looked_at() -> None:
    many = [Article(f"a{n}", f"A {n}", f"This one is about town {n}.") for n in range(9)]
    assert said("What are they about?", *many).looked_at is None
    assert said("What is the article about?", *many).looked_at == (
        "Looked at 5 of 9 articles: A 0, A 1, A 2, A 3, A 4."
    )
    assert said("Which dates are mentioned?", *many).looked_at == (
        "Looked at all 9 articles: A 0, A 1, A 2, A 3, A 4 and 4 more."
    )
    assert said("What is the article about?", PLAN).looked_at is None


def test_the_empty_page_names_each_article_so_that_it_is_told_apart() -> None:
    bot = ArticleQA(Retriever.build([OSLO, BERGEN, PLAN], WordEncoder()), PhraseReader())
    shown = invitation(bot)["placeholder"].replace("&#47;", "/")
    assert "<li>oslo/notes</li><li>bergen/notes</li><li>plan</li>" in shown
