"""Ranks the passages and sentences of a store by how much they speak to a question."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from index.articles import Article
from index.holdings import Articles
from index.known_cuts import KnownCuts, passages_holding, sentences_held
from index.models.encoder import Encoder, Vectors
from index.retrieval import SENTENCE_POOL, FoundPassages, Hit, SentenceHit
from index.store.base import Document, Store, Vocabulary
from index.store.keys import keys_of, parted
from index.store.rows import Rows, ranges
from index.store.settings import Fusion
from index.structure.spans import Span
from index.text.naming import headings_above, names_of
from index.text.rendering import render, render_in_place
from index.text.statements import Statement, statements, without_years, years_for
from index.text.stretches import Stretch
from index.text.terms import terms

_POOL = 200  # how many sentences and passages are looked at for a question, at least
_TINY = 1e-9  # stands for a score of zero where one divides by it


class Ranking:
    """Dense and lexical retrieval over the passages of the documents in a store.

    A passage is as similar to a question as the most similar of its sentences (as late interaction
    has it for tokens, Khattab and Zaharia 2020); BM25 over the passages finds the names, numbers
    and dates that vectors blur. What is in the store may change at any time. Safe to share by
    threads, if its encoder and its store are.

    Args:
        store: Holds what is ranked, and finds it.
        encoder: What made its vectors.
        fusion: How passages are ranked; as the store has it if None.
        only: The numbers of the documents that are searched, ascending; all if None.
    """

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        *,
        fusion: Fusion | None = None,
        only: Rows | None = None,
    ) -> None:
        self.store = store
        self.encoder = encoder
        self.fusion = store.settings.fusion if fusion is None else fusion
        self._only = only
        self._known = KnownCuts(store)

    @property
    def documents(self) -> Sequence[Document]:
        """The documents that are searched, without their texts."""
        return self.store.documents(self._only)

    @property
    def articles(self) -> Articles:
        """The articles that are searched, fetched when they are asked for."""
        return Articles(self.store, self._only)

    @property
    def version(self) -> int:
        """A number that is another after every change of the store."""
        return self.store.version

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the texts of the whole store."""
        return self.store.vocabulary

    def __len__(self) -> int:
        """The number of passages."""
        return sum(document.passages for document in self.documents)

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
        near = self.store.nearest(vectors, pool, only=self._only)
        return [
            self._rank(question, vector, keys, barred, pool, k)
            for question, vector, keys in zip(questions, vectors, near, strict=True)
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
        sentences: dict[int, Stretch] = {}
        for hit in found.hits[:SENTENCE_POOL]:
            sentences |= self._sentences_in(hit.passage)
        stated = statements(sentences)
        keys = np.array([key for each in stated for key in each.rows], dtype=np.int64)
        own = self.store.similarities(found.vector, keys)
        similarity = dict(zip(keys.tolist(), own.tolist(), strict=True))
        words = [set(terms(self._said_of(each, without))) for each in stated]
        asked = set(terms(question))
        weight = {
            word: math.log(1 + len(words) / (1 + sum(word in own for own in words)))
            for word in asked
        }
        speaking = [
            SentenceHit(
                each.sentence,
                similarity=max(similarity[key] for key in each.rows),
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
        _, cut = self._known.of(article)
        opening = Stretch(article, *cut.sentences[0].tolist())
        withheld = any(map(opening.overlaps, without))
        return years_for(sentence.text, article.title, "." if withheld else opening.text)

    def sentences_of(self, article: Article) -> tuple[list[Stretch], Vectors]:
        """Return an article's sentences, in order, and their vectors, a row each."""
        number, cut = self._known.of(article)
        try:
            vectors = self.store.vectors(number)
        except KeyError:  # it was removed since
            vectors = np.empty((0, 0), dtype=np.float32)
        sentences = [Stretch(article, start, end) for start, end in cut.sentences.tolist()]
        if len(vectors) != len(sentences):
            vectors = self.encoder.encode_passages([render_in_place(each) for each in sentences])
        return sentences, vectors

    def sentences_around(self, passage: Stretch, start: int, end: int) -> Span:
        """Return the whole sentences of a passage in which ``start`` to ``end`` stands.

        A sentence that is longer than the passage is cut at the passage's ends.
        """
        _, cut = self._known.of(passage.article)
        starts, ends = cut.sentences.T
        first = int(np.searchsorted(starts, start, side="right")) - 1
        last = int(np.searchsorted(ends, end, side="left"))
        return Span(
            max(passage.start, int(starts[max(first, 0)])),
            min(passage.end, int(ends[min(last, len(ends) - 1)])),
        )

    def _sentences_in(self, passage: Stretch) -> dict[int, Stretch]:
        """Return the sentences that share text with a passage, by their keys."""
        number, cut = self._known.of(passage.article)
        starts, ends = cut.sentences.T
        low = int(np.searchsorted(ends, passage.start, side="right"))
        high = int(np.searchsorted(starts, passage.end, side="left"))
        keys = keys_of(number, np.arange(low, high)).tolist()
        spans = cut.sentences[low:high].tolist()
        return {key: Stretch(passage.article, *span) for key, span in zip(keys, spans, strict=True)}

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
        held = passages_holding(near, self._known.cuts(near))
        matches = self.store.matching(question, pool, only=self._only, others=held)
        bm25 = dict(zip(held.tolist(), matches.others.tolist(), strict=True))
        bm25.update(zip(matches.passages.tolist(), matches.scores.tolist(), strict=True))
        keys = np.array(sorted(bm25.keys() - set(barred.tolist())), dtype=np.int64)
        keys, first, last = sentences_held(keys, self._known.cuts(keys))
        if not len(keys):
            return []
        sentences, starts = ranges(first, last)
        distinct, places = np.unique(sentences, return_inverse=True)
        similarities = self.store.similarities(vector, distinct)[places]
        similarity = np.maximum.reduceat(similarities, starts)
        lexical = np.array([bm25[key] for key in keys.tolist()], dtype=np.float32)
        best, nearest = lexical.max(), similarity.max()
        score = self.fusion.dense * similarity + self.fusion.lexical * (lexical / max(best, _TINY))
        order = np.argsort(-score, kind="stable")[:k]
        passages = self._passages(keys[order])
        return [
            Hit(
                passage=passage,
                score=float(score[place]),
                similarity=float(similarity[place]),
                bm25=float(lexical[place]),
                bm25_gap=float(best - lexical[place]),
                similarity_gap=float(nearest - similarity[place]),
            )
            for place, passage in zip(order, passages, strict=True)
            if passage is not None
        ]

    def _passages(self, keys: Rows) -> list[Stretch | None]:
        """Return passages by their keys; None for those that are gone meanwhile."""
        numbers, ordinals = parted(keys)
        articles = self.store.articles(np.unique(numbers))
        cuts = self._known.cuts(keys)
        passages: list[Stretch | None] = []
        for number, ordinal in zip(numbers.tolist(), ordinals.tolist(), strict=True):
            article, cut = articles.get(number), cuts.get(number)
            if article is None or cut is None:
                passages.append(None)
                continue
            self._known.keep(article, number, cut)
            first, last = cut.passages[ordinal].tolist()
            start, end = cut.sentences[first, 0], cut.sentences[last - 1, 1]
            passages.append(Stretch(article, int(start), int(end)))
        return passages

    def _touching(self, stretches: Sequence[Stretch]) -> Rows:
        """Return the keys of the passages that share text with one of the stretches."""
        touching = [np.empty(0, dtype=np.int64)]
        for stretch in stretches:
            number, cut = self._known.of(stretch.article)
            start = cut.sentences[cut.passages[:, 0], 0]
            end = cut.sentences[cut.passages[:, 1] - 1, 1]
            rows = np.flatnonzero((start < stretch.end) & (stretch.start < end))
            touching.append(keys_of(number, rows))
        return np.unique(np.concatenate(touching))
