"""The retriever: builds an index of articles and finds the passages that speak to a question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.articles import Article
from index.errors import SavedIndexError
from index.models.encoder import Encoder, SentenceEncoder, Vectors
from index.retrieval import SENTENCE_POOL, FoundPassages, Hit, SentenceHit
from index.store.arrays import ArrayStore
from index.store.base import Store
from index.store.build import SAME_VECTOR, check_articles, make_index, put_together, texts_of
from index.store.data import DEFAULT_FUSION, Fusion, IndexData, IndexSettings
from index.store.folder import read_index, write_index
from index.store.rows import Rows, highest, ranges
from index.store.vectors import EXACT_UP_TO
from index.structure.spans import Span
from index.text.naming import headings_above, names_of
from index.text.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE
from index.text.rendering import render
from index.text.statements import Statement, statements, without_years, years_for
from index.text.stretches import Stretch
from index.text.terms import terms

_POOL = 200  # how many sentences and passages are looked at for a question, at least
_TINY = 1e-9  # stands for a score of zero where one divides by it


class Retriever:
    """Dense and lexical retrieval over the passages of a collection of articles.

    A passage is as similar to a question as the most similar of its sentences (as late interaction
    has it for tokens, Khattab and Zaharia 2020); BM25 over the passages finds the names, numbers
    and dates that vectors blur. Safe to share by threads, if its encoder is.

    Args:
        store: Holds what is ranked, and finds it.
        encoder: What made its vectors.
        fusion: How passages are ranked, and will be once it is saved and loaded; as the store has
            it if None.
    """

    def __init__(self, store: Store, encoder: Encoder, *, fusion: Fusion | None = None) -> None:
        self.store = store
        self.encoder = encoder
        self.fusion = store.fusion if fusion is None else fusion
        self._first, self._last = np.ascontiguousarray(store.passages.T)
        self._numbers = {article.id: number for number, article in enumerate(store.articles)}
        # Where the sentences of each article start, and at last where all end.
        self._starts = np.searchsorted(
            store.sentences[:, 0], np.arange(len(store.articles) + 1)
        ).tolist()

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        encoder: Encoder,
        *,
        window: int = PASSAGE_SENTENCES,
        stride: int = PASSAGE_STRIDE,
        fusion: Fusion = DEFAULT_FUSION,
        exact_up_to: int = EXACT_UP_TO,
        progress: bool = False,
    ) -> Retriever:
        """Split articles into passages and embed them.

        Args:
            articles: At least one, each with its own id.
            encoder: Makes the vectors.
            window: The most sentences in a passage.
            stride: By how many sentences a passage starts after the one before.
            fusion: How passages are ranked.
            exact_up_to: How many sentences there may be for a search to look at every one; of more,
                only those of the clusters nearest to a question are.
            progress: Whether to show progress bars on standard error.

        Raises:
            ArticleError: There is no article, or two have the same id.
            SettingError: ``window`` or ``stride`` is less than 1.
        """
        settings = IndexSettings(window, stride, fusion)
        data = make_index(articles, encoder, settings, exact_up_to=exact_up_to, progress=progress)
        return cls(ArrayStore(data), encoder)

    @classmethod
    def joined(cls, parts: Sequence[Retriever]) -> Retriever:
        """Join retrievers of one encoder into one over all of their articles; embed nothing again.

        The settings are those of the first.

        Raises:
            ArticleError: There is no article, or two have the same id.
            SavedIndexError: The store of one is none of this program's.
        """
        articles = [article for part in parts for article in part.articles]
        check_articles(articles)
        datas = [part.data for part in parts]
        data = put_together(
            articles,
            _joined([data.sentences for data in datas], [(len(d.articles), 0, 0) for d in datas]),
            _joined([data.passages for data in datas], [(len(d.sentences),) * 2 for d in datas]),
            np.concatenate([data.vectors for data in datas]),
            datas[0].encoder,
            datas[0].settings,
        )
        return cls(ArrayStore(data), parts[0].encoder)

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
        return cls(ArrayStore(data), encoder)

    def with_encoder(self, encoder: Encoder) -> Retriever:
        """Return a retriever over the same index, which it shares, with another encoder.

        Args:
            encoder: Makes the same vectors as this retriever's own.
        """
        other = copy(self)
        other.encoder = encoder
        return other

    def save(self, folder: str | Path) -> None:
        """Write the index, with its settings, to a folder, whole or not at all.

        Raises:
            SavedIndexError: The folder holds something else, or cannot be written; or the store is
                none of this program's.
        """
        write_index(self.data, folder)

    @property
    def data(self) -> IndexData:
        """All that the index consists of, to be saved or joined with others.

        Raises:
            SavedIndexError: The store is none of this program's.
        """
        if not isinstance(self.store, ArrayStore):
            raise SavedIndexError(
                f"A {type(self.store).__name__} cannot be saved or joined as an index; save what "
                "it holds by itself."
            )
        data = self.store.data
        if self.fusion == data.settings.fusion:
            return data
        return replace(data, settings=replace(data.settings, fusion=self.fusion))

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles, in the order in which they were given."""
        return self.store.articles

    def __len__(self) -> int:
        """The number of passages."""
        return len(self.store.passages)

    def embed(self, questions: Sequence[str]) -> Vectors:
        """Return a unit vector for each question, shaped (questions, dimension)."""
        return self.encoder.encode_questions(questions)

    def search(
        self,
        questions: Sequence[str],
        k: int,
        *,
        without: Sequence[Stretch] = (),
        vectors: Vectors | None = None,
    ) -> list[list[Hit]]:
        """Find the k passages that speak most to each question, best first.

        Args:
            questions: The questions.
            k: How many passages to find at most.
            without: Stretches of the articles; passages that touch one are not found.
            vectors: What :meth:`embed` gave for the questions; they are embedded if None.
        """
        if not questions:
            return []
        if vectors is None:
            vectors = self.embed(questions)
        barred = self._touching(without)
        pool = max(_POOL, k) + len(barred)
        near = self.store.nearest(vectors, pool)
        return [
            self._rank(question, vector, rows, barred, pool, k)
            for question, vector, rows in zip(questions, vectors, near, strict=True)
        ]

    def search_sentences(
        self,
        question: str,
        k: int,
        *,
        without: Sequence[Stretch] = (),
        found: FoundPassages | None = None,
    ) -> list[SentenceHit]:
        """Find the k sentences that speak most to a question, best first.

        A question is no such sentence, but the one right after it, which is taken to answer it, is
        as like what is asked as the two are. Sentences of the same text are one.

        Args:
            question: The question.
            k: How many sentences to find at most.
            without: Stretches of the articles; sentences of passages that touch one are not found.
            found: What :meth:`search` found for the question, without the same stretches, of
                :data:`index.retrieval.SENTENCE_POOL` passages or more; they are looked for if None.
        """
        if found is None:
            vectors = self.embed([question])
            hits = self.search([question], SENTENCE_POOL, without=without, vectors=vectors)[0]
            found = FoundPassages(vectors[0], hits)
        rows: dict[int, Article] = {}
        for hit in found.hits[:SENTENCE_POOL]:
            for row in self._sentences_of(hit.passage):
                rows.setdefault(row, hit.passage.article)
        stated = statements(
            {row: Stretch(rows[row], *self.store.sentences[row, 1:].tolist()) for row in rows}
        )
        words = [set(terms(self._said_of(each, without))) for each in stated]
        asked = set(terms(question))
        weight = {
            word: math.log(1 + len(words) / (1 + sum(word in own for own in words)))
            for word in asked
        }
        speaking = [
            SentenceHit(
                each.sentence,
                similarity=float((self.store.vectors[list(each.rows)] @ found.vector).max()),
                shared=sum(weight[word] for word in asked & own) / max(sum(weight.values()), _TINY),
            )
            for each, own in zip(stated, words, strict=True)
        ]
        return sorted(speaking, key=lambda hit: -(hit.similarity + hit.shared))[:k]

    def _said_of(self, stated: Statement, without: Sequence[Stretch]) -> str:
        """Return what a sentence says, with what stands above it or leads in to it."""
        sentence = stated.sentence
        names = names_of(sentence.article) if len(self.articles) > 1 else []
        headings = [
            heading.text
            for heading in headings_above(sentence)
            if not any(map(heading.overlaps, without))
        ]
        above = [*headings, *map(without_years, names), self._years_for(sentence, without)]
        return "\n".join([*above, stated.text, render(sentence).text])

    def _years_for(self, sentence: Stretch, without: Sequence[Stretch]) -> str:
        """Return the years that a sentence is of by the headline of its article."""
        article = sentence.article
        row, _ = self._rows_of(article)
        opening = Stretch(article, *self.store.sentences[row, 1:].tolist())
        withheld = any(map(opening.overlaps, without))
        return years_for(sentence.text, article.title, "." if withheld else opening.text)

    def sentences_of(self, article: Article) -> tuple[list[Stretch], Vectors]:
        """Return an article's sentences, in order, and their vectors, a row each."""
        first, last = self._rows_of(article)
        spans = self.store.sentences[first:last, 1:].tolist()
        return [Stretch(article, *span) for span in spans], self.store.vectors[first:last]

    def _sentences_of(self, passage: Stretch) -> range:
        """Return the rows of the sentences that share text with a passage."""
        first, last = self._rows_of(passage.article)
        _, starts, ends = self.store.sentences[first:last].T
        low = int(np.searchsorted(ends, passage.start, side="right"))
        high = int(np.searchsorted(starts, passage.end, side="left"))
        return range(first + low, first + high)

    def _rows_of(self, article: Article) -> tuple[int, int]:
        """Return the row of an article's first sentence, and one past that of its last."""
        number = self._numbers[article.id]
        return self._starts[number], self._starts[number + 1]

    def _rank(
        self,
        question: str,
        vector: Vectors,
        near: Rows,
        barred: Rows,
        pool: int,
        k: int,
    ) -> list[Hit]:
        """Rank the passages of the nearest sentences and those that share most words."""
        bm25 = self.store.matching(question)
        bm25[barred] = 0.0
        shared = highest(bm25, pool)
        rows = np.union1d(self._passages_of(near[near >= 0]), shared)
        rows = np.setdiff1d(rows, barred, assume_unique=True)
        if not len(rows):
            return []
        sentences, starts = ranges(self._first[rows], self._last[rows])
        # Not by "@": after it, threads of numpy's BLAS would spin on the reader's cores for 25 ms.
        similarities = np.einsum("ij,j->i", self.store.vectors[sentences], vector)
        similarity = np.maximum.reduceat(similarities, starts)
        best, nearest = bm25.max(), similarity.max()
        lexical = bm25[rows] / max(best, _TINY)
        score = self.fusion.dense * similarity + self.fusion.lexical * lexical
        return [
            Hit(
                passage=self._passage(rows[place]),
                score=float(score[place]),
                similarity=float(similarity[place]),
                bm25=float(bm25[rows[place]]),
                bm25_gap=float(best - bm25[rows[place]]),
                similarity_gap=float(nearest - similarity[place]),
            )
            for place in np.argsort(-score, kind="stable")[:k]
        ]

    def _passages_of(self, sentences: Rows) -> Rows:
        """Return the rows of the passages that hold one of the sentences, in order."""
        first = np.searchsorted(self._last, sentences, side="right")
        last = np.searchsorted(self._first, sentences, side="right")
        passages: Rows = np.unique(ranges(first, last)[0])
        return passages

    def _touching(self, stretches: Sequence[Stretch]) -> Rows:
        """Return the rows of the passages that share text with one of the stretches."""
        touching = [np.empty(0, dtype=np.int64)]
        for stretch in stretches:
            rows = np.arange(*np.searchsorted(self._first, self._rows_of(stretch.article)))
            start = self.store.sentences[self._first[rows], 1]
            end = self.store.sentences[self._last[rows] - 1, 2]
            touching.append(rows[(start < stretch.end) & (stretch.start < end)])
        return np.unique(np.concatenate(touching))

    def sentences_around(self, passage: Stretch, start: int, end: int) -> Span:
        """Return the whole sentences of a passage in which ``start`` to ``end`` stands.

        A sentence that is longer than the passage is cut at the passage's ends.
        """
        first, last = self._rows_of(passage.article)
        _, starts, ends = self.store.sentences[first:last].T
        first = int(np.searchsorted(starts, start, side="right")) - 1
        last = int(np.searchsorted(ends, end, side="left"))
        return Span(
            max(passage.start, int(starts[max(first, 0)])),
            min(passage.end, int(ends[min(last, len(ends) - 1)])),
        )

    def _passage(self, row: int) -> Stretch:
        first, last = self.store.passages[row].tolist()
        number, start, _ = self.store.sentences[first].tolist()
        return Stretch(self.store.articles[number], start, int(self.store.sentences[last - 1, 2]))


def _joined(tables: Sequence[Rows], counts: Sequence[tuple[int, ...]]) -> Rows:
    """Join tables, in each of whose columns so many things are numbered from 0."""
    firsts = np.cumsum([(0,) * len(counts[0]), *counts[:-1]], axis=0)
    return np.concatenate([table + first for table, first in zip(tables, firsts, strict=True)])


def _check_encoder(data: IndexData, encoder: Encoder, folder: str | Path) -> None:
    """Embed one sentence again: names and folders say little about the weights behind them."""
    again = encoder.encode_passages([next(texts_of(data.articles, data.sentences))])[0]
    stored = data.vectors[0]
    if again.shape != stored.shape or float(again @ stored) < SAME_VECTOR:
        raise SavedIndexError(
            f"{folder}: the index was made by the encoder {data.encoder} (dimension "
            f"{stored.shape[0]}), and {encoder.name} (dimension {encoder.dimension}) gives other "
            f"vectors; load it with the encoder that made it, or build it again with "
            "`article-qa index`."
        )
