from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.errors import ArticleError
from index.loaders.registry import LOADERS

HEADS = (
    b"",
    b"%PDF-1.7\n",
    b"PK\3\4",
    b"PK\5\6",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<!doctype html>",
    b"<?xml version='1.0'?>",
    b"MIME-Version: 1.0\nContent-Type: ",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"a,b\n1,2\n",
    b"| a | b |\n|---|---|\n",
)


def read(data: bytes, name: str) -> Article | None:
    """Read a file; None if it is refused in words that begin with its name."""
    try:
        article = Article.from_bytes(data, name)
    except ArticleError as error:
        refusal = str(error)
    else:
        refusal = ""
        assert article.text.strip()
        assert article.places.end <= len(article.text)
    if not refusal:
        return article
    assert refusal.startswith(name)
    assert refusal.endswith(".")
    assert "broke down" not in refusal
    return None


def page() -> bytes:
    rows = "".join(f"<tr><td>{n}</td><td>Town {n}</td></tr>" for n in range(20))
    words = "The talks began in Oslo, and went on in Bergen. " * 5
    return f"<!doctype html><title>Talks</title><p>{words}</p><table>{rows}</table>".encode()


def letter() -> bytes:
    lines = (
        "From: Ann <ann@example.org>",
        "Subject: =?utf-8?q?Caf=C3=A9?=",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative; boundary=x",
        *("", "--x", "Content-Type: text/plain; charset=utf-8", "", "The talks began."),
        *("--x", "Content-Type: text/html", "", "<p>The talks began.</p>", "--x--", ""),
    )
    return "\r\n".join(lines).encode()


def document() -> bytes:
    kind = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f'<w:document xmlns:w="{kind}"><w:body><w:p><w:r><w:t>The talks began.</w:t></w:r></w:p>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", text + "</w:body></w:document>")
    return file.getvalue()


@given(st.sampled_from(HEADS), st.binary(max_size=400), st.sampled_from([*LOADERS, ".xyz", ""]))
def test_any_bytes_are_an_article_or_one_line_that_says_why_not(
    head: bytes, data: bytes, suffix: str
) -> None:
    read(head + data, f"file{suffix}")


@pytest.mark.parametrize(
    ("make", "suffix"), [(page, ".html"), (letter, ".eml"), (document, ".docx")]
)
@given(st.data())
def test_a_document_that_is_damaged_anywhere_is_too(
    make: Callable[[], bytes], suffix: str, data: st.DataObject
) -> None:
    whole = make()
    assert read(whole, f"file{suffix}")
    at = data.draw(st.integers(0, len(whole) - 1))
    harm = data.draw(st.sampled_from(["cut off", "changed", "left out", "put in"]))
    damaged = {
        "cut off": whole[:at],
        "changed": whole[:at] + data.draw(st.binary(min_size=1, max_size=8)) + whole[at + 8 :],
        "left out": whole[:at] + whole[at + 20 :],
        "put in": whole[:at] + data.draw(st.binary(min_size=1, max_size=8)) + whole[at:],
    }
    read(damaged[harm], f"file{suffix}")


def test_names_are_never_paths_to_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("The secret.")
    article = Article.from_bytes(b"The talks.", str(tmp_path / "secret.txt"))
    assert article.text == "The talks."
