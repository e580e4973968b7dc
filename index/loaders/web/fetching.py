"""Fetching a document that a person named by its address."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from index.errors import ArticleError
from index.loaders.text_encodings import as_utf8
from index.loaders.web.addresses import is_public, resolve

if TYPE_CHECKING:
    import ssl

    import httpx

AGENT = "Mozilla/5.0 (compatible; article-qa)"
_LONGEST_URL = 4000
_LONGEST_NAME = 100
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SUFFIXES: Mapping[str, Sequence[str]] = {
    "text/html": (".html", ".htm", ".xhtml"),
    "application/xhtml+xml": (".xhtml", ".html", ".htm"),
    "text/plain": (".txt", ".text", ".md", ".markdown", ".csv", ".tsv", ".eml"),
    "text/markdown": (".md", ".markdown"),
    "text/x-markdown": (".md", ".markdown"),
    "text/csv": (".csv",),
    "text/tab-separated-values": (".tsv",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/epub+zip": (".epub",),
    "message/rfc822": (".eml", ".mht", ".mhtml"),
    "multipart/related": (".mhtml", ".mht"),
}
# What servers say of files that they know nothing of: what they hold tells.
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/download",
                     "application/force-download", "application/x-download", "application/x-pdf",
                     "application/zip"})  # fmt: skip
_LATIN = frozenset({"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"})


class Fetched(NamedTuple):
    """A document that was fetched.

    Attributes:
        data: Its bytes; those of a text whose server says its encoding in UTF-8 with a mark.
        name: What a file of it would be called, with the suffix of what it is.
        media_type: What the server says that it is; empty if it does not say.
        url: Where it was found in the end.
    """

    data: bytes
    name: str
    media_type: str
    url: str


@dataclass(frozen=True)
class Fetcher:
    """Fetches documents from the public Internet, and from nowhere else. Keeps nothing.

    Only http and https are spoken, on their own ports, without what the environment says of
    proxies. Each redirection is checked like the address that was named. The robots.txt of a
    server is for programs that follow links; a page that a person names is fetched without asking
    for it, once.

    Attributes:
        most_bytes: How many bytes a document may have, unpacked.
        seconds: How long all may take, whatever the server does.
        most_redirects: How often a server may send on elsewhere.
        ports: Which ports are connected to.
        resolve: Returns the addresses of a host, given its name and the port; raises an OSError if
            there are none.
        allowed: Tells whether an address may be connected to.
        trusted: Which certificates are trusted; None for those that browsers trust.
    """

    most_bytes: int = 20_000_000
    seconds: float = 20.0
    most_redirects: int = 5
    ports: frozenset[int] = frozenset({80, 443})
    resolve: Callable[[str, int], Sequence[str]] = resolve
    allowed: Callable[[str], bool] = is_public
    trusted: ssl.SSLContext | None = None

    def fetch(self, url: str) -> Fetched:
        """Fetch a document.

        Raises:
            ArticleError: It cannot be fetched, or is none.
        """
        import httpcore
        import httpx

        from index.loaders.web.connecting import Deadline, NotReachedError, Transport

        shown = _shown(url)
        deadline = Deadline(self.seconds)
        try:
            transport = Transport(self.resolve, self.allowed, deadline, self.trusted)
            with httpx.Client(transport=transport, trust_env=False, timeout=None) as client:
                return self._follow(client, url)
        except NotReachedError as error:
            said = str(error)
        except (httpcore.TimeoutException, httpx.TimeoutException):
            said = f"the server took longer than {self.seconds:g} seconds; try again later"
        except httpcore.ConnectError as error:
            said = _unconnected(error)
        except (httpcore.ProtocolError, httpcore.NetworkError, httpx.HTTPError, OSError) as error:
            said = (
                f"the connection broke off ({_reason(error)}); try again, or save the page in a "
                "browser and add the file"
            )
        raise ArticleError(f"{shown}: {said}.")

    def _follow(self, client: httpx.Client, url: str) -> Fetched:
        from index.loaders.web.connecting import NotReachedError

        place = self._checked(url)
        for _ in range(self.most_redirects + 1):
            headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip", "Connection": "close",
                       "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}  # fmt: skip
            with client.stream("GET", place, headers=headers) as reply:
                onward = reply.headers.get("location")
                if reply.status_code in _REDIRECTS and onward:
                    place = self._checked(onward, place)
                    continue
                return self._read(reply, place)
        raise NotReachedError(
            f"the server sends on elsewhere more than {self.most_redirects} times; open the page "
            "in a browser, save it and add the file"
        )

    def _checked(self, url: str, base: httpx.URL | None = None) -> httpx.URL:
        """Return an address that may be asked for, without its fragment."""
        import httpx

        from index.loaders.web.connecting import NotReachedError

        sent = "" if base is None else f"the server sends on to {_shown(url)}: "
        if len(url) > _LONGEST_URL:
            raise NotReachedError(f"{sent}the address is longer than {_LONGEST_URL:,} characters")
        try:
            parsed = httpx.URL(url.strip()) if base is None else base.join(url.strip())
            parsed = parsed.copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError, UnicodeError):
            raise NotReachedError(
                f"{sent}is no address; expected one such as https://example.org/page"
            ) from None
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise NotReachedError(
                f"{sent}is no web page; expected an address that begins with https://"
            )
        if parsed.userinfo:
            raise NotReachedError(
                f"{sent}holds a name or password, which is not sent; leave it out"
            )
        if (parsed.port or (443 if parsed.scheme == "https" else 80)) not in self.ports:
            raise NotReachedError(
                f"{sent}names port {parsed.port}; only the web's own are fetched from"
            )
        return parsed

    def _read(self, reply: httpx.Response, url: httpx.URL) -> Fetched:
        from index.loaders.web.connecting import NotReachedError

        if trouble := _trouble(reply.status_code):
            raise NotReachedError(f"{trouble} (status {reply.status_code})")
        said = reply.headers.get("content-type", "")
        media_type = said.partition(";")[0].strip().lower()
        if not _may_be_document(media_type):
            raise NotReachedError(
                f"is {media_type[:80]}, which is no document; expected a page, a PDF, an office "
                "document or a text"
            )
        coding = reply.headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise NotReachedError(
                f"the server packs the page in a way that was not asked for ({coding[:80]}); save "
                "it in a browser and add the file"
            )
        length = reply.headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self.most_bytes:
            raise NotReachedError(self._too_large())
        data = bytearray()
        taken = 0
        for chunk in _unpacked(reply.iter_raw(), coding in ("gzip", "x-gzip", "deflate")):
            data += chunk.data
            taken += chunk.taken
            if max(len(data), taken) > self.most_bytes:
                raise NotReachedError(self._too_large())
        if not data:
            raise NotReachedError("the server sends an empty page")
        own = bytes(data)
        name = _name(reply.headers.get("content-disposition", ""), url, media_type)
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", said, re.IGNORECASE)
        if charset and (media_type.startswith("text/") or media_type == "application/xhtml+xml"):
            encoding = charset[1].lower()
            with contextlib.suppress(ArticleError):  # else it is told as without
                own = as_utf8(own, name, "windows-1252" if encoding in _LATIN else encoding)
        return Fetched(own, name, media_type, str(url))

    def _too_large(self) -> str:
        return (
            f"has more than {self.most_bytes:,} bytes; save what is needed of it and add the file"
        )


def fetch(url: str) -> Fetched:
    """Fetch a document from the public Internet: see :class:`Fetcher`.

    Raises:
        ArticleError: It cannot be fetched, or is none.
    """
    return Fetcher().fetch(url)


class _Chunk(NamedTuple):
    data: bytes
    taken: int  # bytes that came for it


def _unpacked(chunks: Iterable[bytes], packed: bool) -> Iterator[_Chunk]:
    """Unpack what was packed by gzip or deflate, a stretch at a time, however small it was."""
    from index.loaders.web.connecting import NotReachedError

    if not packed:
        for chunk in chunks:
            yield _Chunk(chunk, len(chunk))
        return
    unpacking: Any = None
    try:
        for chunk in chunks:
            if unpacking is None:
                # Some send deflate without its head, whatever the standard says.
                bare = chunk[:1] != b"\x1f" and (chunk[0] & 0x0F) != 8
                unpacking = zlib.decompressobj(-zlib.MAX_WBITS if bare else 32 + zlib.MAX_WBITS)
            yield _Chunk(b"", len(chunk))
            while chunk:
                yield _Chunk(unpacking.decompress(chunk, 1 << 20), 0)
                chunk = unpacking.unconsumed_tail
        if unpacking is not None:
            yield _Chunk(unpacking.flush(), 0)
            if not unpacking.eof:
                raise zlib.error("is cut off")
    except zlib.error:
        raise NotReachedError(
            "comes packed, and damaged; save the page in a browser and add the file"
        ) from None


def _may_be_document(media_type: str) -> bool:
    if media_type in _SUFFIXES or media_type in _UNSAID:
        return True
    script = re.fullmatch(r"text/(?:css|(?:x-)?(?:java|ecma)script)", media_type)
    return media_type.startswith("text/") and not script


def _trouble(status: int) -> str:
    """Return what is wrong, and what to do; nothing if all is well."""
    if status in (200, 203):
        return ""
    if status in (401, 402, 403, 407, 451):
        return (
            "the server asks for a login or payment, or lets only browsers in; open the page in a "
            "browser, save it and add the file"
        )
    if status in (404, 410):
        return "there is no such page; check the address"
    if status == 429:
        return "the server is asked too often; try again later"
    if status >= 500:
        return "the server has a fault; try again later"
    return "the server sends no page; open it in a browser, save it and add the file"


def _unconnected(error: Exception) -> str:
    reason = _reason(error)
    if "SSL" in reason or "certificate" in reason:
        return (
            f"the server does not prove that it is the one named ({reason}); check the address, or "
            "save the page in a browser and add the file"
        )
    return f"no connection to the server ({reason}); check the address, or try again later"


def _reason(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:200] or type(error).__name__


def _shown(url: str) -> str:
    """Return an address as errors show it: on one line, and without a password."""
    shown = re.sub(r"[\x00-\x20\x7f-\x9f]+", " ", url).strip()
    shown = re.sub(r"(?<=//)[^/?#]*@", "", shown)
    return shown if len(shown) <= 200 else f"{shown[:199]}…"


def _name(disposition: str, url: httpx.URL, media_type: str) -> str:
    """Return what a file of a document is called, as its server or else its address says."""
    said = re.search(r"filename\*?\s*=\s*(?:UTF-8'[^']*')?(\"[^\"]*\"|[^;]+)", disposition, re.I)
    name = unquote(said[1].strip(' "')) if said else ""
    name = name or unquote(PurePosixPath(url.path).name) or url.host
    name = re.sub(r"[\x00-\x1f\x7f-\x9f/\\:]+", " ", name).strip(" .")[-_LONGEST_NAME:] or url.host
    suffixes = _SUFFIXES.get(media_type, ())
    if suffixes and PurePosixPath(name).suffix.lower() not in suffixes:
        name += suffixes[0]
    return name
