"""Fits how likely the sentence shown for a yes/no question is the one that speaks to it.

No set of yes/no questions is at hand, so they are made: "When did Tesla move to Prague?" without
its question word is "Did Tesla move to Prague?", and the sentence that holds the answer is the one
that speaks to it. Every second question is asked once more of its article without the paragraphs
that hold the answer: then no sentence does. ``python -m eval.evidence FILE... --reader FOLDER``
writes the fit into the reader's calibration, whose logits are part of what speaks for a sentence;
with ``--after SMALL`` it is that of a reader which rereads what the small one finds worth it.
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
from qa import ArticleQA, Calibration, Encoder, SentenceCalibration, Strategy, Support
from qa.answering.engine import TOP_K
from qa.answering.yes_no import MAX_SENTENCES, supports
from qa.reading.reader import DEFAULT_READER
from qa.squad import QuestionSet, load_squad, sample

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
    from sklearn.linear_model import LogisticRegression

    sets = [group for path in datasets for group in load_squad(path)]
    with status("Finding sentences ..."):
        strategy = strategy_of(reader, after)
        seen = list(examples(sample(sets, limit), load_encoder(encoder), strategy))
    evidence = np.array([support for support, _ in seen])
    right = np.array([each for _, each in seen], dtype=bool)
    model = LogisticRegression(C=math.inf, max_iter=1000).fit(evidence, right)
    sure = model.predict_proba(evidence)[:, 1]
    typer.echo(f"questions {len(right)}, the best sentence right {right.mean():.3f}")
    fitted = SentenceCalibration(Support(*model.coef_[0].tolist()), float(model.intercept_[0]))
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
