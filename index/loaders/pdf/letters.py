"""Which letter a character of a page stands for, code point for code point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DROPPED = -1
"""In place of a code point: nothing that a person reads."""
UNKNOWN = 0xFFFD
"""In place of a code point: a letter is drawn, but the document does not say which."""
BLANK = 0x20
_HYPHEN, _SOFT_HYPHEN, _BULLET = 0x2D, 0xAD, 0x2022
_BULLETS = np.array([0xF06C, 0xF06E, 0xF076, 0xF09F, 0xF0A7, 0xF0A8, 0xF0B7, 0xF0D8, 0xF0FC])
"""Those of Symbol and Wingdings, which have no Unicode of their own."""
_UNSEEN = np.array([0x200B, 0x2060, 0xFEFF])
_SOUND = 0.9  # the share of letters that are typed on a keyboard, or of East Asia
_LOWER = 0.4  # the share of letters that are no capitals
_PRIVATE = (0xE000, 0xF8FF)


def letters_of(
    codes: NDArray[np.uint32],
    hyphens: NDArray[np.bool_],
    unmapped: NDArray[np.bool_],
    generated: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """Return the code point that is read for each of a page's characters.

    Where the document does not say what a letter is, its number in the font is taken for a code
    point if those of the page look so; else it is :data:`UNKNOWN`. A hyphen stays one, whatever it
    was; a pair of surrogates is one code point, in the place of the first. Bullets of symbol fonts
    become bullets; other signs of a font's own are dropped.

    Args:
        codes: What pdfium has for each.
        hyphens: Whether it takes it for a hyphen at a line's end.
        unmapped: Whether the document does not say what it is.
        generated: Whether pdfium added it by its own judgement.
    """
    read = codes.astype(np.int64)
    high, low = (read >> 10) == 0xD800 >> 10, (read >> 10) == 0xDC00 >> 10
    pairs = np.flatnonzero(high[:-1] & low[1:])
    joined = ((read[pairs] - 0xD800) << 10) + read[pairs + 1] - 0xDC00 + 0x10000
    private = (read >= _PRIVATE[0]) & (read <= _PRIVATE[1]) | (read >= 0xF0000)
    control = (read < 0x20) | ((read >= 0x7F) & (read < 0xA0))
    blank = ((read >= 0x09) & (read <= 0x0D)) | (read == 0x2028) | (read == 0x2029)
    nothing = (
        ((read & 0xFFFE) == 0xFFFE) | ((read >= 0xFDD0) & (read <= 0xFDEF)) | (read > 0x10FFFF)
    )
    bullets = np.isin(read, _BULLETS)
    read[private | control | nothing | np.isin(read, _UNSEEN)] = DROPPED
    guessed = unmapped & ~generated
    if not _is_sound(read[guessed & (codes != BLANK)]):
        read[guessed] = UNKNOWN
    read[high | low | (codes == 0)] = UNKNOWN
    read[blank] = BLANK
    read[bullets] = _BULLET
    read[hyphens | (codes == _SOFT_HYPHEN) | (codes == 0xFFFE)] = _HYPHEN
    read[pairs], read[pairs + 1] = joined, DROPPED
    read[generated] = DROPPED
    return read.astype(np.int32)


def _is_sound(numbers: NDArray[np.int64]) -> bool:
    """Tell whether the numbers of letters in their font are code points, too.

    They often are in fonts of the page's own making (Type 3), and in those of East Asia. Else they
    count the glyphs of a font: words are parted by control characters, most letters are capitals.
    """
    if not len(numbers) or (numbers < BLANK).any():
        return False
    lower, upper = _within(numbers, "az"), _within(numbers, "AZ")
    typed = _within(numbers, " ~")
    east = _within(numbers, "、ヿ") | _within(numbers, "一鿿") | _within(numbers, "가힣")
    east |= _within(numbers, "！～")
    if (typed | east).mean() < _SOUND:
        return False
    return bool(lower.sum() >= _LOWER * (lower.sum() + upper.sum()))


def _within(numbers: NDArray[np.int64], ends: str) -> NDArray[np.bool_]:
    return (numbers >= ord(ends[0])) & (numbers <= ord(ends[1]))
