"""Articles: the texts that answers are quoted from, and how files become them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from index.errors import ArticleError
from index.loaders.content import Loader
from index.loaders.registry import LOADERS, load
from index.meta import NO_META, Meta
from index.originals import Original
from index.places import NO_PLACES, Places
from index.structure.blocks import Structure
from index.structure.parsing import structure_of

_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_PARTED = re.compile(r"(?<!\w)\w+[-‐][ \t]*\n(?:\s*\w+)?")


@dataclass(frozen=True)
class Article:
    """A text to ask questions of. Cannot be changed, and so is safe to share by threads.

    ``text`` is kept exactly as given: every offset in this program counts its code points, so
    ``article.text[start:end]`` is the quotation.

    Attributes:
        id: Tells the articles of a collection apart.
        title: What a person calls the article.
        text: The whole text.
        source: Where the text came from (a file's path), if anywhere.
        meta: What the source knows besides, such as the author or the date, as JSON could hold it.
            Any mapping may be given; a frozen copy is kept, in saved indexes, too.
        places: Where the text stands in the document that it was read from.
        original: That document; None where the text is all there is.
        notes: What a person should know of how it was read, in whole sentences.

    Raises:
        ArticleError: The text is empty, or holds surrogate code points, which no file can store
            and no page can show; or JSON could not hold ``meta``.
    """

    id: str
    title: str
    text: str = field(repr=False)
    source: str | None = None
    meta: Mapping[str, Any] = field(default=NO_META, repr=False)
    places: Places = field(default=NO_PLACES, repr=False, compare=False)
    original: Original | None = field(default=None, repr=False, compare=False)
    notes: tuple[str, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.meta, Meta):
            if not isinstance(self.meta, Mapping):
                raise ArticleError(f"{self.id}: meta is {self.meta!r}; expected a mapping.")
            object.__setattr__(self, "meta", Meta(self.meta))
        if not self.text.strip():
            raise ArticleError(f"{self.id}: the article is empty; there is nothing to quote.")
        if surrogate := _SURROGATE.search(self.text):
            raise ArticleError(
                f"{self.id}: character {surrogate.start()} is half of a surrogate pair, not text; "
                "decode the text properly and try again."
            )

    @cached_property
    def structure(self) -> Structure:
        """The blocks of the text: found when they are first asked for, and kept with it."""
        return structure_of(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that stand on one line, in lower case: those with a hyphen in them whole."""
        return frozenset(_WORD.findall(_PARTED.sub(" ", self.text.lower())))

    @classmethod
    def from_file(cls, path: str | Path, *, loaders: Mapping[str, Loader] = LOADERS) -> Article:
        r"""Read a UTF-8 text or Markdown file, or any that there is a loader for.

        A byte-order mark and NUL bytes are left out and line ends become ``\n``, before any offset
        is counted. The path is the id, and the first Markdown heading or the file's name the title.

        Args:
            path: Where the file is.
            loaders: The loader of each suffix, in lower case; a file of another is read as text.

        Raises:
            ArticleError: The file is missing, unreadable, a folder, empty, binary or not UTF-8.
        """
        path = Path(path)
        if path.is_dir():
            raise ArticleError(f"{path}: is a folder; name a text or Markdown file in it.")
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise ArticleError(f"{path}: no such file; check the path.") from None
        except OSError as error:
            raise ArticleError(f"{path}: cannot be read ({error.strerror}).") from error
        article = cls.from_bytes(data, path.as_posix(), loaders=loaders)
        original = article.original
        if original is not None:  # it can be read again, and need not be kept
            original = replace(original, path=str(path), data=None)
        return replace(article, source=str(path), original=original)

    @classmethod
    def from_bytes(
        cls, data: bytes, name: str, *, loaders: Mapping[str, Loader] = LOADERS
    ) -> Article:
        """Make an article of what a file holds, as :meth:`from_file` does.

        Args:
            data: UTF-8 text or Markdown, or what there is a loader for.
            name: The file's name, which is to be the id, and by its suffix tells the loader.
            loaders: The loader of each suffix, in lower case; a file of another is read as text.

        Raises:
            ArticleError: The data are empty, binary or not UTF-8.
        """
        content = load(data, name, loaders)
        shown = len(content.places) > 0
        return cls(
            id=name,
            title=content.title,
            text=content.text,
            meta=content.meta,
            places=content.places,
            original=Original.of(data, content.media_type) if shown else None,
            notes=content.notes,
        )


def read_articles(
    paths: Iterable[str | Path], *, loaders: Mapping[str, Loader] = LOADERS
) -> tuple[list[Article], list[ArticleError]]:
    """Read files, and those below folders that have a loader; a bad one does not stop the rest.

    A file that is named twice is read once.

    Args:
        paths: Files and folders.
        loaders: The loader of each suffix, in lower case. A folder's files of other suffixes are
            left alone.

    Returns:
        The articles in the order named (a folder's by path), and an error for each path that could
        not be read.
    """
    articles: dict[Path, Article] = {}
    refused: list[ArticleError] = []
    for path in map(Path, paths):
        try:
            for file in _loadable(path, loaders) if path.is_dir() else [path]:
                if (key := file.resolve()) not in articles:
                    try:
                        articles[key] = Article.from_file(file, loaders=loaders)
                    except ArticleError as error:
                        refused.append(error)
        except ArticleError as error:
            refused.append(error)
    return list(articles.values()), refused


def _loadable(folder: Path, loaders: Mapping[str, Loader]) -> list[Path]:
    files = sorted(
        file for file in folder.rglob("*") if file.suffix.lower() in loaders and file.is_file()
    )
    if not files:
        raise ArticleError(
            f"{folder}: the folder holds no text file; expected {', '.join(loaders)}."
        )
    return files
