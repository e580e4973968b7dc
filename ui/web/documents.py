"""The documents that articles were read from, as the page fetches them: drawn, copied, marked.

What is served here stands behind no password: the address of a document is known only to whom the
page showed it, and leads nowhere once nobody holds the article any more.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary, WeakValueDictionary

from index.places import joined_boxes
from qa import Article, ArticleError, Box, Part

if TYPE_CHECKING:
    from anyio import CapacityLimiter
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

View = Literal["pages", "markup", "text"]
"""How a document is shown: drawn page by page, copied as HTML, or as its text alone."""
Lit = tuple[int, float, float, float, float]
"""A rectangle: the page's number, then left, top, right and bottom in per cent of the page."""
Line = tuple[int, str, float, float, float, float]
"""Where a line starts in the text, what it says, and left, top, right and bottom likewise."""

WIDTHS = (640, 960, 1440, 2160)
"""How wide a page may be drawn, in pixels: few, so that most are drawn once for all."""

_KEPT = 64_000_000  # bytes of what was made
_MADE_AT_ONCE = 2
_LARGEST_COPY = 6_000_000  # characters of HTML, beyond which a browser takes too long
_SPANS = 200  # that are marked at once
_AROUND = 2.0  # points of air round what is marked on a page
_LONGEST = 20_000  # code points of a stretch that is marked on pages
_WIDTH = re.compile(r"\d{1,5}", re.ASCII)
_SPAN = re.compile(r"(\d{1,10})-(\d{1,10})", re.ASCII)
_PRIVATE = {
    "cache-control": "private, no-store",
    # Nothing in it is ever run or loaded, even where somebody opens its address by itself.
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
}

_SECRET = secrets.token_bytes(32)
_DIGESTS: WeakKeyDictionary[Article, bytes] = WeakKeyDictionary()  # which keeps no article
# Those who hold the same article, each with an object of it, may go in any order.
_HELD: defaultdict[str, WeakValueDictionary[int, Article]] = defaultdict(WeakValueDictionary)
_NOTING = threading.Lock()


def key_of(article: Article) -> str:
    """Return what stands for an article in the page, and opens its document.

    It is the same for the same text, id and document, and cannot be guessed from them.
    """
    with _NOTING:
        digest = _DIGESTS.get(article)
        if digest is None:
            digest = hashlib.sha256(f"{article.id}\0{article.text}".encode()).digest()
            _DIGESTS[article] = digest
        document = "" if article.original is None else article.original.sha256
        key = hmac.digest(_SECRET, digest + document.encode(), "sha256").hex()[:32]
        if key not in _HELD and len(_HELD).bit_count() == 1:  # at 1, 2, 4, 8 …: seldom enough
            for each in [each for each, held in _HELD.items() if not held]:
                del _HELD[each]
        _HELD[key][id(article)] = article
        return key


def article_of(key: str) -> Article | None:
    """Return the article that a key stands for, if anybody still holds it."""
    with _NOTING:
        held = _HELD.get(key)
        return None if held is None else next(iter(held.values()), None)


def view_of(article: Article) -> View:
    """Return how an article's document can be shown."""
    if article.original is None:
        return "text"
    if any(part.width > 0 and part.height > 0 for part in article.places.parts):
        return "pages"
    return "markup" if article.places.paths else "text"


def sizes_of(article: Article) -> str:
    """Return the sizes of an article's pages in points, those in a row that are alike as one.

    Such as ``1-30:612x792 31-31:792x612``.
    """
    rows: list[tuple[int, int, str]] = []
    for part in article.places.parts:
        size = f"{part.width:g}x{part.height:g}"
        if part.number is None or part.width <= 0 or part.height <= 0:
            continue
        if rows and rows[-1][1:] == (part.number - 1, size):
            rows[-1] = (rows[-1][0], part.number, size)
        else:
            rows.append((part.number, part.number, size))
    return " ".join(f"{first}-{last}:{size}" for first, last, size in rows)


def boxes_of(article: Article, start: int, end: int) -> list[Lit]:
    """Return where a stretch of an article is seen on its pages, with some air round it.

    Returns:
        For each line the page's number with left, top, right and bottom in per cent of the page.
    """
    places = article.places.of(start, min(end, start + _LONGEST))
    return [
        _lit(box, page)
        for page, own in groupby(places, key=lambda place: place.part)
        for box in joined_boxes(box for place in own for box in place.boxes)
    ]


def lines_of(article: Article, page: Part) -> list[Line]:
    """Return the lines of a page.

    Returns:
        For each where it starts in the text, what it says, and left, top, right and bottom in per
        cent of the page.
    """
    return [
        (start, article.text[start:end], *_corners(box))
        for start, end, box in article.places.lines(page)
    ]


class Documents:
    """Serves what the page shows of documents.

    Args:
        page_of: Draws a page of an article's document, given its number from 1 and its width in
            pixels, as PNG.
        markup_of: Returns a copy of it as harmless HTML in which each text that is in the article
            says where it starts there.
    """

    def __init__(
        self, page_of: Callable[[Article, int, int], bytes], markup_of: Callable[[Article], str]
    ) -> None:
        self._page_of, self._markup_of = page_of, markup_of
        self._made = _Recent(_KEPT)
        self._turns: CapacityLimiter | None = None

    def routes(self) -> list[Route]:
        """Return where the page finds them."""
        from starlette.routing import Route

        return [
            Route("/document/{key}/page/{number:int}.png", self.page),
            Route("/document/{key}/page/{number:int}/lines", self.lines),
            Route("/document/{key}/view", self.markup),
            Route("/document/{key}/boxes", self.boxes),
        ]

    async def page(self, request: Request) -> Response:
        """Return a page, drawn as wide as is asked for, or somewhat wider."""
        article = _asked(request, "pages")
        page = None if article is None else _page(article, request)
        if article is None or page is None:
            return _missing()
        number = page.number or 1
        asked = request.query_params.get("w", "")
        wanted = int(asked) if _WIDTH.fullmatch(asked) else 0
        width = next((each for each in WIDTHS if each >= wanted), WIDTHS[-1])
        name = (key_of(article), number, width)
        return await self._answer(name, lambda: self._page_of(article, number, width), "image/png")

    async def lines(self, request: Request) -> Response:
        """Return the lines of a page, whose words can be selected: see :func:`lines_of`."""
        article = _asked(request, "pages")
        page = None if article is None else _page(article, request)
        if article is None or page is None:
            return _missing()
        return await self._answer(
            None, lambda: json.dumps(lines_of(article, page)).encode(), "application/json"
        )

    async def markup(self, request: Request) -> Response:
        """Return the document as HTML."""
        article = _asked(request, "markup")
        if article is None:
            return _missing()
        return await self._answer((key_of(article), 0, 0), lambda: self._copy(article), "text/html")

    async def boxes(self, request: Request) -> Response:
        """Return where stretches of the text are seen on the pages: rectangles for each of them."""
        article = _asked(request, "pages")
        if article is None:
            return _missing()
        spans = _SPAN.findall(request.query_params.get("at", ""))[:_SPANS]

        def find() -> bytes:
            found = [boxes_of(article, int(start), int(end)) for start, end in spans]
            return json.dumps(found).encode()

        return await self._answer(None, find, "application/json")

    async def _answer(
        self, name: tuple[str, int, int] | None, make: Callable[[], bytes], media_type: str
    ) -> Response:
        """Return what is made, in a thread of its own; or why it cannot be made.

        Args:
            name: Under which it is kept; None if it is not.
            make: Makes it.
            media_type: What it is.
        """
        from anyio import CapacityLimiter, to_thread
        from starlette.responses import PlainTextResponse, Response

        if self._turns is None:
            self._turns = CapacityLimiter(_MADE_AT_ONCE)

        def kept_or_made() -> bytes:
            found = None if name is None else self._made.get(name)
            if found is None:
                found = make()
                if name is not None:
                    self._made.put(name, found)
            return found

        try:
            made = await to_thread.run_sync(kept_or_made, limiter=self._turns)
        except ArticleError as error:
            return PlainTextResponse(str(error), 410, headers=_PRIVATE)
        return Response(made, media_type=media_type, headers=_PRIVATE)

    def _copy(self, article: Article) -> bytes:
        copy = self._markup_of(article)
        if len(copy) > _LARGEST_COPY:
            raise ArticleError(
                f"{article.id}: is too large to be shown as it looks; only its text is shown."
            )
        return copy.encode()


def _asked(request: Request, view: View) -> Article | None:
    """Return the article whose document is asked for, if it can be shown so."""
    article = article_of(request.path_params["key"])
    return article if article is not None and view_of(article) == view else None


def _page(article: Article, request: Request) -> Part | None:
    """Return the page of an article that is asked for, if there is one."""
    number = int(request.path_params["number"])
    return next((part for part in article.places.parts if part.number == number), None)


def _missing() -> Response:
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("Not found", 404, headers=_PRIVATE)


def _lit(box: Box, page: Part) -> Lit:
    """Return a rectangle with some air round it."""
    wide, high = _AROUND / max(page.width, 1), _AROUND / max(page.height, 1)
    around = Box(box.left - wide, box.top - high, box.right + wide, box.bottom + high)
    return (page.number or 1, *_corners(around))


def _corners(box: Box) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom in per cent; nothing beyond the page."""
    left, top, right, bottom = (round(100 * min(max(share, 0), 1), 3) for share in box)
    return left, top, right, bottom


class _Recent:
    """Keeps what was made, up to so many bytes; what was asked for longest ago goes first.

    Args:
        most: How many bytes in all.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._made: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._changing = threading.Lock()

    def get(self, name: tuple[str, int, int]) -> bytes | None:
        """Return what was made under a name, if it is still there."""
        with self._changing:
            if name in self._made:
                self._made.move_to_end(name)
            return self._made.get(name)

    def put(self, name: tuple[str, int, int], made: bytes) -> None:
        """Keep what was made."""
        with self._changing:
            self._size += len(made) - len(self._made.pop(name, b""))
            self._made[name] = made
            while self._size > self._most:
                _, gone = self._made.popitem(last=False)
                self._size -= len(gone)
