"""From the glyphs of a page to its lines: by where they stand, whatever order they are drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.loaders.pdf.glyphs import PageGlyphs
from index.loaders.pdf.reading.segments import is_leftward, joined_runs
from index.places import FULL

Ints = NDArray[np.int64]

_BLANKS = (*range(9, 14), 0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_HYPHENS = frozenset("-\u2010\u00ad")
_FARTHEST = 1e5  # points; no page is as large
_CORE = 1.25  # a glyph so much larger or smaller than its line's is a superscript or a sign
_SMALLER = 0.85  # times the size of its line: a glyph that may be raised
_RAISED = 0.18  # em of the line: how far above its lower edge such a glyph ends
_BESIDE = 0.35  # em of the line: how far behind what it refers to it stands, at most
_BOLD = 0.7
_BLANK = 0.09  # em: a gap so wide makes a blank
_BLANK_BETWEEN_WIDE = 0.5  # em, between Chinese signs, which are spaced out to fill a line
_WIDE = 0x2E80  # the first of such signs; letters beyond them have typed blanks
_BLANK_BESIDE_TYPED = 0.14  # em, in a line that has blanks of its own
_BLANK_LEFTWARD = 0.22  # em, in a script that runs to the left


@dataclass(frozen=True, eq=False)
class Sheet:
    """A page whose glyphs are ready to be read.

    Attributes:
        page: The page.
        place: Which of the document's pages it is, from 0.
        boxes: The boxes of the glyphs as they are read, shaped (glyphs, 4): turned, where the text
            is turned.
        em: How large each is, in points.
        blank: Whether each is a blank.
    """

    page: PageGlyphs
    place: int
    boxes: NDArray[np.float32]
    em: NDArray[np.float32]
    blank: NDArray[np.bool_]

    @cached_property
    def shares(self) -> NDArray[np.uint16]:
        """Where each glyph is seen on the page, as :class:`index.places.Places` has it."""
        page = self.page
        size = np.array([page.width, page.height] * 2, dtype=np.float64)
        measured = (self.blank & page.upright)[:, None]
        boxes = np.where(measured, self.boxes, page.boxes) / np.maximum(size, 1e-6) * FULL
        whole = np.rint(np.nan_to_num(boxes, posinf=FULL, neginf=0))
        shares: NDArray[np.uint16] = np.clip(whole, 0, FULL).astype(np.uint16)
        return shares


@dataclass(frozen=True, eq=False)
class Line:
    """Glyphs that stand side by side.

    Attributes:
        sheet: The page that they are on.
        glyphs: Their places among the page's glyphs, in reading order, the blanks among them.
        spaced: Whether a blank that is no glyph comes before each.
        text: What they say.
        left: Where the line starts.
        top: Where most of its glyphs' boxes start.
        right: Where it ends.
        bottom: Where most of its glyphs' boxes end.
        size: The size of most of it.
        sizes: The size that a tenth of it is smaller than, and that a tenth is larger than: of
            capitals among small capitals.
        bold: Whether most of it is bold.
    """

    sheet: Sheet
    glyphs: Ints
    spaced: NDArray[np.bool_]
    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    sizes: tuple[float, float]
    bold: bool

    @property
    def rank(self) -> int:
        """When it is drawn, compared with others on its page."""
        return int(self.glyphs[0])

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def hyphenated(self) -> bool:
        """Whether it ends with a hyphen behind a letter."""
        return len(self.text) > 1 and self.text[-1] in _HYPHENS and self.text[-2].isalpha()

    @cached_property
    def raised(self) -> NDArray[np.bool_]:
        """Whether each glyph is raised, as the mark of a note is.

        Such are smaller than the line, stand above where it does, and close behind something.
        """
        sheet, glyphs = self.sheet, self.glyphs
        boxes, blank = sheet.boxes[glyphs], sheet.blank[glyphs]
        raised = (sheet.em[glyphs] < _SMALLER * self.size) & ~blank
        raised &= boxes[:, 3] < self.bottom - _RAISED * self.size
        if not raised.any():
            return raised
        candidates = raised.copy()
        for number in np.flatnonzero(candidates).tolist():
            before = number - 1
            if before > 0 and blank[before] and raised[before - 1]:
                before -= 1  # a blank between raised glyphs is raised, too
            if before < 0 or (candidates[before] and not raised[before]) or blank[before]:
                raised[number] = False
                continue
            raised[number] = boxes[number, 0] - boxes[before, 2] < _BESIDE * self.size
            raised[before + 1 : number] = raised[number]
        return raised

    def glyph_at(self, offset: int) -> int:
        """Return the number of the glyph that stands at an offset of its text."""
        before = 0
        for number, spaced in enumerate(self.spaced.tolist()):
            before += 1 + spaced
            if before > offset:
                return number
        return len(self.glyphs)

    def cut(self, start: int, end: int | None = None) -> Line | None:
        """Return a stretch of it, counted in glyphs; None if it holds blanks only."""
        glyphs, spaced = self.glyphs[start:end], self.spaced[start:end]
        seen = np.flatnonzero(~self.sheet.blank[glyphs])
        if not len(seen):
            return None
        inner = slice(int(seen[0]), int(seen[-1]) + 1)
        return line_of(self.sheet, glyphs[inner], spaced[inner])


def line_of(sheet: Sheet, glyphs: Ints, spaced: NDArray[np.bool_]) -> Line:
    """Return the line of some glyphs, which begin and end with no blank."""
    spaced = spaced.copy()
    spaced[0] = False
    page = sheet.page
    letters = [*map(chr, page.codes[glyphs].tolist())]
    for place in np.flatnonzero(spaced).tolist():
        letters[place] = f" {letters[place]}"
    seen = glyphs[~sheet.blank[glyphs]]
    em, boxes = sheet.em[seen], sheet.boxes[seen]
    sizes = np.sort(em).tolist()
    count = len(sizes)
    size = sizes[count // 2]
    core = boxes
    if sizes[0] * _CORE <= size or sizes[-1] >= size * _CORE:
        core = boxes[(em < size * _CORE) & (em > size / _CORE)]
    middle = np.sort(core, axis=0)[len(core) // 2].tolist()
    bold = int(np.count_nonzero(page.bold[seen])) > _BOLD * count
    return Line(
        sheet, glyphs, spaced, "".join(letters), float(boxes[:, 0].min()), middle[1],
        float(boxes[:, 2].max()), middle[3], size, (sizes[count // 10], sizes[-1 - count // 10]),
        bold,
    )  # fmt: skip


def joined(lines: Sequence[Line]) -> Line:
    """Return lines side by side as one, with a blank between two."""
    if len(lines) == 1:
        return lines[0]
    glyphs = np.concatenate([line.glyphs for line in lines])
    spaced = np.concatenate([line.spaced for line in lines])
    spaced[np.cumsum([len(line.glyphs) for line in lines])[:-1]] = True
    return line_of(lines[0].sheet, glyphs, spaced)


def lines_of(page: PageGlyphs, place: int) -> tuple[list[Line], list[Line]]:
    """Return the lines of a page, and those that are turned against most of it.

    Lines side by side with a wide gap between them, such as those of two columns, are two.
    """
    sheet = _sheet(page, place)
    seen = np.arange(len(page))
    main = page.upright
    ink = seen[~sheet.blank[seen]]
    if len(ink) and np.count_nonzero(~main[ink]) * 2 > len(ink):
        main = ~main
    if not page.upright.all():
        sheet = _turned(sheet, seen)
    return _lines(sheet, seen[main[seen]]), _lines(sheet, seen[~main[seen]])


def _sheet(page: PageGlyphs, place: int) -> Sheet:
    corners = np.nan_to_num(page.boxes.astype(np.float32).reshape(-1, 2, 2), nan=0.0)
    corners = np.sort(np.clip(corners, -_FARTHEST, _FARTHEST), axis=1)
    boxes = np.ascontiguousarray(corners.reshape(-1, 4))
    size = np.clip(np.nan_to_num(page.sizes.astype(np.float32), nan=0.0), 0.0, _FARTHEST)
    height = np.where(page.upright, boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0])
    trusted = (size > 0) & ((height <= 0) | ((height < 3 * size) & (height > 0.05 * size)))
    em = np.where(trusted, size, np.maximum(height / 1.2, 0.1)).astype(np.float32)
    return Sheet(page, place, boxes, em, np.isin(page.codes, _BLANKS))


def _turned(sheet: Sheet, seen: Ints) -> Sheet:
    """Return the sheet with each turned glyph where it is once its text is upright."""
    page, boxes = sheet.page, sheet.boxes.copy()
    ink = seen[~page.upright[seen] & ~sheet.blank[seen]]
    if len(ink):
        steps = np.diff(boxes[ink][:, [0, 1]], axis=0)
        across, down = np.sign(np.median(np.sign(steps), axis=0)) if len(steps) else (0, -1)
        turned = ~page.upright
        left, top, right, bottom = sheet.boxes[turned].T
        if down < 0:  # it runs upward
            boxes[turned] = np.stack([page.height - bottom, left, page.height - top, right], 1)
        elif down > 0:
            boxes[turned] = np.stack([top, page.width - right, bottom, page.width - left], 1)
        elif across < 0:  # upside down
            boxes[turned] = np.stack(
                [page.width - right, page.height - bottom, page.width - left, page.height - top], 1
            )
    return Sheet(page, sheet.place, boxes, sheet.em, sheet.blank)


def _lines(sheet: Sheet, chosen: Ints) -> list[Line]:
    inked = np.flatnonzero(~sheet.blank[chosen])
    if not len(inked):
        return []
    ink = chosen[inked]
    boxes = sheet.boxes
    order, ends = joined_runs(boxes[ink], sheet.em[ink], sheet.page.codes[ink])
    glyphs = ink[order]
    follows = np.append(False, (np.diff(order) == 1))  # drawn one after the other
    typed = follows & np.append(False, np.diff(inked)[np.minimum(order[:-1], len(inked) - 2)] > 1
                                if len(order) > 1 else np.zeros(0, bool))  # fmt: skip
    starts = np.append(0, ends[:-1])
    typed[starts] = False
    spaced = _spaced(boxes[glyphs], sheet.em[glyphs], sheet.page.codes[glyphs], typed, starts, ends)
    places = np.flatnonzero(typed)
    blanks = chosen[inked[order[places]] - 1]
    before, after = boxes[glyphs[places - 1]], boxes[glyphs[places]]
    boxes[blanks] = np.stack(  # where a blank is told to be is not to be relied on
        [before[:, 2], before[:, 1], np.maximum(before[:, 2], after[:, 0]), before[:, 3]], axis=1
    )
    glyphs = np.insert(glyphs, places, blanks)
    spaced = np.insert(spaced, places, False)
    shift = np.cumsum(typed)
    ends = ends + shift[ends - 1]
    starts = np.append(0, ends[:-1])
    return [
        line_of(sheet, glyphs[start:end], spaced[start:end])
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def _spaced(
    boxes: NDArray[np.float32], em: NDArray[np.float32], codes: NDArray[np.int32],
    typed: NDArray[np.bool_], starts: Ints, ends: Ints,
) -> NDArray[np.bool_]:  # fmt: skip
    """Tell before which glyphs is a gap that makes a blank, where no blank is typed."""
    size = np.minimum(em, np.append(em[:1], em[:-1]))
    side = np.append(0.0, boxes[1:, 0] - boxes[:-1, 2])
    other = np.append(0.0, boxes[:-1, 0] - boxes[1:, 2])  # from right to left
    gap = np.maximum(side, other) / np.maximum(size, 0.1)
    gap[starts] = 0.0
    least = np.full(len(gap), _BLANK)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        least[start:end] = _least_blank(gap[start:end], codes[start:end], typed[start:end])
    wide = (codes >= _WIDE) & np.append(False, codes[:-1] >= _WIDE)
    least[wide] = np.maximum(least[wide], _BLANK_BETWEEN_WIDE)
    told: NDArray[np.bool_] = (gap > least) & ~typed
    return told


def _least_blank(
    gap: NDArray[np.float32], codes: NDArray[np.int32], typed: NDArray[np.bool_]
) -> float:
    """Return from which gap on, in em, there is a blank in a line."""
    has_typed = bool(typed.any())
    least = _BLANK_BESIDE_TYPED if has_typed else _BLANK
    if is_leftward(codes).mean() > 0.5:
        least = _BLANK_LEFTWARD
    own = gap[1:][~typed[1:]]
    if len(own) < 4:
        return least
    usual = float(np.median(own))
    if usual <= least:
        return least + max(usual, 0.0)
    letters = sum(map(str.isalpha, map(chr, codes.tolist())))
    spaced_out = has_typed or letters > 0.8 * len(codes)
    return usual * 1.5 + 0.05 if spaced_out else least
