"""The names in the XML of office files: short ones, the same for both of their namespaces."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from index.loaders.trees import Element

_OPEN = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_FAMILIES = {
    "w": ("wordprocessingml/2006/main", "wordprocessingml/main"),
    "a": ("drawingml/2006/main", "drawingml/main"),
    "p": ("presentationml/2006/main", "presentationml/main"),
    "m": ("officeDocument/2006/math", "officeDocument/math"),
    "r": ("officeDocument/2006/relationships", "officeDocument/relationships"),
    "wp": ("drawingml/2006/wordprocessingDrawing", "drawingml/wordprocessingDrawing"),
    "dgm": ("drawingml/2006/diagram", "drawingml/diagram"),
    "c": ("drawingml/2006/chart", "drawingml/chart"),
}
_OTHERS = {
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingShape": "wps",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup": "wpg",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas": "wpc",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing": "wp14",
    "http://schemas.microsoft.com/office/drawing/2008/diagram": "dsp",
    "urn:schemas-microsoft-com:vml": "v",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
}
_SHORT = {
    **{_OPEN + old: prefix for prefix, (old, _) in _FAMILIES.items()},
    **{_STRICT + new: prefix for prefix, (_, new) in _FAMILIES.items()},
    **_OTHERS,
}
PREFIXES: Mapping[str, str] = MappingProxyType(
    {**_SHORT, **{_STRICT + new: f"{prefix}s" for prefix, (_, new) in _FAMILIES.items()}}
)
"""The prefix of each namespace in paths; those of "Strict" files are others: "ws" for "w"."""


@lru_cache(maxsize=4096)
def short(tag: str) -> str:
    """Return the short name of a tag, such as "w:p"; "" if it is of a namespace not known."""
    if not tag.startswith("{"):
        return ""
    uri, name = tag[1:].split("}", 1)
    prefix = _SHORT.get(uri)
    return "" if prefix is None else f"{prefix}:{name}"


@lru_cache(maxsize=512)
def _spellings(name: str) -> tuple[str, ...]:
    prefix, local = name.split(":")
    spelled = [f"{{{uri}}}{local}" for uri, known in _SHORT.items() if known == prefix]
    return (*spelled, local)


def kind(element: Element) -> str:
    """Return the short name of an element; "" for a comment and the like."""
    return short(element.tag) if isinstance(element.tag, str) else ""


def value(element: Element | None, name: str) -> str | None:
    """Return an attribute by its short name, such as "w:val"; None if there is none."""
    if element is None:
        return None
    for spelling in _spellings(name):
        if (found := element.get(spelling)) is not None:
            return str(found)
    return None


def number(element: Element | None, name: str, default: int = 0) -> int:
    """Return an attribute that is a number; the default if it is none of up to nine digits."""
    said = (value(element, name) or "").strip()
    digits = said[1:] if said.startswith("-") else said
    return int(said) if digits.isascii() and digits.isdigit() and len(digits) < 10 else default


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of a short name; None if there is none."""
    if element is None:
        return None
    return next((each for each in element if kind(each) == name), None)


def is_on(properties: Element | None, name: str) -> bool:
    """Tell whether a property is switched on: is there, and does not say that it is not."""
    found = child(properties, name)
    return found is not None and value(found, "w:val") not in ("0", "false", "off", "none")
