"""The command ``article-qa index``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.console import EncoderOption, complain
from ui.commands.opening import EncodingOption


def index_articles(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Documents (PDF, HTML, .docx, .pptx, EPUB, e-mail, CSV, Markdown, text), and "
            "folders of them.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write.")],
    encoding: EncodingOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Make a library of exactly these documents, for `--library` to open at once.

    If this is stopped, the same command goes on from there. If DIR holds a library already, files
    that have not changed since are neither read nor embedded again, and what is not among these
    goes; a document that cannot be read now stays as it was.
    """
    from index.naming import documents_in
    from index.syncing import plan_exactly
    from ui.commands.writing import Library

    with Library(str(out), encoder, create=True) as library:
        before = 0 if library.store is None else len(library.store)
        plan = plan_exactly(library.store, paths, encoding=encoding, tell=complain)
        done = library.carry_out(plan)
        if library.store is None:
            raise typer.Exit(1)
        passages = sum(each.passages for each in documents_in(library.store))
        typer.echo(f"{out}: articles: {len(library.store)}, passages: {passages}")
    if before:
        typer.echo(
            f"unchanged: {done.unchanged}, new: {done.added}, changed: {done.replaced}, "
            f"gone: {done.removed}"
        )
    if done.refused:
        raise typer.Exit(1)
