"""Articles and documents as rows of the catalogue."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from index.articles import Article
from index.meta import Meta
from index.originals import Original
from index.places import NO_PLACES, PackedPlaces
from index.store.base import Document

_ORIGINAL = ("media_type", "sha256", "path", "encoding", "size", "modified")


class Content(NamedTuple):
    """What an article says, as a row holds it.

    Attributes:
        id: Its id.
        title: Its title.
        source: Its source.
        original: The document that it was read from, in JSON; None if it is in no file.
        text: Its text.
        meta: Its meta, in JSON.
        notes: Its notes, in JSON.
        places: Its places, as they are written.
    """

    id: str
    title: str
    source: str | None
    original: str | None
    text: str
    meta: str
    notes: str
    places: bytes

    @classmethod
    def of(cls, article: Article) -> Content:
        """Return what is kept of an article."""
        return cls(
            article.id,
            article.title,
            article.source,
            _original_json(article.original),
            article.text,
            json.dumps(Meta(article.meta).to_dict()),
            json.dumps(article.notes),
            b"" if article.places is NO_PLACES else article.places.to_bytes(),
        )

    @property
    def checksum(self) -> bytes:
        """The SHA-256 of all of it, by which damage is found."""
        digest = hashlib.sha256()
        for part in self:
            data = b"" if part is None else part if isinstance(part, bytes) else part.encode()
            digest.update((-1 if part is None else len(data)).to_bytes(8, "little", signed=True))
            digest.update(data)
        return digest.digest()

    def article(self) -> Article:
        """Return the article.

        Raises:
            ArticleError, KeyError, TypeError, ValueError: It is none.
        """
        return Article(
            id=self.id,
            title=self.title,
            text=self.text,
            source=self.source,
            meta=json.loads(self.meta),
            places=PackedPlaces(self.places) if self.places else NO_PLACES,
            original=original_of(self.original),
            notes=tuple(json.loads(self.notes)),
        )


def original_of(written: str | None) -> Original | None:
    """Read what was written of the document that an article was read from.

    Raises:
        KeyError, TypeError, ValueError: It is something else.
    """
    if written is None:
        return None
    known = json.loads(written)
    return Original(**{name: known[name] for name in _ORIGINAL})


def document_of(row: tuple[Any, ...], tags: frozenset[str]) -> Document:
    """Return a document, given its row and its tags.

    Raises:
        KeyError, TypeError, ValueError: It is something else.
    """
    told: Any = row[:-1]
    return replace(Document(*told), tags=tags, original=original_of(row[-1]))


def _original_json(original: Original | None) -> str | None:
    if original is None or original.path is None:
        return None
    known = asdict(original)
    return json.dumps({name: known[name] for name in _ORIGINAL})
