"""The web chat in a real browser, with the real models."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.models]
expect.set_options(timeout=20_000)

COUNCIL_SECRETARY = "National Security Council Secretary Rustem Umerov"
HOSTILE = (
    "The **secret** word <img src=x onerror=\"document.title='pwned'\"> ${document.title='pwned'} "
    "{{document.title}} <script>document.title='pwned'</script> is kept in "
    "Hallandale Beach, Florida."
)


# Runs the command line and reports every look at another machine.
GUARDED = """
import sys

def guard(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        host = arguments[0] if event == "socket.getaddrinfo" else arguments[1][0]
        if host not in {None, "127.0.0.1", "localhost", b"127.0.0.1", b"localhost"}:
            print("network:", event, host, file=sys.stderr, flush=True)

sys.addaudithook(guard)
from ui.cli import main
main()
"""


class Chat:
    """A running ``article-qa chat`` on a port of its own."""

    def __init__(self, *arguments: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-c", GUARDED, "chat", "--no-browser", f"--port={port}", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        self.greeting = self._process.stdout.readline()

    def stop(self) -> tuple[int, str]:
        """Interrupt it as Ctrl+C does; return its exit status and what it said since it began."""
        self._process.send_signal(signal.SIGINT)
        output, _ = self._process.communicate(timeout=30)
        return self._process.returncode, output


@pytest.fixture(scope="module")
def chat() -> Iterator[Chat]:
    running = Chat()
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser, chat: Chat) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(chat.url)
    yield page
    context.close()


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def answer(page: Page) -> str:
    said = page.locator(".bot strong.answer, .bot strong.no-answer").last
    said.wait_for()
    return said.inner_text()


def test_the_chat_says_where_it_is(chat: Chat) -> None:
    assert chat.greeting == f"article-qa is at {chat.url}/ (Ctrl+C stops it)\n"


def test_a_slider_sets_how_sure_an_answer_must_be(page: Page) -> None:
    sure = page.get_by_label("number input for How sure an answer must be")
    for value, said in (("1", "The article does not say."), ("0", "Hallandale Beach, Florida")):
        sure.fill(value)
        sure.press("Tab")
        ask(page, "Where were the talks held?")
        expect(page.locator(".bot strong").last).to_have_text(said)
    # Below the answer that was refused stood the sentence that comes closest.
    expect(page.locator(".bot").first).to_contain_text("Closest, but not sure enough:")
    expect(page.locator(".bot blockquote").first).to_contain_text("convened in")


def test_an_answer_is_read_with_its_sentence_and_marked_in_the_article(page: Page) -> None:
    expect(page.locator("#article")).to_contain_text("In a significant diplomatic development")
    expect(page.locator("#article mark")).to_have_count(0)

    ask(page, "Who leads the Ukrainian delegation?")

    assert answer(page) == COUNCIL_SECRETARY
    quotation = page.locator(".bot blockquote")
    expect(quotation).to_contain_text("The high-level discussions, convened in Hallandale Beach")
    expect(quotation.locator("mark")).to_have_text(COUNCIL_SECRETARY)
    marked = page.locator("#article mark")
    expect(marked).to_have_count(3)
    expect(page.locator("#article mark.answer")).to_have_text(COUNCIL_SECRETARY)
    sentence = "".join(marked.all_inner_texts())
    assert sentence.startswith("The high-level discussions, convened in Hallandale Beach, Florida,")
    assert sentence.endswith("searched his residence.")


def test_the_mark_is_scrolled_into_view_and_the_conversation_stays(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 600})
    pane = page.locator("#article .html-container")
    assert pane.evaluate("pane => pane.scrollHeight > pane.clientHeight + 100")
    ask(page, "When did the full-scale invasion begin?")
    assert answer(page) == "February 2022"
    expect(page.locator("#article mark.answer")).to_be_in_viewport()
    assert pane.evaluate("pane => pane.scrollTop") > 100
    assert page.evaluate("window.scrollY") == 0


def test_what_the_article_does_not_say_is_said_and_nothing_marked(page: Page) -> None:
    ask(page, "What is the population of Ukraine?")
    assert answer(page) == "The article does not say."
    expect(page.locator(".bot")).to_contain_text("Closest, but not sure enough:")
    expect(page.locator("#article mark")).to_have_count(0)


def test_an_example_is_asked_with_a_click_and_a_conversation_goes_on(page: Page) -> None:
    page.get_by_role("button", name="Who headed the Ukrainian delegation?").click()
    assert answer(page) == COUNCIL_SECRETARY
    ask(page, "When did the full-scale invasion begin?")
    expect(page.locator(".bot strong.answer")).to_have_text([COUNCIL_SECRETARY, "February 2022"])
    expect(page.get_by_label("Your question")).to_have_value("")


@pytest.mark.parametrize(
    ("question", "reply"), [("   ", "The question is empty"), ("why " * 2500, "is too long")]
)
def test_a_question_that_cannot_be_asked_gets_a_clear_reply(
    page: Page, question: str, reply: str
) -> None:
    ask(page, question)
    expect(page.locator(".bot")).to_contain_text(reply)


def test_a_question_is_shown_as_it_was_typed(page: Page) -> None:
    question = "Who is *he* <img src=x onerror=\"document.title='pwned'\"> & {{1}}?"
    ask(page, question)
    answer(page)
    expect(page.locator(".user.message")).to_have_text(question)
    assert page.title() == "article-qa"


def test_no_other_host_is_called(browser: Browser, chat: Chat) -> None:
    context = browser.new_context()
    page = context.new_page()
    called: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    page.on("websocket", lambda websocket: called.append(websocket.url))
    page.goto(chat.url)
    ask(page, "Where were the talks held?")
    answer(page)
    page.wait_for_timeout(1000)
    elsewhere = [url for url in called if not re.match(rf"{chat.url}/|data:|blob:", url)]
    assert len(called) > 5
    assert elsewhere == []
    context.close()


def test_the_browser_is_told_to_call_no_other_host(chat: Chat) -> None:
    with urllib.request.urlopen(chat.url) as response:
        policy = response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy


def test_a_hostile_article_is_shown_and_does_nothing(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text(HOSTILE)
    chat = Chat("--article", str(path), "--min-confidence", "0")
    context = browser.new_context()
    page = context.new_page()
    try:
        page.goto(chat.url)
        ask(page, "Where is the secret word kept?")
        assert answer(page) == "Hallandale Beach, Florida"
        expect(page.locator("#article")).to_contain_text(HOSTILE)
        expect(page.locator(".bot blockquote")).to_contain_text(HOSTILE)
        expect(page.locator("#article img, .bot blockquote img")).to_have_count(0)
        assert page.title() == "article-qa"
    finally:
        context.close()
        chat.stop()


def test_a_follow_up_is_understood_from_what_was_said(page: Page) -> None:
    for question, said in (
        ("Who leads the Ukrainian delegation?", COUNCIL_SECRETARY),
        ("What position does he hold?", "chief negotiator"),
        ("Who did he replace?", "Andriy Yermak"),
        ("Why did he resign?", "anti-corruption authorities searched his residence"),
    ):
        ask(page, question)
        expect(page.locator(".bot strong").last).to_have_text(said)
    expect(page.locator(".bot .understood").last).to_have_text(
        "Understood as: Why did Andriy Yermak resign? (“he” could also be Rustem Umerov)"
    )


def test_a_list_is_shown_part_by_part_and_all_of_it_is_marked(page: Page) -> None:
    ask(page, "Who was in the American delegation?")
    expect(page.locator(".bot li strong.answer")).to_have_text(
        ["President Donald Trump’s special envoy Steve Witkoff", "senior advisor Jared Kushner"]
    )
    expect(page.locator("#article mark.answer")).to_have_count(2)


def test_a_suggested_question_is_asked_by_a_click(page: Page) -> None:
    ask(page, "hi")
    offered = page.locator("button.option").first
    question = offered.inner_text()
    offered.click()
    expect(page.locator(".user").last).to_contain_text(question)
    expect(page.locator(".bot strong.answer")).not_to_have_count(0)


def test_two_visitors_have_their_own_conversations(browser: Browser, chat: Chat) -> None:
    contexts = [browser.new_context(), browser.new_context()]
    first, second = (context.new_page() for context in contexts)
    for page in (first, second):
        page.goto(chat.url)
    ask(first, "Who leads the Ukrainian delegation?")
    ask(second, "When did the full-scale invasion begin?")
    assert answer(first) == COUNCIL_SECRETARY
    assert answer(second) == "February 2022"
    ask(second, "What position does he hold?")  # nobody was spoken of here
    expect(second.locator(".bot")).to_have_count(2)
    expect(second.locator(".bot").last).not_to_contain_text("Understood as")
    for context in contexts:
        context.close()


def test_the_server_calls_no_other_host_and_stops_when_it_is_told_to(browser: Browser) -> None:
    chat = Chat()
    page = browser.new_page()
    page.goto(chat.url)
    ask(page, "Where were the talks held?")
    answer(page)
    page.close()
    status, output = chat.stop()
    assert status == 0
    assert "network:" not in output
