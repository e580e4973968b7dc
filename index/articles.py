"""Articles: the texts that answers are quoted from, and how files become them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.errors import ArticleError
from index.loaders.registry import LOADERS, load

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Article:
    """A text to ask questions of.

    ``text`` is kept exactly as given: every offset in this program counts its code points, so
    ``article.text[start:end]`` is the quotation.

    Attributes:
        id: Tells the articles of a collection apart.
        title: What a person calls the article.
        text: The whole text.
        source: Where the text came from (a file's path), if anywhere.

    Raises:
        ArticleError: The text is empty, or holds surrogate code points, which no file can store
            and no page can show.
    """

    id: str
    title: str
    text: str = field(repr=False)
    source: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ArticleError(f"{self.id}: the article is empty; there is nothing to quote.")
        if surrogate := _SURROGATE.search(self.text):
            raise ArticleError(
                f"{self.id}: character {surrogate.start()} is half of a surrogate pair, not text; "
                "decode the text properly and try again."
            )

    @classmethod
    def from_file(cls, path: str | Path) -> Article:
        r"""Read a UTF-8 text or Markdown file.

        A byte-order mark and NUL bytes are left out and line ends become ``\n``, before any offset
        is counted. The path is the id, and the first Markdown heading or the file's name the title.

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
        article = cls.from_bytes(data, path.as_posix())
        return replace(article, source=str(path))

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> Article:
        """Make an article of what a file holds, as :meth:`from_file` does.

        Args:
            data: UTF-8 text or Markdown.
            name: The file's name, which is to be the id, and by its suffix tells the loader.

        Raises:
            ArticleError: The data are empty, binary or not UTF-8.
        """
        title, text = load(data, name)
        return cls(id=name, title=title, text=text)


def read_articles(paths: Iterable[str | Path]) -> tuple[list[Article], list[ArticleError]]:
    """Read files, and the text files below folders, without letting a bad one stop the rest.

    A file that is named twice is read once.

    Returns:
        The articles in the order named (a folder's by path), and an error for each path that could
        not be read.
    """
    articles: dict[Path, Article] = {}
    refused: list[ArticleError] = []
    for path in map(Path, paths):
        try:
            for file in _text_files(path) if path.is_dir() else [path]:
                if (key := file.resolve()) not in articles:
                    try:
                        articles[key] = Article.from_file(file)
                    except ArticleError as error:
                        refused.append(error)
        except ArticleError as error:
            refused.append(error)
    return list(articles.values()), refused


def _text_files(folder: Path) -> list[Path]:
    files = sorted(
        file for file in folder.rglob("*") if file.suffix.lower() in LOADERS and file.is_file()
    )
    if not files:
        raise ArticleError(
            f"{folder}: the folder holds no text file; expected {', '.join(LOADERS)}."
        )
    return files
