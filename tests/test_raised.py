"""Raised text: marks of notes are left out, and what is a part of a number or word is not."""

from __future__ import annotations

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from index.loaders.content import Content
from index.loaders.hypertext.page import HTML, load_html
from index.loaders.markup import Markup
from index.loaders.office.open_document import ODT, load_odt
from index.loaders.office.presentation import PPTX, load_pptx
from index.loaders.office.word import DOCX, load_docx
from index.loaders.pdf.document import opened
from index.loaders.pdf.loading import load_pdf
from index.loaders.pdf.pages import Pages
from index.loaders.raised import treatment
from index.loaders.writing import Piece, collapse, text_of
from tests.packages import docx, pptx, read_again, zipped
from tests.papers import BODY, Paper

SENTENCE = (
    ("12,400", "3"), (" people came in that year", "[4]"), (", from 5 km", "2"), (" and 10", "6"),
    (" boats, 48", "1"), ("/2 miles off, on the 1", "st"), (" day.", "*"), (" Nobody knows.", ""),
)  # fmt: skip
READ = (
    "12,400 people came in that year, from 5 km2 and 10^6 boats, 48 1/2 miles off, on the 1st day. "
    "Nobody knows."
)


@pytest.mark.parametrize(
    ("before", "raised", "after", "told"),
    [
        ("12,400", "3", " people", "drop"), ("310,000", "4", " euros", "drop"),
        ("in that year", "3", "", "drop"), ("he said “yes.”", "12", " Then", "drop"),
        ("the boat's", "3", " keel", "drop"), ("in the 1990s", "3", " and", "drop"),
        ("the town", "1,2", " and", "drop"), ("the town", "3–5", ".", "drop"),
        ("the town", "a", " and", "drop"), ("the town", "iv", ".", "drop"),
        ("the town", "*", " and", "drop"), ("the town", "††", ".", "drop"),
        ("the town", "[3]", "", "drop"), ("the town", "[nb 1][2]", ".", "drop"),
        ("the town", "(3)", ".", "drop"), ("the town", "3)", ".", "drop"),
        ("the town ", "3", " and", "drop"), ("12.5", "a", "", "drop"), ("£12m", "3", "", "drop"),
        ("(Smith 2019)", "3", " says", "drop"), ("Plan B", "3", " was", "drop"),
        ("12 km", "4", " off", "drop"), ("loved. ", "16", "For God so", "drop"),
        ("", "3", " Figures of 2019.", "keep"), ("One line.\n", "3", " Figures", "keep"),
        ("5 km", "2", " of", "keep"), ("12 m", "3", "", "keep"), ("m/s", "2", "", "keep"),
        ("20 miles", "2", "", "keep"), ("kg m", "−2", " s", "keep"),
        ("on the 1", "st", " day", "keep"), ("112", "th", " time", "keep"),
        ("XIX", "e", " siècle", "keep"), ("le 19", "e", " siècle", "keep"),
        ("1", "er", " mai", "keep"), ("1", "a", " edición", "keep"), ("n", "o", " 3", "keep"),
        ("M", "me", " Curie", "keep"), ("M", "c", "Kay", "keep"), ("20", "o", "C", "keep"),
        ("Brand", "TM", " is", "keep"), ("Brand", "®", " is", "keep"), ("Ca", "2+", "", "keep"),
        ("Cl", "−", " ions", "keep"), ("of ", "14", "C dating", "keep"), ("I", "2", "C", "keep"),
        ("48", "1", "/2 miles", "apart"), ("48", "1", "⁄2", "apart"), ("48", "1/2", " m", "apart"),
        ("48", "1/", "2 m", "apart"), ("48 ", "1", "/2 miles", "apart"),
        ("for $4", "99", " each", "apart"), ("um 18", "30", " Uhr", "apart"),
        ("the town", "as it was", " then", "apart"), ("the town", "[citation needed]", "", "apart"),
        ("10", "6", " cells", "power"), ("1.2 × 10", "−6", " m", "power"), ("10", "n", "", "power"),
        ("3x10", "5", "", "power"), ("x", "2", " + y", "power"), ("(a + b)", "2", " =", "power"),
        ("E = mc", "2", "", "power"), ("R", "2", " was", "power"), ("2", "32", " = 4", "power"),
        ("f(x)", "2", "", "power"), ("e", "x", "", "power"), ("x", "n+1", "", "power"),
    ],
)  # fmt: skip
def test_what_becomes_of_raised_text(before: str, raised: str, after: str, told: str) -> None:
    assert treatment(before, raised, after) == told


def test_long_raised_text_takes_no_time() -> None:
    for said in ("ivx" * 3000 + "!", "[1]" * 3000 + "!", "1, " * 3000 + "!", "a" * 9000 + "("):
        assert treatment("the town", said, " and") == "apart"


def read_as_it_is(content: Content, data: bytes, markup: Markup) -> None:
    assert content.text == READ
    read_again(content, data, markup)


def test_web_pages() -> None:
    body = "".join(f"{text}<sup><a href='#n'>{mark}</a></sup>" for text, mark in SENTENCE)
    data = f"<html><body><p>{body}</p></body></html>".encode()
    read_as_it_is(load_html(data, "x.html"), data, HTML)


def test_marks_of_notes_stand_beside_units_and_in_tables() -> None:
    text = (
        "<p>It has 5 km<sup>2</sup><sup>[3]</sup><sup>[4]</sup> and 7"
        "<span style='vertical-align: super'>1</span>.</p>"
        "<table><tr><th>Year<sup>a</sup><th>Boats<tr><td>2019<td>1,200<sup>3</sup></table>"
    )
    assert load_html(text.encode(), "x.html").text == (
        "It has 5 km2 and 7.\n\n| Year | Boats |\n| --- | --- |\n| 2019 | 1,200 |"
    )


def test_word_documents() -> None:
    def run(text: str, properties: str = "") -> str:
        return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'

    raised = '<w:vertAlign w:val="superscript"/>'
    body = "".join(
        run(text) + run(mark, '<w:rStyle w:val="Note"/>' if mark == "3" else raised)
        for text, mark in SENTENCE
    )
    style = f'<w:style w:type="character" w:styleId="Note"><w:rPr>{raised}</w:rPr></w:style>'
    data = docx(f"<w:p>{body}</w:p>", styles=style)
    read_as_it_is(load_docx(data, "x.docx"), data, DOCX)


def test_presentations() -> None:
    body = "".join(
        f"<a:r><a:t>{text}</a:t></a:r><a:r><a:rPr baseline='30000'/><a:t>{mark}</a:t></a:r>"
        for text, mark in SENTENCE
    )
    data = pptx(f"<p:sp><p:txBody><a:p>{body}</a:p></p:txBody></p:sp>")
    read_as_it_is(load_pptx(data, "x.pptx"), data, PPTX)


def test_open_document_texts() -> None:
    spans = "".join(
        f'{text}<text:span text:style-name="T1">{mark}</text:span>' for text, mark in SENTENCE
    )
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    data = zipped({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f'<office:document-content xmlns:office="{office}office:1.0"'
        f' xmlns:text="{office}text:1.0" xmlns:style="{office}style:1.0"><office:automatic-styles>'
        '<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/>'
        "</style:style></office:automatic-styles><office:body><office:text>"
        f"<text:p>{spans}</text:p></office:text></office:body></office:document-content>",
    })  # fmt: skip
    read_as_it_is(load_odt(data, "x.odt"), data, ODT)


def test_pdfs() -> None:
    paper = Paper()
    x, y = 60.0, 100.0
    for text, mark in SENTENCE:
        paper.line(x, y, text)
        x += stringWidth(text, BODY, 10)
        paper.line(x, y - 3.5, mark, 6)
        x += stringWidth(mark, BODY, 6)
        if mark == "[4]":
            paper.line(60, y + 40, "Nothing of it is left but the wall.")
        if x > 420:
            x, y = 60.0, y + 12
    data = paper.save()
    content = load_pdf(data, "paper.pdf")
    assert content.text.startswith(READ)
    with opened(data, "paper.pdf") as pdf:
        page = next(iter(Pages(pdf)))
    letters = dict(zip(page.index.tolist(), map(chr, page.codes.tolist()), strict=True))
    for start, letter in enumerate(READ):
        placed = content.places.of(start, start + 1)
        assert [letters[place.start] for place in placed] == ([letter] if placed else [])
        assert placed or letter in " ^"


def test_what_is_settled_is_raised_no_more() -> None:
    pieces = [Piece("x"), Piece("2", raised=1), Piece(" + 12,400"), Piece("3", raised=1)]
    assert text_of(collapse(collapse(pieces))) == "x^2 + 12,400"
