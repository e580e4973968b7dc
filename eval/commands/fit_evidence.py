"""Fits how likely the sentence shown for a yes/no question is the one that speaks to it.

No set of yes/no questions is at hand, so they are made: "When did Tesla move to Prague?" without
its question word is "Did Tesla move to Prague?", and the sentence that holds the answer is the one
that speaks to it. Every second question is asked once more of its article without the paragraphs
that hold the answer: then no sentence does. Which sentence is shown depends on the calibration: so
the first fit, to what the one in the reader's folder shows, is put to use and fitted again.
``python -m eval.evidence FILE... --reader FOLDER`` writes the fit into the reader's calibration,
whose logits are part of what speaks for a sentence; with ``--after SMALL`` it is that of a reader
which rereads what the small one finds worth it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from eval.console import AfterOption, EncoderOption, run, status
from eval.sets.cases import answering_paragraphs
from eval.systems.article_qa import strategy_of
from index.models.encoder import load_encoder
from qa import (
    ArticleQA,
    Calibration,
    DatasetError,
    Encoder,
    SentenceCalibration,
    Strategy,
    Support,
)
from qa.answering.engine import TOP_K
from qa.answering.yes_no import weigh_sentences
from qa.reading.reader import DEFAULT_READER
from qa.squad import QuestionSet, load_squad, sample

FITS = 3
"""How often the weights are fitted, each time to the sentences that those before show."""

Weighed = list[tuple[Support, bool]]
"""What speaks for each sentence that was weighed for a question, and whether it is right."""

_MADE_OF = re.compile(
    r"(?:when|where|why|how|in (?:what|which) (?:year|month|city|country|state)) "
    r"(?=(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would) )",
    re.IGNORECASE,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def as_yes_no(question: str) -> str | None:
    """Return a question without its question word; None if what is left is no yes/no question."""
    found = _MADE_OF.match(question)
    if not found:
        return None
    rest = question[found.end() :]
    return rest[0].upper() + rest[1:]


def examples(
    sets: Sequence[QuestionSet], encoder: Encoder, strategy: Strategy
) -> Iterator[Weighed]:
    """Return what speaks for the sentences that the product weighs for each question made."""
    for group in sets:
        made = [(as_yes_no(question.text), question) for question in group.questions]
        if not any(text for text, _ in made):
            continue
        bot = ArticleQA.from_articles([group.article], encoder=encoder, reader=strategy)
        for number, (text, question) in enumerate(made):
            for without in ((), answering_paragraphs(group, question))[: 1 + number % 2]:
                if text is None:
                    continue
                ((found, spans),) = bot.engine.read([text], ["yes_no"], [TOP_K], without)
                yield [
                    (support, not without and any(map(hit.passage.span.contains, question.golds)))
                    for hit, support in weigh_sentences(bot.retriever, text, found, spans, without)
                ]


def shown(questions: Sequence[Weighed], calibration: SentenceCalibration) -> Weighed:
    """Return the sentence of each question, if it has any, that a calibration finds likeliest."""
    return [
        max(sentences, key=lambda sentence: calibration.confidence(sentence[0]))
        for sentences in questions
        if sentences
    ]


def fit_in_use(
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
        evidence, right = zip(*shown(questions, calibration), strict=True)
        if len(set(right)) < 2:
            raise DatasetError("All sentences are right, or none is; give a larger question set.")
        model = LogisticRegression(C=math.inf, max_iter=1000).fit(np.array(evidence), right)
        calibration = SentenceCalibration(
            Support(*model.coef_[0].tolist()), float(model.intercept_[0])
        )
    return calibration


@app.command()
def fit(
    datasets: Annotated[list[Path], typer.Argument(help="Question sets in SQuAD format.")],
    *,
    limit: Annotated[int, typer.Option(min=1, help="Questions to take, evenly.")] = 6000,
    encoder: EncoderOption = None,
    reader: Annotated[
        Path, typer.Option(exists=True, file_okay=False, writable=True, help="The reader's folder.")
    ] = DEFAULT_READER,
    after: AfterOption = None,
) -> None:
    """Fit "this sentence speaks to it" and write the weights into the reader's calibration."""
    sets = [group for path in datasets for group in load_squad(path)]
    with status("Finding sentences ..."):
        strategy = strategy_of(reader, after)
        seen = list(examples(sample(sets, limit), load_encoder(encoder), strategy))
    fitted = fit_in_use(seen, strategy.calibration.yes_no)
    best = shown(seen, fitted)
    sure = np.array([fitted.confidence(support) for support, _ in best])
    right = np.array([each for _, each in best], dtype=bool)
    typer.echo(f"questions {len(right)}, the best sentence right {right.mean():.3f}")
    for name, weight in fitted.weights._asdict().items():
        typer.echo(f"{name} {weight:.3f}")
    typer.echo(f"intercept {fitted.intercept:.3f}")
    for least in (0.5, strategy.calibration.boundaries.answered):
        given = sure >= least
        typer.echo(
            f"from {least:.2f} on: given {given.mean():.3f}, right {right[given].mean():.3f}"
        )
    typer.echo(f"{replace(Calibration.load(reader), yes_no=fitted).save(reader)}: written")


def main() -> None:
    """Run the command."""
    run(app)
