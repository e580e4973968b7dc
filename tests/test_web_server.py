"""What the server does for programs and for those who run it."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import Browser, expect

from qa.pipeline import ArticleQA
from tests.web import LEADER, Chat, answer, ask

pytestmark = [pytest.mark.models]

Start = Callable[..., Chat]
WHO = "Who leads the Ukrainian delegation?"


def get(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_program_asks_with_the_gradio_client(chat: Chat) -> None:
    client = Client(chat.url, verbose=False)
    said = client.predict(question=WHO, api_name="/ask")
    assert said["text"] == LEADER
    assert said["citations"][0]["text"][145:158] == LEADER
    both = client.predict(
        questions=["Where were the talks held?", WHO], min_confidence=0.5, api_name="/ask_many"
    )
    assert [each["text"] for each in both] == ["Hallandale Beach, Florida", LEADER]
    (article,) = client.predict(api_name="/articles")
    assert (article["id"], article["title"]) == ("article.txt", "Talks on peace in Ukraine")
    only = client.predict(question=WHO, only=["article.txt"], api_name="/ask")
    assert only == said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"question": "  "}, "The question is empty"),
        ({"question": WHO, "min_confidence": 2.0}, "min_confidence is 2.0"),
        ({"question": WHO, "only": ["none.txt"]}, "none.txt"),
    ],
)
def test_a_program_is_told_what_was_wrong_with_its_question(
    chat: Chat, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(AppError, match=said):
        Client(chat.url, verbose=False).predict(**asked, api_name="/ask")


def test_a_program_asks_with_plain_http(chat: Chat) -> None:
    (said,) = chat.post("/gradio_api/run/ask", {"data": [WHO, None, None]})["data"]
    assert said["text"] == LEADER

    event = chat.post("/gradio_api/call/v2/ask", {"question": WHO})["event_id"]
    status, stream = get(f"{chat.url}/gradio_api/call/ask/{event}")
    assert status == 200
    assert json.loads(stream.split("event: complete\ndata: ")[1])[0]["text"] == LEADER


def test_the_endpoints_are_typed_and_documented_and_nothing_else_is(chat: Chat) -> None:
    _, text = get(f"{chat.url}/gradio_api/info")
    endpoints = json.loads(text)["named_endpoints"]
    assert set(endpoints) == {"/ask", "/ask_many", "/articles"}
    assert endpoints["/ask"]["description"].startswith("Answer a question by quoting the articles")
    assert endpoints["/ask"]["parameters"][0]["python_type"]["type"] == "str"
    assert "confidence: None | float" in endpoints["/ask"]["returns"][0]["python_type"]["type"]


def test_mcp_tools_are_the_same_endpoints(chat: Chat) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def call() -> tuple[set[str], str]:
        async with (
            streamable_http_client(f"{chat.url}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = await session.list_tools()
            said = await session.call_tool("ask", {"question": WHO})
            return {tool.name for tool in tools.tools}, str(said.content[0])

    names, said = asyncio.run(call())
    assert names == {"ask", "ask_many", "articles"}
    assert LEADER in said


def test_health_is_told_without_a_browser(chat: Chat) -> None:
    assert get(f"{chat.url}/health") == (200, '{"status":"ok","articles":1}')


def test_the_log_is_json_and_holds_no_question(chat: Chat, bot: ArticleQA) -> None:
    chat.post("/gradio_api/run/ask", {"data": [WHO, None, None]})
    entry = chat.log[-1]
    assert entry.pop("time").endswith("+00:00")
    assert entry.pop("latency_ms") > 0
    confidence = bot.ask(WHO).confidence
    assert confidence is not None
    assert confidence == pytest.approx(0.97, abs=0.02)
    assert entry == {
        "event": "asked",
        "kind": "phrase",
        "outcome": "answered",
        "confidence": round(confidence, 4),
    }


def test_the_browser_is_told_to_call_no_other_host(chat: Chat) -> None:
    with urllib.request.urlopen(chat.url) as response:
        policy = response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "log", "../log", "article-qa-feedback.json", __file__]
)
def test_no_file_of_the_machine_can_be_read(chat: Chat, path: str) -> None:
    for place in (path, str(chat.folder / path)):
        status, _ = get(f"{chat.url}/gradio_api/file={place}")
        assert status in (403, 404)


def test_an_address_in_place_of_a_file_is_not_fetched(chat: Chat) -> None:
    file = {"path": "http://192.0.2.1/x.txt", "meta": {"_type": "gradio.FileData"}}
    with pytest.raises(urllib.error.HTTPError):
        chat.post("/gradio_api/run/ask", {"data": [file, None, None]})
    assert chat.calls_elsewhere == []


@pytest.mark.browser
def test_no_other_host_is_called_by_the_page_or_the_server(browser: Browser, start: Start) -> None:
    chat = start()
    context = browser.new_context()
    page = context.new_page()
    called: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    page.on("websocket", lambda websocket: called.append(websocket.url))
    page.goto(chat.url)
    ask(page, WHO)
    assert answer(page) == LEADER
    page.locator("a.cite").first.click()
    page.wait_for_timeout(1000)
    context.close()
    assert len(called) > 5
    assert [url for url in called if not re.match(rf"{chat.url}/|data:|blob:", url)] == []
    assert chat.calls_elsewhere == []


def test_it_stops_in_peace_when_it_is_told_to_and_leaves_no_uploads(
    start: Start, tmp_path: Path
) -> None:
    chat = start("--log-questions")
    chat.post("/gradio_api/run/ask", {"data": [WHO, None, None]})
    assert chat.log[-1]["question"] == WHO
    assert chat.uploads.is_dir()
    status, output = chat.stop(signal.SIGTERM)
    assert status == 0
    assert "Traceback" not in output
    assert list(tmp_path.glob("article-qa-*/")) == []


@pytest.mark.browser
def test_who_comes_when_the_queue_is_full_is_told_so(browser: Browser, start: Start) -> None:
    chat = start("--workers=1", "--waiting=1")
    context = browser.new_context()
    page = context.new_page()
    page.goto(chat.url)
    page.locator("#chat .example").first.wait_for()
    for _ in range(2):  # one is worked on, one waits
        chat.post("/gradio_api/call/v2/ask_many", {"questions": [WHO] * 40})
        threading.Event().wait(0.5)
    with pytest.raises(urllib.error.HTTPError, match="503"):
        chat.post("/gradio_api/call/v2/ask", {"question": WHO})
    ask(page, WHO)
    expect(page.locator(".bot")).to_contain_text("Too many questions are waiting")
    expect(page.locator(".user.message")).to_have_text(WHO)
    context.close()


@pytest.mark.browser
def test_behind_a_proxy_and_a_password(browser: Browser, start: Start, tmp_path: Path) -> None:
    who = tmp_path / "who.txt"
    who.write_text("ann:se:cret\nbob:other\n")
    chat = start(f"--auth={who}", "--root-path=/qa")
    assert get(f"{chat.url}/config")[0] == 401
    assert get(f"{chat.url}/health")[0] == 200
    assert get(f"{chat.url}/library/documents")[0] == 401
    known = base64.b64encode(b"bob:other").decode()
    assert get(f"{chat.url}/library/documents", Authorization=f"Basic {known}")[0] == 200
    context = browser.new_context()
    page = context.new_page()
    page.goto(chat.url)
    page.get_by_label("username").fill("ann")
    page.get_by_label("password").fill("se:cret")
    with page.expect_response("**/login") as login:
        page.get_by_role("button", name="Login").click()
    assert login.value.url == f"{chat.url}/qa/login"  # which the proxy would pass on
    context.close()
