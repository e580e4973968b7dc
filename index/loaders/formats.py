"""The formats that are read: what they are called, and where their loaders are.

A loader is named, not imported: its libraries take a while to load, and do so in a child process.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from index.loaders.content import Loader
from index.loaders.markup import Markup


@dataclass(frozen=True)
class Format:
    """A format of documents.

    Attributes:
        called: What a person calls a document of it.
        suffixes: How its files end, in lower case.
        loader: What reads it, as ``module:name``.
        media_type: What its loader says it is; empty where nothing is shown but the text.
        markup: How it is shown, if it consists of elements, as ``module:name``.
        text: Whether it is text, in some encoding.
        apart: Whether it is read in a child process.
    """

    called: str
    suffixes: tuple[str, ...]
    loader: str
    media_type: str = ""
    markup: str | None = None
    text: bool = False
    apart: bool = True


_OFFICE = "application/vnd.openxmlformats-officedocument."
_HERE = "index.loaders."

FORMATS: Mapping[str, Format] = {
    "text": Format(
        "plain text", (".txt", ".text"), _HERE + "plain_text:load_plain_text",
        text=True, apart=False,
    ),
    "markdown": Format(
        "Markdown", (".md", ".markdown"), _HERE + "markdown_text:load_markdown",
        text=True, apart=False,
    ),
    "csv": Format(
        "a table", (".csv", ".tsv"), _HERE + "records:load_csv",
        text=True,
    ),
    "html": Format(
        "a web page", (".html", ".htm", ".xhtml"), _HERE + "hypertext.page:load_html",
        "text/html", _HERE + "hypertext.page:HTML", text=True,
    ),
    "pdf": Format(
        "a PDF", (".pdf",), _HERE + "pdf.loading:load_pdf",
        "application/pdf",
    ),
    "docx": Format(
        "a Word document", (".docx", ".docm"), _HERE + "office.word:load_docx",
        _OFFICE + "wordprocessingml.document", _HERE + "office.word:DOCX",
    ),
    "pptx": Format(
        "a presentation", (".pptx", ".pptm", ".ppsx"), _HERE + "office.presentation:load_pptx",
        _OFFICE + "presentationml.presentation", _HERE + "office.presentation:PPTX",
    ),
    "odt": Format(
        "an OpenDocument text", (".odt", ".ott"), _HERE + "office.open_document:load_odt",
        "application/vnd.oasis.opendocument.text", _HERE + "office.open_document:ODT",
    ),
    "epub": Format(
        "an e-book", (".epub",), _HERE + "epub:load_epub",
        "application/epub+zip", _HERE + "epub:EPUB",
    ),
    "mail": Format(
        "an e-mail", (".eml", ".mht", ".mhtml"), _HERE + "mail:load_mail",
        "message/rfc822", _HERE + "mail:MAIL",
    ),
}  # fmt: skip

FORMAT_OF: Mapping[str, str] = {
    suffix: name for name, each in FORMATS.items() for suffix in each.suffixes
}
"""The name of the format of each suffix."""

NO_DOCUMENTS = frozenset((
    ".djvu", ".doc", ".dot", ".key", ".mobi", ".msg", ".numbers", ".odp", ".ods", ".pages",
    ".pps", ".ppt", ".ps", ".rtf", ".wps", ".xls", ".xlsm", ".xlsx", ".xps",
))  # fmt: skip
"""Suffixes of what people take for documents and is not read: in folders, they are told so."""


def loader_of(name: str) -> Loader:
    """Return the loader of a format, given its name."""
    return cast("Loader", _named(FORMATS[name].loader))


def markup_of_type(media_type: str) -> Markup | None:
    """Return how documents of a media type are shown; None if they do not consist of elements."""
    for each in FORMATS.values():
        if each.markup is not None and each.media_type == media_type:
            return cast("Markup", _named(each.markup))
    return None


def _named(path: str) -> object:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
