"""Blocks of documents, written so that their structure is read from the text again."""

import pytest

from index.loaders.writing import BREAK, Piece, Writer, collapse, text_of
from index.places import Part
from index.structure.parsing import structure_of


def writer() -> Writer:
    made = Writer()
    made.begin(Part())
    return made


def piece(text: str) -> Piece:
    return Piece(text, "/p/text()[1]", 0)


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["  a \n b\t", " c "], "a b c"),
        (["a", "b"], "ab"),
        (["a\xa0 b"], "a\xa0 b"),
        ([" \n "], ""),
    ],
)
def test_white_space_is_shown_as_a_browser_does(texts: list[str], shown: str) -> None:
    assert text_of(collapse(map(piece, texts))) == shown


def test_a_line_break_has_no_blanks_around_it_and_none_stands_at_the_ends() -> None:
    assert text_of(collapse([BREAK, piece("a "), BREAK, BREAK, piece(" b"), BREAK])) == "a\nb"


def test_a_blank_that_stands_in_the_document_keeps_its_place() -> None:
    made = writer()
    made.paragraph(collapse([piece("a \n b")]))
    assert [(run.start, run.length, run.at) for run in made.places.runs()] == [(0, 2, 0), (2, 1, 4)]


def test_lines_of_an_item_stay_in_it() -> None:
    made = writer()
    made.item([piece("Flour,"), BREAK, piece("sieved")], first=True)
    made.item([piece("Eggs")])
    made.item([piece("of hens,"), BREAK, piece("boiled")], depth=1)
    assert made.text == "- Flour,\n  sieved\n- Eggs\n  - of hens,\n    boiled"
    blocks = structure_of(made.text).blocks
    assert [block.kind for block in blocks] == ["item"] * 3


@pytest.mark.parametrize("text", ["# of people", "``` is a fence", "## two"])
def test_what_only_looks_like_markdown_is_a_paragraph(text: str) -> None:
    made = writer()
    made.paragraph([piece(text)])
    made.paragraph([piece("after")])
    assert made.text == f"\\{text}\n\nafter"
    assert [block.kind for block in structure_of(made.text).blocks] == ["paragraph"] * 2


def test_a_pipe_in_a_cell_parts_no_cells_and_has_its_place() -> None:
    made = writer()
    made.table([[[piece("A")], [piece("B")]], [[piece("x|y")], [piece("1")]]])
    row = structure_of(made.text).blocks[-1]
    assert [made.text[cell.start : cell.end] for cell in row.cells] == ["x\\|y", "1"]
    start = made.text.index("|y")
    assert [place.start for place in made.places.of(start, start + 2)] == [1]


def test_rows_are_filled_up_unless_most_of_the_table_would_be_empty() -> None:
    made = writer()
    made.table([[[piece("a")], [piece("b")]], [[piece("c")]]])
    assert made.text == "| a | b |\n| --- | --- |\n| c |  |"
    wide = [[[piece("a")]] * 200, *[[[piece("b")]]] * 200]
    made = writer()
    made.table(wide)
    assert len(made.text) < 5000


def test_a_program_is_fenced_by_more_ticks_than_it_holds() -> None:
    made = writer()
    made.lines([piece("# run\n````\nend")], code=True)
    assert made.text == "`````\n# run\n````\nend\n`````"
    assert {block.kind for block in structure_of(made.text).blocks} == {"paragraph"}
