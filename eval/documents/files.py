"""How real files are read: how many, how many words, how fast, and which are refused and why."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.documents.reading import Read
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
    """

    path: str
    kind: str
    words: int
    seconds: float
    error: str | None = None
    fault: bool = False


def read_folder(folder: Path, read: Read = Article.from_bytes) -> Iterator[FileRead]:
    """Read every file below a folder, in the order of their paths, whatever comes of it."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        kind = file.suffix.lower() or "none"
        data = file.read_bytes()
        began = time.perf_counter()
        words, error, fault = 0, None, False
        try:
            words = len(read(data, name).text.split())
        except ArticleError as refused:
            error = str(refused).removeprefix(f"{name}: ")
        except Exception as other:  # what is measured is that there is none
            error, fault = f"{type(other).__name__}: {other}", True
        yield FileRead(name, kind, words, time.perf_counter() - began, error, fault)
