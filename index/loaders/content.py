"""What a loader makes of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias


class Content(NamedTuple):
    """What an article is made of.

    Attributes:
        title: What a person calls it.
        text: The whole text, in which all offsets count.
    """

    title: str
    text: str


Loader: TypeAlias = Callable[[bytes, str], Content]
"""Reads the bytes of a file, whose name is given for its title and for error messages.

Raises an :class:`index.errors.ArticleError` that begins with the name if it cannot.
"""
