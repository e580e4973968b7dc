"""The command ``article-qa index``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.console import EncoderOption, status
from ui.commands.opening import read_or_exit


def index_articles(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Text and Markdown files, and folders of them."),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write.")],
    encoder: EncoderOption = None,
) -> None:
    """Index articles once, for `--index` to open at once.

    If this is stopped, the same command goes on from there.
    """
    from index.models.encoder import load_encoder
    from index.store.resumable import build_on_disk

    articles, complete = read_or_exit(paths)
    with status("Loading the encoder ..."):
        loaded = load_encoder(encoder)
    passages = build_on_disk(articles, loaded, out, progress=True)
    typer.echo(f"{out}: articles: {len(articles)}, passages: {passages}")
    if not complete:
        raise typer.Exit(1)
