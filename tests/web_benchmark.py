"""Measures the web chat: ``python -m tests.web_benchmark``.

How soon the page and its first answer are there, what the browser adds to a question, whether the
server's memory stays as it is, and what fifty visitors at once have to wait.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import httpx

from eval.commands.evaluate import ARTICLE_QUESTIONS
from qa.pipeline import ArticleQA
from qa.squad import load_squad
from tests.web import Chat, open_chromium

EVERY_S = (10.0, 30.0)  # how long a visitor reads before the next question
_TIMEOUT_S = 120


def main() -> None:
    """Run all measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--questions", type=int, default=1000)
    arguments = parser.parse_args()
    questions = [each.text for group in load_squad(ARTICLE_QUESTIONS) for each in group.questions]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        chat = Chat(Path(folder))
        print(f"Server ready after            {time.perf_counter() - began:6.1f} s")
        try:
            browse(chat, questions[:40])
            print_times("Python call", call(questions[:40]))
            remember(chat, questions, arguments.questions)
            for reads, how in (
                (EVERY_S, "reading 10 to 30 s"),
                ((0.0, 0.0), "asking without a stop"),
            ):
                waited, errors = asyncio.run(
                    crowd(chat.url, questions, arguments.visitors, arguments.seconds, reads)
                )
                print_times(f"{arguments.visitors} visitors, {how}", waited)
                rate = len(waited) / arguments.seconds
                print(f"    answers a second {rate:.1f}, errors {len(errors)} {set(errors) or ''}")
        finally:
            chat.stop()


def print_times(what: str, times: Sequence[float]) -> None:
    """Print the median and the 95th percentile of some times."""
    cuts = statistics.quantiles(times, n=20)
    print(
        f"{what}: {len(times)} questions, p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms", flush=True
    )


def call(questions: Iterable[str]) -> list[float]:
    """Return how long the same questions take as a Python call, in milliseconds."""
    bot = ArticleQA.default()
    bot.suggest()
    conversation = bot.conversation()
    times = []
    for question in questions:
        began = time.perf_counter()
        conversation.ask(question)
        times.append((time.perf_counter() - began) * 1000)
    return times


def browse(chat: Chat, questions: Sequence[str]) -> None:
    """Ask in a browser, from a cold page on."""
    times = []
    with open_chromium() as browser:
        page = browser.new_page()
        began = time.perf_counter()
        page.goto(chat.url)
        box = page.get_by_label("Your question")
        box.wait_for()
        print(f"Page ready after              {(time.perf_counter() - began) * 1000:6.0f} ms")
        for number, question in enumerate(questions, start=1):
            box.fill(question)
            began = time.perf_counter()
            box.press("Enter")
            page.wait_for_function(
                "count => document.querySelectorAll('#chat [data-testid=bot] *').length && "
                "document.querySelectorAll('#chat [data-testid=bot]').length === count",
                arg=number,
                polling=5,
            )
            times.append((time.perf_counter() - began) * 1000)
    print(f"First answer after            {times[0]:6.0f} ms")
    print_times("Through the browser", times)


def remember(chat: Chat, questions: Sequence[str], count: int) -> None:
    """Ask many questions, a hundred each visitor, and print how the server's memory grows."""
    with httpx.Client(timeout=_TIMEOUT_S) as client:
        for number in range(count + 1):
            if number % 100 == 0:
                visitor = Visitor(chat.url, client.get(f"{chat.url}/config").json())
                if number in (100, count // 2, count):
                    print(
                        f"Memory after {number:5} questions   {memory_mb(chat):6.0f} MB", flush=True
                    )
            visitor.ask_now(client, questions[number % len(questions)])


def memory_mb(chat: Chat) -> float:
    """Return the resident memory of the server, in megabytes."""
    status = Path(f"/proc/{chat.process_id}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line) / 1024


async def crowd(
    url: str, questions: Sequence[str], visitors: int, seconds: float, reads: tuple[float, float]
) -> tuple[list[float], list[str]]:
    """Have visitors ask for some time; return how long each answer took, in ms, and what failed."""
    waited: list[float] = []
    errors: list[str] = []
    until = time.perf_counter() + seconds

    async def visit(number: int) -> None:
        rng = random.Random(number)
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
            visitor = Visitor(url, (await client.get(f"{url}/config")).json())
            await asyncio.sleep(rng.uniform(0, reads[1]))
            while time.perf_counter() < until:
                began = time.perf_counter()
                try:
                    await visitor.ask(client, rng.choice(questions))
                    waited.append((time.perf_counter() - began) * 1000)
                except (httpx.HTTPError, RuntimeError) as error:
                    errors.append(str(error) or type(error).__name__)
                await asyncio.sleep(rng.uniform(*reads))

    await asyncio.gather(*(visit(number) for number in range(visitors)))
    return waited, errors


class Visitor:
    """Does what the page does when a question is asked, without a browser.

    Args:
        url: The server.
        config: What the page is told about itself.
    """

    def __init__(self, url: str, config: dict[str, Any]) -> None:
        self._api = f"{url}/gradio_api"
        self._session = uuid.uuid4().hex
        box = next(
            each["id"]
            for each in config["components"]
            if each["props"].get("elem_id") == "question"
        )
        listeners = {each["id"]: each for each in config["dependencies"]}
        self._begin = next(
            each["id"]
            for each in listeners.values()
            if [box, "submit"] in map(list, each["targets"])
        )
        self._answer = next(
            each["id"] for each in listeners.values() if each["trigger_after"] == self._begin
        )

    def _body(self, listener: int, *data: object) -> dict[str, Any]:
        return {"data": [*data], "fn_index": listener, "session_hash": self._session}

    async def ask(self, client: httpx.AsyncClient, question: str) -> None:
        """Ask, and wait for the answer."""
        begun = await client.post(
            f"{self._api}/run/predict", json=self._body(self._begin, question, None)
        )
        begun.raise_for_status()
        body = self._body(self._answer, None, False, 0.67)
        (await client.post(f"{self._api}/queue/join", json=body)).raise_for_status()
        events = f"{self._api}/queue/data?session_hash={self._session}"
        async with client.stream("GET", events) as stream:
            async for line in stream.aiter_lines():
                if completed(line):
                    return
        raise RuntimeError("no answer came")

    def ask_now(self, client: httpx.Client, question: str) -> None:
        """Ask, and wait for the answer."""
        client.post(
            f"{self._api}/run/predict", json=self._body(self._begin, question, None)
        ).raise_for_status()
        body = self._body(self._answer, None, False, 0.67)
        client.post(f"{self._api}/queue/join", json=body).raise_for_status()
        events = f"{self._api}/queue/data?session_hash={self._session}"
        with client.stream("GET", events) as stream:
            if not any(map(completed, stream.iter_lines())):
                raise RuntimeError("no answer came")


def completed(line: str) -> bool:
    """Tell whether an event says that the answer is there."""
    if not line.startswith("data: "):
        return False
    event = json.loads(line.removeprefix("data: "))
    if event["msg"] == "process_completed" and not event["success"]:
        raise RuntimeError(str(event["output"]))
    return bool(event["msg"] == "process_completed")


if __name__ == "__main__":
    main()
