"""Reads many documents at once: files, and those in folders."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from index.articles import Article
from index.errors import ArticleError
from index.loaders.apart.processes import cores
from index.loaders.content import Loader
from index.loaders.formats import NO_DOCUMENTS
from index.loaders.registry import LOADERS, stop_reading
from index.loaders.web.fetching import Fetched, fetch
from index.originals import shown
from index.progress import bar_of

_NAMED = 5  # suffixes of files that are left out
_AHEAD = 4  # files that are read, or wait to be fetched, for each core
_URL = re.compile(r"https?://", re.IGNORECASE)


class Found(NamedTuple):
    """What is to be read, or what is wrong with where it was looked for.

    Attributes:
        path: A file, or a URL; or the path that something is wrong with.
        error: What is wrong with the path; None if it is to be read.
    """

    path: Path | str
    error: ArticleError | None = None


def read_articles(
    paths: Iterable[str | Path],
    *,
    loaders: Mapping[str, Loader] = LOADERS,
    encoding: str | None = None,
    fetch: Callable[[str], Fetched] = fetch,
    progress: bool = False,
    tell: Callable[[str], None] | None = None,
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
        progress: Whether to show a progress bar on standard error.
        tell: Told in a line how many files of folders were left out for their suffixes, if any.

    Returns:
        The articles in the order named (a folder's by path), and an error for each path that could
        not be read.
    """
    found = find_files(paths, loaders=loaders, tell=tell)
    files = [(each.path, encoding) for each in found if each.error is None]
    with bar_of(len(files), "Reading", "files", progress=progress) as bar:
        read = iter(list(read_each(files, loaders=loaders, fetch=fetch, done=bar.update)))
    results = [next(read) if each.error is None else each.error for each in found]
    articles = [each for each in results if isinstance(each, Article)]
    return articles, [each for each in results if isinstance(each, ArticleError)]


def find_files(
    paths: Iterable[str | Path],
    *,
    loaders: Mapping[str, Loader] = LOADERS,
    tell: Callable[[str], None] | None = None,
) -> list[Found]:
    """Find what :func:`read_articles` reads, in the order named, each file once."""
    left_out: Counter[str] = Counter()
    found: list[Found] = []
    seen: set[Path | str] = set()
    for path in paths:
        for each in _named(path, loaders, left_out):
            if each.error is None:
                if (key := _resolved(each.path)) in seen:
                    continue
                seen.add(key)
            found.append(each)
    if tell is not None and left_out:
        tell(_said(left_out))
    return found


def read_each(
    files: Iterable[tuple[Path | str, str | None]],
    *,
    loaders: Mapping[str, Loader] = LOADERS,
    fetch: Callable[[str], Fetched] = fetch,
    done: Callable[[], None] = lambda: None,
) -> Generator[Article | ArticleError, None, None]:
    """Read files and URLs, and give what came of each, in turn.

    As many are read at once as there are cores, and only a few more than were asked for: however
    many there are, few are in memory.

    Args:
        files: Files and URLs, each with the encoding that it is in if it is a text; None where that
            is to be found out.
        loaders: The loader of each suffix, in lower case: one's own reads all files of its suffix.
        fetch: What fetches a document, given its URL.
        done: Called for each that was read, in any thread.
    """

    def read(path: Path | str, encoding: str | None) -> Article | ArticleError:
        try:
            if isinstance(path, str):
                return Article.from_url(path, loaders=loaders, encoding=encoding, fetch=fetch)
            return Article.from_file(path, loaders=loaders, encoding=encoding)
        except ArticleError as error:
            return error
        except Exception as error:  # of a loader, maybe of one's own: the rest is read all the same
            broke = ArticleError(
                f"{shown(str(path))}: cannot be read: its loader broke down "
                f"({type(error).__name__}: {error})."
            )
            broke.__cause__ = error
            return broke

    waiting = iter(files)
    reading: deque[Future[Article | ArticleError]] = deque()
    threads = ThreadPoolExecutor(cores())
    try:
        while True:
            for path, encoding in islice(waiting, _AHEAD * cores() - len(reading)):
                reading.append(threads.submit(read, path, encoding))
                reading[-1].add_done_callback(lambda _: done())
            if not reading:
                break
            yield reading.popleft().result()
    except BaseException:  # an interrupt, as a rule; or no more are wanted
        threads.shutdown(wait=False, cancel_futures=True)
        stop_reading()
        raise
    threads.shutdown()


def _said(left_out: Counter[str]) -> str:
    """Return how many files were left out, given how many of each suffix."""
    count = sum(left_out.values())
    often = sorted(left_out, key=lambda suffix: (-left_out[suffix], not suffix, suffix))
    common = [shown(suffix) or "no suffix" for suffix in often[:_NAMED]]
    more = len(left_out) - len(common)
    kinds = ", ".join([*common, f"{more:,} more"] if more else common)
    of = "1 file of a kind that is" if count == 1 else f"{count:,} files of kinds that are"
    return f"left out: {of} not read ({kinds})"


def _named(
    path: str | Path, loaders: Mapping[str, Loader], left_out: Counter[str]
) -> Sequence[Found]:
    """Return what a path names: itself, or what is to be read below a folder."""
    if isinstance(path, str) and is_url(path):
        return [Found(path)]
    if path == "":  # an unset variable of a shell, rather than all that lies here
        return [Found(path, ArticleError("An empty path was given; name a file or a folder."))]
    return _below(Path(path), loaders, left_out) if _is_folder(Path(path)) else [Found(Path(path))]


def is_url(path: str) -> bool:
    """Tell whether a path is a URL, which is to be fetched."""
    return _URL.match(path) is not None


def _below(folder: Path, loaders: Mapping[str, Loader], left_out: Counter[str]) -> Sequence[Found]:
    """Return the files below a folder that are to be read, by path, and what is wrong there.

    The suffixes of those that are not are counted.
    """
    files: list[Path] = []
    errors: list[Found] = []
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
                    elif _is_file(entry):
                        suffix = Path(entry.name).suffix.lower()
                        if suffix in loaders or suffix in NO_DOCUMENTS:
                            files.append(inside / entry.name)
                        else:
                            left_out[suffix] += 1
        except OSError as error:
            why = ArticleError(f"{shown(str(inside))}: cannot be read ({error.strerror}).")
            errors.append(Found(inside, why))
    if not files and not errors:
        expected = ", ".join(loaders)
        why = ArticleError(
            f"{shown(str(folder))}: the folder holds no document; expected {expected}."
        )
        errors.append(Found(folder, why))
    return [*map(Found, sorted(files)), *errors]


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether there is a file; one that a link names and that is gone is, to be told."""
    try:
        return stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return True


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # what is wrong with it is told when it is read
        return False


def _resolved(path: Path | str) -> Path | str:
    try:
        return path.resolve() if isinstance(path, Path) else path
    except (OSError, RuntimeError, ValueError):  # a link to itself, or a name that cannot be
        return path
