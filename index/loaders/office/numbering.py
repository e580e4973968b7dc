"""What Word counts the items of lists, and numbered headings, with."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.loaders.office.names import child, is_on, kind, number, value
from index.loaders.trees import Element

_PLACE = re.compile(r"%([1-9])")
_LONGEST = 40  # characters of what is written before a number
_ROMANS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999


class Level(NamedTuple):
    """How the items of one level of a list are counted.

    Attributes:
        format: The kind of its numbers, such as "decimal"; "bullet" or "none" for none.
        text: What stands before an item: "%1.%2)" for its number and that above it.
        start: The first number.
        legal: Whether the numbers above are shown as decimals.
    """

    format: str
    text: str
    start: int
    legal: bool


_NONE: dict[int, Level] = {}


class Label(NamedTuple):
    """What an item is shown with.

    Attributes:
        text: As Word shows it, such as "2.1" or "a)"; empty for a bullet.
        number: Its number where it is shown as that and a full stop; else None.
        bullet: Whether it is a bullet.
    """

    text: str
    number: int | None
    bullet: bool


class Numbering:
    """The lists of a document.

    Args:
        root: The root of numbering.xml; None if there is none.
    """

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        styles: dict[str, str] = {}
        links: dict[str, str] = {}
        for each in () if root is None else root:
            if kind(each) == "w:abstractNum":
                said = value(each, "w:abstractNumId") or ""
                self._levels[said] = dict(map(_level, filter(_is_level, each)))
                if name := value(child(each, "w:styleLink"), "w:val"):
                    styles[name] = said
                if name := value(child(each, "w:numStyleLink"), "w:val"):
                    links[said] = name
            elif kind(each) == "w:num":
                abstract = value(child(each, "w:abstractNumId"), "w:val") or ""
                starts = {
                    number(over, "w:ilvl"): number(child(over, "w:startOverride"), "w:val", 1)
                    for over in each
                    if kind(over) == "w:lvlOverride" and child(over, "w:startOverride") is not None
                }
                self._lists[value(each, "w:numId") or ""] = (abstract, starts)
        for said, name in links.items():
            if not self._levels[said] and name in styles:
                self._levels[said] = self._levels[styles[name]]
        self._counts: dict[str, dict[int, int]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def kind_of(self, listed: str) -> str:
        """Return what tells apart the lists that are counted together."""
        return self._lists.get(listed, (listed, _NONE))[0]

    def count(self, listed: str, depth: int) -> Label | None:
        """Count one more item of a list, and return what it is shown with.

        None if the list says that nothing stands before it, or there is no such list.
        """
        if listed not in self._lists:
            return None
        abstract, starts = self._lists[listed]
        levels = self._levels.get(abstract, _NONE)
        level = levels.get(depth)
        if level is None:
            return Label("", None, True) if not levels else None
        counts = self._counts.setdefault(abstract, {})
        if depth in starts and (listed, depth) not in self._restarted:
            self._restarted.add((listed, depth))
            counts[depth] = starts[depth]
        elif depth in counts:
            counts[depth] += 1
        else:
            counts[depth] = level.start
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if level.format == "bullet":
            return Label("", None, True)
        text = _PLACE.sub(lambda match: _said(int(match[1]) - 1, counts, levels, level), level.text)
        text = " ".join(text.split())[:_LONGEST]
        if level.format == "none" or not text:
            return Label(text, None, False) if text else None
        own = level.text.strip() == f"%{depth + 1}." and level.format == "decimal"
        return Label(text, counts[depth] if own else None, False)


def _is_level(element: Element) -> bool:
    return kind(element) == "w:lvl"


def _level(element: Element) -> tuple[int, Level]:
    start = number(child(element, "w:start"), "w:val", 1)
    said = value(child(element, "w:numFmt"), "w:val") or "decimal"
    text = (value(child(element, "w:lvlText"), "w:val") or "")[:_LONGEST]
    return number(element, "w:ilvl"), Level(said, text, start, is_on(element, "w:isLgl"))


def _said(depth: int, counts: dict[int, int], levels: dict[int, Level], own: Level) -> str:
    level = levels.get(depth)
    if level is None or level.format in ("bullet", "none"):
        return ""
    count = counts.get(depth, level.start)
    return written(count, "decimal" if own.legal else level.format)


def written(count: int, style: str) -> str:
    """Return a number as a format of Word's writes it; in digits if it is not known."""
    if style in ("lowerLetter", "upperLetter") and 0 < count <= 26 * 9:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters if style == "lowerLetter" else letters.upper()
    if style in ("lowerRoman", "upperRoman") and 0 < count <= _LARGEST_ROMAN:
        letters = ""
        for worth, sign in _ROMANS:
            letters += sign * (count // worth)
            count %= worth
        return letters if style == "lowerRoman" else letters.upper()
    return f"{count:02}" if style == "decimalZero" else str(count)
