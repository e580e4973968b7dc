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
