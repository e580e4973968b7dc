"""A running web chat, and what a visitor does in it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

expect.set_options(timeout=20_000)

_ROOT = Path(__file__).parents[1]
LEADER = "Rustem Umerov"
COUNCIL_SECRETARY = "National Security Council Secretary"

# Runs the command line and reports every look at another machine. What is started in the background
# of a shell ignores Ctrl+C, and hands that on.
GUARDED = """
import signal
import sys

def guard(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        host = arguments[0] if event == "socket.getaddrinfo" else arguments[1][0]
        if host not in {None, "127.0.0.1", "localhost", b"127.0.0.1", b"localhost"}:
            print("network:", event, host, file=sys.stderr, flush=True)

sys.addaudithook(guard)
signal.signal(signal.SIGINT, signal.default_int_handler)
from ui.cli import main
main()
"""


# Serves files with models that find set phrases: how an answer is shown does not hang on how good
# it is. Takes the port, what is served, the phrases, whether addresses are fetched, and whether
# programs may change what is served.
FAKED = """
import json
import signal
import sys
from index.articles import Article
from index.retriever import Retriever
from qa import ArticleQA
from pathlib import Path
from tests.fakes import PhraseReader, WordEncoder
from ui.web.feedback import FeedbackFile
from ui.web.server import Settings, serve

signal.signal(signal.SIGINT, signal.default_int_handler)
if __name__ == "__main__":  # children that read documents begin with this program, too
    port, files, phrases, urls, changes = json.loads(sys.argv[-1])
    articles = [Article.from_file(file) for file in files]
    retriever = Retriever.build(articles, WordEncoder(1024))
    bot = ArticleQA(retriever, PhraseReader(**dict.fromkeys(phrases, 3.0)))
    feedback = FeedbackFile(Path("feedback.json"))
    serve(
        bot,
        Settings(
            host="127.0.0.1", port=port, open_browser=False, root_path="", auth=(),
            max_file_bytes=1_000_000, workers=4, waiting=99, feedback=feedback, mcp=False,
            log_questions=False, urls=urls, changes=changes,
        ),
    )
"""


def chromium_path() -> str | None:
    """Return where this machine has a Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Open a Chromium that calls nobody by itself; Playwright's own if the machine has none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield browser
        browser.close()


class Chat:
    """A running ``article-qa chat`` on a port of its own, in a folder of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        port = _free_port()
        command = (GUARDED, "chat", "--no-browser", f"--port={port}", *arguments)
        self._start(folder, port, *command)

    @classmethod
    def of_fakes(
        cls,
        folder: Path,
        files: Sequence[str],
        phrases: Sequence[str],
        *,
        urls: bool = True,
        changes: bool = False,
    ) -> Chat:
        """Start one over files of its folder, whose models only find phrases.

        Args:
            folder: The folder.
            files: Which files of it are served.
            phrases: What is found.
            urls: Whether pages of the web may be fetched.
            changes: Whether programs may change what is served.
        """
        chat, port = cls.__new__(cls), _free_port()
        chat._start(folder, port, FAKED, json.dumps([port, files, phrases, urls, changes]))
        return chat

    def _start(self, folder: Path, port: int, *program: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.folder = folder
        self._log = folder / "log"
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", *program],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=folder,
                env={**os.environ, "TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(paths)},
            )
        assert self._process.stdout is not None
        self.greeting = self._process.stdout.readline()

    @property
    def process_id(self) -> int:
        """The server's process."""
        return self._process.pid

    @property
    def uploads(self) -> Path:
        """The folder in which it keeps what is uploaded."""
        (folder,) = self.folder.glob("article-qa-*/")
        return folder

    @property
    def log(self) -> list[dict[str, Any]]:
        """What it logged so far; what else it said is left out."""
        lines = self._log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    @property
    def calls_elsewhere(self) -> list[str]:
        """The looks at another machine that it took so far."""
        return [line for line in self._log.read_text().splitlines() if line.startswith("network:")]

    def stop(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Interrupt it; return its exit status and all that it said since it began."""
        if self._process.poll() is not None:
            return self._process.returncode, ""
        self._process.send_signal(how)
        output, _ = self._process.communicate(timeout=30)
        return self._process.returncode, output + self._log.read_text()

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send JSON as any program can; return the JSON that comes back."""
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as response:
            found: dict[str, Any] = json.load(response)
        return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def answer(page: Page) -> str:
    said = page.locator(".bot strong.answer, .bot strong.no-answer").last
    said.wait_for()
    return said.inner_text()


def set_sureness(page: Page, value: str) -> None:
    own = page.get_by_label("Set a bar of my own")
    if not own.is_visible():
        page.get_by_role("button", name="How sure an answer must be").click()
    own.check()
    sure = page.get_by_label("number input for How sure an answer must be")
    sure.fill(value)
    sure.press("Tab")


def add_text(page: Page, text: str) -> None:
    if not page.get_by_label("Paste its text").is_visible():
        page.get_by_role("button", name="Ask an article of your own").click()
    page.get_by_label("Paste its text").fill(text)
    page.get_by_role("button", name="Add this text").click()


def drop(page: Page, name: str, data: bytes) -> None:
    if not page.get_by_label("Paste its text").is_visible():
        page.get_by_role("button", name="Ask an article of your own").click()
    page.locator("#own input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": data}
    )
