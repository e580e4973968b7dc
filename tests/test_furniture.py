from __future__ import annotations

import pytest

from index.structure.parsing import structure_of


def blocks(text: str) -> list[list[str]]:
    """The pieces of each block."""
    return [[text[slice(*piece)] for piece in block.pieces] for block in structure_of(text).blocks]


BEFORE = "The lake was drained in 1911. The boats were sold to the"
AFTER = "fishers of Orby, who lived on the other shore."


@pytest.mark.parametrize(
    "between",
    ["- 14 -", "– 14 –", "14", "[14]", "Page 3 of 9", "page 3", "PAGE 3/9",
     "14\n\nThe Lakes of Orby", "14\nThe Lakes of Orby", "Chapter 2: The shore",
     "The lakes of the north",
     "\f14"],
)  # fmt: skip
def test_what_stands_in_the_middle_of_a_sentence_is_no_part_of_it(between: str) -> None:
    assert blocks(f"{BEFORE}\n\n{between}\n\n{AFTER}") == [[BEFORE, AFTER]]


def test_a_sentence_goes_on_with_a_name_behind_a_page_number() -> None:
    text = f"The prize was given by\n\n- 7 -\n\nAda Brook. {BEFORE}\n\n- 8 -\n\nVik. They left."
    assert blocks(f"She sang. {text}") == [
        ["She sang. The prize was given by", f"Ada Brook. {BEFORE}", "Vik. They left."]
    ]


def test_a_form_feed_parts_no_sentence() -> None:
    assert blocks(f"{BEFORE}\n\f{AFTER}") == [[BEFORE, AFTER]]


def test_a_list_goes_on_across_a_page() -> None:
    text = "Pack:\n- a tent\n- a rope\n\n- 12 -\n\n- a lamp\n"
    assert blocks(text) == [["Pack:"], ["a tent"], ["a rope"], ["a lamp"]]
    assert len(structure_of(text).group(0)) == 3


def test_running_headers_beside_page_numbers_stand_in_no_block_but_where_they_are_first() -> None:
    pages = [f"It was year {number}.\n\n{number}\nThe Annals of Orby" for number in range(4, 8)]
    text = "\n\n".join(pages)
    assert sum("The Annals of Orby" in piece for block in blocks(text) for piece in block) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The conductor of the concert on Sunday will be\n\nAda Brook\n\nof the Oslo orchestra.",
        "The bell rang.\n\nThe Lakes of Orby\n\nIt was late, and nobody came to the door.",
        "How many ships were there?\n\n14\n\nNobody knew.",
        "Flour\n\nThe flour is white, and it comes from a mill.\n\nFlour\n\nIt is sold by weight.",
    ],
    ids=["a name", "a heading", "a number alone", "headings of one name"],
)
def test_what_may_be_text_is_kept(text: str) -> None:
    found = " ".join(piece for block in blocks(text) for piece in block)
    assert found.split() == text.split()


HEADER = "ANNALS OF THE HARBOUR                    vol. 2"


def test_headers_that_repeat_part_no_sentence_and_stay_where_they_are_first() -> None:
    text = (
        f"{HEADER}\n\nThe tug was bought from\n\n{HEADER}\n\nLund of Bergen. She was built by"
        f"\n\n14\n\n{HEADER}\n\nOtto Frey in 1902.\n\n{HEADER}\n\nShe was sold."
    )
    assert blocks(text) == [
        [HEADER],
        ["The tug was bought from", "Lund of Bergen. She was built by", "Otto Frey in 1902."],
        ["She was sold."],
    ]


def test_a_name_beside_the_number_of_a_page_is_a_header() -> None:
    text = (
        "Old Mills of Orby\n\nThe first mill was built for a\n\n12             Old Mills of Orby"
        "\n\nmiller of Vik. The second was given to the\n\nOld Mills of Orby            13\n\n"
        "Guild of Bakers, who burnt it.\n\n14             Old Mills of Orby\n\nIt was rebuilt."
    )
    assert blocks(text) == [
        ["Old Mills of Orby"],
        ["The first mill was built for a", "miller of Vik. The second was given to the",
         "Guild of Bakers, who burnt it."],
        ["It was rebuilt."],
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["xxxii", "                             27"])
def test_a_sentence_goes_on_with_a_number_behind_that_of_a_page(number: str) -> None:
    text = f"The losses of the bank came to\n\n{number}\n\n2,115 pounds, and were paid."
    assert blocks(text) == [["The losses of the bank came to", "2,115 pounds, and were paid."]]


def test_a_centred_number_parts_no_lines_of_a_sentence() -> None:
    before, after = (
        "The north gate was built by a mason whose name was",
        "Hob of Wells, as we know.",
    )
    text = f"{before}\n                               12\n{after}"
    assert blocks(text) == [[before, after]]


def test_numbers_that_count_the_pages_are_no_text() -> None:
    pages = [f"On day {day} it rained, and nobody went out of the house.\n\n{day + 6}\n\n"
             for day in range(1, 5)]  # fmt: skip
    assert [number for each in blocks("".join(pages)) for number in each if number.isdigit()] == []


@pytest.mark.parametrize(
    "text",
    [
        "Red team\n\n12\n\nBlue team\n\n13\n\nGreen team\n\n14\n\nThe referee was Ada Penn.",
        "1\n\nIt was a dark night, and nobody slept in the house.\n\n2\n\nIn the morning all of "
        "them went to the harbour.\n\n3\n\nThere was no ship to be seen on the sea.",
        "Income of the club\n\nSubscriptions            120\n\nSubscriptions are due in May.\n\n"
        "Subscriptions\n\nThey were raised twice.",
        "Name          Amount\n\nAnn            12\n\nName          Amount\n\nBea           13",
        "From: Jo Lind\nSubject: team\n\nHi all,\n\npeople on call are:\n\n- Bea\n- Sam",
    ],
    ids=["scores", "numbered parts", "an account", "tables", "a letter"],
)
def test_lines_that_look_like_those_of_pages_are_kept(text: str) -> None:
    found = " ".join(text[slice(*block.span)] for block in structure_of(text).blocks)
    assert found.split() == text.replace("- ", "").split()
