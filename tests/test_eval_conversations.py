"""The evaluation of conversations and of questions by kind."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.commands.evaluate import CONVERSATIONS, QUESTIONS_BY_KIND
from eval.measures.conversations import hold, summarize_turns
from eval.measures.kinds import ask_kinds, score, span_f1, summarize_kinds
from eval.sets.conversations import load_conversations
from eval.sets.kinds import KINDS, NEGATION, load_kinds
from index.errors import DatasetError
from qa import Alternative, Answer, Citation, Evidence, Outcome
from tests.commands import Run
from tests.fakes import PhraseReader, WordEncoder

TEXT = "Ann Hall met Pavel Frost. Pavel Frost leads the union. “We go,” said Ann Hall."


def write(path: Path, *questions: dict[str, Any]) -> Path:
    qas = [
        {
            "id": f"q{number}",
            **question,
            "answers": [
                {"text": text, "answer_start": TEXT.index(text)}
                for text in question.get("answers", [])
            ],
            "is_impossible": not question.get("answers"),
        }
        for number, question in enumerate(questions)
    ]
    path.write_text(
        json.dumps({"data": [{"title": "A", "paragraphs": [{"context": TEXT, "qas": qas}]}]})
    )
    return path


def test_follow_ups_are_held_against_the_same_questions_written_out(tmp_path: Path) -> None:
    def asked(question: str, in_full: str, *answers: str, talk: str = "1") -> dict[str, Any]:
        return {"question": question, "in_full": in_full, "answers": answers, "conversation": talk}

    path = write(
        tmp_path / "c.json",
        asked("Who leads it?", "Who leads it?", "Pavel Frost"),
        asked("Where is he?", "Where is Pavel Frost?", "Pavel Frost"),
        asked("Why?", "Why is Pavel Frost there?"),
        asked("Where is he?", "Where is Pavel Frost?", "Ann Hall", talk="2"),
    )
    reader = PhraseReader(Pavel_Frost=5)
    results = list(
        hold(load_conversations(path), encoder=WordEncoder(), reader=reader, min_confidence=None)
    )
    assert [result.understood for result in results] == [
        "Who leads it?",
        "Where is Pavel Frost?",
        "Why is Pavel Frost in Pavel Frost?",
        "Where is he?",  # a new conversation: nothing was said
    ]
    assert [(result.right, result.right_in_full) for result in results] == [
        (True, True),
        (True, True),
        (False, False),
        (False, False),
    ]
    figures = summarize_turns(results)
    assert (figures["turns"], figures["follow_ups"]) == (4, 3)
    assert figures["alone_right"] == 100
    assert figures["follow_ups_right"] == pytest.approx(100 / 3)
    assert figures["answerable_right"] == 50
    assert figures["kept"] == 100


def test_each_kind_is_scored_by_its_own_form(tmp_path: Path) -> None:
    path = write(
        tmp_path / "k.json",
        {"kind": "phrase", "question": "Who leads the union?", "answers": ["Pavel Frost"]},
        {"kind": "phrase", "question": "Who leads the council?"},
        {
            "kind": "about",
            "question": "Who is mentioned?",
            "answers": ["Ann Hall"],
            "items": [[{"text": "Ann Hall"}], [{"text": "Pavel Frost"}, {"text": "Frost"}]],
        },
        {
            "kind": "speech",
            "question": "What did Ann Hall say?",
            "answers": ["We go,"],
            "items": [[{"text": "We go,"}]],
            "rough": True,
        },
        {
            "kind": "about",
            "question": "What is this about?",
            "answers": ["Ann Hall met Pavel Frost."],
        },
        {"kind": "talk", "question": "hi", "topic": "greeting"},
        {"kind": "talk", "question": "bye", "topic": "greeting"},
    )
    results = list(
        ask_kinds(
            load_kinds(path),
            encoder=WordEncoder(),
            reader=PhraseReader(Pavel_Frost=5),
            min_confidence=None,
        )
    )
    assert [result.score for result in results] == [1, 0, 1, 1, pytest.approx(1 / 3), 1, 0]
    outcomes = [result.outcome for result in results]
    assert outcomes == [Outcome.ANSWERED] * 5 + [Outcome.SMALL_TALK] * 2
    rows = {row["kind"]: row for row in summarize_kinds(results)}
    assert rows["phrase"] == {
        "kind": "phrase", "questions": 2, "score": 50, "answerable": 100, "abstained": 0,
    }  # fmt: skip
    assert rows["speech"]["questions"] == 0
    assert rows["speech"]["score"] is None
    assert rows["rough"]["score"] == 100
    assert rows["talk"]["score"] == 50


def test_what_gives_no_answer_is_right_where_there_is_none_and_only_there(tmp_path: Path) -> None:
    path = write(
        tmp_path / "k.json",
        {"kind": "phrase", "question": "Who leads the council?"},
        {"kind": "phrase", "question": "Who leads the union?", "answers": ["Pavel Frost"]},
    )
    (group,) = load_kinds(path)
    place = TEXT.index("Pavel Frost")
    cited = Citation(group.article, 0, 25, place, place + 11, Evidence())
    rivals = (Alternative(0.5, cited), Alternative(0.5, cited))
    close = Answer("Who?", 0.5, (), rivals, outcome=Outcome.CLOSE_CALL)
    declined = Answer("Who?", None, (), (), reply="I quote.", outcome=Outcome.NOT_FOR_ME)
    talk = Answer("Who?", None, (), (), "talk", reply="Hello.", outcome=Outcome.SMALL_TALK)
    probable = Answer("Who?", 0.6, (cited,), (), outcome=Outcome.PROBABLE)
    scores = [
        [score(group, question, answer) for question in group.questions]
        for answer in (close, declined, talk, probable)
    ]
    assert scores == [[1, 0], [1, 0], [0, 0], [0, 1]]


def test_of_a_negation_what_says_the_opposite_is_the_answer(tmp_path: Path) -> None:
    path = write(
        tmp_path / "k.json",
        {"kind": "negation", "question": "Who left?", "answers": ["Ann Hall met Pavel Frost."]},
        {"kind": "negation", "question": "Who left?", "answers": ["Pavel Frost leads the union."]},
        {"kind": "negation", "question": "Who left?"},
    )
    (group,) = load_kinds(path)
    denies = Citation(group.article, 0, 25, 0, 8, Evidence())
    shown = Answer("Who left?", 0.1, (), (), outcome=Outcome.NOT_FOUND, opposite=denies)
    silent = Answer("Who left?", 0.1, (), (), outcome=Outcome.NOT_FOUND)
    assert [score(group, question, shown) for question in group.questions] == [1, 0, 1]
    assert [score(group, question, silent) for question in group.questions] == [0, 0, 1]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["Ann Hall", "Pavel Frost"], 1),
        (["Pavel Frost", "Mayor Ann Hall"], 1),
        (["Ann Hall"], 2 / 3),
        (["Ann Hall", "Ann Hall"], 0.5),
        (["Ann Hall", "Pavel Frost", "the union", "the council"], 2 / 3),
        (["the union"], 0),
        ([], 0),
    ],
)
def test_the_parts_of_an_answer_are_matched_one_to_one(items: list[str], expected: float) -> None:
    assert span_f1(items, [["Ann Hall", "Hall"], ["Pavel Frost"]]) == pytest.approx(expected)


def test_the_sets_are_as_large_as_they_are_said_to_be() -> None:
    talks = [talk for _, held in load_conversations(CONVERSATIONS) for talk in held]
    assert len(talks) == 21
    assert all(3 <= len(talk) <= 6 for talk in talks)
    assert all(talk[0].text == talk[0].extras["in_full"] for talk in talks)

    questions = [
        question for group in load_kinds(QUESTIONS_BY_KIND) for question in group.questions
    ]
    assert len(questions) == 176
    kinds = Counter(question.extras["kind"] for question in questions)
    assert set(kinds) == {*KINDS} - {NEGATION}
    assert min(kinds.values()) >= 12
    assert sum(1 for question in questions if question.extras.get("rough")) == 28


def test_the_items_of_the_shipped_set_stand_where_they_say() -> None:
    for group in load_kinds(QUESTIONS_BY_KIND):
        for question in group.questions:
            for gold in [gold for item in question.extras.get("items", ()) for gold in item]:
                start = question.paragraph.start + gold["answer_start"]
                assert group.article.text[start : start + len(gold["text"])] == gold["text"]


def test_a_set_without_what_makes_it_one_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "q.json", {"question": "Who?", "answers": ["Ann Hall"]})
    with pytest.raises(DatasetError, match="question q0 has no 'conversation'"):
        load_conversations(path)
    with pytest.raises(DatasetError, match="question q0 has the kind None; expected one of phrase"):
        load_kinds(path)


@pytest.mark.models
def test_the_commands_print_a_table_or_json(run: Run, tmp_path: Path) -> None:
    talk = {"conversation": "1", "kind": "phrase", "answers": ["Pavel Frost"]}
    question = {"question": "Who leads the union?", "in_full": "Who leads the union?"}
    path = str(write(tmp_path / "c.json", {**talk, **question}))

    held = run("eval", "--conversations", path)
    assert held.code == 0
    assert "Turns that stand alone: right" in held.out
    assert json.loads(run("eval", "--conversations", path, "--json").out)["figures"]["turns"] == 1

    asked = run("eval", "--kinds", path, "--min-confidence", "0")
    assert asked.out.splitlines()[1].split() == ["phrase", "1", "100.0", "100.0", "-"]
    assert json.loads(run("eval", "--kinds", path, "--json").out)["questions"][0]["id"] == "q0"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--conversations", "--level", "collection"],
        ["--kinds", "--limit", "3"],
        ["--in-conversation", "--also", "removed"],
    ],
)
def test_options_that_would_have_no_effect_are_refused(run: Run, arguments: list[str]) -> None:
    assert run("eval", *arguments).code == 2
