"""Kills programs that write to a library, and checks what is there afterwards.

What a program was told is done has to be there, whole; of what it was doing when it was killed, all
or nothing; and nothing else, nor a byte of what was removed::

    python -m tests.kills --kills 100 --store folder
    python -m tests.kills --points 1 --store folder
    python -m tests.kills --kills 100 --store postgres
    python -m tests.kills --kills 100 --store postgres --server
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import multiprocessing.process
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from index.errors import StoreError
from index.store.opening import open_store
from tests.kill_checks import FolderTarget, PostgresTarget, Target, settle
from tests.kill_steps import MADE, SETTINGS, Held, State, Step, as_json, some_step, told
from tests.postgres import PostgresServer

_LONGEST_S = 300  # that anything may take


def write(where: str, log: Path, seed: int, *, folder: str = "", steps: int | None = None) -> None:
    """Change a library until somebody kills this, and note what is begun and done.

    Args:
        where: The library.
        log: Where that is noted.
        seed: What decides on what is done.
        folder: What the ids of all documents begin with.
        steps: How many steps to take; no end if None.
    """
    chance = random.Random(seed)
    state, _ = told(log)
    try:
        store = open_store(where, writing=True)
        with log.open("a") as noted:

            def note(what: object) -> None:
                noted.write(json.dumps(what) + "\n")
                noted.flush()
                os.fsync(noted.fileno())

            note("ready")
            for _ in itertools.count() if steps is None else range(steps):
                step = some_step(state, chance, folder)
                note(as_json(step))
                step.take(store)
                note("done")
                state = step.after(state)
    except StoreError as error:  # as it may be where a server is killed
        print(error, file=sys.stderr)
        sys.exit(3)


@dataclass
class Run:
    """Kills one writer after another, and checks what each leaves.

    Attributes:
        target: The library.
        log: Where writers note what they do.
        chance: When they are killed.
        done: How many steps were acknowledged.
    """

    target: Target
    log: Path
    chance: random.Random
    done: int = field(default=0)

    def kill_one(self) -> State:
        """Start a writer, kill it at a random moment, and check what it left."""
        child = self._started()
        child.kill()
        child.join(_LONGEST_S)
        assert child.exitcode == -signal.SIGKILL, f"the writer ended by itself: {child.exitcode}"
        return self._settled()

    def kill_server(self, server: PostgresServer) -> State:
        """Start a writer, kill the server at a random moment, and check what is left."""
        child = self._started()
        kill_all(server)
        server.start()
        time.sleep(self.chance.uniform(0, 0.5))  # for the writer to come back, or to give up
        child.kill()
        child.join(_LONGEST_S)
        return self._settled()

    def _started(self) -> multiprocessing.process.BaseProcess:
        """Return a writer that is in the middle of one of its first steps.

        It is forked, as a program of its own would take most of the time to load its libraries.
        """
        before = self._noted("done")
        steps = self.chance.randint(0, 4)
        ready = self._noted("ready")
        own = (self.target.where, self.log, self.chance.randrange(1 << 30))
        child = multiprocessing.get_context("fork").Process(target=write, args=own)
        child.start()
        end = time.monotonic() + _LONGEST_S
        while self._noted("ready") == ready or self._noted("done") < before + steps:
            assert child.is_alive(), f"the writer ended by itself: {child.exitcode}"
            assert time.monotonic() < end, "the writer does not get on"
            time.sleep(0.002)
        time.sleep(self.chance.uniform(0, 0.5))
        return child

    def _noted(self, what: str) -> int:
        return self.log.read_text().count(f'"{what}"') if self.log.exists() else 0

    def _settled(self) -> State:
        state = settle(self.target, self.log)
        self.done = self._noted("done")
        return state


def writer(where: str, log: Path, seed: int, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a program that writes: see :func:`write`."""
    command = [sys.executable, "-m", "tests.kills", "--write", where, "--log", str(log)]
    return subprocess.Popen([*command, "--seed", str(seed), *arguments])


def kill_all(server: PostgresServer) -> None:
    """Kill a PostgreSQL server and all its children at once, as when the power fails."""
    assert server._process is not None
    parent = server._process.pid
    children = [pid for pid, of in _parents() if of == parent]
    os.kill(parent, signal.SIGKILL)
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    server.kill()


def _parents() -> Iterator[tuple[int, int]]:
    """Return the process ids of all processes, with those of their parents; of Linux."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = path.read_text().rpartition(")")
        except OSError:
            continue
        yield int(path.parent.name), int(rest.split()[1])


# Where a program is killed that is killed on purpose: before and after it asks for these.
_CALLS = frozenset(
    [
        "fsync",
        "write",
        "writelines",
        "tofile",
        "truncate",
        "open",
        "close",
        "commit",
        "execute",
        "executemany",
        "replace",
        "rename",
        "mkdir",
        "rmdir",
        "unlink",
        "remove",
        "flush",
    ]
)


def kill_at(point: int) -> None:
    """Kill this process at the point of that number; points are before and after certain calls."""
    passed = 0

    def look(frame: FrameType, event: str, called: Any) -> None:  # noqa: ANN401
        nonlocal passed
        if event in ("c_call", "c_return") and getattr(called, "__name__", "") in _CALLS:
            passed += 1
            if passed > point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(look)


def points(folder: Path, every: int) -> int:
    """Kill writers at every so manyth point of each kind of step; return how many were killed."""
    template = folder / "template"
    open_store(template, writing=True, create=(MADE, SETTINGS)).close()
    first = [Held(f"d{n}.txt", f"zqbbbbb{'bcfhjkmpx'[n]}zq", 1 + 3 * n, ("old",)) for n in range(6)]
    log = [Step(add=(each,)) for each in first] + [Step(remove=("d1.txt",))]
    store = open_store(template, writing=True)
    for step in log:
        step.take(store)
    store.close()
    new = (Held("new.txt", "zqcccccczq", 5), Held("d2.txt", "zqfffffzq", 2))
    killed = 0
    for step in (
        Step(add=new[:1]),
        Step(add=new, remove=("d3.txt", "d0.txt")),
        Step(remove=("d4.txt",)),
        Step(remove=("d0.txt", "d2.txt", "d3.txt", "d4.txt", "d5.txt")),
        Step(remove=("d0.txt",), tags=("new",)),
        Step(compact=True),
    ):
        point = 0
        while _killed_at(folder, template, [*log, step], point):
            killed += 1
            point += every
    return killed


def _killed_at(folder: Path, template: Path, steps: Sequence[Step], point: int) -> bool:
    """Kill a fork of this process in the last step, and check; False if it ended before."""
    own = folder / "own"
    shutil.copytree(template, own)
    noted = folder / "log"
    lines = [line for step in steps for line in (as_json(step), "done")]
    noted.write_text("".join(json.dumps(line) + "\n" for line in lines[:-1]))
    if not (child := os.fork()):
        store = open_store(own, writing=True)
        kill_at(point)
        steps[-1].take(store)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    settle(FolderTarget(own), noted)
    shutil.rmtree(own)
    assert status in (0, signal.SIGKILL), f"the writer ended with {status}"
    return status == signal.SIGKILL


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description="Kill programs that write to a library.")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--points", type=int, default=0, help="kill at every so manyth point")
    parser.add_argument("--store", choices=["folder", "postgres"], default="folder")
    parser.add_argument("--server", action="store_true", help="kill the server")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", metavar="WHERE", help="be a writer")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--folder", default="")
    parser.add_argument("--steps", type=int)
    asked = parser.parse_args()
    if asked.write:
        write(asked.write, asked.log, asked.seed, folder=asked.folder, steps=asked.steps)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if asked.points:
            print(f"{points(folder, asked.points)} killed, 0 lost")
            return
        target, server = _target(asked.store, folder)
        try:
            run = Run(target, folder / "log", random.Random(asked.seed))
            for number in range(1, asked.kills + 1):
                run.kill_server(server) if asked.server and server else run.kill_one()
                print(f"{number}, {run.done} steps done", file=sys.stderr)
            print(f"{asked.kills} killed, {run.done} steps done, 0 lost")
        finally:
            if server is not None:
                server.stop()


def _target(store: str, folder: Path) -> tuple[Target, PostgresServer | None]:
    if store == "folder":
        target: Target = FolderTarget(folder / "library")
        open_store(target.where, writing=True, create=(MADE, SETTINGS)).close()
        return target, None
    server = PostgresServer()
    target = PostgresTarget(server)
    open_store(target.where, writing=True, create=(MADE, SETTINGS)).close()
    return target, server


if __name__ == "__main__":
    main()
