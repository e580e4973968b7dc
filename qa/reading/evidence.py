"""What speaks for a span, or a sentence, being what is asked for."""

from __future__ import annotations

from typing import NamedTuple


class Evidence(NamedTuple):
    """What speaks for a span being the answer.

    Attributes:
        logit: How much likelier than no answer the reader finds the span, where it stands best: see
            :class:`qa.reading.reader.ReaderSpan`.
        support: The same in the second best passage that the reader finds the span in, or one that
            overlaps it; 0.0 if there is none.
        similarity: The cosine of the question and the most similar sentence of a passage that the
            span was read in, in -1..1.
        bm25_gap: How far the BM25 score of such a passage is below that of the passage that shares
            most words with the question; 0.0 if it is that passage.
        first_logit: Where two readers read in stages, what the first makes of it: the logit of the
            best span that it found there, at least :data:`LOWEST_LOGIT`. 0.0 where one
            reader reads alone.
        similarity_gap: How far the similarity of such a passage is below that of the passage most
            like the question; 0.0 if it is that passage.
        margin: How far the logit is above that of the best span that says something else, at most
            :data:`WIDEST_MARGIN` above or below; that if there is none.
        opposed: 1.0 where the sentence of the span says the opposite of what is asked (see
            :mod:`qa.english.polarity`), or tells it of somebody else
            (:mod:`qa.english.subjects`), else 0.0.
    """

    logit: float = 0.0
    support: float = 0.0
    similarity: float = 0.0
    bm25_gap: float = 0.0
    first_logit: float = 0.0
    similarity_gap: float = 0.0
    margin: float = 0.0
    opposed: float = 0.0


LOWEST_LOGIT = -8.0
"""Stands for whatever a reader finds unlikelier, or does not find at all."""

WIDEST_MARGIN = 10.0
"""Beyond it, one more step says nothing more."""


class Support(NamedTuple):
    """What speaks for a sentence being the one that speaks to a yes/no question.

    Attributes:
        similarity: The cosine of the question and the sentence, in -1..1.
        shared: What share of the question's words the sentence has, in 0..1; see
            :class:`index.retrieval.SentenceHit`.
        lead: How far the sum of the two is above that of the next sentence.
        logit: The highest logit of a span that the reader finds in the sentence, at least
            :data:`LOWEST_LOGIT`; that if it finds none.
        rival: The highest logit of one that it finds elsewhere, likewise.
    """

    similarity: float = 0.0
    shared: float = 0.0
    lead: float = 0.0
    logit: float = 0.0
    rival: float = 0.0
