"""What can go wrong with a library's files, each in one line that says what to do."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from index.errors import SavedIndexError, StoreError

MEND = "restore it from a copy, or make it again with `article-qa library add`"
_FULL = "the disk is full, and nothing was changed; make room on it, and try again."
_NOT_HERE = "cannot be written here ({}), and nothing was changed; check who may write to it."
# How SQLite's messages begin, or what they hold; Python 3.10 does not give their numbers.
_SAID = (
    ("disk is full", StoreError, _FULL),
    ("readonly database", StoreError, _NOT_HERE.format("it may only be read")),
    (
        "too big",
        StoreError,
        "a document is too large to be kept, and nothing was changed; part it.",
    ),
    (
        "is locked",
        StoreError,
        "another program has its library.sqlite locked; end that, and try again.",
    ),
    ("unable to open", StoreError, "its library.sqlite cannot be opened; check who may read it."),
    ("closed database", StoreError, "was closed; open it again."),
    (
        "disk i/o error",
        StoreError,
        "its library.sqlite cannot be read or written (disk I/O error); check the disk.",
    ),
)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextlib.contextmanager
def explained(folder: Path, *, writing: bool = False) -> Iterator[None]:
    """Turn what the disk and SQLite complain of into an error that begins with the folder.

    Args:
        folder: That of the library.
        writing: Whether something is being written.

    Raises:
        StoreError: Something went wrong within.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _of_sqlite(folder, error) from error
    except UnicodeDecodeError as error:  # of a name that SQLite complains of
        raise damaged(folder, "its library.sqlite is damaged (a name in it is no text)") from error
    except OSError as error:
        why = error.strerror or str(error)
        # NumPy tells how much it wanted to write, and how much it could, and not why.
        if error.errno in _NO_ROOM or (error.errno is None and "requested and" in why):
            said = _FULL
        elif writing and error.errno in _NOT_ALLOWED:
            said = _NOT_HERE.format(why)
        elif writing:
            said = f"cannot be written ({why}), and nothing was changed; check the disk."
        else:
            said = f"cannot be read ({why}); check who may read it, and the disk."
        raise StoreError(f"{folder}: {said}") from error


def damaged(folder: Path, what: str) -> SavedIndexError:
    """Return the error of a library of which something is not as it was written."""
    return SavedIndexError(f"{folder}: {what}; {MEND}.")


def _of_sqlite(folder: Path, error: sqlite3.Error) -> StoreError:
    message = str(error).lower()
    for part, kind, said in _SAID:
        if part in message:
            return kind(f"{folder}: {said}")
    return damaged(folder, f"its library.sqlite is damaged ({error})")
