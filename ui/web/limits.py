"""How much of their own a visitor may bring."""

from __future__ import annotations

from collections.abc import Sequence

from qa import Article, ArticleError

MAX_ARTICLES = 20
"""How many articles of their own a visitor may have at once."""
MAX_BYTES = 40_000_000
"""How many bytes these may have in all; one alone may have as many as any file."""

_LONGEST = 2_000_000  # code points of a text, unless much larger files are allowed
_TEXT_SHARE = 5  # of a document's bytes, at most one in so many is text


def check_size(name: str, size: int, most: int) -> None:
    """Make sure that a document is not too large.

    Args:
        name: Its name.
        size: How many bytes it has.
        most: How many it may have.

    Raises:
        ArticleError: It is too large.
    """
    if size > most:
        raise ArticleError(
            f"{name}: has {size:,} bytes; expected at most {most:,}. Add a part of it."
        )


def check_room(article: Article, beside: Sequence[Article], most: int) -> None:
    """Make sure that there is room for one article more.

    Args:
        article: The article.
        beside: Those that the visitor has.
        most: How many bytes a document may have.

    Raises:
        ArticleError: There is none: the text is too long, or there are too many, or they are too
            large together.
    """
    longest = max(_LONGEST, most // _TEXT_SHARE)
    if len(article.text) > longest:
        raise ArticleError(
            f"{article.id}: holds {len(article.text):,} characters of text; expected at most "
            f"{longest:,}. Add a part of it."
        )
    if len(beside) >= MAX_ARTICLES:
        raise ArticleError(
            f"{article.title}: is one article too many; remove one of the {len(beside)} first."
        )
    if beside and sum(map(_size, [article, *beside])) > MAX_BYTES:
        raise ArticleError(
            f"{article.title}: is too large beside what is there: all may have "
            f"{MAX_BYTES / 1e6:g} MB together; remove one first."
        )


def _size(article: Article) -> int:
    """Return how many bytes are kept of an article, about."""
    kept = None if article.original is None else article.original.data
    return len(article.text) + (0 if kept is None else len(kept))
