"""The command ``article-qa index``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import EncoderOption, status
from ui.commands.opening import EncodingOption, read_or_exit

if TYPE_CHECKING:
    from qa import Article


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
    """Index articles once, for `--index` to open at once.

    If this is stopped, the same command goes on from there. If DIR holds an index already, files
    that have not changed since are neither read nor embedded again; remove DIR to begin anew.
    """
    from index.models.encoder import load_encoder
    from index.store.folder import check_replaceable
    from index.store.resumable import build_on_disk

    check_replaceable(out)
    known = _articles_in(out)
    articles, complete = read_or_exit(paths, encoding, known)
    with status("Loading the encoder ..."):
        loaded = load_encoder(encoder)
    passages = build_on_disk(articles, loaded, out, reuse=True, progress=True)
    typer.echo(f"{out}: articles: {len(articles)}, passages: {passages}")
    if known:
        typer.echo(_compared(known, articles))
    if not complete:
        raise typer.Exit(1)


def _articles_in(folder: Path) -> Sequence[Article]:
    """Return the articles of an index that is to be replaced, if it can be read."""
    from index.store.folder import read_index
    from qa import SavedIndexError

    try:
        return read_index(folder).articles
    except SavedIndexError:
        return ()


def _compared(before: Sequence[Article], now: Sequence[Article]) -> str:
    """Say how many articles are as they were in the index before, and how many are not."""
    old, new = ({_place(each): each.text for each in articles} for articles in (before, now))
    same = sum(old.get(place) == text for place, text in new.items())
    both = len(old.keys() & new.keys())
    return (
        f"unchanged: {same}, new: {len(new) - both}, changed: {both - same}, "
        f"gone: {len(old) - both}"
    )


def _place(article: Article) -> str:
    original = article.original
    return article.id if original is None or original.path is None else original.path
