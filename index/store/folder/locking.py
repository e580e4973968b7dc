"""The lock of a library: who has it may write."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from index.errors import StoreError
from index.store.folder.faults import explained

LOCK = "library.lock"
WAIT_S = 60.0
"""How long a writer waits for another, in seconds, where nothing else is said."""


@contextlib.contextmanager
def locked(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Be the only one that writes to a library; the system lets go of it when a program ends.

    Args:
        folder: That of the library, which has to be there.
        wait_s: For how many seconds to wait for another that writes.

    Raises:
        StoreError: Another still writes then, or nothing may be written here.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, timeout=wait_s)
    with explained(folder, writing=True):
        if not folder.is_dir():  # else the lock would make it
            raise StoreError(f"{folder}: the library is gone; open or make it anew.")
        try:
            lock.acquire()
        except Timeout:
            raise StoreError(
                f"{folder}: this waited {wait_s:g} seconds for another program that is writing to "
                "the library, and changed nothing; wait until that is done, and try again."
            ) from None
    try:
        yield
    finally:
        lock.release()
