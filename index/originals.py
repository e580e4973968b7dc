"""The documents that articles were read from, to show answers in them as they look."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import ArticleError


@dataclass(frozen=True)
class Original:
    """A document that an article was read from.

    Attributes:
        media_type: What it is, such as "application/pdf".
        sha256: Of its bytes, in hexadecimal digits.
        path: Where its file is; None if it has none.
        data: Its bytes; None if they are to be read from the file again.
    """

    media_type: str
    sha256: str
    path: str | None = None
    data: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(cls, data: bytes, media_type: str, path: str | None = None) -> Original:
        """Return what stands for a document: it is kept unless it can be read from a file again."""
        digest = hashlib.sha256(data).hexdigest()
        return cls(media_type, digest, path, None if path else data)

    def read(self) -> bytes:
        """Return the bytes of the document.

        Raises:
            ArticleError: The file is gone, cannot be read, or is another than it was.
        """
        if self.data is not None:
            return self.data
        try:
            data = Path(self.path or "").read_bytes()
        except OSError as error:
            raise ArticleError(
                f"{self.path}: cannot be read any more ({error.strerror}); only its text is shown."
            ) from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ArticleError(
                f"{self.path}: has changed since it was read; read it again to see answers marked "
                "in it. Only its text is shown."
            )
        return data
