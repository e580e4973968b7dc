"""Documents that are trees of elements, shown as they look: sanitised, each text with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from index.loaders.trees import Element
from index.places import Part


@dataclass(frozen=True)
class Markup:
    """How the trees of a format are read and shown.

    Attributes:
        trees: Returns the parts of a document, given its bytes, and the root element of each; the
            same each time. Raises what the loader raises.
        tag_of: Which element of HTML stands for an element when it is shown, such as "p" for a
            ``w:p``; None for one that shows only what is in it.
        hidden: Whether nothing in an element is ever shown: a script, a deleted stretch.
        prefixes: The prefixes in the paths of its text nodes: see ``index.loaders.trees``.
    """

    trees: Callable[[bytes], Iterable[tuple[Part, Element]]]
    tag_of: Callable[[Element], str | None]
    hidden: Callable[[Element], bool]
    prefixes: Mapping[str, str] | None = None
