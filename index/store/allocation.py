"""Where large arrays are made: in memory, or in files that are mapped into it."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

_BLOCK = 1 << 22  # bytes


class Allocate(Protocol):
    """Makes room for an array."""

    def __call__(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Return an array that can be written to; what is in it is undefined."""


def in_memory(name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Make room in memory."""
    return np.empty(shape, dtype=dtype)


def on_disk(folder: Path) -> Allocate:
    """Make room in ``.npy`` files of a folder, named after the arrays; files there are replaced.

    Raises:
        OSError: There is no room on the disk.
    """

    def make(name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        dtype = np.dtype(dtype)
        path = folder / f"{name}.npy"
        path.unlink(missing_ok=True)  # not over it: it may be mapped
        with path.open("xb") as file:
            start_npy(file, shape, dtype)
            # Written out first, because a mapped page for which the disk has no room ends the
            # process without a word.
            size = int(np.prod(shape)) * dtype.itemsize
            zeros = bytes(min(size, _BLOCK))
            for start in range(0, size, _BLOCK):
                file.write(zeros[: size - start])
        if not size:
            return np.empty(shape, dtype=dtype)
        mapped: NDArray[Any] = np.lib.format.open_memmap(path, mode="r+")
        return np.asarray(mapped)

    return make


def let_go(*arrays: NDArray[Any]) -> None:
    """Let the system have back the memory of arrays that are mapped from files, for now.

    What is in them comes from the files again when it is asked for, and what was written is not
    lost. Who goes through much does not seem to hold all of it, then.
    """
    for array in arrays:
        base: Any = array
        while isinstance(base, np.ndarray):
            base = base.base
        if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            base.madvise(mmap.MADV_DONTNEED)


def start_npy(file: IO[bytes], shape: tuple[int, ...], dtype: DTypeLike) -> None:
    """Write what a ``.npy`` file begins with; the rows of the array are to follow."""
    descr = np.lib.format.dtype_to_descr(np.dtype(dtype))
    np.lib.format.write_array_header_1_0(
        file, {"descr": descr, "fortran_order": False, "shape": shape}
    )
