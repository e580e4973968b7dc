"""The questions that a run did not reach: what a reader's confidence can be fitted to.

On questions that it was trained on a reader is surer, and more often right, than on others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qa.squad import QuestionSet, write_squad
from qa.training.examples import Group
from qa.training.plan import DataFile


def write_held_out(
    files: Sequence[DataFile], plan: Sequence[Sequence[Group]], folder: Path
) -> None:
    """Write the questions that no batch holds, for each file in a SQuAD file of the same name.

    Args:
        files: What there was to train on.
        plan: The batches that were trained on.
        folder: Where to write. No file is written where nothing is left.
    """
    read = {
        (example.passage.article.id, example.question)
        for batch in plan
        for group in batch
        for example in group
    }
    for file in files:
        held_out = [_without(group, read) for group in file.sets]
        if any(group.questions for group in held_out):
            folder.mkdir(exist_ok=True)
            write_squad([group for group in held_out if group.questions], folder / file.name)


def _without(group: QuestionSet, read: set[tuple[str, str]]) -> QuestionSet:
    left = (each for each in group.questions if (group.article.id, each.text) not in read)
    return replace(group, questions=tuple(left))
