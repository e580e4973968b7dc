"""Which loader reads which file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from index.loaders.content import Content, Loader
from index.loaders.markdown_text import load_markdown
from index.loaders.plain_text import load_plain_text

LOADERS: Mapping[str, Loader] = MappingProxyType(
    {
        ".txt": load_plain_text,
        ".text": load_plain_text,
        ".md": load_markdown,
        ".markdown": load_markdown,
    }
)
"""The loader of each suffix, in lower case. A folder's files of other suffixes are left alone.

Whoever brings their own passes ``{**LOADERS, ".csv": load_csv}`` to what reads files.
"""


def load(data: bytes, name: str, loaders: Mapping[str, Loader] = LOADERS) -> Content:
    """Read what a file holds by the loader of its suffix; by that of plain text if it has none.

    Raises:
        ArticleError: The data cannot be read.
    """
    return loaders.get(Path(name).suffix.lower(), load_plain_text)(data, name)
