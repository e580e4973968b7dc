"""Markdown, kept as it was typed: its first heading is the title."""

from __future__ import annotations

import re

from index.loaders.content import Content
from index.loaders.plain_text import load_plain_text

_TITLE = re.compile(r"^#[ \t]+(\S.*)$", re.MULTILINE)
_LONGEST = 1000  # characters of a title


def load_markdown(data: bytes, name: str) -> Content:
    """Read Markdown; the title is the first heading, or else the file's name without its suffix.

    Raises:
        ArticleError: The data are binary or in no encoding that can be told.
    """
    content = load_plain_text(data, name)
    heading = _TITLE.search(content.text)
    title = heading[1].rstrip("# \t") if heading else ""
    return content._replace(title=title) if 0 < len(title) <= _LONGEST else content
