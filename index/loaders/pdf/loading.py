"""PDF: read page by page, with what a person should know of how."""

from __future__ import annotations

from pathlib import Path

from index.errors import ArticleError
from index.loaders.content import Content
from index.loaders.pdf.document import is_cut_off, opened
from index.loaders.pdf.layout import write_pages
from index.loaders.pdf.pages import Pages
from index.loaders.pdf.properties import properties_of
from index.loaders.writing import Writer
from index.meta import Meta

_MEDIA_TYPE = "application/pdf"


def load_pdf(data: bytes, name: str) -> Content:
    """Read a PDF; its parts are its pages.

    The title is that of its properties if that stands on its first pages, too, and has a word
    of its first heading; else that heading; else that of its properties; else its file's name.

    Raises:
        ArticleError: It is no PDF, needs a password, is damaged, has too many pages, or no text.
    """
    with opened(data, name) as pdf:
        properties = properties_of(pdf, name)
        pages = Pages(pdf)
        writer = Writer()
        layout = write_pages(pages, writer)
        text = writer.text
        if not text.strip():
            raise ArticleError(f"{name}: {pages.why_empty(name)}")
        notes = [*properties.notes(), *pages.notes(name)]
    if is_cut_off(data):
        notes.insert(0, "The end of the file is missing; what is there is read.")
    title = (
        properties.title_in(text, layout.title)
        or layout.title
        or properties.title
        or Path(name).stem
    )
    known = {"author": properties.author, "created": properties.created}
    meta = Meta({key: value for key, value in known.items() if value is not None})
    return Content(title, text, meta, writer.places, _MEDIA_TYPE, tuple(notes))
