"""Fitting how likely the sentence shown for a yes/no question is the one that speaks to it.

No set of yes/no questions is at hand, so they are made: "When did Tesla move to Prague?" without
its question word is "Did Tesla move to Prague?", and the sentence that holds the answer is the one
that speaks to it. Every second question is asked once more of its article without the paragraphs
that hold the answer: then no sentence does. Which sentence is shown depends on the calibration: so
the first fit, to what the one in the reader's folder shows, is put to use and fitted again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from eval.measures.fitting import Indexed
from eval.sets.cases import answering_paragraphs
from qa import ArticleQA, DatasetError, SentenceCalibration, Strategy, Support
from qa.answering.engine import TOP_K
from qa.answering.yes_no import weigh_sentences

FEWEST = 200
"""To fewer questions nothing is fitted."""
FITS = 3
"""How often the weights are fitted, each time to the sentences that those before show."""

Weighed = list[tuple[Support, bool]]
"""What speaks for each sentence that was weighed for a question, and whether it is right."""

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


def examples(indexed: Iterable[Indexed], strategy: Strategy) -> Iterator[Weighed]:
    """Yield what speaks for the sentences that the product weighs for each question made."""
    for retriever, cases in indexed:
        bot = ArticleQA(retriever, strategy)
        answerable = (case for case in cases if case.golds)
        for number, case in enumerate(answerable):
            if (text := as_yes_no(case.question.text)) is None:
                continue
            removed = answering_paragraphs(case.about, case.question)
            for without in ((), removed)[: 1 + number % 2]:
                ((found, spans),) = bot.engine.read([text], ["yes_no"], [TOP_K], without)
                weighed = weigh_sentences(retriever, text, found, spans, without)
                golds = case.question.golds
                yield [
                    (support, not without and any(map(hit.passage.span.contains, golds)))
                    for hit, support in weighed
                ]


def shown(questions: Sequence[Weighed], calibration: SentenceCalibration) -> Weighed:
    """Return the sentence of each question, if it has any, that a calibration finds likeliest."""
    return [
        max(sentences, key=lambda sentence: calibration.confidence(sentence[0]))
        for sentences in questions
        if sentences
    ]


def fit_sentences(
    questions: Sequence[Weighed], calibration: SentenceCalibration
) -> SentenceCalibration:
    """Fit "this sentence speaks to it" to the sentences that the fit itself shows.

    Args:
        questions: The sentences of each question.
        calibration: What chooses the sentences that are fitted to at first.

    Raises:
        DatasetError: All sentences shown are right, or none is, so that there is nothing to fit.
    """
    from sklearn.linear_model import LogisticRegression

    for _ in range(FITS):
        best = shown(questions, calibration)
        if len({right for _, right in best}) < 2:
            raise DatasetError("All sentences are right, or none is; give a larger question set.")
        evidence, right = zip(*best, strict=True)
        model = LogisticRegression(C=math.inf, max_iter=1000).fit(np.array(evidence), right)
        calibration = SentenceCalibration(
            Support(*model.coef_[0].tolist()), float(model.intercept_[0])
        )
    return calibration
