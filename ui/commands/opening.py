"""What ``chat``, ``ask`` and others read: articles, or a library, named by options."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import complain, status

if TYPE_CHECKING:
    from qa import Article, ArticleQA, Store

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


def no_empty(given: list[str] | str | None) -> list[str] | str | None:
    """Refuse empty names: an unset variable of a shell, as a rule."""
    if given == "" or (isinstance(given, list) and "" in map(str.strip, given)):
        raise typer.BadParameter("is empty; give a name.")
    return given


LibraryOption = Annotated[
    str | None,
    typer.Option(
        "--library",
        "--index",
        "--store",
        callback=no_empty,
        metavar="DIR|URL",
        help="A library that `article-qa library` or `article-qa index` wrote, in place of "
        "articles: its folder, or its postgresql:// address.",
        show_default=False,
    ),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="ID|PATH",
        help="Look in this document only: its id, its file, or a folder of them. May be given "
        "several times.",
        show_default=False,
    ),
]
TagOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tag",
        metavar="TAG",
        callback=no_empty,
        help="Look in the documents that are filed under this only. May be given several times.",
        show_default=False,
    ),
]


LibraryHere = Annotated[
    str,
    typer.Option(
        "--library",
        "--store",
        callback=no_empty,
        metavar="DIR|URL",
        help="The library: a folder, or a postgresql:// address (?library=NAME at its end, if it "
        "is one of several in the database).",
        show_default=False,
    ),
]


@contextlib.contextmanager
def opened_store(where: str, *, writing: bool = False) -> Iterator[Store]:
    """Open a library, and close it at the end.

    Raises:
        StoreError: There is none, or it cannot be opened.
    """
    from qa import open_store

    with contextlib.closing(open_store(where, writing=writing)) as store:
        yield store


def open_bot(
    paths: Sequence[str] | None,
    library: str | None,
    encoder: str | None,
    reader: str | None,
    min_confidence: float | None,
    calibration: Path | None = None,
    encoding: str | None = None,
    *,
    only: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
    writing: bool = False,
) -> tuple[ArticleQA, bool]:
    """Open what the options name, to ask some of its documents only if any are named.

    A library is opened to be asked; if ``writing``, to be changed, too. What is not in it is told
    before the models are loaded, not after.

    Returns:
        What answers, and whether all that it is to read could be read.

    Raises:
        StoreError: The library cannot be opened, or another encoder made it.
        ArticleError: A document, or a tag, is not there.
        ModelError: A model cannot be loaded.
    """
    if paths and library:
        raise typer.BadParameter("give --article or --library, not both.", param_hint="--library")
    if library:
        bot = _open_library(
            library, encoder, reader, min_confidence, calibration, only, tags, writing=writing
        )
        return bot, True
    from index.models.encoder import load_encoder
    from qa import ArticleQA
    from qa.reading.strategies import load_strategy

    if not paths and not library:
        with status("Loading the models ..."):
            strategy = load_strategy(reader, calibration)
            bot = ArticleQA.default(encoder=encoder, reader=strategy, min_confidence=min_confidence)
        return _only_in(bot, only, tags), True
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
    return _only_in(bot, only, tags), complete


def _open_library(
    where: str,
    encoder: str | None,
    reader: str | None,
    min_confidence: float | None,
    calibration: Path | None,
    only: Sequence[str] | None,
    tags: Sequence[str] | None,
    *,
    writing: bool,
) -> ArticleQA:
    from index.naming import check_tags, named_in
    from qa import open_store

    with contextlib.ExitStack() as opened:
        with status("Opening the library ..."):
            store = open_store(where, writing=writing)
            opened.callback(store.close)
            ids = [each.id for each in named_in(store, only or ())]
            check_tags(store, tags or ())
        from index.models.encoder import load_encoder
        from qa import ArticleQA, Retriever
        from qa.reading.strategies import load_strategy

        with status("Loading the models ..."):
            retriever = Retriever.open(store, load_encoder(encoder or store.made.name))
            strategy = load_strategy(reader, calibration)
            bot = ArticleQA(retriever, strategy, min_confidence=min_confidence)
            if ids or tags:
                bot = bot.only(ids=ids or None, tags=tags or None)
        opened.pop_all()  # it stays open, for it is asked
    return bot


def _only_in(bot: ArticleQA, only: Sequence[str] | None, tags: Sequence[str] | None) -> ArticleQA:
    """Return what asks some of the articles only, if any are named; else all of them."""
    if not only and not tags:
        return bot
    from index.naming import named_in
    from qa import Retriever

    ids = only
    if only and isinstance(bot.retriever, Retriever):
        ids = [each.id for each in named_in(bot.retriever.store, only)]
    return bot.only(ids=ids or None, tags=tags or None)


def read_or_exit(paths: Sequence[str], encoding: str | None = None) -> tuple[list[Article], bool]:
    """Read articles, leaving out with a complaint those that cannot be read.

    What a person should know of how one was read is told, too.

    Args:
        paths: Files, folders and addresses.
        encoding: Which encoding texts are in, if it is named.
    """
    from qa import read_articles
    from ui.phrases import notes_of

    articles, refused = read_articles(paths, encoding=encoding, progress=True, tell=complain)
    for error in refused:
        complain(str(error))
    for article in articles:
        for note in notes_of(article):
            complain(note)
    if not articles:
        raise typer.Exit(1)
    return articles, not refused
