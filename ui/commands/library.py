"""The commands ``article-qa library ...``: a collection of documents that grows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import EncoderOption, complain, safe
from ui.commands.library_contents import list_documents, search
from ui.commands.opening import EncodingOption, LibraryHere, no_empty

if TYPE_CHECKING:
    from index.syncing import Done, Plan

NamesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="ID|PATH...", help="Documents: their ids, their files, or folders of them."
    ),
]
NewTagOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tag",
        metavar="TAG",
        callback=no_empty,
        help="File them under this, to ask of them only. May be given several times.",
        show_default=False,
    ),
]


def add_documents(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|URL...",
            help="Documents, folders of them, and addresses; or another library, or an index.",
        ),
    ],
    *,
    library: LibraryHere,
    tag: NewTagOption = None,
    encoding: EncodingOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Add documents; the library is made if there is none.

    Files that were added before are neither read nor embedded again unless they have changed. If
    this is stopped, what was added stays, and the same command goes on from there.
    """
    from index.syncing import plan_added
    from ui.commands.writing import Library, holds_library

    others = [path for path in paths if holds_library(path)]
    documents = [path for path in paths if path not in others]
    done: list[Done] = []
    with Library(library, encoder, create=True) as opened:
        done += [opened.copy(other, tag or ()) for other in others]
        if documents:
            plan = plan_added(opened.store, documents, encoding=encoding, tell=complain)
            done.append(opened.carry_out(plan, tag or ()))
    _finish(done, ("added", "replaced", "unchanged"))


def update_documents(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="Folders (or files) to bring the library in step with: what is new there comes "
            "in, what is gone goes. Default: the files that are in the library.",
            show_default=False,
        ),
    ] = None,
    *,
    library: LibraryHere,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag",
            metavar="TAG",
            callback=no_empty,
            help="File what is new under this. May be given several times.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would be done.")
    ] = False,
    encoding: EncodingOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Read files again that have changed, and remove the documents whose files are gone.

    What cannot be read now stays as it was. A file that was moved, and holds what it held, keeps
    its tags.
    """
    from index.syncing import plan_update
    from ui.commands.writing import Library

    if tag and not paths:
        raise typer.BadParameter("goes with folders, or files.", param_hint="--tag")
    with Library(library, encoder) as opened:
        plan = plan_update(
            opened.store, paths or (), tags=tag or (), encoding=encoding, tell=complain
        )
        if dry_run:
            _print_plan(plan)
            return
        done = opened.carry_out(plan)
    _finish([done], ("added", "replaced", "removed", "unchanged"))


def remove_documents(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID|PATH...",
            help="Documents: their ids, their files, or folders of them.",
            show_default=False,
        ),
    ] = None,
    *,
    library: LibraryHere,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag",
            metavar="TAG",
            callback=no_empty,
            help="Those that are filed under this. May be given several times.",
            show_default=False,
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to.")] = False,
) -> None:
    """Remove documents from the library; their files stay where they are."""
    from index.naming import check_tags, documents_in, named_in
    from ui.commands.opening import opened_store

    if not names and not tag:
        raise typer.BadParameter("name documents, or a --tag.", param_hint="ID|PATH...")
    with opened_store(library, writing=True) as store:
        chosen = {each.id for each in named_in(store, names or ())}
        if tag:
            check_tags(store, tag)
            chosen |= {each.id for each in documents_in(store, store.numbers(tags=tag))}
        if len(chosen) > len(names or ()) and not yes and sys.stdin.isatty():
            typer.confirm(f"Remove {len(chosen):,} documents?", abort=True, err=True)
        if chosen:
            store.change(remove=chosen)
    typer.echo(f"removed: {len(chosen)}")


def tag_documents(
    names: NamesArgument,
    *,
    library: LibraryHere,
    tag: NewTagOption = None,
    untag: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TAG",
            callback=no_empty,
            help="File them under this no more. May be given several times.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """File documents under tags, or under some no more."""
    from index.naming import file_under, named_in
    from ui.commands.opening import opened_store

    if not tag and not untag:
        raise typer.BadParameter("give one, or --untag.", param_hint="--tag")
    with opened_store(library, writing=True) as store:
        documents = named_in(store, names)
        file_under(store, documents, tag or (), untag or ())
    typer.echo(f"filed: {len(documents)}")


def compact_library(*, library: LibraryHere) -> None:
    """Free the room that removed documents take, and put together what is scattered."""
    from ui.commands.opening import opened_store

    with opened_store(library, writing=True) as store:
        store.compact()


def _print_plan(plan: Plan) -> None:
    for error in plan.refused:
        complain(str(error))
    for each in plan.to_read:
        if each.document is None:
            typer.echo(f"add: {safe(str(each.path))}")
        else:
            typer.echo(f"replace: {safe(each.document.id)}")
    for document in plan.gone:
        typer.echo(f"remove: {safe(document.id)}")
    typer.echo(f"unchanged: {len(plan.unchanged)}")
    if plan.refused:
        raise typer.Exit(1)


def _finish(done: Sequence[Done], counted: tuple[str, ...]) -> None:
    """Say what was done; exit with 1 if something could not be read."""
    counts = {what: sum(getattr(each, what) for each in done) for what in counted}
    typer.echo(", ".join(f"{what}: {count}" for what, count in counts.items()))
    if any(each.refused for each in done):
        raise typer.Exit(1)


library = typer.Typer(
    help="Keep a collection of documents: add and remove some, update it, search it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
library.command("add")(add_documents)
library.command("update")(update_documents)
library.command("remove")(remove_documents)
library.command("list")(list_documents)
library.command("search")(search)
library.command("tag")(tag_documents)
library.command("compact")(compact_library)
