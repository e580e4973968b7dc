"""The rectangles of words are where the words are seen: looked up in pages as they are drawn."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from index.errors import ArticleError
from index.loaders.content import Content
from index.loaders.pdf.drawing import page_png, read_again
from index.loaders.pdf.loading import load_pdf
from index.places import Box
from tests.pdfs import VERA, Drawing, both, lines, nothing, pdf_of, picture

WIDTH = 900
DARK = 160
WORDS = (
    ("Amber", "boats", "cross", "deep", "estuaries"),
    ("Foggy", "gulls", "hover", "inland", "jauntily"),
)
COLUMNS = (20, 160)


def drawing_of(shown: Sequence[str], turn: float = 0) -> Drawing:
    """Return what draws two columns of words, but only those that are to be shown."""

    def draw(canvas: Canvas) -> None:
        canvas.translate(300 if turn else 60, 60)
        canvas.rotate(turn)
        for x, column in zip(COLUMNS, WORDS, strict=True):
            for number, word in enumerate(column):
                if word in shown:
                    canvas.drawString(x, 130 - 20 * number, word)

    return draw


def darkness(data: bytes) -> NDArray[np.bool_]:
    image = Image.open(io.BytesIO(page_png(data, 1, WIDTH)))
    return np.asarray(image.convert("L")) < DARK


def boxes_of(content: Content, word: str) -> list[Box]:
    start = content.text.index(word)
    places = content.places.of(start, start + len(word))
    return [box for place in places for box in place.boxes]


def inside(dark: NDArray[np.bool_], boxes: list[Box]) -> int:
    """Return how many dark pixels lie in boxes, which get a pixel more on each side."""
    covered = np.zeros_like(dark)
    height, width = dark.shape
    for left, top, right, bottom in boxes:
        rows = slice(int(top * height) - 1, int(np.ceil(bottom * height)) + 1)
        covered[rows, int(left * width) - 1 : int(np.ceil(right * width)) + 1] = True
    return int((dark & covered).sum())


@pytest.mark.parametrize("crop", [None, (30, 40, 330, 230)])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_what_is_dark_of_a_word_lies_in_its_rectangle_and_in_no_other(
    rotation: int, crop: tuple[float, ...] | None
) -> None:
    words = [word for column in WORDS for word in column]

    def page_of(shown: Sequence[str]) -> bytes:
        return pdf_of(drawing_of(shown), size=(400, 300), rotation=rotation, crop=crop)

    content = load_pdf(page_of(words), "a.pdf")
    boxes = {word: boxes_of(content, word) for word in words}
    if rotation % 180 == 0:  # else words stand on their side, and each letter is a line
        assert all(len(each) == 1 for each in boxes.values())
    for word in words:
        dark = darkness(page_of([word]))
        assert dark.sum() > 100
        assert {other for other in words if inside(dark, boxes[other])} == {word}
        assert inside(dark, boxes[word]) == dark.sum()


def test_a_word_that_is_set_upwards_lies_in_its_rectangle() -> None:
    shown = pdf_of(drawing_of(["Amber", "boats"], turn=90), size=(400, 400))
    content = load_pdf(shown, "a.pdf")
    boxes = {word: boxes_of(content, word) for word in ("Amber", "boats")}
    dark = darkness(pdf_of(drawing_of(["Amber"], turn=90), size=(400, 400)))
    assert inside(dark, boxes["Amber"]) == dark.sum() > 100
    assert inside(dark, boxes["boats"]) == 0


def test_rectangles_stay_where_they_are_when_a_page_is_drawn_larger() -> None:
    data = pdf_of(drawing_of(["Amber"]), size=(400, 300))
    small, large = (Image.open(io.BytesIO(page_png(data, 1, width))) for width in (200, 800))
    assert (small.size, large.size) == ((200, 150), (800, 600))


def test_a_page_of_any_size_is_drawn_within_limits() -> None:
    wide = Image.open(io.BytesIO(page_png(pdf_of(nothing, size=(2, 14_000)), 1, 4000)))
    assert wide.size[0] * wide.size[1] <= 16_100_000
    tall = Image.open(io.BytesIO(page_png(pdf_of(nothing, size=(100, 9_000_000)), 1, 900)))
    assert tall.size[1] <= 16_000
    huge = Image.open(io.BytesIO(page_png(pdf_of(nothing), 1, 10**9)))
    assert huge.size[0] <= 4000


def test_what_is_filled_in_and_pictures_are_drawn() -> None:
    def field(canvas: Canvas) -> None:
        canvas.acroForm.textfield(value="MMMMMM", x=80, y=95, width=150, height=20, borderWidth=0)

    assert darkness(pdf_of(field)).sum() > 300
    grey = np.asarray(Image.open(io.BytesIO(page_png(pdf_of(picture(0, 0, 300, 200)), 1, 60))))
    assert grey.shape == (40, 60, 3)
    assert np.abs(grey.astype(int) - 200).max() <= 2


def test_a_page_that_is_not_there_is_named() -> None:
    with pytest.raises(ArticleError, match=r"^a\.pdf: has no page 2, but 1\.$"):
        page_png(pdf_of(nothing), 2, 100, "a.pdf")


def sentences(seed: int) -> tuple[str, ...]:
    """Return lines of words with what is hard in them: ligatures, hyphens, accents, blanks."""
    chosen = random.Random(seed)
    words = (
        "o\ufb01ce",
        "\ufb02at",
        "caf\xe9",
        "half-",
        "moon",
        "a\xa0b",
        "illicit",
        "(7)",
        "x  y",
    )
    return tuple(" ".join(chosen.choices(words, k=5)) for _ in range(8))


@pytest.mark.parametrize("rotation", [0, 90])
@pytest.mark.parametrize("seed", range(4))
def test_stretches_of_the_text_are_read_again_at_their_places(seed: int, rotation: int) -> None:
    page = both(lines(*sentences(seed), font=VERA), lines(*sentences(seed + 50), x=260, font=VERA))
    data = pdf_of(page, page, size=(520, 200), rotation=rotation)
    content = load_pdf(data, "a.pdf")
    placed = [False] * len(content.text)
    for run in content.places.runs():
        placed[run.start : run.start + run.length] = [True] * run.length
    written = {each for each, is_placed in zip(content.text, placed, strict=True) if not is_placed}
    assert written <= set(" \n#-|")
    chosen = random.Random(seed)
    for _ in range(15):
        start = chosen.randrange(len(content.text))
        end = min(len(content.text), start + chosen.randrange(1, 60))
        again = "".join(read_again(data, place) for place in content.places.of(start, end))
        shown = zip(content.text[start:end], placed[start:end], strict=True)
        assert again == "".join(each for each, is_placed in shown if is_placed)
