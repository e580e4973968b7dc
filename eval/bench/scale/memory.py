"""What processes take, as Linux tells it."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.bench.scale.figures import Memory

_EVERY = 0.1  # seconds
_PROCESSES = Path("/proc")
_OWN = _PROCESSES / "self" / "status"


class Watch:
    """Watches what this process takes, and a database server, if there is one.

    Args:
        server: The number of the server's first process, whose children the others are; None if
            there is none, or it is on another machine.
    """

    def __init__(self, server: int | None) -> None:
        self._server = server
        self._own = self._others = 0.0
        self._over = threading.Event()

    def memory(self) -> Memory:
        """Return what was taken by now; nan elsewhere than on Linux."""
        held = _held(_OWN)
        if not held:
            return Memory(math.nan, math.nan, math.nan)
        self._look()
        return Memory(self._own, held["VmHWM"] / 1e3, self._others)

    def _run(self) -> None:
        while not self._over.wait(_EVERY):
            self._look()

    def _look(self) -> None:
        self._own = max(self._own, _held(_OWN).get("RssAnon", 0) / 1e3)
        if self._server is not None:
            self._others = max(self._others, _tree_mb(self._server))


@contextmanager
def watching(server: int | None) -> Iterator[Watch]:
    """Watch what is taken, again and again."""
    watch = Watch(server)
    thread = threading.Thread(target=watch._run, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch._over.set()
        thread.join()


def parent_of(process: int) -> int | None:
    """Return the number of the process that started one here; None if there is no such process."""
    try:
        lines = (_PROCESSES / str(process) / "status").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) for line in lines if line.startswith("PPid:"))


def _tree_mb(first: int) -> float:
    """Return what a process and its children take, a page that several share counted once."""
    children = _PROCESSES / str(first) / "task" / str(first) / "children"
    try:
        all_of_them = [first, *map(int, children.read_text().split())]
    except OSError:
        return math.nan
    return (
        sum(_held(_PROCESSES / str(each) / "smaps_rollup").get("Pss", 0) for each in all_of_them)
        / 1e3
    )


def _held(file: Path) -> dict[str, int]:
    """Return the amounts that a file of a process names, in kilobytes."""
    try:
        lines = file.read_text().splitlines()
    except OSError:  # it is over, or another user's
        return {}
    return {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
