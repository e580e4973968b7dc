"""The retriever: fills a store with articles and finds the passages that speak to a question."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from pathlib import Path

import numpy as np

from index.articles import Article
from index.errors import ArticleError, SavedIndexError
from index.filling import BATCH, Changes, fill
from index.holdings import Articles
from index.known_cuts import KnownCuts, passages_holding, sentences_held
from index.models.encoder import Encoder, SentenceEncoder, Vectors
from index.retrieval import SENTENCE_POOL, FoundPassages, Hit, SentenceHit
from index.store.base import Document, Made, Store, Vocabulary
from index.store.keys import keys_of, parted
from index.store.memory import MemoryStore
from index.store.opening import open_store, save_store
from index.store.rows import Rows, ranges
from index.store.segments.vectors import EXACT_UP_TO
from index.store.settings import DEFAULT_FUSION, Fusion, IndexSettings
from index.structure.spans import Span
from index.text.naming import headings_above, names_of
from index.text.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE
from index.text.rendering import render, render_in_place
from index.text.statements import Statement, statements, without_years, years_for
from index.text.stretches import Stretch
from index.text.terms import terms

SAME_VECTOR = 0.999
"""The least cosine of one text's vectors from one encoder, rounding allowed for."""

_POOL = 200  # how many sentences and passages are looked at for a question, at least
_TINY = 1e-9  # stands for a score of zero where one divides by it


class Retriever:
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
        """Split articles into passages and embed them, in memory.

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
        if not articles:
            raise ArticleError("There is no article to ask; give at least one.")
        settings = IndexSettings(window, stride, fusion)
        made = Made(encoder.name, encoder.dimension)
        retriever = cls(MemoryStore(made, settings, exact_up_to=exact_up_to), encoder)
        retriever.add(articles, progress=progress)
        return retriever

    @classmethod
    def open(cls, store: Store, encoder: Encoder | None = None) -> Retriever:
        """Search a store that may have documents already.

        Args:
            store: The store.
            encoder: The encoder that made its vectors, under whatever name; loaded by the name that
                the store gives if None.

        Raises:
            SavedIndexError: Another encoder made its vectors.
            ModelError: The encoder cannot be loaded.
        """
        retriever = cls(store, encoder or SentenceEncoder.load(store.made.name))
        retriever._check_encoder()
        return retriever

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
        return cls.open(open_store(folder), encoder)

    def with_encoder(self, encoder: Encoder) -> Retriever:
        """Return a retriever over the same store with another encoder.

        Args:
            encoder: Makes the same vectors as this retriever's own.
        """
        other = copy(self)
        other.encoder = encoder
        return other

    def only(
        self, *, ids: Collection[str] | None = None, tags: Collection[str] | None = None
    ) -> Retriever:
        """Return a retriever over some documents of the same store: those that are there now.

        Args:
            ids: Their ids.
            tags: What they are filed under; one of these will do.

        Raises:
            ArticleError: An id, or a tag, is not there.
        """
        numbers = self.store.numbers(ids=ids or (), tags=tags or ())
        if self._only is not None:
            numbers = np.intersect1d(numbers, self._only)
        found = self.store.documents(numbers)
        there = {document.id for document in found}
        filed = {tag for document in found for tag in document.tags}
        for what, missing in (("id", set(ids or ()) - there), ("tag", set(tags or ()) - filed)):
            if missing:
                raise ArticleError(
                    f"No document has the {what} {min(missing)!r}; list those that are there."
                )
        if not found:
            raise ArticleError("No document was chosen to be asked; name at least one.")
        other = copy(self)
        other._only = numbers
        return other

    def add(
        self,
        articles: Iterable[Article],
        *,
        tags: Collection[str] | None = None,
        batch: int = BATCH,
        progress: bool = False,
    ) -> Changes:
        """Bring articles into the store; one whose id is there is replaced, if it differs.

        See :func:`index.filling.fill`.

        Raises:
            ArticleError: Two articles have the same id.
            StoreError: The store cannot be changed now; what came in before stays.
        """
        return fill(self.store, self.encoder, articles, tags=tags, batch=batch, progress=progress)

    def update(self, articles: Sequence[Article], *, progress: bool = False) -> Changes:
        """Put articles in the place of those of their ids.

        Raises:
            ArticleError: An id is not there; nothing was changed.
            StoreError: The store cannot be changed now.
        """
        self._check_there([article.id for article in articles])
        return self.add(articles, progress=progress)

    def remove(self, ids: Collection[str]) -> None:
        """Remove documents from the store.

        Raises:
            ArticleError: An id is not there; nothing was removed.
            StoreError: The store cannot be changed now.
        """
        self._check_there(ids)
        self.store.change(remove=ids)

    def save(self, folder: str | Path) -> None:
        """Write all documents of the store, with its settings, to a folder, whole or not at all.

        Raises:
            SavedIndexError: The folder holds something else, or cannot be written.
        """
        save_store(self.store, folder, fusion=self.fusion)

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

    def _check_there(self, ids: Collection[str]) -> None:
        there = {each.id for each in self.store.documents(self.store.numbers(ids=ids))}
        missing = [own for own in ids if own not in there]
        if missing:
            raise ArticleError(
                f"No document has the id {missing[0]!r}; nothing was changed. List the documents "
                "to see their ids."
            )

    def _check_encoder(self) -> None:
        """Embed one sentence again: names and folders say little about the weights behind them."""
        made = self.store.made
        number = next(iter(self.store.numbers()[:1].tolist()), None)
        same = self.encoder.dimension == made.dimension
        if number is not None and same:
            numbers = np.array([number], dtype=np.int64)
            article = self.store.articles(numbers)[number]
            span = self.store.cuts(numbers)[number].sentences[0].tolist()
            again = self.encoder.encode_passages([render_in_place(Stretch(article, *span))])[0]
            key = keys_of(number, np.zeros(1, dtype=np.int64))
            same = float(self.store.similarities(again, key)[0]) >= SAME_VECTOR
        if not same:
            raise SavedIndexError(
                f"The documents were embedded by the encoder {made.name} (dimension "
                f"{made.dimension}), and {self.encoder.name} (dimension {self.encoder.dimension}) "
                "gives other vectors; open them with the encoder that made them, or add them to a "
                "new library."
            )
