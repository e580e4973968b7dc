"""What was spoken of, the likeliest to be meant by a pronoun first."""

from __future__ import annotations

import pytest

from index.articles import Article
from qa.answers import Answer
from qa.asking.antecedents import Antecedent, antecedents_in, of_answer
from qa.english.analysis import Analyses
from tests.turns import turn

PORT = Article(
    "port",
    "Port",
    "On 14 May the council met in Port Ellen. Mayor Daniel Fairclough voted for the harbour plan, "
    "while his deputy, Ann Hall, voted against it. She said the plan was too dear. "
    "Curlews and ducks live there. The United Dockers Union is on strike. "
    "Two ships left. The chief engineer stayed.",
)
FAIRCLOUGH = Antecedent("Daniel Fairclough", "person", "he", named=True)
HALL = Antecedent("Ann Hall", "person", named=True)
ELLEN = Antecedent("Port Ellen", "place", named=True)
UNION = Antecedent("the United Dockers Union", "thing", group=True, named=True)
MAY = Antecedent("14 May", "date")


@pytest.mark.parametrize(
    ("answered", "antecedents"),
    [
        (turn(PORT, "Who voted for it?", "Daniel Fairclough"), [FAIRCLOUGH]),
        (turn(PORT, "Where did they meet?", "Port Ellen"), [ELLEN]),
        (turn(PORT, "Who is on strike?", "United Dockers Union"), [UNION]),
        (turn(PORT, "When did they meet?", "14 May"), [MAY]),
        (turn(PORT, "Who stayed?", "chief engineer"), [Antecedent("the chief engineer", "person")]),
        (turn(PORT, "What was dear?", "plan"), [Antecedent("the plan", "thing")]),
        (
            turn(PORT, "How many ships left?", "Two"),
            [Antecedent("the two ships", "things")],
        ),
        (
            turn(PORT, "Who voted?", "Daniel Fairclough", "Ann Hall", kind="list"),
            [Antecedent("Daniel Fairclough and Ann Hall", "people"), FAIRCLOUGH, HALL],
        ),
        (
            turn(PORT, "What lives there?", "Curlews", "ducks", kind="list"),
            [
                Antecedent("Curlews and the ducks", "things"),
                Antecedent("Curlews", "things"),
                Antecedent("the ducks", "things"),
            ],
        ),
        (turn(PORT, "Why?", "the plan was too dear", kind="clause"), []),
        (turn(PORT, "Who paid?"), []),
        (turn(PORT, "Did she say so?", "Ann Hall", kind="yes_no"), []),
    ],
)
def test_an_answer_names_what_may_be_meant(answered: Answer, antecedents: list[Antecedent]) -> None:
    assert list(of_answer(answered, Analyses())) == antecedents


def test_the_answer_comes_before_the_question_and_the_sentences_last() -> None:
    answered = turn(PORT, "Who voted for the harbour plan?", "Daniel Fairclough")
    assert antecedents_in([answered], Analyses()) == [
        FAIRCLOUGH,
        Antecedent("the harbour plan", "thing"),
        HALL,
    ]


def test_asked_where_something_is_one_goes_on_to_speak_of_that() -> None:
    answered = turn(PORT, "Where was the council?", "Port Ellen")
    assert [each.text for each in antecedents_in([answered], Analyses())][:2] == [
        "the council",
        "Port Ellen",
    ]


def test_the_last_turn_comes_before_those_before_it() -> None:
    voted = turn(PORT, "Who voted for it?", "Daniel Fairclough")
    opposed = turn(PORT, "Who voted against it?", "Ann Hall")
    assert antecedents_in([voted, opposed], Analyses())[:2] == [HALL, FAIRCLOUGH]
    assert antecedents_in([opposed, voted], Analyses())[:2] == [FAIRCLOUGH, HALL]


@pytest.mark.parametrize(
    ("question", "antecedent"),
    [
        (
            "Was Daniel Fairclough with Ann Hall?",
            Antecedent("Daniel Fairclough and Ann Hall", "people"),
        ),
        ("Was it the mayor or the deputy?", Antecedent("the mayor and the deputy", "people")),
        ("Were the ships and the ducks there?", Antecedent("the ships and the ducks", "things")),
        ("Was it on 3 June?", Antecedent("3 June", "date")),
    ],
)
def test_what_a_question_names_may_be_meant_too(question: str, antecedent: Antecedent) -> None:
    assert antecedent in antecedents_in([turn(PORT, question, "14 May")], Analyses())


def test_nothing_is_meant_where_nothing_was_said() -> None:
    assert antecedents_in([], Analyses()) == []
