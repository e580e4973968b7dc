"""What is found for a question, and what answering needs of whatever finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.articles import Article
from index.models.encoder import Vectors
from index.structure.spans import Span
from index.text.statements import said
from index.text.stretches import Stretch

SENTENCE_POOL = 10
"""How many passages are looked at for sentences."""

_DEEPEST = 2000  # passages, from which on no more copies are passed over


@dataclass(frozen=True)
class Hit:
    """A passage found for a question.

    Attributes:
        passage: The passage.
        score: What hits are ranked by: see :class:`index.store.settings.Fusion`.
        similarity: The cosine of the question's vector and that of the passage's most similar
            sentence, in -1..1.
        bm25: The BM25 score of the passage's words for those of the question, from 0.0.
        bm25_gap: How much higher the best passage's BM25 score is, from 0.0.
        similarity_gap: How much higher the highest similarity of a passage is, from 0.0.
    """

    passage: Stretch
    score: float
    similarity: float
    bm25: float
    bm25_gap: float
    similarity_gap: float = 0.0


@dataclass(frozen=True)
class SentenceHit:
    """A sentence found for a question.

    Attributes:
        passage: The sentence, as a passage of its own.
        similarity: The cosine of the question's vector and the sentence's, in -1..1; or that of
            the question which the sentence answers in its article, if that is higher.
        shared: What share of the question's words, stop words aside, the sentence has, or the
            question which it answers, in 0..1; a word counts the more the fewer of the sentences
            looked at have it. One that names no year is of the year that its headline names.
    """

    passage: Stretch
    similarity: float
    shared: float


@dataclass(frozen=True)
class FoundPassages:
    """What was found for a question, so that its sentences need no second search.

    Attributes:
        vector: The question's unit vector, shaped (dimension,).
        hits: Its passages, best first.
    """

    vector: Vectors
    hits: Sequence[Hit]


class Retrieval(Protocol):
    """Finds what speaks to a question in articles. Has to be safe to share by threads.

    :class:`index.retriever.Retriever` is one; whatever else is one can be asked in its place.
    """

    @property
    def articles(self) -> Sequence[Article]:
        """The articles, each with its own id, in the same order as long as none comes or goes.

        Its length is cheap; of a large collection, articles are fetched as they are asked for.
        """

    def embed(self, questions: Sequence[str]) -> Vectors:
        """Return a unit vector for each question, shaped (questions, dimension)."""

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
            questions: The questions; there may be none.
            k: How many passages to find at most, from 1.
            without: Stretches of the articles; passages that touch one are not found.
            vectors: What :meth:`embed` gave for the questions; they are embedded if None.

        Returns:
            A list for each question, of at most k hits; an empty one if nothing is found.
        """

    def search_sentences(
        self,
        question: str,
        k: int,
        *,
        without: Sequence[Stretch] = (),
        found: FoundPassages | None = None,
    ) -> list[SentenceHit]:
        """Find the k sentences that speak most to a question, best first, of copies one.

        Args:
            question: The question.
            k: How many sentences to find at most.
            without: Stretches of the articles; sentences of passages that touch one are not found.
            found: What :meth:`search` found for the question, without the same stretches, of
                :data:`SENTENCE_POOL` passages or more; they are looked for if None.
        """

    def sentences_of(self, article: Article) -> tuple[list[Stretch], Vectors]:
        """Return an article's sentences, in order, and their unit vectors.

        Returns:
            The sentences, and float32 vectors shaped (sentences, dimension).
        """

    def sentences_around(self, passage: Stretch, start: int, end: int) -> Span:
        """Return the whole sentences of a passage in which ``start`` to ``end`` stands.

        All offsets count code points of the article's text. The sentences are cut at the passage's
        ends.
        """


def search_texts(
    retriever: Retrieval,
    questions: Sequence[str],
    k: int,
    *,
    without: Sequence[Stretch] = (),
    vectors: Vectors | None = None,
) -> list[list[Hit]]:
    """Find k passages for each question as :meth:`Retrieval.search` does, of copies the first.

    More copies of a document say no more than one, and would crowd others out. Where they do, the
    search is made again, and deeper, down to some thousands of passages.
    """
    depth = k
    while True:
        found = retriever.search(questions, depth, without=without, vectors=vectors)
        apart = [_first_of_copies(own) for own in found]
        crowded = any(
            len(own) < k and len(hits) == depth for own, hits in zip(apart, found, strict=True)
        )
        if not crowded or depth > _DEEPEST:
            return [own[:k] for own in apart]
        depth *= 4


def _first_of_copies(hits: Sequence[Hit]) -> list[Hit]:
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(said(hit.passage), hit)
    return list(first.values())
