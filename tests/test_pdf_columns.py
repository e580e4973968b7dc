"""Columns of PDFs, long or short: each is read by itself, and nothing on a page is lost."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from index.loaders.pdf.glyphs import PageGlyphs
from index.loaders.pdf.layout import write_pages
from index.loaders.writing import Writer
from tests.papers import LAKE, MILL, TOWER, Paper, paragraphs, wrapped

STORY = f"{LAKE} {MILL} {TOWER}"
EM, SIZE, STEP = 5.0, 10.0, 12.0


@pytest.mark.parametrize("count", [3, 4, 5])
def test_a_column_of_a_few_lines_is_a_column(count: int) -> None:
    paper = Paper()
    paper.prose(60, 100, wrapped(STORY, 220))
    right = wrapped(TOWER, 220)[:count]
    paper.prose(315, 100, right)
    assert paper.read().text.replace("\n\n", " ") == f"{STORY} {' '.join(right)}"


def test_a_gutter_goes_as_far_down_as_it_can() -> None:
    paper = Paper()
    left = [
        "Nobody knows who",
        "counted all of the",
        "ships that came to",
        "the bay of Orby in the days of the keeper,",
        "who slept in the afternoons.",
    ]
    right = wrapped(TOWER, 220)[:3]
    paper.prose(60, 100, left)
    paper.prose(315, 100, right)
    assert " ".join(paper.read().text.split()) == " ".join([*left, *right])


@pytest.mark.parametrize("top", [60, 100, 150])
@pytest.mark.parametrize("count", [2, 3])
def test_pages_that_all_say_the_same_lose_nothing(top: float, count: int) -> None:
    paper = Paper()
    for _ in range(count):
        paper.prose(60, top, wrapped(LAKE, 220)[:3])
        paper.prose(315, top, wrapped(MILL, 220)[:3])
        paper.turn()
    said = " ".join(wrapped(LAKE, 220)[:3]), " ".join(wrapped(MILL, 220)[:3])
    text = " ".join(paragraphs(paper.read()))
    assert [text.count(each) for each in said] == [count, count]


def random_page(chance: np.random.Generator, number: int) -> tuple[PageGlyphs, list[list[str]]]:
    """Return a page of one to three columns of prose, with no header, and their lines."""
    count = int(chance.integers(1, 4))
    width = (475 - 20 * (count - 1)) / count
    most = int(width / EM)
    letters = [chr(place) for place in range(ord("a"), ord("z") + 1) if chr(place) not in "oqv"]
    columns: list[list[str]] = []
    for _ in range(count):
        lengths = [
            most if chance.random() < 0.5 else int(chance.integers(22, most + 1))
            for _ in range(int(chance.choice([3, 3, 4, 6, 10, 30])))
        ]
        columns.append(
            [
                "".join(
                    " "
                    if 0 < place < length - 1 and place % 6 == shift
                    else str(chance.choice(letters))
                    for place in range(length)
                )
                for shift, length in enumerate(lengths, int(chance.integers(6)))
            ]
        )
    codes, boxes = [], []
    for place, lines in enumerate(columns):
        for row, line in enumerate(lines):
            for offset, letter in enumerate(line):
                x, y = 60 + place * (width + 20) + offset * EM, 100 + row * STEP
                codes.append(ord(letter))
                boxes.append((x, y, x + EM, y + SIZE))
    total = len(codes)
    page = PageGlyphs(
        number=number,
        width=595,
        height=842,
        codes=np.array(codes, np.int32),
        index=np.arange(total, dtype=np.int32),
        boxes=np.array(boxes, np.float32),
        sizes=np.full(total, SIZE, np.float32),
        bold=np.zeros(total, bool),
        upright=np.ones(total, bool),
        hyphens=np.zeros(total, bool),
        rules=np.zeros((0, 4), np.float32),
    )
    return page, columns


@pytest.mark.parametrize("seed", range(60))
def test_every_glyph_of_random_columns_is_copied_exactly_once(seed: int) -> None:
    chance = np.random.default_rng(seed)
    pages = [random_page(chance, number + 1) for number in range(int(chance.integers(1, 4)))]
    writer = Writer()
    write_pages([page for page, _ in pages], writer)
    copied = Counter(
        (run.part, run.at + offset) for run in writer.places.runs() for offset in range(run.length)
    )
    inked = {
        (part, glyph)
        for part, (page, _) in enumerate(pages)
        for glyph in np.flatnonzero(page.codes != ord(" ")).tolist()
    }
    assert inked <= set(copied)
    assert set(copied.values()) == {1}
    lines = [line for _, columns in pages for lines in columns for line in lines]
    assert "".join(writer.text.split()) == "".join("".join(lines).split())
