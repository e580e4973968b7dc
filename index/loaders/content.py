"""What a loader makes of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from index.meta import NO_META
from index.places import NO_PLACES, Places


class Content(NamedTuple):
    """What an article is made of.

    Attributes:
        title: What a person calls it.
        text: The whole text, in which all offsets count code points. What is a heading, an item or
            a row of a table in the document is written as Markdown has it.
        meta: What the source knows besides, as JSON could hold it: see
            :class:`index.articles.Article`.
        places: Where the text stands in the document.
        media_type: What the document is, such as "application/pdf".
        notes: What a person should know of how it was read, in whole sentences: which encoding was
            guessed, which pages hold no text.
    """

    title: str
    text: str
    meta: Mapping[str, Any] = NO_META
    places: Places = NO_PLACES
    media_type: str = "text/plain"
    notes: tuple[str, ...] = ()


Loader: TypeAlias = Callable[[bytes, str], Content]
"""Reads the bytes of a file, whose name is given for its title and for error messages.

Raises an :class:`index.errors.ArticleError` that begins with the name if it cannot. May be called
by several threads at once.
"""
