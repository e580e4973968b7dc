"""The commands ``article-qa library list`` and ``search``: what a library holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import EncoderOption, safe
from ui.commands.opening import LibraryHere, OnlyOption, TagOption, no_empty, opened_store

if TYPE_CHECKING:
    from qa import Document, Hit

_INDENT = " " * 4


def list_documents(
    *,
    library: LibraryHere,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag",
            metavar="TAG",
            callback=no_empty,
            help="Those that are filed under this only. May be given several times.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, a line a document.")] = False,
) -> None:
    """List the documents of the library."""
    from index.naming import check_tags, documents_in

    with opened_store(library) as store:
        check_tags(store, tag or ())
        documents = passages = 0
        for each in documents_in(store, store.numbers(tags=tag or None)):
            documents += 1
            passages += each.passages
            if as_json:
                typer.echo(json.dumps(_said(each), ensure_ascii=False))
            else:
                typer.echo(safe(_line(each)))
    if not as_json:
        typer.echo(f"documents: {documents}, passages: {passages}")


def search(
    question: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")],
    *,
    library: LibraryHere,
    k: Annotated[int, typer.Option("-k", min=1, help="How many passages to find at most.")] = 5,
    only: OnlyOption = None,
    tag: TagOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    encoder: EncoderOption = None,
) -> None:
    """Find the passages that speak most to a question, without reading an answer out of them."""
    from index.naming import check_tags, named_in
    from qa.asking.questions import clean_question

    question = clean_question(question)
    with opened_store(library) as store:
        named = [each.id for each in named_in(store, only or ())]
        check_tags(store, tag or ())
        # What is not there is told before the models are loaded, not after.
        from index.models.encoder import load_encoder
        from qa import Retriever

        retriever = Retriever.open(store, load_encoder(encoder or store.made.name))
        if only or tag:
            retriever = retriever.only(ids=named, tags=tag)
        hits = retriever.search([question], k)[0]
        if as_json:
            typer.echo(json.dumps([_found(each) for each in hits], ensure_ascii=False, indent=2))
        elif not hits:
            typer.echo("No passage was found.")
        else:
            typer.echo("\n\n".join(_shown(n, each) for n, each in enumerate(hits, start=1)))


def _line(document: Document) -> str:
    said = [f"{document.id}: {document.title}", f"passages: {document.passages}"]
    if document.tags:
        said.append(f"tags: {' '.join(sorted(document.tags))}")
    if document.source not in (None, document.id):
        said.append(f"from: {document.source}")
    return ", ".join(said)


def _said(document: Document) -> dict[str, object]:
    original = document.original
    return {
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "path": None if original is None else original.path,
        "tags": sorted(document.tags),
        "characters": document.characters,
        "sentences": document.sentences,
        "passages": document.passages,
    }


def _shown(number: int, hit: Hit) -> str:
    from index.places import labels_of

    passage = hit.passage
    part = labels_of(passage.places)
    where = f"{passage.article.title}, {part}" if part else passage.article.title
    quoted = safe(passage.text).replace("\n", f"\n{_INDENT}")
    return (
        f"[{number}] {safe(where)}, characters {passage.start} to {passage.end}  "
        f"(score {hit.score:.2f}: similarity {hit.similarity:.2f}, BM25 {hit.bm25:.2f})\n"
        f"{_INDENT}{safe(passage.article.id)}\n{_INDENT}{quoted}"
    )


def _found(hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return {
        "article_id": passage.article.id,
        "article_title": passage.article.title,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": hit.score,
        "similarity": hit.similarity,
        "bm25": hit.bm25,
    }
