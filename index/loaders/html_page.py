"""Web pages that were saved, and other HTML: their main text, without what stands around it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from index.errors import ArticleError
from index.loaders.boilerplate import furniture_of
from index.loaders.content import Content
from index.loaders.html_blocks import HtmlBlock, html_blocks, write_block
from index.loaders.html_tree import hidden, html_root, tag_of
from index.loaders.main_text import main_texts, page_meta
from index.loaders.markup import Markup
from index.loaders.trees import Element
from index.loaders.writing import Writer
from index.places import Part

_DOCUMENT = Part()
_HALF = 0.5
_LEAST = 0.1  # of the text; a mask that keeps less has lost its way


def load_html(data: bytes, name: str) -> Content:
    """Read the main text of a page; the title is the page's own, or else the file's name.

    Raises:
        ArticleError: It holds no text of its own.
    """
    root = html_root(data)
    blocks = [] if root is None else _main_blocks(root)
    writer = Writer()
    writer.begin(_DOCUMENT)
    for block in blocks:
        write_block(writer, block)
    if root is None or not writer.text.strip():
        raise ArticleError(
            f"{name}: holds no text of its own; it may need a browser's scripts: save it as PDF "
            "from the browser and try again."
        )
    meta = page_meta(root)
    title = meta.pop("title", "") or Path(name).stem
    return Content(title, writer.text, meta, writer.places, "text/html")


def _main_blocks(root: Element) -> list[HtmlBlock]:
    """Return the blocks of a page that are its main text.

    Of a page that has nothing around its text, that is all. Where what chooses the main text keeps
    next to nothing, it is all but what stands around it.
    """
    blocks = list(html_blocks(root))
    around = furniture_of(root)
    own = [block for block in blocks if block.element not in around]
    if len(own) == len(blocks):
        return blocks
    main = main_texts(root)
    kept = [block for block in blocks if _share(block, main) >= _HALF]
    if kept and _length(kept) >= _LEAST * _length(own):
        return kept
    return own or blocks


def _length(blocks: Iterable[HtmlBlock]) -> int:
    return sum(len(piece.text.strip()) for block in blocks for piece in block.pieces)


def _share(block: HtmlBlock, paths: Collection[str]) -> float:
    """Return how much of a block's text is in some text nodes."""
    lengths = [(len(piece.text.strip()), piece.path in paths) for piece in block.pieces]
    whole = sum(length for length, _ in lengths)
    return sum(length for length, is_in in lengths if is_in) / max(whole, 1)


HTML = Markup(
    trees=lambda data: [] if (root := html_root(data)) is None else [(_DOCUMENT, root)],
    tag_of=tag_of,
    hidden=hidden,
)
"""How a page is shown: as a whole, what stands around its text, too."""
