"""What is drawn on a page beside its letters: lines, edges of rectangles, pictures."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.loaders.pdf.document import Frame

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_Matrix: TypeAlias = tuple[float, float, float, float, float, float]
_Rectangle: TypeAlias = tuple[float, float, float, float]
_UNMOVED: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_MOST_OBJECTS = 20_000  # that are looked at, of a page: maps have millions of lines
_MOST_SEGMENTS = 200  # of a path that may be made of lines and rectangles
_MOST_RULES = 5_000
_DEEPEST = 6  # forms in forms
_THIN = 2.5  # points: what is thicker is no line
_SHORTEST = 5.0  # points: what is shorter is no rule
_STRAIGHT = 0.5  # points that a line may be off the horizontal or vertical
_WHITE = 250
_CELLS = 128  # on each side of the grid that pictures are counted on
_WHOLE = 0.95  # of the page: its ground


class Drawn(NamedTuple):
    """What is drawn on a page, as it is shown.

    Attributes:
        rules: Left, top, right and bottom of lines, shaped (rules, 4), in points.
        covered: Which cells of a grid over the page pictures cover, shaped (rows, columns).
        grounded: Which cells anything covers on which white letters can be seen.
    """

    rules: NDArray[np.float32]
    covered: NDArray[np.bool_]
    grounded: NDArray[np.bool_]

    @property
    def pictured(self) -> float:
        """The share of the page that pictures cover."""
        return float(self.covered.mean())

    def on_picture(
        self, centres: NDArray[np.float64], size: tuple[float, float]
    ) -> NDArray[np.bool_]:
        """Tell which points of a page of a size lie on a picture."""
        return _at(self.covered, centres, size)

    def on_ground(
        self, centres: NDArray[np.float64], size: tuple[float, float]
    ) -> NDArray[np.bool_]:
        """Tell which points of a page of a size lie on anything that is not white."""
        return _at(self.grounded, centres, size)


def _at(
    cells: NDArray[np.bool_], centres: NDArray[np.float64], size: tuple[float, float]
) -> NDArray[np.bool_]:
    at = np.clip(centres / np.maximum(size, 1e-6) * _CELLS, 0, _CELLS - 1).astype(int)
    lies: NDArray[np.bool_] = cells[at[:, 1], at[:, 0]]
    return lies


def drawn_on(page: PdfPage, frame: Frame) -> Drawn:
    """Return what is drawn on a page; of a very full one, the first part of it."""
    from pypdfium2 import raw

    rules: list[_Rectangle] = []
    pictures: list[_Rectangle] = []
    grounds: list[_Rectangle] = []
    if raw.FPDFPage_CountObjects(page) > _MOST_OBJECTS:
        grounds.append(
            (frame.left, frame.bottom, frame.right, frame.top)
        )  # nobody looks what is beneath
    for kind, drawn, matrix in _objects(page):
        bounds = _bounds(drawn, matrix)
        if bounds is None or (kind == raw.FPDF_PAGEOBJ_PATH and not _is_seen(drawn)):
            continue
        if min(bounds[2] - bounds[0], bounds[3] - bounds[1]) <= _THIN:
            rules.append(bounds)
            continue
        grounds.append(bounds)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(bounds)
        elif kind == raw.FPDF_PAGEOBJ_PATH and len(rules) < _MOST_RULES:
            rules += [] if _is_whole(bounds, frame) else _edges(drawn, matrix)
    size = np.array(frame.size * 2)
    lines = frame.boxes(np.array(rules, dtype=float).reshape(-1, 4))
    lines = np.concatenate([np.maximum(lines[:, :2], 0), np.minimum(lines[:, 2:], size[:2])], 1)
    extents = lines[:, 2:] - lines[:, :2]
    kept = (extents >= 0).all(axis=1) & (extents.max(axis=1, initial=0) >= _SHORTEST)
    return Drawn(
        lines[kept][:_MOST_RULES].astype(np.float32), _grid(pictures, frame), _grid(grounds, frame)
    )


def _grid(rectangles: list[_Rectangle], frame: Frame) -> NDArray[np.bool_]:
    """Return which cells of a grid over the page rectangles cover by half."""
    shown = frame.boxes(np.array(rectangles, dtype=float).reshape(-1, 4))
    shares = shown / np.maximum(np.array(frame.size * 2), 1e-6)
    grid = np.zeros((_CELLS, _CELLS), dtype=bool)
    for left, top, right, bottom in np.clip(np.rint(shares * _CELLS), 0, _CELLS).astype(int):
        grid[top:bottom, left:right] = True
    return grid


def _objects(page: PdfPage) -> Iterator[tuple[int, Any, _Matrix]]:
    """Return each path, picture and shading: its kind, itself, and its form's matrix."""
    from pypdfium2 import raw

    left = _MOST_OBJECTS
    stack = [(page, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, _UNMOVED, 0, 0)]
    while stack and left:
        holder, count, get, matrix, depth, at = stack.pop()
        for number in range(at, count(holder)):
            left -= 1
            drawn = get(holder, number)
            kind = raw.FPDFPageObj_GetType(drawn)
            if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                stack.append((holder, count, get, matrix, depth, number + 1))
                inner = _joined(_matrix(drawn), matrix)
                stack.append((drawn, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject,
                              inner, depth + 1, 0))  # fmt: skip
                break
            if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
                yield kind, drawn, matrix
            if left <= 0:
                return


def _matrix(drawn: Any) -> _Matrix:  # noqa: ANN401 - a handle of pdfium's
    from pypdfium2 import raw

    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, own)
    return own.a, own.b, own.c, own.d, own.e, own.f


def _joined(first: _Matrix, then: _Matrix) -> _Matrix:
    """Return the matrix that does what one does and then another."""
    a, b, c, d, e, f = then
    return (
        *(a * first[0] + c * first[1], b * first[0] + d * first[1]),
        *(a * first[2] + c * first[3], b * first[2] + d * first[3]),
        *(a * first[4] + c * first[5] + e, b * first[4] + d * first[5] + f),
    )


def _placed(x: float, y: float, matrix: _Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(drawn: Any, matrix: _Matrix) -> _Rectangle | None:  # noqa: ANN401
    """Return the left, bottom, right and top of something drawn; None if it has none."""
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
        return None
    corners = [_placed(x, y, matrix) for x in (left.value, right.value)
               for y in (bottom.value, top.value)]  # fmt: skip
    xs, ys = zip(*corners, strict=True)
    bounds = min(xs), min(ys), max(xs), max(ys)
    return bounds if all(map(math.isfinite, bounds)) else None


def _is_whole(bounds: _Rectangle, frame: Frame) -> bool:
    """Tell whether something covers the whole page."""
    left, bottom, right, top = bounds
    shared = min(right, frame.right) - max(left, frame.left)
    rise = min(top, frame.top) - max(bottom, frame.bottom)
    return (
        shared >= _WHOLE * (frame.right - frame.left)
        and rise >= _WHOLE * (frame.top - frame.bottom)
    )  # fmt: skip


def _is_seen(path: Any) -> bool:  # noqa: ANN401
    """Tell whether a path is drawn in another colour than white."""
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke):
        return False
    colours = []
    if fill.value:
        colours.append(raw.FPDFPageObj_GetFillColor)
    if stroke.value:
        colours.append(raw.FPDFPageObj_GetStrokeColor)
    return any(shows_on_white(path, colour) for colour in colours)


def shows_on_white(drawn: Any, colour: Any) -> bool:  # noqa: ANN401
    """Tell whether the colour of something drawn, by one of pdfium's functions, is not white."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not colour(drawn, red, green, blue, alpha):
        return True  # a pattern
    return bool(alpha.value and min(red.value, green.value, blue.value) < _WHITE)


def _edges(path: Any, matrix: _Matrix) -> list[_Rectangle]:  # noqa: ANN401
    """Return the horizontal and vertical lines of a path."""
    from pypdfium2 import raw

    count = raw.FPDFPath_CountSegments(path)
    if not 2 <= count <= _MOST_SEGMENTS:
        return []
    placed = _joined(_matrix(path), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    corners, kinds, closes = [], [], []
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        corners.append(_placed(x.value, y.value, placed))
        kinds.append(raw.FPDFPathSegment_GetType(segment))
        closes.append(raw.FPDFPathSegment_GetClose(segment))
    lines = []
    begun = last = corners[0]
    for corner, kind, close in zip(corners, kinds, closes, strict=True):
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begun = corner
        elif kind == raw.FPDF_SEGMENT_LINETO:
            lines.append((*last, *corner))
        if close:
            lines.append((*corner, *begun))
        last = corner
    return [
        (left, bottom, right, top)
        for left, bottom, right, top in lines
        if abs(left - right) <= _STRAIGHT or abs(bottom - top) <= _STRAIGHT
    ]
