"""Numbered sections and clauses of PDFs: what is a heading keeps its number."""

from __future__ import annotations

import pytest

from tests.papers import BOLD, LAKE, MILL, TOWER, Paper, paragraphs, wrapped


@pytest.mark.parametrize("stop", [".", ")"])
def test_headings_keep_their_numbers_with_their_places(stop: str) -> None:
    paper = Paper()
    y = 100.0
    for number, (name, text) in enumerate((("Lake", LAKE), ("Mill", MILL), ("Tower", TOWER)), 1):
        paper.line(60, y, f"{number}{stop} {name}", font=BOLD)
        y = paper.prose(60, y + 18, wrapped(text, 450)) + 18
    content = paper.read()
    assert paragraphs(content) == [
        f"# 1{stop} Lake", LAKE, f"# 2{stop} Mill", MILL, f"# 3{stop} Tower", TOWER
    ]  # fmt: skip
    at = content.text.index(f"2{stop}")
    [place] = content.places.of(at, at + 1)
    assert place.boxes


def test_a_numbered_clause_of_one_line_is_a_paragraph() -> None:
    paper = Paper()
    clauses = [f"5.1 {LAKE}", "5.2 Neither party is liable for loss of profit.", f"5.3 {MILL}"]
    paper.line(60, 100, "5. Liability", font=BOLD)
    y = 120.0
    for clause in clauses:
        y = paper.prose(60, y, wrapped(clause, 450)) + 8
    paper.line(60, y + 20, "6. Law", font=BOLD)
    paper.prose(60, y + 40, wrapped(TOWER, 450))
    assert paragraphs(paper.read()) == ["# 5. Liability", *clauses, "# 6. Law", TOWER]


def test_a_paragraph_goes_on_behind_a_colon_and_a_note() -> None:
    paper = Paper()
    paper.prose(60, 100, wrapped(MILL, 450))
    above = wrapped(f"{LAKE} {TOWER}", 345)[:-1]
    last = "so it is on summer afternoons, as who asks for it in Orby is told at once. Its keepers:"
    paper.prose(60, 700, [*above, last])
    paper.line(60, 790, "1 The lake is told of in the books of the parish.", 7)
    paper.turn()
    paper.prose(60, 100, wrapped("Dorothea Finch, and her brother. " + MILL, 345))
    assert any("Its keepers: Dorothea Finch, and" in each for each in paragraphs(paper.read()))
