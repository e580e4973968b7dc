"""Reads many documents at once: files, and those in folders."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from index.articles import Article
from index.errors import ArticleError
from index.loaders.apart.processes import cores
from index.loaders.content import Loader
from index.loaders.formats import NO_DOCUMENTS
from index.loaders.registry import LOADERS, stop_reading
from index.loaders.web.fetching import Fetched, fetch
from index.originals import escaped, shown
from index.progress import bar_of

_URL = re.compile(r"https?://", re.IGNORECASE)


def read_articles(
    paths: Iterable[str | Path],
    *,
    loaders: Mapping[str, Loader] = LOADERS,
    encoding: str | None = None,
    fetch: Callable[[str], Fetched] = fetch,
    known: Iterable[Article] = (),
    progress: bool = False,
) -> tuple[list[Article], list[ArticleError]]:
    """Read files, those below folders that have a loader, and what URLs lead to.

    A bad one does not stop the rest. Nothing is fetched unless a URL is given.

    As many are read at once as there are cores. A file that is named twice is read once. Of
    folders, hidden files and folders are left out, and so are files of suffixes that nothing is
    known of; those that are known to be no documents that are read, such as ".doc", are refused.

    Args:
        paths: Files, folders, and URLs that begin with ``http://`` or ``https://``.
        loaders: The loader of each suffix, in lower case: one's own reads all files of its suffix.
        encoding: Which encoding texts are in, such as "windows-1252"; found out if None.
        fetch: What fetches a document, given its URL.
        known: Articles that were read before: where the file of one holds what it held, it is taken
            and not read again.
        progress: Whether to show a progress bar on standard error.

    Returns:
        The articles in the order named (a folder's by path), and an error for each path that could
        not be read.
    """
    found = _found(paths, loaders)
    files = [each for each in found if not isinstance(each, ArticleError)]
    before = {
        each.original.path: each
        for each in known
        if each.original is not None and each.original.path is not None
    }

    def read(path: Path | str) -> Article | ArticleError:
        try:
            if isinstance(path, str):
                return Article.from_url(path, loaders=loaders, encoding=encoding, fetch=fetch)
            return _again(path, before, encoding) or Article.from_file(
                path, loaders=loaders, encoding=encoding
            )
        except ArticleError as error:
            return error
        except Exception as error:  # of a loader, maybe of one's own: the rest is read all the same
            broke = ArticleError(
                f"{shown(str(path))}: cannot be read: its loader broke down "
                f"({type(error).__name__}: {error})."
            )
            broke.__cause__ = error
            return broke

    with bar_of(len(files), "Reading", "files", progress=progress) as bar:
        threads = ThreadPoolExecutor(max(1, min(cores(), len(files))))
        try:
            reading = [threads.submit(read, file) for file in files]
            for each in reading:
                each.add_done_callback(lambda _: bar.update())
            read_in_turn = iter([each.result() for each in reading])
        except BaseException:  # an interrupt, as a rule
            threads.shutdown(wait=False, cancel_futures=True)
            stop_reading()
            raise
        threads.shutdown()
    results = [each if isinstance(each, ArticleError) else next(read_in_turn) for each in found]
    articles = [each for each in results if isinstance(each, Article)]
    return articles, [each for each in results if isinstance(each, ArticleError)]


def _again(path: Path, before: Mapping[str, Article], encoding: str | None) -> Article | None:
    """Return the article that was read of a file before if the file holds the same."""
    article = before.get(str(path.absolute()))
    original = None if article is None else article.original
    if article is None or original is None:
        return None
    if original.is_text and original.encoding != encoding:
        return None
    if (same := original.unchanged()) is None:
        return None
    return replace(article, id=escaped(path.as_posix()), source=escaped(str(path)), original=same)


def _found(
    paths: Iterable[str | Path], loaders: Mapping[str, Loader]
) -> list[Path | str | ArticleError]:
    """Return the files and URLs to read, in the order named, and what is wrong with folders."""
    found: list[Path | str | ArticleError] = []
    seen: set[Path | str] = set()
    for path in paths:
        below: Sequence[Path | str | ArticleError]
        if isinstance(path, str) and _URL.match(path):
            below = [path]
        elif path == "":  # an unset variable of a shell, rather than all that lies here
            below = [ArticleError("An empty path was given; name a file or a folder.")]
        else:
            below = _below(Path(path), loaders) if _is_folder(Path(path)) else [Path(path)]
        for each in below:
            if not isinstance(each, ArticleError):
                if (key := _resolved(each) if isinstance(each, Path) else each) in seen:
                    continue
                seen.add(key)
            found.append(each)
    return found


def _below(folder: Path, loaders: Mapping[str, Loader]) -> Sequence[Path | ArticleError]:
    """Return the files below a folder that are to be read, by path, and what is wrong there."""
    files: list[Path] = []
    errors: list[ArticleError] = []
    entered: set[tuple[int, int]] = set()
    waiting, linked = [folder], list[Path]()
    while waiting or linked:  # what a link leads to may stand elsewhere itself, which goes first
        inside = waiting.pop() if waiting else linked.pop(0)
        try:
            about = inside.stat()
            if (about.st_dev, about.st_ino) in entered and about.st_ino:
                continue
            entered.add((about.st_dev, about.st_ino))
            with os.scandir(inside) as entries:
                for entry in entries:
                    if entry.name.startswith((".", "~$")):
                        continue
                    if _is_folder(inside / entry.name):
                        (linked if entry.is_symlink() else waiting).append(inside / entry.name)
                    elif _is_read(entry, loaders):
                        files.append(inside / entry.name)
        except OSError as error:
            errors.append(ArticleError(f"{shown(str(inside))}: cannot be read ({error.strerror})."))
    if not files and not errors:
        expected = ", ".join(loaders)
        errors.append(
            ArticleError(
                f"{shown(str(folder))}: the folder holds no document; expected {expected}."
            )
        )
    return [*sorted(files), *errors]


def _is_read(entry: os.DirEntry[str], loaders: Mapping[str, Loader]) -> bool:
    """Tell whether a file is to be read; one that a link names and that is gone is, to be told."""
    suffix = Path(entry.name).suffix.lower()
    if suffix not in loaders and suffix not in NO_DOCUMENTS:
        return False
    try:
        return stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return True


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # what is wrong with it is told when it is read
        return False


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a link to itself, or a name that cannot be
        return path
