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
        StoreError,
        TrainingError,
    )
    from index.filling import Changes
    from index.loaders.content import Content, Loader
    from index.loaders.registry import LOADERS
    from index.models.encoder import Encoder, SentenceEncoder, Vectors
    from index.originals import Original
    from index.places import Box, Part, Place, Places
    from index.reading import read_articles
    from index.retrieval import FoundPassages, Hit, Retrieval, SentenceHit
    from index.retriever import Retriever
    from index.store.base import (
        Cut,
        Document,
        Made,
        Matches,
        Prepared,
        Scores,
        Store,
        Vocabulary,
        document_made,
    )
    from index.store.keys import keys_of, parted
    from index.store.memory import MemoryStore
    from index.store.opening import open_store
    from index.store.rows import Rows
    from index.store.segments.making import check_prepared
    from index.store.settings import Fusion, IndexSettings
    from index.structure.spans import Span
    from index.text.spellings import count_spellings
    from index.text.stretches import Stretch
    from index.text.terms import terms
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
        Stores,
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
    "Article",
    "ArticleError",
    "ArticleQA",
    "ArticleQAError",
    "Boundaries",
    "Box",
    "Calibration",
    "Candidate",
    "Changes",
    "Citation",
    "CitedSentence",
    "Content",
    "Conversation",
    "Cut",
    "DatasetError",
    "Document",
    "Encoder",
    "Evidence",
    "FeedbackError",
    "FoundPassages",
    "Fusion",
    "Hit",
    "InRounds",
    "IndexSettings",
    "Interpretation",
    "Kind",
    "Loader",
    "Made",
    "Matches",
    "MemoryStore",
    "ModelError",
    "Original",
    "Outcome",
    "Part",
    "Place",
    "Places",
    "Prepared",
    "QuestionError",
    "Reader",
    "ReaderSpan",
    "Reference",
    "Retrieval",
    "Retriever",
    "Rows",
    "SavedIndexError",
    "Scores",
    "SentenceCalibration",
    "SentenceEncoder",
    "SentenceHit",
    "SettingError",
    "Span",
    "Store",
    "StoreError",
    "Stores",
    "Strategy",
    "Stretch",
    "Support",
    "TrainingError",
    "TransformerReader",
    "TwoStages",
    "Vectors",
    "Vocabulary",
    "check_prepared",
    "count_spellings",
    "document_made",
    "keys_of",
    "open_store",
    "parted",
    "read_articles",
    "terms",
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
        "StoreError",
        "TrainingError",
    ),
    "index.filling": ("Changes",),
    "index.loaders.content": ("Content", "Loader"),
    "index.loaders.registry": ("LOADERS",),
    "index.models.encoder": ("Encoder", "SentenceEncoder", "Vectors"),
    "index.originals": ("Original",),
    "index.places": ("Box", "Part", "Place", "Places"),
    "index.reading": ("read_articles",),
    "index.retrieval": ("FoundPassages", "Hit", "Retrieval", "SentenceHit"),
    "index.retriever": ("Retriever",),
    "index.store.base": (
        "Cut",
        "Document",
        "Made",
        "Matches",
        "Prepared",
        "Scores",
        "Store",
        "Vocabulary",
        "document_made",
    ),
    "index.store.keys": ("keys_of", "parted"),
    "index.store.memory": ("MemoryStore",),
    "index.store.opening": ("open_store",),
    "index.store.rows": ("Rows",),
    "index.store.segments.making": ("check_prepared",),
    "index.store.settings": ("Fusion", "IndexSettings"),
    "index.structure.spans": ("Span",),
    "index.text.spellings": ("count_spellings",),
    "index.text.stretches": ("Stretch",),
    "index.text.terms": ("terms",),
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
        "Stores",
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
