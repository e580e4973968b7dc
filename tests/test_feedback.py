from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import FeedbackError
from index.structure.spans import Span
from qa.squad import load_squad
from tests.fakes import PhraseReader, bot_of
from ui.web.feedback import FeedbackFile, find_words, golds_of

TALKS = Article("a", "Talks", "Ann met Bo in Oslo.\n\nBo met Ann in Rome.")


def test_verdicts_make_a_question_set_of_whole_articles(tmp_path: Path) -> None:
    feedback = FeedbackFile(tmp_path / "f.json")
    feedback.add(TALKS, "Where?", [Span(14, 18)], given="Rome")
    feedback.add(TALKS, "Why?", [], given=None)
    (kept,) = load_squad(feedback.path)
    assert kept.article.text == TALKS.text
    assert kept.article.title == "Talks"
    assert [(each.text, kept.gold_texts(each)) for each in kept.questions] == [
        ("Where?", ["Oslo"]),
        ("Why?", []),
    ]


def test_a_later_verdict_on_the_same_question_takes_the_place_of_the_earlier(
    tmp_path: Path,
) -> None:
    feedback = FeedbackFile(tmp_path / "f.json")
    feedback.add(TALKS, "Where?", None, given="Bo")
    feedback.add(TALKS, "Where?", [Span(14, 18)], given="Bo")
    feedback.add(TALKS, "Where?", [Span(35, 39)], given="Bo")
    (kept,) = load_squad(feedback.path)
    assert [kept.gold_texts(each) for each in kept.questions] == [["Rome"]]
    assert json.loads(feedback.path.read_text())["rejected"] == []


def test_what_is_only_known_to_be_wrong_is_no_question_of_the_set(tmp_path: Path) -> None:
    feedback = FeedbackFile(tmp_path / "f.json")
    feedback.add(TALKS, "Who?", [Span(0, 3)], given="Ann")
    feedback.add(TALKS, "Where?", None, given="Bo")
    assert [each.text for each in load_squad(feedback.path)[0].questions] == ["Who?"]
    assert json.loads(feedback.path.read_text())["rejected"] == [
        {"title": "Talks", "question": "Where?", "given": "Bo"}
    ]


def test_a_file_is_added_to_and_what_it_held_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    FeedbackFile(path).add(TALKS, "Who?", [Span(0, 3)], given="Ann")
    document = json.loads(path.read_text())
    document["note"] = "mine"
    document["data"][0]["paragraphs"][0]["qas"][0]["by"] = "Eva"
    path.write_text(json.dumps(document))
    FeedbackFile(path).add(Article("b", "B", "Other."), "What?", [Span(0, 5)], given=None)
    document = json.loads(path.read_text())
    assert document["note"] == "mine"
    assert document["data"][0]["paragraphs"][0]["qas"][0]["by"] == "Eva"
    assert [group.article.title for group in load_squad(path)] == ["Talks", "B"]


def test_a_question_that_is_no_whole_text_is_kept_as_it_was_typed(tmp_path: Path) -> None:
    feedback = FeedbackFile(tmp_path / "f.json")
    feedback.add(TALKS, "Où \ud83d?", [Span(14, 18)], given=None)
    assert "Où \\ud83d?" in feedback.path.read_text(encoding="utf-8")
    (kept,) = load_squad(feedback.path)
    assert [each.text for each in kept.questions] == ["Où \ud83d?"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"data": [{"paragraphs": [{"qas": [1]}]}]}'])
def test_a_file_that_is_something_else_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(text)
    with pytest.raises(FeedbackError, match="is not a question set in SQuAD format"):
        FeedbackFile(path)
    assert path.read_text() == text


def test_a_file_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    feedback = FeedbackFile(tmp_path / "no" / "f.json")
    with pytest.raises(FeedbackError, match="cannot be written"):
        feedback.add(TALKS, "Who?", [], given=None)


def test_an_answer_of_one_place_is_one_gold() -> None:
    bot = bot_of(TALKS.text, reader=PhraseReader(Oslo=2))
    assert golds_of(bot.ask("where")) == [Span(14, 18)]
    assert golds_of(bot_of(TALKS.text).ask("where")) == []


def test_an_enumeration_is_one_gold_as_the_article_has_it() -> None:
    text = "Ann Hall met Pavel Frost and Eva Berg in Leeds."
    bot = bot_of(text, reader=PhraseReader(**{"Pavel Frost and Eva Berg": 3}))
    ((start, end),) = golds_of(bot.ask("Who met her?"))
    assert text[start:end] == "Pavel Frost and Eva Berg"


def test_words_stand_where_they_were_selected_or_else_first() -> None:
    other = Article("b", "B", "Rome, Oslo.")
    assert find_words("met", [TALKS], None) == (TALKS, Span(4, 7))
    assert find_words("met", [TALKS], (TALKS, 24)) == (TALKS, Span(24, 27))
    assert find_words("Oslo", [TALKS, other], (other, 6)) == (other, Span(6, 10))
    assert find_words("Oslo", [TALKS], (TALKS, 3)) == (TALKS, Span(14, 18))
    with pytest.raises(FeedbackError, match="“Bergen” does not stand in the article"):
        find_words("Bergen", [TALKS], None)
