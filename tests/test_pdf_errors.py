"""What is said of PDFs that cannot be read, or not all of them."""

from __future__ import annotations

import zlib

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.errors import ArticleError
from index.loaders.pdf.document import MOST_PAGES
from index.loaders.pdf.loading import load_pdf
from tests.pdfs import Drawing, both, lines, nothing, pdf_of, picture

PROSE = lines(
    "The harbour opened in 1896, when the first",
    "ships came in from the north. It was closed",
    "again during the winter of the same year.",
)
MORE = lines(
    "Nobody knows who lit the lamp on the pier",
    "before the keeper was there to do it.",
)
SCAN = picture(0, 0, 300, 200)
DAMAGED = (
    "is a damaged PDF, or one without pages; fetch or save it again, or open it in a PDF reader "
    "and print it to a new PDF."
)


def outlines(canvas: Canvas) -> None:
    canvas.line(20, 20, 200, 30)


def raw_pdf(*objects: bytes) -> bytes:
    """Return a PDF of objects as they are written, numbered from 1; the first is the catalog."""
    written = b"%PDF-1.7\n"
    for number, each in enumerate(objects, 1):
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    return written + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (len(objects) + 1)


def message(data: bytes, name: str = "a.pdf") -> str:
    with pytest.raises(ArticleError) as raised:
        load_pdf(data, name)
    said = str(raised.value)
    assert said.startswith(f"{name}: ")
    assert "\n" not in said
    return said.removeprefix(f"{name}: ")


def test_a_pdf_that_needs_a_password_says_so() -> None:
    assert message(pdf_of(PROSE, password="secret")) == (
        "needs a password; save a copy without one and try again."
    )


def test_a_pdf_that_opens_with_an_empty_password_is_read() -> None:
    assert "harbour" in load_pdf(pdf_of(PROSE, password=""), "a.pdf").text


@pytest.mark.parametrize("data", [b"Dear Sir,\nplease find enclosed", b"\x89PNG\r\n\x1a\n" * 9])
def test_what_is_no_pdf_is_said_not_to_be_one(data: bytes) -> None:
    assert message(data) == "is not a PDF; expected a file that begins with “%PDF-”."


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert message(b"") == "is an empty file; expected a PDF."


def test_a_damaged_pdf_says_so_and_what_to_do() -> None:
    assert message(b"%PDF-1.4\n" + bytes(range(256)) * 20 + b"%%EOF") == DAMAGED


def test_a_pdf_without_pages_says_so() -> None:
    empty = raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] >>")
    assert message(empty) == DAMAGED


def test_a_pdf_of_too_many_pages_says_how_many_are_read() -> None:
    million = raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
    )
    assert message(million) == (
        f"has 1,000,000 pages; up to {MOST_PAGES:,} can be read. Split it into several files and "
        "try again."
    )


def test_the_end_of_a_file_that_is_cut_off_is_noted_and_what_is_there_read() -> None:
    data = pdf_of(PROSE)
    content = load_pdf(data[: data.rindex(b"startxref")], "a.pdf")
    assert "harbour" in content.text
    assert content.notes == ("The end of the file is missing; what is there is read.",)
    assert message(data[: len(data) // 2]) == (
        "is cut off, as its end is missing; fetch or save it again."
    )


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([SCAN], "its only page is a picture without text; run OCR first, e.g. "
                 "`ocrmypdf 'my scan.pdf' 'my scan-text.pdf'`, and try again."),
        ([SCAN] * 3, "its 3 pages are pictures without text; run OCR first, e.g. "
                     "`ocrmypdf 'my scan.pdf' 'my scan-text.pdf'`, and try again."),
        ([outlines], "its only page holds no text; if there are words to be seen, they are drawn: "
                     "run OCR first, e.g. `ocrmypdf --force-ocr 'my scan.pdf' "
                     "'my scan-text.pdf'`, and try again."),
    ],
)  # fmt: skip
def test_a_scan_says_that_it_is_one_and_what_to_do(pages: list[Drawing], said: str) -> None:
    assert message(pdf_of(*pages), "my scan.pdf") == said


def test_pages_that_are_pictures_among_others_are_noted() -> None:
    content = load_pdf(pdf_of(PROSE, SCAN, MORE, SCAN, SCAN, nothing), "a.pdf")
    assert "harbour" in content.text
    assert content.notes == (
        "Pages 2 and 4–5 are pictures with next to no text; to have read what they show, run OCR "
        "first, e.g. `ocrmypdf --redo-ocr a.pdf a-text.pdf`.",
    )


def test_a_scan_with_a_page_number_is_noted_and_a_page_with_a_picture_is_not() -> None:
    numbered = both(SCAN, lines("7"))
    illustrated = both(picture(0, 0, 300, 70), PROSE)
    (note,) = load_pdf(pdf_of(illustrated, numbered), "a.pdf").notes
    assert note.startswith("Page 2 is a picture with next to no text; to have read what it shows")


def test_a_page_that_is_damaged_is_noted_and_the_others_are_read() -> None:
    stream = zlib.compress(b"BT /F1 12 Tf 20 100 Td (The harbour opened in 1896.) Tj ET")
    content = load_pdf(
        raw_pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 9 0 R] /Count 2 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ),
        "a.pdf",
    )
    assert content.text == "The harbour opened in 1896."
    assert content.notes == ("Page 2 cannot be read: the file is damaged there.",)


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_a_pdf_cut_off_anywhere_is_read_or_said_to_be_damaged(cut: int) -> None:
    data = pdf_of(PROSE, MORE)
    part = data[: len(data) * cut // 100]
    try:
        content = load_pdf(part, "a.pdf")
    except ArticleError:
        assert message(part)
    else:
        assert content.notes


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The harbour opened in 1896", "The harbour opened in 1896"),
        ("Microsoft Word - The harbour opened", "The harbour opened"),
        ("Microsoft Word - harbour_v3_final.docx", "letter"),
        ("untitled", "letter"),
        ("(Untitled 3)", "letter"),
        ("letter.pdf", "letter"),
        ("PowerPoint Presentation", "letter"),
        ("Annual report", "Annual report"),
        ("", "letter"),
    ],
)
def test_the_title_is_that_of_the_properties_if_it_is_one(title: str, expected: str) -> None:
    assert load_pdf(pdf_of(PROSE, title=title), "letter.pdf").title == expected


def test_a_heading_is_the_title_rather_than_a_title_that_stands_nowhere() -> None:
    def headed(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 22)
        canvas.drawString(20, 175, "Ships of the North")
        lines(*["The harbour opened in 1896, when the first"] * 9, top=150)(canvas)

    assert load_pdf(pdf_of(headed, title="Corporate design 4"), "a.pdf").title == (
        "Ships of the North"
    )
    assert load_pdf(pdf_of(headed, title="Ships of the north"), "a.pdf").title == (
        "Ships of the north"
    )


def test_author_and_day_are_known_and_pages_are_parts() -> None:
    content = load_pdf(pdf_of(PROSE, MORE, author="Ada Byron"), "a.pdf")
    assert content.media_type == "application/pdf"
    assert content.meta["author"] == "Ada Byron"
    assert content.meta["created"] == "2000-01-01"
    assert [(part.label, part.width, part.height) for part in content.places.parts] == [
        ("page 1", 300, 200), ("page 2", 300, 200),
    ]  # fmt: skip
