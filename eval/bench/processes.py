"""Fresh processes, in which nothing is warm and whose memory is their own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from eval.bench.measuring import in_mb
from qa import ArticleQAError

SILENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}
"""What keeps libraries from the network, and from showing how they load models."""

Made = TypeVar("Made")


class ProcessError(ArticleQAError):
    """A process of the benchmark failed."""


@dataclass(frozen=True)
class FirstAnswer:
    """The first answer of a fresh process.

    Attributes:
        seconds: The time from its start to the answer on its standard output.
        peak_mb: The most memory that it held; None where it cannot be told.
        answer: The first line of the answer.
    """

    seconds: float
    peak_mb: float | None
    answer: str


def in_fresh_process(function: Callable[..., Made], *arguments: object) -> Made:
    """Call a function of this program in a process of its own.

    Raises:
        ArticleQAError: What it raises itself, or that it ended otherwise.
    """
    with tempfile.TemporaryDirectory() as folder:
        task, outcome = Path(folder, "task"), Path(folder, "outcome")
        task.write_bytes(pickle.dumps((function, arguments)))
        command = [sys.executable, "-m", __package__, str(task), str(outcome)]
        # In a session of its own, Ctrl+C does not reach it: it is ended from here.
        code = subprocess.run(
            command, env=_environment(), check=False, start_new_session=True
        ).returncode
        if not outcome.exists():
            raise ProcessError(f"{function.__name__} ended with exit code {code} and no result.")
        made = pickle.loads(outcome.read_bytes())
    if isinstance(made, BaseException):
        raise made
    result: Made = made
    return result


def first_answer(command: Sequence[str]) -> FirstAnswer:
    """Start a program, and take the time until its answer is there.

    Raises:
        ProcessError: It fails, or prints nothing.
    """
    with tempfile.TemporaryFile("w+") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=_environment(),
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            with process.stdout as out:
                answer = out.readline().strip()
                seconds = time.perf_counter() - started
                out.read()
            peak_mb = _wait(process)
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.returncode or not answer:
            errors.seek(0)
            last = (errors.read().strip().splitlines() or ["it printed nothing"])[-1]
            raise ProcessError(f"{' '.join(command[:3])}: failed ({last}).")
    return FirstAnswer(seconds, peak_mb, answer)


def import_seconds(statements: str) -> float:
    """Return how long a fresh interpreter takes to import something.

    Raises:
        ProcessError: It cannot be imported.
    """
    program = (
        "import time\nstarted = time.perf_counter()\n"
        f"{statements}\nprint(time.perf_counter() - started)"
    )
    return float(first_answer([sys.executable, "-c", program]).answer)


def _wait(process: subprocess.Popen[str]) -> float | None:
    """Wait for the end of a process; return the most memory that it held."""
    if not hasattr(os, "wait4"):  # Windows
        process.wait()
        return None
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return in_mb(usage.ru_maxrss)


def _environment() -> dict[str, str]:
    return {**os.environ, **SILENT}


def work(task: str, outcome: str) -> None:
    """Call the function that a file holds, and leave what it returns or raises in another."""
    function, arguments = pickle.loads(Path(task).read_bytes())
    try:
        made = function(*arguments)
    except ArticleQAError as error:
        made = error
    except Exception as error:  # what other systems raise has no end
        if os.environ.get("ARTICLE_QA_DEBUG"):
            raise
        made = ProcessError(f"{function.__name__}: {type(error).__name__}: {error}")
    Path(outcome).write_bytes(pickle.dumps(made))
