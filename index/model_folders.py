"""Where a model's files are. The only door to the Hugging Face hub, and a closed one."""

from __future__ import annotations

from pathlib import Path

from index.errors import ModelError


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
