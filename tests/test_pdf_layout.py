from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from index.loaders.content import Content
from index.loaders.pdf.document import opened
from index.loaders.pdf.glyphs import PageGlyphs
from index.loaders.pdf.layout import write_pages
from index.loaders.pdf.loading import load_pdf
from index.loaders.pdf.pages import Pages
from index.loaders.writing import Writer
from tests.papers import BODY, BOLD, HEIGHT, LAKE, MILL, TOWER, Paper, paragraphs, wrapped


def test_columns_are_read_one_after_the_other_below_a_title_across_them() -> None:
    paper = Paper()
    paper.line(60, 80, "Waters and works of the northern parishes, an account of the lost", 16)
    left, right = wrapped(LAKE, 220), wrapped(MILL, 220)
    paper.prose(60, 120, left)
    paper.prose(315, 120, right)
    assert paragraphs(paper.read()) == [
        "# Waters and works of the northern parishes, an account of the lost", LAKE, MILL
    ]  # fmt: skip


def test_columns_that_are_drawn_row_by_row_are_columns() -> None:
    paper = Paper()
    columns = [wrapped(text, 150) for text in (LAKE, MILL, TOWER)]
    for number in range(max(map(len, columns))):
        for place, lines in enumerate(columns):
            if number < len(lines):
                paper.line(50 + 170 * place, 100 + 12 * number, lines[number])
    assert paragraphs(paper.read()) == [LAKE, MILL, TOWER]


def test_text_across_the_page_parts_what_is_above_it_from_what_is_below() -> None:
    paper = Paper()
    halves = [wrapped(text, 220) for text in (LAKE, MILL, TOWER, LAKE)]
    paper.prose(60, 100, halves[0])
    paper.prose(315, 100, halves[1])
    across = "Between the columns and the next ones stands a note that is as wide as they are."
    paper.line(60, 350, across)
    paper.prose(60, 400, halves[2])
    paper.prose(315, 400, halves[3])
    assert paragraphs(paper.read()) == [LAKE, MILL, across, TOWER, LAKE]


Along: TypeAlias = Callable[[int], tuple[str, float]] | None  # what runs along, and where


def pages(count: int, *, head: Along = None, foot: Along = None) -> Content:
    paper = Paper()
    texts = [LAKE, MILL, TOWER]
    for number in range(count):
        if head:
            text, x = head(number + 1)
            paper.line(x, 40, text, 9)
        paper.prose(60, 100, wrapped(texts[number % 3], 450))
        if foot:
            text, x = foot(number + 1)
            paper.line(x, 810, text, 9)
        paper.turn()
    return paper.read()


ROMAN = ["", "ii", "iii", "iv", "v"]


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        (lambda page: ("The Lakes of Orby", 60), lambda page: (f"{page + 10}", 300)),
        (lambda page: (f"{page}   The Lakes of Orby", 60), None),
        (lambda page: (f"Annual report 2023 | Page {page} of 4", 200), None),
        (None, lambda page: (f"– {page} –", 290)),
        (None, lambda page: (ROMAN[page], 290)),
        (
            lambda page: ("J. Brook", 60) if page % 2 else ("On Mills", 480),
            lambda page: (f"{page}", 60 if page % 2 else 530),
        ),
    ],
)
def test_what_runs_along_at_the_edges_of_pages_is_left_out(head: Along, foot: Along) -> None:
    assert paragraphs(pages(4, head=head, foot=foot)) == [LAKE, MILL, TOWER, LAKE]


def test_the_only_page_keeps_its_header() -> None:
    assert paragraphs(pages(1, head=lambda page: ("The Lakes of Orby, page 1", 60))) == [
        "The Lakes of Orby, page 1", LAKE
    ]  # fmt: skip


def test_copies_of_a_page_are_not_taken_for_its_header() -> None:
    paper = Paper()
    for _ in range(4):
        paper.line(60, 40, "Handle with care. This side up.")
        paper.turn()
    assert paper.read().text.count("Handle with care. This side up.") == 4


def test_rows_of_a_table_that_are_alike_on_each_page_are_no_headers() -> None:
    paper = Paper()
    for page in range(3):
        for row in range(30):
            for x, cell in ((60, f"0{page}/1{row}/2015"), (200, "Orby"), (330, "Layoff Permanent")):
                paper.line(x, 60 + 14 * row, cell)
        paper.turn()
    assert paper.read().text.count("Layoff Permanent") == 90


def test_the_numbers_of_lines_are_left_out() -> None:
    paper = Paper()
    lines = wrapped(" ".join([LAKE, MILL, TOWER]), 300)
    for number, line in enumerate(lines):
        paper.line(60 if number > 8 else 65, 100 + 24 * number, f"{number + 1}")
        paper.line(100, 100 + 24 * number, line)
    assert paper.read().text == " ".join([LAKE, MILL, TOWER])


def test_a_sentence_across_a_page_break_is_one_and_stands_on_both_pages() -> None:
    paper = Paper()
    lines = wrapped(LAKE, 450)
    for page, y, part in ((7, 760, lines[:2]), (8, 100, lines[2:])):
        paper.line(60, 40, "The Lakes of Orby", 9)
        paper.prose(60, y, part)
        paper.line(290, 810, f"{page}", 9)
        paper.turn()
    content = paper.read()
    assert content.text == LAKE
    parts = [place.part.number for place in content.places.of(0, len(LAKE))]
    assert parts == [1] * parts.count(1) + [2] * parts.count(2)
    assert set(parts) == {1, 2}


def test_a_word_parted_at_the_end_of_a_line_is_whole_and_has_two_rectangles() -> None:
    paper = Paper()
    lines = ["The keeper of the tower was a man of great indif-", "ference to ships."]
    paper.prose(60, 100, lines)
    content = paper.read()
    assert content.text == "The keeper of the tower was a man of great indifference to ships."
    start = content.text.index("indifference")
    first, second = content.places.of(start, start + len("indifference"))
    assert first.end - first.start == len("indif")
    (one,), (two,) = first.boxes, second.boxes
    assert one.left > two.left
    assert one.top < two.top


def test_the_hyphen_of_a_compound_stays() -> None:
    paper = Paper()
    lines = ["They wanted a state-of-the-art mill and the well-", "known tower of Anglo-"]
    paper.prose(60, 100, [*lines, "Saxon make, from 1911-", "1913."])
    assert paper.read().text == (
        "They wanted a state-of-the-art mill and the well-known tower of Anglo-Saxon make, from "
        "1911-1913."
    )


def test_headings_have_levels_by_size_and_the_largest_is_the_title() -> None:
    paper = Paper()
    paper.line(60, 80, "Lost Waters", 22, BOLD)
    paper.line(60, 120, "1 The lake", 14, BOLD)
    y = paper.prose(60, 150, wrapped(LAKE, 450))
    paper.line(60, y + 10, "1.1 Its boats", 10, BOLD)
    y = paper.prose(60, y + 28, wrapped(MILL, 450))
    paper.line(60, y + 20, "2 The tower", 14, BOLD)
    paper.prose(60, y + 46, wrapped(TOWER, 450))
    content = paper.read()
    assert content.title == "Lost Waters"
    assert paragraphs(content) == [
        "# Lost Waters", "## 1 The lake", LAKE, "### 1.1 Its boats", MILL, "## 2 The tower", TOWER
    ]  # fmt: skip


def test_who_wrote_it_is_no_heading_though_it_is_set_like_one() -> None:
    paper = Paper()
    paper.line(60, 80, "Lost Waters", 22, BOLD)
    paper.line(60, 110, "Ada Hall and Per Moe", 14, BOLD)
    paper.line(60, 128, "University of Vik, ada@vik.example")
    paper.line(60, 160, "Summary", 14, BOLD)
    paper.prose(60, 186, wrapped(LAKE, 450))
    assert paragraphs(paper.read()) == [
        "# Lost Waters", "Ada Hall and Per Moe", "University of Vik, ada@vik.example",
        "## Summary", LAKE,
    ]  # fmt: skip


def test_letters_that_are_spaced_out_make_words() -> None:
    paper = Paper()
    paper.canvas.saveState()
    text = paper.canvas.beginText(60, HEIGHT - 80)
    text.setFont(BOLD, 16)
    text.setCharSpace(7)
    text.textOut("LOST WATERS, AN ACCOUNT")
    paper.canvas.drawText(text)
    paper.canvas.restoreState()
    paper.prose(60, 120, wrapped(LAKE, 450))
    assert paragraphs(paper.read()) == ["# LOST WATERS, AN ACCOUNT", LAKE]


def test_the_mark_of_a_note_is_left_out() -> None:
    paper = Paper()
    paper.line(60, 100, "The lake was drained in 1911")
    x = 60 + stringWidth("The lake was drained in 1911", BODY, 10)
    paper.line(x, 96, "3", 6)
    paper.line(x + 3.2, 100, ", they say.")
    paper.line(60, 112, "Nobody knows why.")
    assert paper.read().text == "The lake was drained in 1911, they say. Nobody knows why."


def test_paragraphs_are_told_by_gaps_and_by_indents() -> None:
    paper = Paper()
    y = 100.0
    for text in (LAKE, MILL):
        y = paper.prose(60, y, wrapped(text, 450, indent=15), indent=15)
    paper.prose(60, y + 10, wrapped(TOWER, 450))
    assert paragraphs(paper.read()) == [LAKE, MILL, TOWER]


def test_lists_are_lists_with_their_depth() -> None:
    paper = Paper()
    y = paper.prose(60, 100, ["Bring what is on this list to the shore before it is dark:"])
    item = "a rope that is long enough to reach the other shore of the lake when ice does not bear"
    first, second = wrapped(item, 300)
    for x, dy, mark, text in (
        (70, 0, "•", "a lamp"), (70, 12, "•", first), (82, 24, "", second),
        (96, 36, "–", "if it is frozen, an axe"), (70, 48, "•", "bread"),
    ):  # fmt: skip
        paper.line(x, y + dy, f"{mark} {text}".strip() if mark != "•" else mark)
        if mark == "•":
            paper.line(x + 12, y + dy, text)
    paper.line(70, y + 80, "1. Walk.")
    paper.line(70, y + 92, "2. Swim.")
    assert paper.read().text == (
        "Bring what is on this list to the shore before it is dark:\n\n"
        f"- a lamp\n- {item}\n  - if it is frozen, an axe\n- bread\n1. Walk.\n2. Swim."
    )


def test_footnotes_come_behind_the_sentence_that_goes_on_on_the_next_page() -> None:
    paper = Paper()
    lines = wrapped(LAKE, 450)
    paper.prose(60, 740, lines[:2])
    paper.line(60, 790, "1 The boats are listed in the parish book.", 8)
    paper.line(60, 800, "2 See there, too.", 8)
    paper.turn()
    y = paper.prose(60, 100, lines[2:])
    paper.prose(60, y + 12, wrapped(MILL, 450))
    assert paragraphs(paper.read()) == [
        LAKE, "1 The boats are listed in the parish book.", "2 See there, too.", MILL
    ]  # fmt: skip


ROWS = [
    ("Parish", "Boats", "Mills"),
    ("Orby", "12", "3"),
    ("Upper Vik", "7", "1"),
    ("Sund", "31", ""),
]
MARKDOWN = (
    "| Parish | Boats | Mills |\n| --- | --- | --- |\n"
    "| Orby | 12 | 3 |\n| Upper Vik | 7 | 1 |\n| Sund | 31 |  |"
)


def test_a_table_with_lines_is_rows_with_headers() -> None:
    paper = Paper()
    y = paper.prose(60, 100, wrapped(LAKE, 450)) + 10
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            paper.line(65 + 60 * column, y + 14 + 20 * row, cell)
    for row in range(len(ROWS) + 1):
        paper.rule(60, y + 20 * row, 240, y + 20 * row)
    for column in range(4):
        paper.rule(60 + 60 * column, y, 60 + 60 * column, y + 20 * len(ROWS))
    paper.prose(60, y + 120, wrapped(MILL, 450))
    assert paragraphs(paper.read()) == [LAKE, MARKDOWN, MILL]


def test_a_table_without_lines_is_rows_with_headers() -> None:
    paper = Paper()
    y = paper.prose(60, 100, wrapped(LAKE, 450)) + 20
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            paper.line(60 + 120 * column, y + 14 * row, cell)
    paper.prose(60, y + 90, wrapped(MILL, 450))
    assert paragraphs(paper.read()) == [LAKE, MARKDOWN, MILL]


def test_a_caption_is_a_paragraph_of_its_own_and_parts_no_sentence() -> None:
    paper = Paper()
    lines = wrapped(LAKE, 220)
    paper.prose(60, 700, lines[:6])
    paper.line(315, 100, "Figure 3: The shore in 1911.")
    paper.prose(315, 130, lines[6:])
    paper.prose(60, 460, wrapped(MILL, 220))
    paper.prose(315, 460, wrapped(TOWER, 220))
    assert paragraphs(paper.read()) == [MILL, LAKE, "Figure 3: The shore in 1911.", TOWER]


def test_turned_text_comes_last() -> None:
    paper = Paper()
    paper.canvas.saveState()
    paper.canvas.translate(30, 200)
    paper.canvas.rotate(90)
    paper.canvas.drawString(0, 0, "arXiv 1911.0042")
    paper.canvas.restoreState()
    paper.prose(60, 100, wrapped(LAKE, 450))
    assert paragraphs(paper.read()) == [LAKE, "arXiv 1911.0042"]


def test_a_page_that_is_turned_as_a_whole_is_read_as_any_other() -> None:
    paper = Paper()
    paper.canvas.translate(500, 100)
    paper.canvas.rotate(90)
    paper.canvas.setFont(BODY, 10)
    for number, line in enumerate(wrapped(LAKE, 600)):
        paper.canvas.drawString(0, -14 * number, line)
    assert paper.read().text == LAKE


def test_empty_pages_are_pages() -> None:
    paper = Paper()
    paper.turn()
    paper.line(60, 100, LAKE[:60])
    paper.turn()
    paper.turn()
    content = paper.read()
    assert content.text == LAKE[:60]
    assert [part.number for part in content.places.parts] == [1, 2, 3]
    assert {place.part.number for place in content.places.of(0, 60)} == {2}


def test_each_stretch_of_the_text_is_what_stands_at_its_places() -> None:
    paper = Paper()
    for number in (1, 2):
        paper.line(60, 40, "The Lakes of Orby", 9)
        paper.line(60, 80, f"{number} Lost Waters", 16, BOLD)
        paper.prose(60, 120, [*wrapped(LAKE, 220), "and what was in the muse-", "um of Orby"])
        paper.prose(315, 120, wrapped(MILL, 220))
        for row, cells in enumerate(ROWS):
            for column, cell in enumerate(cells):
                paper.line(60 + 120 * column, 500 + 14 * row, cell)
        paper.line(290, 810, f"{number}", 9)
        paper.turn()
    data = paper.save()
    content = load_pdf(data, "paper.pdf")
    with opened(data, "paper.pdf") as pdf:
        letters = {
            (page.number, index): chr(code)
            for page in Pages(pdf)
            for index, code in zip(page.index.tolist(), page.codes.tolist(), strict=True)
        }
    text, seen = content.text, set[tuple[int | None, int]]()
    for start in range(len(text)):
        places = content.places.of(start, start + 1)
        if not places:
            assert text[start] in "\n #|-"
            continue
        (place,) = places
        spot = place.part.number, place.start
        assert letters[place.part.number or 0, place.start] == text[start]
        assert spot not in seen
        seen.add(spot)
    assert len(seen) > 0.8 * len(text)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_stands_on_a_page_is_copied_at_most_once_and_with_its_place(seed: int) -> None:
    chance = np.random.default_rng(seed)
    letters = np.array([*map(ord, "abc -•1.)(*AéלАбا中|#>`\u00ad\ufffd")], dtype=np.int32)
    pages = []
    for number in (1, 2, 3):
        count = int(chance.choice([0, 1, 5, 200]))
        corners = chance.normal(300, float(chance.choice([0, 50, 300, 1e7])), (count, 2))
        shapes = np.array([[0, 0], [6, 11], [-3, 11], [1e30, np.nan]])
        sizes = shapes[chance.integers(0, len(shapes), count)]
        pages.append(PageGlyphs(
            number=number, width=600, height=800, codes=chance.choice(letters, count),
            index=np.cumsum(chance.integers(1, 3, count)).astype(np.int32),
            boxes=np.concatenate([corners, corners + sizes], axis=1).astype(np.float32),
            sizes=chance.choice([0, 10, 14, np.inf], count).astype(np.float32),
            bold=chance.random(count) < 0.3, upright=chance.random(count) < 0.8,
            hyphens=chance.random(count) < 0.1,
            rules=chance.choice([0, 50, 100.5, 300], (20, 4)).astype(np.float32),
        ))  # fmt: skip
    writer = Writer()
    write_pages(pages, writer)
    seen = set()
    for run in writer.places.runs():
        page = pages[run.part]
        for offset in range(run.length):
            (glyph,) = np.flatnonzero(page.index == run.at + offset)
            assert chr(page.codes[glyph]) == writer.text[run.start + offset]
            assert (run.part, glyph) not in seen
            seen.add((run.part, glyph))


def test_the_last_rows_of_a_table_are_no_footer_though_their_numbers_grow_with_the_pages() -> None:
    paper = Paper()
    for page in range(3):
        paper.line(60, 40, "Northfold Housing", 8)
        paper.line(290, 820, str(page + 1), 8)
        if page == 0:
            paper.prose(60, 80, wrapped(LAKE, 450))
        for row in range(4):
            y = 700 + 18 * row
            paper.line(60, y, f"{['Elm', 'Ash', 'Fir', 'Oak'][row]} House {page + 1}")
            paper.line(220, y, str(100 + 7 * page + row))
            paper.line(300, y, str(page + row + 1))
        paper.turn()
    text = paper.read().text
    for page in range(3):
        for name in ("Elm", "Ash", "Fir", "Oak"):
            assert f"{name} House {page + 1}" in text
    assert "Northfold" not in text
