"""Answers that were read: what is given, what beside it, and whether it fits the question."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from index.articles import Article
from index.retriever import Retriever
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answering.citing import cite_by_rule, joined
from qa.answering.outcomes import Judge
from qa.answering.spans import MAX_ALTERNATIVES, fits, from_spans
from qa.answers import Answer, Interpretation, Kind, Outcome
from qa.asking.kinds import kind_of
from qa.english.analysis import Analyses
from qa.reading.calibration import Calibration
from qa.reading.candidates import Candidate
from qa.reading.evidence import Evidence
from tests.fakes import WordEncoder
from tests.turns import turn

PORT = Article(
    "port",
    "Port",
    "Ann Hall met Pavel Frost and Ben Low in Leeds. Kim Berg left Leeds on Monday. "
    "“It was dear,” said Ann Hall of the plan. Curlews, ducks and terns live in Oslo.",
)
FAIR = Article(
    "fair",
    "Fair",
    "The talks begin on Monday at 19:15, because the ferry lands at six. Guests enter for free. "
    "This does not apply to groups. Dogs are allowed in the yard, unless it rains. The meal takes "
    "two hours.",
)
OWN = Analyses()
RETRIEVER = Retriever.build([PORT], WordEncoder())


def places(text: str, article: Article = PORT) -> Span:
    start = article.text.index(text)
    return Span(start, start + len(text))


def answered(article: Article, question: str, found: Mapping[str, float]) -> Answer:
    """Answer by spans of an article with these confidences, given best first."""
    whole = Stretch(article, 0, len(article.text))
    candidates = [
        Candidate(article, *places(text, article), whole, Evidence(), confidence)
        for text, confidence in found.items()
    ]
    interpretation = Interpretation(question)
    asked, judge = kind_of(question), Judge(Calibration(), min_confidence=0.5)
    retriever = RETRIEVER if article is PORT else Retriever.build([article], WordEncoder())
    return from_spans(retriever, OWN, question, interpretation, asked, candidates, (), judge)


def read(question: str, **found: float) -> Answer:
    """Answer by spans of the port's article."""
    spans = {text.replace("_", " "): confidence for text, confidence in found.items()}
    return answered(PORT, question, spans)


def test_the_best_span_is_given_and_the_others_beside_it() -> None:
    answer = read("Where did they meet?", Leeds=0.9, Oslo=0.6)
    assert (answer.kind, answer.text, answer.confidence) == ("phrase", "Leeds", 0.9)
    assert [(other.text, other.confidence) for other in answer.alternatives] == [("Oslo", 0.6)]


def test_what_is_not_likely_enough_is_not_given() -> None:
    answer = read("Where did they meet?", Leeds=0.4, Oslo=0.3)
    assert (answer.text, answer.confidence) == (None, 0.4)
    assert [other.text for other in answer.alternatives] == ["Leeds", "Oslo"]


def test_without_spans_nothing_is_found() -> None:
    answer = read("Why did they meet?")
    assert (answer.kind, answer.text, answer.confidence) == ("clause", None, 0.0)


def test_alternatives_are_few_and_say_something_else_each() -> None:
    answer = read(
        "Where did they meet?",
        Leeds=0.9, Oslo=0.4, Monday=0.3, dear=0.25, Kim_Berg=0.2, Ben_Low=0.1, the_plan=0.05,
    )  # fmt: skip
    assert len(answer.alternatives) == MAX_ALTERNATIVES
    assert "Leeds" not in [other.text for other in answer.alternatives]


@pytest.mark.parametrize(
    ("question", "kind", "items"),
    [
        ("Who met Ann Hall?", "list", ("Pavel Frost", "Ben Low")),
        ("What was seen?", "list", ("Pavel Frost", "Ben Low")),
        ("Why did Ann Hall leave?", "clause", ("Pavel Frost and Ben Low",)),
    ],
)
def test_a_span_that_enumerates_has_parts_where_a_phrase_is_asked_for(
    question: str, kind: Kind, items: tuple[str, ...]
) -> None:
    answer = read(question, Pavel_Frost_and_Ben_Low=0.9)
    assert (answer.kind, answer.items) == (kind, items)
    assert answer.text == "Pavel Frost and Ben Low"


def test_a_list_takes_what_stands_beside_and_what_is_likely_but_no_other_kind() -> None:
    answer = read("Who were the guests?", Ben_Low=0.9, Kim_Berg=0.8, Leeds=0.7)
    assert answer.items == ("Pavel Frost", "Ben Low", "Kim Berg")
    assert answer.text == "Pavel Frost and Ben Low; Kim Berg"


def test_what_is_plainly_of_another_type_gives_way_to_what_is_of_the_type_asked_for() -> None:
    answer = answered(FAIR, "At what time do talks begin?", {"Monday": 0.6, "19:15": 0.5})
    assert (answer.text, answer.confidence, answer.alternatives) == ("19:15", 0.5, ())


def test_where_nothing_likely_is_of_the_type_asked_for_the_best_is_left() -> None:
    answer = answered(FAIR, "At what time do talks begin?", {"Monday": 0.6, "19:15": 0.05})
    assert answer.text == "Monday"


def test_how_long_something_lasts_is_no_price_though_nothing_else_was_read() -> None:
    answer = answered(FAIR, "What does the meal cost?", {"two hours": 0.9})
    assert (answer.text, answer.outcome) == (None, Outcome.NOT_FOUND)


def test_a_reason_is_cited_whole_and_a_limit_with_what_it_limits() -> None:
    assert answered(FAIR, "Why do talks begin late?", {"the ferry": 0.9}).text == (
        "the ferry lands at six"
    )
    dogs = answered(FAIR, "Where are dogs allowed?", {"in the yard": 0.9})
    assert dogs.text == "in the yard, unless it rains"


def test_a_sentence_that_limits_what_is_cited_is_shown_with_it() -> None:
    (citation,) = answered(FAIR, "Who enters for free?", {"Guests": 0.9}).citations
    assert citation.text == "Guests enter for free. This does not apply to groups."
    assert citation.answer == "Guests"
    (alone,) = answered(FAIR, "Which day is it?", {"Monday": 0.9}).citations
    assert "Guests" not in alone.text


@pytest.mark.parametrize(
    ("question", "said", "right"),
    [
        ("Why did she leave?", "Ann Hall", False),
        ("How come she left?", "Kim Berg", False),
        ("Why did she leave?", "It was dear", True),
        ("When did she leave?", "Monday", True),
        ("When did she leave?", "Kim Berg", False),
        ("Who left?", "Kim Berg", True),
        ("Where did she go?", "Kim Berg", True),
    ],
)
def test_an_answer_fits_a_question_that_asks_for_its_type(
    question: str, said: str, right: bool
) -> None:
    assert fits(question, turn(PORT, question, said)) is right


def test_no_answer_and_other_kinds_of_answer_always_fit() -> None:
    assert fits("Why did she leave?", turn(PORT, "Why did she leave?"))
    assert fits("Why so?", turn(PORT, "Why so?", "Ann Hall", kind="yes_no"))


def test_what_is_cited_by_rule_has_its_sentence_and_its_speaker() -> None:
    citation = cite_by_rule(RETRIEVER, OWN, PORT, places("It was dear"))
    assert citation.text == "“It was dear,” said Ann Hall of the plan."
    assert (citation.answer, citation.speaker) == ("It was dear", "Ann Hall")
    assert citation.evidence == Evidence()
    assert cite_by_rule(RETRIEVER, OWN, PORT, places("Monday")).speaker is None


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((), None),
        (("Leeds",), "Leeds"),
        (("Pavel Frost", "Ben Low"), "Pavel Frost and Ben Low"),
        (("Curlews", "ducks", "terns"), "Curlews, ducks and terns"),
        (("Ben Low", "Kim Berg"), "Ben Low; Kim Berg"),
        (("Ben Low", "Pavel Frost"), "Ben Low; Pavel Frost"),
    ],
)
def test_parts_are_joined_as_the_article_has_them_or_by_semicolons(
    parts: tuple[str, ...], text: str | None
) -> None:
    assert joined([cite_by_rule(RETRIEVER, OWN, PORT, places(part)) for part in parts]) == text


def test_the_same_words_of_two_articles_are_no_enumeration() -> None:
    twin = Article("twin", "Twin", PORT.text)
    both = Retriever.build([PORT, twin], WordEncoder())
    frost, low = places("Pavel Frost"), places("Ben Low")
    assert (
        joined([cite_by_rule(both, OWN, PORT, frost), cite_by_rule(both, OWN, twin, low)])
        == "Pavel Frost; Ben Low"
    )
