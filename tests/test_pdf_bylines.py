"""Names side by side below the title of a PDF: read one by one, each with its address."""

from __future__ import annotations

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from tests.papers import BODY, BOLD, LAKE, WIDTH, Paper, paragraphs, wrapped

FULL = wrapped(LAKE, WIDTH - 120)
TITLE = "Lost Waters and the Works of the Parishes"


def paper_by(*cells: list[str], shared: str = "", order: str = "rows") -> list[str]:
    """Return the paragraphs of a page with centred cells between its title and its text."""
    paper = Paper()
    middle = WIDTH / 2

    def centred(x: float, y: float, text: str, size: float = 10, font: str = BODY) -> None:
        paper.line(x - stringWidth(text, font, size) / 2, y, text, size, font)

    centred(middle, 80, TITLE, 18, BOLD)
    spots = [
        (row, middle + 200 * (place - (len(cells) - 1) / 2), line)
        for place, cell in enumerate(cells) for row, line in enumerate(cell)
    ]  # fmt: skip
    for row, x, line in sorted(spots) if order == "rows" else spots:
        centred(x, 120 + 13 * row, line)
    if shared:
        centred(middle, 120 + 13 * max(map(len, cells)), shared)
    paper.prose(60, 260, FULL)
    return paragraphs(paper.read())


ADA = ["Ada Hall", "University of Northern Vik", "ada@vik.example"]
PER = ["Per Moe Sund", "Orby College", "Harbour Road 4, Orby", "per@orby.example"]


@pytest.mark.parametrize("order", ["rows", "columns"])
@pytest.mark.parametrize("lines", [2, 3, 4])
def test_names_side_by_side_are_read_with_their_addresses(order: str, lines: int) -> None:
    found = paper_by(ADA[:lines], PER[:lines], order=order)
    cells = ["\n".join(ADA[:lines]), "\n".join(PER[:lines])]
    assert found == [f"# {TITLE}", *cells, LAKE]


def test_names_above_an_address_that_they_share_are_two() -> None:
    found = paper_by(ADA[:1], PER[:1], shared="University of Northern Vik")
    assert found == [f"# {TITLE}", ADA[0], PER[0], "University of Northern Vik", LAKE]


def test_a_table_below_a_title_stays_a_table() -> None:
    parishes = ["Parish", "Orby", "Upper Vik", "Sund"]
    found = paper_by(parishes, ["Boats", "12", "7", "31"], ["Mills", "3", "1", "40"])
    assert found[1].startswith("| Parish | Boats | Mills |")


def test_a_table_of_words_that_stand_flush_stays_a_table() -> None:
    paper = Paper()
    paper.line(60, 80, TITLE, 18, BOLD)
    for row, cells in enumerate([("Parish", "Priest"), ("Orby", "Ada Hall"), ("Sund", "Per Moe")]):
        for x, cell in zip((100, 300), cells, strict=True):
            paper.line(x, 120 + 14 * row, cell)
    paper.prose(60, 260, wrapped(LAKE, 470))
    assert paragraphs(paper.read())[1].startswith("| Parish | Priest |")


def test_the_lines_of_a_centred_address_stay_lines() -> None:
    address = "\n".join(PER[:3])
    assert paper_by(PER[:3]) == [f"# {TITLE}", address, LAKE]


def test_fields_of_a_form_are_no_names() -> None:
    found = paper_by(["Employer", "Road"], ["Employee:", "Number of it"])
    assert found[1].startswith("Employer Employee:")
