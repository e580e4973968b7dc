"""How real files are read: how many, how many words, how fast, and which are refused and why."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.documents.agreement import NOTHING, Share
from eval.documents.reading import Read
from eval.documents.spans import spans_right, unplaced
from qa import Article, ArticleError


@dataclass(frozen=True)
class FileRead:
    """What came of reading a file.

    Attributes:
        path: Where it is, in the folder.
        kind: Its name's suffix, in lower case.
        words: How many words it has, parted by white space; 0 if it was refused.
        seconds: How long it took.
        error: Why it was refused, without its name; None if it was read.
        fault: Whether the error is another than one of those that say so to a person.
        spans: How many random spans of its text are read again at their places.
        unplaced: How many letters of its text have no place in it.
    """

    path: str
    kind: str
    words: int
    seconds: float
    error: str | None = None
    fault: bool = False
    spans: Share = NOTHING
    unplaced: Share = NOTHING


def read_folder(
    folder: Path, spans: int = 0, read: Read = Article.from_bytes
) -> Iterator[FileRead]:
    """Read every file below a folder, in the order of their paths, whatever comes of it.

    Args:
        folder: The folder.
        spans: How many random spans of all files of a kind to read again in them.
        read: What reads a file.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sharing = Counter(map(_kind, files))
    for file in files:
        kind = _kind(file)
        yield _read(file, file.relative_to(folder).as_posix(), -(-spans // sharing[kind]), read)


def _read(file: Path, name: str, spans: int, read: Read) -> FileRead:
    data = file.read_bytes()
    began = time.perf_counter()
    try:
        article = read(data, name)
        seconds = time.perf_counter() - began
        return FileRead(
            name, _kind(file), len(article.text.split()), seconds,
            spans=spans_right(article, spans), unplaced=unplaced(article),
        )  # fmt: skip
    except ArticleError as refused:
        error, fault = str(refused).removeprefix(f"{name}: "), False
    except Exception as other:  # what is measured is that there is none
        error, fault = f"{type(other).__name__}: {other}", True
    return FileRead(name, _kind(file), 0, time.perf_counter() - began, error, fault)


def _kind(file: Path) -> str:
    return file.suffix.lower() or "none"
