"""Child processes in which documents are read: what hangs or breaks down there costs itself only.

Libraries that read the formats of documents are large, and some are written in C: a document that
is damaged, or made for that, can hang them, make them take all memory, or end their process.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, cast

from index.errors import ArticleError
from index.loaders.apart.frames import Message, receive, send

_TASKS = 200  # what one child is asked for: libraries leak
_FAREWELL = 5.0  # seconds that a child has to end when it is let go
_IDLE = 60.0  # seconds after which a child that nobody asks is ended
_START = (
    "import sys; sys.path[:] = sys.argv[2:]; from index.loaders.apart.worker import main; main()"
)
_KEPT = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"),
    *("LANG", "LC_ALL", "ARTICLE_QA_DEBUG"),
)  # what a child knows of what is set here
_KILLED = int(getattr(signal, "SIGKILL", 9))
_OUT_OF_TIME = int(getattr(signal, "SIGXCPU", 24))
_ABORTED = {int(signal.SIGABRT), int(signal.SIGILL), int(getattr(signal, "SIGTRAP", 5))}
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Limits:
    """What one document may take.

    Attributes:
        seconds: The longest time.
        seconds_per_mb: How much longer for each million bytes of it.
        most_seconds: The longest time for any.
        memory: The most memory, in bytes, where the system can see to it.
    """

    seconds: float = 60.0
    seconds_per_mb: float = 30.0
    most_seconds: float = 900.0
    memory: int = 2 << 30

    def seconds_for(self, size: int) -> float:
        """Return the longest time for a document of so many bytes."""
        return min(self.seconds + self.seconds_per_mb * size / 1e6, self.most_seconds)


class Pool:
    """Child processes, started when they are needed and used again. Safe to share by threads.

    Args:
        most: How many there may be at once; who comes later waits.
        limits: What one document may take.
    """

    def __init__(self, most: int, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._most = most
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(most)
        self._children: set[_Child] = set()
        self._idle: list[_Child] = []
        self._watch: threading.Timer | None = None
        atexit.register(self.end)
        if hasattr(os, "register_at_fork"):  # the children are the parent's alone
            os.register_at_fork(after_in_child=self._forget)

    def run(self, task: str, name: str, blobs: Sequence[bytes], /, **arguments: Any) -> Message:  # noqa: ANN401
        """Let a child do something.

        Args:
            task: The function, as ``module:name``; it takes the blobs and the arguments and
                returns a message.
            name: What the document is called in errors.
            blobs: The document, and what goes with it.
            **arguments: What JSON can hold.

        Raises:
            ArticleError: The child refused the document, took too long or too much memory, or
                broke down.
        """
        seconds = self.limits.seconds_for(sum(map(len, blobs)))
        asked = {"task": task, "arguments": arguments, "seconds": seconds}
        with self._room:
            child = self._take(name)
            try:
                reply = child.ask(Message(asked, blobs), seconds)
            except BaseException:
                child.kill()
                raise
            finally:
                self._give_back(child)
        if reply is None:
            raise ArticleError(f"{name}: {_death(child, seconds, self.limits)}")
        header = reply.header
        if "done" in header:
            return Message(header["done"], reply.blobs)
        if "refused" in header:
            raise ArticleError(str(header["refused"]))
        raise ArticleError(f"{name}: {_failure(header, self.limits)}")

    def end(self) -> None:
        """End all children, whatever they are doing."""
        with self._lock:
            idle, self._idle = self._idle, []
            for child in idle:
                self._children.discard(child)
                child.close()
            for child in self._children:
                child.kill()  # who asked it gives it back

    def __len__(self) -> int:
        """How many children there are."""
        return len(self._children)

    def _forget(self) -> None:
        """Leave the children to the process that this one was forked from."""
        for child in self._children:
            child.disown()
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(self._most)
        self._children = set()
        self._idle = []
        self._watch = None

    def _take(self, name: str) -> _Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    return child
                self._children.discard(child)
                child.close()
            try:
                child = _Child(self.limits.memory)
            except OSError as error:
                raise ArticleError(
                    f"{name}: the program that reads it cannot be started ({error.strerror})."
                ) from error
            self._children.add(child)
        return child

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if child.alive and child.asked < _TASKS:
                child.idle_since = time.monotonic()
                self._idle.append(child)
                self._watch_idle()
            else:
                self._children.discard(child)
                child.close()

    def _watch_idle(self) -> None:
        """See to it that children end that nobody asks; the lock is held."""
        if self._watch is None and self._idle:
            self._watch = threading.Timer(_IDLE, self._end_idle)
            self._watch.daemon = True
            self._watch.start()

    def _end_idle(self) -> None:
        with self._lock:
            since = time.monotonic() - _IDLE
            for child in [each for each in self._idle if each.idle_since <= since]:
                self._idle.remove(child)
                self._children.discard(child)
                child.close()
            self._watch = None
            self._watch_idle()


def cores() -> int:
    """Return how many cores this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Child:
    """A child process."""

    def __init__(self, memory: int) -> None:
        self.asked = 0
        self.idle_since = 0.0
        self.late = False
        self._healthy = True
        path = [str(Path(each).absolute()) for each in sys.path]  # "" is where this program runs
        debug = bool(os.environ.get("ARTICLE_QA_DEBUG"))
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(memory), *path],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if debug else subprocess.DEVNULL,
            env={
                **{name: os.environ[name] for name in _KEPT if name in os.environ},
                **dict.fromkeys(_ONE_THREAD, "1"),
                "MALLOC_ARENA_MAX": "1",  # others' would each count as 64 MB of its memory
            },
            cwd=Path(sys.executable).anchor or None,
        )
        pipes = self._process.stdin, self._process.stdout
        self._requests, self._replies = cast("tuple[FileIO, FileIO]", pipes)  # not buffered

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._healthy and self._process.poll() is None

    @property
    def code(self) -> int:
        """What it ended with, as :attr:`subprocess.Popen.returncode` has it."""
        return self._process.wait()

    def ask(self, message: Message, seconds: float) -> Message | None:
        """Return what it replies; None if it ends without, and it is ended if it is late."""
        self.asked += 1
        watch = threading.Timer(seconds, self._end_late)
        watch.daemon = True
        watch.start()
        try:
            send(self._requests, message)
            reply = receive(self._replies)
        except (OSError, ValueError, KeyError, TypeError):  # it died, or does not make sense
            reply = None
        finally:
            watch.cancel()
            watch.join()  # else it could end what is asked next
        if reply is None:
            self.kill()
        elif reply.header.get("ends"):
            self._healthy = False
        return reply

    def kill(self) -> None:
        """End it at once."""
        self._healthy = False
        self._process.kill()

    def close(self) -> None:
        """Let it end."""
        self._healthy = False
        self._requests.close()
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._replies.close()

    def disown(self) -> None:
        """Let go of it in a process that did not start it."""
        self._process.returncode = 0
        self._requests.close()
        self._replies.close()

    def _end_late(self) -> None:
        self.late = True
        self.kill()


def _death(child: _Child, seconds: float, limits: Limits) -> str:
    """Return what a person should know of a child that ended amid a document."""
    code = child.code
    if child.late or code == -_OUT_OF_TIME:
        return (
            f"took longer than {seconds:.3g} s to read, so it was given up; split it, or save it "
            "anew in the program that made it, and try again."
        )
    if code == -_KILLED:
        return (
            "cannot be read: the system ended the program that reads it, most likely for want of "
            "memory; close other programs, or split it, and try again."
        )
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    damaged = "the file is most likely damaged"
    if -code in _ABORTED:  # what libraries in C do without memory, too
        damaged += f", or needs more than {_gigabytes(limits.memory)} of memory"
    return (
        f"cannot be read: the program that reads it broke down ({how}); {damaged}. Save it anew in "
        "the program that made it and try again."
    )


def _failure(header: Mapping[str, Any], limits: Limits) -> str:
    """Return what a person should know of a child that could not do what it was asked for."""
    if "memory" in header:
        return (
            f"needs more than {_gigabytes(limits.memory)} of memory to read; split it and try "
            "again."
        )
    if "missing" in header:
        return (
            f"cannot be read, since a library is missing ({header['missing']}); install article-qa "
            "anew."
        )
    return (
        f"cannot be read: the program that reads it broke down ({header.get('broke')}); the file "
        "is most likely damaged. Save it anew in the program that made it and try again."
    )


def _gigabytes(size: int) -> str:
    return f"{size / (1 << 30):.3g} GB"
