"""Whether there is a library in a folder, or can be, as far as that shows from outside."""

from __future__ import annotations

from pathlib import Path

from index.errors import SavedIndexError, StoreError
from index.store.folder.faults import explained
from index.store.folder.state import CATALOGUE
from index.store.folder.writing import is_free


def is_library(folder: Path) -> bool:
    """Tell whether there is a library in a folder.

    Raises:
        StoreError: One may not look into it.
    """
    with explained(folder):
        return (folder / CATALOGUE).is_file()


def check_library(folder: Path) -> None:
    """Check that there is a library in a folder.

    Raises:
        SavedIndexError: There is none.
        StoreError: One may not look into it.
    """
    made_by = "expected a library, as `article-qa library add` makes one"
    with explained(folder):
        if not folder.is_dir():
            found = "is not a folder" if folder.exists() else "no such folder"
            raise SavedIndexError(f"{folder}: {found}; {made_by}.")
    if not is_library(folder):
        raise SavedIndexError(f"{folder}: has no {CATALOGUE}, so it is not a library; {made_by}.")


def check_free(folder: Path) -> None:
    """Check that a library can be made in a folder.

    Raises:
        StoreError: There is something in it, or one may not look into it.
    """
    if is_library(folder):
        raise StoreError(f"{folder}: there is a library already; open that.")
    with explained(folder):
        free = is_free(folder)
    if not free:
        raise SavedIndexError(
            f"{folder}: exists and is not a library, so it is left alone; choose another folder."
        )
