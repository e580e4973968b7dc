"""What stands on a page of a PDF, glyph by glyph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class PageGlyphs:
    """The characters of a page, in the order in which the document draws them.

    All places are in points on the page as it is shown: cropped and rotated, the origin its upper
    left corner. Blanks and line ends that pdfium adds by its own judgement are left out: where
    words and lines end is told by where their glyphs stand. Blanks of the document are there.

    Attributes:
        number: The number of the page, from 1.
        width: How wide it is as shown.
        height: How high.
        codes: The code points, shaped (glyphs,); surrogate pairs are joined.
        index: Which of the page's characters each is, as pdfium counts them (a ligature that comes
            apart into letters has several).
        boxes: Left, top, right and bottom of each, shaped (glyphs, 4); of a blank, as far as is
            known.
        sizes: Their font sizes.
        bold: Whether their font is bold.
        upright: Whether they are set from left to right and upright, as the page is shown.
        hyphens: Whether each is a hyphen that parts a word at a line's end, as far as pdfium knows.
        rules: Lines and edges that are drawn, such as those of tables: left, top, right and bottom
            of each, shaped (rules, 4); one of the sizes is next to nothing.
        pictured: The share of the page that pictures cover, in 0..1.
    """

    number: int
    width: float
    height: float
    codes: NDArray[np.int32]
    index: NDArray[np.int32]
    boxes: NDArray[np.float32]
    sizes: NDArray[np.float32]
    bold: NDArray[np.bool_]
    upright: NDArray[np.bool_]
    hyphens: NDArray[np.bool_]
    rules: NDArray[np.float32]
    pictured: float = 0.0

    def __len__(self) -> int:
        return len(self.codes)
