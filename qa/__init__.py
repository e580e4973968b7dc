"""Question answering over articles, by quotation only: the door to the Python API."""

from index.articles import Article
from index.errors import (
    ArticleError,
    ArticleQAError,
    DatasetError,
    ModelError,
    QuestionError,
    SavedIndexError,
    SettingError,
    TrainingError,
)
from qa.answers import Alternative, Answer, Citation
from qa.pipeline import ArticleQA

__all__ = [
    "Alternative",
    "Answer",
    "Article",
    "ArticleError",
    "ArticleQA",
    "ArticleQAError",
    "Citation",
    "DatasetError",
    "ModelError",
    "QuestionError",
    "SavedIndexError",
    "SettingError",
    "TrainingError",
]
