"""How lines begin that are more than lines: items of lists, captions, footnotes, sections."""

from __future__ import annotations

import re
from typing import NamedTuple

_BULLET = re.compile(r"([•●○◦▪▫■□◆◇‣⁃∙·➢➤►▶▸✓✔✗✘❖★☆✦→⇒\uf000-\uf0ff])\s*(?=\S)|([-–—*])\s+(?=\S)")
_DRAWN_AS_LETTER = re.compile(r"[oØüvq§]\s+(?=\S)")  # bullets of symbol fonts, told by their gap
_EXCLAMATION = re.compile(r"!\s+(?=\S)")  # the same, but a list of one is a sign beside text
_NUMBER = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_LABEL = re.compile(
    r"\((\d{1,3}|[A-Za-z]|[ivxl]{1,5})\)\s+(?=\S)|([A-Za-z]|[ivxl]{1,5})[.)]\s+(?=\S)"
)
_REFERENCE = re.compile(r"\[\d{1,4}\]\s*(?=\S)")
_CAPTION = re.compile(
    r"(fig(ure|ura|\.)?|tab(le|elle|leau|la|\.)?|abb(ildung|\.)|chart|scheme|plate|exhibit|listing"
    r"|algorithm|box|photo|map|diagram|graphique|schema|obr|рис|таблица|図|表|图)"
    r"\s*([A-Z]?\.?\d+([.-]\d+)*[a-z]?|[IVXL]+\b)\s*([.:–—|)]|\s[A-Z]|$)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(\d{1,3}|[*†‡§¶‖#]{1,3}|[a-z](?=\s?[A-Z]))[.)]?\s*(?=[^\s\d.,])")
_SECTION = re.compile(r"(\d{1,2}(\.\d{1,2})*|[A-Z](\.\d{1,2})+|[IVX]{1,5}\.)\.?\s+(?=[^\W\d_a-z])")
_LEADERS = re.compile(r"((\. ?){4,}|(…\s?){2,}|_{5,})\s*\S{0,8}\Z")

UNSURE = "bullet !"
"""A kind of marks that needs another."""


class Mark(NamedTuple):
    """What an item of a list begins with.

    Attributes:
        kind: What sort of sign it is; items of one list have the same.
        length: How many characters it has, with the blank behind it.
        number: Its number; None for one without.
        kept: Whether it says something that its place in the list does not.
    """

    kind: str
    length: int
    number: int | None = None
    kept: bool = False


def item_mark(text: str, *, apart: bool = False) -> Mark | None:
    """Return what makes a line the first of an item.

    Args:
        text: The line.
        apart: Whether a wide gap follows its first word.
    """
    if found := _BULLET.match(text):
        return Mark(f"bullet {found[1] or 'dash'}", found.end())
    if apart and (found := _DRAWN_AS_LETTER.match(text)):
        return Mark(f"bullet {text[0]}", found.end())
    if apart and (found := _EXCLAMATION.match(text)):
        return Mark(UNSURE, found.end())
    if found := _NUMBER.match(text):
        return Mark(f"number {text[found.end(1)]}", found.end(), int(found[1]))
    if found := _LABEL.match(text):
        return _label(found)
    if found := _REFERENCE.match(text):
        return Mark("reference", found.end(), int(text[1 : text.index("]")]), kept=True)
    return None


def _label(found: re.Match[str]) -> Mark:
    said = found[1] or found[2]
    value = int(said) if said.isdigit() else ord(said[0]) - ord("a" if said.islower() else "A") + 1
    kind = "number" if said.isdigit() else "small" if said.islower() else "large"
    shape = "()" if found[1] else found[0].rstrip()[-1]
    return Mark(f"label {kind} {shape}", found.end(), value if len(said) == 1 else None, kept=True)


def is_caption(text: str) -> bool:
    """Tell whether a line begins as the caption of a figure or a table does."""
    return _CAPTION.match(text) is not None


def note_mark(text: str) -> str | None:
    """Return the mark that a line begins with as footnotes do."""
    found = _NOTE.match(text)
    return found[1] if found else None


def section_depth(text: str) -> int:
    """Return how deep a section is by the number that its heading begins with: 2 for "3.1 Wine".

    0 where no such number is.
    """
    found = _SECTION.match(text)
    return found[1].rstrip(".").count(".") + 1 if found else 0


def has_leaders(text: str) -> bool:
    """Tell whether a line ends as that of a table of contents does: dots, and a number."""
    return _LEADERS.search(text) is not None
