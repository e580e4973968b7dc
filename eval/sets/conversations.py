"""Sets of conversations.

A conversation set is a SQuAD 2.0 file whose questions have two more keys: ``conversation``, which
those of one conversation share, in order, and ``in_full``, the question as it reads when it stands
alone. A first turn, and a turn that changes the subject, is its own written-out form.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from qa import DatasetError
from qa.squad import Question, QuestionSet, load_squad


def load_conversations(path: Path) -> list[tuple[QuestionSet, list[list[Question]]]]:
    """Read articles, each with its conversations.

    Raises:
        DatasetError: The file cannot be read, or a question lacks one of the two keys.
    """
    loaded = []
    for group in load_squad(path):
        for question in group.questions:
            for key in ("conversation", "in_full"):
                if not isinstance(question.extras.get(key), str):
                    raise DatasetError(
                        f"{path}: question {question.id} has no {key!r}; expected a set of "
                        "conversations, each question with its conversation and itself in full."
                    )
        talks = groupby(group.questions, key=lambda question: question.extras["conversation"])
        loaded.append((group, [list(questions) for _, questions in talks]))
    return loaded
