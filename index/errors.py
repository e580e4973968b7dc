"""Everything that can go wrong for a reason the user can mend."""

from __future__ import annotations


class ArticleQAError(Exception):
    """The base of every error that a user can cause or mend.

    A message says what was found, what was expected and what to do next.
    """


class ArticleError(ArticleQAError):
    """An article cannot be read: it is missing, a folder, not text, or empty."""


class ModelError(ArticleQAError):
    """An encoder or a reader cannot be loaded."""


class StoreError(ArticleQAError):
    """A library cannot be opened, reached, read or written now."""


class SavedIndexError(StoreError):
    """A saved index is missing, damaged, foreign, newer, or made by another encoder."""


class AnswerError(ArticleQAError):
    """A written answer is damaged, or not of the articles that it is read back with."""


class QuestionError(ArticleQAError):
    """A question is empty or too long to be read."""


class DatasetError(ArticleQAError):
    """A question set is not SQuAD JSON."""


class SettingError(ArticleQAError, ValueError):
    """A setting is outside its range."""


class TrainingError(ArticleQAError):
    """A training run cannot start or go on."""


class FeedbackError(ArticleQAError):
    """A verdict on an answer cannot be saved."""
