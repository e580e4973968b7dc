"""The library over plain HTTP, for programs: it is listed, searched and, where allowed, changed."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from unicodedata import category
from urllib.parse import urlsplit

from qa import Article, ArticleError, ArticleQAError, Document, StoreError
from ui.web.catalogue import Listed, catalogue_of
from ui.web.visitors import Service

if TYPE_CHECKING:
    from anyio import CapacityLimiter
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

HEADER = "x-article-qa"
"""The header that has to come with a file: no form of another site can send it."""

_LISTED = 1000  # documents, unless more or fewer are asked for
_FOUND = 10  # passages, likewise
_MOST = {"limit": 10_000, "k": 100}
_LONGEST_NAME = 1000  # code points of an id or a title
_CHANGED_AT_ONCE = 2
_LET_COME = 10  # times what may be sent: whoever sends more is cut off, and hears nothing
_READ_ONLY = (
    "This library is not changed over HTTP; start the server with --allow-changes to let programs "
    "do that."
)


@dataclass(frozen=True)
class Access:
    """Who may do what.

    Attributes:
        auth: Names and passwords, one of which has to come with every request; none if empty.
        changes: Whether documents may be added and removed.
        local: Whether only this machine can reach the server.
    """

    auth: tuple[tuple[str, str], ...] = ()
    changes: bool = False
    local: bool = True


class _RefusedError(Exception):
    """A request that is not answered.

    Args:
        status: The status of the response.
        said: Why, and what to do.
    """

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


class LibraryRoutes:
    """Serves the library that is asked.

    What is wrong is said as ``{"error": "..."}``: 400 if the request is, 401 without the right
    password, 403 for pages of other sites, 404 for what is not there, 405 where nothing may be
    changed, 413 for what is too large, and 503 while the library cannot be reached or written.

    Args:
        service: Asks the library.
        access: Who may do what.
    """

    def __init__(self, service: Service, access: Access) -> None:
        self._service, self._access = service, access
        self._changing: CapacityLimiter | None = None

    def routes(self) -> list[Route]:
        """Return where programs find it."""
        from starlette.routing import Route

        return [
            Route("/library/documents", self._open(self._documents), methods=["GET"]),
            Route("/library/documents", self._open(self._add), methods=["POST"]),
            Route("/library/documents/{id:path}", self._open(self._remove), methods=["DELETE"]),
            Route("/library/search", self._open(self._search), methods=["GET"]),
        ]

    async def _documents(self, request: Request) -> Response:
        """List documents: ``q`` has words of their names, ``offset`` and ``limit`` say which."""
        words = request.query_params.get("q", "")
        offset = _number(request, "offset", 0, least=0)
        limit = _number(request, "limit", _LISTED)

        def listed() -> dict[str, Any]:
            catalogue = catalogue_of(self._service.bot)
            found = catalogue.find(words, len(catalogue))
            shown = found[offset : offset + limit]
            return {"total": len(found), "documents": [_document(each) for each in shown]}

        return await self._run(listed)

    async def _search(self, request: Request) -> Response:
        """Find the ``k`` passages that speak most to ``q``, in the documents named by ``only``."""
        words = request.query_params.get("q", "").strip()
        k = _number(request, "k", _FOUND)
        ids, tags = request.query_params.getlist("only"), request.query_params.getlist("tag")
        if not words:
            raise _RefusedError(400, "q is missing; give the words to look for: ?q=…")

        def found() -> dict[str, Any]:
            bot = self._service.bot
            try:
                asked = bot.only(ids=ids or None, tags=tags or None) if ids or tags else bot
            except ArticleError as error:
                raise _RefusedError(404, str(error)) from error
            return {
                "passages": [
                    {
                        "id": hit.passage.article.id,
                        "title": hit.passage.article.title,
                        "start": hit.passage.start,
                        "end": hit.passage.end,
                        "text": hit.passage.text,
                        "score": round(hit.score, 4),
                        "similarity": round(hit.similarity, 4),
                        "bm25": round(hit.bm25, 4),
                    }
                    for hit in asked.retriever.search([words], k)[0]
                ]
            }

        return await self._run(found)

    async def _add(self, request: Request) -> Response:
        """Add a document: a file, whose name ``name`` says, or JSON with its id, title and text."""
        self._check_may_change()
        is_json = request.headers.get("content-type", "").partition(";")[0] == "application/json"
        if not is_json and HEADER not in request.headers:
            raise _RefusedError(
                400, f"A file comes with the header {HEADER}, whatever its value; or send JSON."
            )
        name = request.query_params.get("name", "").strip()
        tags: list[str] | None = request.query_params.getlist("tag") or None
        if not is_json:
            _check_name("name", name)
            _check_tags(tags)
        data = await _body(request, name or "The document", self._service.max_bytes)
        began = time.perf_counter()

        def added() -> dict[str, Any]:
            if is_json:
                article, filed = _from_json(data)
            else:
                article, filed = Article.from_bytes(data, name), tags
            changes = self._service.bot.add([article], tags=filed)
            outcomes = {
                "added": changes.added,
                "replaced": changes.replaced,
                "unchanged": changes.unchanged,
            }
            outcome = next(outcome for outcome, documents in outcomes.items() if documents)
            self._service.log(outcome, None, began, characters=len(article.text))
            return {
                "outcome": outcome,
                "document": _document(outcomes[outcome][0]),
                "notes": list(article.notes),
            }

        return await self._run(added, changes=True)

    async def _remove(self, request: Request) -> Response:
        """Remove the document of an id."""
        self._check_may_change()
        own = str(request.path_params["id"])
        began = time.perf_counter()

        def removed() -> dict[str, Any]:
            try:
                self._service.bot.remove([own])
            except ArticleError as error:
                raise _RefusedError(404, str(error)) from error
            self._service.log("removed", None, began)
            return {"outcome": "removed", "id": own}

        return await self._run(removed, changes=True)

    def _check_may_change(self) -> None:
        if not self._access.changes:
            raise _RefusedError(405, _READ_ONLY)

    async def _run(self, work: Callable[[], dict[str, Any]], *, changes: bool = False) -> Response:
        """Return what work gives, done in a thread of its own."""
        from anyio import CapacityLimiter, to_thread
        from starlette.responses import JSONResponse

        if self._changing is None:
            self._changing = CapacityLimiter(_CHANGED_AT_ONCE)
        found = await to_thread.run_sync(work, limiter=self._changing if changes else None)
        return JSONResponse(found, 201 if found.get("outcome") == "added" else 200)

    def _open(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Let in who may come, and say what is wrong."""
        from starlette.requests import ClientDisconnect

        async def answered(request: Request) -> Response:
            try:
                _check_site(request, local=self._access.local)
                _check_password(request, self._access.auth)
                return await answer(request)
            except _RefusedError as error:
                return _error(error.status, error)
            except StoreError as error:
                return _error(503, error)
            except (ArticleQAError, ClientDisconnect) as error:
                return _error(400, error)

        return answered


def _error(status: int, error: Exception) -> Response:
    from starlette.responses import JSONResponse

    headers = {
        401: {"www-authenticate": 'Basic realm="article-qa", charset="UTF-8"'},
        405: {"allow": "GET"},
        503: {"retry-after": "1"},
    }
    return JSONResponse({"error": str(error)}, status, headers=headers.get(status))


def _check_site(request: Request, *, local: bool) -> None:
    """Make sure that no page of another site asks: a browser says whose page it is."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    elsewhere = request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}
    if origin is not None:
        # A name of another site may lead to this machine, and its pages then have this address.
        try:
            elsewhere |= urlsplit(origin).netloc != host or (local and not _is_here(host))
        except ValueError:  # it is no address
            elsewhere = True
    if elsewhere:
        raise _RefusedError(403, "Pages of other sites may not ask here.")


def _is_here(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _check_password(request: Request, auth: tuple[tuple[str, str], ...]) -> None:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        pair = base64.b64decode(given, validate=True) if kind.lower() == "basic" else b""
    except ValueError:
        pair = b""
    # All are compared, so that the time says nothing.
    known = [hmac.compare_digest(pair, f"{name}:{word}".encode()) for name, word in auth]
    if auth and not any(known):
        raise _RefusedError(401, "Give a name and password that may enter, as HTTP Basic has it.")


def _number(request: Request, name: str, default: int, *, least: int = 1) -> int:
    given, most = request.query_params.get(name), _MOST.get(name)
    try:
        number = default if given is None else int(given)
    except ValueError:
        number = -1
    if number < least or (most is not None and number > most):
        expected = f"from {least}" if most is None else f"from {least} to {most:,}"
        raise _RefusedError(400, f"{name} is {given!r}; expected a whole number {expected}.")
    return number


async def _body(request: Request, name: str, most: int) -> bytes:
    """Return what was sent; if it is too large, let it come, but keep none of it."""
    data, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            data.clear()
        else:
            data += chunk
        if size > _LET_COME * most:
            break
    if size > most:
        raise _RefusedError(
            413,
            f"{name}: has more than {most:,} bytes, which are taken at most; send a part of it.",
        )
    return bytes(data)


def _from_json(data: bytes) -> tuple[Article, list[str] | None]:
    """Return an article and what it is filed under, from JSON.

    Raises:
        ArticleError: It is not as it has to be.
    """
    try:
        given = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"The document is not JSON ({error}).") from error
    known = {"id", "title", "text", "source", "tags"}
    if not isinstance(given, dict) or not {"id", "text"} <= set(given) <= known:
        raise ArticleError(
            "The document is not as expected: a JSON object with id and text, and title, source "
            "and tags besides if wanted."
        )
    for name in known - {"tags"}:
        if name in given and not isinstance(given[name], str):
            raise ArticleError(f"{name} is no string; send text.")
    tags = given.get("tags")
    _check_tags(tags)
    for name in {"id", "title", "source"} & set(given):
        _check_name(name, given[name])
    title: str = given.get("title") or given["id"]
    return Article(given["id"], title, given["text"], given.get("source")), tags


def _is_name(given: object) -> bool:
    """Tell whether something is text that can be an id, a title or a tag."""
    if not isinstance(given, str) or not given.strip() or len(given) > _LONGEST_NAME:
        return False
    return not any(category(sign) in {"Cc", "Cs"} for sign in given)


def _check_tags(tags: object) -> None:
    if tags is not None and not (isinstance(tags, list) and all(map(_is_name, tags))):
        raise ArticleError("tags is no list of names; send strings that are not empty.")


def _check_name(name: str, given: str) -> None:
    if not _is_name(given):
        raise ArticleError(
            f"{name} is {given[:50]!r}; expected 1 to {_LONGEST_NAME:,} characters, without "
            "control characters."
        )


def _document(listed: Listed | Document) -> dict[str, Any]:
    return {
        "id": listed.id,
        "title": listed.title,
        "characters": listed.characters,
        "passages": listed.passages,
        "tags": sorted(listed.tags),
    }
