"""Sets of single questions by kind.

A set of kinds is a SQuAD 2.0 file whose questions have a ``kind`` (see
:data:`qa.answers.Kind`; or ``negation``, where the article says the opposite of what the question
takes for granted: its answer, if any, is what says so) and, where the answer has several parts,
``items``: for each part its accepted variants. ``rough`` marks what was typed in haste, and
``topic`` says what small talk is.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from qa import DatasetError, Kind
from qa.squad import QuestionSet, load_squad

NEGATION = "negation"
KINDS: tuple[str, ...] = (*get_args(Kind), NEGATION)


def load_kinds(path: Path) -> list[QuestionSet]:
    """Read questions by kind.

    Raises:
        DatasetError: The file cannot be read, or a question is of no known kind.
    """
    sets = load_squad(path)
    for group in sets:
        for question in group.questions:
            if question.extras.get("kind") not in KINDS:
                raise DatasetError(
                    f"{path}: question {question.id} has the kind "
                    f"{question.extras.get('kind')!r}; expected one of {', '.join(KINDS)}."
                )
    return sets
