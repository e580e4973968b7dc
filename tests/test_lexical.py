from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.store.keys import parted
from index.store.rows import Rows, highest
from index.store.segments.bm25 import Lexicon
from index.store.segments.segment import Layout
from index.store.segments.words import PackedWords, count_words
from index.text.terms import terms

PIECES = [
    "Cats purr at cats.",
    "Dogs bark.",
    "The cat and the dog.",
    "",
    "What is it?",
    "José’s cafés: 1987!",
]
PASSAGES = np.array([[0, 2], [1, 3], [2, 4], [3, 5], [5, 6]])
TEXTS = [" ".join(PIECES[a:b]) for a, b in PASSAGES.tolist()]
NONE: Rows = np.array([], dtype=np.int64)
QUESTIONS = [
    "cats",
    "the barking dog",
    "dogs, dogs and cats",
    "jose cafe 1987",
    "what is it",
    "zebras",
    "",
]


def lexicon(
    *,
    documents: Sequence[int] = (5,),
    contexts: Sequence[int] = (0,),
    headings: Sequence[str] = ("",),
    names: Sequence[str] = ("",),
    gone: Rows = NONE,
    block: int = 100,
) -> Lexicon:
    """Return one over a segment of the passages, given how many of them each document has."""
    words = count_words(
        PIECES, PASSAGES, np.array([*contexts, 5]), headings, names, block=block
    )  # fmt: skip
    starts = np.concatenate([[0], np.cumsum(documents)])
    return Lexicon([(Layout(np.arange(len(documents)) + 1, starts, starts), words)], gone)


def scores(lexicon: Lexicon, question: str) -> list[float]:
    """Return the score of every passage, in the order in which they stand in the segments."""
    keys = [
        layout.passage_keys(np.arange(int(layout.passages[-1]))) for layout, _ in lexicon.segments
    ]
    asked = np.concatenate(keys)
    found = lexicon.matching(question, 99, others=asked)
    ranked = dict(zip(found.passages.tolist(), found.scores.tolist(), strict=True))
    for key, score in zip(asked.tolist(), found.others.tolist(), strict=True):
        assert ranked.get(key, 0.0) == score
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    assert (found.scores > 0).all()
    return [float(score) for score in found.others]


def bm25(question: str, text: str, texts: Sequence[str] = TEXTS) -> float:
    """BM25 as Lucene has it, of a text among all; one without a word counts as one word long."""
    own = Counter(terms(text))
    lengths = [max(1, len(terms(each))) for each in texts]
    score = 0.0
    for term in terms(question):
        having = sum(term in terms(each) for each in texts)
        size = 1.5 * (0.25 + 0.75 * max(1, own.total()) / (sum(lengths) / len(lengths)))
        score += idf(having, len(texts)) * own[term] / (own[term] + size)
    return score


def idf(holding: int, total: int) -> float:
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("block", [2, 100])
def test_scores_are_those_of_bm25(question: str, block: int) -> None:
    expected = [bm25(question, text) for text in TEXTS]
    assert scores(lexicon(block=block), question) == pytest.approx(expected, abs=1e-6)


def test_a_word_that_stands_above_passages_adds_the_same_to_each_of_them() -> None:
    found = lexicon(
        documents=[2, 2, 1],
        contexts=[0, 2, 3, 4],
        headings=["Cats of Oslo", "Pets", "Oslo and Oslo", ""],
        names=["", "Bergen", "Bergen\nand Faro"],
    )

    def added(question: str) -> list[float]:
        own = zip(scores(found, question), TEXTS, strict=True)
        return [score - bm25(question, text) for score, text in own]

    assert added("cats") == pytest.approx([0.6 * idf(1, 4)] * 2 + [0] * 3, abs=1e-6)
    oslo = 0.6 * idf(2, 4)
    assert added("Oslo") == pytest.approx([oslo, oslo, 0, oslo, 0], abs=1e-6)
    bergen, faro = 0.2 * idf(2, 3), 0.2 * idf(1, 3)
    assert added("Bergen") == pytest.approx([0, 0, bergen, bergen, bergen], abs=1e-6)
    assert added("Faro, Faro") == pytest.approx([0, 0, 0, 0, 2 * faro], abs=1e-6)
    assert added("dogs bark") == pytest.approx([0] * 5, abs=1e-6)


def test_what_stands_above_everything_adds_nothing() -> None:
    found = lexicon(headings=["Cats of Oslo"], names=["Bergen"])
    assert scores(found, "Oslo") == scores(found, "Bergen") == [0] * 5
    assert scores(found, "cats") == pytest.approx([bm25("cats", text) for text in TEXTS])


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_gone_is_not_counted(question: str) -> None:
    names = ["Zebra", "Zebra", "Cats"]
    found = lexicon(documents=[2, 1, 2], names=names, gone=np.array([1]))
    left = TEXTS[2:]
    expected = [0, 0, *(bm25(question, text, left) for text in left)]
    for row in (3, 4):  # of the document that is called by it
        expected[row] += terms(question).count("cat") * 0.2 * idf(1, 2)
    expected[2] += terms(question).count("zebra") * 0.2 * idf(1, 2)
    assert scores(found, question) == pytest.approx(expected, abs=1e-6)


def test_where_all_is_gone_nothing_is_found() -> None:
    found = lexicon(documents=[2, 3], names=["", "Cats"], gone=np.array([1, 2]))
    assert scores(found, "cats and dogs") == [0] * 5


@pytest.mark.parametrize("question", [*QUESTIONS, "Oslo", "Bergen", "pets"])
def test_several_segments_score_as_one(question: str) -> None:
    headings, names = ["Oslo", "Pets"], ["Cats", "Bergen cats"]
    whole = lexicon(documents=[3, 2], contexts=[0, 3], headings=headings, names=names)
    parts = [
        (
            Layout(np.array([number]), np.array([0, len(own)]), np.array([0, len(own)])),
            count_words(PIECES, own, np.array([0, len(own)]), headings[n:][:1], names[n:][:1]),
        )
        for n, (number, own) in enumerate([(1, PASSAGES[:3]), (2, PASSAGES[3:])])
    ]
    assert scores(Lexicon(parts, NONE), question) == scores(whole, question)


def test_only_some_documents_are_looked_in_and_words_count_as_among_all() -> None:
    found = lexicon(documents=[1, 1, 1, 1, 1], names=["cats"] * 5)
    every = scores(found, "cats and dogs")
    ranked = found.matching("cats and dogs", 9, only=np.array([2, 3, 9]), others=NONE)
    assert parted(ranked.passages)[0].tolist() == [3, 2]
    assert ranked.scores.tolist() == [every[2], every[1]]
    assert found.matching("cats and dogs", 9, only=NONE).passages.tolist() == []


def test_of_equal_scores_the_first_come_first() -> None:
    pieces = ["Cats purr."] * 7
    numbers = np.arange(7)
    passages = np.stack([numbers, numbers + 1], axis=1)
    words = count_words(pieces, passages, np.array([0, 7]), [""], [""] * 7)
    starts = np.arange(8)
    halves = [Layout(numbers + first, starts, starts) for first in (1, 8)]
    found = Lexicon([(layout, words) for layout in halves], NONE)
    for k in (1, 5, 7, 9):
        passages = found.matching("cats", k).passages
        assert parted(passages)[0].tolist() == list(range(1, k + 1))


def test_words_are_folded_and_stop_words_left_out() -> None:
    assert terms("The Muñozes weren’t ﬁshing in 1987!") == [
        "muñoz".replace("ñ", "n"),
        "fish",
        "1987",
    ]


def test_a_word_is_counted_as_often_as_sixteen_bits_allow() -> None:
    pieces = ["cat " * 70_000, "dog"]
    passages = np.array([[0, 1], [1, 2]])
    words = count_words(pieces, passages, np.array([0, 2]), [""], [""])
    postings = words.postings("cat")
    assert postings is not None
    assert (postings.passages.tolist(), postings.times.tolist()) == ([0], [65_535])
    assert words.lengths.tolist() == [70_000, 1]


def test_words_may_be_in_files(tmp_path: Path) -> None:
    made = count_words(PIECES, PASSAGES, np.array([0, 5]), ["Oslo"], ["Bergen"])
    for name, array in made.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    kept = PackedWords.of({path.stem: np.load(path) for path in tmp_path.iterdir()})
    for name, array in made.arrays().items():
        assert kept.arrays()[name].tolist() == array.tolist()
    assert kept.all_stems() == made.all_stems() == sorted({*map(str, made.all_stems())})
    assert kept.postings("zebra") is None


def test_passages_without_any_word_can_be_searched() -> None:
    words = count_words(
        ["?", "…"], np.array([[0, 1], [1, 2]]), np.array([0, 2]), [""], [""]
    )  # fmt: skip
    layout = Layout(np.array([1]), np.array([0, 2]), np.array([0, 2]))
    assert scores(Lexicon([(layout, words)], NONE), "anything") == [0, 0]
    assert Lexicon([], NONE).matching("anything", 9).passages.tolist() == []


def test_threads_may_share_it() -> None:
    found = lexicon()
    expected = {question: scores(found, question) for question in ("cats", "dogs bark")}
    wrong = []

    def ask(question: str) -> None:
        for _ in range(200):
            if scores(found, question) != expected[question]:
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
