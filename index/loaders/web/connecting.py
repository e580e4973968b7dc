"""Connections to addresses that were checked, within a time that was set. Imports httpx."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import httpcore
import httpx

Resolver = Callable[[str, int], Sequence[str]]


class NotReachedError(Exception):
    """What is wrong with a host, in words that go on a sentence about it."""


class Deadline:
    """When something has to be done.

    Args:
        seconds: How long it may take from now on.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return how many seconds are left.

        Raises:
            httpcore.TimeoutException: None are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.TimeoutException
        return left


class Transport(httpx.BaseTransport):
    """Sends requests to addresses that were checked, each by a connection of its own.

    A host's name is resolved once for each, and what was found is both checked and connected to,
    so that nothing can be put in its place in between. The name stays what is asked for and what
    the certificate has to be for.

    Args:
        resolve: Returns the addresses of a host, given its name and the port; raises an OSError if
            there are none.
        allowed: Tells whether an address may be connected to.
        deadline: When all has to be done.
        trusted: Which certificates are trusted.
    """

    def __init__(
        self, resolve: Resolver, allowed: Callable[[str], bool], deadline: Deadline,
        trusted: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted or httpx.create_ssl_context(trust_env=False),
            max_keepalive_connections=0,
            network_backend=_Backend(resolve, allowed, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        own = httpcore.Request(request.method, url, headers=request.headers.raw)
        reply = self._pool.handle_request(own)
        return httpx.Response(reply.status, headers=reply.headers, stream=_Body(reply))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, reply: httpcore.Response) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        return self._reply.iter_stream()

    def close(self) -> None:
        self._reply.close()


class _Backend(httpcore.NetworkBackend):
    def __init__(
        self, resolve: Resolver, allowed: Callable[[str], bool], deadline: Deadline
    ) -> None:
        self._resolve, self._allowed, self._deadline = resolve, allowed, deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,
        local_address: str | None = None, socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        addresses = self._addresses(host, port)
        for address in addresses:
            if not self._allowed(address):
                raise NotReachedError(
                    f"{host} is an address of this machine or network ({address}), which is not "
                    "fetched from; save the page and add the file"
                )
        failed: Exception | None = None
        for number, address in enumerate(addresses):
            # One that does not answer leaves time for the others.
            wait = self._deadline.left() / (len(addresses) - number)
            try:
                stream = self._inner.connect_tcp(address, port, wait, local_address)
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or NotReachedError(f"there is no host {host}; check the address")

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Resolve a host's name; what does so knows no limit of time."""
        found: list[Sequence[str]] = []
        failed: list[OSError | UnicodeError] = []

        def ask() -> None:
            try:
                found.append(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                failed.append(error)

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self._deadline.left())
        if failed:
            raise NotReachedError(
                f"there is no host {host}, or no connection to the Internet; check both"
            ) from failed[0]
        self._deadline.left()
        return found[0] if found else ()


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends with the time that is left."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        left = self._deadline.left()
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
