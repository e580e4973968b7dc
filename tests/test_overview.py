"""What an article is about, and what it names."""

from __future__ import annotations

import numpy as np
import pytest

from index.articles import Article
from index.retriever import Retriever
from index.structure.sentences import split_sentences
from index.text.stretches import Stretch
from qa.answering.overview import MAX_LEADS, MAX_LISTED, about_articles, listed
from qa.answering.summaries import summarize
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
        ("cities", ["Port Ellen"]),
        ("countries", []),
        ("numbers", []),
        ("quotations", ["We agree,"]),
        ("help", []),
    ],
)
def test_each_thing_is_listed_where_it_first_stands_in_full(topic: Topic, found: list[str]) -> None:
    assert [PORT.text[start:end] for start, end in listed(Analyses().of(PORT), topic)] == found


def test_countries_cities_and_numbers_are_listed_by_themselves() -> None:
    article = Article(
        "a",
        "A",
        "The 41.5 m bridge at Lake Como, in Italy, cost €3 million; Milan and Kenya paid 2%.",
    )
    assert about("places", article).items == ("Lake Como", "Italy", "Milan", "Kenya")
    assert about("countries", article).items == ("Italy", "Kenya")
    assert about("cities", article).items == ("Milan",)
    assert about("numbers", article).items == ("41.5 m", "€3 million", "2%")


def test_an_overview_is_cited_and_found_by_rule() -> None:
    answer = about("people", PORT)
    assert (answer.kind, answer.confidence) == ("about", None)
    assert answer.text == "Ann Hall; Pavel Frost"
    assert {citation.text for citation in answer.citations} == {
        "Ann Hall met Pavel Frost in Port Ellen on 14 May 2020."
    }


def test_a_nested_list_is_shown_once_in_a_summary_with_the_one_that_it_is_part_of() -> None:
    text = "Cargo:\n- dry goods\n  - flour\n  - salt\n- mules\n\nCrew:\n- a cook\n"
    article = Article("a", "A", text)
    spans = [Stretch(article, *span) for span in split_sentences(text)]
    vectors = np.ones((len(spans), 3), dtype=np.float32)
    assert [each.text for each in summarize(spans, vectors)] == [
        "Cargo:\n- dry goods\n  - flour\n  - salt\n- mules", "Crew:\n- a cook",
    ]  # fmt: skip


def test_of_many_articles_the_leads_of_the_first_are_their_summary() -> None:
    articles = [
        Article(f"a{n}", "A", f"This one is about town {n}. It is quite short.") for n in range(9)
    ]
    assert about("summary", *articles).items == tuple(
        f"This one is about town {n}." for n in range(MAX_LEADS)
    )


def test_of_a_large_collection_not_everything_is_listed() -> None:
    articles = [
        Article(
            f"a{n}", "A", " ".join(f"In {1500 + 40 * n + year} it rained." for year in range(40))
        )
        for n in range(4)
    ]
    answer = about("dates", *articles)
    assert len(answer.citations) == MAX_LISTED
    assert answer.looked_at == ("a0", "a1", "a2")


def test_it_is_told_which_articles_of_a_collection_were_looked_at() -> None:
    articles = [Article(f"a{n}", "A", f"This one is about town {n}.") for n in range(9)]
    assert about("summary", *articles).looked_at == ("a0", "a1", "a2", "a3", "a4")
    assert about("dates", *articles).looked_at == tuple(article.id for article in articles)
    assert about("dates", PORT).looked_at == ()


def test_of_copies_the_first_is_quoted_and_does_not_crowd_out_another() -> None:
    copies = [Article(f"c{n}", "C", "The park closes\nat eight.") for n in range(MAX_LEADS)]
    copies.append(Article("d", "D", "The park closes at eight."))
    other = Article("o", "O", "The pool opens at nine. It is heated.")
    answer = about("summary", *copies, other)
    assert answer.items == ("The park closes\nat eight.", "The pool opens at nine.")
    assert answer.looked_at[-1] == "o"


def test_a_sentence_that_several_articles_start_with_is_quoted_once() -> None:
    articles = [Article(f"a{n}", "A", "This page is about our town.") for n in range(2)]
    found = about("summary", *articles).items
    assert found == ("This page is about our town.",)


def test_a_name_that_several_articles_have_is_listed_once() -> None:
    assert about("people", PORT, Article("b", "B", "We saw Ann Hall and Ida Berg.")).items == (
        "Ann Hall",
        "Pavel Frost",
        "Ida Berg",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "# The town of Selje\n\nSubscribe to our newsletter for more news.\n\n"
            "The council of Selje met on Monday.\n\n- a motion about the new harbour wall\n"
            "- a motion about the old school\n\nPhoto: the harbour at dawn, by Ida Berg.\n\n"
            "Who will pay for all of this? Nobody knows that for sure. These were the motions:\n\n"
            "The wall will cost four million euros.",
            ["The council of Selje met on Monday.", "The wall will cost four million euros."],
        ),
        (
            "The harbour of Selje is quite old. It was built by monks and is made of stone.",
            ["The harbour of Selje is quite old."],
        ),
        (
            "Q: When does it open?\nA: The hall opens at nine in summer.\n\n"
            "Q: Is it free?\nA: Yes, on Sundays and for all of the children.",
            ["The hall opens at nine in summer."],
        ),
        (
            "# Packing\n\nBring these:\n\n- a torch\n- gloves\n",
            ["Bring these:\n\n- a torch\n- gloves"],
        ),
        (
            "code,meaning\n1,disk full\n2,fan stopped\n",
            ["code,meaning\n1,disk full\n2,fan stopped"],
        ),
        ("# Only a heading", ["Only a heading"]),
    ],
)
def test_a_summary_has_whole_sentences_of_paragraphs_where_there_are_any(
    text: str, found: list[str]
) -> None:
    assert list(about("summary", Article("a", "A", text)).items) == found


def test_a_long_list_and_an_endless_line_are_summed_up_shortly() -> None:
    listed_items = about("summary", Article("a", "A", "".join(f"- item {n}\n" for n in range(999))))
    assert all(len(item) <= 300 for item in listed_items.items)
    endless = about("summary", Article("a", "A", "word " * 20_000))
    assert all(len(item) <= 1000 for item in endless.items)


def test_what_is_withheld_is_not_listed() -> None:
    assert about("dates", PORT, without=(Stretch(PORT, 0, 60),)).items == ("1998",)
