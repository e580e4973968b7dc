"""Fit a reader's calibration to questions whose answers are known.

``python -m eval.calibration FILE --reader FOLDER`` asks questions of a SQuAD file, each of its
whole article. Every other one is asked of the article without the paragraphs in which an accepted
answer stands, so that no answer is right. A logistic regression of "the best span is right" on its
logit (Platt 1999) gives the two numbers, which are written into the reader's folder. A span is
right if its F1 with an accepted answer is at least 0.5.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eval import metrics
from eval.console import run
from index.encoder import SentenceEncoder
from index.errors import DatasetError
from index.retriever import Hit
from index.sentences import split_paragraphs
from qa.calibration import CALIBRATION_FILE, Calibration
from qa.pipeline import TOP_K, ArticleQA
from qa.reader import DEFAULT_READER, TransformerReader
from qa.squad import QuestionSet, load_squad, sample

RIGHT_F1 = 0.5
_QUESTIONS_PER_ARTICLE = 20  # where there are that many: to index an article takes a while
_MAX_LOGIT = 36.0  # beyond, the confidence is 1 in double precision


def observe(group: QuestionSet, bot: ArticleQA) -> Iterator[tuple[float, bool]]:
    """Yield the logit of the best span for each question, and whether it is right.

    Args:
        group: An article and questions that it answers.
        bot: Opened on that article, uncalibrated, and giving every answer (``min_confidence`` 0).
    """
    texts = [question.text for question in group.questions]
    rankings = bot.retriever.search(texts, len(bot.retriever))
    for number, (question, hits) in enumerate(zip(group.questions, rankings, strict=True)):
        golds = group.gold_texts(question)
        if answered_here := number % 2 == 0:
            found: Sequence[Hit] = hits
        else:
            found = _without(golds, hits, group)
        answer = bot.read([question.text], [found[:TOP_K]])[0]
        right = answered_here and metrics.best(metrics.f1, answer.text, golds) >= RIGHT_F1
        yield _logit(answer.confidence), right


def fit(observations: Sequence[tuple[float, bool]]) -> Calibration:
    """Fit the calibration to (logit, right) pairs by maximum likelihood.

    Raises:
        DatasetError: All spans are right, or none is, so that there is nothing to fit.
    """
    from sklearn.linear_model import LogisticRegression

    if len({right for _, right in observations}) < 2:
        raise DatasetError("All answers are right, or none is; give a larger question set.")
    model = LogisticRegression(C=math.inf)
    model.fit([[logit] for logit, _ in observations], [right for _, right in observations])
    return Calibration(slope=float(model.coef_[0, 0]), intercept=float(model.intercept_[0]))


def _without(golds: Sequence[str], hits: Sequence[Hit], group: QuestionSet) -> list[Hit]:
    """Leave out the passages that touch a paragraph in which a gold answer stands."""
    text = group.article.text
    removed = [
        paragraph
        for paragraph in split_paragraphs(text)
        if any(gold in text[paragraph.start : paragraph.end] for gold in golds)
    ]
    return [
        hit
        for hit in hits
        if not any(hit.passage.start < end and start < hit.passage.end for start, end in removed)
    ]


def _logit(confidence: float) -> float:
    """Undo the identity calibration."""
    if confidence <= 0 or confidence >= 1:
        return math.copysign(_MAX_LOGIT, confidence - 0.5)
    return math.log(confidence / (1 - confidence))


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
    dataset: Annotated[Path, typer.Argument(help="A question set in SQuAD format.")],
    *,
    reader: Annotated[
        Path, typer.Option(exists=True, file_okay=False, writable=True, help="The reader's folder.")
    ] = DEFAULT_READER,
    limit: Annotated[int, typer.Option(min=2, help="Ask at most this many questions.")] = 1000,
) -> None:
    """Fit a reader's calibration and write it into its folder."""
    from tqdm import tqdm

    sets = _spread(load_squad(dataset), limit)
    encoder, uncalibrated = SentenceEncoder.load(), TransformerReader.load(reader)
    uncalibrated.calibration = Calibration()
    observations: list[tuple[float, bool]] = []
    for group in tqdm(sets, desc="Asking", unit=" articles"):
        bot = ArticleQA.from_articles(
            [group.article], encoder=encoder, reader=uncalibrated, min_confidence=0
        )
        observations += observe(group, bot)
    values = asdict(fit(observations))
    (reader / CALIBRATION_FILE).write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    typer.echo(f"{reader / CALIBRATION_FILE}: {values}, fitted to {len(observations)} questions")


def main() -> None:
    """Run the command."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(calibrate)
    run(app)


if __name__ == "__main__":
    main()
