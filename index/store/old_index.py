"""Reads the indexes of earlier programs: a folder of arrays, in the formats 3, 4 and 5.

Their words are counted otherwise than today's, so that what is taken of them are the articles and,
of the formats 4 and 5, how they were cut and embedded.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import mmap
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.articles import Article
from index.errors import ArticleError, SavedIndexError, SettingError
from index.models.encoder import Vectors
from index.originals import Original
from index.places import NO_PLACES, PackedPlaces, Places
from index.store.base import Cut, Made
from index.store.settings import Fusion, IndexSettings

_FORMAT = "article-qa index"
_ARTICLES_ONLY, _WITHOUT_PLACES, _NEWEST = 3, 4, 5
_MANIFEST = "manifest.json"
_LINES, _PLACES, _BOUNDS = "articles.jsonl", "places.bin", "place_bounds.npy"
_ARRAYS = ("sentences", "passages", "vectors")
_UNREAD = (
    *("stems", "stem_bounds", "posting_passages", "posting_scores"),
    *("centroids", "cluster_bounds", "cluster_rows", "codes", "code_ranges"),
)
_ORIGINAL = ("media_type", "sha256", "path", "encoding", "size", "modified")
_MAPPED_FROM = 1 << 20  # bytes; smaller files are read
_AGAIN = "make a library anew with `article-qa library add`"

OLD_FILES = frozenset(
    (_MANIFEST, _LINES, _PLACES, _BOUNDS, *(f"{name}.npy" for name in (*_ARRAYS, *_UNREAD)))
)
"""What the folder of such an index may consist of."""


@dataclass(frozen=True, eq=False)
class OldCut:
    """How an article of an old index was cut and embedded.

    Attributes:
        cut: How it was cut.
        vectors: The vectors of its sentences, float32, shaped (sentences, dimension).
    """

    cut: Cut
    vectors: Vectors


class OldIndex(NamedTuple):
    """An index of an earlier program.

    Attributes:
        made: What made its vectors.
        settings: How its articles were cut.
        articles: The articles, each with how it was cut; None where that is not to be taken over.
            They are read as they are asked for, which raises a SavedIndexError at one that is none.
    """

    made: Made
    settings: IndexSettings
    articles: Iterator[tuple[Article, OldCut | None]]


def is_old_index(folder: Path) -> bool:
    """Tell whether the index of an earlier program is in a folder."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_bytes())
    except (OSError, RecursionError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("format") == _FORMAT


def remove_old(folder: Path) -> None:
    """Remove the index of an earlier program, as far as it can be; what else is there stays."""
    # The manifest goes last: as long as it is there, the rest is known for what it is.
    for name in sorted(OLD_FILES, key=_MANIFEST.__eq__):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def read_old(folder: Path) -> OldIndex:
    """Open an index of an earlier program; its articles are read one by one.

    Raises:
        SavedIndexError: It is missing, damaged, or of a format that this program does not read.
    """
    manifest = _manifest(folder)
    version = manifest.get("version")
    if version not in (_ARTICLES_ONLY, _WITHOUT_PLACES, _NEWEST):
        raise SavedIndexError(
            f"{folder}: the index has format version {version} and this program reads versions "
            f"{_ARTICLES_ONLY} to {_NEWEST}; {_AGAIN}."
        )
    names = [_LINES]
    if version != _ARTICLES_ONLY:
        names += [f"{name}.npy" for name in _ARRAYS]
    if version == _NEWEST:
        names += [_PLACES, _BOUNDS]
    try:
        settings = _settings(folder, manifest)
        made = Made(str(manifest["encoder"]["name"]), int(manifest["encoder"]["dimension"]))
        count = int(manifest["counts"]["articles"])
        _check_files(folder, names, manifest["sha256"])
        cuts: Iterable[OldCut | None] = itertools.repeat(None, count)
        if version != _ARTICLES_ONLY:
            sentences, passages, vectors = (_opened(folder / f"{name}.npy") for name in _ARRAYS)
            cuts = _cuts(sentences, passages, vectors, count, made.dimension)
        places = _places(folder, count) if version == _NEWEST else [NO_PLACES] * count
    except OSError as error:
        raise SavedIndexError(f"{folder}: cannot be read ({error.strerror}).") from error
    except (EOFError, IndexError, KeyError, MemoryError, TypeError, ValueError) as error:
        raise _contradicted(folder) from error
    return OldIndex(made, settings, zip(_articles(folder, places), cuts, strict=True))


def _cuts(
    sentences: NDArray[Any],
    passages: NDArray[Any],
    vectors: NDArray[Any],
    articles: int,
    dimension: int,
) -> Iterator[OldCut]:
    """Return how each article was cut and embedded.

    Args:
        sentences: Rows of article, start and end, sorted by article and start.
        passages: The row of the first sentence of each, and one past that of its last.
        vectors: The vectors of the sentences.
        articles: How many articles there are.
        dimension: How many numbers a vector has.

    Raises:
        ValueError: They do not fit together.
    """
    fits = (
        sentences.dtype == passages.dtype == np.int64
        and sentences.shape == (len(sentences), 3)
        and passages.shape == (len(passages), 2)
        and vectors.dtype == np.float32
        and vectors.shape == (len(sentences), dimension)
        and (np.diff(sentences[:, 0]) >= 0).all()
        and np.array_equal(np.unique(sentences[:, 0]), np.arange(articles))
        and (np.diff(passages[:, 0]) >= 0).all()
    )
    if not fits:
        raise ValueError("the sentences, passages and vectors do not fit together")
    starts = np.searchsorted(sentences[:, 0], np.arange(articles + 1))
    firsts = np.searchsorted(passages[:, 0], starts)
    return (
        OldCut(
            Cut(np.asarray(sentences[start:end, 1:]), np.asarray(passages[first:last] - start)),
            vectors[start:end],
        )
        for (start, end), (first, last) in zip(
            itertools.pairwise(starts.tolist()), itertools.pairwise(firsts.tolist()), strict=True
        )
    )


def _articles(folder: Path, places: Sequence[Places]) -> Iterator[Article]:
    try:
        with (folder / _LINES).open("rb") as file:
            for line, own in zip(file, places, strict=True):
                yield _article(json.loads(line), own)
    except OSError as error:
        raise SavedIndexError(f"{folder}: cannot be read ({error.strerror}).") from error
    except (ArticleError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise _contradicted(folder) from error


def _article(line: Mapping[str, Any], places: Places) -> Article:
    known = dict(line)
    original = known.pop("original", None)
    if original is not None:
        known["original"] = Original(**{name: original[name] for name in _ORIGINAL})
    if not all(isinstance(known[name], str) for name in ("id", "title", "text")):
        raise TypeError("an article is not made of texts")
    return Article(**{**known, "notes": tuple(known.get("notes", ()))}, places=places)


def _places(folder: Path, count: int) -> Sequence[Places]:
    bounds = np.load(folder / _BOUNDS, allow_pickle=False)
    path = folder / _PLACES
    size = path.stat().st_size
    whole = bounds.dtype == np.int64 and bounds.shape == (count + 1,)
    if not whole or bounds[0] != 0 or bounds[-1] != size or (np.diff(bounds) < 0).any():
        raise ValueError("the bounds of the places do not fit")
    data = _contents(path)
    return [
        PackedPlaces(data[start:end]) if end > start else NO_PLACES
        for start, end in itertools.pairwise(bounds.tolist())
    ]


def _contents(path: Path) -> memoryview:
    if path.stat().st_size < _MAPPED_FROM or os.name == "nt":
        return memoryview(path.read_bytes())
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _opened(path: Path) -> NDArray[Any]:
    mapped = path.stat().st_size >= _MAPPED_FROM
    array: NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    return np.asarray(array)


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        manifest = json.loads((folder / _MANIFEST).read_bytes())
    except OSError as error:
        raise SavedIndexError(f"{folder}: cannot be read ({error.strerror}).") from error
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise SavedIndexError(f"{folder}: its {_MANIFEST} is damaged; {_AGAIN}.")
    return manifest


def _settings(folder: Path, manifest: Mapping[str, Any]) -> IndexSettings:
    """Return the settings in a manifest; the defaults if it is from before they were kept in it."""
    if "settings" not in manifest:
        return IndexSettings()
    try:
        settings = dict(manifest["settings"])
        fusion = Fusion(**settings.pop("fusion"))
        return IndexSettings(fusion=fusion, **settings)
    except SettingError as error:
        wrong = str(error).removesuffix(".")
    except (KeyError, TypeError, ValueError):
        names = ", ".join(field.name for field in fields(IndexSettings))
        wrong = f"found {manifest['settings']!r}; expected {names}"
    raise SavedIndexError(
        f"{folder}: the settings in its {_MANIFEST} are damaged ({wrong}); {_AGAIN}."
    )


def _check_files(folder: Path, names: Sequence[str], expected: Mapping[str, str]) -> None:
    for name in names:
        path = folder / name
        if not path.exists():
            raise SavedIndexError(f"{folder}: {name} is missing from the index; {_AGAIN}.")
        with path.open("rb") as file:
            digest = hashlib.sha256()
            while block := file.read(1 << 20):
                digest.update(block)
        if digest.hexdigest() != expected[name]:
            raise SavedIndexError(f"{folder}: {name} is damaged (its checksum differs); {_AGAIN}.")


def _contradicted(folder: Path) -> SavedIndexError:
    return SavedIndexError(f"{folder}: its parts contradict each other; {_AGAIN}.")
