"""Segments in files: small arrays together in one, and each large one in its own, to be mapped.

Arrays are opened with ``allow_pickle=False``. FAISS's own file format is not used, because its
reader trusts the bytes that it reads. No file is ever written over, since it may be mapped.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import SavedIndexError
from index.store.allocation import let_go
from index.store.folder.checks import fits_together
from index.store.folder.faults import damaged
from index.store.folder.files import checksums, flush_file, flush_folder
from index.store.folder.state import SegmentEntry
from index.store.segments.segment import Clusters, Cuts, Layout, Segment, Spellings
from index.store.segments.words import PackedWords

SEGMENTS = "segments"
_SMALL = "arrays.npz"
_MAPPED_FROM = 1 << 20  # bytes; smaller arrays are read
_NAME = "0123456789abcdef"  # which the names of segments consist of
_CLUSTERS = ("centroids", "cluster_bounds", "cluster_rows", "codes", "code_ranges")


def write_segment(segment: Segment, folder: Path, name: str) -> SegmentEntry:
    """Write a segment, and wait until it is on the disk.

    Args:
        segment: The segment. Arrays that were made in files of the segment's folder, named after
            them, stay there.
        folder: That of the library.
        name: What the folder of the segment is to be called.

    Raises:
        OSError: It cannot be written.
    """
    own = segment_folder(folder, name)
    own.mkdir(parents=True, exist_ok=True)
    small = {}
    for each, array in arrays_of(segment).items():
        path = own / f"{each}.npy"
        if path.exists():
            if isinstance(array.base, np.memmap):
                array.base.flush()
        elif array.nbytes >= _MAPPED_FROM:
            np.save(path, array, allow_pickle=False)
        else:
            small[each] = array
    with (own / _SMALL).open("xb") as file:
        np.savez(file, **small)  # type: ignore[arg-type] # none of them is named allow_pickle
    paths = sorted(own.iterdir())
    for path in paths:
        flush_file(path)
    for changed in (own, own.parent, folder):
        flush_folder(changed)
    layout = segment.layout
    return SegmentEntry(
        first=int(layout.numbers[0]),
        last=int(layout.numbers[-1]),
        name=name,
        documents=len(layout.numbers),
        sentences=int(layout.sentences[-1]),
        passages=int(layout.passages[-1]),
        files=checksums(paths),
    )


def open_segment(entry: SegmentEntry, folder: Path, dimension: int) -> Segment:
    """Open a segment and check it; large arrays are mapped into memory.

    Raises:
        FileNotFoundError: A file is missing.
        SavedIndexError: The segment is damaged.
        OSError: It cannot be read.
    """
    own = segment_folder(folder, entry.name)
    named = _is_name(entry.name) and all(map(_is_file_name, entry.files))
    if not named or _SMALL not in entry.files:
        raise damaged(folder, "its library.sqlite is damaged (the names of a segment)")
    for name, checksum in checksums(own / name for name in entry.files).items():
        if entry.files[name] != checksum:
            file = f"{SEGMENTS}/{entry.name}/{name}"
            raise damaged(folder, f"{file} is damaged (its checksum differs)")
    try:
        arrays = _read_small(own / _SMALL)
        for name in entry.files.keys() - {_SMALL}:
            mapped = np.load(own / name, mmap_mode="r", allow_pickle=False)
            arrays[name.removesuffix(".npy")] = np.asarray(mapped)
        segment = segment_of(arrays)
        whole = fits_together(segment, dimension) and (
            entry.first, entry.last, entry.documents, entry.sentences, entry.passages
        ) == (
            *segment.layout.numbers[[0, -1]].tolist(), len(segment.layout.numbers),
            len(segment.cuts.sentences), len(segment.cuts.passages),
        )  # fmt: skip
    except FileNotFoundError:
        raise
    except (AttributeError, EOFError, IndexError, KeyError, MemoryError, TypeError, ValueError):
        whole = False
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        whole = False
    if not whole:
        raise damaged(folder, f"the parts of {SEGMENTS}/{entry.name} contradict each other")
    let_go(*arrays.values())  # all of them was looked at, and little will be
    return segment


def missing(folder: Path, error: FileNotFoundError) -> SavedIndexError:
    """Return the error of a library of which a file is missing."""
    name = Path(error.filename).relative_to(folder).as_posix()
    return damaged(folder, f"{name} is missing from the library")


def segment_folder(folder: Path, name: str) -> Path:
    """Return where the segment of a name is kept."""
    return folder / SEGMENTS / name


def unnamed_segments(folder: Path, named: Iterable[str]) -> list[Path]:
    """Return the folders of segments that the catalogue of a library does not name."""
    own = set(named)
    if (folder / SEGMENTS).is_symlink():  # they may be those of another library
        return []
    try:
        found = list((folder / SEGMENTS).iterdir())
    except OSError:
        return []
    return [path for path in found if _is_name(path.name) and path.name not in own]


def arrays_of(segment: Segment) -> dict[str, NDArray[Any]]:
    """Return the arrays of a segment whose words are packed, by their names."""
    layout, cuts, words = segment.layout, segment.cuts, segment.words
    assert isinstance(words, PackedWords)
    arrays: dict[str, NDArray[Any]] = {
        "numbers": layout.numbers,
        "sentence_starts": layout.sentences,
        "passage_starts": layout.passages,
        "sentences": cuts.sentences,
        "passages": cuts.passages,
        "vectors": segment.vectors,
        "spellings": segment.spellings.joined,
        "spelling_counts": segment.spellings.counts,
        **words.arrays(),
    }
    if segment.clusters is not None:
        own = segment.clusters
        parts = (own.centroids, own.bounds, own.rows, own.codes, own.ranges)
        arrays |= zip(_CLUSTERS, parts, strict=True)
    return arrays


def segment_of(arrays: Mapping[str, NDArray[Any]]) -> Segment:
    """Return the segment that :func:`arrays_of` was given.

    Raises:
        KeyError: An array is missing.
    """
    return Segment(
        Layout(arrays["numbers"], arrays["sentence_starts"], arrays["passage_starts"]),
        Cuts(arrays["sentences"], arrays["passages"]),
        arrays["vectors"],
        PackedWords.of(arrays),
        Spellings(arrays["spellings"], arrays["spelling_counts"]),
        Clusters(*(arrays[name] for name in _CLUSTERS)) if "codes" in arrays else None,
    )


def _read_small(path: Path) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(path) as packed:
        # Written without compression, so that no small file can claim to hold much.
        if any(each.compress_type != zipfile.ZIP_STORED for each in packed.infolist()):
            raise ValueError(f"{path.name} is packed otherwise than written")
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def _is_name(name: str) -> bool:
    return len(name) == 32 and not name.strip(_NAME)


def _is_file_name(name: str) -> bool:
    return name == _SMALL or (name.endswith(".npy") and name[:-4].replace("_", "").isalpha())
