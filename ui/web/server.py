"""Serving the page."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from index.errors import SettingError
from qa.pipeline import ArticleQA

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FIRST_PORT = 7860
_HEADERS = (
    # The browser itself refuses whatever would call another host. Gradio needs inline scripts.
    (
        b"content-security-policy",
        b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        b"object-src 'none'; base-uri 'self'; frame-ancestors 'self'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class _AddHeaders:
    """ASGI middleware that adds the security headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


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


def serve(bot: ArticleQA, *, host: str, port: int | None, open_browser: bool) -> None:
    """Serve the chat until it is interrupted.

    Args:
        bot: A pipeline whose models are loaded.
        host: The address to serve on.
        port: The port; the first free one from 7860 on if None.
        open_browser: Whether to open the page in the browser.
    """
    # Read by gradio when it is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from starlette.middleware import Middleware

    from ui.web.page import STYLE, THEME, build_page

    page = build_page(bot)
    _, url, _ = page.launch(
        server_name=host,
        server_port=port,
        inbrowser=open_browser,
        theme=THEME,
        css_paths=STYLE,
        ssr_mode=False,
        share=False,
        footer_links=[],
        app_kwargs={"middleware": [Middleware(_AddHeaders)]},
        quiet=True,
        prevent_thread_lock=True,
    )
    print(f"article-qa is at {url} (Ctrl+C stops it)", flush=True)  # noqa: T201
    page.block_thread()
