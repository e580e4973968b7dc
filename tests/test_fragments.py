"""Questions of one word, and fragments, written out by the question before them."""

from __future__ import annotations

import pytest

from index.articles import Article
from qa.answers import Answer
from qa.asking.fragments import as_sentence, written_out
from qa.english.analysis import Analyses
from tests.turns import turn

PORT = Article(
    "port",
    "Port",
    "The council met in Port Ellen on 14 May. Mayor Daniel Fairclough voted for the harbour plan, "
    "while his deputy, Ann Hall, voted against it. The court challenged the permit. "
    "Four ships reached the harbour.",
)
VOTED = turn(PORT, "Who voted for the harbour plan?", "Daniel Fairclough")
NOBODY = turn(PORT, "Who voted for the harbour plan?")
MET = turn(PORT, "When did the council meet?", "14 May")


@pytest.mark.parametrize(
    ("before", "question", "written"),
    [
        # The answer takes the place of the question word,
        (VOTED, "Why?", "Why did Daniel Fairclough vote for the harbour plan?"),
        (VOTED, "how come", "Why did Daniel Fairclough vote for the harbour plan?"),
        (VOTED, "And when exactly?", "When did Daniel Fairclough vote for the harbour plan?"),
        (MET, "Where?", "Where did the council meet on 14 May?"),
        (turn(PORT, "How many ships reached the harbour?", "Four"), "When?",
         "When did the four ships reach the harbour?"),
        (
            turn(PORT, "Who will meet the mayor?", "Ann Hall"),
            "Where?",
            "Where will Ann Hall meet the mayor?",
        ),
        (
            turn(PORT, "Who did Ann Hall replace?", "Daniel Fairclough"),
            "When?",
            "When did Ann Hall replace Daniel Fairclough?",
        ),
        # without one the question does without, too,
        (NOBODY, "When?", "When was for the harbour plan voted?"),
        # and a yes/no question is asked with the word in front.
        (turn(PORT, "Was the permit challenged?"), "Why?", "Why was the permit challenged?"),
        (turn(PORT, "Was the permit challenged in court?"), "By whom?",
         "By whom was the permit challenged in court?"),
        (turn(PORT, "Has the permit been challenged?"), "Who?", "Who has challenged the permit?"),
    ],
)  # fmt: skip
def test_a_question_word_asks_the_question_before_once_more(
    before: Answer, question: str, written: str
) -> None:
    assert written_out(question, before, Analyses()) == [written]


@pytest.mark.parametrize(
    ("before", "question", "written"),
    [
        (turn(PORT, "Who was in Leeds on Monday?"), "and in Port Ellen?",
         "Who was in Port Ellen on Monday?"),
        (turn(PORT, "Who voted?"), "In Port Ellen?", "Who voted In Port Ellen?"),
        (turn(PORT, "How old is Daniel Fairclough?"), "What about Ann Hall?",
         "How old is Ann Hall?"),
        (turn(PORT, "What did Mayor Daniel Fairclough say?"), "And Ann Hall?",
         "What did Ann Hall say?"),
        (turn(PORT, "What came on 14 May?"), "And 3 June?", "What came on 3 June?"),
        (turn(PORT, "Who leads the American delegation?"), "And the Ukrainian one?",
         "Who leads the Ukrainian delegation?"),
        (turn(PORT, "Who is on strike?", "Daniel Fairclough"), "What about Ann Hall?",
         "What about Ann Hall?"),
    ],
)  # fmt: skip
def test_a_fragment_takes_the_place_of_what_is_like_it(
    before: Answer, question: str, written: str
) -> None:
    assert written_out(question, before, Analyses())[0] == written


@pytest.mark.parametrize(
    "question",
    [
        "Who resigned?",
        "And who opposed it?",
        "And did Ann Hall resign?",
        "And the latter?",
        "Why did the council not vote?",
        "In which of the towns by the sea did they meet?",
        "",
    ],
)
def test_a_question_with_a_sentence_of_its_own_is_not_written_out(question: str) -> None:
    assert written_out(question, VOTED, Analyses()) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("who  voted ", "Who voted?"), ("Who voted?!", "Who voted?"), ("é", "É?")],
)
def test_a_question_is_given_a_capital_and_a_mark(text: str, sentence: str) -> None:
    assert as_sentence(text) == sentence
