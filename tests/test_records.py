from __future__ import annotations

import csv
import io
import random

import pytest

from index.articles import Article
from index.loaders.content import Content
from index.loaders.records import load_csv, records
from index.loaders.text_encodings import decode_bytes
from index.retriever import Retriever
from index.structure.parsing import structure_of
from qa.pipeline import ArticleQA
from tests.fakes import PhraseReader, WordEncoder


def blocks(content: Content) -> list[str | list[str]]:
    """Each block of a text: the cells of a row, or what it says."""
    text = content.text
    return [
        [text[slice(*cell)] for cell in block.cells] if block.cells else text[slice(*block.span)]
        for block in structure_of(text).blocks
    ]


def has_columns(content: Content) -> bool:
    blocks = structure_of(content.text).blocks
    return any(end > start for block in blocks for start, end in block.columns)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("name,age\nAnn,7\nBo,8\n", [["name", "age"], ["Ann", "7"], ["Bo", "8"]]),
        ("name,age\nAnn,7", [["name", "age"], ["Ann", "7"]]),
        ("name,town\r\n\r\nAnn,Oslo\r\n", [["name", "town"], ["Ann", "Oslo"]]),
        ("name\ttown\rAnn\tOslo, Norway", [["name", "town"], ["Ann", "Oslo, Norway"]]),
        ("name|town\nAnn|Oslo", [["name", "town"], ["Ann", "Oslo"]]),
        ('"name","town"\n"Ann","Rome, Italy"\n', [["name", "town"], ["Ann", "Rome, Italy"]]),
        # A comma is a sign of numbers where semicolons are between fields.
        (
            "tea;price\nAssam;3,50\nSencha;4,20",
            [["tea", "price"], ["Assam", "3,50"], ["Sencha", "4,20"]],
        ),
        ("tea;sold\nAssam;1,5\n", [["tea", "sold"], ["Assam", "1,5"]]),
        ("sep=;\r\na,b;c,d\r\n1;2\r\n", [["a,b", "c,d"], ["1", "2"]]),
        ('"sep=\t"\na\tb\n1\t2\n', [["a", "b"], ["1", "2"]]),
        # Fields may be sentences, and hold signs, line breaks and marks, which are doubled.
        (
            'question,answer\nIs it dry?,"No. Keep it off, and wait; the ""lamp""\n\n# blinks"\n',
            [
                ["question", "answer"],
                ["Is it dry?", 'No. Keep it off, and wait; the "lamp" # blinks'],
            ],
        ),
        ('a,b\n"""x""",6" pipe\n', [["a", "b"], ['"x"', '6" pipe']]),
        ('a,b\n"never closed,1\nc,d\n', [["a", "b"], ['"never closed', "1"], ["c", "d"]]),
        ('a,b\n"  x  ","y \n  z"\n', [["a", "b"], ["x", "y z"]]),
        # Rows may be too short, or too long.
        (
            "name,age,town\nAnn,7\nBo,8,Oslo\nCy,9,Rome,x\n",
            [
                ["name", "age", "town", ""],
                ["Ann", "7", "", ""],
                ["Bo", "8", "Oslo", ""],
                ["Cy", "9", "Rome", "x"],
            ],
        ),
        ("name,age,\nAnn,7,\n", [["name", "age"], ["Ann", "7"]]),
        # What stands alone above and below.
        (
            "Members\n\nname,age\nAnn,7\nSource: us",
            ["Members", ["name", "age"], ["Ann", "7"], "Source: us"],
        ),
        ("Members,\n,\nname,age\nAnn,7", ["Members", ["name", "age"], ["Ann", "7"]]),
        # A blank line parts tables that have another number of fields.
        ("a,b\n1,2\n\nc,d,e\n3,4,5", [["a", "b"], ["1", "2"], ["c", "d", "e"], ["3", "4", "5"]]),
        ("a,b\n1,x|y\n", [["a", "b"], ["1", r"x\|y"]]),
    ],
)
def test_separated_values_are_a_table(text: str, rows: list[str | list[str]]) -> None:
    content = load_csv(text.encode(), "club.csv")
    assert blocks(content) == rows
    assert has_columns(content)
    assert content.title == "club"
    assert content.media_type == "text/" + ("tab-separated-values" if "\t" in text else "csv")


def test_a_table_without_headings_has_none() -> None:
    content = load_csv(b"Ann,7\nBo,8\n", "a.csv")
    assert blocks(content)[-2:] == [["Ann", "7"], ["Bo", "8"]]
    assert not has_columns(content)


@pytest.mark.parametrize(
    "text",
    ["Industry\nFinance\nHealth\n", "He came.\nShe left, and sat.\nThey stayed.\n", "x\n", "", '"'],
)
def test_what_is_no_table_is_read_as_plain_text(text: str) -> None:
    content = load_csv(text.encode(), "a.csv")
    assert (content.text, content.media_type, len(content.places)) == (text, "text/plain", 0)


def test_records_are_those_of_the_csv_module() -> None:
    chance = random.Random(20)
    for _ in range(300):
        sign = chance.choice(",;|")
        letters = ["a", "é", " b", '"', "\n", ",", ";", "|", "\t"]
        rows = [
            ["".join(chance.choices(letters, k=chance.randrange(6))) for _ in range(3)]
            for _ in range(5)
        ]
        written = io.StringIO()
        csv.writer(written, delimiter=sign, quoting=csv.QUOTE_ALL).writerows(rows)
        text = written.getvalue()
        found = [
            [text[field.start : field.end].replace('""', '"') for field in record]
            for record in records(text, sign)
        ]
        assert found == rows


def test_each_field_has_its_place_in_the_decoded_text() -> None:
    chance = random.Random(21)
    table = 'Ähre\0;"the ""old""\r\nmill";\r\n1;\tx ;"2;3"\r\n' * 20
    data = table.encode("utf-16")
    source = decode_bytes(data, "a.csv").text
    content = load_csv(data, "a.csv")
    assert content.meta == {"encoding": "utf-16-le"}
    for _ in range(500):
        start = chance.randrange(len(content.text))
        end = min(len(content.text), start + chance.randrange(1, 30))
        placed: set[int] = set()
        for run in content.places.runs():
            first, last = max(start, run.start), min(end, run.start + run.length)
            if first < last:
                at = run.at + first - run.start
                assert source[at : at + last - first] == content.text[first:last]
                placed.update(range(first, last))
        others = "".join(content.text[each] for each in range(start, end) if each not in placed)
        assert set(others) <= set("| -\n")


def test_the_encoding_of_a_table_is_guessed_and_that_is_said() -> None:
    content = load_csv("Stadt;Fluss\nKöln;Rhein\nMünchen;Isar\n".encode("cp1252"), "a.csv")
    assert blocks(content)[1] == ["Köln", "Rhein"]
    assert "read as windows-1252, which was guessed" in content.notes[0]


def test_a_cell_answers_a_question() -> None:
    data = b'sep=;\nShip;Note;Crew\nOrla;"sails at dawn; and\nreturns. Late.";41\nVik;stays;7\n'
    article = Article.from_bytes(data, "ships.csv", loaders={".csv": load_csv})
    bot = ArticleQA(Retriever.build([article], WordEncoder()), PhraseReader())
    answer = bot.ask("How many crew does the Orla have?")
    assert answer.text == "41"
    assert [place.start for place in answer.citations[0].places] != []
