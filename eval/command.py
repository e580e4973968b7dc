"""The command ``article-qa eval``, also run by ``python -m eval``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eval.console import EncoderOption, MinConfidenceOption, ReaderOption, run, status

ARTICLE_QUESTIONS = Path(__file__).parent / "data" / "article.json"


def evaluate(
    dataset: Annotated[
        Path | None,
        typer.Argument(
            help="A question set in SQuAD format. Default: the one about the shipped article.",
            show_default=False,
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask this many questions, evenly taken from all.")
    ] = None,
    window: Annotated[
        int | None, typer.Option(min=1, help="Sentences in a passage. Default: 3.")
    ] = None,
    stride: Annotated[
        int | None, typer.Option(min=1, help="Sentences from one passage to the next. Default: 1.")
    ] = None,
    top_k: Annotated[
        int | None, typer.Option(min=1, help="Passages read for a question. Default: 10.")
    ] = None,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    min_confidence: MinConfidenceOption = None,
    reader_only: Annotated[
        bool,
        typer.Option(
            "--reader-only",
            help="Read each question beside its own paragraph, whole, as SQuAD does: no retrieval.",
        ),
    ] = False,
) -> None:
    """Ask the questions of a set and print how well they are answered."""
    # Only a command that runs pays for its imports: --help is to be instant.
    from eval.reading import read_paragraphs, summarize_readings
    from eval.report import reading_table, table
    from eval.runner import evaluate as run_evaluation
    from eval.runner import summarize
    from index.articles import Article
    from index.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE
    from index.retriever import Retriever
    from qa.pipeline import TOP_K, ArticleQA, load_encoder, load_reader
    from qa.squad import load_squad, sample

    sets = load_squad(dataset or ARTICLE_QUESTIONS)
    if limit is not None:
        sets = sample(sets, limit)
    if reader_only:
        _refuse_beside_reader_only(
            window=window,
            stride=stride,
            top_k=top_k,
            encoder=encoder,
            min_confidence=min_confidence,
        )
        with status("Loading the reader ..."):
            alone = load_reader(reader)
        readings = summarize_readings(read_paragraphs(sets, alone, progress=True))
        typer.echo(json.dumps(asdict(readings), indent=2) if as_json else reading_table(readings))
        return
    with status("Loading the models ..."):
        loaded_encoder, loaded_reader = load_encoder(encoder), load_reader(reader)

    def open_article(article: Article) -> ArticleQA:
        retriever = Retriever.build(
            [article],
            loaded_encoder,
            window=window or PASSAGE_SENTENCES,
            stride=stride or PASSAGE_STRIDE,
        )
        return ArticleQA(retriever, loaded_reader, min_confidence=min_confidence)

    results = run_evaluation(sets, open_article, top_k=top_k or TOP_K, progress=True)
    summary = summarize(results)
    typer.echo(json.dumps(asdict(summary), indent=2) if as_json else table(summary))


def _refuse_beside_reader_only(**options: object) -> None:
    """Refuse what would have no effect."""
    for name, value in options.items():
        if value is not None:
            option = "--" + name.replace("_", "-")
            raise typer.BadParameter(f"{option} has no meaning with --reader-only.")


def main() -> None:
    """Run the command."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(evaluate)
    run(app)
