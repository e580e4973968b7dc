"""Where the page finds documents: drawn, copied, marked; and nobody else does."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from index.articles import Article
from index.errors import ArticleError
from index.originals import Original
from index.places import FULL, Part
from index.placing import PlacesBuilder
from tests.pages import paged
from ui.web.documents import (
    WIDTHS,
    Documents,
    article_of,
    boxes_of,
    key_of,
    sizes_of,
    view_of,
)
from ui.web.markup import article_html

Drawn = list[tuple[str, int, int]]


def marked_up(text: str = "They met in Leeds.") -> Article:
    """Return an article that was read from a document of elements."""
    built = PlacesBuilder()
    built.begin(Part())
    built.copy(text, "/html/body/p[1]/text()[1]", 0)
    original = Original.of(b"<p>They met in Leeds.", "text/html")
    return Article("a.html", "A", built.text, places=built.places(), original=original)


def served(
    draw: Callable[[Article, int, int], bytes] = lambda article, number, width: b"PNG",
    copy: Callable[[Article], str] = lambda article: f"<p>{article.text}",
) -> TestClient:
    return TestClient(Starlette(routes=Documents(draw, copy).routes()))


def test_how_a_document_is_shown_follows_from_what_is_known_of_its_text() -> None:
    assert view_of(paged("One.")) == "pages"
    assert view_of(marked_up()) == "markup"
    assert view_of(Article("a", "A", "One.")) == "text"
    assert view_of(replace(paged("One."), original=None)) == "text"
    built = PlacesBuilder()
    built.begin(Part())
    built.copy("One.", None, 0)
    text = Original.of(b"One.", "text/plain")
    assert view_of(Article("a", "A", "One.", places=built.places(), original=text)) == "text"


def test_the_pane_says_which_view_there_is_and_how_large_the_pages_are() -> None:
    article = paged("One.", "Two.", "Three.")
    assert sizes_of(article) == "1-3:400x800"
    key = key_of(article)
    start = f"<article tabindex='0' data-key='{key}' data-view='pages' data-sizes='1-3:400x800' "
    assert article_html(article).startswith(start)
    assert " data-view='markup' " in article_html(marked_up())
    assert "data-view" not in article_html(Article("a", "A", "One."))


def test_pages_in_a_row_of_one_size_are_said_once() -> None:
    built = PlacesBuilder()
    for number, (width, height) in enumerate([(10, 20), (10, 20), (20.5, 10), (0, 0), (10, 20)]):
        built.begin(Part("page", number + 1, width=width, height=height))
        built.copy("x", None, 0)
    article = Article("a", "A", built.text, places=built.places())
    assert sizes_of(article) == "1-2:10x20 3-3:20.5x10 5-5:10x20"


def test_a_key_is_the_same_for_the_same_article_and_tells_documents_apart() -> None:
    article = paged("One.")
    assert key_of(article) == key_of(paged("One."))
    assert len(key_of(article)) == 32
    others = [paged("Two."), paged("One.", data=b"%PDF-2"), replace(article, id="b")]
    assert len({key_of(each) for each in [article, *others]}) == 4


def test_a_document_is_found_as_long_as_anybody_holds_its_article() -> None:
    first, second = paged("Held by two."), paged("Held by two.")
    key = key_of(first)
    assert key_of(second) == key
    del second
    gc.collect()
    assert article_of(key) is first
    second = paged("Held by two.")
    key_of(second)
    del first
    gc.collect()
    assert article_of(key) is second
    del second
    gc.collect()
    assert article_of(key) is None
    assert served().get(f"/document/{key}/page/1.png").status_code == 404


def test_a_page_is_drawn_once_for_each_of_few_widths() -> None:
    drawn: Drawn = []

    def draw(article: Article, number: int, width: int) -> bytes:
        drawn.append((article.id, number, width))
        return b"PNG of %d" % width

    article, client = paged("One.", "Two."), served(draw)
    for asked in ("?w=700", "?w=900", f"?w={WIDTHS[1]}", "?w=99999", "", "?w=-1", "?w=\u0663"):
        found = client.get(f"/document/{key_of(article)}/page/2.png{asked}")
        assert found.status_code == 200
        assert found.headers["content-type"] == "image/png"
    assert drawn == [("report.pdf", 2, width) for width in (WIDTHS[1], WIDTHS[-1], WIDTHS[0])]
    assert found.content == b"PNG of %d" % WIDTHS[0]


def test_what_was_drawn_longest_ago_is_forgotten_when_it_is_too_much() -> None:
    drawn: Drawn = []

    def draw(article: Article, number: int, width: int) -> bytes:
        drawn.append((article.id, number, width))
        return b"x" * 30_000_000

    article, client = paged("One.", "Two.", "Three."), served(draw)
    for number in (1, 2, 1, 3, 1, 2):
        client.get(f"/document/{key_of(article)}/page/{number}.png")
    assert [number for _, number, _ in drawn] == [1, 2, 3, 2]


@pytest.mark.parametrize(
    "path",
    [
        "{other}/page/1.png",
        "{key}/page/0.png",
        "{key}/page/3.png",
        "{key}/page/-1.png",
        "{key}/page/99999999999999999999.png",
        "{key}/page/x.png",
        "{key}/view",
        "{other}/view",
        "{other}/boxes?at=0-4",
        "/page/1.png",
        "../health",
    ],
)
def test_nothing_else_is_found(path: str) -> None:
    article = paged("One.", "Two.")
    path = path.format(key=key_of(article), other="0" * 32)
    assert served().get(f"/document/{path}").status_code == 404


def test_a_copy_is_html_that_may_do_nothing_and_that_nobody_keeps() -> None:
    article = marked_up()
    found = served().get(f"/document/{key_of(article)}/view")
    assert (found.status_code, found.text) == (200, "<p>They met in Leeds.")
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert found.headers["content-security-policy"].startswith("default-src 'none'; sandbox")
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["cache-control"] == "private, no-store"


def test_why_a_document_cannot_be_shown_is_said() -> None:
    def fail(article: Article, *_: int) -> bytes:
        raise ArticleError(f"{article.id}: has changed since it was read.")

    def copy(article: Article) -> str:
        return "x" * 7_000_000

    page, large = paged("One."), marked_up()
    found = served(fail).get(f"/document/{key_of(page)}/page/1.png")
    assert (found.status_code, found.text) == (410, "report.pdf: has changed since it was read.")
    found = served(copy=copy).get(f"/document/{key_of(large)}/view")
    said = "a.html: is too large to be shown as it looks; only its text is shown."
    assert (found.status_code, found.text) == (410, said)


def test_what_is_marked_on_a_page_has_two_points_of_air_round_it() -> None:
    article = paged("First.\nThey met\nin Leeds.", "It rained.")
    start = article.text.index("met")
    air = (100 * 2 / 400, 100 * 2 / 800)
    expected = [
        (1, 5 - air[0], 10 - air[1], 8 + air[0], 20 + air[1]),
        (1, 0, 20 - air[1], 9 + air[0], 30 + air[1]),
    ]
    found = boxes_of(article, start, article.text.index(".", start) + 1)
    assert len(found) == 2
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=0.01)
    (last,) = boxes_of(article, article.text.index("rained"), len(article.text))
    assert last[0] == 2


def test_what_stands_in_one_line_is_one_rectangle_though_its_runs_are_two() -> None:
    whole = paged("They met.").places
    built = PlacesBuilder()
    built.begin(whole.parts[0])
    shares = [(column / 100, 0, (column + 1) / 100, 0.1) for column in range(9)]
    boxes = (np.array(shares) * FULL).astype(np.uint16)
    built.copy("They ", None, 0, boxes[:5])
    built.copy("met.", None, 90, boxes[5:])  # as the second column of a row might
    article = Article("a", "A", built.text, places=built.places())
    assert len(article.places.of(0, 9)) == 2
    ((page, left, _, right, _),) = boxes_of(article, 0, 9)
    assert (page, left) == (1, 0)
    assert right == pytest.approx(9.5, abs=0.01)


def test_the_lines_of_a_page_say_where_they_stand_in_the_text() -> None:
    article = paged("They met.", "It rained\nin Leeds.")
    lines = served().get(f"/document/{key_of(article)}/page/2/lines").json()
    assert [line[:2] for line in lines] == [[11, "It rained"], [21, "in Leeds."]]
    assert article.text[21:] == "in Leeds."
    assert lines[1][2:] == pytest.approx([0, 10, 9, 20], abs=0.01)
    assert served().get(f"/document/{key_of(article)}/page/3/lines").status_code == 404


def test_rectangles_are_told_for_each_stretch() -> None:
    article = paged("They met.", "It rained.")
    at = "0-4,5-8,11-13,5-5,8-5,99-999"
    found = served().get(f"/document/{key_of(article)}/boxes?at={at}").json()
    assert [[box[0] for box in boxes] for boxes in found] == [[1], [1], [2], [], [], []]
    assert served().get(f"/document/{key_of(article)}/boxes").json() == []


def test_others_are_served_while_a_page_is_drawn() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def draw(article: Article, number: int, width: int) -> bytes:
        begun.set()
        assert go_on.wait(20)
        return b"PNG"

    article = paged("They met.")
    app = Starlette(routes=Documents(draw, lambda article: "").routes())

    async def get(path: str) -> int:
        import httpx

        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return (await client.get(f"/document/{key_of(article)}/{path}")).status_code

    async def both() -> list[int]:
        drawing = asyncio.create_task(get("page/1.png"))
        while not begun.is_set():
            await asyncio.sleep(0.01)
        first = await get("boxes?at=0-4")
        go_on.set()
        return [first, await drawing]

    assert asyncio.run(both()) == [200, 200]
