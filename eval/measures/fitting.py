"""Fitting a calibration to questions whose answers are known, asked as the product asks them.

Questions of SQuAD files are put to their article and to several articles at once. Half as many have
no answer there: those of the file's own that have none, asked of their article; elsewhere every
second question, asked once more without the paragraphs in which an accepted answer stands. Of the
best span of each it is known what speaks for it, whether it is right, and whether the question has
an answer at all: two logistic regressions, and from what they say the boundaries of outcomes.

Which spans win, and which passages are read at all, depends on the calibration: so a first fit, to
the logit alone, is put to use and fitted again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from eval.measures import metrics
from eval.measures.results import RIGHT_F1
from eval.measures.selective import Flags, Floats, threshold_at
from eval.sets.cases import Case, Corpus, Level, lay_out
from eval.systems.libraries import Libraries
from index.store.settings import DEFAULT_SETTINGS
from qa import (
    Answer,
    Answerability,
    ArticleQA,
    Boundaries,
    Calibration,
    DatasetError,
    Encoder,
    Evidence,
    Interpretation,
    Reader,
    ReaderSpan,
    Retriever,
    Strategy,
    Stretch,
)
from qa.reading.calibration import LOGIT_ALONE
from qa.reading.normalizing import says_the_same
from qa.squad import QuestionSet, sample

ACCURACY = 0.9
"""What share of the answers given is to be right."""
REFUSAL_PRECISION = 5 / 6
"""What share of the questions of which nothing is said to be found is to have no answer."""
ODDS = 2
"""Where the best of two spans is not right so many times as often as the other, it is a close call.
"""
FITS = 2
"""How often a calibration is fitted, each time to what the one before finds."""
FEWEST = 300
"""From how many questions on the weights are fitted; to fewer, intercepts and boundaries alone."""

_QUESTIONS_PER_ARTICLE = 20  # where there are that many: to index an article takes a while
_LEVELS: tuple[Level, ...] = ("article", "collection")
_UTMOST_QUANTILE = 0.95  # of the right spans, so many have no higher logit, nor support
_FARTHEST = 50.0  # log-odds beyond which no intercept lies
_NEAR_ENOUGH = 1e-6
_BATCH = 16  # questions that are asked at once

Indexed = tuple[Retriever, Sequence[Case]]
"""Articles that are indexed, and what is asked of them."""


@dataclass(frozen=True)
class Observation:
    """What is known of a question that was asked.

    Attributes:
        evidence: What speaks for the best span.
        right: Whether it is right.
        answerable: Whether the question has an answer where it was asked.
        rival: What speaks for the best span that says something else; None if there is none.
        rival_right: Whether that one is right.
    """

    evidence: Evidence
    right: bool
    answerable: bool
    rival: Evidence | None = None
    rival_right: bool = False


class RememberingReader:
    """A reader that reads a passage for a question once, however often it is asked.

    Args:
        reader: The reader.
        calibration: What the confidences are made by, in place of the reader's own.
    """

    def __init__(self, reader: Reader, calibration: Calibration) -> None:
        self.calibration = calibration
        self._reader = reader
        self._spans: dict[tuple[str, str], list[ReaderSpan]] = {}

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        """Return the spans that may answer each question in its passages, best first."""
        asked = list(zip(questions, passages, strict=True))
        new = list(
            dict.fromkeys(
                (question, text)
                for question, texts in asked
                for text in texts
                if (question, text) not in self._spans
            )
        )
        if new:
            texts_of = [[text] for _, text in new]
            found = self._reader.read([question for question, _ in new], texts_of)
            self._spans.update(zip(new, found, strict=True))
        return [
            sorted(
                (
                    replace(span, passage=number)
                    for number, text in enumerate(texts)
                    for span in self._spans[question, text]
                ),
                key=lambda span: (-span.logit, span.passage, span.start, span.end),
            )
            for question, texts in asked
        ]


class InLibraries:
    """Articles that are indexed in libraries of their own, which are opened one after another.

    Args:
        corpora: What is asked of what.
        encoder: Makes the vectors.
        libraries: Where they are kept.
    """

    def __init__(self, corpora: Sequence[Corpus], encoder: Encoder, libraries: Libraries) -> None:
        self._encoder, self._libraries = encoder, libraries
        self._made = [
            (libraries.fill(corpus.articles, encoder, DEFAULT_SETTINGS), corpus.cases)
            for corpus in corpora
        ]

    def __iter__(self) -> Iterator[Indexed]:
        """Yield each while it is open."""
        for where, cases in self._made:
            yield self._libraries.open(where, self._encoder), cases


def index(
    corpora: Sequence[Corpus], encoder: Encoder, libraries: Libraries | None = None
) -> Iterable[Indexed]:
    """Index what is asked, in memory or in libraries; it may be gone through again and again."""
    if libraries is not None:
        return InLibraries(corpora, encoder, libraries)
    return [(Retriever.build(corpus.articles, encoder), corpus.cases) for corpus in corpora]


def observe(indexed: Iterable[Indexed], strategy: Strategy) -> Iterator[Observation]:
    """Yield what speaks for the best span for each question, and whether it is right."""
    for retriever, cases in indexed:
        bot = ArticleQA(retriever, strategy, min_confidence=0)
        for withheld, batch in _batches(cases):
            questions = [case.question.text for case in batch]
            asked = [(question, [Interpretation(question)]) for question in questions]
            for case, answer in zip(batch, bot.engine.answer(asked, without=withheld), strict=True):
                # What is found by rule, or is no span of the reader's, says nothing of its spans.
                if answer.citations and answer.confidence is not None and answer.kind != "yes_no":
                    yield _observation(case, answer)


def _observation(case: Case, answer: Answer) -> Observation:
    def right(text: str) -> bool:
        return bool(case.golds) and metrics.best(metrics.f1, text, case.golds) >= RIGHT_F1

    best = answer.citations[0]
    others = (each.citation for each in answer.alternatives)
    rival = next((each for each in others if not says_the_same(each.answer, best.answer)), None)
    return Observation(
        best.evidence,
        right(answer.text or ""),
        bool(case.golds),
        None if rival is None else rival.evidence,
        rival is not None and right(rival.answer),
    )


def fit(
    observations: Sequence[Observation], start: Calibration, *, fewest: int = FEWEST
) -> Calibration:
    """Fit a calibration by maximum likelihood.

    Args:
        observations: What is known of questions.
        start: The calibration so far. What is not fitted here is kept; and the weights, where the
            questions are too few.
        fewest: From how many questions on the weights are fitted, too.

    Raises:
        DatasetError: All spans are right, or none is, so that there is nothing to fit.
    """
    evidence = np.array([each.evidence for each in observations])
    right = np.array([each.right for each in observations], dtype=bool)
    answerable = np.array([each.answerable for each in observations], dtype=bool)
    if len(set(right.tolist())) < 2:
        raise DatasetError("All answers are right, or none is; give a larger question set.")
    kept = len(observations) < fewest
    weights, intercept = _regression(evidence, right, start.weights if kept else None)
    answers = start.answerable
    if len(set(answerable.tolist())) == 2:
        answers = Answerability(
            *_regression(evidence, answerable, answers.weights if kept else None)
        )
    fitted = replace(start, weights=weights, intercept=intercept, answerable=answers)
    if not kept:
        logit, support = np.quantile(evidence[right][:, :2], _UTMOST_QUANTILE, axis=0).tolist()
        fitted = replace(fitted, utmost=Evidence(logit=logit, support=support))
    return replace(fitted, boundaries=_boundaries(observations, fitted))


def _regression(
    evidence: Floats, outcome: Flags, weights: Evidence | None
) -> tuple[Evidence, float]:
    """Return weights and intercept of a logistic regression; only the latter, for given weights."""
    from sklearn.linear_model import LogisticRegression

    if weights is None:
        model = LogisticRegression(C=math.inf, max_iter=5000).fit(evidence, outcome)
        return Evidence(*model.coef_[0].tolist()), float(model.intercept_[0])
    known = evidence @ np.array(weights)
    low, high = -_FARTHEST, _FARTHEST
    while high - low > _NEAR_ENOUGH:
        middle = (low + high) / 2
        chance = 1 / (1 + np.exp(-known - middle))
        low, high = (low, middle) if chance.mean() > outcome.mean() else (middle, high)
    return weights, low


def _boundaries(observations: Sequence[Observation], fitted: Calibration) -> Boundaries:
    """Return where one outcome ends and the next begins, by what is known of questions."""
    confidence = np.array([fitted.confidence(each.evidence) for each in observations])
    chance = np.array([fitted.answerable.probability(each.evidence) for each in observations])
    right = np.array([each.right for each in observations], dtype=bool)
    answerable = np.array([each.answerable for each in observations], dtype=bool)
    answered = threshold_at(ACCURACY, confidence, right)
    refused = confidence < answered
    return Boundaries(
        answered,
        _highest_refusal(chance[refused], ~answerable[refused]),
        _closest(observations, fitted),
    )


def _highest_refusal(chance: Floats, unanswerable: Flags) -> float:
    """Return the chance of an answer below which refusals are as precise as they are to be."""
    order = np.argsort(chance)
    precision = np.cumsum(unanswerable[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= REFUSAL_PRECISION)
    if not len(enough):
        return 0.0
    last = int(enough.max())
    return float(chance[order][last + 1]) if last + 1 < len(order) else 1.0


def _closest(observations: Sequence[Observation], fitted: Calibration) -> float:
    """Return the lead in log-odds at which the best of two spans is right ``ODDS`` times as often.

    The odds of the best against the other, where just one of them is right, are taken to grow with
    the lead from even ones: a logistic regression without an intercept.
    """
    from sklearn.linear_model import LogisticRegression

    leads, won = [], []
    for each in observations:
        if each.rival is not None and each.right != each.rival_right:
            leads.append([fitted.log_odds(each.evidence) - fitted.log_odds(each.rival)])
            won.append(each.right)
    if len(set(won)) < 2:
        return fitted.boundaries.close_call
    model = LogisticRegression(C=math.inf, fit_intercept=False).fit(np.array(leads), np.array(won))
    growth = float(model.coef_[0, 0])
    return math.log(ODDS) / growth if growth > 0 else fitted.boundaries.close_call


def fit_in_use(
    indexed: Iterable[Indexed],
    reader: Reader,
    reading_with: Callable[[Reader], Strategy],
    asking: Callable[[Iterator[Observation]], Iterator[Observation]] = iter,
    *,
    fewest: int = FEWEST,
) -> tuple[Calibration, list[Observation]]:
    """Fit a reader's calibration to what it finds when that very calibration is in use.

    Args:
        indexed: What is asked.
        reader: The reader; of its calibration, what is not fitted here is kept.
        reading_with: Makes a way to read of it.
        asking: Told of the questions as they are asked.
        fewest: From how many questions on the weights are fitted.

    Returns:
        The calibration, and what is known of the questions that it was fitted to.

    Raises:
        DatasetError: All spans are right, or none is, so that there is nothing to fit.
    """
    start = reader.calibration
    few = sum(len(cases) for _, cases in indexed) < fewest
    alone = replace(start, weights=LOGIT_ALONE, intercept=0.0)
    remembering = RememberingReader(reader, start if few else alone)
    observations = list(asking(observe(indexed, reading_with(remembering))))
    for _ in range(0 if few else FITS - 1):
        remembering.calibration = fit(observations, start, fewest=0)
        observations = list(asking(observe(indexed, reading_with(remembering))))
    return fit(observations, start, fewest=fewest if few else 0), observations


def lay_out_file(
    sets: Sequence[QuestionSet], count: int, levels: Sequence[Level] = _LEVELS
) -> list[Corpus]:
    """Put questions of a file to their articles, and to all that are chosen at once.

    Args:
        sets: The articles of a file with their questions.
        count: How many answerable questions to ask, evenly taken from all.
        levels: "article" and "collection", or one of them. Questions that name nothing, as in
            "How long did it take?", make no sense but of their article.

    Raises:
        DatasetError: No question has an answer.
    """
    answerable = _spread(_keep(sets, answerable=True), count)
    chosen = {group.article.id for group in answerable}
    # In another article, such a question may have an answer after all.
    own = _keep([group for group in sets if group.article.id in chosen], answerable=False)
    if not own:
        return [c for level in levels for c in lay_out(answerable, level, also=["removed"])]
    asked = sum(len(group.questions) for group in answerable)
    without = {group.article.id: group.questions for group in sample(own, asked // 2)}
    mixed = [
        replace(group, questions=(*group.questions, *without.get(group.article.id, ())))
        for group in answerable
    ]
    corpora = lay_out(mixed, "article") if "article" in levels else []
    if "collection" in levels:
        corpora += lay_out(answerable, "collection", also=["removed"])
    return corpora


def _keep(sets: Sequence[QuestionSet], *, answerable: bool) -> list[QuestionSet]:
    kept = [
        QuestionSet(group.article, tuple(q for q in group.questions if bool(q.golds) == answerable))
        for group in sets
    ]
    return [group for group in kept if group.questions]


def _spread(answerable: Sequence[QuestionSet], count: int) -> list[QuestionSet]:
    """Take some questions of each of enough articles, both evenly from all there are."""
    if not answerable:
        raise DatasetError("No question has an answer; expected some that do.")
    articles = min(-(-count // _QUESTIONS_PER_ARTICLE), len(answerable))
    chosen = [answerable[number * len(answerable) // articles] for number in range(articles)]
    return [sampled for group in chosen for sampled in sample([group], -(-count // articles))]


def _batches(cases: Sequence[Case]) -> Iterator[tuple[Sequence[Stretch], list[Case]]]:
    """Part questions into batches that do without the same."""
    for withheld, same in groupby(cases, key=lambda case: case.withheld):
        together = list(same)
        for first in range(0, len(together), _BATCH):
            yield withheld, together[first : first + _BATCH]
