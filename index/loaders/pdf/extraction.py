"""The glyphs of a page, where they are seen: extracted by pdfium, without what nobody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.loaders.pdf.characters import Characters, characters_of
from index.loaders.pdf.document import Frame
from index.loaders.pdf.drawn import drawn_on
from index.loaders.pdf.glyphs import PageGlyphs
from index.loaders.pdf.letters import DROPPED

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_INVISIBLE = 3  # a text render mode of PDF 1.7, table 106
_LOWEST, _HIGHEST = 0.5, 1.7  # font sizes that a line is high; else its font is wrong about it
_ASCENT, _DESCENT = 0.8, 0.2  # of the font size, where the font is wrong
_SAME = 0.16  # of the font size: nearer to each other, the same letter was drawn twice
_LEVEL = 0.05  # the slope up to which a line is upright


def glyphs_of(page: PdfPage, number: int) -> tuple[PageGlyphs, bool]:
    """Return what stands on a page, and whether there is more than is read of one.

    Letters off the page are left out, letters drawn twice, and white ones on white; so are
    invisible ones, unless they say what stands in a picture, or all are.

    Raises:
        UnreadablePageError: The page is damaged.
    """
    frame = Frame.of(page)
    drawn = drawn_on(page, frame)
    with characters_of(page) as characters:
        codes, hyphens = characters.letters(), characters.hyphens()
        set_ = _set(characters, frame)
        is_cut = characters.is_cut
    width, height = frame.size
    boxes = set_.boxes
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    kept = (
        (codes != DROPPED) & (centres >= 0).all(axis=1) & (centres <= (width, height)).all(axis=1)
    )
    hidden = set_.modes == _INVISIBLE
    if not hidden[kept].all():
        kept &= ~hidden | drawn.on_picture(centres, frame.size)
    kept &= set_.shows | drawn.on_ground(centres, frame.size)
    found = np.flatnonzero(kept)
    found = found[_firsts(codes[found], centres[found], set_.sizes[found])]
    return PageGlyphs(
        number=number, width=width, height=height, codes=codes[found],
        index=found.astype(np.int32), boxes=boxes[found].astype(np.float32),
        sizes=set_.sizes[found].astype(np.float32), bold=set_.bold[found],
        upright=set_.upright[found], hyphens=hyphens[found], rules=drawn.rules,
        pictured=drawn.pictured,
    ), is_cut  # fmt: skip


class _Set(NamedTuple):
    """How characters are set, as the page is shown: a row for each."""

    boxes: NDArray[np.float64]
    sizes: NDArray[np.float64]
    upright: NDArray[np.bool_]
    bold: NDArray[np.bool_]
    modes: NDArray[np.int64]
    shows: NDArray[np.bool_]


def _set(characters: Characters, frame: Frame) -> _Set:
    objects = characters.objects()
    new = np.ones(len(objects), dtype=bool)
    new[1:] = objects[1:] != objects[:-1]
    runs = np.cumsum(new) - 1
    ways, looks = characters.styles(np.flatnonzero(new))
    onward, up = frame.vectors(ways[:, 0])[runs], frame.vectors(ways[:, 1])[runs]
    sizes = np.hypot(up[:, 0], up[:, 1])
    upright = (onward[:, 0] > 0) & (np.abs(onward[:, 1]) <= _LEVEL * onward[:, 0]) & (up[:, 1] < 0)
    lines, ink = frame.boxes(characters.line_boxes()), frame.boxes(characters.ink_boxes())
    boxes = _trusted(lines, ink, characters.origins(), up, sizes, frame)
    boxes = _shared(boxes, objects, onward)
    modes, bold, shows = looks[runs].T
    return _Set(boxes, sizes, upright, bold == 1, modes, shows == 1)


def _trusted(
    lines: NDArray[np.float64], ink: NDArray[np.float64], origins: NDArray[np.float64],
    up: NDArray[np.float64], sizes: NDArray[np.float64], frame: Frame,
) -> NDArray[np.float64]:  # fmt: skip
    """Return the boxes of characters as high as their lines, also where their fonts are wrong."""
    across = np.abs(up[:, 0]) > np.abs(up[:, 1])  # set from the foot of the page to its head
    extents = lines[:, 2:] - lines[:, :2]
    heights = np.where(across, extents[:, 0], extents[:, 1])
    apart = (lines[:, :2] > ink[:, 2:]).any(axis=1) | (lines[:, 2:] < ink[:, :2]).any(axis=1)
    wrong = (heights < _LOWEST * sizes) | (heights > _HIGHEST * sizes) | apart
    wrong |= (extents <= 0).any(axis=1) | ~np.isfinite(lines).all(axis=1)
    if not wrong.any():
        return lines
    feet = frame.boxes(np.concatenate([origins, origins], axis=1))[:, :2]
    corners = np.stack([feet + _ASCENT * up, feet - _DESCENT * up], axis=1)
    stems = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    joined = np.concatenate(
        [np.minimum(stems[:, :2], ink[:, :2]), np.maximum(stems[:, 2:], ink[:, 2:])], axis=1
    )
    return np.where(wrong[:, None], np.nan_to_num(joined), lines)


def _shared(
    boxes: NDArray[np.float64], objects: NDArray[np.uint64], onward: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return boxes in which letters of one glyph, such as a ligature, have each an own share."""
    same = np.zeros(len(boxes), dtype=bool)
    same[1:] = (boxes[1:] == boxes[:-1]).all(axis=1) & (objects[1:] == objects[:-1])
    if not same.any():
        return boxes
    glyphs = np.cumsum(~same) - 1
    starts = np.flatnonzero(~same)
    counts = np.bincount(glyphs)[glyphs]
    places = np.arange(len(boxes)) - starts[glyphs]
    axis = (np.abs(onward[:, 1]) > np.abs(onward[:, 0])).astype(int)  # 1 where lines go up or down
    rows = np.arange(len(boxes))
    places = np.where(onward[rows, axis] < 0, counts - 1 - places, places)
    begin, extent = boxes[rows, axis], boxes[rows, axis + 2] - boxes[rows, axis]
    shared = boxes.copy()
    shared[rows, axis] = begin + extent * places / counts
    shared[rows, axis + 2] = begin + extent * (places + 1) / counts
    return np.where((counts > 1)[:, None], shared, boxes)


def _firsts(
    codes: NDArray[np.int32], centres: NDArray[np.float64], sizes: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the numbers of letters, without those that are drawn over the same letter again."""
    cells = centres / np.maximum(_SAME * sizes, 1e-3)[:, None]
    kept = np.ones(len(codes), dtype=bool)
    for moved in np.array([(0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)]):  # so that no border parts them
        key = np.floor(cells + moved).astype(np.int64)
        place = np.stack([codes.astype(np.int64), np.rint(sizes * 8).astype(np.int64), *key.T])
        order = np.lexsort(place)  # stable: the first drawn comes first
        again = (place[:, order[1:]] == place[:, order[:-1]]).all(axis=0)
        kept[order[1:][again]] = False
    return np.flatnonzero(kept)
