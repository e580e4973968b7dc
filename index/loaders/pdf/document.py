"""PDFs opened by pdfium, one at a time, and what is said of those that cannot be."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import ArticleError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MOST_PAGES = 5000
_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024  # bytes, as PDF 1.7, appendix H, note 13 has it
_END_WITHIN = 4096  # the mark of the end may have something behind it
_MOST_ANNOTATIONS = 10_000  # of a page
_PASSWORD, _SECURITY = 4, 5  # FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY
_DRAWN = (3, 20)  # FPDF_ANNOT_FREETEXT and FPDF_ANNOT_WIDGET: those that show text
_lock = RLock()  # pdfium is not made for threads


class UnreadablePageError(Exception):
    """A page is damaged."""


@contextmanager
def opened(data: bytes, name: str) -> Iterator[PdfDocument]:
    """Open a PDF; no other can be open meanwhile, whatever the thread.

    Raises:
        ArticleError: It is no PDF, needs a password, is damaged, or has no pages or too many.
    """
    with _lock:
        pdf = _open(data, name)
        try:
            if len(pdf) > MOST_PAGES:
                raise ArticleError(
                    f"{name}: has {len(pdf):,} pages; up to {MOST_PAGES:,} can be read. Split it "
                    "into several files and try again."
                )
            yield pdf
        finally:
            pdf.close()


def _open(data: bytes, name: str) -> PdfDocument:
    import pypdfium2

    logging.getLogger("pypdfium2").setLevel(logging.ERROR)  # it warns of what we say in notes
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ArticleError(f"{name}: {_why(data, error.err_code)}") from None
    with suppress(pypdfium2.PdfiumError):  # what is in its form's fields is not read then
        pdf.init_forms()
    return pdf


def _why(data: bytes, code: int | None) -> str:
    """Return why pdfium did not open a file."""
    if not data:
        return "is an empty file; expected a PDF."
    if code == _PASSWORD:
        return "needs a password; save a copy without one and try again."
    if code == _SECURITY:
        return "is encrypted in a way that is not known; save a copy without that and try again."
    if _HEADER not in data[:_HEADER_WITHIN]:
        return "is not a PDF; expected a file that begins with “%PDF-”."
    if is_cut_off(data):
        return "is cut off, as its end is missing; fetch or save it again."
    return (
        "is a damaged PDF, or one without pages; fetch or save it again, or open it in a PDF "
        "reader and print it to a new PDF."
    )


def is_cut_off(data: bytes) -> bool:
    """Tell whether the end of a PDF is missing."""
    tail = data.rstrip(b"\0 \t\r\n")[-_END_WITHIN:]
    return b"%%EOF" not in tail and b"startxref" not in tail


@contextmanager
def page_to_read(pdf: PdfDocument, number: int) -> Iterator[PdfPage]:
    """Open a page, from 1, with what is filled in its fields as a part of it.

    Raises:
        UnreadablePageError: It is damaged.
    """
    with page_to_draw(pdf, number) as page:
        flat = _has_fields(page) and _flatten(page)
        if not flat:
            yield page
            return
    with page_to_draw(pdf, number) as page:  # pdfium only sees now what it put there
        yield page


@contextmanager
def page_to_draw(pdf: PdfDocument, number: int) -> Iterator[PdfPage]:
    """Open a page, from 1, as it is.

    Raises:
        UnreadablePageError: It is damaged.
    """
    import pypdfium2

    try:
        page = pdf[number - 1]
    except pypdfium2.PdfiumError as error:
        raise UnreadablePageError(str(error)) from None
    try:
        yield page
    finally:
        page.close()


def _has_fields(page: PdfPage) -> bool:
    """Tell whether text stands in fields of a form, or in boxes that were put on a page."""
    from pypdfium2 import raw

    if page.formenv is None:
        return False
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if kind in _DRAWN:
            return True
    return False


def _flatten(page: PdfPage) -> bool:
    from pypdfium2 import raw

    return bool(raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS)


class Frame(NamedTuple):
    """How a page's own coordinates, in points from its lower left corner up, become those shown.

    Attributes:
        left: Where what is shown of the page starts, in its own coordinates.
        bottom: Likewise.
        right: Where it ends.
        top: Likewise.
        turns: How many times it is turned clockwise by 90 degrees to be shown.
    """

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, page: PdfPage) -> Frame:
        """Return that of a page."""
        from pypdfium2 import raw

        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, box)
        return cls(box.left, box.bottom, box.right, box.top, raw.FPDFPage_GetRotation(page) % 4)

    @property
    def size(self) -> tuple[float, float]:
        """How wide and how high the page is as shown."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def vectors(self, own: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return directions, shaped (n, 2), as shown: to the right, and down."""
        x, y = own[:, 0], own[:, 1]
        shown = ((x, -y), (y, x), (-x, y), (-y, -x))[self.turns]
        return np.stack(shown, axis=1)

    def boxes(self, own: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return rectangles of two corners each, shaped (n, 4), as left, top, right, bottom."""
        origin = ((self.left, self.top), (self.left, self.bottom),
                  (self.right, self.bottom), (self.right, self.top))[self.turns]  # fmt: skip
        one, other = (self.vectors(own[:, at : at + 2] - origin) for at in (0, 2))
        return np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=1)
