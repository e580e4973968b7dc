"""Archives are opened safely: whatever they hold, memory and disk are spared."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from index.errors import ArticleError
from index.loaders import archives
from index.loaders.archives import Archive, xml_root
from tests.packages import zipped


def error_of(call: Callable[[], object]) -> str:
    with pytest.raises(ArticleError) as error:
        call()
    return str(error.value)


def test_a_member_is_found_whatever_its_case_and_slashes() -> None:
    archive = Archive(zipped({"Word\\Document.xml": "x", "/a/b.txt": b"y"}), "a.docx")
    assert archive.read("word/document.xml") == b"x"
    assert archive.read("a/B.TXT") == b"y"
    assert "a/c.txt" not in archive
    assert archive.paths == ("Word/Document.xml", "a/b.txt")
    assert error_of(lambda: archive.read("a/c.txt")).startswith("a.docx: holds no a/c.txt")


def test_a_bomb_is_not_unpacked() -> None:
    archive = Archive(zipped({"bomb.xml": bytes(40_000_000)}), "a.docx")
    assert error_of(lambda: archive.read("bomb.xml")) == (
        "a.docx: bomb.xml unpacks to more than 250 times its size, as only archives do that are "
        "made to do harm."
    )


def test_what_is_read_of_an_archive_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({"a.xml": b"a" * 3000, "b.xml": b"b" * 3000})
    monkeypatch.setattr(archives, "LARGEST_SUM", 5000)
    archive = Archive(data, "a.docx")
    assert archive.read("a.xml") == b"a" * 3000
    assert "is too large" in error_of(lambda: archive.read("b.xml"))
    monkeypatch.setattr(archives, "LARGEST_MEMBER", 2000)
    assert "is too large" in error_of(lambda: Archive(data, "a.docx").read("a.xml"))
    monkeypatch.setattr(archives, "MOST_MEMBERS", 1)
    assert "holds 2 files; expected at most 1" in error_of(lambda: Archive(data, "a.docx"))


def test_a_size_that_is_a_lie_is_found_out() -> None:
    data = bytearray(zipped({"a.xml": bytes(100_000)}))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    assert "is damaged" in error_of(lambda: Archive(bytes(data), "a.docx").read("a.xml"))


def test_a_locked_member_needs_a_password() -> None:
    data = bytearray(zipped({"a.xml": b"x"}))
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert error_of(lambda: Archive(bytes(data), "a.docx").read("a.xml")) == (
        "a.docx: needs a password; save a copy without one and try again."
    )


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_any_packing_that_is_known_is_unpacked(compression: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("a.xml", b"x" * 1000)
    assert Archive(file.getvalue(), "a.docx").read("a.xml") == b"x" * 1000


def test_damage_at_any_place_is_an_error_or_does_no_harm() -> None:
    data = zipped({"a.xml": b"<a>tides</a>" * 20, "b/c.xml": "<b/>"})
    for place in range(len(data)):
        for bits in (0x01, 0xFF):
            damaged = bytearray(data)
            damaged[place] ^= bits
            for cut in (bytes(damaged), bytes(damaged[:place])):
                try:
                    archive = Archive(cut, "a.docx")
                    for path in archive.paths:
                        archive.read(path)
                except ArticleError as error:
                    assert str(error).startswith("a.docx: ")  # noqa: PT017 - or there is none


def test_what_is_no_archive_says_so() -> None:
    assert "is no zip archive" in error_of(lambda: Archive(b"%PDF-1.7", "a.docx"))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
    assert "is encrypted with a password, or of an Office before 2007" in error_of(
        lambda: Archive(old, "a.docx")
    )


LAUGHS = "".join(
    f'<!ENTITY l{each} "{f"&l{each - 1};" * 10}">' if each else '<!ENTITY l0 "lol">'
    for each in range(12)
)


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY e SYSTEM "file:///etc/passwd">',
        '<!ENTITY e SYSTEM "http://127.0.0.1:9/x">',
        '<!ENTITY % d SYSTEM "http://127.0.0.1:9/x.dtd"> %d; <!ENTITY e "inner">',
    ],
)
def test_entities_are_not_expanded_and_nothing_is_opened(entity: str) -> None:
    root = xml_root(f"<!DOCTYPE a [{entity}]><a>one&e;two</a>".encode(), "a.docx: x.xml")
    assert root.xpath("/a/text()") == ["one", "two"]


@pytest.mark.parametrize("use", ['<a b="&l11;"/>', "<a>&l11;</a>"])
def test_entities_that_would_burst_are_refused(use: str) -> None:
    data = f"<!DOCTYPE a [{LAUGHS}]>{use}".encode()
    assert error_of(lambda: xml_root(data, "a.docx: x.xml")).startswith(
        "a.docx: x.xml is no XML that can be read ("
    )


@pytest.mark.parametrize(
    "data", [b"", b"<a>", b"<a>" * 1_000_000, b"<a>\xff</a>", b"<?xml encoding='x'?><a/>", b"\0"]
)
def test_what_is_no_xml_says_so_in_a_line(data: bytes) -> None:
    said = error_of(lambda: xml_root(data, "a.docx: x.xml"))
    assert said.startswith("a.docx: x.xml is ")
    assert said.endswith("; get it or save it anew and try again.") or said.endswith("is empty.")
    assert "\n" not in said
