"""Pages of a PDF as they look, and what stands at a place in it."""

from __future__ import annotations

import io

from index.errors import ArticleError
from index.loaders.pdf.characters import characters_of
from index.loaders.pdf.document import UnreadablePageError, opened, page_to_draw, page_to_read
from index.places import Place

_WIDEST = 4000  # pixels
_TALLEST = 16_000  # pixels: browsers show none that are much more
_MOST_PIXELS = 16_000_000  # of a page
_EFFORT = 3  # of packing a PNG, up to 9: more is slow, and little smaller


def page_png(data: bytes, number: int, width: int, name: str = "document.pdf") -> bytes:
    """Draw a page as a PNG, with its annotations and what is filled in its fields.

    Args:
        data: The PDF.
        number: The number of the page, from 1.
        width: How wide it is drawn, in pixels; less if it were too many.
        name: What the PDF is called where it cannot be drawn.

    Raises:
        ArticleError: The PDF cannot be opened, or has no such page, or one that is damaged.
    """
    import pypdfium2

    try:
        with opened(data, name) as pdf:
            if not 1 <= number <= len(pdf):
                raise ArticleError(f"{name}: has no page {number}, but {len(pdf)}.")
            with page_to_draw(pdf, number) as page:
                across, down = (max(1.0, each) for each in page.get_size())
                scale = min(max(1, width), _WIDEST) / across
                scale = min(scale, _TALLEST / down, (_MOST_PIXELS / (across * down)) ** 0.5)
                bitmap = page.render(scale=scale, rev_byteorder=True, draw_annots=True)
                image = bitmap.to_pil()
                written = io.BytesIO()
                image.convert("RGB").save(written, "PNG", compress_level=_EFFORT)
                return written.getvalue()
    except (UnreadablePageError, pypdfium2.PdfiumError):
        raise ArticleError(f"{name}: page {number} is damaged and cannot be drawn.") from None


def read_again(data: bytes, place: Place) -> str:
    """Return what stands at a place of a PDF, read by pdfium's own numbers anew."""
    letters = letters_of_page(data, place.part.number or 1)
    return "".join(map(chr, letters[place.start : place.end]))


def letters_of_page(data: bytes, number: int) -> list[int]:
    """Return the code points of a page, in the order in which pdfium counts its characters."""
    with (
        opened(data, "document.pdf") as pdf,
        page_to_read(pdf, number) as page,
        characters_of(page) as characters,
    ):
        letters: list[int] = characters.letters().tolist()
    return letters
