"""Fit a reader's calibration to questions whose answers are known, asked as the product asks them.

``python -m eval.calibration FILE... --reader FOLDER`` asks questions of SQuAD files, of their
article and of several articles at once. Half as many have no answer there: those of the file's own
that have none, asked of their article; elsewhere every second question, asked once more without the
paragraphs in which an accepted answer stands. A logistic regression of "the best span is right" on
what speaks for it gives the weights, which are written into the reader's folder with a threshold:
the confidence from which on one in ten of the answers given to these questions is wrong.

A reader alone reads in rounds. With ``--after SMALL`` it rereads what that one finds worth it, and
its calibration is that of the two together; the small one's is used as it is. Which spans win, and
which passages are read at all, depends on the calibration: so a first fit, to the logit alone, is
put to use and fitted again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from eval.console import AfterOption, run
from eval.measures import metrics
from eval.measures.results import RIGHT_F1
from eval.measures.selective import threshold_at
from eval.sets.cases import Case, Corpus, Level, lay_out
from qa import (
    ArticleQA,
    Calibration,
    DatasetError,
    Encoder,
    Evidence,
    InRounds,
    Interpretation,
    Reader,
    ReaderSpan,
    Retriever,
    SentenceEncoder,
    Strategy,
    Stretch,
    TransformerReader,
    TwoStages,
)
from qa.reading.reader import DEFAULT_READER, load_reader
from qa.squad import QuestionSet, load_squad, sample

TARGET_ACCURACY = 0.9
FITS = 2
"""How often a calibration is fitted, each time to what the one before finds."""

_QUESTIONS_PER_ARTICLE = 20  # where there are that many: to index an article takes a while
_LEVELS: tuple[Level, ...] = ("article", "collection")
_FITTED = ("weights", "intercept", "threshold", "utmost")
_UTMOST_QUANTILE = 0.95  # of the right spans, so many have no higher logit, nor support
_BATCH = 16  # questions that are asked at once

Observation = tuple[Evidence, bool]
"""What speaks for the best span of a question, and whether it is right."""

Indexed = tuple[Retriever, Sequence[Case]]
"""Articles that are indexed, and what is asked of them."""


class AskedOf(str, Enum):
    """What a question is asked of."""

    article = "article"
    collection = "collection"


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


def index(corpora: Sequence[Corpus], encoder: Encoder) -> list[Indexed]:
    """Index what is asked."""
    return [(Retriever.build(corpus.articles, encoder), corpus.cases) for corpus in corpora]


def observe(indexed: Sequence[Indexed], strategy: Strategy) -> Iterator[Observation]:
    """Yield what speaks for the best span for each question, and whether it is right."""
    for retriever, cases in indexed:
        bot = ArticleQA(retriever, strategy, min_confidence=0)
        for withheld, batch in _batches(cases):
            questions = [case.question.text for case in batch]
            asked = [(question, [Interpretation(question)]) for question in questions]
            for case, answer in zip(batch, bot.engine.answer(asked, without=withheld), strict=True):
                # What is found by rule, or is no span of the reader's, says nothing of its spans.
                if answer.citations and answer.confidence is not None and answer.kind != "yes_no":
                    right = metrics.best(metrics.f1, answer.text, case.golds) >= RIGHT_F1
                    yield answer.citations[0].evidence, bool(case.golds) and right


def fit(observations: Sequence[Observation]) -> Calibration:
    """Fit a calibration by maximum likelihood, and what few right spans exceed.

    Raises:
        DatasetError: All spans are right, or none is, so that there is nothing to fit.
    """
    from sklearn.linear_model import LogisticRegression

    evidence = np.array([seen for seen, _ in observations])
    right = np.array([right for _, right in observations], dtype=bool)
    if len(set(right.tolist())) < 2:
        raise DatasetError("All answers are right, or none is; give a larger question set.")
    model = LogisticRegression(C=math.inf, max_iter=1000)
    model.fit(evidence, right)
    weights = Evidence(*model.coef_[0].tolist())
    confidence = model.predict_proba(evidence)[:, 1]
    logit, support = np.quantile(evidence[right][:, :2], _UTMOST_QUANTILE, axis=0).tolist()
    return Calibration(
        weights,
        float(model.intercept_[0]),
        threshold_at(TARGET_ACCURACY, confidence, right),
        Evidence(logit=logit, support=support),
    )


def fit_in_use(
    indexed: Sequence[Indexed],
    reader: Reader,
    reading_with: Callable[[Reader], Strategy],
    asking: Callable[[Iterator[Observation]], Iterator[Observation]] = iter,
) -> tuple[Calibration, int]:
    """Fit a reader's calibration to what it finds when that very calibration is in use.

    Args:
        indexed: What is asked.
        reader: The reader; of its calibration, what is not fitted here is kept.
        reading_with: Makes a way to read of it.
        asking: Told of the questions as they are asked.

    Returns:
        The calibration, and to how many questions it was fitted.

    Raises:
        DatasetError: All spans are right, or none is, so that there is nothing to fit.
    """
    remembering = RememberingReader(reader, replace(reader.calibration, **_values(Calibration())))
    count = 0
    for _ in range(FITS):
        observations = list(asking(observe(indexed, reading_with(remembering))))
        count = len(observations)
        remembering.calibration = replace(reader.calibration, **_values(fit(observations)))
    return remembering.calibration, count


def _values(fitted: Calibration) -> dict[str, Any]:
    """Return what is fitted here of a calibration."""
    return {name: getattr(fitted, name) for name in _FITTED}


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


def calibrate(
    datasets: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Question sets in SQuAD format.")
    ],
    *,
    reader: Annotated[
        Path, typer.Option(exists=True, file_okay=False, writable=True, help="The reader's folder.")
    ] = DEFAULT_READER,
    after: AfterOption = None,
    level: Annotated[
        AskedOf | None,
        typer.Option(help="Ask of one article, or of all that are chosen. Default: of both."),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=2, help="Ask at most this many questions of each file.")
    ] = 500,
) -> None:
    """Fit a reader's calibration and write it into its folder."""
    from tqdm import tqdm

    levels = [each for each in _LEVELS if level is None or each == level.value]
    corpora = [c for path in datasets for c in lay_out_file(load_squad(path), limit, levels)]
    small = None
    if after is not None:
        loaded = load_reader(after)
        small = RememberingReader(loaded, loaded.calibration)

    def reading_with(fitted: Reader) -> Strategy:
        return InRounds(fitted) if small is None else TwoStages(small, fitted)

    def asking(observations: Iterator[Observation]) -> Iterator[Observation]:
        asked = sum(len(corpus.cases) for corpus in corpora)
        return iter(tqdm(observations, desc="Asking", total=asked, unit=" questions"))

    fitted, count = fit_in_use(
        index(corpora, SentenceEncoder.load()),
        TransformerReader.load(reader),
        reading_with,
        asking,
    )
    path = fitted.save(reader)
    typer.echo(f"{path}: {fitted.to_dict()}, fitted to {count} questions")


def main() -> None:
    """Run the command."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(calibrate)
    run(app)
