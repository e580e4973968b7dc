"""Articles of several pages, made without any document."""

from __future__ import annotations

import numpy as np

from index.articles import Article
from index.originals import Original
from index.places import FULL, Part
from index.placing import PlacesBuilder

PAGE = (400.0, 800.0)
"""Width and height in points."""
LINE = 0.1
"""How high each line is, in shares of the page; letters are a hundredth of its width wide."""


def paged(*pages: str, title: str = "Report", data: bytes = b"%PDF") -> Article:
    """Return an article of pages, whose lines stand one below the other at the left edge."""
    built = PlacesBuilder()
    for number, text in enumerate(pages, start=1):
        if number > 1:
            built.put("\n\n")
        built.begin(Part("page", number, width=PAGE[0], height=PAGE[1]))
        place = 0
        for row, line in enumerate(text.split("\n")):
            if row:
                built.put("\n")
            shares = [
                (column / 100, row * LINE, (column + 1) / 100, (row + 1) * LINE)
                for column in range(len(line))
            ]
            boxes = (np.array(shares).reshape(-1, 4) * FULL).round().astype(np.uint16)
            built.copy(line, None, place, boxes)
            place += len(line) + 1
    original = Original.of(data, "application/pdf")
    return Article(
        "report.pdf", title, built.text, places=built.places(), original=original
    )  # fmt: skip
