from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article
from index.errors import ArticleError, SavedIndexError, SettingError
from index.models.encoder import Vectors
from index.retriever import Retriever
from index.store.folder import read_index
from index.store.resumable import build_on_disk
from tests.fakes import WordEncoder

ARTICLES = [
    Article("a", "A", "Cats purr. Dogs bark. Cows moo. Ducks quack. Owls hoot. Bees buzz."),
    Article("b", "B", " ".join(f"Train {n} toots." for n in range(20)), source="b.txt"),
]
SENTENCES = 26
CHUNK = 5
CALLS = 6  # chunks


class KilledError(BaseException):
    """Stands for the end of the program."""


class CountingEncoder(WordEncoder):
    """Counts the texts that it embeds, and ends the program before some call."""

    def __init__(self, killed_at: int | None = None, seed: str = "", dimension: int = 64) -> None:
        super().__init__(dimension, seed=seed)
        self.killed_at = killed_at
        self.calls: list[int] = []

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        if len(self.calls) == self.killed_at:
            raise KilledError
        self.calls.append(len(texts))
        return super().encode_passages(texts)


def build(
    folder: Path,
    encoder: WordEncoder | None = None,
    articles: Sequence[Article] = ARTICLES,
    exact_up_to: int = 1000,
    reuse: bool = False,
) -> int:
    return build_on_disk(
        articles,
        encoder or WordEncoder(),
        folder,
        chunk=CHUNK,
        exact_up_to=exact_up_to,
        reuse=reuse,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("exact_up_to", [1000, 0], ids=["exact", "clusters"])
def test_it_is_the_index_that_is_built_in_memory_and_saved(
    tmp_path: Path, exact_up_to: int
) -> None:
    retriever = Retriever.build(ARTICLES, WordEncoder(), exact_up_to=exact_up_to)
    retriever.save(tmp_path / "saved")
    assert build(tmp_path / "built", exact_up_to=exact_up_to) == len(retriever)
    assert contents(tmp_path / "built") == contents(tmp_path / "saved")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["built", "saved"]


@pytest.mark.parametrize("exact_up_to", [1000, 0], ids=["exact", "clusters"])
@pytest.mark.parametrize("killed_at", range(CALLS))
def test_it_goes_on_where_it_was_killed(tmp_path: Path, killed_at: int, exact_up_to: int) -> None:
    build(tmp_path / "unbroken", exact_up_to=exact_up_to)
    with pytest.raises(KilledError):
        build(tmp_path / "i", CountingEncoder(killed_at), exact_up_to=exact_up_to)
    with pytest.raises(SavedIndexError, match="stopped before it was done; run the same"):
        read_index(tmp_path / "i")

    encoder = CountingEncoder()
    build(tmp_path / "i", encoder, exact_up_to=exact_up_to)

    checked = [1] if killed_at else []  # one sentence, to know the encoder again
    assert encoder.calls == checked + [5, 5, 5, 5, 5, 1][killed_at:]
    assert contents(tmp_path / "i") == contents(tmp_path / "unbroken")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["i", "unbroken"]


@pytest.mark.parametrize(
    ("kept", "calls"),
    [
        (0, [5, 5, 5, 5, 5, 1]),
        (50, [5, 5, 5, 5, 5, 1]),
        (128 + 4 * 64 * 4, [5, 5, 5, 5, 5, 1]),
        (128 + 4 * 64 * 5, [1, 5, 5, 5, 5, 1]),
        (128 + 4 * 64 * 7 + 3, [1, 5, 5, 5, 5, 1]),
        (128 + 4 * 64 * 25 + 100, [1, 1]),
    ],
)
def test_a_write_that_was_cut_off_is_made_again(
    tmp_path: Path, kept: int, calls: list[int]
) -> None:
    build(tmp_path / "unbroken")
    with pytest.raises(KilledError):
        build(tmp_path / "i", CountingEncoder(CALLS - 1))
    os.truncate(tmp_path / ".i.unfinished" / "vectors.npy", min(kept, 128 + 4 * 64 * 25))
    with (tmp_path / ".i.unfinished" / "vectors.npy").open("ab") as file:
        file.write(b"\1" * max(0, kept - (128 + 4 * 64 * 25)))

    encoder = CountingEncoder()
    build(tmp_path / "i", encoder)

    assert encoder.calls == calls
    assert contents(tmp_path / "i") == contents(tmp_path / "unbroken")


def test_what_was_killed_after_embedding_embeds_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path / "unbroken", exact_up_to=0)

    rename = Path.rename

    def kill(self: Path, target: Path) -> Path:
        raise KilledError

    monkeypatch.setattr(Path, "rename", kill)
    with pytest.raises(KilledError):
        build(tmp_path / "i", exact_up_to=0)
    monkeypatch.setattr(Path, "rename", rename)

    encoder = CountingEncoder()
    build(tmp_path / "i", encoder, exact_up_to=0)
    assert encoder.calls == [1]
    assert contents(tmp_path / "i") == contents(tmp_path / "unbroken")


@pytest.mark.parametrize(
    ("articles", "encoder"),
    [
        ([ARTICLES[0], Article("b", "B", ARTICLES[1].text + " One more.")], CountingEncoder()),
        (ARTICLES[::-1], CountingEncoder()),
        (ARTICLES, CountingEncoder(seed="trained again")),
    ],
    ids=["article changed", "order changed", "encoder changed"],
)
def test_with_other_articles_or_another_encoder_it_begins_anew(
    tmp_path: Path, articles: list[Article], encoder: CountingEncoder
) -> None:
    build(tmp_path / "unbroken", WordEncoder(seed=encoder._seed), articles)
    with pytest.raises(KilledError):
        build(tmp_path / "i", CountingEncoder(3))
    encoder.calls.clear()
    build(tmp_path / "i", encoder, articles)
    assert sum(encoder.calls) >= SENTENCES
    assert contents(tmp_path / "i") == contents(tmp_path / "unbroken")


def test_vectors_of_texts_that_are_there_are_taken(tmp_path: Path) -> None:
    build(tmp_path / "i")
    old = read_index(tmp_path / "i")
    changed = [Article("c", "C", "Frogs croak. Hens cluck."), replace(ARTICLES[0], id="new id")]

    encoder = CountingEncoder()
    build(tmp_path / "i", encoder, changed, reuse=True)
    build(tmp_path / "anew", articles=changed)

    assert encoder.calls == [1, 2]  # one to know the encoder again
    assert contents(tmp_path / "i") == contents(tmp_path / "anew")
    assert np.array_equal(read_index(tmp_path / "i").vectors[2:], old.vectors[:6])


def test_it_goes_on_where_it_was_killed_with_what_it_took(tmp_path: Path) -> None:
    build(tmp_path / "i", articles=ARTICLES[1:])
    with pytest.raises(KilledError):
        build(tmp_path / "i", CountingEncoder(2), ARTICLES, reuse=True)
    encoder = CountingEncoder()
    build(tmp_path / "i", encoder, ARTICLES, reuse=True)
    build(tmp_path / "anew")
    assert encoder.calls == [1, 1, 1]  # to know it again, twice, and the sixth sentence
    assert contents(tmp_path / "i") == contents(tmp_path / "anew")


@pytest.mark.parametrize(
    "encoder", [CountingEncoder(seed="trained again"), CountingEncoder(dimension=32)]
)
def test_vectors_of_another_encoder_are_not_taken(tmp_path: Path, encoder: CountingEncoder) -> None:
    build(tmp_path / "i")
    build(tmp_path / "i", encoder, reuse=True)
    assert sum(encoder.calls) >= SENTENCES
    assert read_index(tmp_path / "i").vectors.shape == (SENTENCES, encoder.dimension)


def test_what_would_change_nothing_writes_nothing(tmp_path: Path) -> None:
    passages = build(tmp_path / "i")
    before = {path: path.stat().st_mtime_ns for path in [tmp_path, *(tmp_path / "i").iterdir()]}
    encoder = CountingEncoder()
    assert build(tmp_path / "i", encoder, reuse=True) == passages
    assert encoder.calls == [1]
    assert before == {path: path.stat().st_mtime_ns for path in before}
    build(tmp_path / "i", articles=ARTICLES[::-1], reuse=True)
    assert read_index(tmp_path / "i").articles == tuple(ARTICLES[::-1])


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    build(tmp_path / "i")
    (tmp_path / "i" / "vectors.npy").unlink()
    encoder = CountingEncoder()
    build(tmp_path / "i", encoder, reuse=True)
    assert sum(encoder.calls) == SENTENCES


def test_an_index_stays_until_the_next_one_is_whole(tmp_path: Path) -> None:
    build(tmp_path / "i", articles=ARTICLES[:1])
    with pytest.raises(KilledError):
        build(tmp_path / "i", CountingEncoder(2))
    assert read_index(tmp_path / "i").articles == (ARTICLES[0],)
    build(tmp_path / "i")
    assert read_index(tmp_path / "i").articles == tuple(ARTICLES)


def test_an_index_can_be_built_and_saved_over_the_one_that_is_open(tmp_path: Path) -> None:
    build(tmp_path / "i", exact_up_to=0)
    retriever = Retriever.load(tmp_path / "i", WordEncoder())
    before = retriever.search(["train 7"], 5)
    retriever.save(tmp_path / "i")
    build(tmp_path / "i", articles=ARTICLES[:1])
    assert retriever.search(["train 7"], 5) == before


def test_a_program_that_is_ended_from_outside_leaves_what_it_has(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from tests.test_resumable import CountingEncoder, build

class Ended(CountingEncoder):
    def encode_passages(self, texts, *, progress=False):
        if len(self.calls) == 4:
            os.kill(os.getpid(), 9)
        return super().encode_passages(texts)

build(Path(sys.argv[1]), Ended())
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "i")], capture_output=True)
    assert done.returncode != 0
    assert done.stderr == b""
    encoder = CountingEncoder()
    build(tmp_path / "i", encoder)
    assert encoder.calls == [1, 5, 1]
    build(tmp_path / "unbroken")
    assert contents(tmp_path / "i") == contents(tmp_path / "unbroken")


def test_two_programs_do_not_make_one_index(tmp_path: Path) -> None:
    class Second(CountingEncoder):
        def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
            with pytest.raises(SavedIndexError, match="another program is making this index"):
                build(tmp_path / "i")
            return super().encode_passages(texts)

    build(tmp_path / "i", Second())
    assert len(read_index(tmp_path / "i").sentences) == SENTENCES


def test_a_full_disk_is_one_error_and_what_is_done_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    fsync = os.fsync

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SavedIndexError, match=r"No space left on device\); what is done is kept"):
        build(tmp_path / "i")
    encoder = CountingEncoder()
    build(tmp_path / "i", encoder)
    assert encoder.calls == [1, 5, 5, 1]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda folder: build(folder, articles=[]), ArticleError, "no article to ask"),
        (lambda folder: build(folder, articles=[ARTICLES[0]] * 2), ArticleError, "the id 'a'"),
        (
            lambda folder: build_on_disk(ARTICLES, WordEncoder(), folder, window=0),
            SettingError,
            "expected a whole number from 1",
        ),
    ],
)
def test_what_cannot_be_indexed_leaves_nothing_behind(
    tmp_path: Path, call: Callable[[Path], object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        call(tmp_path / "i")
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"meow")
    encoder = CountingEncoder()
    with pytest.raises(SavedIndexError, match="exists and is not an index"):
        build(tmp_path / "photos", encoder)
    assert encoder.calls == []
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_vectors_are_those_of_the_encoder(tmp_path: Path) -> None:
    build(tmp_path / "i")
    data = read_index(tmp_path / "i")
    texts = [data.articles[n].text[start:end] for n, start, end in data.sentences.tolist()]
    assert np.array_equal(data.vectors, WordEncoder().encode_passages(texts))
