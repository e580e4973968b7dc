"""Word documents (DOCX, and DOCM without its macros)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from index.errors import ArticleError
from index.loaders.content import Content
from index.loaders.markup import Markup
from index.loaders.office.blocks import blocks_of, is_hidden
from index.loaders.office.charts import is_undrawn
from index.loaders.office.composing import Composer, heading_level
from index.loaders.office.names import PREFIXES, child, is_on, kind, value
from index.loaders.office.numbering import Numbering
from index.loaders.office.packages import Package, title_of
from index.loaders.office.styles import Styles, formatted, style_id
from index.loaders.trees import Element
from index.places import Part

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHOWN = "shown-as"  # an attribute that the paragraphs of shown trees have: their element of HTML
_USUAL = "word/document.xml"
_NOTES = ("footnotes", "endnotes")
_BESIDE = (*_NOTES, "chart", "diagramData")
_TAGS = {
    "w:tbl": "table", "w:tr": "tr", "w:tc": "td", "w:br": "br", "w:cr": "br", "w:footnote": "div",
    "w:endnote": "div", "w:txbxContent": "div", "a:p": "p", "c:ser": "div", "c:v": "p",
}  # fmt: skip


def load_docx(data: bytes, name: str) -> Content:
    """Read a Word document: what it says, without what was deleted and without page furniture.

    The title is that of its Title style or of its properties, its first heading, or else the
    file's name without its suffix. Notes follow the paragraph that refers to them.

    Raises:
        ArticleError: The data are no Word document, are damaged, need a password, are too large, or
            hold no text.
    """
    package = Package(data, name)
    main = package.main(_USUAL)
    root = package.root(main, "w:document", "Word document")
    styles = _styles(package, main)
    composer = Composer(styles, _numbering(package, main))
    composer.begin(Part(file=main))
    for relation, sort, part, own in _beside(package, main):
        if sort in _NOTES:
            for note, blocks in blocks_of(own, styles.raising)[1].items():
                composer.add(sort[:-1], note, part, blocks)
        else:
            composer.add(
                sort, relation, part, own if sort == "chart" else blocks_of(own, styles.raising)[0]
            )
    composer.write(blocks_of(root, styles.raising)[0])
    if not composer.text.strip():
        raise ArticleError(
            f"{name}: holds no text, though it is a Word document. "
            + (next(iter(_said(package, main)), "If its pages are pictures, run OCR on it first."))
        )
    said = package.properties()
    given = title_of(said.pop("title", None))
    return Content(
        composer.title or given or composer.first_heading or Path(name).stem,
        composer.text,
        said,
        composer.places,
        MEDIA_TYPE,
        _said(package, main),
    )


def _said(package: Package, main: str) -> tuple[str, ...]:
    """Return what a person should know of what was not read."""
    chunks = [each.target for each in package.relations(main).values() if each.kind == "aFChunk"]
    inner = [f"The document that is inserted as {each} is not read." for each in chunks[:10]]
    return (*package.failed, *inner)


def _styles(package: Package, main: str) -> Styles:
    return Styles(package.optional(package.related(main, "styles")))


def _numbering(package: Package, main: str) -> Numbering:
    return Numbering(package.optional(package.related(main, "numbering")))


def _trees(data: bytes) -> Iterable[tuple[Part, Element]]:
    package = Package(data, "the document")
    main = package.main(_USUAL)
    styles = _styles(package, main)
    root = package.root(main, "w:document", "Word document")
    yield Part(file=main), _marked(root, styles)
    for _, _, part, own in _beside(package, main):
        yield part, _marked(own, styles)


def _beside(package: Package, main: str) -> Iterator[tuple[str, str, Part, Element]]:
    """Return the parts with text that the document refers to: the number, kind and root of each."""
    for said, sort, path, root in package.beside(main, _BESIDE):
        yield said, sort, Part(file=path), root


def _marked(root: Element, styles: Styles) -> Element:
    """Return a tree in which each paragraph says which element of HTML it is shown as."""
    for each in _paragraphs(root):
        properties = child(each, "w:pPr")
        style = formatted(properties, styles.of(style_id(properties)))
        level = heading_level(style)
        each.set(_SHOWN, f"h{level}" if level else "li" if style.list is not None else "p")
    for each in root.iter("{*}tc"):
        each.set("colspan", value(child(child(each, "w:tcPr"), "w:gridSpan"), "w:val") or "1")
    return root


def _paragraphs(root: Element) -> Iterator[Element]:
    return (each for each in root.iter("{*}p") if kind(each) == "w:p")


def _tag_of(element: Element) -> str | None:
    named = kind(element)
    if named == "w:p":
        shown = element.get(_SHOWN)
        return shown if shown in ("h1", "h2", "h3", "h4", "h5", "h6", "li") else "p"
    if named == "w:r":
        properties = child(element, "w:rPr")
        return "b" if is_on(properties, "w:b") else "i" if is_on(properties, "w:i") else None
    return _TAGS.get(named)


def _is_hidden(element: Element) -> bool:
    return is_hidden(element) or is_undrawn(element)


DOCX = Markup(_trees, _tag_of, _is_hidden, PREFIXES, counted=True)
"""How a Word document is shown."""
