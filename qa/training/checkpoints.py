"""Checkpoints: all that a run needs to go on, replaced whole or not at all."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

from index.errors import TrainingError

_FORMAT = 1


def write_checkpoint(path: Path, identity: dict[str, Any], state: dict[str, Any]) -> None:
    """Write a checkpoint in place of the one before, which is kept until this one is whole.

    Args:
        path: The file.
        identity: What the run is, in JSON's terms: its settings and the data's hashes.
        state: Tensors, numbers and texts, and dictionaries and lists of them.

    Raises:
        TrainingError: It could not be written; the one before, if any, is as it was.
    """
    import torch

    buffer = io.BytesIO()
    torch.save({"format": _FORMAT, "identity": json.dumps(identity), "state": state}, buffer)
    temporary = path.with_name(path.name + ".new")
    try:
        with temporary.open("wb") as file:
            file.write(buffer.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        kept = "the one before is kept" if path.exists() else "there is none yet"
        raise TrainingError(
            f"{path}: the checkpoint could not be written ({error.strerror}); {kept}. Make room "
            f"for {buffer.getbuffer().nbytes / 2**20:,.0f} MiB and run the same command again."
        ) from error


def read_checkpoint(path: Path, identity: dict[str, Any]) -> dict[str, Any] | None:
    """Return the state in a checkpoint, or None if there is no file.

    Raises:
        TrainingError: The file is no checkpoint, or one of a run with another identity.
    """
    import torch

    if not path.exists():
        return None
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        stored, state = json.loads(content["identity"]), content["state"]
        if content["format"] != _FORMAT:
            raise ValueError(content["format"])
    except Exception as error:  # what a damaged file makes the library raise has no end
        raise TrainingError(
            f"{path}: is no checkpoint of this version; remove it to start anew."
        ) from error
    expected = json.loads(json.dumps(identity))
    differing = [
        f"{name} was {stored.get(name)!r} and is {expected.get(name)!r}"
        for name in sorted(stored.keys() | expected.keys())
        if stored.get(name) != expected.get(name)
    ]
    if differing:
        raise TrainingError(
            f"{path}: is of a run with other settings ({'; '.join(differing)}); give the same "
            "settings to go on with it, or another folder to start anew."
        )
    return dict(state)
