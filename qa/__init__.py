"""Question answering over articles, by quotation only: the door to the Python API.

Whatever one needs to bring a part of one's own is here: its protocol, and the records that it takes
and gives. A name's module is imported when the name is first used, so that importing this package
costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.articles import Article
    from index.errors import (
        AnswerError,
        ArticleError,
        ArticleQAError,
        DatasetError,
        FeedbackError,
        ModelError,
        QuestionError,
        SavedIndexError,
        SettingError,
        TrainingError,
    )
    from index.loaders.content import Content, Loader
    from index.loaders.registry import LOADERS
    from index.models.encoder import Encoder, SentenceEncoder, Vectors
    from index.originals import Original
    from index.places import Box, Part, Place, Places
    from index.reading import read_articles
    from index.retrieval import FoundPassages, Hit, Retrieval, SentenceHit
    from index.retriever import Retriever
    from index.store.arrays import ArrayStore
    from index.store.base import Store, VectorIndex
    from index.store.data import Fusion, IndexData, IndexSettings
    from index.store.rows import Rows
    from index.structure.spans import Span
    from index.text.stretches import Stretch
    from qa.answers import (
        Alternative,
        Answer,
        Citation,
        Interpretation,
        Kind,
        Outcome,
        Reference,
    )
    from qa.cited import CitedSentence
    from qa.conversation import Conversation
    from qa.pipeline import ArticleQA
    from qa.reading.calibration import (
        Answerability,
        Boundaries,
        Calibration,
        SentenceCalibration,
    )
    from qa.reading.candidates import Candidate
    from qa.reading.evidence import Evidence, Support
    from qa.reading.reader import Reader, ReaderSpan, TransformerReader
    from qa.reading.rounds import InRounds
    from qa.reading.stages import TwoStages
    from qa.reading.strategies import Strategy

__all__ = [
    "LOADERS",
    "Alternative",
    "Answer",
    "AnswerError",
    "Answerability",
    "ArrayStore",
    "Article",
    "ArticleError",
    "ArticleQA",
    "ArticleQAError",
    "Boundaries",
    "Box",
    "Calibration",
    "Candidate",
    "Citation",
    "CitedSentence",
    "Content",
    "Conversation",
    "DatasetError",
    "Encoder",
    "Evidence",
    "FeedbackError",
    "FoundPassages",
    "Fusion",
    "Hit",
    "InRounds",
    "IndexData",
    "IndexSettings",
    "Interpretation",
    "Kind",
    "Loader",
    "ModelError",
    "Original",
    "Outcome",
    "Part",
    "Place",
    "Places",
    "QuestionError",
    "Reader",
    "ReaderSpan",
    "Reference",
    "Retrieval",
    "Retriever",
    "Rows",
    "SavedIndexError",
    "SentenceCalibration",
    "SentenceEncoder",
    "SentenceHit",
    "SettingError",
    "Span",
    "Store",
    "Strategy",
    "Stretch",
    "Support",
    "TrainingError",
    "TransformerReader",
    "TwoStages",
    "VectorIndex",
    "Vectors",
    "read_articles",
]

_MODULES = {
    "index.articles": ("Article",),
    "index.errors": (
        "AnswerError",
        "ArticleError",
        "ArticleQAError",
        "DatasetError",
        "FeedbackError",
        "ModelError",
        "QuestionError",
        "SavedIndexError",
        "SettingError",
        "TrainingError",
    ),
    "index.loaders.content": ("Content", "Loader"),
    "index.loaders.registry": ("LOADERS",),
    "index.models.encoder": ("Encoder", "SentenceEncoder", "Vectors"),
    "index.originals": ("Original",),
    "index.places": ("Box", "Part", "Place", "Places"),
    "index.reading": ("read_articles",),
    "index.retrieval": ("FoundPassages", "Hit", "Retrieval", "SentenceHit"),
    "index.retriever": ("Retriever",),
    "index.store.arrays": ("ArrayStore",),
    "index.store.base": ("Store", "VectorIndex"),
    "index.store.data": ("Fusion", "IndexData", "IndexSettings"),
    "index.store.rows": ("Rows",),
    "index.structure.spans": ("Span",),
    "index.text.stretches": ("Stretch",),
    "qa.answers": (
        "Alternative",
        "Answer",
        "Citation",
        "Interpretation",
        "Kind",
        "Outcome",
        "Reference",
    ),
    "qa.cited": ("CitedSentence",),
    "qa.conversation": ("Conversation",),
    "qa.pipeline": ("ArticleQA",),
    "qa.reading.calibration": (
        "Answerability",
        "Boundaries",
        "Calibration",
        "SentenceCalibration",
    ),
    "qa.reading.candidates": ("Candidate",),
    "qa.reading.evidence": ("Evidence", "Support"),
    "qa.reading.reader": ("Reader", "ReaderSpan", "TransformerReader"),
    "qa.reading.rounds": ("InRounds",),
    "qa.reading.stages": ("TwoStages",),
    "qa.reading.strategies": ("Strategy",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
