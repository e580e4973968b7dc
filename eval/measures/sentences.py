"""Fits how likely the sentence shown for a yes/no question is the one that speaks to it.

No set of yes/no questions is at hand, so they are made: "When did Tesla move to Prague?" without
its question word is "Did Tesla move to Prague?", and the sentence that holds the answer is the one
that speaks to it. Every second question is asked once more of its article without the paragraphs
that hold the answer: then no sentence does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

import numpy as np

from eval.sets.cases import answering_paragraphs
from qa import ArticleQA, DatasetError, Encoder, SentenceCalibration, Strategy, Support
from qa.answering.engine import TOP_K
from qa.answering.yes_no import MAX_SENTENCES, supports
from qa.squad import QuestionSet

_MADE_OF = re.compile(
    r"(?:when|where|why|how|in (?:what|which) (?:year|month|city|country|state)) "
    r"(?=(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would) )",
    re.IGNORECASE,
)


def as_yes_no(question: str) -> str | None:
    """Return a question without its question word; None if what is left is no yes/no question."""
    found = _MADE_OF.match(question)
    if not found:
        return None
    rest = question[found.end() :]
    return rest[0].upper() + rest[1:]


def examples(
    sets: Sequence[QuestionSet], encoder: Encoder, strategy: Strategy
) -> Iterator[tuple[Support, bool]]:
    """Return what speaks for the best sentence for each question made, and whether it is right."""
    for group in sets:
        made = [(as_yes_no(question.text), question) for question in group.questions]
        if not any(text for text, _ in made):
            continue
        bot = ArticleQA.from_articles([group.article], encoder=encoder, reader=strategy)
        for number, (text, question) in enumerate(made):
            for without in ((), answering_paragraphs(group, question))[: 1 + number % 2]:
                if text is None:
                    continue
                sentences = bot.retriever.search_sentences(text, MAX_SENTENCES, without=without)
                hits = bot.retriever.search([text], strategy.depth(TOP_K), without=without)
                candidates = strategy.candidates([text], hits)[0]
                for hit, support in zip(
                    sentences[:1], supports(sentences, candidates)[:1], strict=True
                ):
                    golds = question.golds
                    right = not without and any(map(hit.passage.span.contains, golds))
                    yield support, right


def fit_sentences(seen: Sequence[tuple[Support, bool]]) -> SentenceCalibration:
    """Fit how likely a sentence speaks to a question, by maximum likelihood.

    Raises:
        DatasetError: All sentences do, or none does, so that there is nothing to fit.
    """
    from sklearn.linear_model import LogisticRegression

    right = [each for _, each in seen]
    if len(set(right)) < 2:
        raise DatasetError("All sentences are right, or none is; give a larger question set.")
    model = LogisticRegression(C=math.inf, max_iter=1000)
    model.fit(np.array([support for support, _ in seen]), np.array(right))
    return SentenceCalibration(Support(*model.coef_[0].tolist()), float(model.intercept_[0]))
