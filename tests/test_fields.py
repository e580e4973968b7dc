from __future__ import annotations

import pytest

from index.structure.fields import fields, whole_records
from index.structure.lines import lines_of
from index.structure.parsing import structure_of
from index.structure.spans import Span
from tests.fakes import PhraseReader, bot_of
from tests.timing import growth


def cut(line: str, sign: str = ",") -> list[str]:
    return [line[start:end] for start, end in fields(line, Span(0, len(line)), sign)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('Ann,"Berg, Tom",3', ["Ann", "Berg, Tom", "3"]),
        ('Ann, "Berg, Tom" ,3', ["Ann", "Berg, Tom", "3"]),
        ('"the ""old"" mill",2', ['the ""old"" mill', "2"]),
        ('"""old""",2', ['""old""', "2"]),
        ('"",a,', ["", "a", ""]),
        ('a,"b\nc",d', ["a", "b\nc", "d"]),
        # Marks that close nothing are text.
        ('"unclosed,1', ['"unclosed', "1"]),
        ('6" pipe,5" pipe', ['6" pipe', '5" pipe']),
        ('"so" he said,2', ['"so" he said', "2"]),
        ('"a"",b', ['"a""', "b"]),
    ],
)
def test_a_line_is_cut_at_the_signs_outside_of_quotation_marks(line: str, found: list[str]) -> None:
    assert cut(line) == found


def blocks(text: str) -> list[tuple[str, list[str]]]:
    return [
        (block.kind, [text[slice(*cell)] for cell in block.cells] or [text[slice(*block.span)]])
        for block in structure_of(text).blocks
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_field_with_line_breaks_in_it_is_one(sign: str) -> None:
    note = "sails at dawn\n\n- with the pilot\n14\nand returns"
    rows = [["Name", "Note", "Crew"], ["Orla", note, "41"], ["Vik", "a\nb", "7"], ["Una", "", "9"]]
    text = "\n".join(
        sign.join(f'"{cell}"' if "\n" in cell else cell for cell in row) for row in rows
    )
    assert blocks(text) == [("row", row) for row in rows]


def test_the_cell_of_a_row_whose_neighbour_has_line_breaks_is_found() -> None:
    text = 'Ship,Note,Crew\nOrla,"sails at dawn\nand returns",41\nVik,stays,7\n'
    answer = bot_of(text, reader=PhraseReader()).ask("How many crew does the Orla have?")
    assert answer.text == "41"
    assert answer.citations[0].text == 'Orla,"sails at dawn\nand returns",41'


@pytest.mark.parametrize(
    "text",
    [
        'He came, and he saw.\n"Come here, friend,\nand sit", he said.\nShe left, and sat.\n',
        '"Go,\nnow",said Ann.\n\nBo went.\n',
        'a,b\n"never closed,1\nc,d\ne,f\n',
    ],
)
def test_other_lines_in_quotation_marks_stay_lines(text: str) -> None:
    lines = lines_of(text)
    assert whole_records(text, lines) == lines


@pytest.mark.parametrize("piece", ['"x"",', '"a",', '"""",', 'a,"b\n', '"a,\n', '",x,"\n', '"'])
def test_marks_that_close_nothing_take_no_longer_for_their_number(piece: str) -> None:
    def run(text: str) -> None:
        fields(text, Span(0, len(text)), ",")
        whole_records(text, lines_of(text))

    assert growth(run, piece, 20_000 // len(piece)) < 3
