"""Where paragraphs of PDFs end: behind headings that wrap, behind items, across columns."""

from __future__ import annotations

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from tests.papers import BODY, BOLD, LAKE, MILL, TOWER, Paper, paragraphs, wrapped

STORY = f"{LAKE} {MILL} {TOWER}"


def test_headings_of_two_lines_in_columns_are_not_joined() -> None:
    paper = Paper()
    for page in ("A", "B"):
        for column in range(3):
            x = 50 + 170 * column
            lines = [f"Chapter {page}{column + 1} of the book of", "lights and waters"]
            paper.prose(x, 100, lines, 14, leading=17, font=BOLD)
            paper.prose(x, 140, wrapped(STORY, 150))
        paper.turn()
    chapters = [f"Chapter {page}{number} of the book of lights and waters"
                for page in "AB" for number in (1, 2, 3)]  # fmt: skip
    assert paragraphs(paper.read()) == [
        part for chapter in chapters for part in (f"# {chapter}", STORY)
    ]


def test_a_heading_that_a_page_parts_is_one_where_a_small_letter_goes_on() -> None:
    paper = Paper()
    paper.prose(60, 100, wrapped(STORY, 450))
    paper.line(60, 780, "The chapter that tells of all the lights and", 14, BOLD)
    paper.turn()
    paper.line(60, 80, "waters of Orby", 14, BOLD)
    paper.prose(60, 110, wrapped(MILL, 450))
    assert paragraphs(paper.read()) == [
        STORY, "# The chapter that tells of all the lights and waters of Orby", MILL
    ]  # fmt: skip


FULL = [
    "The boats that the fishers of the other shore had bought",
    "were sold again when winter came.",
]


@pytest.mark.parametrize("marks", [("1.", "2."), ("1.",)], ids=["list", "hanging"])
def test_an_indented_paragraph_behind_an_item_whose_last_line_is_full_is_no_part_of_it(
    marks: tuple[str, ...],
) -> None:
    paper = Paper()
    width = 16 + stringWidth(FULL[1], BODY, 10)
    text = f"Afterwards {TOWER}"
    y = paper.prose(60, 100, wrapped(text, width, indent=16), indent=16)
    for mark in marks:
        paper.line(64, y, mark)
        y = paper.prose(76, y, [*wrapped(FULL[0], width - 16), FULL[1]])
    paper.prose(60, y, wrapped(text, width, indent=16), indent=16)
    items = [f"{mark} {' '.join(FULL)}" for mark in marks]
    assert paragraphs(paper.read()) == [text, "\n".join(items), text]


def test_the_lines_of_an_item_stay_together_where_a_flush_paragraph_follows() -> None:
    paper = Paper()
    y = paper.prose(60, 100, wrapped(TOWER, 450))
    lines = wrapped(LAKE, 434)
    for mark in ("•", "•"):
        paper.line(64, y, mark)
        y = paper.prose(76, y, lines)
    paper.prose(60, y, wrapped(MILL, 450))
    assert paragraphs(paper.read()) == [TOWER, f"- {LAKE}\n- {LAKE}", MILL]


def test_an_item_goes_on_in_the_next_column() -> None:
    paper = Paper()
    y = paper.prose(60, 100, wrapped(STORY, 220))
    item = [
        "The house of the keeper was designed by the",
        "builder and master of works of the parish,",
    ]
    paper.line(64, y, "•")
    paper.prose(76, y, item)
    paper.line(331, 100, "Tobias Lacey.")
    paper.prose(315, 112, wrapped(STORY, 220))
    assert paragraphs(paper.read()) == [STORY, f"- {' '.join(item)} Tobias Lacey.", STORY]
