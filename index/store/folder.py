"""How an index is kept in a folder.

Everything but the articles and their places is kept as ``.npy`` files, which are mapped into memory
and not read into it, and opened with ``allow_pickle=False``. FAISS's own file format is not used,
because its reader trusts the bytes that it reads: the parts of its index are arrays, too. The
manifest holds a SHA-256 of every other file, so that damage is found before anything is made of it.
No file is ever written over, since it may be mapped: what is new is written beside it and renamed.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ArticleError, SavedIndexError, SettingError
from index.store.articles import (
    ARTICLE_FILES,
    OLD_ARTICLE_FILES,
    read_articles,
    write_articles,
)
from index.store.checks import fits_together
from index.store.data import Clusters, Fusion, IndexData, IndexSettings, Postings

FORMAT = "article-qa index"
VERSION = 5
_READ = (4, VERSION)
MANIFEST = "manifest.json"
_ARRAYS = ("sentences", "passages", "vectors")
_POSTINGS = ("stems", "stem_bounds", "posting_passages", "posting_scores")
_CLUSTERS = ("centroids", "cluster_bounds", "cluster_rows", "codes", "code_ranges")
_FILES = {f"{name}.npy" for name in (*_ARRAYS, *_POSTINGS)}
_CLUSTER_FILES = {f"{name}.npy" for name in _CLUSTERS}
_MAPPED_FROM = 1 << 20  # bytes; smaller files are read
_BLOCK = 1 << 20  # bytes that are read at once to check a file
_OLD = ".old"  # what is being replaced has this suffix between two renames
_REBUILD = "build it again with `article-qa index`"


def write_index(data: IndexData, folder: str | Path) -> None:
    """Write an index to a folder, whole or not at all.

    The files are written and flushed to the disk in a temporary folder beside ``folder``, which is
    then renamed. An index that was there before is replaced.

    Raises:
        SavedIndexError: The folder holds something other than an index, or cannot be written; it is
            left as it was.
    """
    folder = Path(folder)
    check_replaceable(folder)
    new = folder.parent / f".{folder.name}.{uuid.uuid4().hex}.new"
    try:
        new.mkdir(parents=True)
        write_articles(data.articles, new)
        for name, array in _arrays(data).items():
            np.save(new / f"{name}.npy", array, allow_pickle=False)
        finish(new, folder, facts(data))
    except OSError as error:
        raise SavedIndexError(
            f"{folder}: the index cannot be written ({error.strerror or error}); nothing was "
            "changed."
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def check_replaceable(folder: Path) -> None:
    """Check that there is nothing but an index where one is to be written.

    Raises:
        SavedIndexError: There is.
    """
    if folder.exists() and not _may_replace(folder):
        raise SavedIndexError(
            f"{folder}: exists and is not an index, so it is left alone; choose another folder."
        )


def unfinished_folder(folder: Path) -> Path:
    """Return where an index is made, piece by piece, before it comes to stand in its folder."""
    return folder.parent / f".{folder.name}.unfinished"


def facts(data: IndexData) -> dict[str, Any]:
    """Return what the manifest says of an index beyond its checksums."""
    return {
        "encoder": {"name": data.encoder, "dimension": data.vectors.shape[1]},
        "counts": {
            "articles": len(data.articles),
            "sentences": len(data.sentences),
            "passages": len(data.passages),
        },
        "clusters": 0 if data.clusters is None else len(data.clusters.centroids),
        "settings": asdict(data.settings),
    }


def finish(new: Path, folder: Path, about: Mapping[str, Any]) -> None:
    """Make an index of a folder that holds all its files: add the manifest and rename it.

    Args:
        new: The folder with the files.
        folder: Where the index is to be; one that is there is replaced.
        about: What :func:`facts` returned.

    Raises:
        OSError: It could not be done; what was in ``folder`` still is.
    """
    names = sorted(_FILES | ARTICLE_FILES | (_CLUSTER_FILES if about["clusters"] else set()))
    for name in names:
        _fsync_file(new / name)
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        **about,
        "sha256": checksums(new / name for name in names),
    }
    (new / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="ascii")
    _fsync_file(new / MANIFEST)
    _fsync_folder(new)
    old = folder.parent / f".{folder.name}.{uuid.uuid4().hex}{_OLD}"
    try:
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
        shutil.rmtree(old, ignore_errors=True)


def read_index(folder: str | Path) -> IndexData:
    """Open an index in a folder and check it; large files are mapped into memory.

    Raises:
        SavedIndexError: The index is missing, half-written, damaged, or of another version.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    settings = _settings(folder, manifest)
    _check_files(folder, manifest["sha256"])
    try:
        arrays = {
            name: _open_array(folder / f"{name}.npy")
            for name in (*_ARRAYS, *_POSTINGS, *_CLUSTERS)
            if f"{name}.npy" in manifest["sha256"]
        }
        articles = read_articles(folder)
        passages = arrays["passages"]
        clusters = Clusters(*(arrays[name] for name in _CLUSTERS)) if "codes" in arrays else None
        data = IndexData(
            articles=articles,
            sentences=arrays["sentences"],
            passages=passages,
            vectors=arrays["vectors"],
            encoder=manifest["encoder"]["name"],
            postings=Postings(len(passages), *(arrays[name] for name in _POSTINGS)),
            clusters=clusters,
            settings=settings,
        )
        about = facts(data)
        consistent = fits_together(data) and all(
            about[name] == manifest[name] for name in ("encoder", "counts", "clusters")
        )
    except (
        ArticleError,
        AttributeError,
        IndexError,
        KeyError,
        MemoryError,
        OSError,
        TypeError,
        ValueError,
    ):
        consistent = False
    if not consistent:
        raise SavedIndexError(f"{folder}: its parts contradict each other; {_REBUILD}.")
    return data


def checksums(paths: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name; no file is read into memory."""
    paths = list(paths)
    with ThreadPoolExecutor() as pool:  # hashlib lets other threads work
        return {
            path.name: each for path, each in zip(paths, pool.map(_checksum, paths), strict=True)
        }


def _arrays(data: IndexData) -> dict[str, NDArray[Any]]:
    """Return the arrays of an index by the names of their files."""
    postings, clusters = data.postings, data.clusters
    arrays: dict[str, NDArray[Any]] = {
        "sentences": data.sentences,
        "passages": data.passages,
        "vectors": data.vectors,
        "stems": postings.stems,
        "stem_bounds": postings.bounds,
        "posting_passages": postings.texts,
        "posting_scores": postings.scores,
    }
    if clusters is not None:
        arrays |= {
            "centroids": clusters.centroids,
            "cluster_bounds": clusters.bounds,
            "cluster_rows": clusters.rows,
            "codes": clusters.codes,
            "code_ranges": clusters.ranges,
        }
    return arrays


def _open_array(path: Path) -> NDArray[Any]:
    mapped = path.stat().st_size >= _MAPPED_FROM
    array: NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    return np.asarray(array)


def _check_files(folder: Path, expected: Mapping[str, str]) -> None:
    for name in expected:
        if not (folder / name).exists():
            raise SavedIndexError(f"{folder}: {name} is missing from the index; {_REBUILD}.")
    try:
        found = checksums(folder / name for name in expected)
    except OSError as error:
        raise SavedIndexError(
            f"{error.filename or folder}: cannot be read ({error.strerror})."
        ) from error
    for name, checksum in expected.items():
        if found[name] != checksum:
            raise SavedIndexError(
                f"{folder}: {name} is damaged (its checksum differs); {_REBUILD}."
            )


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _read_manifest(folder: Path) -> dict[str, Any]:
    replaced = sorted(folder.parent.glob(f".{glob.escape(folder.name)}.*{_OLD}"))
    if replaced and not folder.exists():
        raise SavedIndexError(
            f"{folder}: was being replaced when the program was stopped; the index is whole in "
            f"{replaced[-1]}: rename that folder back, or {_REBUILD}."
        )
    if not folder.exists() and unfinished_folder(folder).exists():
        raise SavedIndexError(
            f"{folder}: its making was stopped before it was done; run the same `article-qa index` "
            "again to go on with it."
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
    if manifest.get("version") not in _READ:
        raise SavedIndexError(
            f"{folder}: the index has format version {manifest.get('version')} and this program "
            f"reads versions {_READ[0]} to {VERSION}; upgrade article-qa, or {_REBUILD}."
        )
    checksums = manifest.get("sha256")
    files = _FILES | (ARTICLE_FILES if manifest["version"] == VERSION else OLD_ARTICLE_FILES)
    if not isinstance(checksums, dict) or set(checksums) not in (files, files | _CLUSTER_FILES):
        raise SavedIndexError(f"{folder}: its {MANIFEST} is damaged; {_REBUILD}.")
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
        f"{folder}: the settings in its {MANIFEST} are damaged, or of a newer program ({wrong}); "
        f"upgrade article-qa, or {_REBUILD}."
    )


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


def _fsync_file(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _fsync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to flush it
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
