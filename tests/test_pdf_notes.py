"""Footnotes of PDFs: they count up as page numbers do, and are kept."""

from __future__ import annotations

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from tests.papers import BODY, LAKE, MILL, TOWER, Paper, paragraphs, wrapped

NOTES = ["Ibid., p. 113.", "Compare Alan, pages 201 and following.", "Ibid., p. 134."]


def annotated(notes: list[str], *, size: float, gap: float, footer: str = "Page {}") -> list[str]:
    """Return the paragraphs of pages with a note each, which the last line of each refers to."""
    paper = Paper()
    for number, (text, note) in enumerate(zip((LAKE, MILL, TOWER), notes, strict=True), 1):
        lines = wrapped(text, 450)
        end = 88 + 12 * len(lines)
        paper.prose(60, 100, lines)
        paper.line(60 + stringWidth(lines[-1], BODY, 10), end - 3.5, f"{number}", 6)
        paper.line(60, 760 if size == 8 else 757, f"{number}", size)
        paper.line(60 + gap, 760, note, 8)
        paper.line(290, 810, footer.format(number), 9)
        paper.turn()
    return paragraphs(paper.read())


@pytest.mark.parametrize("notes", [NOTES, ["Ibid., p. 113."] * 3], ids=["several", "the same"])
@pytest.mark.parametrize(
    ("size", "gap"), [(5, 3), (5, 10), (8, 6), (8, 12)],
    ids=["raised", "raised, apart", "as large", "as large, apart"],
)  # fmt: skip
def test_a_note_on_each_page_is_no_running_footer(
    notes: list[str], size: float, gap: float
) -> None:
    found = annotated(notes, size=size, gap=gap)
    said = [text.replace(" ", "") for text in found]
    for number, (text, note) in enumerate(zip((LAKE, MILL, TOWER), notes, strict=True), 1):
        place = said.index(text.replace(" ", ""))
        assert said[place + 1] == f"{number}{note}".replace(" ", "")
    assert len(said) == 6


def test_the_lines_of_a_note_stay_though_other_notes_end_alike() -> None:
    paper = Paper()
    for number, text in enumerate((LAKE, MILL, TOWER), 1):
        paper.prose(60, 100, [*wrapped(text, 450)[:-1], "and so on, as is told elsewhere."])
        paper.line(60 + stringWidth("and so on, as is told elsewhere.", BODY, 10),
                   100 + 12 * (len(wrapped(text, 450)) - 1) - 3.5, f"{number}", 6)  # fmt: skip
        paper.line(60, 747, f"{number}", 5)
        paper.line(70, 750, f"Compare {text[:60]}, where it is told", 8)
        paper.line(70, 759.5, "at length, and otherwise.", 8)
        paper.turn()
    assert paper.read().text.count("where it is told at length, and otherwise.") == 3


def test_a_page_number_before_a_running_title_is_no_note() -> None:
    paper = Paper()
    for number, text in enumerate((LAKE, MILL, TOWER), 1):
        paper.prose(60, 100, wrapped(text, 450))
        paper.line(60, 800, f"{number}", 8)
        paper.line(80, 800, "The Lakes of Orby", 8)
        paper.turn()
    assert paragraphs(paper.read()) == [LAKE, MILL, TOWER]
