"""Everything that can go wrong for a reason the user can mend."""

from __future__ import annotations

from pathlib import Path


class ArticleQAError(Exception):
    """The base of every error that a user can cause or mend.

    A message says what was found, what was expected and what to do next.
    """


class ArticleError(ArticleQAError):
    """An article cannot be read: it is missing, a folder, not text, or empty."""


class ModelError(ArticleQAError):
    """An encoder or a reader cannot be loaded."""

    @classmethod
    def not_loaded(cls, name: str, expected: str, error: Exception) -> ModelError:
        """Return the error for a folder, or a name on the Hugging Face hub, that does not load."""
        if not Path(name).is_dir():
            return cls(
                f"{name}: is no folder, and this machine's Hugging Face cache has no model of that "
                f"name; download it first with `hf download {name}`, or give a folder."
            )
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        return cls(f"{name}: cannot be loaded; expected {expected} ({reason}).")


class SavedIndexError(ArticleQAError):
    """A saved index is missing, damaged, foreign, newer, or made by another encoder."""


class QuestionError(ArticleQAError):
    """A question is empty or too long to be read."""


class DatasetError(ArticleQAError):
    """A question set is not SQuAD JSON."""


class SettingError(ArticleQAError, ValueError):
    """A setting is outside its range."""
