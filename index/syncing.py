"""Brings a store in step with files: what is new, what has changed, and what is gone."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from index.articles import Article
from index.errors import ArticleError, StoreError
from index.loaders.content import Loader
from index.loaders.registry import LOADERS
from index.loaders.web.fetching import Fetched, fetch
from index.naming import documents_in, file_of, file_under, is_at_one, place_of
from index.originals import digest_of, escaped
from index.progress import Bar, bar_of
from index.reading import Found, find_files, is_url, read_each
from index.retriever import Retriever
from index.store.base import Document, Store

_ADVICE = "If it is stopped, the same command goes on from there."
_NAMED = 3  # files that are named where there are more


@dataclass(frozen=True)
class ToRead:
    """A file or a URL that is to be read.

    Attributes:
        path: The file, or the URL.
        encoding: Which encoding it is in, if that was named.
        document: What was read of it before; None if nothing was.
        tags: What it is filed under if nothing was read of it before.
    """

    path: Path | str
    encoding: str | None = None
    document: Document | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """What is to be done to bring a store in step with files.

    Attributes:
        to_read: What is new, and what was read before and holds something else now; all URLs.
        unchanged: The documents whose files hold what they held.
        gone: The documents to remove.
        refused: What is wrong with paths; the documents there stay as they are.
    """

    to_read: Sequence[ToRead] = ()
    unchanged: Sequence[Document] = ()
    gone: Sequence[Document] = ()
    refused: Sequence[ArticleError] = ()


@dataclass
class Done:
    """What was done.

    Attributes:
        added: How many documents came in.
        replaced: How many took the place of what was read of the same file before.
        unchanged: How many were there already.
        removed: How many are gone.
        refused: How many files and folders could not be read.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: int = 0


def plan_added(
    store: Store | None,
    paths: Iterable[str | Path],
    *,
    loaders: Mapping[str, Loader] = LOADERS,
    encoding: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Plan:
    """Plan to add files, those below folders, and what URLs lead to.

    Args:
        store: Where they are to be; None if it is not there yet.
        paths: Files, folders and URLs.
        loaders: The loader of each suffix.
        encoding: Which encoding texts are in; of what is known, the one that was named before, if
            None.
        tell: Told in a line how many files of folders are left out for their suffixes, if any.
    """
    found = find_files(paths, loaders=loaders, tell=tell)
    return _plan(_Known.of(store), found, encoding)


def plan_exactly(
    store: Store | None,
    paths: Iterable[str | Path],
    *,
    loaders: Mapping[str, Loader] = LOADERS,
    encoding: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Plan:
    """Plan to add files and to remove all else, but for what is where something cannot be read."""
    known = _Known.of(store)
    plan = _plan(known, found := find_files(paths, loaders=loaders, tell=tell), encoding)
    gone = _others(known, plan, found)
    return _moved(replace(plan, gone=gone if plan.to_read or plan.unchanged else ()))


def plan_update(
    store: Store | None,
    paths: Sequence[str | Path] = (),
    *,
    tags: Iterable[str] = (),
    loaders: Mapping[str, Loader] = LOADERS,
    encoding: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Plan:
    """Plan to bring what lies below folders in step with them, or all files that are in the store.

    Args:
        store: The store; None if it is not there yet.
        paths: Folders, files and URLs; if none, the files that are in the store.
        tags: What is filed under them is what is new, besides what it was under where it was moved
            from.
        loaders: The loader of each suffix.
        encoding: As :func:`plan_added` takes it.
        tell: As :func:`plan_added` takes it.

    Raises:
        StoreError: None of the files of the store, which are several, is there any more.
    """
    known = _Known.of(store)
    if paths:
        plan = _plan(known, found := find_files(paths, loaders=loaders, tell=tell), encoding)
        places = [place_of(str(path)) for path in paths if path != "" and not is_url(str(path))]
        below = [each for each in _others(known, plan, found) if is_at_one(each, places)]
        new = frozenset(tags)
        to_read = [replace(each, tags=new) if new else each for each in plan.to_read]
        return _moved(replace(plan, to_read=to_read, gone=below))
    files = {each.number: Path(path) for each in known.documents if (path := file_of(each))}
    there = {number: path for number, path in files.items() if os.path.lexists(path)}
    gone = [each for each in known.documents if each.number in files and each.number not in there]
    if len(gone) > 1 and not there:
        raise StoreError(
            f"None of the {len(gone):,} files that were read is there any more "
            f"({', '.join(str(files[each.number]) for each in gone[:_NAMED])} ...), so nothing was "
            "removed; is a disk missing? `article-qa library remove` removes documents."
        )
    plan = _plan(known, [Found(path) for path in there.values()], encoding)
    return replace(plan, gone=gone)


def carry_out(
    plan: Plan,
    store: Store | None,
    retriever: Callable[[], Retriever],
    *,
    tags: Collection[str] = (),
    loaders: Mapping[str, Loader] = LOADERS,
    fetch: Callable[[str], Fetched] = fetch,
    progress: bool = False,
    tell: Callable[[Article | ArticleError], None] = lambda _: None,
) -> Done:
    """Read what a plan says, and change the store, batch by batch; remove at last.

    What was committed is kept, whatever happens then: the same plan made anew goes on from there.
    Where nothing could be read, nothing is removed either.

    Args:
        plan: The plan.
        store: The store that it is for; None if it is not there yet.
        retriever: Returns a retriever over the store; called once there is something to add.
        tags: What all these documents are filed under besides.
        loaders: The loader of each suffix.
        fetch: What fetches a document, given its URL.
        progress: Whether to show progress bars on standard error.
        tell: Told each article that was read, and each error.
    """
    done = Done(unchanged=len(plan.unchanged))
    for error in plan.refused:
        done.refused += 1
        tell(error)
    if store is not None:
        file_under(store, plan.unchanged, tags)
    # What is known comes last, under the tags that it has.
    groups: dict[frozenset[str], list[ToRead]] = {}
    for each in plan.to_read:
        if each.document is None:
            groups.setdefault(each.tags.union(tags), []).append(each)
    known = [each for each in plan.to_read if each.document is not None]
    new = [(files, own or None) for own, files in groups.items()]
    total = len(plan.to_read)
    with bar_of(total, "Adding", "files", progress=progress, advice=_ADVICE) as bar:
        for files, filed in (*new, (known, None)):
            named = [(each.path, each.encoding) for each in files]
            with closing(read_each(named, loaders=loaders, fetch=fetch)) as reading:
                articles = _articles(zip(files, reading, strict=True), retriever, done, bar, tell)
                first = next(articles, None)
                if first is None:
                    continue
                # Of one, how far its sentences are is shown; of more, how many are done.
                given = [first] if total == 1 else chain([first], articles)
                changes = retriever().add(given, tags=filed, progress=progress)
            done.added += len(changes.added)
            done.replaced += len(changes.replaced)
            done.unchanged += len(changes.unchanged)
            if filed is None:
                file_under(retriever().store, [*changes.replaced, *changes.unchanged], tags)
    nothing_read = done.refused and not (done.added or done.replaced or done.unchanged)
    if store is not None and plan.gone and not nothing_read:
        store.change(remove=[each.id for each in plan.gone])
        done.removed = len(plan.gone)
    return done


def _articles(
    files: Iterable[tuple[ToRead, Article | ArticleError]],
    retriever: Callable[[], Retriever],
    done: Done,
    bar: Bar,
    tell: Callable[[Article | ArticleError], None],
) -> Iterator[Article]:
    """Give the articles that were read, each with the id that it is to have in the store."""
    for known, read in files:
        tell(read)
        bar.update()
        if isinstance(read, ArticleError):
            done.refused += 1
        else:
            yield _named(known, read, retriever().store)


def _named(known: ToRead, article: Article, store: Store) -> Article:
    """Return an article with the id of what was read of the same file before, or one of its own."""
    before = known.document
    if before is not None:
        return replace(article, id=before.id, source=before.source or article.source)
    if isinstance(known.path, Path) and len(store.numbers(ids=[article.id])):
        # Another file is called the same where somebody stood when it was read.
        return replace(article, id=escaped(known.path.absolute().as_posix()))
    return article


@dataclass(frozen=True)
class _Known:
    """The documents of a store, by the places of their files, or by their ids if in no file.

    There are none where there is no store yet.
    """

    documents: Sequence[Document]
    by_place: Mapping[str, Document]
    by_id: Mapping[str, Document]

    @classmethod
    def of(cls, store: Store | None) -> _Known:
        documents = [] if store is None else list(documents_in(store))
        files = {path: each for each in documents if (path := file_of(each))}
        by_id = {each.id: each for each in documents if not file_of(each)}
        return cls(documents, {place_of(path): each for path, each in files.items()}, by_id)

    def of_path(self, path: Path | str) -> Document | None:
        """Return what was read of a file, or of a URL."""
        if isinstance(path, str):
            return self.by_id.get(escaped(path))
        return self.by_place.get(place_of(str(path))) or self.by_id.get(escaped(path.as_posix()))


def _plan(known: _Known, found: Iterable[Found], encoding: str | None) -> Plan:
    to_read: list[ToRead] = []
    unchanged: list[Document] = []
    refused: list[ArticleError] = []
    for path, error in found:
        if error is not None:
            refused.append(error)
            continue
        document = known.of_path(path)
        original = None if document is None else document.original
        named = encoding or (None if original is None else original.encoding)
        if document is not None and original is not None and original.path is not None:
            same_encoding = not original.is_text or original.encoding == named
            if same_encoding and original.unchanged() is not None:
                unchanged.append(document)
                continue
        to_read.append(ToRead(path, named, document))
    return Plan(to_read, unchanged, (), refused)


def _moved(plan: Plan) -> Plan:
    """Return a plan by which a new file is filed as one that is gone and held the same was."""
    tags: dict[tuple[int, str], frozenset[str]] = {}
    for each in plan.gone:
        if each.tags and (original := each.original) is not None and original.size is not None:
            tags[original.size, original.sha256] = each.tags
    sizes = {size for size, _ in tags}

    def own(new: ToRead) -> frozenset[str]:
        if new.document is not None or isinstance(new.path, str):
            return new.tags
        held = digest_of(new.path, sizes)
        return new.tags if held is None else new.tags | tags.get(held, frozenset())

    if not tags:
        return plan
    return replace(plan, to_read=[replace(each, tags=own(each)) for each in plan.to_read])


def _others(known: _Known, plan: Plan, found: Iterable[Found]) -> list[Document]:
    """Return the documents that were not found, but for those where something is wrong."""
    wrong = [place_of(str(each.path)) for each in found if each.error and each.path != ""]
    kept = {each.number for each in plan.unchanged}
    kept |= {each.document.number for each in plan.to_read if each.document is not None}
    return [
        each for each in known.documents if each.number not in kept and not is_at_one(each, wrong)
    ]
