"""What a saved index knows already, for the one that is to replace it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.articles import Article
from index.errors import SavedIndexError
from index.models.encoder import Encoder, Vectors
from index.store.build import SAME_VECTOR, texts_of
from index.store.data import Bounds, IndexData, IndexSettings
from index.store.folder import read_index
from index.store.rows import Rows


@dataclass(frozen=True, eq=False)
class KnownVectors:
    """The vectors of the sentences of a saved index.

    Attributes:
        index: The index; None if there is none, or another encoder made it.
    """

    index: IndexData | None = None

    @classmethod
    def of(cls, folder: Path, encoder: Encoder) -> KnownVectors:
        """Open the index in a folder if this encoder made it: names say little of weights."""
        try:
            data = read_index(folder)
        except SavedIndexError:
            return NO_VECTORS
        if (data.encoder, data.vectors.shape[1]) != (encoder.name, encoder.dimension):
            return NO_VECTORS
        again = encoder.encode_passages([next(texts_of(data.articles, data.sentences))])[0]
        return cls(data) if float(again @ data.vectors[0]) >= SAME_VECTOR else NO_VECTORS

    def vectors_of(self, rows: Rows) -> Vectors:
        """Return the vectors of sentences that are known, given their rows."""
        return (
            np.empty((0, 1), dtype=np.float32) if self.index is None else self.index.vectors[rows]
        )

    @property
    def passages(self) -> int:
        """How many passages the index has."""
        return 0 if self.index is None else len(self.index.passages)

    def is_index_of(self, articles: Sequence[Article], settings: IndexSettings) -> bool:
        """Tell whether the index is that of these articles, read from files in this state."""
        data = self.index
        return (
            data is not None
            and data.settings == settings
            and data.articles == tuple(articles)
            and all(
                (old.original, old.notes) == (new.original, new.notes)
                for old, new in zip(data.articles, articles, strict=True)
            )
        )

    def rows_of(self, articles: Sequence[Article], sentences: Bounds) -> Rows:
        """Return the row of the vector of each sentence; -1 where it is not known.

        It is known where an article of the same text was cut in the same way.
        """
        rows = np.full(len(sentences), -1, dtype=np.int64)
        data = self.index
        if data is None:
            return rows
        starts = _starts(data.sentences, len(data.articles))
        known = {article.text: number for number, article in enumerate(data.articles)}
        for number, (start, end) in enumerate(pairwise(_starts(sentences, len(articles)))):
            if (old := known.get(articles[number].text)) is None:
                continue
            first, last = starts[old], starts[old + 1]
            if np.array_equal(sentences[start:end, 1:], data.sentences[first:last, 1:]):
                rows[start:end] = np.arange(first, last)
        return rows


def _starts(sentences: Bounds, articles: int) -> list[int]:
    """Return where the sentences of each article start, and at last where all end."""
    starts: list[int] = np.searchsorted(sentences[:, 0], np.arange(articles + 1)).tolist()
    return starts


NO_VECTORS = KnownVectors()
