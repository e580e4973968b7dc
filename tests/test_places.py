"""Where a text stands in the document that it was read from."""

from __future__ import annotations

import numpy as np
import pytest

from index.loaders.writing import BREAK, Piece, Writer, collapse, text_of
from index.places import FULL, Box, Part, Place, Places, joined, labels_of
from index.placing import PlacesBuilder

PAGE, NEXT = Part("page", 1, width=600, height=800), Part("page", 2, width=600, height=800)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([[round(each * FULL) for each in row] for row in rows], dtype=np.uint16)


def two_pages() -> PlacesBuilder:
    built = PlacesBuilder()
    built.begin(PAGE)
    built.copy("ab", None, 10, boxes((0.1, 0.1, 0.2, 0.2), (0.2, 0.1, 0.3, 0.2)))
    built.copy("cd", None, 13, boxes((0.1, 0.3, 0.2, 0.4), (0.2, 0.3, 0.3, 0.4)))
    built.put(" ")
    built.begin(NEXT)
    built.copy("e", None, 0, boxes((0.5, 0.5, 0.6, 0.6)))
    return built


def test_a_stretch_stands_in_as_many_places_as_its_document_parts_it_into() -> None:
    built = two_pages()
    places = built.places().of(1, 6)
    assert built.text == "abcd e"
    assert [(place.part.number, place.start, place.end) for place in places] == [
        (1, 11, 12),
        (1, 13, 15),
        (2, 0, 1),
    ]


def test_a_line_of_a_page_has_one_rectangle() -> None:
    first, second = two_pages().places().of(0, 4)
    assert first.boxes == (Box(0.1, 0.1, 0.3, 0.2),)
    assert second.boxes == (Box(0.1, 0.3, 0.3, 0.4),)


def test_code_points_of_no_size_have_no_rectangle() -> None:
    built = PlacesBuilder()
    built.begin(PAGE)
    built.copy(" a", None, 0, boxes((0.1, 0.1, 0.1, 0.1), (0.2, 0.1, 0.3, 0.2)))
    assert built.places().of(0, 1)[0].boxes == ()
    assert built.places().of(0, 2)[0].boxes == (Box(0.2, 0.1, 0.3, 0.2),)


def test_words_that_follow_one_another_on_a_page_are_one_place() -> None:
    built = PlacesBuilder()
    built.begin(PAGE)
    for text, at, left, top in (("a", 0, 0.1, 0.1), ("b", 2, 0.21, 0.1), ("c", 5, 0.1, 0.3)):
        built.copy(text, None, at, boxes((left, top, left + 0.1, top + 0.1)))
        built.put(" ")
    built.copy("d", None, 90, boxes((0.21, 0.3, 0.3, 0.4)))
    assert joined(built.places().of(0, 8)) == (
        Place(PAGE, None, 0, 6, (Box(0.1, 0.1, 0.31, 0.2), Box(0.1, 0.3, 0.2, 0.4))),
        Place(PAGE, None, 90, 91, (Box(0.21, 0.3, 0.3, 0.4),)),
    )


def test_what_was_put_in_stands_nowhere() -> None:
    assert two_pages().places().of(4, 5) == ()


def test_text_that_goes_on_in_its_document_is_one_run() -> None:
    built = PlacesBuilder()
    built.begin(Part())
    built.copy("ab", "/p[1]/text()[1]", 0)
    built.copy("cd", "/p[1]/text()[1]", 2)
    built.copy("ef", "/p[2]/text()[1]", 4)
    assert len(built.places()) == 2
    assert built.places().of(1, 5) == (
        Place(Part(), "/p[1]/text()[1]", 1, 4),
        Place(Part(), "/p[2]/text()[1]", 4, 5),
    )


@pytest.mark.parametrize("places", [two_pages().places(), Places(), Places([PAGE])])
def test_places_go_to_bytes_and_back(places: Places) -> None:
    back = Places.from_bytes(places.to_bytes())
    assert back.parts == places.parts
    assert back.of(0, 10) == places.of(0, 10)
    assert back.to_bytes() == places.to_bytes()


def test_bytes_that_are_no_places_are_refused() -> None:
    whole = two_pages().places().to_bytes()
    for data in (b"", b"nonsense", whole[:-5], whole[:20], whole[:9] + b"\0" + whole[10:]):
        with pytest.raises(ValueError, match="places"):
            Places.from_bytes(data)


@pytest.mark.parametrize(
    "runs", [[[5, 2, 0, -1, 0], [6, 1, 0, -1, 0]], [[0, 1, 1, -1, 0]], [[0, 0, 0, -1, 0]],
             [[0, 1, 0, 0, 0]], [[-1, 1, 0, -1, 0]]]
)  # fmt: skip
def test_runs_that_overlap_or_stand_in_no_part_are_refused(runs: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="runs"):
        Places([Part()], [], np.array(runs))


def test_parts_are_called_by_what_they_are() -> None:
    assert labels_of(two_pages().places().of(0, 2)) == "page 1"
    assert labels_of(two_pages().places().of(0, 6)) == "pages 1 and 2"
    assert labels_of([Place(Part(), "/p/text()[1]", 0, 1)]) == ""
    sea, land = Part("chapter", 4, "The sea"), Part("chapter", 5, "Land")
    assert labels_of([Place(sea, None, 0, 1), Place(land, None, 0, 1)]) == "“The sea” and “Land”"
    assert labels_of([Place(Part("chapter", 4), None, 0, 1)]) == "chapter 4"


def test_white_space_is_shown_as_a_browser_shows_it() -> None:
    shown = collapse(
        [Piece("  one \n two", "/a", 0), Piece("\n", "/b", 0), Piece(" three ", "/c", 0)]
    )
    assert text_of(shown) == "one two three"
    assert [(piece.text, piece.at) for piece in shown] == [
        ("one", 2), (" ", 5), ("two", 8), (" ", -1), ("three", 1)
    ]  # fmt: skip


def test_a_line_break_has_no_blanks_around_it() -> None:
    shown = collapse([Piece("a ", "/a", 0), BREAK, Piece(" b", "/b", 0), BREAK])
    assert text_of(shown) == "a\nb"


def test_blocks_are_written_as_markdown_has_them() -> None:
    writer = Writer()
    writer.begin(Part())
    writer.heading([Piece("Members", "/h", 0)], 2)
    writer.item([Piece("Ann", "/i", 0)], first=True)
    writer.item([Piece("Bo", "/j", 0)], depth=1)
    writer.table([[[Piece("Name", "/k", 0)], [Piece("Age", "/l", 0)]], [[Piece("Ann", "/m", 0)]]])
    writer.paragraph([Piece(" ", "/n", 0)])
    writer.paragraph([Piece("End.", "/o", 0)])
    assert writer.text == (
        "## Members\n\n- Ann\n  - Bo\n\n| Name | Age |\n| --- | --- |\n| Ann |  |\n\nEnd."
    )
    start = writer.text.index("Age")
    assert writer.places.of(start, start + 3) == (Place(Part(), "/l", 0, 3),)
