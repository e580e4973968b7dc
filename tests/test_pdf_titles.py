"""What a PDF is called: its own heading, rather than a file, or what it was made from."""

from __future__ import annotations

import pytest

from index.loaders.pdf.loading import load_pdf
from tests.papers import BODY, BOLD, LAKE, MILL, TOWER, Paper, paragraphs, wrapped
from tests.pdfs import lines, pdf_of

PROSE = lines("The boats were sold in 1911 to the other shore.", "Nobody had asked for them.")


@pytest.mark.parametrize(
    "name", ["10811.exe", "setup.exe", "report_final_v3.indd", "q3-report2.xyz", "annual_v2"]
)
def test_a_name_of_a_file_is_no_title_whatever_its_suffix(name: str) -> None:
    assert load_pdf(pdf_of(PROSE, title=name), "letter.pdf").title == "letter"


@pytest.mark.parametrize("name", ["Node.js", "Boats of 1911", "3.2 Boats", "Booking.com"])
def test_a_title_with_a_full_stop_is_one(name: str) -> None:
    assert load_pdf(pdf_of(PROSE, title=name), "letter.pdf").title == name


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Annual report of the board", "Waters of Orby"),  # all words are there, but far apart
        ("The Waters: an Orby guide", "The Waters: an Orby guide"),
        ("A report by the whole board", "A report by the whole board"),
    ],
)
def test_a_title_without_a_word_of_the_heading_has_to_stand_in_the_text(
    title: str, expected: str
) -> None:
    paper = Paper()
    paper.canvas.setTitle(title)
    paper.line(60, 80, "Waters of Orby", 20)
    paper.prose(60, 120, ["A report by the whole board, as is the annual", "guide of the ferries."])
    assert paper.read().title == expected


@pytest.mark.parametrize(
    ("first", "font"),
    [("THE WATERS OF ORBY", BODY), ("The waters of Orby", BOLD)],
)
def test_a_title_that_runs_along_the_other_pages_stays_on_the_first(first: str, font: str) -> None:
    paper = Paper()
    for number, text in enumerate((LAKE, MILL, TOWER)):
        paper.line(
            200, 70, "The waters of Orby" if number else first, font=font if not number else BODY
        )
        paper.prose(60, 120, wrapped(text, 450))
        paper.turn()
    assert [each.lstrip("# ") for each in paragraphs(paper.read())] == [first, LAKE, MILL, TOWER]


def test_bullets_of_symbol_fonts_that_are_exclamation_marks_are_bullets() -> None:
    paper = Paper()
    paper.prose(60, 100, wrapped(LAKE, 450))
    y = 150.0
    for text in (LAKE, MILL, TOWER):
        paper.line(90, y, "!")
        y = paper.prose(120, y, wrapped(text, 390))
    assert paragraphs(paper.read()) == [
        LAKE,
        "\n".join(f"- {text}" for text in (LAKE, MILL, TOWER)),
    ]


def test_a_sign_beside_text_is_no_bullet() -> None:
    paper = Paper()
    for page, text in enumerate((LAKE, MILL, TOWER)):
        paper.prose(120, 100, wrapped(text, 300))
        paper.line(60, 112, "!", 12)
        paper.line(60, 250, f"Page {page} of the almanac of lakes.")
        paper.turn()
    assert "- " not in paper.read().text
