from __future__ import annotations

import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas

from index.loaders.pdf.letters import DROPPED, UNKNOWN, letters_of
from tests.pdfs import VERA, Drawing, both, first_page, lines, nothing, pdf_of, picture, text_of


def invisible(text: str, x: float = 20, y: float = 100) -> Drawing:
    def draw(canvas: Canvas) -> None:
        hidden = canvas.beginText(x, y)
        hidden.setTextRenderMode(3)
        hidden.textOut(text)
        hidden.setTextRenderMode(0)
        canvas.drawText(hidden)

    return draw


def letters(*codes: int, hyphens: str = "", unmapped: bool = False) -> list[int]:
    marked = np.array([each == "-" for each in hyphens.ljust(len(codes))])
    missing = np.full(len(codes), unmapped)
    read = letters_of(np.array(codes, np.uint32), marked, missing, np.zeros(len(codes), bool))
    return [int(each) for each in read]


def test_glyphs_are_read_in_the_order_in_which_they_are_drawn_with_pdfiums_numbers() -> None:
    page = first_page(pdf_of(lines("Two dogs", "ran.")))
    assert text_of(page) == "Two dogsran."
    assert page.index.tolist() == [*range(8), *range(10, 14)]  # it counts the line end, too
    assert (page.number, page.width, page.height) == (1, 300, 200)
    assert page.sizes.tolist() == pytest.approx([12] * 12)
    assert page.upright.all()


def test_a_ligature_comes_apart_into_letters_that_share_its_box() -> None:
    page = first_page(pdf_of(lines("o\ufb01ce", font=VERA)))
    assert text_of(page) == "ofice"
    boxes = page.boxes
    f, i = boxes[1], boxes[2]
    assert f[2] == pytest.approx(i[0])
    assert f[2] - f[0] == pytest.approx(i[2] - i[0], abs=1e-3)
    assert boxes[0][2] == pytest.approx(f[0], abs=1)
    assert i[2] == pytest.approx(boxes[3][0], abs=1)
    assert (boxes[:, 2] > boxes[:, 0]).all()


def test_a_hyphen_that_parts_a_word_is_a_hyphen_and_said_to_be_one() -> None:
    page = first_page(pdf_of(lines("a well-known exam-", "ple")))
    assert text_of(page) == "a well-known exam-ple"
    assert [at for at, is_one in enumerate(page.hyphens) if is_one] == [17]


def test_a_letter_that_is_drawn_twice_is_read_once() -> None:
    bold = both(lines("Totally"), lines("Totally", x=20.4), lines("Totally", x=20.4, top=159.8))
    assert text_of(first_page(pdf_of(bold))) == "Totally"


def test_the_same_letter_next_to_itself_is_read_each_time() -> None:
    assert text_of(first_page(pdf_of(lines("illill... woo")))) == "illill... woo"


def test_the_same_letter_in_another_size_and_place_is_read_each_time() -> None:
    def draw(canvas: Canvas) -> None:
        for size in (10, 20):  # the centres are as many sizes from the corner
            canvas.setFont("Courier", size)
            canvas.drawString(5 * size, 200 - 5 * size, "o")

    assert text_of(first_page(pdf_of(draw))) == "oo"


def test_what_stands_off_the_page_is_not_read() -> None:
    far = both(lines("near"), lines("beyond", x=320), lines("cut", x=20, top=20))
    assert text_of(first_page(pdf_of(far))) == "nearcut"
    assert text_of(first_page(pdf_of(far, crop=(10, 100, 200, 90)))) == "near"


def test_invisible_text_is_read_only_where_a_picture_shows_it() -> None:
    shown = lines("seen", top=20)
    scan = picture(10, 50, 200, 120)
    assert text_of(first_page(pdf_of(both(shown, invisible("hidden"))))) == "seen"
    assert text_of(first_page(pdf_of(both(scan, shown, invisible("said"))))) == "seensaid"


def test_white_text_is_read_only_on_what_is_not_white() -> None:
    def white(canvas: Canvas) -> None:
        canvas.setFillGray(0.3)
        canvas.rect(10, 90, 200, 30, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.drawString(20, 100, "on grey")
        canvas.drawString(20, 50, "on white")

    assert text_of(first_page(pdf_of(both(lines("black"), white)))) == "blackon grey"


def test_invisible_text_is_read_where_all_is() -> None:
    assert text_of(first_page(pdf_of(both(nothing, invisible("all of it"))))) == "all of it"


@pytest.mark.parametrize(
    ("font", "is_bold"),
    [("Helvetica", False), ("Helvetica-Bold", True), ("Times-BoldItalic", True), (VERA, False)],
)
def test_bold_fonts_are_told_from_others(font: str, is_bold: bool) -> None:
    page = first_page(pdf_of(lines("weight", font=font)))
    assert page.bold.tolist() == [is_bold] * 6


def test_text_is_upright_as_the_page_is_shown() -> None:
    def turned(canvas: Canvas) -> None:
        canvas.drawString(20, 20, "flat")
        canvas.translate(200, 50)
        canvas.rotate(90)
        canvas.drawString(0, 0, "up")

    assert first_page(pdf_of(turned)).upright.tolist() == [True] * 4 + [False] * 2
    assert first_page(pdf_of(turned, rotation=90)).upright.tolist() == [False] * 4 + [True] * 2


def test_sizes_are_those_seen_whatever_the_scale() -> None:
    def scaled(canvas: Canvas) -> None:
        canvas.scale(3, 3)
        canvas.setFont("Helvetica", 5)
        canvas.drawString(10, 10, "big")

    assert first_page(pdf_of(scaled)).sizes.tolist() == pytest.approx([15] * 3)


def test_boxes_are_as_high_as_the_line() -> None:
    page = first_page(pdf_of(lines("x.gT")))
    assert np.ptp(page.boxes[:, 1]) == pytest.approx(0)
    assert np.ptp(page.boxes[:, 3]) == pytest.approx(0)
    assert page.boxes[0, 1] < 200 - 160 - 8 < 200 - 160 < page.boxes[0, 3]


def test_lines_and_edges_of_rectangles_are_rules() -> None:
    def table(canvas: Canvas) -> None:
        canvas.line(20, 150, 220, 150)
        canvas.rect(20, 100, 100, 20, stroke=1, fill=0)
        canvas.rect(20, 60, 200, 1, stroke=0, fill=1)
        canvas.line(20, 20, 50, 50)
        canvas.setFillGray(1)
        canvas.rect(100, 20, 100, 20, stroke=0, fill=1)  # white on white

    rules = first_page(pdf_of(table)).rules
    widths, heights = rules[:, 2] - rules[:, 0], rules[:, 3] - rules[:, 1]
    seen = [
        ("flat" if width > height else "steep", *np.round((rule[:2] + rule[2:]) / 2))
        for rule, width, height in zip(rules, widths, heights, strict=True)
    ]
    assert sorted(seen) == [
        ("flat", 70, 80), ("flat", 70, 100), ("flat", 120, 50), ("flat", 120, 140),
        ("steep", 20, 90), ("steep", 120, 90),
    ]  # fmt: skip
    lengths = sorted(np.maximum(widths, heights))
    assert lengths == pytest.approx([20, 20, 100, 100, 200, 200], abs=2)
    assert np.minimum(widths, heights).max() <= 2


def test_rules_in_a_form_that_is_moved_are_where_they_are_seen() -> None:
    def form(canvas: Canvas) -> None:
        canvas.beginForm("box")
        canvas.line(0, 0, 100, 0)
        canvas.endForm()
        canvas.translate(50, 80)
        canvas.doForm("box")

    (rule,) = first_page(pdf_of(form)).rules
    assert rule == pytest.approx([50, 120, 150, 120], abs=1)


def test_the_share_that_pictures_cover_is_counted_once() -> None:
    half = picture(0, 0, 150, 200)
    assert first_page(pdf_of(lines("none"))).pictured == 0
    assert first_page(pdf_of(both(half, half))).pictured == pytest.approx(0.5, abs=0.02)


def test_what_is_filled_in_a_form_is_read() -> None:
    def form(canvas: Canvas) -> None:
        canvas.drawString(20, 100, "Name:")
        canvas.acroForm.textfield(name="name", value="Ada Byron", x=80, y=95, width=150, height=20)

    assert "Ada Byron" in text_of(first_page(pdf_of(form)))


def test_pairs_of_surrogates_are_one_code_point_and_single_ones_unknown() -> None:
    assert letters(0xD83D, 0xDE00, 0x41, 0xD83D) == [0x1F600, DROPPED, 0x41, UNKNOWN]


def test_what_no_font_says_the_meaning_of_is_unknown_or_left_out() -> None:
    assert letters(0x41, 0, 0x0B, 0x07, 0xE123, 0x200B) == [0x41, UNKNOWN, 0x20, *[DROPPED] * 3]


def test_bullets_of_symbol_fonts_are_bullets() -> None:
    assert letters(0xF0B7, 0xF0A7, 0x2022) == [0x2022] * 3


def test_hyphens_are_hyphens_whatever_pdfium_makes_of_them() -> None:
    assert letters(0x02, 0xFFFE, 0xAD, 0x2D, hyphens="-") == [0x2D] * 4


@pytest.mark.parametrize("said", ["Accuracy in 2024 (%)", "2 4 6", "饮料有限公司"])
def test_numbers_of_letters_that_read_like_text_are_text(said: str) -> None:
    assert letters(*map(ord, said), unmapped=True) == [*map(ord, said)]


@pytest.mark.parametrize("said", ["7KH\x03GRJ", "6XPPD", "ϸЇΰĶ", "\x01\x02\x03"])
def test_numbers_of_letters_that_do_not_are_unknown(said: str) -> None:
    assert letters(*map(ord, said), unmapped=True) == [UNKNOWN] * len(said)
