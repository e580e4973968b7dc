from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from eval.bench.scale import libraries
from eval.bench.scale.asking import answer, in_range, search
from eval.bench.scale.building import build
from eval.bench.scale.changing import CLIENTS, change_many, change_one
from eval.bench.scale.figures import (
    Answered,
    Built,
    ChangedOne,
    Memory,
    Range,
    Scale,
    Searched,
    UnderChange,
)
from eval.bench.scale.memory import watching
from eval.bench.scale.mixing import MixedEncoder
from eval.bench.scale.scales_table import scales_table
from eval.bench.scale.sources import (
    Source,
    make_articles,
    make_document,
    make_source,
    replacement,
)
from eval.systems.libraries import remove_library
from index.retriever import Retriever
from index.store.opening import open_store
from tests.fakes import PhraseReader, WordEncoder

PARAGRAPHS = ("Cats purr. Dogs bark. Cows moo.", "Owls hoot. Bees buzz.", "Trains toot.")
SENTENCES = ("Cats purr.", "Dogs bark.", "Cows moo.", "Owls hoot.", "Bees buzz.", "Trains toot.")
QUESTIONS = ("Which cats purr?", "Do owls hoot?")


def source() -> Source:
    encoder = WordEncoder()
    return Source(
        titles=("Pets", "Birds", "Rails"),
        paragraphs=PARAGRAPHS,
        sentences=SENTENCES,
        vectors=encoder.encode_passages(SENTENCES),
        questions=QUESTIONS,
        asked=encoder.encode_questions(QUESTIONS),
        rate=50.0,
    )


@pytest.fixture
def room(tmp_path: Path) -> Path:
    source().write(tmp_path)
    return tmp_path


@pytest.mark.parametrize("passages", [1, 30, 1000])
def test_collections_have_the_size_that_is_asked_for(passages: int) -> None:
    articles = list(make_articles(source(), passages))
    retriever = Retriever.build(articles, WordEncoder())
    assert passages <= len(retriever) <= passages + 3
    assert {line for each in articles for line in each.text.split("\n\n")} <= {*PARAGRAPHS}
    assert len({each.id for each in articles}) == len({each.title for each in articles})


def test_articles_are_made_one_at_a_time() -> None:
    first = next(make_articles(source(), 10**9))
    assert first.id == "0.txt"


@pytest.mark.parametrize("passages", [10, 1000])
def test_what_is_asked_about_stands_in_a_collection_once(passages: int) -> None:
    texts = "\n\n".join(each.text for each in make_articles(source(), passages))
    assert [texts.count(paragraph) for paragraph in PARAGRAPHS[:2]] == [1, 1]


def test_a_replacement_differs_with_the_version_and_is_the_same_for_one() -> None:
    texts = {replacement(source(), 3, version).text for version in range(20)}
    assert len(texts) > 5
    assert replacement(source(), 3, 1) == replacement(source(), 3, 1)
    assert replacement(source(), 3, 1).id == "3.txt"


def test_a_document_has_five_pages() -> None:
    document = make_document(source(), 1)
    assert 2500 <= len(document.text.split()) < 2510
    assert document != make_document(source(), 2)


def test_vectors_are_mixed_of_real_ones() -> None:
    encoder = MixedEncoder(source(), WordEncoder())
    texts = SENTENCES * 20
    mixed = encoder.encode_passages(texts)
    real = WordEncoder().encode_passages(texts)
    assert np.linalg.norm(mixed, axis=1) == pytest.approx(1, abs=1e-6)
    own = (mixed * real).sum(axis=1)
    assert own[0] == pytest.approx(1, abs=1e-6)
    assert 0.7 < own[1:].min() < own[1:].max() < 0.999
    assert len(np.unique(mixed, axis=0)) == len(texts)
    assert np.array_equal(mixed, encoder.encode_passages(texts))


def test_a_source_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert not Source.is_in(tmp_path)
    source().write(tmp_path)
    assert Source.is_in(tmp_path)
    read = Source.read(tmp_path)
    assert (read.titles, read.paragraphs, read.rate) == (source().titles, PARAGRAPHS, 50.0)
    assert np.array_equal(read.vectors, source().vectors)
    assert np.array_equal(read.asked, source().asked)


def test_real_sentences_and_questions_are_taken_from_a_question_set(questions: Path) -> None:
    made = make_source(questions, 60, 5, WordEncoder())
    assert 60 <= len(made.sentences) == len(made.vectors) < 70
    assert len(made.titles) == len(made.paragraphs)
    assert len(made.questions) == len(made.asked) == 5
    assert made.rate > 0


@pytest.mark.parametrize(
    ("store", "place"),
    [
        ("folder", "{room}/7.library"),
        ("postgresql://me@there/db", "postgresql://me@there/db?library=bench_scale_7"),
        (
            "postgresql://there/db?options=-c%20jit%3Doff&library=mine",
            "postgresql://there/db?options=-c%20jit%3Doff&library=bench_scale_7",
        ),
    ],
)
def test_each_library_has_a_place_of_its_own(room: Path, store: str, place: str) -> None:
    assert libraries.place_of(store, room, 7) == place.format(room=room)


@pytest.fixture(params=["folder", "postgres"])
def where(request: pytest.FixtureRequest, room: Path) -> Iterator[str]:
    kind = request.param
    store = kind if kind == "folder" else request.getfixturevalue(kind).url()
    place = libraries.place_of(store, room, 60)
    yield place
    remove_library(place)


def test_a_small_library_is_built_searched_asked_and_changed(room: Path, where: str) -> None:
    built = build(room, where, 60, WordEncoder())
    assert 60 <= built.passages <= 63
    assert built.documents == len(list(make_articles(source(), 60)))
    assert built.sentences >= built.passages
    assert built.disk_mb > 0.01
    if sys.platform == "linux":
        assert (built.memory.server > 0) == where.startswith("postgresql:")

    searched = search(room, where, WordEncoder())
    assert searched.recall == searched.recall_looked_at == 1.0
    assert 0 < searched.search.p50 <= searched.search.p95

    answered = answer(room, where, WordEncoder(), PhraseReader())
    assert 0 <= answered.first_without_reader_s <= answered.first_s
    assert answered.without_reader.p50 <= answered.answer.p50

    changed = change_one(room, where, WordEncoder())
    assert changed.sentences > 1000
    assert 0 <= changed.embedding_s < changed.add_s
    store = open_store(where)
    assert len(store) == built.documents
    store.close()


def test_a_library_is_searched_without_an_error_while_it_changes(room: Path, where: str) -> None:
    built = build(room, where, 100, WordEncoder())
    seen = change_many(room, where, WordEncoder())
    assert (seen.clients, seen.errors) == (CLIENTS, 0)
    assert seen.replaced == len(range(1, built.documents, 10))
    assert seen.asked >= CLIENTS
    store = open_store(where)
    assert len(store) == built.documents
    store.close()


def test_times_are_told_by_their_median_and_what_most_do_not_exceed() -> None:
    assert in_range([0.001 * n for n in range(101)]) == pytest.approx(Range(50, 95))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")
def test_memory_is_that_of_this_process_and_of_a_server_with_its_children() -> None:
    before = threading.active_count()
    held = np.ones(30_000_000)  # 240 MB
    with watching(os.getpid()) as watch:
        memory = watch.memory()
    assert 240 < memory.own <= memory.mapped
    assert memory.server > 240
    assert held.all()
    with watching(None) as watch:
        assert watch.memory().server == 0
    assert threading.active_count() == before


SCALE = Scale(
    store="folder",
    built=Built(1000, 50, 1100, 1.25, 3, Memory(500, 700, 0)),
    searched=Searched(0.125, 0.015, Range(1.5, 2.5), 0.98765, 1.0, Memory(80, 120, 0)),
    answered=Answered(0.5, 0.25, Range(100, 150), Range(10, 15), Memory(1234, 1500, 0)),
    changed=ChangedOne(110, 0.75, 0.5, 0.05),
    under_change=UnderChange(8, Range(10, 20), Range(12, 30), 1234, 0, 5, 2.5),
)


def test_the_table_has_a_column_for_each_library() -> None:
    lines = scales_table([SCALE, SCALE], source(), "two cores").splitlines()
    assert lines[0] == "| passages | 1,000, folder | 1,000, folder |"
    for row in (
        "| embedding at the rate below, s | 22 | 22 |",
        "| peak memory of adding all, MB | 500 (700) | 500 (700) |",
        "| adding a document of 5 pages (of that, embedding), s | 0.75 (0.50) | 0.75 (0.50) |",
        "| search p50 / p95, ms | 1.5 / 2.5 | 1.5 / 2.5 |",
        "| recall@10 against exact search | 0.9877 | 0.9877 |",
        "| errors, of searches | 0 of 1,234 | 0 of 1,234 |",
        "| documents replaced (a second) | 5 (2.0) | 5 (2.0) |",
    ):
        assert row in lines
    assert "On two cores. Texts are 3 real paragraphs" in lines[-1]
    assert "vectors are synthetic" in lines[-1]


def test_what_a_database_server_takes_is_told_beside() -> None:
    built = Built(1000, 50, 1100, 1.25, 3, Memory(500, 700, 900))
    scale = Scale(
        "PostgreSQL", built, SCALE.searched, SCALE.answered, SCALE.changed, SCALE.under_change
    )
    assert "| 500 (700) + 900 |" in scales_table([scale], source(), "two cores")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui", "bench", "scale", *arguments], capture_output=True, text=True
    )


def test_a_store_that_there_is_not_is_refused(questions: Path) -> None:
    done = run(str(questions), "--store", "mysql://there")
    assert done.returncode == 2
    assert "neither `folder` nor a postgresql:// URL" in " ".join(done.stderr.split())


@pytest.mark.models
def test_small_libraries_are_measured_and_kept(questions: Path, tmp_path: Path) -> None:
    room = tmp_path / "room"
    options = ["--size", "50", "--questions", "3", "--sentences", "30", "--keep", str(room)]
    done = run(str(questions), *options)
    assert done.returncode == 0, done.stderr
    head, _, *rows = done.stdout.splitlines()[:-2]
    assert re.fullmatch(r"\| passages \| 5\d, folder \|", head)
    assert len(rows) == 22
    assert {each.name for each in room.iterdir()} == {
        *("source.json", "source.npz", "50.library", "50.folder.json")
    }
    again = run(str(questions), *options, "--json")
    (first,) = json.loads(again.stdout)
    assert first["built"] == json.loads((room / "50.folder.json").read_text())
    assert first["under_change"]["errors"] == 0
