"""What an index consists of, and how it is kept in a folder.

Vectors and offsets are kept as ``.npy`` files and read with ``allow_pickle=False``; FAISS's own
file format is not used, because its reader trusts the bytes that it reads. The manifest holds a
SHA-256 of every other file, so that damage is found before anything is made of it.
"""

from __future__ import annotations

import glob
import hashlib
import io
import json
import os
import shutil
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.articles import Article
from index.errors import ArticleError, SavedIndexError

FORMAT = "article-qa index"
VERSION = 2
MANIFEST = "manifest.json"
_ARTICLES = "articles.json"
_SENTENCES = "sentences.npy"
_PASSAGES = "passages.npy"
_VECTORS = "vectors.npy"
_FILES = {_ARTICLES, _SENTENCES, _PASSAGES, _VECTORS}
_OLD = ".old"  # what is being replaced has this suffix between two renames
_REBUILD = "build it again with `article-qa index`"

Bounds = NDArray[np.int64]
"""Rows of (article number, start, end), sorted by article and start."""


@dataclass(frozen=True, eq=False)
class IndexData:
    """All that an index consists of.

    Attributes:
        articles: The articles, whole.
        sentences: Where their sentences are, shaped (sentences, 3).
        passages: Where their passages are, shaped (passages, 3): each a row of whole sentences.
        vectors: A unit vector for each sentence, shaped (sentences, dimension).
        encoder: The name of the encoder that made the vectors.
    """

    articles: tuple[Article, ...]
    sentences: Bounds
    passages: Bounds
    vectors: NDArray[np.float32]
    encoder: str


def write_index(data: IndexData, folder: str | Path) -> None:
    """Write an index to a folder, whole or not at all.

    The files are written and flushed to the disk in a temporary folder beside ``folder``, which is
    then renamed. An index that was there before is replaced.

    Raises:
        SavedIndexError: The folder holds something other than an index, or cannot be written; it is
            left as it was.
    """
    folder = Path(folder)
    if folder.exists() and not _may_replace(folder):
        raise SavedIndexError(
            f"{folder}: exists and is not an index, so it is left alone; choose another folder."
        )
    files = {
        _ARTICLES: json.dumps([asdict(article) for article in data.articles]).encode(),
        _SENTENCES: _npy_bytes(data.sentences),
        _PASSAGES: _npy_bytes(data.passages),
        _VECTORS: _npy_bytes(data.vectors),
    }
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "encoder": {"name": data.encoder, "dimension": data.vectors.shape[1]},
        "counts": _counts(data),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    files[MANIFEST] = (json.dumps(manifest, indent=2) + "\n").encode()
    try:
        _replace_folder(folder, files)
    except OSError as error:
        raise SavedIndexError(
            f"{folder}: the index cannot be written ({error.strerror}); nothing was changed."
        ) from error


def read_index(folder: str | Path) -> IndexData:
    """Read an index from a folder and check it.

    Raises:
        SavedIndexError: The index is missing, half-written, damaged, or of another version.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    content = {name: _read_checked(folder, name, manifest) for name in manifest["sha256"]}
    try:
        data = IndexData(
            articles=tuple(Article(**article) for article in json.loads(content[_ARTICLES])),
            sentences=_npy_array(content[_SENTENCES]),
            passages=_npy_array(content[_PASSAGES]),
            vectors=_npy_array(content[_VECTORS]),
            encoder=manifest["encoder"]["name"],
        )
        consistent = (
            _counts(data) == manifest["counts"]
            and data.vectors.shape == (len(data.sentences), manifest["encoder"]["dimension"])
            and data.vectors.dtype == np.float32
            and bool(np.isfinite(data.vectors).all())
            and _articles_fit(data.articles)
            and _bounds_fit(data.sentences, data.articles)
            and _bounds_fit(data.passages, data.articles)
            and _passages_fit(data)
            and isinstance(data.encoder, str)
        )
    except (ArticleError, KeyError, TypeError, ValueError, AttributeError, MemoryError):
        consistent = False
    if not consistent:
        raise SavedIndexError(f"{folder}: its parts contradict each other; {_REBUILD}.")
    return data


def sentence_rows(data: IndexData) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which sentences each passage consists of: the first row, and one past the last."""
    sentences, passages = data.sentences, data.passages
    first = _rows(sentences[:, [0, 1]], passages[:, [0, 1]])
    last = _rows(sentences[:, [0, 2]], passages[:, [0, 2]]) + 1
    return first, last


def _rows(places: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the row of each wanted pair of article and offset among pairs in ascending order."""
    width = max(int(places[:, 1].max()), int(wanted[:, 1].max())) + 1
    return np.searchsorted(places[:, 0] * width + places[:, 1], wanted[:, 0] * width + wanted[:, 1])


def _passages_fit(data: IndexData) -> bool:
    """Tell whether passages start and end where sentences do, and leave no sentence out."""
    first, last = sentence_rows(data)
    count = len(data.sentences)
    if first[0] != 0 or last[-1] != count or (first >= last).any() or (last > count).any():
        return False
    if (first[1:] > last[:-1]).any():
        return False
    starts, ends = data.sentences[first], data.sentences[last - 1]
    same = (starts[:, :2] == data.passages[:, :2]) & (ends[:, ::2] == data.passages[:, ::2])
    return bool(same.all())


def _counts(data: IndexData) -> dict[str, int]:
    return {
        "articles": len(data.articles),
        "sentences": len(data.sentences),
        "passages": len(data.passages),
    }


def _articles_fit(articles: tuple[Article, ...]) -> bool:
    strings = all(isinstance(each, str) for a in articles for each in (a.id, a.title, a.text))
    return strings and len({article.id for article in articles}) == len(articles)


def _bounds_fit(bounds: Bounds, articles: tuple[Article, ...]) -> bool:
    if bounds.dtype != np.int64 or bounds.ndim != 2 or bounds.shape[1] != 3 or not len(bounds):
        return False
    article, start, end = bounds.T
    if (np.diff(article) < 0).any() or article[0] < 0 or article[-1] >= len(articles):
        return False
    lengths = np.array([len(a.text) for a in articles])
    return bool((start >= 0).all() and (start < end).all() and (end <= lengths[article]).all())


def _read_manifest(folder: Path) -> dict[str, Any]:
    replaced = sorted(folder.parent.glob(f".{glob.escape(folder.name)}.*{_OLD}"))
    if replaced and not folder.exists():
        raise SavedIndexError(
            f"{folder}: was being replaced when the program was stopped; the index is whole in "
            f"{replaced[-1]}: rename that folder back, or {_REBUILD}."
        )
    if not folder.is_dir():
        found = "is not a folder" if folder.exists() else "no such folder"
        raise SavedIndexError(f"{folder}: {found}; expected one written by `article-qa index`.")
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise SavedIndexError(
            f"{folder}: has no {MANIFEST}, so it is not an index or only part of one; {_REBUILD}."
        ) from None
    except OSError as error:
        raise SavedIndexError(f"{folder}: cannot be read ({error.strerror}).") from error
    except ValueError:
        raise SavedIndexError(f"{folder}: its {MANIFEST} is damaged; {_REBUILD}.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise SavedIndexError(f"{folder}: its {MANIFEST} is not that of an index; {_REBUILD}.")
    if manifest.get("version") != VERSION:
        raise SavedIndexError(
            f"{folder}: the index has format version {manifest.get('version')} and this program "
            f"reads version {VERSION}; upgrade article-qa, or {_REBUILD}."
        )
    checksums = manifest.get("sha256")
    if not isinstance(checksums, dict) or set(checksums) != _FILES:
        raise SavedIndexError(f"{folder}: its {MANIFEST} is damaged; {_REBUILD}.")
    return manifest


def _read_checked(folder: Path, name: str, manifest: dict[str, Any]) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        raise SavedIndexError(f"{folder}: {name} is missing from the index; {_REBUILD}.") from None
    except OSError as error:
        raise SavedIndexError(f"{folder / name}: cannot be read ({error.strerror}).") from error
    if hashlib.sha256(content).hexdigest() != manifest["sha256"][name]:
        raise SavedIndexError(f"{folder}: {name} is damaged (its checksum differs); {_REBUILD}.")
    return content


def _may_replace(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    if not any(folder.iterdir()):
        return True
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("format") == FORMAT


def _replace_folder(folder: Path, files: dict[str, bytes]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    unique = uuid.uuid4().hex
    new = folder.parent / f".{folder.name}.{unique}.new"
    old = folder.parent / f".{folder.name}.{unique}{_OLD}"
    try:
        new.mkdir()
        for name, content in files.items():
            with (new / name).open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _fsync_folder(new)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
        _fsync_folder(folder.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _fsync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to flush it
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _npy_bytes(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _npy_array(content: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    return array
