"""The documents that articles were read from, to show answers in them as they look."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.errors import ArticleError

_SURROGATE = re.compile("[\ud800-\udfff]")  # stands for a byte that is no UTF-8


@dataclass(frozen=True)
class Original:
    """A document that an article was read from.

    Attributes:
        media_type: What it is, such as "application/pdf".
        sha256: Of its bytes, in hexadecimal digits.
        path: Where its file is; None if it has none.
        data: Its bytes; None if they are to be read from the file again.
        encoding: Which encoding of a text was named; None if none was.
        size: How many bytes its file has; None if it has none.
        modified: When its file was changed last, in nanoseconds as the system counts them.
    """

    media_type: str
    sha256: str
    path: str | None = None
    data: bytes | None = field(default=None, repr=False)
    encoding: str | None = None
    size: int | None = None
    modified: int | None = None

    @classmethod
    def of(cls, data: bytes, media_type: str, *, encoding: str | None = None) -> Original:
        """Return what stands for a document that is in no file, and is kept."""
        digest = hashlib.sha256(data).hexdigest()
        document = cls(media_type, digest, data=data)
        return replace(document, encoding=encoding) if document.is_text else document

    @property
    def is_text(self) -> bool:
        """Whether it is text in some encoding, which may be named."""
        return self.media_type.startswith("text/")

    def in_file(self, path: str, size: int, modified: int) -> Original:
        """Return what stands for it where it can be read from a file again, and is not kept."""
        return replace(self, path=path, data=None, size=size, modified=modified)

    def unchanged(self) -> Original | None:
        """Return what stands for it now if its file holds what it held, or else None.

        The file is read only if it was touched.
        """
        if self.path is None:
            return None
        try:
            now = Path(self.path).stat()
            if not stat.S_ISREG(now.st_mode) or now.st_size != self.size:
                return None
            if now.st_mtime_ns == self.modified:
                return self
            same = hashlib.sha256(self._held()).hexdigest() == self.sha256
        except (OSError, ValueError):
            return None
        return replace(self, modified=now.st_mtime_ns) if same else None

    def read(self) -> bytes:
        """Return the bytes of the document.

        Raises:
            ArticleError: The file is gone, cannot be read, or is another than it was.
        """
        if self.data is not None:
            return self.data
        name = shown(self.path or "the document")
        try:
            data = self._held()
        except OSError as error:
            raise ArticleError(
                f"{name}: cannot be read any more ({error.strerror}); only its text is shown."
            ) from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ArticleError(
                f"{name}: has changed since it was read; read it again to see answers marked "
                "in it. Only its text is shown."
            )
        return data

    def _held(self) -> bytes:
        """Return what its file holds now; no more of one that is longer than it was by a byte."""
        with open(self.path or "", "rb", opener=without_waiting) as file:
            return file.read(-1 if self.size is None else self.size + 1) or b""


def digest_of(path: Path, sizes: Collection[int]) -> tuple[int, str] | None:
    """Return the size and the SHA-256 of what a file holds; None if it has none of some sizes.

    One of another size is not read; of one that cannot be, None is returned, too.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size not in sizes:
            return None
        return about.st_size, hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return None


def without_waiting(path: str, flags: int) -> int:
    """Open a file, or find out that it is a pipe without waiting for somebody to write to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def shown(name: str) -> str:
    """Return the name of a file for people: what is no UTF-8 in it is shown as U+FFFD."""
    return _SURROGATE.sub("\ufffd", name)


def escaped(name: str) -> str:
    """Return the name of a file as text that is another for each name, whatever bytes are in it."""
    return name.encode("utf-8", "backslashreplace").decode()
