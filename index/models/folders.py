"""Where a model's files are. The only door to the Hugging Face hub, and a closed one."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from index.errors import ModelError

_COPIED = ("*.json", "*.txt", "*.md")  # of a model's folder: all but its weights
_NOT_COPIED = "*.index.json"  # which says where weights stand


def not_loaded(name: str | Path, expected: str, error: Exception) -> ModelError:
    """Return the error for a folder of which a library could not make what was expected."""
    # Libraries go on for pages about what else they could have loaded.
    reason = str(error).strip().partition("\n")[0] or type(error).__name__
    return ModelError(f"{name}: cannot be loaded; expected {expected} ({reason}).")


def find_model(name: str | Path) -> Path:
    """Return the folder of a model; nothing is downloaded.

    Args:
        name: The folder itself, or the name of a model in this machine's Hugging Face cache.

    Raises:
        ModelError: There is neither.
    """
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(str(name), local_files_only=True))
    except (OSError, ValueError):  # not in the cache, or not even a name
        raise ModelError(
            f"{name}: is no folder, and this machine's Hugging Face cache has no model of that "
            f"name; download it first with `hf download {name}`, or give a folder."
        ) from None


@contextlib.contextmanager
def new_version(source: Path, folder: Path) -> Iterator[Path]:
    """Make a new folder with all of a model's files but its weights, to write others into.

    It is there when all has been written, or not at all.

    Args:
        source: The model's folder.
        folder: Where the new one is to be; it must not exist.

    Yields:
        Where it is until then.

    Raises:
        ModelError: The folder exists or cannot be written.
    """
    if folder.exists():
        raise ModelError(f"{folder}: exists, and nothing is written over; name a new folder.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as room:
            new = Path(room) / "model"
            new.mkdir()
            for file in (file for kind in _COPIED for file in source.glob(kind)):
                if not file.match(_NOT_COPIED):
                    shutil.copy(file, new)
            yield new
            new.rename(folder)
    except OSError as error:
        raise ModelError(
            f"{folder}: cannot be written ({error.strerror or error}); name a folder that can."
        ) from error
