"""E-books are read chapter by chapter, and mapped to where each text stands."""

from __future__ import annotations

import pytest

from index.errors import ArticleError
from index.loaders.epub import EPUB, load_epub
from tests.packages import read_again, replaced, zipped

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"'
    ' xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head>'
)


def page(body: str) -> str:
    return f"{HEAD}<body>{body}</body></html>"


def epub(
    pages: dict[str, str], *, items: str = "", spine: str = "", meta: str = "", guide: str = ""
) -> bytes:
    """An e-book with pages in order; other items and what refers to them are given as XML."""
    manifest = "".join(
        f'<item id="{path}" href="{path}" media-type="application/xhtml+xml"/>' for path in pages
    )
    order = spine or "".join(f'<itemref idref="{path}"/>' for path in pages)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{meta}</metadata><manifest>{manifest}{items}</manifest><spine>{order}</spine>"
        f"<guide>{guide}</guide></package>"
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": package,
            **{f"OEBPS/{path}": content for path, content in pages.items()},
        }
    )


def text_of(pages: dict[str, str], **others: str) -> str:
    data = epub(pages, **others)
    content = load_epub(data, "book.epub")
    read_again(content, data, EPUB)
    return content.text


def test_chapters_are_read_in_the_order_of_the_spine() -> None:
    pages = {
        "a.xhtml": page("<h1>One</h1><p>Tides &amp; <b>boats</b>&nbsp;rise.</p>"),
        "b.xhtml": page("<p>Beside.</p>"),
        "c.xhtml": page("<ul><li>Two</li></ul>"),
    }
    spine = (
        '<itemref idref="c.xhtml"/><itemref idref="b.xhtml" linear="no"/>'
        '<itemref idref="a.xhtml"/><itemref idref="c.xhtml"/><itemref idref="gone"/>'
    )
    assert text_of(pages, spine=spine) == "- Two\n\n# One\n\nTides & boats\u00a0rise."


def test_a_citation_says_its_chapter_and_what_that_is_called() -> None:
    contents = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>The '
        'sea</text></navLabel><content src="text/b%20b.xhtml#x"/></navPoint></navMap></ncx>'
    )
    data = epub(
        {"a.xhtml": page("<h2>Land</h2>"), "text/b b.xhtml": page("<p>Salt</p>")},
        items='<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>',
    )
    content = load_epub(replaced(data, {"OEBPS/toc.ncx": contents}), "book.epub")
    first, second = content.places.parts
    assert (first.label, first.name) == ("“Land”", "Land")
    assert (second.label, second.name, second.file) == (
        "“The sea”", "The sea", "OEBPS/text/b b.xhtml",
    )  # fmt: skip
    (place,) = content.places.of(9, 13)
    assert (place.part, place.path) == (second, "/html/body[1]/p[1]/text()[1]")


def test_cover_and_contents_are_left_out() -> None:
    links = '<nav epub:type="toc"><ol><li><a href="a.xhtml">One</a></li></ol></nav>'
    pages = {
        "cover.xhtml": page("<p>The Sea</p>"),
        "toc.xhtml": page('<h1>Contents</h1><p><a href="a.xhtml">The first chapter</a></p>'),
        "a.xhtml": page("<p>Text</p>" + links),
    }
    guide = '<reference type="cover" href="cover.xhtml"/><reference type="toc" href="toc.xhtml"/>'
    nav = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    spine = "".join(f'<itemref idref="{each}"/>' for each in (*pages, "nav"))
    data = epub(pages, guide=guide, items=nav, spine=spine)
    assert load_epub(replaced(data, {"OEBPS/nav.xhtml": page(links)}), "x.epub").text == "Text"


def test_a_book_of_one_page_that_is_named_as_its_cover_is_read() -> None:
    body = "<p>" + "Tides rise and fall. " * 40 + "</p>"
    guide = '<reference type="cover" href="a.xhtml"/>'
    assert text_of({"a.xhtml": page(body)}, guide=guide).startswith("Tides rise")


def test_page_numbers_and_marks_of_notes_are_left_out() -> None:
    body = (
        '<p>High<a epub:type="noteref" href="#n">1</a> tide<span epub:type="pagebreak">12</span>'
        '.</p><aside epub:type="footnote" id="n"><p>Twice a day.</p></aside>'
    )
    assert text_of({"a.xhtml": page(body)}) == "High tide.\n\nTwice a day."


def test_what_the_book_says_of_itself_is_kept() -> None:
    meta = (
        "<dc:title>The  Sea</dc:title><dc:title>A tale</dc:title><dc:creator>Ada Roe</dc:creator>"
        "<dc:creator>Bo Li</dc:creator><dc:language>en</dc:language>"
    )
    content = load_epub(epub({"a": page("<p>x</p>")}, meta=meta), "book.epub")
    assert content.title == "The Sea"
    assert content.meta == {"author": "Ada Roe, Bo Li", "language": "en"}
    assert content.media_type == "application/epub+zip"
    assert load_epub(epub({"a": page("<p>x</p>")}), "book.epub").title == "book"


def test_a_page_that_is_no_xml_is_read_as_html() -> None:
    pages = {"a.html": "<html><body><p>Tides<br>rise &copy; <p>and fall</html>"}
    assert text_of(pages) == "Tides\nrise ©\n\nand fall"


def test_entities_of_the_outside_are_not_read() -> None:
    bad = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>a&x;b</p></body></html>'
    )
    assert text_of({"a.xhtml": bad}) == "ab"


LOCK = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
    'xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
    '<enc:EncryptionMethod Algorithm="{}"/><enc:CipherData><enc:CipherReference URI="{}"/>'
    "</enc:CipherData></enc:EncryptedData></encryption>"
)


@pytest.mark.parametrize(
    ("algorithm", "locked", "opens"),
    [
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/a.xhtml", False),
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/font.otf", True),
        ("http://www.idpf.org/2008/embedding", "OEBPS/a.xhtml", True),
    ],
)
def test_a_book_that_is_locked_says_so(algorithm: str, locked: str, opens: bool) -> None:
    members = {"META-INF/encryption.xml": LOCK.format(algorithm, locked)}
    data = replaced(epub({"a.xhtml": page("<p>Text</p>")}), members)
    if opens:
        assert load_epub(data, "book.epub").text == "Text"
        return
    with pytest.raises(ArticleError, match=r"^book\.epub: is locked by its seller \(DRM\)"):
        load_epub(data, "book.epub")


def test_a_chapter_that_is_missing_costs_only_itself() -> None:
    spine = '<itemref idref="gone"/><itemref idref="a.xhtml"/>'
    content = load_epub(
        epub(
            {"a.xhtml": page("<p>Text</p>")},
            items='<item id="gone" href="gone.xhtml"/>',
            spine=spine,
        ),
        "book.epub",
    )
    assert content.text == "Text"
    assert content.places.parts[0].number == 1
    assert content.notes == (
        "A chapter could not be read: book.epub: holds no OEBPS/gone.xhtml, which its format "
        "needs.",
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no zip archive"),
        (zipped({"a.txt": "x"}), "is no EPUB"),
        (zipped({"META-INF/container.xml": "<x/>"}), "is no EPUB"),
        (zipped({"a.opf": "<x"}), "a.opf is no XML"),
        (epub({"a.xhtml": page("<img/>")}), "holds no text"),
        (epub({"a.xhtml": page("<p>x</p>")}, spine="<x/>"), "holds no text"),
        (epub({"a.xhtml": page("<div>" * 100_000)}), "holds no text"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, said: str) -> None:
    with pytest.raises(ArticleError) as error:
        load_epub(data, "book.epub")
    assert str(error.value).startswith("book.epub: ")
    assert said in str(error.value)
