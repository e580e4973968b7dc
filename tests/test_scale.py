from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from eval.bench.scale import Memory, MixedEncoder, Scale, Source, make_articles, make_source, table
from index.retriever import Retriever
from tests.fakes import WordEncoder

PARAGRAPHS = ["Cats purr. Dogs bark. Cows moo.", "Owls hoot. Bees buzz.", "Trains toot."]
SENTENCES = ["Cats purr.", "Dogs bark.", "Cows moo.", "Owls hoot.", "Bees buzz.", "Trains toot."]


def source() -> Source:
    vectors = WordEncoder().encode_passages(SENTENCES)
    return Source(PARAGRAPHS, dict(zip(SENTENCES, vectors, strict=True)), ["Who?"], {}, rate=50.0)


@pytest.mark.parametrize("passages", [1, 30, 1000])
def test_collections_have_the_size_that_is_asked_for(passages: int) -> None:
    articles = make_articles(source(), passages)
    retriever = Retriever.build(articles, WordEncoder())
    assert passages <= len(retriever) <= passages + 3
    assert {line for each in articles for line in each.text.split("\n\n")} <= {*PARAGRAPHS}


def test_what_is_asked_about_stands_in_a_collection_once() -> None:
    for passages in (10, 1000):
        articles = make_articles(source(), passages)
        assert "\n\n".join(each.text for each in articles).count(PARAGRAPHS[0]) == 1


def test_vectors_are_mixed_of_real_ones() -> None:
    encoder = MixedEncoder(source())
    texts = SENTENCES * 20
    mixed = encoder.encode_passages(texts)
    real = WordEncoder().encode_passages(texts)
    assert np.linalg.norm(mixed, axis=1) == pytest.approx(1, abs=1e-6)
    own = (mixed * real).sum(axis=1)
    assert own[0] == pytest.approx(1, abs=1e-6)
    assert 0.7 < own[1:].min() < own[1:].max() < 0.999
    assert len(np.unique(mixed, axis=0)) == len(texts)
    assert np.array_equal(mixed, encoder.encode_passages(texts))


def test_real_sentences_and_questions_are_taken_from_a_question_set(questions: Path) -> None:
    made = make_source(questions, 60, 5, WordEncoder())
    assert 60 <= len(made.vectors) < 70
    assert len(made.questions) == 5
    assert set(made.asked) == set(made.questions)
    assert made.rate > 0


def test_the_table_has_a_column_for_each_size() -> None:
    small = Scale(
        passages=1000,
        build_s=1.25,
        building=Memory(500, 200),
        disk_mb=3,
        open_s=0.125,
        retrieval_ms=(1.5, 2.5),
        recall=0.98765,
        searching=Memory(80, 40),
        first_s=0.5,
        answer_ms=(100, 150),
        answering=Memory(1234, 300),
    )
    lines = table([small, small], source()).splitlines()
    assert lines[0] == "| passages | 1,000 | 1,000 |"
    assert lines[1] == "|---|---|---|"
    assert "| retrieval p50 / p95, ms | 1.5 / 2.5 | 1.5 / 2.5 |" in lines
    assert "| recall@10 against exact search | 0.9877 | 0.9877 |" in lines
    assert "| peak memory of asking, MB | 1,234 (300) | 1,234 (300) |" in lines
    assert "3 real paragraphs, repeated, but for those" in lines[-1]


@pytest.mark.models
def test_small_collections_are_measured(questions: Path, tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    options = ["--size", "50", "--size", "200", "--exact-up-to", "100", "--questions", "3"]
    options += ["--sentences", "30", "--folder", str(room)]
    done = subprocess.run(
        [sys.executable, "-m", "eval.bench.scale", str(questions), *options],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    head, _, *rows = done.stdout.splitlines()[:-2]
    assert re.fullmatch(r"\| passages \| 5\d \| 20\d \|", head)
    assert len(rows) == 11
    assert list(room.iterdir()) == []
