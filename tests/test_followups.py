"""What a follow-up question may mean, without models."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.articles import Article
from qa.answers import Answer, Interpretation, Reference
from qa.asking.followups import MAX_INTERPRETATIONS, interpretations
from qa.english.analysis import Analyses
from tests.turns import turn

TEXT = (
    "The council met in Port Ellen on 14 May. Mayor Daniel Fairclough voted for the harbour plan, "
    "while his deputy, Ann Hall, voted against it. She said the plan was too dear. "
    "Daniel Fairclough is 50. Curlews and geese live there. The United Dockers Union is on strike. "
    "Pavel Frost joined the United Dockers Union in 1998 because he was ill."
)
PORT = Article("port", "Port", TEXT)
FAIRCLOUGH = turn(PORT, "Who voted for the harbour plan?", "Daniel Fairclough")
HALL = turn(PORT, "Who voted against the harbour plan?", "Ann Hall")
BOTH = turn(PORT, "Who voted?", "Daniel Fairclough", "Ann Hall", kind="list")
WHERE = turn(PORT, "Where did the council meet?", "Port Ellen")
WHEN = turn(PORT, "When did the council meet?", "14 May")
UNION = turn(PORT, "Who is on strike?", "The United Dockers Union")
NOTHING = turn(PORT, "Who paid for the harbour plan?")


def meanings(question: str, turns: Sequence[Answer]) -> tuple[Interpretation, ...]:
    return interpretations(question, turns, Analyses())


@pytest.mark.parametrize(
    ("turns", "question", "understood"),
    [
        ([FAIRCLOUGH], "How old is he?", "How old is Daniel Fairclough?"),
        ([FAIRCLOUGH], "Who is his deputy?", "Who is Daniel Fairclough’s deputy?"),
        (
            [FAIRCLOUGH, HALL],
            "Why did she vote against it?",
            "Why did Ann Hall vote against the harbour plan?",
        ),
        ([FAIRCLOUGH], "How much does it cost?", "How much does the harbour plan cost?"),
        ([NOTHING], "What does it cost?", "What does the harbour plan cost?"),
        ([WHERE], "Who lives there?", "Who lives in Port Ellen?"),
        ([WHEN], "What was decided then?", "What was decided on 14 May?"),
        ([UNION], "When did they join?", "When did the United Dockers Union join?"),
        ([UNION], "Who leads it?", "Who leads the United Dockers Union?"),
        ([BOTH], "What did they want?", "What did Daniel Fairclough and Ann Hall want?"),
        ([BOTH], "How old is the latter?", "How old is Ann Hall?"),
        ([BOTH], "What is the former’s job?", "What is Daniel Fairclough’s job?"),
        ([FAIRCLOUGH], "Who opposed that plan?", "Who opposed the harbour plan?"),
        ([FAIRCLOUGH], "And who opposed it?", "Who opposed the harbour plan?"),
    ],
)
def test_a_word_that_stands_for_something_is_written_out(
    turns: list[Answer], question: str, understood: str
) -> None:
    assert meanings(question, turns)[0].question == understood


@pytest.mark.parametrize(
    ("turns", "question", "understood"),
    [
        ([WHEN], "Why?", "Why did the council meet on 14 May?"),
        ([WHEN], "And where?", "Where did the council meet on 14 May?"),
        ([WHERE], "When was that?", "When did the council meet in Port Ellen?"),
        ([FAIRCLOUGH], "Why?", "Why did Daniel Fairclough vote for the harbour plan?"),
        ([turn(PORT, "Was the plan dear?", "too dear")], "Why?", "Why was the plan dear?"),
        ([turn(PORT, "Who did Ann Hall replace?", "Daniel Fairclough")], "When?",
         "When did Ann Hall replace Daniel Fairclough?"),
        ([WHERE], "And in Leeds?", "Where did the council meet in Leeds?"),
        ([turn(PORT, "Who was in Port Ellen on Monday?", "Ann Hall")], "and in Leeds?",
         "Who was in Leeds on Monday?"),
        ([turn(PORT, "How old is Daniel Fairclough?", "50")], "What about Ann Hall?",
         "How old is Ann Hall?"),
        ([turn(PORT, "How old is Daniel Fairclough?", "50")], "And Hall?", "How old is Hall?"),
        ([turn(PORT, "Who leads the American delegation?")], "And the Ukrainian one?",
         "Who leads the Ukrainian delegation?"),
    ],
)  # fmt: skip
def test_a_question_of_one_word_or_a_fragment_is_written_out_by_the_one_before(
    turns: list[Answer], question: str, understood: str
) -> None:
    assert meanings(question, turns)[0].question == understood


@pytest.mark.parametrize(
    "question",
    [
        "Where did the council meet?",
        "How many people are there?",
        "Are there geese in Port Ellen?",
        "Is it true that Ann Hall resigned?",
        "How long did it take to build the harbour?",
        "Who said that the plan was too dear?",
        "What did the man that left want?",
    ],
)
def test_a_question_that_stands_alone_has_one_interpretation(question: str) -> None:
    assert meanings(question, [FAIRCLOUGH, HALL]) == (Interpretation(question),)


@pytest.mark.parametrize(
    "question",
    ["When did Pavel Frost say that he was ill?", "Where did the president sign his letter?"],
)
def test_a_word_that_stands_for_something_in_its_own_question_is_left(question: str) -> None:
    assert meanings(question, [FAIRCLOUGH])[0] == Interpretation(question)


@pytest.mark.parametrize("question", ["Why did he resign?", "Why?", "And in Paris?", "there?", ""])
def test_a_follow_up_with_nothing_before_it_is_left(question: str) -> None:
    assert meanings(question, []) == (Interpretation(question),)
    assert meanings(question, [turn(PORT, "hi", kind="talk")]) == (Interpretation(question),)


def test_it_is_told_who_is_meant_and_who_else_could_be() -> None:
    first, second, alone = meanings("Why did they ask him?", [HALL, FAIRCLOUGH])
    assert first.question == "Why did they ask Daniel Fairclough?"
    (him,) = [reference for reference in first.references if reference.word == "him"]
    assert him == Reference("him", "Daniel Fairclough", ("Ann Hall",))
    assert alone == Interpretation("Why did they ask him?")
    assert second != first

    two = turn(PORT, "Who met Pavel Frost?", "Daniel Fairclough")
    frost, *_ = meanings("Why did he leave?", [two])
    assert frost.references == (Reference("he", "Daniel Fairclough", ("Pavel Frost", "Ann Hall")),)


def test_there_are_few_interpretations_however_much_was_said() -> None:
    assert (
        len(meanings("Why did he leave?", [FAIRCLOUGH, HALL, BOTH, UNION] * 50))
        <= MAX_INTERPRETATIONS
    )


def test_what_was_said_long_ago_is_not_meant() -> None:
    long_ago = [turn(PORT, "Who met Pavel Frost?"), *[WHEN] * 4]
    assert "Frost" not in meanings("Why did he leave?", long_ago)[0].question
