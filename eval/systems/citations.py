"""Cites what another system answered, in the sentences that the answer stands in."""

from __future__ import annotations

from collections.abc import Sequence

from qa import Article, Citation, Evidence, Span


def cite(
    article: Article, sentences: Sequence[Span], start: int, end: int, evidence: Evidence
) -> Citation:
    """Cite the whole sentences around a span.

    Args:
        article: The article.
        sentences: All of its sentences, in order.
        start: Where the span starts in the article; it holds more than white space.
        end: Where it ends.
        evidence: What speaks for it.
    """
    around = [sentence for sentence in sentences if sentence.overlaps(Span(start, end))]
    return Citation(
        article=article,
        start=around[0].start,
        end=around[-1].end,
        answer_start=start,
        answer_end=end,
        evidence=evidence,
    )
