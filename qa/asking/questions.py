"""A question as it is to be asked."""

from __future__ import annotations

from index.errors import QuestionError

LONGEST = 1000
"""How many characters of a question are looked at by rules; a longer one is no question."""


def clean_question(question: str) -> str:
    """Return a question without what is no text, as it is to be asked.

    Raises:
        QuestionError: Nothing is left of it.
    """
    # Half a surrogate pair is no text; tokenizers refuse it.
    question = question.encode("utf-8", errors="replace").decode().strip()
    if not question:
        raise QuestionError("The question is empty; ask something about the article.")
    return question
