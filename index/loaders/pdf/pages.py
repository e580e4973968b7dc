"""The pages of a PDF, one by one, and which of them could not be read, and why."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.loaders.pdf.characters import MOST_CHARACTERS
from index.loaders.pdf.document import UnreadablePageError, page_to_read
from index.loaders.pdf.extraction import glyphs_of
from index.loaders.pdf.glyphs import PageGlyphs
from index.loaders.pdf.letters import BLANK, UNKNOWN

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_FEW = 100  # letters on a page that is a picture: a stamp, a page number
_SCANNED = 0.5  # the share of a page that a scan covers at least
_PICTURE = 0.02  # the share of a page from which it is said that it has pictures
_ILLEGIBLE = 0.3  # the share of unknown letters from which those of a page say nothing
_MOST_RANGES = 8  # that are named in a note


class Pages:
    """The pages of a PDF, each read when it is its turn. They can be gone through once.

    Attributes:
        pictures: The numbers of pages that are pictures with next to no text.
        illegible: Those whose letters are drawn without a word of which they are.
        damaged: Those that cannot be read.
        cut: Those of which only the first characters are read.
        silent: How many have no text at all.
    """

    def __init__(self, pdf: PdfDocument) -> None:
        self._pdf = pdf
        self.pictures: list[int] = []
        self.illegible: list[int] = []
        self.damaged: list[int] = []
        self.cut: list[int] = []
        self.silent = 0

    def __len__(self) -> int:
        return len(self._pdf)

    def __iter__(self) -> Iterator[PageGlyphs]:
        for number in range(1, len(self) + 1):
            try:
                with page_to_read(self._pdf, number) as page:
                    glyphs, is_cut = glyphs_of(page, number)
            except UnreadablePageError:
                self.damaged.append(number)
                continue
            if is_cut:
                self.cut.append(number)
            yield self._judged(glyphs)

    def _judged(self, page: PageGlyphs) -> PageGlyphs:
        """Note what is to be said of a page; one whose letters say nothing comes without them."""
        letters = int((page.codes != BLANK).sum())
        if (page.codes == UNKNOWN).sum() > _ILLEGIBLE * letters:
            self.illegible.append(page.number)
            page, letters = _without_glyphs(page), 0
        elif letters <= _FEW and page.pictured >= (_SCANNED if letters else _PICTURE):
            self.pictures.append(page.number)
        self.silent += not letters
        return page

    def why_empty(self, name: str) -> str:
        """Return why there is no text in any, and what to do."""
        count = len(self)
        pages = "its only page" if count == 1 else f"its {count:,} pages"
        if len(self.damaged) == count:
            return (
                f"{pages} cannot be read, damaged as the file is; open it in a PDF reader, print "
                "it to a new PDF and try again."
            )
        one = count == 1
        if self.illegible:
            return (
                f"{pages} {'shows' if one else 'show'} letters without saying which they are; run "
                f"OCR first, e.g. {_ocr(name, '--force-ocr')}, and try again."
            )
        if self.pictures:
            return (
                f"{pages} {'is a picture' if one else 'are pictures'} without text; run OCR first, "
                f"e.g. {_ocr(name)}, and try again."
            )
        return (
            f"{pages} {'holds' if one else 'hold'} no text; if there are words to be seen, they "
            f"are drawn: run OCR first, e.g. {_ocr(name, '--force-ocr')}, and try again."
        )

    def notes(self, name: str) -> Iterator[str]:
        """Return what a person should know of the pages, once they have been gone through."""
        if self.damaged:
            yield f"{_named(self.damaged)} cannot be read: the file is damaged there."
        if self.pictures:
            one = len(self.pictures) == 1
            yield (
                f"{_named(self.pictures)} {'is a picture' if one else 'are pictures'} with next to "
                f"no text; to have read what {'it shows' if one else 'they show'}, run OCR first, "
                f"e.g. {_ocr(name, '--redo-ocr')}."
            )
        if self.illegible:
            one = len(self.illegible) == 1
            yield (
                f"{_named(self.illegible)} {'shows' if one else 'show'} letters without saying "
                f"which they are; to have {'it' if one else 'them'} read, run OCR first, e.g. "
                f"{_ocr(name, '--force-ocr')}."
            )
        if self.cut:
            yield f"Of {_named(self.cut).lower()} the first {MOST_CHARACTERS:,} letters are read."


def _without_glyphs(page: PageGlyphs) -> PageGlyphs:
    none = np.zeros(0, dtype=np.int64)
    return replace(
        page, codes=page.codes[none], index=page.index[none], boxes=page.boxes[none],
        sizes=page.sizes[none], bold=page.bold[none], upright=page.upright[none],
        hyphens=page.hyphens[none],
    )  # fmt: skip


def _ocr(name: str, *options: str) -> str:
    """Return a command line that has the text of a PDF recognised."""
    file = Path(name)
    words = ["ocrmypdf", *options, file.name, f"{file.stem}-text.pdf"]
    return f"`{shlex.join(words)}`"


def _named(numbers: Sequence[int]) -> str:
    """Return what pages are called at the start of a sentence: "Pages 2, 5–7 and 9"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    said = [str(first) if first == last else f"{first}–{last}" for first, last in ranges]
    if len(said) > _MOST_RANGES:
        said = [*said[:_MOST_RANGES], "others"]
    listed = " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))
    return f"{'Page' if len(numbers) == 1 else 'Pages'} {listed}"
