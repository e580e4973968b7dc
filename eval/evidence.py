"""Fits how likely the sentence shown for a yes/no question is the one that speaks to it.

No set of yes/no questions is at hand, so they are made: "When did Tesla move to Prague?" without
its question word is "Did Tesla move to Prague?", and the sentence that holds the answer is the one
that speaks to it. Every second question is asked once more of its article without the paragraphs
that hold the answer: then no sentence does. Run by ``python -m eval.evidence FILE...``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from eval.cases import answering_paragraphs
from eval.console import EncoderOption, ReaderOption, run, status
from index.encoder import Encoder
from qa.candidates import weigh
from qa.pipeline import TOP_K, ArticleQA, load_encoder, load_reader
from qa.reader import Reader
from qa.squad import QuestionSet, load_squad, sample
from qa.yes_no import MAX_SENTENCES, Support, supports

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
    sets: Sequence[QuestionSet], encoder: Encoder, reader: Reader
) -> Iterator[tuple[Support, bool]]:
    """Return what speaks for the best sentence for each question made, and whether it is right."""
    for group in sets:
        made = [(as_yes_no(question.text), question) for question in group.questions]
        if not any(text for text, _ in made):
            continue
        bot = ArticleQA.from_articles([group.article], encoder=encoder, reader=reader)
        for number, (text, question) in enumerate(made):
            for without in ((), answering_paragraphs(group, question))[: 1 + number % 2]:
                if text is None:
                    continue
                sentences = bot.retriever.search_sentences(text, MAX_SENTENCES, without=without)
                hits = bot.retriever.search([text], TOP_K, without=without)[0]
                spans = reader.read([text], [[hit.passage.text for hit in hits]])[0]
                candidates = weigh(hits, spans, reader.calibration)
                for hit, support in zip(
                    sentences[:1], supports(sentences, candidates)[:1], strict=True
                ):
                    right = not without and any(
                        hit.passage.start <= gold.start and gold.end <= hit.passage.end
                        for gold in question.golds
                    )
                    yield support, right


@app.command()
def fit(
    datasets: Annotated[list[Path], typer.Argument(help="Question sets in SQuAD format.")],
    *,
    limit: Annotated[int, typer.Option(min=1, help="Questions to take, evenly.")] = 6000,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
) -> None:
    """Print the weights of a logistic regression of "this sentence speaks to it"."""
    from sklearn.linear_model import LogisticRegression

    sets = [group for path in datasets for group in load_squad(path)]
    with status("Finding sentences ..."):
        models = load_encoder(encoder), load_reader(reader)
        seen = list(examples(sample(sets, limit), *models))
    evidence = np.array([support for support, _ in seen])
    right = np.array([each for _, each in seen], dtype=bool)
    model = LogisticRegression(C=math.inf, max_iter=1000).fit(evidence, right)
    sure = model.predict_proba(evidence)[:, 1]
    typer.echo(f"questions {len(right)}, the best sentence right {right.mean():.3f}")
    for name, weight in zip(Support._fields, model.coef_[0], strict=True):
        typer.echo(f"{name} {weight:.3f}")
    typer.echo(f"intercept {model.intercept_[0]:.3f}")
    for least in (0.5, models[1].calibration.threshold):
        given = sure >= least
        typer.echo(
            f"from {least:.2f} on: given {given.mean():.3f}, right {right[given].mean():.3f}"
        )


if __name__ == "__main__":
    run(app)
