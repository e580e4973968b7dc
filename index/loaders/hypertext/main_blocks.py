"""Which blocks of a web page are its main text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from index.loaders.hypertext.blocks import HtmlBlock, html_blocks
from index.loaders.hypertext.boilerplate import furniture_of
from index.loaders.hypertext.claims import Claims
from index.loaders.hypertext.frame import framed
from index.loaders.hypertext.main_text import main_texts
from index.loaders.trees import Element
from index.loaders.writing import text_of

_HALF = 0.5
_LEAST = 0.1  # of the text; what keeps less has lost its way
_NEARLY_ALL = 0.9
_SENTENCE = 60  # characters of a paragraph that is sentences, and no label or button
_MOST_LINKS = 0.3  # of it


def main_blocks(root: Element, claims: Claims) -> list[HtmlBlock]:
    """Return the blocks of a page that are its main text and what frames it, in order.

    Of a page that has nothing around its text, such as an exported document, those are all. Where
    trafilatura, which chooses them, keeps everything or next to nothing, they are all but what
    stands around. Tables, programs, definitions and sentences among what it keeps are in.
    """
    blocks = list(html_blocks(root))
    around = furniture_of(root)
    main = _main(root, blocks, around)
    if len(main) == len(blocks):
        return blocks
    chosen = {id(block) for block in main}
    numbers = {number for number, block in enumerate(blocks) if id(block) in chosen}
    return framed(blocks, numbers, claims, around)


def _main(
    root: Element, blocks: Sequence[HtmlBlock], around: Collection[Element]
) -> Sequence[HtmlBlock]:
    """Return the blocks that are the main text, without what trafilatura takes for its frame."""
    own = [block for block in blocks if block.element not in around]
    if len(own) == len(blocks):
        return blocks
    paths = main_texts(root)
    kept = [_share(block, paths) >= _HALF for block in blocks]
    main = [block for block, is_kept in zip(blocks, kept, strict=True) if is_kept]
    if not main or all(kept) or _length(main) < _LEAST * _length(own):
        return own or blocks
    return _completed(blocks, kept, _holder(root, main).difference(around))


def _completed(
    blocks: Sequence[HtmlBlock], kept: Sequence[bool], holder: Collection[Element]
) -> list[HtmlBlock]:
    """Return the blocks that are kept, and those among them that only look like something else.

    Args:
        blocks: All blocks.
        kept: Whether each is kept.
        holder: The elements in the one that holds what is kept.
    """
    inside = [block.element in holder for block in blocks]
    main = _length(block for block, is_kept in zip(blocks, kept, strict=True) if is_kept)
    whole = _length(block for block, is_in in zip(blocks, inside, strict=True) if is_in)
    prose = main >= _HALF * whole
    completed: list[HtmlBlock] = []
    returned = False  # whether the block behind was left out and is in again
    for block, is_kept, is_in in zip(
        reversed(blocks), reversed(kept), reversed(inside), strict=True
    ):
        if block.kind == "heading":
            is_back = is_in and returned
        else:
            is_back = returned = is_in and not is_kept and _is_content(block, prose)
        if is_kept or is_back:
            completed.append(block)
    return completed[::-1]


def _is_content(block: HtmlBlock, prose: bool) -> bool:
    """Tell whether a block in the midst of the main text is some of it.

    Args:
        block: The block.
        prose: Whether sentences are.
    """
    if block.kind in ("table", "lines") or block.element.tag == "dd":
        return True
    text = text_of(block.pieces).strip()
    linked = _length_of(piece.text for piece in block.pieces if "/a[" in (piece.path or ""))
    return (
        prose
        and len(text) >= _SENTENCE
        and text[-1] in '.!?:”"'
        and linked < _MOST_LINKS * len(text)
    )


def _holder(root: Element, blocks: Iterable[HtmlBlock]) -> set[Element]:
    """Return the elements in the innermost one that holds nearly all of some blocks."""
    lengths: dict[Element, int] = {}
    for block in blocks:
        lengths[block.element] = lengths.get(block.element, 0) + _length([block])
    elements = list(root.iter())
    for element in reversed(elements):  # all in an element before itself
        parent = element.getparent()
        if element in lengths and parent is not None:
            lengths[parent] = lengths.get(parent, 0) + lengths[element]
    least = _NEARLY_ALL * lengths[root]
    return set([each for each in elements if lengths.get(each, 0) >= least][-1].iter())


def _share(block: HtmlBlock, paths: Collection[str]) -> float:
    """Return how much of a block's text is in some text nodes."""
    inside = _length_of(piece.text for piece in block.pieces if piece.path in paths)
    return inside / max(_length([block]), 1)


def _length(blocks: Iterable[HtmlBlock]) -> int:
    return _length_of(piece.text for block in blocks for piece in block.pieces)


def _length_of(texts: Iterable[str]) -> int:
    return sum(len(text.strip()) for text in texts)
