from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index.errors import ArticleError
from index.loaders.web.addresses import is_public, resolve
from index.loaders.web.fetching import AGENT, Fetched, Fetcher

PAGE = "<p>Zoë’s mill</p>".encode()
Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on this machine that is called example.org, and what it was asked.

    ``pages`` has what is sent for each path: what sends it, or a status, headers and a body.
    """

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.port = server.server_port
        self.pages: dict[str, Answer | tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.resolved: list[str] = []
        self.fetcher = Fetcher(
            resolve=self.resolve,
            allowed=lambda address: address == "127.0.0.1",
            ports=frozenset({self.port, 80}),
            seconds=10,
        )

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.resolved.append(host)
        if host == "example.org":
            return ["127.0.0.1"]
        return resolve(host, port)

    def url(self, path: str) -> str:
        return f"http://example.org:{self.port}{path}"

    def fetch(self, path: str, fetcher: Fetcher | None = None) -> Fetched:
        return (fetcher or self.fetcher).fetch(self.url(path) if path[:1] == "/" else path)

    def said(self, path: str, fetcher: Fetcher | None = None) -> str:
        """What is wrong, without the address that it is said of."""
        with pytest.raises(ArticleError) as error:
            self.fetch(path, fetcher)
        place, _, said = str(error.value).partition(": ")
        assert place == (self.url(path) if path[:1] == "/" else path)
        assert said.endswith(".")
        return said


@pytest.fixture(name="site")
def _site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(
                (self.path, {key.lower(): value for key, value in self.headers.items()})
            )
            page = site.pages.get(self.path, (404, {}, b""))
            with contextlib.suppress(OSError):  # whoever asked has gone
                if callable(page):
                    page(self)
                else:
                    self.send_response_only(page[0])
                    for name, value in page[1].items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(page[2])

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield site
    server.shutdown()
    serving.join()
    server.server_close()


def html(body: bytes, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/html", **headers}, body


def test_a_page_is_fetched_with_its_name_and_type(site: Site) -> None:
    site.pages["/a/The%20mill?x=1"] = html(PAGE)
    fetched = site.fetch("/a/The%20mill?x=1#part")
    assert fetched == (PAGE, "The mill.html", "text/html", site.url("/a/The%20mill?x=1"))
    ((_, headers),) = site.asked
    assert headers["host"] == f"example.org:{site.port}"
    assert headers["user-agent"] == AGENT
    assert "article-qa" in AGENT
    assert "cookie" not in headers


@pytest.mark.parametrize(
    ("path", "headers", "name", "media_type"),
    [
        ("/", {"Content-Type": "text/html"}, "example.org.html", "text/html"),
        ("/a.HTM", {"Content-Type": "Text/HTML; charset=utf-8"}, "a.HTM", "text/html"),
        ("/paper", {"Content-Type": "application/pdf"}, "paper.pdf", "application/pdf"),
        (
            "/b.docx",
            {"Content-Type": "application/octet-stream"},
            "b.docx",
            "application/octet-stream",
        ),
        ("/notes.md", {"Content-Type": "text/plain"}, "notes.md", "text/plain"),
        ("/c", {}, "c", ""),
        (
            "/d?id=7",
            {
                "Content-Type": "text/csv",
                "Content-Disposition": 'attachment; filename="../a/ships.csv"',
            },
            "a ships.csv",
            "text/csv",
        ),
        (
            "/e",
            {
                "Content-Type": "text/csv",
                "Content-Disposition": "attachment; filename*=UTF-8''M%C3%BChle",
            },
            "Mühle.csv",
            "text/csv",
        ),
    ],
)
def test_a_document_is_named_by_its_server_or_its_address(
    site: Site, path: str, headers: dict[str, str], name: str, media_type: str
) -> None:
    site.pages[path] = 200, headers, b"a,b"
    fetched = site.fetch(path)
    assert fetched[1:3] == (name, media_type)
    assert fetched.data.endswith(b"a,b")


@pytest.mark.parametrize(
    ("said", "body", "data"),
    [
        ("text/html; charset=ISO-8859-2", "Mlynář".encode("iso-8859-2"), "\ufeffMlynář".encode()),
        ("text/plain;charset='latin1'", "£5 – ‘Zoë’".encode("cp1252"), "\ufeff£5 – ‘Zoë’".encode()),
        ("text/html; charset=utf-8", PAGE, b"\xef\xbb\xbf" + PAGE),
        # What does not fit, or is unknown, is left to what the document says itself.
        ("text/html; charset=utf-8", b"caf\xe9", b"caf\xe9"),
        ("text/html; charset=klingon", b"caf\xe9", b"caf\xe9"),
        ("application/pdf; charset=latin-1", b"%PDF\xff", b"%PDF\xff"),
    ],
)
def test_the_encoding_that_a_server_says_is_honoured(
    site: Site, said: str, body: bytes, data: bytes
) -> None:
    site.pages["/a"] = 200, {"Content-Type": said}, body
    assert site.fetch("/a").data == data


@pytest.mark.parametrize(
    "packed",
    [
        ("gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("identity", PAGE),
    ],
)
def test_a_packed_page_is_unpacked(site: Site, packed: tuple[str, bytes]) -> None:
    site.pages["/a"] = html(packed[1], **{"Content-Encoding": packed[0]})
    assert site.fetch("/a").data == PAGE


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("example.org/a", "is no web page; expected an address that begins with https://"),
        ("", "is no web page"),
        ("file:///etc/passwd", "is no web page"),
        ("ftp://example.org/a", "is no web page"),
        ("javascript:alert(1)", "is no web page"),
        ("http://", "is no web page"),
        ("http://exa\nmple.org/", "is no address"),
        ("http://[::1/", "is no address"),
        ("http://0177.0.0.1/", "is no address"),
        ("http://example.org:99999/", "names port 99999"),
        ("http://example.org:22/", "names port 22; only the web's own"),
        ("https://example.org:8443/", "names port 8443"),
        ("http://ann:secret@example.org/", "holds a name or password, which is not sent"),
        (f"http://example.org/{'a' * 4000}", "the address is longer than 4,000 characters"),
        ("http://no.such.invalid/", "there is no host no.such.invalid, or no connection"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_fetched_is_said(url: str, says: str) -> None:
    def none(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    with pytest.raises(ArticleError) as error:
        Fetcher(resolve=none).fetch(url)
    said = str(error.value)
    assert says in said
    assert "secret" not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "0.0.0.0",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[::127.0.0.1]", "10.0.0.1",
        "169.254.169.254", "172.16.0.1", "192.168.1.1", "100.64.0.1", "100.100.100.200",
        "224.0.0.1", "255.255.255.255", "192.88.99.1", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
        "[64:ff9b::7f00:1]", "[64:ff9b::808:808]", "[fc00::1]", "[fe80::1]", "[ff02::1]",
        "[fec0::1]", "[2001:db8::1]",
    ],
)  # fmt: skip
def test_addresses_of_this_machine_and_network_are_refused(host: str) -> None:
    with pytest.raises(ArticleError) as error:
        Fetcher().fetch(f"http://{host}/a")
    assert "is an address of this machine or network (" in str(error.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("93.184.216.34", True), ("2606:4700::1111", True),
        ("2a00:1450:4001::1", True), ("", False), ("example.org", False), ("fe80::1%eth0", False),
        ("198.18.0.1", False), ("240.0.0.1", False), ("3fff::1", False), ("5f00::1", False),
    ],
)  # fmt: skip
def test_what_is_of_the_public_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_one_address_of_this_network_among_others_is_enough() -> None:
    with pytest.raises(ArticleError, match=r"this machine or network \(10\.0\.0\.1\)"):
        Fetcher(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"]).fetch("http://example.org/")


def test_a_name_is_resolved_once_and_what_was_checked_is_connected_to(site: Site) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.9"]])
    site.pages["/a"] = html(PAGE)
    assert (
        site.fetch("/a", replace(site.fetcher, resolve=lambda host, port: next(answers))).data
        == PAGE
    )
    assert next(answers) == ["127.0.0.9"]  # was not asked for


def test_a_name_that_means_another_address_after_a_redirection_is_checked_again(site: Site) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.9"]])
    site.pages["/a"] = 302, {"Location": "/b"}, b""
    site.pages["/b"] = html(PAGE)
    said = site.said("/a", replace(site.fetcher, resolve=lambda host, port: next(answers)))
    assert "example.org is an address of this machine or network (127.0.0.9)" in said
    assert [path for path, _ in site.asked] == ["/a"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirections_are_followed(site: Site, status: int) -> None:
    site.pages["/a"] = status, {"Location": "b/c?d=e"}, b""
    site.pages["/b/c?d=e"] = html(PAGE)
    assert site.fetch("/a") == (PAGE, "c.html", "text/html", site.url("/b/c?d=e"))
    assert site.resolved == ["example.org", "example.org"]


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("http://127.0.0.2/", "127.0.0.2 is an address of this machine or network"),
        ("http://localhost:80/", "localhost is an address of this machine or network"),
        ("//169.254.169.254/latest", "169.254.169.254 is an address of this machine"),
        ("file:///etc/passwd", "the server sends on to file:///etc/passwd: is no web page"),
        ("http://a:b@example.org/", "holds a name or password"),
        ("http://example.org:22/", "names port 22"),
        ("http://example.org:x/", "Invalid URL in location header"),
        ("", "the server sends no page"),
    ],
)
def test_redirections_are_checked_like_any_address(site: Site, location: str, says: str) -> None:
    site.pages["/a"] = 302, {"Location": location}, b""

    def allowed(address: str) -> bool:
        return address == "127.0.0.1" and site.resolved[-1] == "example.org"

    assert says in site.said("/a", replace(site.fetcher, allowed=allowed))


def test_redirections_end(site: Site) -> None:
    for number in range(9):
        site.pages[f"/{number}"] = 302, {"Location": f"/{number + 1}"}, b""
    site.pages["/9"] = html(PAGE)
    assert site.fetch("/4").data == PAGE
    assert "the server sends on elsewhere more than 5 times" in site.said("/3")


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "asks for a login or payment, or lets only browsers in; open the page in a"),
        (402, "asks for a login or payment"),
        (403, "asks for a login or payment"),
        (404, "there is no such page; check the address (status 404)"),
        (410, "there is no such page"),
        (429, "the server is asked too often; try again later (status 429)"),
        (500, "the server has a fault; try again later"),
        (503, "the server has a fault; try again later"),
        (204, "the server sends no page"),
        (418, "the server sends no page"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(site: Site, status: int, says: str) -> None:
    site.pages["/a"] = status, {}, b""
    assert says in site.said("/a")


@pytest.mark.parametrize(
    "media_type", ["image/png", "video/mp4", "text/css", "text/javascript", "application/json"]
)
def test_what_is_no_document_is_refused(site: Site, media_type: str) -> None:
    site.pages["/a"] = 200, {"Content-Type": media_type}, b"x"
    assert f"is {media_type}, which is no document" in site.said("/a")


BOMB = gzip.compress(gzip.compress(b"\0" * 30_000_000))


@pytest.mark.parametrize(
    ("headers", "body", "says"),
    [
        ({}, b"x" * 1001, "has more than 1,000 bytes"),
        ({"Content-Length": "1001"}, b"", "has more than 1,000 bytes"),
        ({"Content-Length": "9" * 20}, b"", "has more than 1,000 bytes"),
        ({"Content-Encoding": "gzip"}, gzip.compress(b"x" * 10_000_000), "has more than 1,000"),
        ({"Content-Encoding": "gzip, gzip"}, BOMB, "in a way that was not asked for"),
        ({"Content-Encoding": "br"}, b"x", "packs the page in a way that was not asked for (br)"),
        ({"Content-Encoding": "gzip"}, b"x", "comes packed, and damaged"),
        ({"Content-Encoding": "gzip"}, gzip.compress(PAGE)[:-9], "comes packed, and damaged"),
        ({}, b"", "the server sends an empty page"),
        ({"Content-Length": "100"}, b"x", "the connection broke off"),
        ({"Content-Length": "ten"}, b"x", "the connection broke off"),
    ],
)  # fmt: skip
def test_what_is_too_large_packed_oddly_or_damaged_is_said(
    site: Site, headers: dict[str, str], body: bytes, says: str
) -> None:
    site.pages["/a"] = html(body, **headers)
    assert says in site.said("/a", replace(site.fetcher, most_bytes=1000))


def drips(first: bytes, drop: bytes) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(first)
        while True:  # until the other side is gone
            handler.wfile.write(drop)
            time.sleep(0.02)

    return answer


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"", b""),
    ],
    ids=["body", "a header", "headers", "chunks", "nothing"],
)
def test_a_server_that_drips_is_left_in_time(site: Site, first: bytes, drop: bytes) -> None:
    stop = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if drop:
            drips(first, drop)(handler)
        else:
            stop.wait(5)

    site.pages["/a"] = answer
    assert "the server took longer than 0.3 seconds" in site.said(
        "/a", replace(site.fetcher, seconds=0.3)
    )
    stop.set()


def test_a_name_that_is_not_resolved_in_time_is_left() -> None:
    stop = threading.Event()

    def wait(host: str, port: int) -> Sequence[str]:
        stop.wait(5)
        return []

    with pytest.raises(ArticleError, match=r"took longer than 0\.2 seconds"):
        Fetcher(resolve=wait, seconds=0.2).fetch("http://example.org/")
    stop.set()


def test_a_server_that_is_not_there_or_speaks_otherwise_is_said(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    fetcher = replace(site.fetcher, ports=frozenset({port}))
    said = site.said(f"http://example.org:{port}/", fetcher)
    assert said.startswith("no connection to the server")

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")

    site.pages["/a"] = answer
    assert "the connection broke off" in site.said("/a")
    said = site.said(f"https://example.org:{site.port}/")
    assert "the server does not prove that it is the one named" in said


def test_nothing_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    site.pages["/a"] = html(PAGE)
    assert site.fetch("/a").data == PAGE
