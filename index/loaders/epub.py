"""E-books (EPUB 2 and 3), chapter by chapter as they are read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from index.errors import ArticleError
from index.loaders.archives import Archive, xml_root
from index.loaders.content import Content
from index.loaders.hypertext.blocks import write_html
from index.loaders.hypertext.tree import hidden, html_root, tag_of
from index.loaders.markup import Markup
from index.loaders.trees import Element
from index.loaders.writing import Writer
from index.places import Part

MEDIA_TYPE = "application/epub+zip"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # are no lock
_TYPE = "{http://www.idpf.org/2007/ops}type"
_UNREAD = frozenset(("toc", "page-list", "landmarks", "pagebreak", "noteref", "lot", "loi"))
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = (b"amp", b"lt", b"gt", b"quot", b"apos")
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
_COVER = 400  # characters; a cover that says more is a page like others
_LONGEST = 300  # characters of a chapter's name
_META = {"creator": "author", "language": "language", "date": "date", "publisher": "publisher"}


class _Page(NamedTuple):
    """A page of the spine: its path, and what the book says that it is, such as "toc"."""

    path: str
    said: str


def load_epub(data: bytes, name: str) -> Content:
    """Read an e-book: its chapters in order, without cover, contents and what is not in order.

    The title is that which the book gives, or else the file's name without its suffix.

    Raises:
        ArticleError: The data are no EPUB, are damaged, locked (DRM), too large, or hold no text.
    """
    book = _Book(data, name)
    writer = Writer()
    failed: list[str] = []
    for part, root in book.chapters(failed):
        writer.begin(part)
        write_html(writer, root)
    if not writer.text.strip():
        raise ArticleError(
            f"{name}: holds no text, though it is an e-book. "
            + (failed[0] if failed else "If its pages are pictures, run OCR on it first.")
        )
    said = book.meta()
    title = said.pop("title", None) or Path(name).stem
    return Content(title, writer.text, said, writer.places, MEDIA_TYPE, tuple(failed))


class _Book:
    """An e-book: what its package says."""

    def __init__(self, data: bytes, name: str) -> None:
        self.archive = Archive(data, name)
        self.name = name
        self._path = self._package()
        self._root = self.archive.root(self._path)
        self._items: dict[str, Element] = {}
        for each in self._root.iterfind("{*}manifest/{*}item"):
            self._items.setdefault(each.get("id") or "", each)
        self._check_locks()

    def _package(self) -> str:
        if _CONTAINER in self.archive:
            for each in self.archive.root(_CONTAINER).iter("{*}rootfile"):
                found = self.archive.find(unquote(each.get("full-path") or ""))
                if found is not None:
                    return found
        for path in self.archive.paths:
            if path.lower().endswith(".opf"):
                return path
        raise ArticleError(
            f"{self.name}: is no EPUB: the archive holds no package (.opf) that says what is in it."
        )

    def _check_locks(self) -> None:
        if _ENCRYPTION not in self.archive:
            return
        pages = {self.archive.find(page.path) for page in self._pages()}
        for each in self.archive.root(_ENCRYPTION).iter("{*}EncryptedData"):
            method = each.find("{*}EncryptionMethod")
            if method is not None and method.get("Algorithm") in _FONTS:
                continue
            for reference in each.iter("{*}CipherReference"):
                if self.archive.find(unquote(reference.get("URI") or "")) in pages:
                    raise ArticleError(
                        f"{self.name}: is locked by its seller (DRM), and opens only in the "
                        "seller's own reader; get a copy without a lock and try again."
                    )

    def _resolved(self, href: str) -> str:
        return _joined(self._path, href)

    def _pages(self) -> Iterator[_Page]:
        """Return the pages in order, each once, without those beside the order."""
        guide = {
            self._resolved(each.get("href") or ""): each.get("type") or ""
            for each in self._root.iterfind("{*}guide/{*}reference")
            if "#" not in (each.get("href") or "")
        }
        seen: set[str] = set()
        for each in self._root.iterfind("{*}spine/{*}itemref"):
            item = self._items.get(each.get("idref") or "")
            if item is None or (each.get("linear") or "").lower() == "no":
                continue
            path = self._resolved(item.get("href") or "")
            if path in seen or (item.get("media-type") or _PAGES[0]) not in _PAGES:
                continue
            seen.add(path)
            is_nav = "nav" in (item.get("properties") or "").split()
            yield _Page(path, "toc" if is_nav else guide.get(path, ""))

    def chapters(self, failed: list[str]) -> Iterator[tuple[Part, Element]]:
        """Return the chapters that are to be read, numbered, and say which cannot be."""
        names = self._names()
        number = 0
        for page in self._pages():
            try:
                root = chapter_root(self.archive.read(page.path))
            except ArticleError as error:
                failed.append(f"A chapter could not be read: {error}")
                continue
            if root is None or _is_left_out(root, page.said):
                continue
            if not _says(root):
                continue
            number += 1
            called = names.get(page.path) or _heading(root)
            yield Part("chapter", number, called, page.path), root

    def _names(self) -> dict[str, str]:
        """Return what the table of contents calls each page."""
        names: dict[str, str] = {}
        for item in self._items.values():
            is_nav = "nav" in (item.get("properties") or "").split()
            is_ncx = item.get("media-type") == "application/x-dtbncx+xml"
            if not (is_nav or is_ncx):
                continue
            path = self._resolved(item.get("href") or "")
            try:
                root = chapter_root(self.archive.read(path))
            except ArticleError:
                continue
            if root is not None:
                for href, said in _entries(root, ncx=is_ncx):
                    names.setdefault(_joined(path, href), said)
        return names

    def meta(self) -> dict[str, Any]:
        """Return what the book says of itself: title, author, language and so on."""
        said: dict[str, list[str]] = {}
        for each in self._root.iterfind("{*}metadata//*"):
            tag = each.tag.rsplit("}", 1)[-1] if isinstance(each.tag, str) else ""
            text = _line(each)
            if text:
                said.setdefault(tag, []).append(text)
        found = {ours: ", ".join(said[tag][:20]) for tag, ours in _META.items() if tag in said}
        return {**found, **({"title": said["title"][0]} if "title" in said else {})}


def chapter_root(data: bytes) -> Element | None:
    """Return the root of a chapter, its elements named as in HTML; None if it has none.

    It is read as XML, which it should be, else as HTML. What is no text of a chapter is marked as
    hidden: tables of contents, the numbers of printed pages, the marks of notes.
    """
    try:
        root = xml_root(_ENTITY.sub(_numbered, data), "a chapter")
    except ArticleError:
        root = html_root(data)
    if root is None:
        return None
    for each in root.iter("*"):
        if each.tag.startswith("{"):
            each.tag = each.tag.rsplit("}", 1)[1]
        roles = (each.get(_TYPE) or each.get("epub:type") or "").split()
        if each.tag != "body" and not _UNREAD.isdisjoint(roles):
            each.set("hidden", "")
    return root


def _numbered(match: re.Match[bytes]) -> bytes:
    """Return an entity of HTML as numbers, which XML knows, too."""
    name = match[1]
    said = None if name in _OF_XML else html5.get(f"{name.decode('ascii')};")
    return match[0] if said is None else "".join(f"&#{ord(sign)};" for sign in said).encode()


def _joined(path: str, href: str) -> str:
    href = unquote(href.split("#", 1)[0])
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(path), href)).lstrip("/")


def _body(root: Element) -> Element:
    body = root.find("body")
    return root if body is None else body


def _is_left_out(root: Element, said: str) -> bool:
    """Tell whether a page is the cover, or lists where things are."""
    body = _body(root)
    roles = {said, *(body.get(_TYPE) or body.get("epub:type") or "").split()}
    length = _length(body)
    if "cover" in roles and length <= _COVER:
        return True
    linked = sum(_length(each) for each in body.iter("a"))
    return not roles.isdisjoint(_UNREAD) and 2 * linked >= length


def _length(element: Element) -> int:
    return sum(len(each.strip()) for each in element.itertext())


def _says(root: Element) -> bool:
    return any(each.strip() for each in _body(root).itertext())


def _heading(root: Element) -> str | None:
    for each in root.iter("h1", "h2", "h3", "title"):
        if said := _line(each):
            return said
    return None


def _entries(root: Element, *, ncx: bool) -> Iterator[tuple[str, str]]:
    """Return the addresses in a table of contents, and what they are called."""
    if not ncx:
        for each in root.iter("a"):
            if said := _line(each):
                yield each.get("href") or "", said
        return
    for each in root.iter("navPoint"):
        label, content = each.find("navLabel"), each.find("content")
        if label is not None and content is not None and (said := _line(label)):
            yield content.get("src") or "", said


def _line(element: Element) -> str:
    """Return what an element says, on one line, without what comes behind its first characters."""
    said, length = [], 0
    for each in element.itertext():
        said.append(each)
        length += len(each)
        if length > 2 * _LONGEST:
            break
    return " ".join("".join(said).split())[:_LONGEST]


def _trees(data: bytes) -> Iterable[tuple[Part, Element]]:
    return _Book(data, "the book").chapters([])


EPUB = Markup(trees=_trees, tag_of=tag_of, hidden=hidden)
"""How an e-book is shown."""
