"""What stands around the text of a web page: navigation, footers, cookie banners, comments."""

from __future__ import annotations

import re

from index.loaders.hypertext.tree import hidden
from index.loaders.trees import Element, End, Start, Text, events

_TAGS = frozenset(("nav", "footer", "aside", "dialog", "menu"))
_ROLES = frozenset(
    [
        "alertdialog",
        "banner",
        "complementary",
        "contentinfo",
        "dialog",
        "menu",
        "menubar",
        "navigation",
        "search",
        "toolbar",
    ]
)
_WORDS = frozenset(
    [
        "ad",
        "ads",
        "advert",
        "advertisement",
        "advertising",
        "banner",
        "breadcrumb",
        "breadcrumbs",
        "comment",
        "comments",
        "consent",
        "cookie",
        "cookies",
        "disqus",
        "footer",
        "gdpr",
        "masthead",
        "menu",
        "modal",
        "nav",
        "navbar",
        "navigation",
        "navbox",
        "newsletter",
        "noprint",
        "pagination",
        "popup",
        "promo",
        "recommended",
        "related",
        "share",
        "sharing",
        "sidebar",
        "signup",
        "skip",
        "social",
        "sponsored",
        "subscribe",
        "teaser",
        "toolbar",
        "widget",
        "widgets",
    ]
)
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NEVER = frozenset(("html", "body", "main", "article", "table", "tbody", "p", "pre"))
_MOST = 0.5  # of the text; what holds more is not what stands around it


def furniture_of(root: Element) -> set[Element]:
    """Return the elements that stand around a page's text, and all that are in them.

    Only those that hold text count. Takes time linear to the size of the tree.
    """
    lengths: dict[Element, int] = {}
    suspected: list[Element] = []
    total = 0
    starts: dict[Element, int] = {}
    for event in events(root, skip=hidden):
        element = event.element
        if isinstance(event, Text):
            total += len(event.text.strip())
        elif isinstance(event, Start):
            starts[element] = total
            if _is_suspect(element):
                suspected.append(element)
        elif isinstance(event, End):
            lengths[element] = total - starts.pop(element)
    found: set[Element] = set()
    for element in suspected:
        if element not in found and 0 < lengths[element] <= _MOST * total:
            found.update(element.iter())
    return found


def _is_suspect(element: Element) -> bool:
    tag = element.tag
    if tag in _NEVER:
        return False
    if tag in _TAGS or element.get("role") in _ROLES:
        return True
    if tag == "header":
        return element.find(".//nav") is not None
    for name in (*(element.get("class") or "").split(), element.get("id") or ""):
        parts = [part.lower() for part in _PARTS.findall(name[:100])]
        if parts and (parts[0] in _WORDS or parts[-1] in _WORDS):
            return True
    return False
