from __future__ import annotations

import pytest

from index.structure.parsing import structure_of

Row = tuple[list[str], list[str]]


def rows(text: str) -> list[Row]:
    """The cells of each row and the headings of its columns."""
    return [
        ([text[slice(*cell)] for cell in block.cells], [text[slice(*e)] for e in block.columns])
        for block in structure_of(text).blocks
        if block.kind == "row"
    ]


HEADINGS = ["Town", "Mayor", "Since"]
TABLE = [
    (HEADINGS, []),
    (["Orby", "Ann Berg", "2019"], HEADINGS),
    (["Selje", "Tom Wills", "2021"], HEADINGS),
    (["Vik", "", "2023"], HEADINGS),
]


@pytest.mark.parametrize(
    "text",
    [
        "| Town | Mayor | Since |\n|:--|---|--:|\n| Orby | Ann Berg | 2019 |\n"
        "| Selje | Tom Wills | 2021 |\n| Vik | | 2023 |\n",
        "Town|Mayor|Since\n-|-|-\nOrby|Ann Berg|2019\nSelje|Tom Wills|2021\nVik||2023\n",
        "Town | Mayor | Since\nOrby | Ann Berg | 2019\nSelje | Tom Wills | 2021\nVik | | 2023\n",
        "Town,Mayor,Since\nOrby,Ann Berg,2019\nSelje,Tom Wills,2021\nVik,,2023\n",
        'Town,"Mayor",Since\n"Orby",Ann Berg,2019\nSelje,"Tom Wills",2021\nVik,"",2023\n',
        "Town;Mayor;Since\nOrby;Ann Berg;2019\nSelje;Tom Wills;2021\nVik;;2023\n",
        "Town\tMayor\tSince\nOrby\tAnn Berg\t2019\nSelje\tTom Wills\t2021\nVik\t\t2023\n",
        "Town    Mayor       Since\nOrby    Ann Berg    2019\nSelje   Tom Wills   2021\n"
        "Vik                 2023\n",
        "Town    Mayor       Since\n-------------------------\nOrby    Ann Berg     2019\n"
        "Selje   Tom Wills    2021\nVik                  2023\n",
    ],
    ids=["Markdown", "bare Markdown", "pipes", "commas", "quoted", "semicolons", "tabs", "aligned",
         "aligned with a rule"],
)  # fmt: skip
def test_rows_have_cells_under_the_headings_of_their_columns(text: str) -> None:
    assert rows(text) == TABLE


def test_a_quoted_field_may_hold_commas_and_quotation_marks() -> None:
    text = 'name,motto,city\n"Berg, Ann","say ""no""",Oslo\nTom Wills,go on,Rome\nUma,stay,Vik\n'
    assert [cells for cells, _ in rows(text)] == [
        ["name", "motto", "city"], ["Berg, Ann", 'say ""no""', "Oslo"],
        ["Tom Wills", "go on", "Rome"], ["Uma", "stay", "Vik"],
    ]  # fmt: skip


def test_ragged_rows_keep_their_cells() -> None:
    text = "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 4 |\n| 5 \\| 6 | 7 |\n"
    assert [cells for cells, _ in rows(text)] == [
        ["a", "b"], ["1", "2", "3"], ["4"], ["5 \\| 6", "7"],
    ]  # fmt: skip


def test_a_first_row_of_values_is_no_header() -> None:
    text = "2021-05-01,open,12.1\n2021-05-02,shut,13.5\n2021-05-03,open,11.0\n"
    assert [columns for _, columns in rows(text)] == [[], [], []]


def test_years_may_be_headings() -> None:
    text = "Country,2019,2020\nNorway,12,14\nSweden,20,21\n"
    assert rows(text)[1] == (["Norway", "12", "14"], ["Country", "2019", "2020"])


def test_a_row_goes_from_its_first_cell_to_its_last_and_is_of_a_group() -> None:
    text = "Fares:\n| Way | Fee |\n|---|---|\n| up | 4 |\n"
    blocks = [block for block in structure_of(text).blocks if block.kind == "row"]
    assert [text[slice(*block.span)] for block in blocks] == ["Way | Fee", "up | 4"]
    assert {block.group for block in blocks} == {0}
    assert [text[slice(*block.lead)] for block in blocks if block.lead] == ["Fares:"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Bicycles, scooters, and skateboards are not allowed in the park, and neither\n"
        "are dogs, cats, and other animals, whether on the lawn, by the lake or in the\n"
        "garden, and fires, stoves, and barbecues are banned, as are tents, and boats.",
        "Roses are red,\nviolets are blue,\nsugar is sweet,\nand so are you.",
        "He came; he saw; he won.\nShe left; she hid; she lost.\nThey met; they spoke; they sang.",
        "It was late.  The bell rang.\nHe rose.  She slept on.\nIt was day.  They left.",
        "1,204\n3,517\n9,002",
        "Paris, France\nOslo, Norway\nRome, Italy",
    ],
    ids=["wrapped prose", "verse", "clauses", "two blanks", "thousands", "places"],
)
def test_prose_is_no_table(text: str) -> None:
    assert rows(text) == []


@pytest.mark.parametrize("sign", ["|", ",", ";", "\t", "   "])
def test_ten_thousand_ragged_rows_are_read_at_once(sign: str) -> None:
    text = "\n".join(sign.join(["x1"] * (number % 7 + 1)) for number in range(10_000))
    assert structure_of(text).blocks[-1].span.end == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "TOWN;MAYOR;SINCE\nOrby;Ann Berg;2019\nSelje;Tom Wills;2021",
        "TOWN    MAYOR       SINCE\nOrby    Ann Berg    2019\nSelje   Tom Wills   2021",
    ],
    ids=["semicolons", "aligned"],
)
def test_headings_of_columns_in_capitals_are_no_heading(text: str) -> None:
    headings = ["TOWN", "MAYOR", "SINCE"]
    assert rows(text) == [
        (headings, []),
        (["Orby", "Ann Berg", "2019"], headings),
        (["Selje", "Tom Wills", "2021"], headings),
    ]


@pytest.mark.parametrize("dots", [" ........ ", "....", " . . . . . "])
def test_dots_that_lead_to_a_page_part_a_title_from_it(dots: str) -> None:
    text = f"Introduction{dots}3\nSafety rules{dots}7\nSpare parts{dots}22"
    assert [cells for cells, _ in rows(text)] == [
        ["Introduction", "3"],
        ["Safety rules", "7"],
        ["Spare parts", "22"],
    ]


def test_a_table_of_markdown_whose_first_row_is_empty_has_no_headings() -> None:
    text = "| | |\n| --- | --- |\n| Orby | Ann |\n| Vik | Tom |\n"
    assert rows(text) == [(["Orby", "Ann"], []), (["Vik", "Tom"], [])]
