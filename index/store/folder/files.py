"""Files that are on the disk before anything names them, and are known by their checksums."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_BLOCK = 1 << 20  # bytes that are read at once to check a file


def checksums(paths: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name; no file is read into memory."""
    paths = list(paths)
    with ThreadPoolExecutor() as pool:  # hashlib lets other threads work
        return {
            path.name: each for path, each in zip(paths, pool.map(_checksum, paths), strict=True)
        }


def flush_file(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until the names of the files in a folder are on the disk."""
    if os.name == "nt":  # Windows cannot open a folder to flush it
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
