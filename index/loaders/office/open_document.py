"""OpenDocument texts (ODT), such as LibreOffice writes: read and shown as HTML is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from index.errors import ArticleError
from index.loaders.archives import Archive
from index.loaders.content import Content
from index.loaders.hypertext.blocks import write_html
from index.loaders.hypertext.tree import hidden, tag_of
from index.loaders.markup import Markup
from index.loaders.trees import Element
from index.loaders.writing import Writer
from index.places import Part

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_FILE = "content.xml"
_PART = Part(file=_FILE)
_TAGS = {
    "p": "p", "span": "span", "a": "span", "list": "ul", "list-item": "li", "list-header": "li",
    "line-break": "br", "table": "table", "table-header-rows": "thead", "table-row": "tr",
    "table-cell": "td", "covered-table-cell": "col", "note": "div", "note-body": "div",
    "text-box": "div", "section": "div", "frame": "div", "document-content": "html",
    "body": "body", "text": "div",
}  # fmt: skip
_UNREAD = frozenset(
    ("tracked-changes", "annotation", "annotation-end", "sequence-decls", "forms", "variable-decls",
     "table-of-content", "note-citation", "scripts", "font-face-decls", "automatic-styles",
     "bibliography-mark", "desc", "event-listeners", "title")
)  # fmt: skip
_BLANKS = frozenset(("s", "tab"))
_ASIDE = frozenset(("note", "frame"))  # stand in a paragraph, and are read after it
_PARAGRAPHS = ("p", "h1", "h2", "h3", "h4", "h5", "h6")
_META = {"creator": "author", "language": "language", "creation-date": "created",
         "date": "modified"}  # fmt: skip


def load_odt(data: bytes, name: str) -> Content:
    """Read an OpenDocument text, without what was deleted, comments and the table of contents.

    The title is that of its properties, its first title or heading, or else the file's name
    without its suffix.

    Raises:
        ArticleError: The data are no OpenDocument text, are damaged, need a password, are too
            large, or hold no text.
    """
    archive = Archive(data, name)
    root = _root(archive)
    writer = Writer()
    writer.begin(_PART)
    write_html(writer, root)
    if not writer.text.strip():
        raise ArticleError(
            f"{name}: holds no text, though it is an OpenDocument text. If its pages are pictures, "
            "run OCR on it first."
        )
    said = _meta(archive)
    first = next((_line(each) for each in root.iter("h1", "h2", "h3") if _line(each)), None)
    title = said.pop("title", None) or first or Path(name).stem
    return Content(title, writer.text, said, writer.places, MEDIA_TYPE)


def _root(archive: Archive) -> Element:
    """Return the root of the document, its elements named as in HTML."""
    manifest = "META-INF/manifest.xml"
    if manifest in archive and _has_lock(archive.root(manifest)):
        raise ArticleError(
            f"{archive.name}: needs a password; save a copy without one and try again."
        )
    root = archive.root(_FILE)
    if root.find("{*}body/{*}text") is None:
        raise ArticleError(f"{archive.name}: {_FILE} is no OpenDocument text.")
    styles = _styles(root)
    for each in list(root.iter("*")):
        _rename(each, styles)
    lasts: dict[Element, Element] = {}
    for each in [each for each in root.iter("div") if each.get("aside") is not None]:
        _move_behind(each, lasts)
    return root


def _has_lock(manifest: Element) -> bool:
    return next(manifest.iter("{*}encryption-data"), None) is not None


class _Styles(NamedTuple):
    """The styles of titles, those of lists that are numbered, and those that raise characters."""

    titles: set[str]
    numbered: set[str]
    raising: set[str]


def _styles(root: Element) -> _Styles:
    titles, numbered, raising = {"Title"}, set(), {"Superscript", "Footnote_20_anchor"}
    for each in root.iterfind("{*}automatic-styles/*"):
        name = _said(each, "name") or ""
        if _said(each, "parent-style-name") == "Title":
            titles.add(name)
        if any(_is_raised(own) for own in each.iterchildren("{*}text-properties")):
            raising.add(name)
        first = next(each.iterchildren("*"), None)
        if first is not None and first.tag.endswith("}list-level-style-number"):
            numbered.add(name)
    return _Styles(titles, numbered, raising)


def _is_raised(properties: Element) -> bool:
    """Tell whether characters are raised: "super 58%", or by a share of the line: "33% 58%"."""
    position = (_said(properties, "text-position") or "").split()[:1]
    return position == ["super"] or (
        bool(position) and position[0][0] in "123456789" and position[0].endswith("%")
    )


def _rename(element: Element, styles: _Styles) -> None:
    name = element.tag.rsplit("}", 1)[-1]
    tag = _TAGS.get(name, "span")
    if name in _UNREAD:
        element.set("hidden", "")
    elif name == "h":
        level = _said(element, "outline-level") or "1"
        tag = f"h{level}" if level in ("1", "2", "3", "4", "5", "6") else "h6"
    elif name == "p" and _said(element, "style-name") in styles.titles:
        tag = "h1"
    elif name == "list" and _said(element, "style-name") in styles.numbered:
        tag = "ol"
    elif name == "span" and _said(element, "style-name") in styles.raising:
        tag = "sup"
    elif name == "table-cell":
        for ours, theirs in (("colspan", "columns"), ("rowspan", "rows")):
            if said := _said(element, f"number-{theirs}-spanned"):
                element.set(ours, said)
    elif name in _BLANKS:
        element.text = " "
    elif name in _ASIDE:
        element.set("aside", "")
    element.tag = tag


def _said(element: Element, name: str) -> str | None:
    """Return an attribute by its name without its namespace."""
    for key, said in element.attrib.items():
        if key.rsplit("}", 1)[-1] == name:
            return str(said)
    return None


def _move_behind(aside: Element, lasts: dict[Element, Element]) -> None:
    """Move what stands in a paragraph behind it; the text that follows it stays.

    Args:
        aside: What is moved.
        lasts: What was moved last behind each paragraph; this is noted there.
    """
    block = next(aside.iterancestors(*_PARAGRAPHS), None)
    if block is None or block.getparent() is None:
        return
    before, parent = aside.getprevious(), aside.getparent()
    if aside.tail:
        if before is None:
            parent.text = (parent.text or "") + aside.tail
        else:
            before.tail = (before.tail or "") + aside.tail
        aside.tail = None
    lasts.get(block, block).addnext(aside)
    lasts[block] = aside


def _line(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())[:300]


def _meta(archive: Archive) -> dict[str, str]:
    """Return what the document says of itself: title, author, dates, as far as it can be read."""
    try:
        root = archive.root("meta.xml")
    except ArticleError:
        return {}
    said: dict[str, str] = {}
    for each in root.iterfind("{*}meta/*"):
        if not isinstance(each.tag, str):
            continue
        tag = each.tag.rsplit("}", 1)[-1]
        key = "title" if tag == "title" else _META.get(tag)
        if key and (text := _line(each)):
            said.setdefault(key, text)
    return said


def _trees(data: bytes) -> Iterable[tuple[Part, Element]]:
    return [(_PART, _root(Archive(data, "the document")))]


ODT = Markup(trees=_trees, tag_of=tag_of, hidden=hidden)
"""How an OpenDocument text is shown."""
