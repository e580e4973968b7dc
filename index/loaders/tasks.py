"""What child processes do with documents, and how their results come back."""

from __future__ import annotations

from typing import Any

from index.errors import ArticleError
from index.loaders.apart.frames import Message
from index.loaders.content import Content
from index.loaders.formats import loader_of, markup_of_type
from index.meta import Meta
from index.places import NO_PLACES, PackedPlaces, Places

LOAD, VIEW, PAGE = (f"{__name__}:{name}" for name in ("load", "view", "page"))


def load(data: bytes, *, found: str, name: str) -> Message:
    """Read a document of a format; see :func:`content_of`.

    Raises:
        ArticleError: It cannot be read.
    """
    content = loader_of(found)(data, name)
    header: dict[str, Any] = {
        "title": content.title,
        "meta": Meta(content.meta).to_dict(),
        "media_type": content.media_type,
        "notes": list(content.notes),
    }
    placed = [] if content.places is NO_PLACES else [content.places.to_bytes()]
    return Message(header, [_written(content.text), *placed])


def content_of(message: Message) -> Content:
    """Return what :func:`load` read; its places are unpacked when they are asked for.

    Raises:
        ValueError: The message does not make sense.
    """
    text, *places = message.blobs
    header = message.header
    return Content(
        str(header["title"]),
        _read(text),
        Meta(header["meta"]),
        PackedPlaces(places[0]) if places else NO_PLACES,
        str(header["media_type"]),
        tuple(map(str, header["notes"])),
    )


def view(data: bytes, places: bytes, text: bytes, *, media_type: str, name: str) -> Message:
    """Return a document as HTML that is safe in a page: see ``index.loaders.markup.view_of``.

    Raises:
        ArticleError: It cannot be read, or does not consist of elements.
    """
    from index.loaders.markup import view_of

    if (markup := markup_of_type(media_type)) is None:
        raise ArticleError(f"{name}: is {media_type}, which has no elements to be shown.")
    placed = Places.from_bytes(places)
    return Message({}, [_written(view_of(data, markup, placed, _read(text)))])


def html_of(message: Message) -> str:
    """Return what :func:`view` gave."""
    return _read(message.blobs[0])


def page(data: bytes, *, number: int, width: int, name: str) -> Message:
    """Draw a page of a PDF as a PNG so many pixels wide.

    Raises:
        ArticleError: It cannot be drawn.
    """
    from index.loaders.pdf.drawing import page_png

    return Message({}, [page_png(data, number, width, name)])


def _written(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # what is no text is told by whom it is given to


def _read(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
