from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.commands.evaluate import ARTICLE_QUESTIONS
from index.articles import Article
from index.errors import DatasetError
from index.structure.paragraphs import split_paragraphs
from index.structure.spans import Span
from qa.squad import Question, load_squad, read_squad, sample, write_squad


def squad() -> dict[str, Any]:
    """A set in SQuAD 2.0 format: an article of two paragraphs with a question each."""
    first = {
        "context": "Talks in Florida.",
        "qas": [
            {
                "id": "q1",
                "question": "Where?",
                "is_impossible": False,
                "answers": [
                    {"text": "Florida", "answer_start": 9},
                    {"text": "in Florida", "answer_start": 6},
                    {"text": "Florida", "answer_start": 9},
                ],
            },
            {"id": "q2", "question": "When?", "is_impossible": True, "answers": []},
        ],
    }
    second = {
        "context": "Then “Paris”.",
        "qas": [
            {
                "id": "q3",
                "question": "Where then?",
                "answers": [{"text": "Paris", "answer_start": 6}],
            }
        ],
    }
    return {"version": "v2.0", "data": [{"title": "Talks", "paragraphs": [first, second]}]}


def write(folder: Path, content: object) -> Path:
    path = folder / "set.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_an_entry_becomes_one_article_with_the_answers_in_place(tmp_path: Path) -> None:
    (group,) = load_squad(write(tmp_path, squad()))

    assert group.article.title == "Talks"
    assert group.article.text == "Talks in Florida.\n\nThen “Paris”."
    first, second = Span(0, 17), Span(19, 32)
    assert group.questions == (
        Question("q1", "Where?", (Span(9, 16), Span(6, 16), Span(9, 16)), first),
        Question("q2", "When?", (), first),
        Question("q3", "Where then?", (Span(25, 30),), second),
    )
    assert group.gold_texts(group.questions[0]) == ["Florida", "in Florida"]
    assert group.gold_texts(group.questions[1]) == []
    assert group.gold_texts(group.questions[2]) == ["Paris"]


def test_plausible_answers_of_an_impossible_question_are_no_answers(tmp_path: Path) -> None:
    content = squad()
    impossible = content["data"][0]["paragraphs"][0]["qas"][1]
    impossible["plausible_answers"] = impossible["answers"] = [{"text": "Talks", "answer_start": 0}]
    content["data"][0]["paragraphs"][0]["qas"][0]["plausible_answers"] = [
        {"text": "Talks", "answer_start": 0}
    ]
    content["data"][0]["paragraphs"][1]["qas"][0] |= {
        "is_impossible": True,
        "plausible_answers": [{"text": "Paris", "answer_start": 6}],
    }
    (group,) = load_squad(write(tmp_path, content))
    answered, impossible, later = group.questions
    assert answered.plausible == ()  # of what is answered there are none
    assert (impossible.golds, impossible.plausible) == ((), (Span(0, 5),))
    assert (later.golds, later.plausible) == ((), (Span(25, 30),))
    write_squad([group], tmp_path / "again.json")
    assert load_squad(tmp_path / "again.json") == [group]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.pop("data"),
        lambda content: content.update(data=7),
        lambda content: content.update(data=["text"]),
        lambda content: content["data"][0].pop("paragraphs"),
        lambda content: content["data"][0]["paragraphs"][0].pop("context"),
        lambda content: content["data"][0]["paragraphs"][0].pop("qas"),
        lambda content: content["data"][0]["paragraphs"][0]["qas"][0].pop("question"),
        lambda content: content["data"][0]["paragraphs"][0]["qas"][0].pop("answers"),
        lambda content: content["data"][0]["paragraphs"][0]["qas"][0].update(answers=[3]),
        lambda content: content["data"][0]["paragraphs"][0]["qas"][0].update(question=3),
        lambda content: content["data"][0]["paragraphs"][0]["qas"][1].update(plausible_answers=[3]),
    ],
)
def test_what_is_not_squad_json_is_refused(
    tmp_path: Path, damage: Callable[[dict[str, Any]], object]
) -> None:
    content = squad()
    damage(content)
    with pytest.raises(DatasetError, match="is not SQuAD JSON"):
        load_squad(write(tmp_path, content))


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda entry: entry.pop("paragraphs"), "entry 2 has no 'paragraphs'"),
        (lambda entry: entry.update(paragraphs=[3]), "entry 2, paragraph 1 is malformed"),
        (
            lambda entry: entry["paragraphs"][1].pop("context"),
            "entry 2, paragraph 2 has no 'context'",
        ),
        (
            lambda entry: entry["paragraphs"][1].update(context=5),
            "entry 2, paragraph 2 is malformed",
        ),
        (lambda entry: entry["paragraphs"][1].update(qas=5), "entry 2, paragraph 2 is malformed"),
        (
            lambda entry: entry["paragraphs"][0]["qas"][1].pop("id"),
            "entry 2, paragraph 1, question 2 has no 'id'",
        ),
    ],
)
def test_the_entry_that_is_broken_is_named(
    tmp_path: Path, damage: Callable[[dict[str, Any]], object], named: str
) -> None:
    content = squad()
    content["data"].append(squad()["data"][0])
    damage(content["data"][1])
    with pytest.raises(DatasetError, match=f"{named}; mend it or remove it"):
        load_squad(write(tmp_path, content))


@pytest.mark.parametrize("content", [[], "text", 3, None])
def test_json_of_another_kind_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(DatasetError, match="is not SQuAD JSON"):
        load_squad(write(tmp_path, content))


def test_a_file_that_is_no_json_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(DatasetError, match=r"a\.json: is not SQuAD JSON"):
        load_squad(tmp_path / "a.json")
    with pytest.raises(DatasetError, match=r"b\.json: no such file"):
        load_squad(tmp_path / "b.json")
    with pytest.raises(DatasetError, match="cannot be read"):
        load_squad(tmp_path)


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "Florida", "answer_start": 8},
        {"text": "Paris", "answer_start": 0},
        {"text": "", "answer_start": 0},
        {"text": "a.", "answer_start": -2},
    ],
)
def test_an_answer_that_is_not_where_it_says_is_named(
    tmp_path: Path, answer: dict[str, Any]
) -> None:
    content = squad()
    content["data"][0]["paragraphs"][0]["qas"][0]["answers"] = [answer]
    with pytest.raises(DatasetError, match=r"question q1: its answer .* does not stand at"):
        load_squad(write(tmp_path, content))


@pytest.mark.parametrize("start", [1, -5])
def test_a_plausible_answer_that_is_not_where_it_says_is_named(tmp_path: Path, start: int) -> None:
    content = squad()
    impossible = content["data"][0]["paragraphs"][0]["qas"][1]
    impossible["plausible_answers"] = [{"text": "Talks", "answer_start": start}]
    with pytest.raises(
        DatasetError, match=f"question q2: its answer 'Talks' does not stand at character {start}"
    ):
        load_squad(write(tmp_path, content))
    sets, refused = read_squad(tmp_path / "set.json")
    assert [question.id for question in sets[0].questions] == ["q1", "q3"]
    assert len(refused) == 1


def test_a_set_without_a_question_is_refused(tmp_path: Path) -> None:
    content = squad()
    for paragraph in content["data"][0]["paragraphs"]:
        paragraph["qas"] = []
    with pytest.raises(DatasetError, match="holds no question"):
        load_squad(write(tmp_path, content))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    sets = load_squad(write(tmp_path, squad()))
    write_squad(sets, tmp_path / "again.json")
    assert load_squad(tmp_path / "again.json") == sets


def test_an_article_is_written_whole_where_little_is_asked_of_it(tmp_path: Path) -> None:
    content = squad()
    for text in ("Nothing is asked of this.", "Nor of this."):
        content["data"][0]["paragraphs"].insert(1, {"context": text, "qas": []})
    (group,) = load_squad(write(tmp_path, content))
    for questions in (group.questions[2:], group.questions[:1]):
        write_squad([replace(group, questions=questions)], tmp_path / "again.json")
        (again,) = load_squad(tmp_path / "again.json")
        assert again.article == group.article
        assert again.questions == questions


def test_a_sample_is_spread_over_the_set(tmp_path: Path) -> None:
    content = squad()
    content["data"].append(content["data"][0])
    sets = load_squad(write(tmp_path, content))
    assert [[q.id for q in g.questions] for g in sample(sets, 2)] == [["q1"], ["q1"]]
    assert [[q.id for q in g.questions] for g in sample(sets, 3)] == [["q1", "q3"], ["q2"]]
    assert sample(sets, 100) == sets


def test_the_shipped_set_asks_about_the_shipped_article(article: Article) -> None:
    (group,) = load_squad(ARTICLE_QUESTIONS)
    paragraphs = [article.text[start:end] for start, end in split_paragraphs(article.text)]
    assert group.article.text.split("\n\n") == paragraphs

    answerable = [question for question in group.questions if question.golds]
    assert len(group.questions) >= 60
    assert len(group.questions) - len(answerable) >= 20
    assert len({question.text for question in group.questions}) == len(group.questions)
    assert len({question.id for question in group.questions}) == len(group.questions)
    for start, end in split_paragraphs(group.article.text):
        inside = [q for q in answerable if start <= q.golds[0].start < end]
        assert len(inside) >= 5
    assert sum(len(group.gold_texts(question)) > 1 for question in answerable) >= 30
