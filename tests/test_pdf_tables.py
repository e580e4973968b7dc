"""Tables of PDFs in which no line is drawn between the rows: where a row begins is told by text."""

from __future__ import annotations

from tests.papers import LAKE, MILL, Paper, paragraphs, wrapped

COLUMNS = (60, 230, 400)


def ruled(paper: Paper, top: float, bottom: float) -> None:
    """Draw lines between columns, and round all of the table, but none between its rows."""
    for x in (50, 220, 390, 500):
        paper.rule(x, top, x, bottom)
    for y in (top, top + 20, bottom):
        paper.rule(50, y, 500, y)


def table(*rows: tuple[str, ...]) -> str:
    said = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([said[0], "|" + " --- |" * len(rows[0]), *said[1:]])


def test_rows_of_a_frame_begin_where_all_columns_begin_a_line() -> None:
    paper = Paper()
    ruled(paper, 100, 200)
    rows = [
        ("Task", "Labour", "Cost"), ("Wiring of the mill", "79 hours at 85 each", "6,715"),
        ("Test of the wheel,", "40 hours at 85 each,", "3,400"), ("Paint", "2 hours", "170"),
    ]  # fmt: skip
    for row, y in zip(rows, (113, 135, 149, 172), strict=True):
        for x, text in zip(COLUMNS, row, strict=True):
            paper.line(x, y, text)
    paper.line(60, 160, "and of its brake")
    paper.line(230, 160, "and travel")
    assert paragraphs(paper.read()) == [
        table(
            ("Task", "Labour", "Cost"), ("Wiring of the mill", "79 hours at 85 each", "6,715"),
            ("Test of the wheel, and of its brake", "40 hours at 85 each, and travel", "3,400"),
            ("Paint", "2 hours", "170"),
        )
    ]  # fmt: skip


def test_words_that_wrap_in_all_cells_of_a_frame_are_one_row() -> None:
    paper = Paper()
    ruled(paper, 100, 180)
    for x, text in zip(COLUMNS, ("Who", "What", "Where"), strict=True):
        paper.line(x, 113, text)
    for x, text in zip(COLUMNS, ("The keeper of", "a museum, that", "on the shore"), strict=True):
        paper.line(x, 135, text)
    for x, text in zip(COLUMNS, ("the boats of", "stands alone", "of Orby"), strict=True):
        paper.line(x, 146, text)
    paper.line(60, 157, "the lake")
    assert paragraphs(paper.read())[0] == table(
        ("Who", "What", "Where"),
        (
            "The keeper of the boats of the lake",
            "a museum, that stands alone",
            "on the shore of Orby",
        ),
    )


def test_totals_below_a_table_are_a_row_each() -> None:
    paper = Paper()
    rows = [
        ("Item", "Number", "Each", "Amount"), ("Posters", "500", "0.84", "420.00"),
        ("Leaflets", "2,000", "0.11", "220.00"), ("Delivery", "1", "35.00", "35.00"),
        ("", "", "Subtotal", "675.00"), ("", "", "VAT 20%", "135.00"),
        ("", "", "Total due", "GBP 810.00"),
    ]  # fmt: skip
    for number, row in enumerate(rows):
        for x, text in zip((60, 220, 320, 420), row, strict=True):
            if text:
                paper.line(x, 100 + 16 * number + (20 if number > 3 else 0), text)
    [said] = paragraphs(paper.read())
    assert [[cell.strip() for cell in row.split("|")[1:-1]] for row in said.split("\n")[2:]] == [
        list(row) for row in rows[1:]
    ]


def test_an_address_beside_a_table_is_read_by_itself() -> None:
    paper = Paper()
    rows = [("Invoice number", "2026-0417"), ("Invoice date", "2 April 2026"),
            ("Due date", "2 May 2026"), ("Customer", "Bright & Moss"),
            ("VAT", "417 2231 08")]  # fmt: skip
    for number, row in enumerate(rows):
        paper.line(60, 100 + 16 * number, row[0])
        paper.line(180, 100 + 16 * number, row[1])
    for number, text in enumerate(("Fennel Print Works", "9 Dock Road", "Hull HU1 2AB")):
        paper.line(360, 100 + 14 * number, text)
    items = [("Description", "Qty", "Unit price"), ("Posters", "500", "0.84"),
             ("Leaflets", "2,000", "0.11"), ("Delivery", "1", "35.00")]  # fmt: skip
    for number, item in enumerate(items):
        for x, text in zip((60, 280, 360), item, strict=True):
            paper.line(x, 200 + 16 * number, text)
    paper.prose(60, 320, wrapped(f"{LAKE} {MILL}", 450))
    first, address, second, prose = paragraphs(paper.read())
    assert (first, second, prose) == (table(*rows), table(*items), f"{LAKE} {MILL}")
    assert address.split() == [
        "Fennel", "Print", "Works", "9", "Dock", "Road", "Hull", "HU1", "2AB"
    ]  # fmt: skip


def test_a_gap_before_a_row_of_one_cell_parts_no_table() -> None:
    paper = Paper()
    rows = [("", "Site A", "Site B"), ("Positive", "", ""), ("Mornings", "12", "14"),
            ("Evenings", "7", "8"), ("Nights", "3", "5")]  # fmt: skip
    for number, row in enumerate(rows):
        for x, text in zip((60, 220, 320), row, strict=True):
            if text:
                paper.line(x, 100 + 12 * number + (14 if number else 0), text)
    [said] = paragraphs(paper.read())
    assert [[cell.strip() for cell in row.split("|")[1:-1]] for row in said.split("\n")] == [
        list(rows[0]), ["---"] * 3, *map(list, rows[1:])
    ]  # fmt: skip
