"""Documents that are trees of elements, shown as they look: sanitised, each text with its place."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from index.loaders.trees import Element, End, Start, Text, events
from index.places import Part, Places, Run

# All that a shown document is made of: nothing that fetches, runs, leads away or has a style.
_TAGS = frozenset((
    "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "caption", "cite",
    "code", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q",
    "ruby", "s", "samp", "section", "small", "span", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul", "var",
))  # fmt: skip
_EMPTY = frozenset(("br", "hr", "wbr"))
_NUMBERS = {
    "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "ol": ("start",), "li": ("value",),
}  # fmt: skip
_LARGEST = 1000  # of those numbers
_COUNTED = frozenset(("p", "li", "h1", "h2", "h3", "h4", "h5", "h6"))
_BEGINS = re.compile(r"(?P<indent> *)(?P<signs>#{1,6} )?(?P<marker>[^\s|]{1,40} )?")
_LISTED = re.compile(r"-|\(?\w{1,8}[.)]")
_DEEPEST_LIST = 5
_DEEPEST = 200  # elements in one another; browsers part what is much deeper
_LONGEST_ALT = 1000
# What a browser would change or leave out when it reads it, and so shift all offsets behind it.
_UNSTABLE = str.maketrans({"\r": "&#13;", "\0": "\N{REPLACEMENT CHARACTER}"})


@dataclass(frozen=True)
class Markup:
    """How the trees of a format are read and shown.

    Attributes:
        trees: Returns the parts of a document, given its bytes, and the root element of each; the
            same each time. Raises what the loader raises.
        tag_of: Which element of HTML stands for an element when it is shown, such as "p" for a
            ``w:p``; None for one that shows only what is in it. An "img" shows what it says instead
            of the picture, an "a" leads nowhere.
        hidden: Whether nothing in an element is ever shown: a script, a deleted stretch.
        prefixes: The prefixes in the paths of its text nodes: see ``index.loaders.trees``.
        counted: Whether what is an item or a heading, and its number, is no element of its trees,
            so that it is taken from the article's text.
    """

    trees: Callable[[bytes], Iterable[tuple[Part, Element]]]
    tag_of: Callable[[Element], str | None]
    hidden: Callable[[Element], bool]
    prefixes: Mapping[str, str] | None = None
    counted: bool = False


def view_of(data: bytes, markup: Markup, places: Places, text: str = "") -> str:
    """Return a document as HTML that is safe in a page, in time linear to its size.

    Each part is a ``<section data-part='chapter 3'>``. Each stretch that is in the article is a
    ``<span data-start='N'>``, whose text begins at ``article.text[N]``; where the article has it
    several times, as the cells of a table that span rows, ``data-also='M K'`` says where else.
    What items and headings begin with is ``data-marker``, and how deep a list is ``data-depth``,
    where that stands nowhere in the document. Nothing is fetched or run, and no other attributes
    are there but small numbers.

    Args:
        data: The document.
        markup: How its format is shown.
        places: Where the article's text stands in it.
        text: That text.

    Raises:
        ArticleError: What the loader raises.
    """
    runs = _by_node(places)
    numbers: dict[Part, int] = {}
    for number, part in enumerate(places.parts):
        numbers.setdefault(part, number)
    shown: list[str] = []
    for part, root in markup.trees(data):
        shown.append(f"<section data-part='{_escaped(part.label)}'>")
        own = runs.get(numbers.get(part, -1), {})
        shown += _tree(root, markup, own, text if markup.counted else "")
        shown.append("</section>")
    return "".join(shown)


def _by_node(places: Places) -> dict[int, dict[str, list[Run]]]:
    """Return the runs of each text node of each part, in order."""
    nodes: dict[int, dict[str, list[Run]]] = {}
    for run in places.runs():
        if run.path >= 0:
            nodes.setdefault(run.part, {}).setdefault(places.paths[run.path], []).append(run)
    for paths in nodes.values():
        for runs in paths.values():
            runs.sort(key=lambda run: (run.at, run.start))
    return nodes


def _tree(root: Element, markup: Markup, runs: Mapping[str, list[Run]], article: str) -> list[str]:
    """Return the pieces of HTML that show a tree."""
    shown: list[str] = []
    open_tags: list[str | None] = []
    depth = 0
    block: tuple[int, int] | None = None  # where a block begins that shows no text yet
    for event in events(root, skip=markup.hidden, prefixes=markup.prefixes):
        element = event.element
        if isinstance(event, Text):
            own = runs.get(event.path, ())
            if own and block is not None:
                place, level = block
                block_tag, said = _counted(article, own[0].start, open_tags[level] or "p")
                shown[place], open_tags[level] = f"<{block_tag}{said}>", block_tag
                block = None
            shown += _text(event.text, own)
        elif isinstance(event, Start):
            tag = markup.tag_of(element)
            name = "span" if tag == "a" else tag if tag in _TAGS and depth < _DEEPEST else None
            open_tags.append(name)
            depth += name is not None
            if tag == "img":
                alt = (element.get("alt") or element.get("descr") or "").strip()[:_LONGEST_ALT]
                shown.append(f"<span class='alt'>{_escaped(alt)}</span>" if alt else "")
            elif tag in _EMPTY:
                shown.append(f"<{tag}>")
            elif name is not None:
                if article and name in _COUNTED:
                    block = len(shown), len(open_tags) - 1
                shown.append(f"<{name}{_attributes(element, tag)}>")
        elif isinstance(event, End) and (name := open_tags.pop()) is not None:
            depth -= 1
            block = None if name in _COUNTED else block
            shown.append(f"</{name}>")
    return shown


def _counted(article: str, start: int, tag: str) -> tuple[str, str]:
    """Return which element a block is, by how it begins in the article's text, and its attributes.

    What a paragraph of an office file is, its styles say, or the shape that it is in; the text has
    it as Markdown does.
    """
    before = _BEGINS.fullmatch(article, article.rfind("\n", 0, start) + 1, start)
    if before is None:
        return tag, ""
    depth = min(len(before["indent"]) // 2, _DEEPEST_LIST)
    marker = (before["marker"] or "").strip()
    if before["signs"]:
        tag = f"h{len(before['signs']) - 1}"
    elif tag == "p" and _LISTED.fullmatch(marker):
        tag = "li"
    elif tag == "p":
        return tag, ""
    said = f" data-depth='{depth}'" if depth else ""
    return tag, said if marker in ("", "-") else f"{said} data-marker='{_escaped(marker)}'"


def _attributes(element: Element, tag: str | None) -> str:
    if tag == "a":
        return " class='link'"
    said = ((name, element.get(name)) for name in _NUMBERS.get(tag or "", ()))
    return "".join(
        f" {name}='{int(number)}'"
        for name, number in said
        if number and number.isascii() and number.isdigit() and len(number) < 5
        and int(number) <= _LARGEST
    )  # fmt: skip


def _text(text: str, runs: Iterable[Run]) -> Iterator[str]:
    """Return a text node, of which some stretches are in the article."""
    place = 0
    for (at, length), same in groupby(runs, key=lambda run: (run.at, run.length)):
        first, *others = (run.start for run in same)
        if at < place or at + length > len(text):  # of another document
            continue
        also = f" data-also='{' '.join(map(str, others))}'" if others else ""
        yield _escaped(text[place:at])
        place = at + length
        yield f"<span data-start='{first}'{also}>{_escaped(text[at:place])}</span>"
    yield _escaped(text[place:])


def _escaped(text: str) -> str:
    return html.escape(text).translate(_UNSTABLE)
