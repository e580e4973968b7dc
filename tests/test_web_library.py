"""The library that is served: listed, searched and changed by programs, and chosen from."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.testclient import TestClient

from index.articles import Article
from index.errors import StoreError
from index.retriever import Retriever
from index.store.base import Document, Made, Prepared
from index.store.folder.store import FolderStore
from index.store.memory import MemoryStore
from index.store.settings import DEFAULT_SETTINGS
from qa import ArticleQA
from tests.commands import Run
from tests.fakes import PhraseReader, WordEncoder
from tests.web import Chat, answer, ask
from ui.web.catalogue import catalogue_of
from ui.web.handlers import Handlers
from ui.web.lists import CHOOSE
from ui.web.markup import article_html
from ui.web.rest import Access, LibraryRoutes
from ui.web.turns import Choice, Visitor
from ui.web.visitors import Service

FERRY = "The ferry Aurora sank near Oslo. Nobody drowned."
BRIDGE = "The bridge was opened in Meissen. It was built by Lena Vogt."
HERE = "http://127.0.0.1:7860"
SENT = {"x-article-qa": "1"}
JSON = {"content-type": "application/json"}


def service_of(*, max_bytes: int = 1000, store: MemoryStore | None = None) -> Service:
    encoder = WordEncoder()
    if store is None:
        store = MemoryStore(Made(encoder.name, encoder.dimension))
    retriever = Retriever(store, encoder)
    retriever.add([Article("ferry.txt", "Ferry", FERRY)], tags=["ships"])
    retriever.add([Article("in/bridge.txt", "Bridge", BRIDGE)])
    reader = PhraseReader(Oslo=2, Meissen=2, Turku=2)
    return Service(ArticleQA(retriever, reader), max_bytes=max_bytes)


def client_of(
    service: Service, *, changes: bool = False, auth: tuple[tuple[str, str], ...] = ()
) -> TestClient:
    routes = LibraryRoutes(service, Access(auth, changes)).routes()
    return TestClient(Starlette(routes=routes), base_url=HERE)


def ids_of(service: Service) -> list[str]:
    return [document.id for document in service.bot.documents]


def test_documents_are_listed_without_their_texts() -> None:
    client = client_of(service_of())
    assert client.get("/library/documents").json() == {
        "total": 2,
        "documents": [
            {
                "id": "ferry.txt",
                "title": "Ferry",
                "characters": len(FERRY),
                "passages": 1,
                "tags": ["ships"],
            },
            {
                "id": "in/bridge.txt",
                "title": "Bridge",
                "characters": len(BRIDGE),
                "passages": 1,
                "tags": [],
            },
        ],
    }
    (second,) = client.get("/library/documents?offset=1").json()["documents"]
    (first,) = client.get("/library/documents?limit=1").json()["documents"]
    (sought,) = client.get("/library/documents?q=IN/").json()["documents"]
    assert [each["id"] for each in (first, second, sought)] == [
        "ferry.txt",
        "in/bridge.txt",
        "in/bridge.txt",
    ]


def test_passages_are_found_in_all_documents_or_in_some() -> None:
    client = client_of(service_of())
    found = client.get("/library/search", params={"q": "where was the bridge opened"}).json()
    best, other = found["passages"]
    assert (best["id"], best["title"]) == ("in/bridge.txt", "Bridge")
    assert best["text"] == BRIDGE[best["start"] : best["end"]]
    assert best["score"] > other["score"]
    for only, ids in (
        ({"only": ["ferry.txt"]}, ["ferry.txt"]),
        ({"tag": ["ships"]}, ["ferry.txt"]),
        ({"only": ["in/bridge.txt"], "tag": ["ships"]}, ["in/bridge.txt", "ferry.txt"]),
        ({"k": "1"}, ["in/bridge.txt"]),
    ):
        found = client.get("/library/search", params={"q": "bridge", **only}).json()
        assert [each["id"] for each in found["passages"]] == ids


def test_a_file_and_a_text_are_added_replaced_and_removed() -> None:
    service = service_of()
    client = client_of(service, changes=True)
    url, file = "/library/documents?name=notes/port.md&tag=ships", b"# The port\n\nIt is in Turku."
    made = client.post(url, content=file, headers=SENT)
    assert made.status_code == 201
    assert made.json() == {
        "outcome": "added",
        "document": {
            "id": "notes/port.md",
            "title": "The port",
            "characters": 27,
            "passages": 1,
            "tags": ["ships"],
        },
        "notes": [],
    }
    assert [each.text for each in service.ask_many(["Where is the port?"])] == ["Turku"]
    again = client.post(url, content=file, headers=SENT)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")

    text = {"id": "notes/port.md", "text": "It is in Oslo.", "title": "Port", "tags": []}
    assert client.post("/library/documents", json=text).json()["outcome"] == "replaced"
    assert service.bot.articles[-1].text == "It is in Oslo."

    gone = client.delete("/library/documents/in/bridge.txt")
    assert (gone.status_code, gone.json()) == (200, {"outcome": "removed", "id": "in/bridge.txt"})
    assert ids_of(service) == ["ferry.txt", "notes/port.md"]
    missing = client.delete("/library/documents/in/bridge.txt")
    assert missing.status_code == 404
    assert "in/bridge.txt" in missing.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "said"),
    [
        ("GET", "/library/search", {}, 400, "q is missing"),
        ("GET", "/library/search?q=a&k=0", {}, 400, "k is '0'; expected a whole number from 1"),
        ("GET", "/library/search?q=a&k=many", {}, 400, "k is 'many'"),
        ("GET", "/library/search?q=a&only=none.txt", {}, 404, "none.txt"),
        ("GET", "/library/search?q=a&tag=none", {}, 404, "none"),
        ("GET", "/library/documents?offset=-1", {}, 400, "offset is '-1'"),
        ("GET", "/library/documents?limit=100000", {}, 400, "from 1 to 10,000"),
        ("POST", "/library/documents", {"content": b"a", "headers": SENT}, 400, "name is ''"),
        ("POST", "/library/documents?name=a.txt", {"content": b"a"}, 400, "x-article-qa"),
        (
            "POST",
            "/library/documents?name=a.pdf",
            {"content": b"%PDF\xff\0", "headers": SENT},
            400,
            "a.pdf: is not a PDF",
        ),
        (
            "POST",
            "/library/documents?name=a%00.txt",
            {"content": b"Text.", "headers": SENT},
            400,
            "without control characters",
        ),
        (
            "POST",
            "/library/documents?name=a.txt",
            {"content": b"x" * 1001, "headers": SENT},
            413,
            "a.txt: has more than 1,000 bytes",
        ),
        ("POST", "/library/documents", {"json": ["a"]}, 400, "expected: a JSON object"),
        ("POST", "/library/documents", {"json": {"id": "a"}}, 400, "with id and text"),
        ("POST", "/library/documents", {"json": {"id": "a", "text": 1}}, 400, "text is no string"),
        ("POST", "/library/documents", {"json": {"id": "a", "text": " "}}, 400, "is empty"),
        ("POST", "/library/documents", {"json": {"id": "", "text": "A."}}, 400, "id is ''"),
        (
            "POST",
            "/library/documents",
            {"content": b'{"id": "\\ud800", "text": "A."}', "headers": JSON},
            400,
            "without control characters",
        ),
        (
            "POST",
            "/library/documents",
            {"json": {"id": "a", "text": "A.", "tags": "b"}},
            400,
            "tags is no list",
        ),
        (
            "POST",
            "/library/documents",
            {"content": b"[" * 900, "headers": JSON},
            400,
            "is not JSON",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_line_and_nothing_changes(
    method: str, path: str, sent: dict[str, Any], status: int, said: str
) -> None:
    service = service_of()
    response = client_of(service, changes=True).request(method, path, **sent)
    assert (response.status_code, set(response.json())) == (status, {"error"})
    assert said in response.json()["error"]
    assert "\n" not in response.json()["error"]
    assert ids_of(service) == ["ferry.txt", "in/bridge.txt"]


def test_nothing_is_changed_where_that_was_not_allowed() -> None:
    service = service_of()
    client = client_of(service)
    for response in (
        client.post("/library/documents", json={"id": "a", "text": "A."}),
        client.delete("/library/documents/ferry.txt"),
    ):
        assert response.status_code == 405
        assert "--allow-changes" in response.json()["error"]
    assert ids_of(service) == ["ferry.txt", "in/bridge.txt"]


@pytest.mark.parametrize(
    ("host", "headers", "local", "status"),
    [
        (HERE, {}, True, 200),
        (HERE, {"origin": HERE, "sec-fetch-site": "same-origin"}, True, 200),
        (HERE, {"sec-fetch-site": "none"}, True, 200),
        (HERE, {"origin": "https://evil.example"}, True, 403),
        (HERE, {"origin": "http://127.0.0.1:8000"}, True, 403),
        (HERE, {"origin": "null"}, True, 403),
        (HERE, {"sec-fetch-site": "cross-site"}, True, 403),
        # A name of theirs may be made to lead to this machine.
        ("http://evil.example:7860", {"origin": "http://evil.example:7860"}, True, 403),
        ("http://qa.example:7860", {"origin": "http://qa.example:7860"}, False, 200),
        ("http://qa.example:7860", {"origin": "http://other.example"}, False, 403),
    ],
)
def test_pages_of_other_sites_can_do_nothing(
    host: str, headers: dict[str, str], local: bool, status: int
) -> None:
    service = service_of()
    routes = LibraryRoutes(service, Access(changes=True, local=local)).routes()
    client = TestClient(Starlette(routes=routes), base_url=host)
    assert client.get("/library/documents", headers=headers).status_code == status
    assert client.delete("/library/documents/ferry.txt", headers=headers).status_code == status
    assert ("ferry.txt" in ids_of(service)) == (status == 403)


def test_who_has_no_password_is_told_nothing() -> None:
    client = client_of(service_of(), auth=(("ann", "se:crét"), ("bob", "other")))

    def status(given: str | None) -> int:
        pair = base64.b64encode((given or "").encode()).decode()
        headers = {} if given is None else {"authorization": f"Basic {pair}"}
        response = client.get("/library/documents", headers=headers)
        assert ("Ferry" in response.text) == (response.status_code == 200)
        return response.status_code

    given = (None, "", "ann:other", "bob", "ann:se:crét", "bob:other")
    assert [status(each) for each in given] == [401, 401, 401, 401, 200, 200]
    assert client.get("/library/search?q=a", auth=("bob", "other")).status_code == 200
    broken = client.get("/library/documents", headers={"authorization": "Basic ?"})
    assert broken.status_code == 401


class Locked(MemoryStore):
    """A library that another program writes, once it is locked."""

    locked = False

    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        if self.locked:
            raise StoreError("library: another program writes it; try again once it is done.")
        return super().change(add=add, remove=remove)


def test_while_another_program_writes_the_library_one_is_told_to_come_again() -> None:
    store = Locked(Made("words", 64))
    client = client_of(service_of(store=store), changes=True)
    store.locked = True
    for response in (
        client.post("/library/documents", json={"id": "a", "text": "A."}),
        client.delete("/library/documents/ferry.txt"),
    ):
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert response.json()["error"].startswith("library: another program writes it")
    assert client.get("/library/documents").json()["total"] == 2


def test_what_another_program_does_to_a_folder_is_served_from_then_on(tmp_path: Path) -> None:
    encoder = WordEncoder()
    made = Made(encoder.name, encoder.dimension)
    other = Retriever(FolderStore.create(tmp_path / "library", made, DEFAULT_SETTINGS), encoder)
    opened = Retriever(FolderStore.open(tmp_path / "library", writing=True), encoder)
    service = Service(ArticleQA(opened, PhraseReader(Oslo=2, Turku=2)), max_bytes=1000)
    client = client_of(service, changes=True)
    assert client.get("/library/documents").json() == {"total": 0, "documents": []}
    other.add([Article("ferry.txt", "Ferry", FERRY)], tags=["ships"])
    (listed,) = client.get("/library/documents").json()["documents"]
    assert (listed["id"], listed["tags"]) == ("ferry.txt", ["ships"])
    assert [each.text for each in service.ask_many(["Where did it sink?"])] == ["Oslo"]
    other.add([Article("ferry.txt", "Ferry", "The ferry sank near Turku.")])
    assert [each.text for each in service.ask_many(["Where did it sink?"])] == ["Turku"]
    other.remove(["ferry.txt"])
    assert client.get("/library/documents").json()["total"] == 0
    made_here = client.post("/library/documents", json={"id": "port", "text": "In Turku."})
    assert made_here.status_code == 201
    assert [document.id for document in other.documents] == ["port"]
    opened.store.close()
    other.store.close()


@pytest.mark.parametrize(
    "arguments", [(), ("--article", "a.txt"), ("--library", "a", "--only", "b")]
)
def test_only_a_whole_library_can_be_changed(run: Run, arguments: tuple[str, ...]) -> None:
    outcome = run("chat", "--allow-changes", *arguments)
    assert outcome.code == 2
    assert "--allow-changes" in outcome.err


def test_a_document_among_many_is_found_by_words_of_its_name() -> None:
    articles = [Article(f"{n}.txt", f"Report {n} on wool", FERRY) for n in range(30)]
    bot = ArticleQA(Retriever.build(articles, WordEncoder()), PhraseReader())
    catalogue = catalogue_of(bot)
    assert [each.label for each in catalogue.find("", 2)] == [
        "Report 0 on wool",
        "Report 1 on wool",
    ]
    assert [each.id for each in catalogue.find("WOOL 17", 9)] == ["17.txt"]
    assert [each.id for each in catalogue.find("29.txt", 9)] == ["29.txt"]
    # What is ticked comes first, and beyond the most.
    ticked = [each.id for each in catalogue.find("report 2", 2, first=["9.txt", "gone.txt"])]
    assert ticked == ["9.txt", "2.txt", "12.txt"]
    assert catalogue_of(bot) is catalogue  # as long as nothing changes
    bot.remove(["17.txt"])
    assert catalogue_of(bot).find("WOOL 17", 9) == []


def test_of_very_many_documents_some_hundreds_are_listed_with_the_one_that_is_shown() -> None:
    articles = [Article(f"{n}.txt", f"Report {n}", FERRY) for n in range(400)]
    bot = ArticleQA(Retriever.build(articles, WordEncoder(16)), PhraseReader(Oslo=2))
    service, visitor = Service(bot, max_bytes=1000), Visitor()
    handlers = Handlers(service)
    welcome, pane, shelf, find, chooser, seek, ticked, filed = handlers.arrive(visitor)
    assert "<h2>400 articles</h2>" in str(welcome)
    assert "and 392 more" in str(welcome)
    assert "Report 0" in str(pane)
    listed = [
        each for each in (shelf, find, chooser, seek, ticked, filed) if isinstance(each, dict)
    ]
    assert [len(each["choices"]) for each in listed if "choices" in each] == [300, 60, 0]
    assert [each.get("visible") for each in listed] == [None, True, True, True, None, False]

    assert handlers.open_id("399.txt", visitor) == article_html(articles[399])
    shelf = handlers.lists.find("report 250", visitor)
    assert shelf["choices"] == [("Report 399", "399.txt"), ("Report 250", "250.txt")]
    assert shelf["value"] == "399.txt"
    chosen = handlers.lists.choose(["250.txt"], [], visitor)
    assert chosen["label"] == "Asking only: Report 250"
    boxes = handlers.lists.seek("report 399", visitor)
    assert boxes["choices"] == [("Report 250", "250.txt"), ("Report 399", "399.txt")]
    many = handlers.lists.choose([f"{n}.txt" for n in range(20)], [], visitor)
    assert many["label"] == "Asking only: 20 of 400 articles"
    assert handlers.lists.choose([], [], visitor)["label"] == CHOOSE


class Lost(MemoryStore):
    """A library that cannot be reached any more, once it is lost."""

    lost = False

    @property
    def version(self) -> int:
        if self.lost:
            raise StoreError("library: cannot be reached; check the server.")
        return super().version


def test_that_a_library_cannot_be_reached_is_said_wherever_it_is_needed() -> None:
    store, visitor = Lost(Made("words", 64)), Visitor()
    service = service_of(store=store)
    handlers = Handlers(service)
    handlers.arrive(visitor)
    store.lost = True
    lost = "library: cannot be reached"
    assert lost in str(handlers.arrive(visitor)[0]).replace("&#58;", ":")
    service.choose(visitor, Choice(ids=("ferry.txt",)))
    assert lost in (service.begin(visitor, "Where did it sink?").says or "")
    with pytest.raises(gr.Error, match=lost):
        handlers.lists.find("ferry", visitor)
    for path in ("/library/documents", "/library/documents?q=ferry"):
        response = client_of(service).get(path)
        assert (response.status_code, response.json()["error"][: len(lost)]) == (503, lost)


def test_questions_of_programs_can_be_asked_of_some_documents() -> None:
    service = service_of()
    for ids, text in ((None, "Meissen"), (["in/bridge.txt"], "Meissen"), (["ferry.txt"], "Oslo")):
        (said,) = service.ask_many(["Where was the bridge opened?"], 0.1, ids)
        assert said.text == text


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    folder = tmp_path_factory.mktemp("library")
    (folder / "ferry.txt").write_text(FERRY)
    (folder / "bridge.txt").write_text(BRIDGE)
    running = Chat.of_fakes(
        folder, ["ferry.txt", "bridge.txt"], ["Oslo", "Meissen", "Turku"], changes=True
    )
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser, chat: Chat) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(chat.url)
    yield page
    context.close()


@pytest.mark.browser
def test_what_is_ticked_is_asked_alone_on_a_telephone_and_by_keyboard(page: Page) -> None:
    fold = page.get_by_role("button", name="Ask only some of the articles")
    fold.focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="ferry").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Asking only: ferry")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found] == []

    ask(page, "Where was the bridge opened?")
    assert answer(page) == "Oslo"
    page.get_by_role("checkbox", name="ferry").uncheck()
    expect(page.get_by_role("button", name="Ask only some of the articles")).to_be_visible()
    ask(page, "Where was the bridge opened?")
    expect(page.locator(".bot strong.answer").last).to_have_text("Meissen")


@pytest.mark.browser
def test_what_a_program_adds_is_asked_next_and_listed(page: Page, chat: Chat) -> None:
    expect(page.locator("#chat h2")).to_have_text("2 articles")
    made = chat.post("/library/documents", {"id": "port.txt", "title": "Port", "text": "In Turku."})
    assert made["outcome"] == "added"
    assert json.load(urllib.request.urlopen(f"{chat.url}/health"))["articles"] == 3
    ask(page, "Where is the port?")
    assert answer(page) == "Turku"
    page.get_by_role("button", name="Ask only some of the articles").click()
    expect(page.get_by_role("checkbox", name="Port")).to_be_visible()
    page.reload()
    expect(page.locator("#chat h2")).to_have_text("3 articles")
    gone = urllib.request.Request(f"{chat.url}/library/documents/port.txt", method="DELETE")
    assert urllib.request.urlopen(gone).status == 200
    page.reload()
    expect(page.locator("#chat h2")).to_have_text("2 articles")
