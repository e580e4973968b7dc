"""Plain text, whatever its encoding and line ends."""

from __future__ import annotations

from pathlib import Path

from index.loaders.content import Content
from index.loaders.text_encodings import decode_bytes
from index.meta import NO_META


def load_plain_text(data: bytes, name: str) -> Content:
    r"""Read plain text; the title is the file's name without its suffix.

    A byte-order mark and NUL bytes are left out and line ends become ``\n``. The text is its own
    source, and needs no places. An encoding other than UTF-8 is in ``meta``; a note says which
    was guessed.

    Raises:
        ArticleError: The data are binary or in no encoding that can be told.
    """
    decoded = decode_bytes(data, name)
    text = decoded.text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    meta = NO_META if decoded.encoding == "utf-8" else {"encoding": decoded.encoding}
    return Content(Path(name).stem, text, meta, notes=decoded.notes(name))
