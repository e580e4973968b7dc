from __future__ import annotations

import math
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from index.store.allocation import on_disk
from index.store.bm25 import Field, LexicalSearch, make_postings
from index.store.rows import highest
from index.text.terms import terms

PIECES = [
    "Cats purr at cats.",
    "Dogs bark.",
    "The cat and the dog.",
    "",
    "What is it?",
    "José’s cafés: 1987!",
]
FIRST, LAST = np.array([0, 1, 2, 3, 5]), np.array([2, 3, 4, 5, 6])
TEXTS = [" ".join(PIECES[a:b]) for a, b in zip(FIRST, LAST, strict=True)]


def bm25(question: str, text: str) -> float:
    """BM25 as Lucene has it, of a text among all; one without a word counts as one word long."""
    own = Counter(terms(text))
    lengths = [max(1, len(terms(each))) for each in TEXTS]
    score = 0.0
    for term in terms(question):
        having = sum(term in terms(each) for each in TEXTS)
        idf = math.log(1 + (len(TEXTS) - having + 0.5) / (having + 0.5))
        size = 1.5 * (0.25 + 0.75 * max(1, own.total()) / (sum(lengths) / len(lengths)))
        score += idf * own[term] / (own[term] + size)
    return score


@pytest.mark.parametrize(
    "question",
    [
        "cats",
        "the barking dog",
        "dogs, dogs and cats",
        "jose cafe 1987",
        "what is it",
        "zebras",
        "",
    ],
)
@pytest.mark.parametrize("block", [2, 100])
def test_scores_are_those_of_bm25(question: str, block: int) -> None:
    search = LexicalSearch(make_postings(PIECES, FIRST, LAST, block=block))
    expected = [bm25(question, text) for text in TEXTS]
    assert search.scores(question) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("block", [2, 100])
def test_a_word_that_stands_above_texts_adds_the_same_to_each_of_them(block: int) -> None:
    titles = Field(["Cats of Oslo", "Pets", "Oslo and Oslo"], np.array([0, 0, 1, 2, 1]), 0.5)
    places = Field(["", "Bergen"], np.array([0, 1, 1, 0, 0]), 2.0)
    fields = [titles, places]
    search = LexicalSearch(make_postings(PIECES, FIRST, LAST, fields=fields, block=block))

    def added(question: str) -> list[float]:
        scores = search.scores(question).tolist()
        return [own - bm25(question, text) for own, text in zip(scores, TEXTS, strict=True)]

    def idf(holding: int, contexts: int) -> float:
        return math.log(1 + (contexts - holding + 0.5) / (holding + 0.5))

    assert added("cats") == pytest.approx([0.5 * idf(1, 3)] * 2 + [0] * 3, abs=1e-6)
    oslo, bergen = 0.5 * idf(2, 3), 2 * idf(1, 2)
    assert added("Oslo") == pytest.approx([oslo, oslo, 0, oslo, 0], abs=1e-6)
    assert added("Bergen") == pytest.approx([0, bergen, bergen, 0, 0], abs=1e-6)
    assert added("dogs bark") == pytest.approx([0] * 5, abs=1e-6)


def test_words_are_folded_and_stop_words_left_out() -> None:
    assert terms("The Muñozes weren’t ﬁshing in 1987!") == [
        "muñoz".replace("ñ", "n"),
        "fish",
        "1987",
    ]


def test_postings_may_be_in_files(tmp_path: Path) -> None:
    kept = make_postings(PIECES, FIRST, LAST, allocate=on_disk(tmp_path))
    made = make_postings(PIECES, FIRST, LAST)
    for name in ("stems", "bounds", "texts", "scores"):
        assert getattr(kept, name).tolist() == getattr(made, name).tolist()
    assert np.load(tmp_path / "posting_passages.npy").tolist() == made.texts.tolist()


def test_texts_without_any_word_can_be_searched(tmp_path: Path) -> None:
    for postings in (
        make_postings(["?", "…"], np.array([0, 1]), np.array([1, 2])),
        make_postings(["?", "…"], np.array([0, 1]), np.array([1, 2]), allocate=on_disk(tmp_path)),
    ):
        assert LexicalSearch(postings).scores("anything").tolist() == [0, 0]


def test_threads_may_share_it() -> None:
    search = LexicalSearch(make_postings(PIECES, FIRST, LAST))
    expected = {question: search.scores(question).tolist() for question in ("cats", "dogs bark")}
    wrong = []

    def ask(question: str) -> None:
        for _ in range(200):
            if search.scores(question).tolist() != expected[question]:
                wrong.append(question)

    threads = [threading.Thread(target=ask, args=[question]) for question in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9])
def test_the_highest_scores_are_those_that_sorting_finds(count: int) -> None:
    scores = np.array([0, 2, 1, 0, 2, 3, 1, 1], dtype=np.float32)
    expected = [row for row in np.argsort(-scores, kind="stable") if scores[row] > 0][:count]
    assert highest(scores, count).tolist() == expected
