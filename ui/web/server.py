"""Serving the page."""

from __future__ import annotations

import datetime
import io
import json
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from qa import ArticleQA, SettingError, StoreError
from ui.web.feedback import FeedbackFile

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FIRST_PORT = 7860
FEEDBACK = Path("article-qa-feedback.json")
"""Where verdicts on answers go on a machine of one's own."""

_VISITORS = 1000  # whose conversations are kept at once; the one seen longest ago goes first
_HEADERS = (
    # The browser itself refuses whatever would call another host. Gradio needs inline scripts.
    (
        b"content-security-policy",
        b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        b"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    ),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


@dataclass(frozen=True)
class Settings:
    """How the page is served.

    Attributes:
        host: The address to serve on.
        port: The port; the first free one from 7860 on if None.
        open_browser: Whether to open the page in the browser.
        root_path: The path under which a proxy shows the page; empty if at its root.
        auth: Who may enter: names and passwords; everybody if empty.
        max_file_bytes: How large an article of a visitor's own may be.
        workers: How many questions are worked on at once, in batches.
        waiting: How many questions may wait beside them; who comes later is told to come again.
        feedback: Where verdicts on answers go; None if they are not asked for.
        mcp: Whether to serve MCP tools too.
        log_questions: Whether the log holds the text of questions.
        urls: Whether visitors may have pages of the web fetched.
        changes: Whether programs may add documents to what is served, and remove them.
    """

    host: str
    port: int | None
    open_browser: bool
    root_path: str
    auth: tuple[tuple[str, str], ...]
    max_file_bytes: int
    workers: int
    waiting: int
    feedback: FeedbackFile | None
    mcp: bool
    log_questions: bool
    urls: bool
    changes: bool = False


class _AddHeaders:
    """ASGI middleware that adds the security headers to every response that has none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                own = {name.lower() for name, _ in headers}
                added = [(name, value) for name, value in _HEADERS if name not in own]
                message["headers"] = [*headers, *added]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class _JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.datetime.fromtimestamp(record.created, datetime.timezone.utc)
        entry = {"time": time.isoformat(timespec="milliseconds"), "event": record.getMessage()}
        return json.dumps({**entry, **getattr(record, "facts", {})}, ensure_ascii=False)


def is_public(host: str) -> bool:
    """Tell whether others than this machine may come to an address."""
    if host == "localhost":
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True


def read_auth(given: str) -> tuple[tuple[str, str], ...]:
    """Return who may enter.

    Args:
        given: ``name:password``, or a file with one a line.

    Raises:
        SettingError: It is neither.
    """
    path = Path(given)
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else [given]
    except (OSError, ValueError) as error:
        raise SettingError(f"--auth: {given} cannot be read as a text file ({error}).") from error
    pairs = [line.strip().partition(":") for line in lines if line.strip()]
    if not pairs or not all(name and password for name, _, password in pairs):
        what = given if path.is_file() else "what is given"
        raise SettingError(
            f"--auth: {what} is not name:password; expected that, or a file with one a line."
        )
    return tuple((name, password) for name, _, password in pairs)


def check_mcp(auth: tuple[tuple[str, str], ...]) -> None:
    """Make sure that MCP tools can be served.

    Args:
        auth: Who may enter; everybody if empty.

    Raises:
        SettingError: The package that they need is not installed, or whoever calls them would have
            to log in.
    """
    if auth:
        raise SettingError(
            "--mcp does not go with --auth: MCP clients cannot log in to the page, so that every "
            "call would fail. Give one of the two, and let a proxy ask for passwords."
        )
    if find_spec("mcp") is None:
        raise SettingError(
            "--mcp needs the package mcp, which is not installed; install it with "
            "pip install 'article-qa[mcp]'."
        )


def check_port(host: str, port: int | None) -> None:
    """Make sure that a host and port can be served on.

    Raises:
        SettingError: The host is not one of this machine, or the port is in use.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port or 0)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name != "nt":  # there it would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise SettingError(
            f"cannot serve on {host}:{port or FIRST_PORT} ({error.strerror}); choose another with "
            "--port or --host."
        ) from error


def serve(bot: ArticleQA, settings: Settings) -> None:
    """Serve the chat until it is interrupted or told to end.

    Args:
        bot: A pipeline whose models are loaded.
        settings: How to serve it.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _log_to_standard_error()
    with _folder_for_uploads():
        from gradio import processing_utils
        from starlette.middleware import Middleware
        from starlette.routing import Route

        from index.loaders.web.fetching import fetch
        from index.showing import markup_of, page_of
        from ui.web.documents import Documents
        from ui.web.page import STYLES, THEME, build_page
        from ui.web.rest import Access, LibraryRoutes
        from ui.web.visitors import Service

        # Whoever names an address in place of a file would have Gradio fetch it.
        processing_utils.async_ssrf_protected_download = _refuse
        service = Service(
            bot,
            max_bytes=settings.max_file_bytes,
            feedback=settings.feedback,
            log_questions=settings.log_questions,
            fetch=fetch if settings.urls else None,
        )
        access = Access(settings.auth, settings.changes, local=not is_public(settings.host))
        page = build_page(service).queue(
            default_concurrency_limit=settings.workers, max_size=settings.waiting
        )
        with redirect_stdout(io.StringIO()):  # Gradio's own announcements
            _, url, _ = page.launch(
                server_name=settings.host,
                server_port=settings.port,
                inbrowser=settings.open_browser,
                root_path=settings.root_path or None,
                auth=list(settings.auth) or None,
                max_file_size=settings.max_file_bytes,
                max_threads=max(40, settings.workers),
                state_session_capacity=_VISITORS,
                theme=THEME,
                css_paths=list(STYLES),
                ssr_mode=False,
                share=False,
                footer_links=[],
                run_history=False,
                enable_monitoring=False,
                mcp_server=settings.mcp,
                app_kwargs={
                    "middleware": [Middleware(_AddHeaders)],
                    "routes": [
                        Route("/health", _health(bot)),
                        *Documents(page_of, markup_of).routes(),
                        *LibraryRoutes(service, access).routes(),
                    ],
                },
                quiet=True,
                prevent_thread_lock=True,
            )
        print(f"article-qa is at {url} (Ctrl+C stops it)", flush=True)  # noqa: T201
        if settings.mcp:
            print(f"MCP tools are at {url}gradio_api/mcp/", flush=True)  # noqa: T201
        page.block_thread()


def _health(bot: ArticleQA) -> Callable[[Request], Response]:
    from starlette.responses import JSONResponse

    def health(request: Request) -> Response:
        """Tell whether questions can be asked."""
        del request
        try:
            return JSONResponse({"status": "ok", "articles": len(bot.articles)})
        except StoreError as error:
            return JSONResponse({"status": "unavailable", "error": str(error)}, 503)

    return health


async def _refuse(url: str, cache_dir: str) -> str:
    from gradio import Error

    del cache_dir
    raise Error(f"{url} is not fetched: nothing is asked of other machines.", print_exception=False)


def _log_to_standard_error() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines())
    log = logging.getLogger("article_qa")
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False


@contextmanager
def _folder_for_uploads() -> Iterator[None]:
    """Have Gradio keep its files in a folder of this server's own, which goes when it ends."""
    # Both are read by gradio when it is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    with tempfile.TemporaryDirectory(prefix="article-qa-", ignore_cleanup_errors=True) as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        yield
