"""How the articles of an index are kept: a line for each, and beside it where its text stands."""

from __future__ import annotations

import itertools
import json
import mmap
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from index.articles import Article
from index.meta import Meta
from index.originals import Original
from index.places import NO_PLACES, PackedPlaces, Places

_LINES = "articles.jsonl"
_PLACES = "places.bin"
_BOUNDS = "place_bounds.npy"
_ORIGINAL = ("media_type", "sha256", "path", "encoding", "size", "modified")
_MAPPED_FROM = 1 << 20  # bytes; smaller files are read

ARTICLE_FILES = frozenset((_LINES, _PLACES, _BOUNDS))
OLD_ARTICLE_FILES = frozenset((_LINES,))
"""Of format 4, in which an article has neither places nor an original."""


def write_articles(articles: Iterable[Article], folder: Path) -> None:
    """Write the articles of an index, one a line, and their places, one after another."""
    bounds = [0]
    with (
        (folder / _LINES).open("w", encoding="ascii", newline="\n") as lines,
        (folder / _PLACES).open("wb") as places,
    ):
        for article in articles:
            lines.write(json.dumps(_line(article)) + "\n")
            packed = b"" if article.places is NO_PLACES else article.places.to_bytes()
            places.write(packed)
            bounds.append(bounds[-1] + len(packed))
    np.save(folder / _BOUNDS, np.array(bounds, dtype=np.int64), allow_pickle=False)


def read_articles(folder: Path) -> tuple[Article, ...]:
    """Read the articles of an index; places are unpacked when they are first asked for.

    Raises:
        ArticleError: One is none.
        KeyError, OSError, TypeError, ValueError: The files are of something else.
    """
    with (folder / _LINES).open("rb") as file:
        lines = [json.loads(line) for line in file]
    places = _places(folder, len(lines))
    return tuple(_article(line, own) for line, own in zip(lines, places, strict=True))


def _line(article: Article) -> dict[str, Any]:
    """Return an article as JSON can hold it; without what it lacks, as earlier programs wrote."""
    line = {name: getattr(article, name) for name in ("id", "title", "text", "source")}
    if article.meta:
        line["meta"] = Meta(article.meta).to_dict()
    if article.notes:
        line["notes"] = article.notes
    original = article.original
    if original is not None and original.path is not None:  # else it is not to be had again
        known = asdict(original)
        line["original"] = {name: known[name] for name in _ORIGINAL}
    return line


def _article(line: Mapping[str, Any], places: Places) -> Article:
    known = dict(line)
    original = known.pop("original", None)
    if original is not None:
        known["original"] = Original(**{name: original[name] for name in _ORIGINAL})
    return Article(**{**known, "notes": tuple(known.get("notes", ()))}, places=places)


def _places(folder: Path, count: int) -> Sequence[Places]:
    if not (folder / _BOUNDS).exists():
        return [NO_PLACES] * count
    bounds = np.load(folder / _BOUNDS, allow_pickle=False)
    path = folder / _PLACES
    size = path.stat().st_size
    whole = bounds.dtype == np.int64 and bounds.shape == (count + 1,)
    if not whole or bounds[0] != 0 or bounds[-1] != size or (np.diff(bounds) < 0).any():
        raise ValueError("the bounds of the places do not fit")
    starts = bounds.tolist()
    data = _contents(path)
    return [
        PackedPlaces(data[start:end]) if end > start else NO_PLACES
        for start, end in itertools.pairwise(starts)
    ]


def _contents(path: Path) -> memoryview:
    # Windows renames no folder with a file that is mapped, and so could not replace the index.
    if path.stat().st_size < _MAPPED_FROM or os.name == "nt":
        return memoryview(path.read_bytes())
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
