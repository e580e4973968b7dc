"""PDFs that tests draw line by line, and prose to draw in them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from index.loaders.content import Content
from index.loaders.pdf.loading import load_pdf

WIDTH, HEIGHT = 595.0, 842.0
BODY, BOLD = "Times-Roman", "Times-Bold"
LAKE = (
    "The lake was drained in 1911, when the last of the boats had been sold to the fishers of the "
    "other shore. Nobody had asked them, and nobody asked what they did with so many boats. Some "
    "were burnt in the cold winter that followed, and one is still to be seen in the museum."
)
MILL = (
    "The mill stood where the brook left the hills. It ground rye for three villages until the "
    "railway came, and flour from the plains was cheaper than that of the miller. His daughter "
    "kept the wheel turning for another ten years, out of what she called plain obstinacy."
)
TOWER = (
    "A tower of brick was put up beside the road to the harbour. From its top one could count the "
    "sails in the bay, which is what the merchants paid the keeper for. He was known to sleep in "
    "the afternoons, and some of the ships came home without being counted at all."
)


class Paper:
    """A PDF that a test draws, with the places of lines counted in points from the top."""

    def __init__(self) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=(WIDTH, HEIGHT), invariant=True)

    def line(self, x: float, y: float, text: str, size: float = 10, font: str = BODY) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def prose(
        self, x: float, y: float, lines: Sequence[str], size: float = 10, *, leading: float = 12,
        indent: float = 0, font: str = BODY,
    ) -> float:  # fmt: skip
        """Draw lines below one another and return where the next would stand."""
        for number, line in enumerate(lines):
            self.line(x + (indent if not number else 0), y + number * leading, line, size, font)
        return y + len(lines) * leading

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self.canvas.line(x1, HEIGHT - y1, x2, HEIGHT - y2)

    def turn(self) -> None:
        self.canvas.showPage()

    def save(self) -> bytes:
        self.canvas.save()
        return self._file.getvalue()

    def read(self) -> Content:
        return load_pdf(self.save(), "paper.pdf")


def wrapped(
    text: str, width: float, size: float = 10, font: str = BODY, indent: float = 0
) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        room = width - (indent if len(lines) <= 1 else 0)
        if lines and stringWidth(f"{lines[-1]} {word}", BODY, 10) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def paragraphs(content: Content) -> list[str]:
    return content.text.split("\n\n")
