"""What ``chat``, ``ask`` and ``index`` read: articles, or an index, named by options."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import complain, status

if TYPE_CHECKING:
    from qa import Article, ArticleQA

ArticleOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--article",
        metavar="PATH",
        help="A text or Markdown file, or a folder of them, in place of the shipped article. "
        "May be given several times.",
    ),
]
IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="An index that `article-qa index` wrote, in place of articles.",
    ),
]


def open_bot(
    paths: Sequence[Path] | None,
    index: Path | None,
    encoder: str | None,
    reader: str | None,
    min_confidence: float | None,
    calibration: Path | None = None,
) -> tuple[ArticleQA, bool]:
    """Open what the options name; tell also whether all of it could be read."""
    if paths and index:
        raise typer.BadParameter("give --article or --index, not both.", param_hint="--index")
    from index.models.encoder import load_encoder
    from qa import ArticleQA
    from qa.reading.strategies import load_strategy

    if not paths and not index:
        with status("Loading the models ..."):
            strategy = load_strategy(reader, calibration)
            bot = ArticleQA.default(encoder=encoder, reader=strategy, min_confidence=min_confidence)
        return bot, True
    if index:
        with status("Opening the index ..."):
            strategy = load_strategy(reader, calibration)
            bot = ArticleQA.load(
                index, encoder=encoder, reader=strategy, min_confidence=min_confidence
            )
        return bot, True
    articles, complete = read_or_exit(paths or ())
    with status("Loading the models ..."):
        loaded_encoder, strategy = load_encoder(encoder), load_strategy(reader, calibration)
    bot = ArticleQA.from_articles(
        articles,
        encoder=loaded_encoder,
        reader=strategy,
        min_confidence=min_confidence,
        progress=True,
    )
    return bot, complete


def read_or_exit(paths: Sequence[Path]) -> tuple[list[Article], bool]:
    """Read articles, leaving out with a complaint those that cannot be read."""
    from qa import read_articles

    articles, refused = read_articles(paths)
    for error in refused:
        complain(str(error))
    if not articles:
        raise typer.Exit(1)
    return articles, not refused
