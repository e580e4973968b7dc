"""Which loader reads which file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from index.errors import ArticleError
from index.loaders.apart.processes import Pool, cores
from index.loaders.content import Content, Loader
from index.loaders.formats import FORMAT_OF, FORMATS, loader_of
from index.loaders.sniffing import format_of, note_of
from index.loaders.tasks import LOAD, content_of
from index.loaders.text_encodings import as_utf8

LARGEST = 200_000_000
"""The most bytes of a file that is read."""

_CHILDREN = Pool(cores())


def load_document(data: bytes, name: str, *, encoding: str | None = None) -> Content:
    """Read a document of any format that is known; what it holds decides which.

    All but plain text and Markdown are read in a child process, which has a limit of time
    and memory.

    Args:
        data: The document.
        name: Its file's name, which counts only where what it holds does not tell.
        encoding: Which encoding it is in, if it is a text; guessed if None.

    Raises:
        ArticleError: It cannot be read, is too large, or no document.
    """
    if len(data) > LARGEST:
        raise ArticleError(too_large(name, len(data)))
    found = format_of(data, name)
    known = FORMATS[found]
    if encoding is not None and known.text:
        data = as_utf8(data, name, encoding)
    if known.apart:
        reply = _CHILDREN.run(LOAD, name, [data], found=found, name=name)
        try:
            content = content_of(reply)
        except (KeyError, TypeError, ValueError) as error:
            raise ArticleError(
                f"{name}: cannot be read: what was found in it does not fit together ({error}); "
                "the file is damaged."
            ) from error
    else:
        content = loader_of(found)(data, name)
    notes = note_of(found, name)
    return content._replace(notes=(*notes, *content.notes)) if notes else content


LOADERS: Mapping[str, Loader] = MappingProxyType(dict.fromkeys(FORMAT_OF, load_document))
"""The loader of each suffix, in lower case. A folder's files of other suffixes are left alone.

Whoever brings their own passes ``{**LOADERS, ".xyz": load_xyz}`` to what reads files: it reads all
files of its suffix, whatever they hold.
"""


def load(
    data: bytes,
    name: str,
    loaders: Mapping[str, Loader] = LOADERS,
    *,
    encoding: str | None = None,
) -> Content:
    """Read what a file holds by one's own loader of its suffix, or by what it is.

    Raises:
        ArticleError: The data cannot be read.
    """
    own = loaders.get(Path(name).suffix.lower(), load_document)
    if own is not load_document:
        return own(data, name)
    return load_document(data, name, encoding=encoding)


def too_large(name: str, size: int) -> str:
    """Return what is said of a file that is too large."""
    return (
        f"{name}: has {size / 1e6:,.0f} MB; expected at most {LARGEST / 1e6:,.0f} MB. Split it and "
        "try again."
    )


def stop_reading() -> None:
    """End whatever is being read in child processes; who waits for it is told an error."""
    _CHILDREN.end()
