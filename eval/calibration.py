"""Fit a reader's calibration to questions whose answers are known.

``python -m eval.calibration FILE... --reader FOLDER`` asks questions of SQuAD files, of their
article and of several articles at once, and every second one once more without the paragraphs in
which an accepted answer stands, so that no answer is right: one question in three has none. A
logistic regression of "the best span is right" on what speaks for it gives the weights, which are
written into the reader's folder with a threshold: the confidence from which on one in ten of the
answers given to these questions is wrong.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from eval import metrics
from eval.cases import Corpus, Level, lay_out
from eval.console import run
from eval.results import RIGHT_F1
from eval.selective import threshold_at
from index.encoder import Encoder, SentenceEncoder
from index.errors import DatasetError
from qa.answers import Reading
from qa.calibration import CALIBRATION_FILE, Calibration, Evidence
from qa.pipeline import ArticleQA
from qa.reader import DEFAULT_READER, Reader, TransformerReader
from qa.squad import QuestionSet, load_squad, sample

TARGET_ACCURACY = 0.9
_QUESTIONS_PER_ARTICLE = 20  # where there are that many: to index an article takes a while
_LEVELS: tuple[Level, ...] = ("article", "collection")

Observation = tuple[Evidence, bool]
"""What speaks for the best span of a question, and whether it is right."""


def observe(corpora: Sequence[Corpus], encoder: Encoder, reader: Reader) -> Iterator[Observation]:
    """Yield what speaks for the best span for each question, and whether it is right.

    Args:
        corpora: What is asked of what.
        encoder: Makes the vectors.
        reader: Uncalibrated, so that the best span is the one that the reader finds best.
    """
    for corpus in corpora:
        bot = ArticleQA.from_articles(
            corpus.articles, encoder=encoder, reader=reader, min_confidence=0
        )
        for case in corpus.cases:
            question = case.question.text
            answer = bot.answer([(question, [Reading(question)])], without=case.withheld)[0]
            # What is found by rule, or is no span of the reader's, says nothing of its spans.
            if answer.citations and answer.confidence is not None and answer.kind != "yes_no":
                right = metrics.best(metrics.f1, answer.text, case.golds) >= RIGHT_F1
                yield answer.citations[0].evidence, bool(case.golds) and right


def fit(observations: Sequence[Observation]) -> Calibration:
    """Fit a calibration by maximum likelihood.

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
    return Calibration(
        weights, float(model.intercept_[0]), threshold_at(TARGET_ACCURACY, confidence, right)
    )


def _spread(sets: Sequence[QuestionSet], count: int) -> list[QuestionSet]:
    """Take some answerable questions of each of enough articles, both evenly from all there are."""
    answerable = [
        QuestionSet(
            group.article, tuple(question for question in group.questions if question.golds)
        )
        for group in sets
    ]
    answerable = [group for group in answerable if group.questions]
    if not answerable:
        raise DatasetError("No question has an answer; expected some that do.")
    articles = min(-(-count // _QUESTIONS_PER_ARTICLE), len(answerable))
    chosen = [answerable[number * len(answerable) // articles] for number in range(articles)]
    return [sampled for group in chosen for sampled in sample([group], -(-count // articles))]


def calibrate(
    datasets: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Question sets in SQuAD format.")
    ],
    *,
    reader: Annotated[
        Path, typer.Option(exists=True, file_okay=False, writable=True, help="The reader's folder.")
    ] = DEFAULT_READER,
    limit: Annotated[
        int, typer.Option(min=2, help="Ask at most this many questions of each file.")
    ] = 500,
) -> None:
    """Fit a reader's calibration and write it into its folder."""
    from tqdm import tqdm

    corpora = []
    for path in datasets:
        sets = _spread(load_squad(path), limit)
        corpora += [c for level in _LEVELS for c in lay_out(sets, level, also=["removed"])]
    encoder, uncalibrated = SentenceEncoder.load(), TransformerReader.load(reader)
    uncalibrated.calibration = Calibration()
    asked = sum(len(corpus.cases) for corpus in corpora)
    observations = list(
        tqdm(observe(corpora, encoder, uncalibrated), desc="Asking", total=asked, unit=" questions")
    )
    values = fit(observations).to_dict()
    (reader / CALIBRATION_FILE).write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    typer.echo(f"{reader / CALIBRATION_FILE}: {values}, fitted to {len(observations)} questions")


def main() -> None:
    """Run the command."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(calibrate)
    run(app)


if __name__ == "__main__":
    main()
