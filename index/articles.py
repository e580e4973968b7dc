"""Articles: the texts that answers are quoted from, and how files become them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from index.errors import ArticleError
from index.loaders.content import Content, Loader
from index.loaders.registry import LARGEST, LOADERS, load, too_large
from index.loaders.web.fetching import Fetched, fetch
from index.meta import NO_META, Meta
from index.originals import Original, escaped, shown, without_waiting
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
        original: That document; None where it is in no file and the text is all there is.
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
    def from_file(
        cls,
        path: str | Path,
        *,
        loaders: Mapping[str, Loader] = LOADERS,
        encoding: str | None = None,
    ) -> Article:
        r"""Read a document: PDF, HTML, .docx, .pptx, EPUB, e-mail, CSV, Markdown or plain text.

        What the file holds decides which it is, and its name only where that does not tell. The
        path is the id; the title is the document's own, or else the file's name. Line ends become
        ``\n`` before any offset is counted.

        Args:
            path: Where the file is.
            loaders: The loader of each suffix, in lower case: one's own reads all files of its
                suffix.
            encoding: Which encoding a text is in, such as "windows-1252"; found out if None.

        Raises:
            ArticleError: The file is missing, unreadable, a folder, empty, damaged, too large, or
                no document.
        """
        name = shown(str(path))
        try:
            with open(path, "rb", opener=without_waiting) as file:
                about = os.fstat(file.fileno())
                if not stat.S_ISREG(about.st_mode):
                    raise ArticleError(f"{name}: {_no_file(about.st_mode)}")
                if about.st_size > LARGEST:
                    raise ArticleError(too_large(name, about.st_size))
                data = file.read(LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise ArticleError(f"{name}: no such file; check the path.") from None
        except IsADirectoryError:
            raise ArticleError(f"{name}: {_no_file(stat.S_IFDIR)}") from None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise ArticleError(f"{name}: cannot be read ({why}).") from error
        posix = Path(path).as_posix()
        content = load(data, shown(posix), loaders, encoding=encoding)
        original = Original.of(data, content.media_type, encoding=encoding).in_file(
            str(Path(path).absolute()), about.st_size, about.st_mtime_ns
        )
        return cls._of(content, escaped(posix), escaped(str(path)), original)

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        name: str,
        *,
        loaders: Mapping[str, Loader] = LOADERS,
        encoding: str | None = None,
    ) -> Article:
        """Make an article of what a file holds, as :meth:`from_file` does.

        Args:
            data: The document.
            name: The file's name, which is to be the id.
            loaders: The loader of each suffix, in lower case: one's own reads all files of its
                suffix.
            encoding: Which encoding a text is in, such as "windows-1252"; found out if None.

        Raises:
            ArticleError: The data are empty, damaged, too large, or no document.
        """
        content = load(data, shown(name), loaders, encoding=encoding)
        placed = content.places is not NO_PLACES
        original = Original.of(data, content.media_type, encoding=encoding) if placed else None
        return cls._of(content, escaped(name), None, original)

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        loaders: Mapping[str, Loader] = LOADERS,
        encoding: str | None = None,
        fetch: Callable[[str], Fetched] = fetch,
    ) -> Article:
        """Fetch a document from the public Internet and read it, as :meth:`from_file` does.

        Nothing is kept of it but the article, which holds the document. The URL is the id; the
        source is the URL where it was found in the end.

        Args:
            url: Its address, which begins with ``http://`` or ``https://``.
            loaders: The loader of each suffix, in lower case: one's own reads all files of its
                suffix.
            encoding: Which encoding a text is in; what the server says, or else found out, if None.
            fetch: What fetches it.

        Raises:
            ArticleError: It cannot be fetched, or is no document, or is damaged.
        """
        found = fetch(url)
        content = load(found.data, shown(found.name), loaders, encoding=encoding)
        original = Original.of(found.data, content.media_type, encoding=encoding)
        return cls._of(content, escaped(url), escaped(found.url), original)

    @classmethod
    def _of(
        cls, content: Content, article_id: str, source: str | None, original: Original | None
    ) -> Article:
        return cls(
            id=article_id,
            title=content.title,
            text=content.text,
            source=source,
            meta=content.meta,
            places=content.places,
            original=original,
            notes=content.notes,
        )


def _no_file(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "is a folder; name a file in it."
    return "is a pipe or a device, not a file; save what it gives to a file and name that."
