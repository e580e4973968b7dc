"""Whether the places of a text are right: its document, read again there, is the text."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

import numpy as np

from eval.documents.agreement import NOTHING, Share
from index.loaders.formats import markup_of_type
from index.loaders.markup import Markup
from index.loaders.text_encodings import decode_bytes
from qa import Article, Original, Part, Place, Places

_LONGEST = 80  # code points of a span; every tenth is up to fifty times as long
_PDF = "application/pdf"

ReadAgain = Callable[[Place], str]
"""Reads what stands at a place of a document."""


def spans_right(article: Article, count: int, seed: int = 0) -> Share:
    """Read random spans of an article again in its document.

    What has no place there is left out of the comparison; :func:`unplaced` tells how much that is.

    Returns:
        How many of them are there what they are in the text; of none if it keeps no places.
    """
    if article.original is None:
        return NOTHING
    read = reader_of(article.original)
    placed = placed_in(article.text, article.places)
    generator = random.Random(zlib.crc32(article.id.encode()) + seed)
    right = 0
    for number in range(count):
        longest = _LONGEST if number % 10 else 50 * _LONGEST
        start = generator.randrange(len(article.text))
        end = min(len(article.text), start + generator.randint(1, longest))
        expected = "".join(
            code for code, known in zip(article.text[start:end], placed[start:end], strict=True)
            if known
        )  # fmt: skip
        right += "".join(map(read, article.places.of(start, end))) == expected
    return Share(right, count)


def unplaced(article: Article) -> Share:
    """Return how many of an article's letters have no place in its document.

    What the writer of a text puts in has no letters: blanks, line breaks, signs and numbers of
    lists, rules of tables.
    """
    if article.original is None:
        return NOTHING
    placed = placed_in(article.text, article.places)
    letters = [known for code, known in zip(article.text, placed, strict=True) if code.isalpha()]
    return Share(len(letters) - sum(letters), len(letters))


def placed_in(text: str, places: Places) -> list[bool]:
    """Return of each code point of a text whether it has a place."""
    placed = np.zeros(len(text), dtype=bool)
    for run in places.runs():
        placed[run.start : run.start + run.length] = True
    listed: list[bool] = placed.tolist()
    return listed


def reader_of(original: Original) -> ReadAgain:
    """Return what reads a document again, at places of its text.

    Raises:
        ArticleError: It is gone, or has changed.
    """
    data = original.read()
    if original.media_type == _PDF:
        return _Pages(data)
    markup = markup_of_type(original.media_type)
    if markup is not None:
        return _Trees(markup, data)
    text = decode_bytes(data, "document", original.encoding).text
    return lambda place: text[place.start : place.end]


class _Pages:
    """Reads characters of pages, each of which is opened once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._letters: dict[int, list[int]] = {}

    def __call__(self, place: Place) -> str:
        """Return what stands at a place."""
        from index.loaders.pdf.drawing import letters_of_page

        number = place.part.number or 1
        if number not in self._letters:
            self._letters[number] = letters_of_page(self._data, number)
        return "".join(map(chr, self._letters[number][place.start : place.end]))


class _Trees:
    """Reads text nodes of trees, each of which is looked up once."""

    def __init__(self, markup: Markup, data: bytes) -> None:
        self._roots = dict(markup.trees(data))
        self._namespaces = {prefix: uri for uri, prefix in (markup.prefixes or {}).items()}
        self._nodes: dict[tuple[Part, str | None], str] = {}

    def __call__(self, place: Place) -> str:
        """Return what stands at a place; nothing if there is not one such text node."""
        key = place.part, place.path
        if key not in self._nodes:
            root = self._roots.get(place.part)
            found = [] if root is None else root.xpath(place.path, namespaces=self._namespaces)
            self._nodes[key] = str(found[0]) if len(found) == 1 else ""
        return self._nodes[key][place.start : place.end]
