"""From the files of a run to its batches, in order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.errors import DatasetError
from index.models.encoder import Encoder
from qa.squad import QuestionSet, read_squad
from qa.training.config import TrainingConfig
from qa.training.examples import Group, TrainingSet, batches
from qa.training.nearest import cached_nearest


@dataclass(frozen=True)
class DataFile:
    """A question set to train on.

    Attributes:
        name: The file's name.
        sha256: Of its content.
        weight: How often each of its questions is drawn in an epoch, on average.
        sets: What is in it.
        refused: What was left out of it, and why.
    """

    name: str
    sha256: str
    weight: float
    sets: tuple[QuestionSet, ...]
    refused: tuple[str, ...]

    @property
    def questions(self) -> int:
        """How many questions are in it."""
        return sum(len(group.questions) for group in self.sets)


def read_data(config: TrainingConfig) -> list[DataFile]:
    """Read the question sets of a run.

    Raises:
        DatasetError: One cannot be read.
    """
    files = []
    for name, weight in config.data:
        path = Path(name)
        sets, refused = read_squad(path)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        reasons = tuple(f"{path.name}: {reason}" for reason in refused)
        files.append(DataFile(path.name, sha256, weight, tuple(sets), reasons))
    return files


def lay_out(
    config: TrainingConfig,
    files: Sequence[DataFile],
    cache: Path,
    encoder: Encoder,
    *,
    progress: bool = False,
) -> list[list[Group]]:
    """Return the batches of the whole run, in order: the same each time for the same settings.

    Args:
        config: What the run is set to.
        files: What to train on.
        cache: A folder in which to keep what takes long to work out.
        encoder: Finds the passages that are nearest to a question, and tells where tokens stand.
        progress: Whether to show a progress bar on standard error.

    Raises:
        DatasetError: There is nothing to train on.
    """
    material: list[tuple[TrainingSet, float]] = []
    for number, file in enumerate(files):
        path = cache / f"nearest-{number}.npz"
        nearest = cached_nearest(path, file.sets, encoder, progress=progress)
        material += [
            (TrainingSet(group, rows, encoder, config), file.weight)
            for group, rows in zip(file.sets, nearest, strict=True)
        ]
    plan: list[list[Group]] = []
    for epoch in range(config.epochs):
        rng = np.random.default_rng([config.seed, epoch])
        drawn = [group for made, weight in material for group in made.groups(weight, rng)]
        plan += batches(drawn, config.batch_tokens, rng)
        if config.max_steps and len(plan) >= config.max_steps:
            break
    if not plan:
        raise DatasetError("There is nothing to train on: no question has a passage with it.")
    return plan[: config.max_steps]
