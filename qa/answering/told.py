"""Steps and causes that prose tells one after the other, each cited."""

from __future__ import annotations

from collections.abc import Sequence

from index.retrieval import Retrieval
from index.structure.spans import Span
from index.text.stretches import Stretch
from index.text.terms import terms
from qa.answering.citing import cite
from qa.answers import Citation
from qa.asking.extents import asks_for_steps
from qa.english.analysis import Analyses
from qa.english.told_in_order import told_in_order
from qa.reading.candidates import Candidate


def told(
    retriever: Retrieval, analyses: Analyses, question: str, candidates: Sequence[Candidate]
) -> list[Citation]:
    """Return all steps, or whatever is told in order, of which the best candidate is part.

    None if the question asks for no steps and the sentence before them speaks of nothing that it
    asks for ("The outage had three causes.").

    Args:
        retriever: Has the sentences.
        analyses: Have them, too.
        question: A question for several things, or how something is done.
        candidates: What was read, most confident first; at least one.
    """
    best = candidates[0]
    article = best.article
    block = article.structure.at(best.start)
    if block is None or block.kind != "paragraph":
        return []
    sentences = [each for each in analyses.of(article).sentences if block.span.contains(each)]
    items, number = told_in_order(article.text, sentences, best.span)
    before = article.text[slice(*sentences[number - 1])] if items and number else ""
    asked = set(terms(question))
    if not items or not (asks_for_steps(question) or asked & set(terms(before))):
        return []
    around = {*terms(before), *terms(article.text[sentences[number].start : items[-1].end])}
    around |= {stem for each in block.headings for stem in terms(article.text[slice(*each)])}
    if 2 * len(asked & around) < len(asked):
        return []  # the steps of something else
    whole = Stretch(article, 0, len(article.text))
    return [
        cite(
            analyses,
            article,
            retriever.sentences_around(whole, *item),
            Span(*item),
            best.evidence,
        )
        for item in items
    ]
