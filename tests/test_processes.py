from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import ArticleError
from index.loaders.apart import processes
from index.loaders.apart.frames import Message
from index.loaders.apart.processes import Limits, Pool

TASKS = "tests.child_tasks:"
GIGABYTE = 1 << 30


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(2, Limits(memory=GIGABYTE))
    yield pool
    pool.end()
    gc.collect()


def refusal(pool: Pool, task: str, **arguments: object) -> str:
    with pytest.raises(ArticleError) as error:
        pool.run(TASKS + task, "x.pdf", [b"abc"], **arguments)
    return str(error.value)


def child_of(pool: Pool) -> int:
    return int(pool.run(TASKS + "echo", "x.pdf", [b"abc"]).header["child"])


def test_a_child_does_what_it_is_asked_for_and_is_used_again(pool: Pool) -> None:
    assert len(pool) == 0  # none is started before it is needed
    said = "naïve \udcff"
    reply = pool.run(TASKS + "echo", "x.pdf", [b"abc" * 1_000_000, b"", b"\0"], said=said)
    assert reply.blobs == [b"cba" * 1_000_000, b"", b"\0"]
    assert reply.header["said"] == said
    assert reply.header["child"] == child_of(pool) != os.getpid()
    assert len(pool) == 1


def test_one_that_hangs_is_ended_and_replaced() -> None:
    pool = Pool(1, Limits(seconds=0.5, seconds_per_mb=0))
    first = child_of(pool)
    assert refusal(pool, "sleep", seconds=60).startswith(
        "x.pdf: took longer than 0.5 s to read, so it was given up; split it"
    )
    assert child_of(pool) != first
    pool.end()


def test_longer_documents_have_longer() -> None:
    limits = Limits(seconds=60, seconds_per_mb=10, most_seconds=300)
    assert limits.seconds_for(0) == 60
    assert limits.seconds_for(5_000_000) == 110
    assert limits.seconds_for(100_000_000) == 300


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limits")
def test_one_that_computes_on_without_a_parent_is_ended_by_the_system(pool: Pool) -> None:
    pool.limits = Limits(seconds=-1.5, seconds_per_mb=0)
    child = pool._take("x.pdf")
    message = Message({"task": TASKS + "compute", "arguments": {}, "seconds": -1.5}, [b""])
    assert child.ask(message, seconds=60) is None
    assert child.code == -signal.SIGXCPU
    assert "took longer" in processes._death(child, 60, pool.limits)
    pool._give_back(child)


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such limits")
def test_one_that_takes_too_much_memory_costs_its_own_document_only(pool: Pool) -> None:
    assert refusal(pool, "hold", size=2 * GIGABYTE) == (
        "x.pdf: needs more than 1 GB of memory to read; split it and try again."
    )
    assert pool.run(TASKS + "hold", "y.pdf", [b""], size=GIGABYTE // 4).header["held"]


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no signals")
@pytest.mark.parametrize(
    ("task", "arguments", "says"),
    [
        (
            "crash",
            {"signal": 11},
            "broke down (signal 11); the file is most likely damaged. Save it",
        ),
        (
            "abort",
            {},
            "broke down (signal 6); the file is most likely damaged, or needs",
        ),
        ("crash", {"signal": 9}, "the system ended the program that reads it"),
        ("leave", {"code": 3}, "broke down (exit code 3); the file is most"),
        ("leave", {"code": 0}, "broke down (exit code 0); the file is most"),
        ("fail", {"error": "KeyError"}, "broke down (KeyError); the file is most"),
        (
            "fail",
            {"error": "SystemExit"},
            "broke down (SystemExit); the file is most",
        ),
        ("fail", {"error": "ImportError"}, "since a library is missing (why); install article-qa"),
        ("nest", {"depth": 0}, "broke down (RecursionError); the file is most"),
        ("no_such_task", {}, "broke down (AttributeError)"),
    ],
)
def test_one_that_breaks_down_is_one_error_and_the_next_goes_on(
    pool: Pool, task: str, arguments: dict[str, object], says: str
) -> None:
    found = refusal(pool, task, **arguments)
    assert found.startswith("x.pdf: ")
    assert says in found
    assert pool.run(TASKS + "echo", "y.pdf", [b"abc"]).blobs == [b"cba"]


def test_a_refusal_is_told_in_its_own_words(pool: Pool) -> None:
    before = child_of(pool)
    assert refusal(pool, "refuse", says="x.pdf: needs a password.") == "x.pdf: needs a password."
    assert child_of(pool) == before


def test_what_libraries_print_goes_nowhere(pool: Pool, capfd: pytest.CaptureFixture[str]) -> None:
    assert pool.run(TASKS + "babble", "x.pdf", [b""]).header["read"] == ""
    assert pool.run(TASKS + "echo", "x.pdf", [b"abc"]).blobs == [b"cba"]
    assert capfd.readouterr() == ("", "")


def test_threads_share_no_more_children_than_there_may_be(pool: Pool) -> None:
    with ThreadPoolExecutor(8) as threads:
        runs = [
            threads.submit(pool.run, TASKS + "echo", "x.pdf", [str(n).encode()]) for n in range(40)
        ]
        replies = [run.result() for run in runs]
    assert [reply.blobs[0][::-1] for reply in replies] == [str(n).encode() for n in range(40)]
    assert len({reply.header["child"] for reply in replies}) <= 2
    assert len(pool) <= 2


def test_one_that_breaks_down_does_not_touch_its_neighbour(pool: Pool) -> None:
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(pool.run, TASKS + "sleep", "y.pdf", [b""], seconds=1.0)
        assert "broke down" in refusal(pool, "leave", code=1)
        assert slow.result().header["child"]


def test_a_child_is_replaced_after_so_many_documents(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_TASKS", 3)
    children = [child_of(pool) for _ in range(7)]
    assert [children.count(child) for child in dict.fromkeys(children)] == [3, 3, 1]


def test_one_that_nobody_asks_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_IDLE", 0.05)
    pool = Pool(1)
    child_of(pool)
    deadline = time.monotonic() + 20
    while len(pool) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(pool) == 0
    assert child_of(pool)
    pool.end()


def test_one_that_ends_while_nobody_asks_is_replaced(pool: Pool) -> None:
    first = child_of(pool)
    os.kill(first, 9)
    next(iter(pool._children))._process.wait()
    assert child_of(pool) != first


def test_ending_the_pool_ends_what_hangs(pool: Pool) -> None:
    errors: list[str] = []
    thread = threading.Thread(target=lambda: errors.append(refusal(pool, "sleep", seconds=60)))
    thread.start()
    while not (pool._children and next(iter(pool._children)).asked):
        time.sleep(0.01)
    pool.end()
    thread.join(20)
    assert len(errors) == 1
    assert len(pool) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_has_children_of_its_own(pool: Pool) -> None:
    mine = child_of(pool)
    if not (forked := os.fork()):
        try:
            theirs = child_of(pool)
            pool.end()
            os._exit(0 if theirs != mine else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert child_of(pool) == mine


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no signals")
def test_children_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = """
import os, sys
from index.loaders.apart.processes import Pool
pool = Pool(1)
print(pool.run("tests.child_tasks:echo", "x", [b""]).header["child"], flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    child = int(done.stdout)
    deadline = time.monotonic() + 20
    while _running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _running(child)


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no signals")
def test_one_that_is_busy_ends_with_a_parent_that_is_killed() -> None:
    code = """
import os, threading
from index.loaders.apart.processes import Pool
pool = Pool(1)
print(pool.run("tests.child_tasks:echo", "x", [b""]).header["child"], flush=True)
threading.Timer(0.5, os.kill, (os.getpid(), 9)).start()
pool.run("tests.child_tasks:compute", "x", [b""])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    child = int(done.stdout)
    deadline = time.monotonic() + 20
    while _running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _running(child)


def _running(child: int) -> bool:
    try:
        os.kill(child, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{child}/stat")
    return not status.exists() or status.read_text().split()[2] != "Z"


def test_a_child_loads_little_and_knows_little(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    header = pool.run(TASKS + "loaded", "x.pdf", [b""]).header
    assert not {"torch", "transformers", "gradio", "faiss", "lxml"} & set(header["modules"])
    assert "SECRET_KEY" not in header["environment"]


def test_the_folder_one_stands_in_is_not_imported_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('a file that lies here by chance')")
    monkeypatch.chdir(tmp_path)
    pool = Pool(1)
    assert pool.run(TASKS + "echo", "x.pdf", [b"abc"]).blobs == [b"cba"]
    pool.end()
