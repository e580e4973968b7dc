"""The characters of a page as pdfium has them: what they say, where they stand, how they look."""

from __future__ import annotations

import ctypes
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.loaders.pdf.document import UnreadablePageError
from index.loaders.pdf.drawn import shows_on_white
from index.loaders.pdf.letters import letters_of

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MOST_CHARACTERS = 200_000
"""Of a page; a page of a newspaper has 30,000."""
_FILLED, _STROKED = 0, 2  # text render modes of PDF 1.7, table 106
_FORCED_BOLD = 1 << 18  # a font flag of PDF 1.7, table 123
_HEAVY = 600  # weight of a font; that of a book face is 400
_BOLD = re.compile(r"bold|black|heavy|demi(?!tal)|[-,]medi\b|cmbx|cmssbx|[-,]bd\b", re.IGNORECASE)
_LONGEST_NAME = 256  # bytes of a font's name


class Characters:
    """The characters of a page, numbered as pdfium does; of :data:`MOST_CHARACTERS` the first."""

    def __init__(self, handle: Any) -> None:  # noqa: ANN401 - of a text page of pdfium's
        from pypdfium2 import raw

        self._handle = handle
        self._address = ctypes.cast(handle, ctypes.c_void_p).value
        self._all: int = max(0, raw.FPDFText_CountChars(handle))

    def __len__(self) -> int:
        return min(self._all, MOST_CHARACTERS)

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return self._all > MOST_CHARACTERS

    def letters(self) -> NDArray[np.int32]:
        """Return the code point that is read for each: see :mod:`index.loaders.pdf.letters`."""
        from pypdfium2 import raw

        codes = self._each(raw.FPDFText_GetUnicode, ctypes.c_uint, np.uint32)
        generated = self._each(raw.FPDFText_IsGenerated, ctypes.c_int, np.int32) == 1
        unmapped = self._each(raw.FPDFText_HasUnicodeMapError, ctypes.c_int, np.int32) == 1
        return letters_of(codes, self.hyphens(), unmapped, generated)

    def hyphens(self) -> NDArray[np.bool_]:
        """Tell which are hyphens that part a word at a line's end."""
        from pypdfium2 import raw

        found: NDArray[np.bool_] = self._each(raw.FPDFText_IsHyphen, ctypes.c_int, np.int32) == 1
        return found

    def objects(self) -> NDArray[np.uint64]:
        """Return a number for each that is that of its text object; 0 for none."""
        from pypdfium2 import raw

        return self._each(raw.FPDFText_GetTextObject, ctypes.c_size_t, np.uint64)

    def line_boxes(self) -> NDArray[np.float64]:
        """Return two corners of each, as wide as it moves on and as high as its line."""
        from pypdfium2 import raw

        found = np.zeros((len(self), 4), dtype=np.float32)
        self._fill(raw.FPDFText_GetLooseCharBox, found, 1)
        return found.astype(np.float64)

    def ink_boxes(self) -> NDArray[np.float64]:
        """Return two corners of each, as wide and as high as what is drawn."""
        from pypdfium2 import raw

        found = np.zeros((len(self), 4), dtype=np.float64)
        self._fill(raw.FPDFText_GetCharBox, found, 4)
        return found[:, [0, 2, 1, 3]]

    def origins(self) -> NDArray[np.float64]:
        """Return where each starts on its base line, shaped (characters, 2)."""
        from pypdfium2 import raw

        found = np.zeros((len(self), 2), dtype=np.float64)
        self._fill(raw.FPDFText_GetCharOrigin, found, 2)
        return found

    def styles(self, firsts: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return how some are set.

        Returns:
            The matrix of each, shaped (n, 2, 2), times its font size: which way it goes on, and
            which way is up. Its text render mode, whether it is bold, and whether it shows on
            white, shaped (n, 3).
        """
        from pypdfium2 import raw

        ways = np.zeros((len(firsts), 2, 2))
        looks = np.tile(np.array([0, 0, 1]), (len(firsts), 1))
        matrix = raw.FS_MATRIX()
        bold: dict[int, bool] = {}
        for row, at in enumerate(firsts.tolist()):
            drawn = raw.FPDFText_GetTextObject(self._handle, at)
            if not drawn or not raw.FPDFText_GetMatrix(self._handle, at, matrix):
                continue
            size = raw.FPDFText_GetFontSize(self._handle, at)
            ways[row] = (matrix.a * size, matrix.b * size), (matrix.c * size, matrix.d * size)
            mode = raw.FPDFTextObj_GetTextRenderMode(drawn)
            font = raw.FPDFTextObj_GetFont(drawn)
            key = ctypes.cast(font, ctypes.c_void_p).value or 0
            if key not in bold:
                bold[key] = bool(key) and _is_bold(font)
            shows = mode != _FILLED or shows_on_white(drawn, raw.FPDFPageObj_GetFillColor)
            looks[row] = mode, bold[key] or mode == _STROKED, shows
        return ways, looks

    def _each(self, function: Any, result: Any, dtype: Any) -> NDArray[Any]:  # noqa: ANN401
        """Return what a function of pdfium says of each."""
        call = _typed(function, result, ctypes.c_void_p, ctypes.c_int)
        count = len(self)
        said = map(call, repeat(self._address), range(count))
        return np.fromiter(said, dtype, count)

    def _fill(self, function: Any, found: NDArray[Any], pointers: int) -> None:  # noqa: ANN401
        """Have a function of pdfium fill the rows of an array, by one pointer or one a column."""
        call = _typed(function, ctypes.c_int, ctypes.c_void_p, ctypes.c_int,
                      *[ctypes.c_void_p] * pointers)  # fmt: skip
        start, step = found.ctypes.data, found.itemsize * found.shape[1]
        end = start + step * len(found)
        columns = (range(start + at * found.itemsize, end + at * found.itemsize, step)
                   for at in range(pointers))  # fmt: skip
        deque(map(call, repeat(self._address), range(len(found)), *columns), maxlen=0)


@contextmanager
def characters_of(page: PdfPage) -> Iterator[Characters]:
    """Open the characters of a page.

    Raises:
        UnreadablePageError: The page is damaged.
    """
    from pypdfium2 import raw

    handle = raw.FPDFText_LoadPage(page)
    if not handle:
        raise UnreadablePageError("has no text page")
    try:
        yield Characters(handle)
    finally:
        raw.FPDFText_ClosePage(handle)


def _typed(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:  # noqa: ANN401
    """Return a function of pdfium that takes addresses as numbers: twice as fast as pointers."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.CFUNCTYPE(result, *arguments)(address)


def _is_bold(font: Any) -> bool:  # noqa: ANN401 - a handle of pdfium's
    from pypdfium2 import raw

    name = ctypes.create_string_buffer(_LONGEST_NAME)
    raw.FPDFFont_GetBaseFontName(font, name, _LONGEST_NAME)
    if _BOLD.search(name.value.decode("latin-1")):
        return True
    forced = bool(raw.FPDFFont_GetFlags(font) & _FORCED_BOLD)
    return forced or bool(raw.FPDFFont_GetWeight(font) >= _HEAVY)
