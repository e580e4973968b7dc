"""Libraries that are damaged, hostile, full, or not there: one line, or right answers."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import StoreError
from index.retriever import Retriever
from index.store.base import Made
from index.store.folder.store import FolderStore
from index.store.opening import open_store
from qa.pipeline import ArticleQA
from tests.fakes import PhraseReader, WordEncoder

ROOT = Path(__file__).parents[1]
MAYOR = Article("town/mayor.txt", "Mayor", "The mayor of Bergen is Alma Berg. She sang there.")
BAKER = Article("town/baker.txt", "Baker", "The baker of Bergen is Boris Holm. He baked bread.")
SAILOR = Article("sailor.md", "Sailor", "# Ships\n\nThe sailor of Faro is Carla Dahl.\n\nShe left.")
ARTICLES = [MAYOR, BAKER, SAILOR]
QUESTIONS = ["Who is the mayor of Bergen?", "sailor of Faro", "Who baked bread?"]
NEW = Article("new.txt", "New", "The nurse of Ghent is Dmitri.")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library whose vectors are by cluster, too."""
    return made_library(tmp_path_factory.mktemp("whole") / "library")


def made_library(folder: Path) -> Path:
    made = Made("words", 64)
    with contextlib.closing(FolderStore.create(folder, made, exact_up_to=0)) as store:
        retriever = Retriever(store, WordEncoder())
        retriever.add(ARTICLES[:2])
        retriever.add(ARTICLES[2:], tags=["sea"])
    return folder


def found_in(folder: Path) -> list[object]:
    """Return all that is read of a library and found in it."""
    with contextlib.closing(open_store(folder)) as store:
        bot = ArticleQA(Retriever.open(store, WordEncoder()), PhraseReader(Alma_Berg=5))
        hits = bot.retriever.search(QUESTIONS, 9)
        answers = [bot.ask(question) for question in QUESTIONS]
        for answer in answers:
            for each in answer.citations:
                assert each.article.text[each.start : each.end] == each.text
        return [
            list(bot.articles),
            [[(hit.passage.article, hit.passage.span, hit.score) for hit in own] for own in hits],
            [bot.retriever.search_sentences(question, 9) for question in QUESTIONS],
            [answer.text for answer in answers],
            dict(store.vocabulary.words()),
        ]


def change_all(folder: Path) -> None:
    """Do all to a library that changes it."""
    with contextlib.closing(open_store(folder, writing=True)) as store:
        retriever = Retriever(store, WordEncoder())
        store.tag([MAYOR.id], ["land"])
        retriever.add([NEW])
        retriever.remove([BAKER.id])
        store.compact()
        retriever.search(QUESTIONS, 9)


def refused(use: Callable[[Path], object], folder: Path) -> bool:
    """Tell whether a library is refused with one line; anything else that is raised is a fault."""
    said = ""
    try:
        use(folder)
    except StoreError as error:
        said = str(error)
    assert not said or said.startswith(f"{folder}: ")
    assert "\n" not in said
    return bool(said)


def flipped(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 1, 8])):
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    path.unlink()  # not over it: it may be mapped
    path.write_bytes(data)


@pytest.mark.parametrize("seed", range(36))
def test_damage_is_told_or_does_no_harm(whole: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    files = [path for path in files if (whole / path).stat().st_size]
    own = tmp_path / "library"
    shutil.copytree(whole, own)
    expected = found_in(own)
    flipped(own / files[seed % len(files)], chance)
    found: list[object] = []
    if not refused(lambda folder: found.extend(found_in(folder)), own):
        assert found == expected
    refused(change_all, own)


VALUES: list[object] = [
    *(0, -1, 1, 2**31, 2**62, 2**63 - 1, -(2**63), 0.5, 1e308, "", "x", "\0", "é" * 9),
    *(b"", b"\xff"),
    *("[]", "{}", "null", "1e999", '{"a": ' * 50_000, "9" * 5000, "[" * 100_000, b"places 1\n"),
]


def cells(folder: Path) -> Iterator[tuple[str, str]]:
    """Return the columns of all tables of a catalogue."""
    with contextlib.closing(sqlite3.connect(folder / "library.sqlite")) as catalogue:
        tables = catalogue.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for _, column, *_ in catalogue.execute(f"PRAGMA table_info({table})").fetchall():
                yield table, column


@pytest.mark.parametrize("seed", range(5))
def test_a_catalogue_of_wrong_values_is_refused_or_does_no_harm(
    whole: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    for table, column in cells(whole):
        own = tmp_path / f"{table}.{column}"
        shutil.copytree(whole, own)
        catalogue = sqlite3.connect(own / "library.sqlite")
        with contextlib.suppress(sqlite3.Error), catalogue:
            catalogue.execute(f"UPDATE {table} SET {column} = ?", [chance.choice(VALUES)])
        catalogue.close()
        refused(found_in, own)
        refused(change_all, own)
        shutil.rmtree(own)


LIMITED = """
import resource, sys
from pathlib import Path
from index.errors import StoreError
from tests.test_bad_stores import change_all
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    change_all(Path(sys.argv[1]))
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limits")
@pytest.mark.parametrize("size", [0, 5_000, 12_000, 50_000, 75_000])
def test_where_there_is_no_room_nothing_is_changed(whole: Path, tmp_path: Path, size: int) -> None:
    own = tmp_path / "library"
    shutil.copytree(whole, own)
    expected = found_in(own)
    command = [sys.executable, "-c", LIMITED, str(own), str(size)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stderr == ""
    (said,) = done.stdout.splitlines() or ("",)
    found = found_in(own)
    if said:
        assert said.startswith(f"{own}: ")
        assert "nothing was changed" in said or "disk" in said
    if size <= 5_000:  # not even the first change was made
        assert said
        assert found == expected
    left = {path.name for path in own.rglob("*")}
    assert not any(name.endswith(("-journal", ".new")) for name in left)
