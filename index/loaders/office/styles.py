"""What the styles of a Word document make of its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from index.loaders.office.names import child, is_on, kind, number, value
from index.loaders.trees import Element

_HEADING = re.compile(
    r"(?:heading|head|überschrift|titre|título|titulo|titolo|kop|overskrift|rubrik|otsikko"
    r"|nagłówek|nadpis|címsor|заголовок|başlık|標題|标题|見出し|제목)\s*([1-9])\Z"
)
_TITLES = frozenset(
    ("title", "titel", "titre", "título", "titolo", "tittel", "otsikko", "название")
)
_CONTENTS = re.compile(r"(?:toc|contents|verzeichnis|inhaltsverzeichnis|tm)\s*(?:[1-9]|heading)\Z")
_BODY = 9  # the level of an outline that is none


class Style(NamedTuple):
    """What a style says of its paragraphs.

    Attributes:
        level: The level of the heading that they are, from 1; 0 if they are none.
        title: Whether they are the document's title.
        contents: Whether they are lines of a table of contents.
        list: The number of the list that they are items of; None if they are none.
        depth: The level in that list, from 0.
    """

    level: int = 0
    title: bool = False
    contents: bool = False
    list: str | None = None
    depth: int = 0


PLAIN = Style()


class Styles:
    """The paragraph styles of a document, and which of its characters' styles raise them.

    Attributes:
        raising: The ids of those that do.

    Args:
        root: The root of styles.xml; None if there is none.
    """

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._default = ""
        self.raising: set[str] = set()
        for each in () if root is None else root:
            said = value(each, "w:styleId") or ""
            if kind(each) == "w:style" and is_raised(each):
                self.raising.add(said)
            if kind(each) != "w:style" or value(each, "w:type") not in (None, "paragraph"):
                continue
            self._elements.setdefault(said, each)
            if value(each, "w:default") in ("1", "true", "on"):
                self._default = said
        self._known: dict[str, Style] = {}

    def of(self, said: str | None) -> Style:
        """Return what a style says, by its id; None is that of paragraphs that name none."""
        said = self._default if said is None else said
        chain: list[str] = []  # from the style to the one that is known, or based on none
        while said in self._elements and said not in self._known and said not in chain[-1:]:
            self._known[said] = PLAIN  # until it is found; a circle ends here
            chain.append(said)
            said = value(child(self._elements[said], "w:basedOn"), "w:val") or ""
        style = self._known.get(said, PLAIN)
        if not chain and said not in self._elements:
            return _named(said, PLAIN)  # what is not defined may still be named for what it is
        for each in reversed(chain):
            self._known[each] = style = _own(self._elements[each], style)
        return style


def _own(element: Element, base: Style) -> Style:
    style = _named(value(child(element, "w:name"), "w:val") or "", base)
    return formatted(child(element, "w:pPr"), style)


def _named(name: str, base: Style) -> Style:
    name = " ".join(name.casefold().split())
    if match := _HEADING.match(name):
        return base._replace(level=int(match[1]))
    return base._replace(
        title=base.title or name in _TITLES,
        contents=base.contents or _CONTENTS.match(name) is not None,
    )


def formatted(properties: Element | None, style: Style) -> Style:
    """Return a style with what a paragraph's, or another style's, own properties change of it."""
    if properties is None:
        return style
    outline = child(properties, "w:outlineLvl")
    if outline is not None:
        level = number(outline, "w:val", _BODY)
        style = style._replace(level=level + 1 if 0 <= level < _BODY else 0)
    listed = child(properties, "w:numPr")
    if listed is not None:
        if (said := child(listed, "w:numId")) is not None:
            which = value(said, "w:val")
            style = style._replace(list=None if which in (None, "0") else which)
        if (said := child(listed, "w:ilvl")) is not None:
            style = style._replace(depth=min(max(number(said, "w:val"), 0), 8))
    return style


def is_initial(properties: Element | None) -> bool:
    """Tell whether a paragraph is the large letter that the next one begins with."""
    frame = child(properties, "w:framePr")
    return value(frame, "w:dropCap") in ("drop", "margin")


def is_vanished(run: Element) -> bool:
    """Tell whether a run of text is one that Word does not show."""
    return is_on(child(run, "w:rPr"), "w:vanish")


def is_raised(run: Element, raising: Collection[str] = ()) -> bool:
    """Tell whether a run of text is raised, by itself or by its style.

    Args:
        run: The run, or a style.
        raising: The ids of the styles that raise what is of them.
    """
    properties = child(run, "w:rPr")
    if properties is None:
        return False
    if (said := child(properties, "w:vertAlign")) is not None:
        return value(said, "w:val") == "superscript"
    return bool(raising) and value(child(properties, "w:rStyle"), "w:val") in raising


def style_id(properties: Element | None) -> str | None:
    """Return the id of the style that a paragraph's properties name; None if they name none."""
    return value(child(properties, "w:pStyle"), "w:val")
