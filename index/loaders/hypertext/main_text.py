"""What of a web page is its main text, and what it says of itself. The door to trafilatura."""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from typing import Any

from index.loaders.hypertext.tree import CONTROL, hidden, take_out_comments
from index.loaders.trees import Element, Text, events

# Signs that no page has, that are printable and of no word: those of the blind and of hexagrams.
_DIGITS = [chr(code) for code in (*range(0x2801, 0x2900), *range(0x4DC0, 0x4E00))]
_MARK = re.compile(f"[{''.join(_DIGITS)}]+")
_VALUES = {sign: value for value, sign in enumerate(_DIGITS)}
_MOST_ELEMENTS = 100_000
_MOST_CHILDREN = 2_000
_MOST_ANCESTORS = 4_000_000  # of all elements together
logging.getLogger("trafilatura").addHandler(logging.NullHandler())
logging.getLogger("htmldate").addHandler(logging.NullHandler())


def _is_too_much(root: Element) -> bool:
    """Tell whether a tree is so large that trafilatura, whose time is not linear, may not end."""
    depths = {root: 1}
    total = 0
    for element in root.iter():
        if len(element) > _MOST_CHILDREN or len(depths) > _MOST_ELEMENTS:
            return True
        own = depths[element]
        total += own
        if total > _MOST_ANCESTORS:
            return True
        for child in element:
            depths[child] = own + 1
    return False


def main_texts(root: Element) -> frozenset[str]:
    """Return the paths of the text nodes that are a page's main text.

    None if none is found, or the page is so large that it is hardly one with something around it.
    Each text node of a copy is marked with its number, and the marks are read in what is left.
    """
    from trafilatura import bare_extraction

    if _is_too_much(root):
        return frozenset()
    copy = deepcopy(root)
    texts = [
        each for each in events(copy, skip=hidden) if isinstance(each, Text) and each.text.strip()
    ]
    paths = [each.path for each in texts]
    width = 1
    while len(_DIGITS) ** width < len(paths):
        width += 1
    for number, (element, text, _, behind) in enumerate(texts):
        own = text.lstrip()
        marked = (
            " " * (len(own) < len(text))
            + _mark(number, width)
            + CONTROL.sub("", _MARK.sub("", own))
        )
        if behind is None:
            element.text = marked
        else:
            behind.tail = marked
    take_out_comments(copy)  # which would end a paragraph for trafilatura
    try:
        found = bare_extraction(copy, include_comments=False)
    except Exception:  # whatever it breaks down on, the page is read without it
        return frozenset()
    body = getattr(found, "body", None)
    left = "" if body is None else "".join(body.itertext())
    numbers = (_value(mark[0]) for mark in _MARK.finditer(left) if len(mark[0]) == width)
    return frozenset(paths[number] for number in numbers if number < len(paths))


def page_meta(root: Element) -> dict[str, Any]:
    """Return what a page says of itself: its author, date, url, sitename and description.

    What it does not say is not there.
    """
    from trafilatura import extract_metadata

    copy = deepcopy(root)
    if _is_too_much(root):
        for child in copy:
            if child.tag == "body":
                child.clear()
    try:
        said = extract_metadata(copy, extensive=False)
    except Exception:  # likewise: what it does not find is not known
        return {}
    names = ("author", "date", "url", "sitename", "description")
    found = {name: getattr(said, name, None) for name in names}
    return {name: value for name, value in found.items() if value}


def _mark(number: int, width: int) -> str:
    signs = []
    for _ in range(width):
        number, digit = divmod(number, len(_DIGITS))
        signs.append(_DIGITS[digit])
    return "".join(signs)


def _value(mark: str) -> int:
    value = 0
    for sign in reversed(mark):
        value = value * len(_DIGITS) + _VALUES[sign]
    return value
