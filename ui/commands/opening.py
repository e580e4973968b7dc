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
    list[str] | None,
    typer.Option(
        "--article",
        metavar="PATH|URL",
        help="A document (PDF, HTML, .docx, .pptx, EPUB, e-mail, CSV, Markdown, text), a folder of "
        "them, or the https:// address of one, in place of the shipped article. May be given "
        "several times. Nothing is fetched unless an address is given.",
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Which encoding texts are in, such as windows-1252. Default: as they say, or as it is "
        "guessed, which is told.",
        show_default=False,
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
    paths: Sequence[str] | None,
    index: Path | None,
    encoder: str | None,
    reader: str | None,
    min_confidence: float | None,
    calibration: Path | None = None,
    encoding: str | None = None,
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
    articles, complete = read_or_exit(paths or (), encoding)
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


def read_or_exit(
    paths: Sequence[str], encoding: str | None = None, known: Sequence[Article] = ()
) -> tuple[list[Article], bool]:
    """Read articles, leaving out with a complaint those that cannot be read.

    What a person should know of how one was read is told, too.

    Args:
        paths: Files, folders and addresses.
        encoding: Which encoding texts are in, if it is named.
        known: Articles that were read before; those whose file is unchanged are not read again.
    """
    from qa import read_articles
    from ui.phrases import notes_of

    articles, refused = read_articles(
        paths, encoding=encoding, known=known, progress=True, tell=complain
    )
    for error in refused:
        complain(str(error))
    before = {(each.original.path, each.original.sha256) for each in known if each.original}
    for article in articles:
        original = article.original
        if original is not None and (original.path, original.sha256) in before:
            continue  # it was told then
        for note in notes_of(article):
            complain(note)
    if not articles:
        raise typer.Exit(1)
    return articles, not refused
