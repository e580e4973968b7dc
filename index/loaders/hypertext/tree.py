"""HTML as a tree of elements, and which of them show nothing. The door to lxml's HTML parser."""

from __future__ import annotations

import codecs
import re

from index.errors import ArticleError
from index.loaders.text_encodings import Decoded, decode_bytes
from index.loaders.trees import Element, End, Event, Start

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_SAID = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_LINE_END = re.compile("\r\n?|\f")  # a form feed is white space
CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Signs that no XML may hold; a page may by a reference, though."""
# What XHTML may declare of its own: to the parser of HTML it would be text.
_DECLARED = re.compile(
    r"(\s*(?:<\?xml[^>]*\?>\s*)?<!doctype[^<>\[]*)\[[^\]]*\](?=\s*>)", re.IGNORECASE
)
_MARKED_UP = re.compile(rb"<[^<>]{0,1000}>")
_CERTAIN = 2  # so many bytes more than letters, for each that is none, make a page UTF-8
_HEAD = 4096  # bytes in which a page has to say its encoding
# What browsers read instead of what is said, and all else that they read.
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932",
}  # fmt: skip
_READ = re.compile(r"iso8859-\d+|cp\d+|koi8-\w|mac-\w+|gb18030|big5\w*|euc_\w+|iso2022_jp")
_UNSEEN = frozenset(
    [
        "annotation",
        "annotation-xml",
        "applet",
        "area",
        "audio",
        "base",
        "basefont",
        "bgsound",
        "button",
        "canvas",
        "col",
        "colgroup",
        "command",
        "datalist",
        "embed",
        "frame",
        "frameset",
        "head",
        "iframe",
        "input",
        "link",
        "map",
        "meta",
        "meter",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "optgroup",
        "option",
        "param",
        "progress",
        "rp",
        "rt",
        "script",
        "select",
        "source",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "track",
        "video",
    ]
)
_NO_DISPLAY = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_RAISED = re.compile(r"(?:^|;)\s*vertical-align\s*:\s*(?:super|text-top)\b", re.I)
_DECORATION = 3  # characters; more that is hidden from those who cannot see is text all the same
_SHOWN_AS = {"details": "div", "summary": "div", "form": "div", "main": "div", "nav": "div",
             "center": "div", "dialog": "div", "menu": "ul", "dir": "ul", "legend": "div",
             "fieldset": "div", "body": "div", "listing": "pre", "xmp": "pre"}  # fmt: skip


def decode_html(data: bytes) -> Decoded:
    """Return the text of a page, whatever the data.

    A byte-order mark tells its encoding, and then what it is: UTF-8 is nothing else by chance. Then
    the page says it itself; else it is guessed.
    """
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return Decoded(data[len(mark) :].decode(encoding, "replace"), encoding)
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    if wrong and (said := _said(data)):
        return Decoded(data.decode(said, "replace"), said)
    if wrong * _CERTAIN <= len(data) - len(text):
        return Decoded(text, "utf-8", damaged=wrong - data.count("\ufffd".encode()))
    try:
        found = decode_bytes(_MARKED_UP.sub(b" ", data), "").encoding
    except ArticleError:  # no text by and large, but there may be some in it
        found = "windows-1252"
    return Decoded(data.decode(found.replace("windows-", "cp"), "replace"), found, guessed=True)


def html_root(data: bytes | str) -> Element | None:
    """Return the root element of a page; None if it has none. Whatever the data, this succeeds.

    Nothing is fetched, no entity but those of HTML is resolved, nothing is run.
    """
    from lxml import etree, html

    text = data if isinstance(data, str) else decode_html(data).text
    text = CONTROL.sub("", _LINE_END.sub("\n", text))
    if declared := _DECLARED.match(text):
        text = declared[1] + text[declared.end() :]
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
    for other in [] if root is None else list(root.itersiblings()):
        if isinstance(other.tag, str):
            root.append(other)  # what stands behind the end of a page is a second one
    return root


def take_out_comments(root: Element) -> None:
    """Take the comments and processing instructions out of a tree; the text around them stays."""
    from lxml import etree

    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)


def hidden(element: Element) -> bool:
    """Tell whether nothing in an element is ever shown, such as a script."""
    tag = element.tag
    if tag in _UNSEEN:
        return True
    get = element.get
    if get("hidden") is not None and get("hidden") != "until-found":
        return True
    style = get("style")
    if style and _NO_DISPLAY.search(style):
        return True
    return (
        get("aria-hidden") == "true"
        and len(element) == 0
        and (len((element.text or "").strip()) <= _DECORATION)
    )


def is_raised(element: Element) -> bool:
    """Tell whether what is in an element is raised, as the mark of a note is."""
    style = element.get("style")
    return element.tag == "sup" or (style is not None and _RAISED.search(style) is not None)


class Raised:
    """Which raised stretch each text on a walk is of; see :class:`index.loaders.writing.Piece`.

    Attributes:
        number: That of what comes next; 0 if it is not raised.
    """

    def __init__(self) -> None:
        self.number = 0
        self._count = 0
        self._open: Element | None = None  # the outermost one

    def take(self, event: Event) -> None:
        """Take what is met next."""
        if self._open is None:
            if isinstance(event, Start) and is_raised(event.element):
                self._open = event.element
                self._count += 1
                self.number = self._count
        elif isinstance(event, End) and event.element is self._open:
            self._open = None
            self.number = 0


def tag_of(element: Element) -> str | None:
    """Return the element that stands for an element when it is shown."""
    tag: str = element.tag
    return _SHOWN_AS.get(tag, tag)


def _said(data: bytes) -> str | None:
    """Return the encoding other than UTF-8 that a page says it has, if there is one like that."""
    said = _SAID.search(data[:_HEAD])
    try:
        name = codecs.lookup(said[1].decode("ascii")).name if said else ""
    except (LookupError, UnicodeDecodeError):
        return None
    name = _WIDER.get(name, name)
    return name if _READ.fullmatch(name) else None
