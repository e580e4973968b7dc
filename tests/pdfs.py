"""Small PDFs, made where they are needed."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import reportlab
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from index.loaders.pdf.document import opened, page_to_read
from index.loaders.pdf.extraction import glyphs_of
from index.loaders.pdf.glyphs import PageGlyphs

Drawing = Callable[[Canvas], object]
VERA = "Vera"  # a font that has ligatures; the standard ones have none
pdfmetrics.registerFont(TTFont(VERA, Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))


def pdf_of(
    *pages: Drawing, size: tuple[float, float] = (300, 200), rotation: int = 0,
    crop: Sequence[float] | None = None, password: str | None = None, title: str | None = None,
    author: str | None = None,
) -> bytes:  # fmt: skip
    """Return a PDF with a page for each of what draws one; a crop box is x, y, width, height."""
    written = io.BytesIO()
    encrypted = None if password is None else StandardEncryption(password, "the owner's")
    canvas = Canvas(written, pagesize=size, encrypt=encrypted, invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    if crop is not None:
        canvas.setCropBox((crop[0], crop[1], crop[0] + crop[2], crop[1] + crop[3]))
    for draw in pages:
        canvas.setPageRotation(rotation)
        canvas.setFont("Helvetica", 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def lines(*texts: str, x: float = 20, top: float = 160, font: str = "Helvetica") -> Drawing:
    """Return what writes lines, one below the other."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, 12)
        for number, text in enumerate(texts):
            canvas.drawString(x, top - 15 * number, text)

    return draw


def picture(x: float, y: float, width: float, height: float) -> Drawing:
    """Return what draws a grey picture."""
    from PIL import Image

    image = ImageReader(Image.new("RGB", (8, 8), (200, 200, 200)))
    return lambda canvas: canvas.drawImage(image, x, y, width, height)


def nothing(canvas: Canvas) -> None:
    """Draw nothing."""
    canvas.setFillGray(0)


def both(*drawings: Drawing) -> Drawing:
    """Return what draws one thing after the other."""
    return lambda canvas: [draw(canvas) for draw in drawings]


def first_page(data: bytes) -> PageGlyphs:
    """Return what stands on the first page of a PDF."""
    with opened(data, "a.pdf") as pdf, page_to_read(pdf, 1) as page:
        return glyphs_of(page, 1)[0]


def text_of(page: PageGlyphs) -> str:
    """Return what the glyphs of a page say, in the order in which they are drawn."""
    return "".join(map(chr, page.codes.tolist()))
