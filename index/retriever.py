"""The retriever: builds an index of articles and finds the passages that speak to a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.articles import Article
from index.encoder import Encoder, SentenceEncoder
from index.errors import ArticleError, SavedIndexError, SettingError
from index.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE, Passage, split_passages
from index.sentences import Span, split_sentences
from index.store import Bounds, IndexData, read_index, write_index
from index.vectors import VectorSearch

_SAME_VECTOR = 0.999  # the cosine of one text's vectors from one encoder, rounding allowed for


@dataclass(frozen=True)
class Hit:
    """A passage found for a question.

    Attributes:
        passage: The passage.
        similarity: The cosine of the passage's vector and the question's, in -1..1.
    """

    passage: Passage
    similarity: float


class Retriever:
    """Dense retrieval over the passages of a collection of articles."""

    def __init__(self, data: IndexData, encoder: Encoder) -> None:
        self._data = data
        self.encoder = encoder
        self._search = VectorSearch(data.vectors)
        self._sentences = {
            article.id: _rows_of(number, data.sentences)
            for number, article in enumerate(data.articles)
        }

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        encoder: Encoder,
        *,
        window: int = PASSAGE_SENTENCES,
        stride: int = PASSAGE_STRIDE,
        progress: bool = False,
    ) -> Retriever:
        """Split articles into passages and embed them.

        Args:
            articles: At least one, each with its own id.
            encoder: Makes the vectors.
            window: The most sentences in a passage.
            stride: By how many sentences a passage starts after the one before.
            progress: Whether to show a progress bar on standard error.

        Raises:
            ArticleError: There is no article, or two have the same id.
            SettingError: ``window`` or ``stride`` is less than 1.
        """
        if window < 1 or stride < 1:
            raise SettingError(f"window is {window} and stride {stride}; expected at least 1.")
        if not articles:
            raise ArticleError("There is no article to ask; give at least one.")
        repeated = [i for i, n in Counter(article.id for article in articles).items() if n > 1]
        if repeated:
            raise ArticleError(f"Two articles have the id {repeated[0]!r}; give each its own.")
        sentences: list[tuple[int, int, int]] = []
        passages: list[tuple[int, int, int]] = []
        for number, article in enumerate(articles):
            spans = split_sentences(article.text)
            tokens = encoder.tokenize([article.text[start:end] for start, end in spans])
            sentences += [(number, *span) for span in spans]
            passages += [
                (number, *span)
                for span in split_passages(
                    spans, tokens, max_tokens=encoder.max_tokens, window=window, stride=stride
                )
            ]
        texts = [articles[number].text[start:end] for number, start, end in passages]
        data = IndexData(
            articles=tuple(articles),
            sentences=np.array(sentences, dtype=np.int64),
            passages=np.array(passages, dtype=np.int64),
            vectors=encoder.encode_passages(texts, progress=progress),
            encoder=encoder.name,
        )
        return cls(data, encoder)

    @classmethod
    def load(cls, folder: str | Path, encoder: Encoder | None = None) -> Retriever:
        """Load a saved index.

        Args:
            folder: Where it was saved.
            encoder: The encoder that made it, under whatever name; loaded by the name that was
                saved if None.

        Raises:
            SavedIndexError: The index cannot be read, or another encoder made its vectors.
            ModelError: The encoder cannot be loaded.
        """
        data = read_index(folder)
        encoder = encoder or SentenceEncoder.load(data.encoder)
        _check_encoder(data, encoder, folder)
        return cls(data, encoder)

    def save(self, folder: str | Path) -> None:
        """Write the index to a folder, whole or not at all.

        Raises:
            SavedIndexError: The folder holds something else, or cannot be written.
        """
        write_index(self._data, folder)

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles, in the order in which they were given."""
        return self._data.articles

    def __len__(self) -> int:
        """The number of passages."""
        return len(self._data.passages)

    def search(self, questions: Sequence[str], k: int) -> list[list[Hit]]:
        """Find the k passages most similar to each question, most similar first."""
        similarities, rows = self._search.search(self.encoder.encode_questions(questions), k)
        return [
            [
                Hit(self._passage(row), similarity)
                for row, similarity in zip(found, close, strict=True)
            ]
            for found, close in zip(rows.tolist(), similarities.tolist(), strict=True)
        ]

    def sentences_around(self, passage: Passage, start: int, end: int) -> Span:
        """Return the whole sentences of a passage in which ``start`` to ``end`` stands.

        A sentence that is longer than the passage is cut at the passage's ends.
        """
        _, starts, ends = self._sentences[passage.article.id].T
        first = int(np.searchsorted(starts, start, side="right")) - 1
        last = int(np.searchsorted(ends, end, side="left"))
        return Span(
            max(passage.start, int(starts[max(first, 0)])),
            min(passage.end, int(ends[min(last, len(ends) - 1)])),
        )

    def _passage(self, row: int) -> Passage:
        number, start, end = self._data.passages[row].tolist()
        return Passage(self._data.articles[number], start, end)


def _rows_of(number: int, bounds: Bounds) -> Bounds:
    first, last = np.searchsorted(bounds[:, 0], [number, number + 1])
    return bounds[first:last]


def _check_encoder(data: IndexData, encoder: Encoder, folder: str | Path) -> None:
    """Embed one passage again: names and folders say little about the weights behind them."""
    number, start, end = data.passages[0].tolist()
    again = encoder.encode_passages([data.articles[number].text[start:end]])[0]
    stored = data.vectors[0]
    if again.shape != stored.shape or float(again @ stored) < _SAME_VECTOR:
        raise SavedIndexError(
            f"{folder}: the index was made by the encoder {data.encoder} (dimension "
            f"{stored.shape[0]}), and {encoder.name} (dimension {encoder.dimension}) gives other "
            f"vectors; load it with the encoder that made it, or build it again with "
            "`article-qa index`."
        )
