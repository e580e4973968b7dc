from __future__ import annotations

import pytest

from eval.sets.cases import Case, lay_out
from index.articles import Article
from index.errors import DatasetError
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.squad import Question, QuestionSet

ROME = "Rome is old.\n\nIt lies on the Tiber. Rome has hills."
OSLO = "Oslo is north.\n\nIt has a fjord."


def question_set(name: str, text: str, **answers: str) -> QuestionSet:
    questions = []
    for identity, answer in answers.items():
        start = text.index(answer)
        paragraph = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
        end = text.find("\n\n", start)
        whole = Span(paragraph, end if end >= 0 else len(text))
        golds = (Span(start, start + len(answer)),) if not identity.startswith("no") else ()
        questions.append(Question(identity, f"What of {identity}?", golds, whole))
    return QuestionSet(Article(name, name.title(), text), tuple(questions))


SETS = [
    question_set("rome", ROME, age="old", river="Tiber", none="hills", hills="hills"),
    question_set("oslo", OSLO, water="fjord"),
]


def brief(cases: tuple[Case, ...]) -> list[tuple[str, str]]:
    return [(case.question.id, case.kind) for case in cases]


def test_every_question_is_asked_of_its_whole_article() -> None:
    rome, oslo = lay_out(SETS)
    assert [article.id for article in rome.articles] == ["rome"]
    assert brief(rome.cases) == [
        ("age", "asked"),
        ("river", "asked"),
        ("none", "asked"),
        ("hills", "asked"),
    ]
    assert brief(oslo.cases) == [("water", "asked")]
    assert [case.golds for case in rome.cases] == [("old",), ("Tiber",), (), ("hills",)]


def test_every_question_is_asked_of_all_articles() -> None:
    (everything,) = lay_out(SETS, "collection", limit=2)
    # All articles are there, also where only two of their questions are asked.
    assert [article.id for article in everything.articles] == ["rome", "oslo"]
    assert len(everything.cases) == 2
    case = lay_out(SETS, "collection")[0].cases[0]
    rome, oslo = everything.articles
    assert case.holds_answer(Stretch(rome, 0, 12))
    assert not case.holds_answer(Stretch(rome, 0, 10))
    assert not case.holds_answer(Stretch(oslo, 0, 12))


def test_every_question_is_asked_of_its_own_paragraph() -> None:
    corpora = lay_out(SETS, "paragraph")
    texts = [corpus.articles[0].text for corpus in corpora]
    assert texts == ["Rome is old.", "It lies on the Tiber. Rome has hills.", "It has a fjord."]
    assert [brief(corpus.cases) for corpus in corpora] == [
        [("age", "asked")],
        [("river", "asked"), ("none", "asked"), ("hills", "asked")],
        [("water", "asked")],
    ]
    assert [corpus.cases[0].golds for corpus in corpora] == [("old",), ("Tiber",), ("fjord",)]
    assert len({corpus.articles[0].id for corpus in corpora}) == 3


def test_every_second_question_is_asked_without_its_answering_paragraphs() -> None:
    rome, oslo = lay_out(SETS, also=["removed"])
    assert brief(rome.cases) == [
        ("age", "asked"),
        ("river", "asked"),
        ("none", "asked"),
        ("hills", "asked"),
        ("age", "removed"),
        ("hills", "removed"),
    ]
    removed = rome.cases[-1]
    assert removed.golds == ()
    assert [passage.text for passage in removed.withheld] == [
        "It lies on the Tiber. Rome has hills."
    ]
    assert not removed.holds_answer(Stretch(rome.articles[0], 0, len(ROME)))
    assert brief(oslo.cases) == [("water", "asked"), ("water", "removed")]


def test_every_second_question_is_put_to_another_article() -> None:
    rome, oslo = lay_out(SETS, also=["other"])
    assert brief(rome.cases)[4:] == [("water", "other")]
    assert brief(oslo.cases) == [("water", "asked"), ("age", "other"), ("hills", "other")]
    assert rome.cases[-1].golds == ()
    with pytest.raises(DatasetError, match="another article where there are two"):
        lay_out(SETS[:1], also=["other"])


def test_a_limit_takes_questions_evenly() -> None:
    cases = [case for corpus in lay_out(SETS, limit=2) for case in corpus.cases]
    assert [case.question.id for case in cases] == ["age", "none"]
