from __future__ import annotations

import io
import struct
import sys
import zipfile
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import ArticleError
from index.loaders import registry
from index.loaders.apart.processes import Limits, Pool
from index.loaders.content import Content
from index.loaders.registry import LOADERS, load
from index.loaders.sniffing import format_of, note_of

TEXT = b"The talks began in Oslo. They went on in Bergen.\n"
PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n%%EOF\n"
HTML = b"<!DOCTYPE html>\n<title>Talks</title><p>The talks began in Oslo."
MAIL = (
    b"Received: from a by b\r\nFrom: Ann <a@x.org>\r\nSubject: Talks\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nThe talks began in Oslo.\r\n"
)
MEMO = b"From: Ann\nTo: Bob\nDate: today\n\nThe talks began in Oslo.\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def zipped(*members: str, data: bytes = b"x", first: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for member in members:
            archive.writestr(member, data)
    return file.getvalue()


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + bytes(100)


DOCX = zipped("[Content_Types].xml", "word/document.xml")
PPTX = zipped("[Content_Types].xml", "ppt/presentation.xml")
EPUB = zipped("META-INF/container.xml", first=b"application/epub+zip")


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (TEXT, "a.txt", "text"),
        (TEXT, "a", "text"),
        (TEXT, "a.log", "text"),
        (TEXT, "a.MD", "markdown"),
        (TEXT, "a.tsv", "csv"),
        (TEXT.decode().encode("utf-16"), "a.txt", "text"),
        (PDF, "a.pdf", "pdf"),
        (PDF, "a.txt", "pdf"),
        (PDF, "a", "pdf"),
        (b"\xef\xbb\xbf\n" + PDF, "a.txt", "pdf"),
        (b"junk " * 100 + PDF, "a.pdf", "pdf"),
        (b"A PDF begins with %PDF-1.4, and 1 0 obj comes next.", "a.txt", "text"),
        (b"%PDF-1.4 is how a PDF begins.", "a.md", "markdown"),
        (b"\x00\x01\x02\x80\x81" * 300, "a.pdf", "pdf"),  # whose loader says what is wrong
        (TEXT, "a.pdf", "text"),
        (TEXT, "a.docx", "text"),
        (HTML, "a.html", "html"),
        (HTML, "a.pdf", "html"),
        (HTML, "a.txt", "html"),
        (b"\xef\xbb\xbf<!-- saved --> <HTML lang=en>", "a", "html"),
        (b'<?xml version="1.0"?>\n' + HTML, "a.xhtml", "html"),
        (HTML.decode().encode("utf-16"), "a.txt", "html"),
        (b"<p>The talks began.", "a.htm", "html"),
        (b"<p>The talks began.", "a.txt", "text"),
        (TEXT, "a.html", "text"),
        (b"An <html> element holds all.", "a.txt", "text"),
        (DOCX, "a.docx", "docx"),
        (DOCX, "a.pdf", "docx"),
        (DOCX, "a.zip", "docx"),
        (PPTX, "a.pptx", "pptx"),
        (PPTX, "a.docx", "pptx"),
        (EPUB, "a.epub", "epub"),
        (EPUB, "a.zip", "epub"),
        (zipped("META-INF/container.xml"), "a.zip", "epub"),
        (DOCX[:-30], "a.docx", "docx"),
        (zipped("other.xml"), "a.docx", "docx"),
        (MAIL, "a.eml", "mail"),
        (MAIL, "a.txt", "mail"),
        (MAIL.replace(b"\r\n", b"\n"), "a", "mail"),
        (MAIL, "a.mht", "mail"),
        (MEMO, "a.eml", "mail"),
        (MEMO, "a.txt", "text"),
        (TEXT, "a.eml", "text"),
        (b"MZ is how a program begins, BM a picture.", "a.txt", "text"),
        (b"A great WAVE of talks began.", "a.txt", "text"),
        (zipped("a", first=b"application/vnd.oasis.opendocument.text"), "letter.docx", "odt"),
    ],
)
def test_what_a_file_holds_decides_how_it_is_read(data: bytes, name: str, found: str) -> None:
    assert format_of(data, name) == found


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the article is empty; there is nothing to quote."),
        (ole("WordDocument"), "is a Word document of before 2007; save it as .docx"),
        (ole("Workbook"), "is a workbook; save the sheet that you need as CSV"),
        (ole("PowerPoint Document"), "is a presentation of before 2007; save it as .pptx"),
        (ole("EncryptedPackage"), "needs a password; save a copy without one"),
        (ole("__substg1.0_0037001F"), "is a message of Outlook; save it as .eml"),
        (OLE, "is a file of another program"),
        (b"{\\rtf1\\ansi Talks}", "is rich text (RTF); save it as .docx"),
        (zipped("xl/workbook.xml"), "is a workbook; save the sheet"),
        (zipped(first=b"application/vnd.oasis.opendocument.spreadsheet"), "is a workbook; save"),
        (
            zipped("content.xml", first=b"application/vnd.oasis.opendocument.presentation"),
            "is a presentation of another format; save it as .pptx",
        ),
        (zipped("a.txt", "b.txt"), "is an archive; unpack it"),
        (zipped("word/a.txt", "ppt/b.txt", "xl/c.txt"), "is an archive; unpack it"),
        (zipped("a.txt")[:20], "is a zip archive that is damaged"),
        (b"\x1f\x8b\x08" + bytes(50), "is an archive; unpack it"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "is an archive; unpack it"),
        (bytes(257).replace(b"\0", b"a") + b"ustar\x0000", "is an archive; unpack it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "is a picture, in which no text can be read; run OCR"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "is a picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "is a picture"),
        (b'<?xml version="1.0"?><svg xmlns="x"><text>Hi</text></svg>', "is a picture"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "is a sound or a film"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(20), "is a sound or a film"),
        (b"\x7fELF\x02\x01\x01" + bytes(20), "is a program, not a document"),
        (b"MZ\x90\x00\x03\x00" + bytes(100), "is a program, not a document"),
        (b"SQLite format 3\x00" + bytes(20), "is a database; export the table"),
    ],
)
def test_what_is_no_document_is_refused_with_what_to_do(data: bytes, says: str) -> None:
    for name in ("letter.pdf", "letter.txt", "letter"):
        with pytest.raises(ArticleError) as error:
            load(data, name)
        assert str(error.value).startswith(f"{name}: ")
        assert says in str(error.value)


def test_an_archive_that_claims_any_number_of_members_is_looked_at_in_no_time() -> None:
    entry = b"PK\1\2" + bytes(42)
    data = b"PK\3\4" + entry * 20_000
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(data) - 4, 4, 0)
    with pytest.raises(ArticleError, match="is an archive"):
        format_of(data + end, "a.zip")
    for cut in range(0, len(DOCX), 7):
        assert format_of(DOCX[:cut] or DOCX, "a.docx") == "docx" or cut < 4


def test_a_name_that_is_wrong_is_told() -> None:
    assert note_of("docx", "a.docx") == ()
    assert note_of("text", "a") == ()
    assert note_of("text", "a.pdf") == (
        "a.pdf: is named .pdf, but is plain text, and was read as that.",
    )
    assert note_of("docx", "a.PDF") == (
        "a.PDF: is named .pdf, but is a Word document, and was read as that.",
    )


def test_a_text_that_is_named_as_a_pdf_is_read_with_a_note() -> None:
    article = Article.from_bytes(TEXT, "talks.pdf")
    assert article.text == TEXT.decode()
    assert article.notes == ("talks.pdf: is named .pdf, but is plain text, and was read as that.",)
    assert Article.from_bytes(TEXT, "talks.txt").notes == ()


def test_ones_own_loader_reads_all_files_of_its_suffix() -> None:
    def own(data: bytes, name: str) -> Content:
        return Content("Own", f"{len(data)} bytes of {name}.")

    loaders = {**LOADERS, ".pdf": own, ".xyz": own}
    assert load(PDF, "a.PDF", loaders).text == f"{len(PDF)} bytes of a.PDF."
    assert load(OLE, "a.xyz", loaders).title == "Own"
    assert load(TEXT, "a.txt", loaders).text == TEXT.decode()


def test_a_file_that_is_too_large_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "LARGEST", 3_000_000)
    with pytest.raises(ArticleError, match=r"a\.txt: has 4 MB; expected at most 3 MB. Split it"):
        load(bytes(4_000_000), "a.txt")


def test_the_encoding_of_a_text_may_be_named() -> None:
    data = "Łódź leży nad Łódką.".encode("iso-8859-2")
    for name in ("a.txt", "a.md"):
        assert load(data, name, encoding="iso-8859-2").text == "Łódź leży nad Łódką."
    with pytest.raises(ArticleError, match=r"a\.txt: there is no encoding 'klingon'"):
        load(data, "a.txt", encoding="klingon")


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such limits")
def test_a_table_that_takes_too_much_memory_costs_itself_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "_CHILDREN", Pool(1, Limits(memory=1 << 28)))
    assert "| Town | People |" in load(b"Town,People\nOslo,7\nRome,8\n", "a.csv").text
    with pytest.raises(ArticleError, match=r"^a\.csv: needs more than 0\.25 GB of memory"):
        load(b"Town,People\n" + b"a,b\n" * 300_000, "a.csv")
