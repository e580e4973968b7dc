"""What an article is about, and what it names."""

from __future__ import annotations

import numpy as np
import pytest

from index.articles import Article
from index.retriever import Retriever
from index.structure.sentences import split_sentences
from index.text.stretches import Stretch
from qa.answering.overview import MAX_LEADS, MAX_LISTED, about_articles, listed, summarize
from qa.answers import Answer, Interpretation
from qa.asking.kinds import Topic
from qa.english.analysis import Analyses
from tests.fakes import WordEncoder

PORT = Article(
    "port",
    "Port",
    "Ann Hall met Pavel Frost in Port Ellen on 14 May 2020. “We agree,” said Hall. "
    "The High Court ruled on 14 May 2020. Frost left Port Ellen in 1998.",
)


def about(topic: Topic, *articles: Article, without: tuple[Stretch, ...] = ()) -> Answer:
    retriever = Retriever.build(articles, WordEncoder())
    return about_articles(retriever, Analyses(), "?", Interpretation("?"), topic, articles, without)


def summary(*sentences: tuple[str, tuple[float, float, float]], between: str = " ") -> list[str]:
    """Summarise sentences that have these vectors."""
    article = Article("a", "A", between.join(text for text, _ in sentences))
    spans = [Stretch(article, *span) for span in split_sentences(article.text)]
    assert [span.text for span in spans] == [text for text, _ in sentences]
    vectors = np.array([vector for _, vector in sentences], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [each.text for each in summarize(spans, vectors)]


LEAD = ("The council met in the town.", (1.0, 1.0, 0.0))
CENTRAL = ("Most of the town was there.", (1.0, 0.0, 0.3))
SECOND = ("All of them were quite content.", (0.0, 1.0, 0.3))
ASIDE = ("Some geese live near the sea.", (-1.0, 0.0, 0.0))


def test_a_summary_is_the_lead_and_the_most_central_others_in_order() -> None:
    assert summary(LEAD, ASIDE, SECOND, CENTRAL) == [LEAD[0], SECOND[0], CENTRAL[0]]


def test_a_heading_is_no_lead() -> None:
    assert summary(("The news.", (1.0, 1.0, 0.0)), LEAD, CENTRAL)[0] == LEAD[0]
    assert summary(("The news.", (1.0, 1.0, 0.0)), ("No more.", (1.0, 0.0, 0.0))) == ["The news."]


def test_a_sentence_that_says_nearly_the_same_is_left_out() -> None:
    again = ("In the town the council met.", (1.0, 0.9, 0.0))
    assert summary(LEAD, again, CENTRAL, SECOND) == [LEAD[0], CENTRAL[0], SECOND[0]]


@pytest.mark.parametrize(
    "leaning", ["They were all there at noon.", "“Most of us were there,” Hall said."]
)
def test_a_sentence_that_leans_on_another_or_quotes_gives_way(leaning: str) -> None:
    assert summary(LEAD, (leaning, (1.0, 0.1, -0.3)), SECOND, CENTRAL) == [
        LEAD[0],
        SECOND[0],
        CENTRAL[0],
    ]


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("people", ["Ann Hall", "Pavel Frost"]),
        ("places", ["Port Ellen"]),
        ("organisations", ["High Court"]),
        ("names", ["Ann Hall", "Pavel Frost", "Port Ellen", "High Court"]),
        ("dates", ["14 May 2020", "1998"]),
        ("quotations", ["We agree,"]),
        ("help", []),
    ],
)
def test_each_thing_is_listed_where_it_first_stands_in_full(topic: Topic, found: list[str]) -> None:
    assert [PORT.text[start:end] for start, end in listed(Analyses().of(PORT), topic)] == found


def test_an_overview_is_cited_and_found_by_rule() -> None:
    answer = about("people", PORT)
    assert (answer.kind, answer.confidence) == ("about", None)
    assert answer.text == "Ann Hall; Pavel Frost"
    assert {citation.text for citation in answer.citations} == {
        "Ann Hall met Pavel Frost in Port Ellen on 14 May 2020."
    }


def test_of_many_articles_the_leads_of_the_first_are_their_summary() -> None:
    articles = [
        Article(f"a{n}", "A", f"This one is about town {n}. It is quite short.") for n in range(9)
    ]
    assert about("summary", *articles).items == tuple(
        f"This one is about town {n}." for n in range(MAX_LEADS)
    )


def test_of_a_large_collection_not_everything_is_listed() -> None:
    years = " ".join(f"In {year} it rained." for year in range(1900, 1940))
    articles = [Article(f"a{number}", "A", years) for number in range(4)]
    assert len(about("dates", *articles).citations) == MAX_LISTED


def test_what_is_withheld_is_not_listed() -> None:
    assert about("dates", PORT, without=(Stretch(PORT, 0, 60),)).items == ("1998",)
