"""Small stand-ins for the models, which enter through public constructors."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.articles import Article
from index.models.encoder import Vectors
from index.retrieval import FoundPassages, Hit, Retrieval, SentenceHit
from index.retriever import Retriever
from index.store.base import Document, Made
from index.store.memory import MemoryStore
from index.store.rows import Rows
from index.store.settings import DEFAULT_SETTINGS, IndexSettings
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.pipeline import ArticleQA
from qa.reading.calibration import Calibration
from qa.reading.reader import Reader, ReaderSpan
from qa.reading.strategies import Strategy


class WordEncoder:
    """Embeds a text as the set of its words, so that shared words make texts similar."""

    name = "words"

    def __init__(self, dimension: int = 64, max_tokens: int = 50, seed: str = "") -> None:
        self.dimension = dimension
        self.max_tokens = max_tokens
        self._seed = seed

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(*word.span()) for word in re.finditer(r"\S+", text)] for text in texts]

    def encode_passages(
        self, texts: Sequence[str], *, progress: bool = False
    ) -> NDArray[np.float32]:
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold()):
                digest = hashlib.sha256((self._seed + word).encode()).digest()
                vector[int.from_bytes(digest[:4], "big") % self.dimension] = 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_passages(texts)


class PhraseReader:
    """Finds set phrases, wherever a passage holds them, with set logits."""

    def __init__(self, **logits: float) -> None:
        self.logits = {phrase.replace("_", " "): logit for phrase, logit in logits.items()}
        self.calibration = Calibration()
        self.seen: list[list[str]] = []

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        self.seen += [list(texts) for texts in passages]
        return [
            sorted(
                (
                    ReaderSpan(number, *found.span(), logit)
                    for number, text in enumerate(texts)
                    for phrase, logit in self.logits.items()
                    for found in re.finditer(re.escape(phrase), text)
                ),
                key=lambda span: -span.logit,
            )
            for texts in passages
        ]


class EverySpanReader:
    """Offers a spread of spans of every passage, white space and all."""

    calibration = Calibration()

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        return [
            [
                ReaderSpan(number, start, min(start + 7, len(text)), 5.0 - start / 100)
                for number, text in enumerate(texts)
                for start in range(0, len(text), 3)
            ]
            for texts in passages
        ]


def bot_of(*texts: str, reader: Reader | Strategy | None = None) -> ArticleQA:
    """Open a pipeline over texts with the fakes."""
    articles = [Article(f"a{n}", f"Article {n}", text) for n, text in enumerate(texts)]
    retriever = Retriever.build(articles, WordEncoder())
    return ArticleQA(retriever, reader or PhraseReader())


class CountingStore(MemoryStore):
    """Knows which documents' texts were fetched, and how often all documents were listed."""

    def __init__(self, made: Made, settings: IndexSettings = DEFAULT_SETTINGS) -> None:
        super().__init__(made, settings)
        self.fetched: list[int] = []
        self.listed = 0

    def articles(self, numbers: Rows) -> Mapping[int, Article]:
        self.fetched += numbers.tolist()
        return super().articles(numbers)

    def documents(self, numbers: Rows | None = None) -> Sequence[Document]:
        self.listed += numbers is None
        return super().documents(numbers)


class OnlyRetrieval:
    """A retrieval of somebody's own: it finds what another does, and offers nothing besides."""

    def __init__(self, inner: Retrieval) -> None:
        self._inner = inner

    @property
    def articles(self) -> Sequence[Article]:
        return self._inner.articles

    def embed(self, questions: Sequence[str]) -> Vectors:
        return self._inner.embed(questions)

    def search(
        self,
        questions: Sequence[str],
        k: int,
        *,
        without: Sequence[Stretch] = (),
        vectors: Vectors | None = None,
    ) -> list[list[Hit]]:
        return self._inner.search(questions, k, without=without, vectors=vectors)

    def search_sentences(
        self,
        question: str,
        k: int,
        *,
        without: Sequence[Stretch] = (),
        found: FoundPassages | None = None,
    ) -> list[SentenceHit]:
        return self._inner.search_sentences(question, k, without=without, found=found)

    def sentences_of(self, article: Article) -> tuple[list[Stretch], Vectors]:
        return self._inner.sentences_of(article)

    def sentences_around(self, passage: Stretch, start: int, end: int) -> Span:
        return self._inner.sentences_around(passage, start, end)
