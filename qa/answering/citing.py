"""Citations: where an answer stands, in whole sentences, and who says it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from index.articles import Article
from index.retrieval import Retrieval
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answers import Citation
from qa.english.analysis import Analyses
from qa.english.clauses import is_limit, whole_clause, with_limit
from qa.english.series import enumerates
from qa.reading.candidates import Candidate
from qa.reading.evidence import Evidence

_BY_RULE = Evidence()
_NEXT = re.compile(r"[^\S\n]*\n?[^\S\n]*")  # to the next sentence of the paragraph


def cite(
    analyses: Analyses,
    article: Article,
    sentences: Span,
    answer: Span,
    evidence: Evidence = _BY_RULE,
    speaker: str | None = None,
) -> Citation:
    """Cite an answer.

    Args:
        analyses: Tell who says it.
        article: The article that it stands in.
        sentences: Where the sentences stand that are to be shown.
        answer: Where the answer stands.
        evidence: What speaks for it; none where it was found by rule.
        speaker: Who says it, if that is known; it is looked for in direct speech if None.
    """
    speaker = speaker or analyses.of(article).speaker_at(answer)
    # What was found by rule may begin with an item's number, which is in no sentence.
    cited = min(sentences.start, answer.start), max(sentences.end, answer.end)
    return Citation(article, *cited, *answer, evidence, speaker)


def cite_candidate(
    retriever: Retrieval,
    analyses: Analyses,
    candidate: Candidate,
    item: Span | None = None,
    question: str = "",
) -> Citation:
    """Cite a candidate, or an item of the list that it is.

    What limits the candidate in its own sentence is cited with it, as is the rest of the reason or
    the way that a question asks for; a sentence behind that limits it is shown.

    Args:
        retriever: Knows the sentences.
        analyses: Tell who says it.
        candidate: The candidate.
        item: The item; None if the candidate itself is cited.
        question: What is asked.
    """
    text = candidate.article.text
    answer = item or candidate.span
    sentences = retriever.sentences_around(candidate.passage, *answer)
    if item is None and sentences.contains(answer):
        answer = with_limit(text, whole_clause(question, text, answer, sentences), sentences)
    behind = _NEXT.match(text, sentences.end)
    if behind and is_limit(text, behind.end()):
        whole = Stretch(candidate.article, 0, len(text))
        limit = retriever.sentences_around(whole, behind.end(), behind.end() + 1)
        sentences = Span(sentences.start, max(sentences.end, limit.end))
    return cite(analyses, candidate.article, sentences, answer, candidate.evidence)


def cite_by_rule(
    retriever: Retrieval, analyses: Analyses, article: Article, span: Span
) -> Citation:
    """Cite what was found by rule."""
    whole = Stretch(article, 0, len(article.text))
    return cite(analyses, article, retriever.sentences_around(whole, *span), span)


def joined(citations: Sequence[Citation]) -> str | None:
    """Return the parts of an answer as one text; None if there is none.

    Parts that the article enumerates are given with what stands between them there ("A, B and C"),
    other parts are joined by semicolons.
    """
    if not citations:
        return None
    text = citations[0].answer
    for before, after in itertools.pairwise(citations):
        between = before.article.text[before.answer_end : after.answer_start]
        together = before.article.id == after.article.id and enumerates(between)
        text += (between if together else "; ") + after.answer
    return text
