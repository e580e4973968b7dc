"""What a loader makes of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from index.meta import NO_META


class Content(NamedTuple):
    """What an article is made of.

    Attributes:
        title: What a person calls it.
        text: The whole text, in which all offsets count code points.
        meta: What the source knows besides, as JSON could hold it: see
            :class:`index.articles.Article`.
    """

    title: str
    text: str
    meta: Mapping[str, Any] = NO_META


Loader: TypeAlias = Callable[[bytes, str], Content]
"""Reads the bytes of a file, whose name is given for its title and for error messages.

Raises an :class:`index.errors.ArticleError` that begins with the name if it cannot. May be called
by several threads at once.
"""
