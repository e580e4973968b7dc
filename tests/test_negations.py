"""Sentences turned into their opposites, and the questions that these answer or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.articles import Article
from index.structure.spans import Span
from qa.squad import Question, QuestionSet, load_squad, write_squad
from qa.training.negations import Rivals, correct, main, turn, turned


def made(question: str, text: str, answer: str, seed: int = 0) -> tuple[str, str | None] | None:
    start = text.index(answer)
    turn_made = turn(
        question, text, Span(0, len(text)), Span(start, start + len(answer)), rng(seed)
    )
    if turn_made is None:
        return None
    place = turn_made.place
    return text[: place.start] + turn_made.by + text[place.end :], turn_made.asked


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("question", "sentence", "answer", "denials"),
    [
        (
            "What can the bridge carry?",
            "The bridge can carry lorries.",
            "lorries",
            {
                f"The bridge {denial} carry lorries."
                for denial in ("cannot", "can never", "can no longer")
            },
        ),
        (
            "When was the mill built?",
            "The mill was built in 1790.",
            "1790",
            {
                f"The mill {denial} built in 1790."
                for denial in ("was not", "was never", "was no longer", "wasn't")
            },
        ),
        (
            "Which school did Brown open?",
            "Brown opened the school of Ely.",
            "Ely",
            {
                f"Brown {denial} the school of Ely."
                for denial in ("did not open", "didn't open", "never opened")
            },
        ),
    ],
)
def test_the_questions_own_verb_is_denied(
    question: str, sentence: str, answer: str, denials: set[str]
) -> None:
    found = {turned[0] for seed in range(40) if (turned := made(question, sentence, answer, seed))}
    assert found == denials


@pytest.mark.parametrize(
    ("question", "sentence", "answer", "asked"),
    [
        (
            "What can the bridge carry?",
            "The bridge can carry lorries.",
            "lorries",
            "What can the bridge not carry?",
        ),
        (
            "Which school did Brown open?",
            "Brown opened the school of Ely.",
            "Ely",
            "Which school did Brown not open?",
        ),
    ],
)
def test_asked_the_other_way_round_it_is_answered(
    question: str, sentence: str, answer: str, asked: str
) -> None:
    found = made(question, sentence, answer)
    assert found is not None
    assert found[1] == asked


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("What does the bridge bear?", "The bridge can carry lorries.", "lorries"),  # other words
        ("What can the bridge not carry?", "The bridge can carry lorries.", "lorries"),
        ("What can the bridge carry?", "The bridge can carry lorries, not trams.", "lorries"),
        ("What was built?", "The mill was built in 1790.", "The mill was built"),  # its own verb
    ],
)
def test_a_sentence_that_is_denied_already_or_in_other_words_is_left(
    question: str, sentence: str, answer: str
) -> None:
    assert made(question, sentence, answer) is None


def test_a_correction_keeps_the_answer_and_puts_another_number_beside_it() -> None:
    text = "The mill was built in 1790. It burnt down in 1834."
    start = text.index("1790")
    found = set()
    for seed in range(20):
        correction = correct(text, Span(start, start + 4), Rivals(text), rng(seed))
        assert correction is not None
        assert correction.asked is None
        found.add(text[: correction.place.start] + correction.by + text[correction.place.end : 27])
    assert found == {
        "The mill was built not in 1834 but in 1790.",
        "The mill was built in 1790 and not in 1834.",
        "The mill was built in 1790 instead of in 1834.",
        "The mill was built in 1790 rather than in 1834.",
    }


def test_an_answer_is_not_told_from_a_name_that_holds_it() -> None:
    """Else the answer would be sought in the wrong name."""
    text = "They sailed from York to New York, and from York to Hull by night."
    assert {Rivals(text).draw("York", rng(seed)) for seed in range(20)} == {"Hull"}


def test_each_answer_of_what_is_written_stands_where_the_file_says(tmp_path: Path) -> None:
    paragraphs = [
        "The mill was built in 1790. The miller was Ida Brook.",
        "The bridge can carry lorries. It is old.",
    ]
    text = "\n\n".join(paragraphs)
    first, second = Span(0, len(paragraphs[0])), Span(len(paragraphs[0]) + 2, len(text))

    def place(answer: str) -> tuple[Span, ...]:
        start = text.index(answer)
        return (Span(start, start + len(answer)),)

    group = QuestionSet(
        Article("1: Mill", "Mill", text),
        (
            Question("a", "When was the mill built?", place("1790"), first),
            Question("b", "What can the bridge carry?", place("lorries"), second),
        ),
    )
    write_squad([group], tmp_path / "asked.json")
    main([tmp_path / "asked.json"], output=tmp_path / "made.json")
    (read,) = load_squad(tmp_path / "made.json")
    assert {question.text for question in read.questions if not question.golds} == {
        "When was the mill built?",
        "What can the bridge carry?",
    }
    for question in read.questions:
        tempting = {read.article.text[slice(*each)] for each in question.plausible}
        assert tempting | set(read.gold_texts(question)) <= {"1790", "lorries"}
    assert turned(group, rng()).article.text != text
