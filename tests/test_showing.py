from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from index.articles import Article
from index.errors import ArticleError
from index.showing import markup_of, page_of
from tests.packages import docx, pptx
from tests.test_epub import epub, page
from tests.test_pptx import line, shape

PAGE = "<!DOCTYPE html><title>Talks</title><h1>Talks</h1><p>The talks began in %s, at ten.</p>"
SPAN = re.compile(r"<span data-start='(\d+)'>([^<]*)</span>")


def test_a_page_is_shown_with_the_offsets_of_its_text() -> None:
    article = Article.from_bytes((PAGE % "Oslo").encode() + b"<script>evil()</script>", "a.html")
    shown = markup_of(article)
    assert "script" not in shown
    spans = SPAN.findall(shown)
    assert "".join(text for _, text in spans) == "TalksThe talks began in Oslo, at ten."
    for start, text in spans:
        assert article.text[int(start) :].startswith(text)


def test_a_page_is_shown_in_the_encoding_that_was_named() -> None:
    data = (PAGE % "Łódź").encode("iso-8859-2")
    article = Article.from_bytes(data, "a.html", encoding="iso-8859-2")
    assert "Łódź" in article.text
    assert "began in Łódź, at ten." in markup_of(article)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (docx("<w:p><w:r><w:t>The talks began in Oslo.</w:t></w:r></w:p>"), "a.docx"),
        (pptx(shape(line("The talks began in Oslo."))), "a.pptx"),
        (epub({"a.xhtml": page("<p>The talks began in Oslo.</p>")}), "a.epub"),
        (b"MIME-Version: 1.0\r\nFrom: Ann\r\n\r\nThe talks began in Oslo.\r\n", "a.eml"),
    ],
)
def test_each_format_of_elements_is_shown_as_it_was_read(data: bytes, name: str) -> None:
    article = Article.from_bytes(data, name)
    start = article.text.index("The talks began")
    spans = {int(start): text for start, text in SPAN.findall(markup_of(article))}
    assert spans[start] == "The talks began in Oslo."
    for place, text in spans.items():
        assert article.text[place:].startswith(text)


def test_an_encoding_is_none_of_what_is_no_text() -> None:
    article = Article.from_bytes(two_pages(), "a.pdf", encoding="iso-8859-2")
    assert article.original is not None
    assert article.original.encoding is None
    assert page_of(article, 1, 300).startswith(b"\x89PNG")


def test_pages_of_a_pdf_are_drawn() -> None:
    article = Article.from_bytes(two_pages(), "a.pdf")
    assert [part.label for part in article.places.parts] == ["page 1", "page 2"]
    for number in (1, 2):
        drawn = Image.open(io.BytesIO(page_of(article, number, 300)))
        assert (drawn.format, drawn.size) == ("PNG", (300, 200))
        (box,) = article.places.of(*_span(article, f"Page {number}"))[0].boxes
        left, top, right, bottom = (
            round(each * side) for each, side in zip(box, (300, 200, 300, 200), strict=True)
        )
        inside = drawn.convert("L").crop((left, top, right, bottom))
        assert min(inside.tobytes()) < 128  # letters are drawn there
    with pytest.raises(ArticleError, match=r"a\.pdf: has no page 3, but 2"):
        page_of(article, 3, 300)
    with pytest.raises(ArticleError, match=r"a\.pdf: is application/pdf, which has no elements"):
        markup_of(article)


def test_pages_may_be_asked_for_by_many_at_once() -> None:
    article = Article.from_bytes(two_pages(), "a.pdf")
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda n: page_of(article, n % 2 + 1, 300), range(40)))
    assert drawn == drawn[:2] * 20


def _span(article: Article, words: str) -> tuple[int, int]:
    start = article.text.index(words)
    return start, start + len(words)


def two_pages() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(600, 400), invariant=True)
    for number in (1, 2):
        canvas.drawString(72, 300, f"Page {number} says that the talks began in Oslo.")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_what_cannot_be_shown_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE % "Oslo")
    article = Article.from_file(path)
    with pytest.raises(ArticleError, match=r"a\.html: is text/html, which has no pages"):
        page_of(article, 1, 600)
    path.write_text(PAGE % "Rome")
    with pytest.raises(ArticleError, match=r"a\.html: has changed since it was read"):
        markup_of(article)
    path.unlink()
    with pytest.raises(ArticleError, match=r"a\.html: cannot be read any more"):
        markup_of(article)
    with pytest.raises(ArticleError, match=r"a\.html: has no document but its text"):
        markup_of(replace(article, original=None))
    (tmp_path / "a.txt").write_text("The talks began.")
    with pytest.raises(ArticleError, match=r"a\.txt: is text/plain, which has no elements"):
        markup_of(Article.from_file(tmp_path / "a.txt"))
