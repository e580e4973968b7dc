"""Trees of elements, such as those of HTML and of the XML in office files, and their text nodes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

Element: TypeAlias = Any  # an element of lxml, which has no types

_SAYABLE = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)


class Start(NamedTuple):
    """An element begins."""

    element: Element


class Text(NamedTuple):
    """A text node, whole.

    Attributes:
        element: The element that it is in.
        text: What it holds, never empty.
        path: Its XPath from the root: ``/html/body/p[2]/text()[1]``.
        behind: What it stands right behind, in its element; None if it begins it.
    """

    element: Element
    text: str
    path: str
    behind: Element | None = None


class End(NamedTuple):
    """An element ends."""

    element: Element


Event: TypeAlias = Start | Text | End


def events(
    root: Element,
    *,
    skip: Callable[[Element], bool] = lambda element: False,
    prefixes: Mapping[str, str] | None = None,
) -> Iterator[Event]:
    """Return what is met on a walk of a tree, in order; in time linear to its size.

    Comments and processing instructions are left out, and counted as XPath counts: they part text
    nodes.

    Args:
        root: The root element.
        skip: Tells which elements are left out, with all that is in them.
        prefixes: The prefix of each namespace, by its URI, for the paths. What is in another, or
            has a name that XPath cannot say, is ``*[3]``: the third of all the elements there.
    """
    called = prefixes or {}
    path = f"/{_name(root, called)}"
    yield Start(root)
    stack = [(root, path, iter(root), Counter[str](), [0])]
    if root.text:
        stack[0][4][0] += 1
        yield Text(root, root.text, f"{path}/text()[1]")
    while stack:
        parent, path, children, names, _ = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield End(parent)
            if stack and parent.tail:
                yield _tail(parent, stack[-1])
            continue
        if not isinstance(child.tag, str):  # a comment, an instruction or an entity
            if child.tail:
                yield _tail(child, stack[-1])
            continue
        name = _name(child, called)
        names["*"] += 1
        if name != "*":
            names[name] += 1
        if skip(child):
            if child.tail:
                yield _tail(child, stack[-1])
            continue
        own = f"{path}/{name}[{names[name]}]"
        yield Start(child)
        stack.append((child, own, iter(child), Counter(), [0]))
        if child.text:
            stack[-1][4][0] += 1
            yield Text(child, child.text, f"{own}/text()[1]")


def _tail(child: Element, above: tuple[Element, str, Any, Any, list[int]]) -> Text:
    parent, path, _, _, texts = above
    texts[0] += 1
    return Text(parent, child.tail, f"{path}/text()[{texts[0]}]", child)


def _name(element: Element, prefixes: Mapping[str, str]) -> str:
    """Return the name of an element as XPath has it; ``*`` if it cannot be said."""
    tag: str = element.tag
    if not tag.startswith("{"):
        return tag if _SAYABLE.match(tag) else "*"
    uri, name = tag[1:].split("}", 1)
    return f"{prefixes[uri]}:{name}" if uri in prefixes else "*"
