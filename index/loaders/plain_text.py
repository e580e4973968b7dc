"""Plain text: UTF-8, whatever its line ends."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from index.errors import ArticleError
from index.loaders.content import Content

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_BINARY_SHARE = 0.1  # a larger share of control characters is not something a person wrote


def load_plain_text(data: bytes, name: str) -> Content:
    """Read plain text; the title is the file's name without its suffix.

    Raises:
        ArticleError: The data are binary or not UTF-8.
    """
    return Content(Path(name).stem, decode(data, name))


def decode(data: bytes, name: str) -> str:
    r"""Return the text that UTF-8 bytes hold.

    A byte-order mark and NUL bytes are left out and line ends become ``\n``.

    Raises:
        ArticleError: The data are binary or not UTF-8.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ArticleError(f"{name}: is UTF-16 text; save it as UTF-8 and try again.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise ArticleError(_binary(name)) from None
        raise ArticleError(
            f"{name}: is not UTF-8 text (byte 0x{data[error.start]:02x} at position "
            f"{error.start}); save it as UTF-8 and try again."
        ) from None
    if len(_CONTROL.findall(text)) > _BINARY_SHARE * len(text):
        raise ArticleError(_binary(name))
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def _binary(name: str) -> str:
    return f"{name}: is a binary file; expected a text or Markdown file."
