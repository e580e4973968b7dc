"""Documents as rows of tables, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from index.articles import Article
from index.meta import Meta
from index.originals import Original
from index.places import NO_PLACES, PackedPlaces
from index.store.base import Cut, Document

_ORIGINAL = ("media_type", "sha256", "path", "encoding", "size", "modified")
INSERT = (
    "INSERT INTO document (number, id_hash, card, more, characters, sentences, passages, "
    "fingerprint, description, text, places, cut) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
DOCUMENTS = (
    "SELECT number, card, characters, sentences, passages, fingerprint, description, "
    "ARRAY(SELECT tag FROM tag WHERE tag.number = document.number) FROM document"
)
ARTICLES = "SELECT number, card, more, text, places FROM document"


def id_hash(own: str) -> bytes:
    """Return what a document is found by, given its id."""
    return hashlib.sha256(own.encode("utf-8", "surrogatepass")).digest()


def row_of(document: Document, article: Article, cut: Cut) -> tuple[Any, ...]:
    """Return the row of a document, as :data:`INSERT` takes it."""
    card = {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "original": _original(article.original),
    }
    more = {"meta": Meta(article.meta).to_dict(), "notes": article.notes}
    return (
        document.number,
        id_hash(article.id),
        json.dumps(card),
        json.dumps(more),
        document.characters,
        document.sentences,
        document.passages,
        document.fingerprint,
        document.description,
        article.text.encode(),
        b"" if article.places is NO_PLACES else article.places.to_bytes(),
        packed_cut(cut),
    )


def document_of(row: Sequence[Any]) -> Document:
    """Return a document, given a row of :data:`DOCUMENTS`."""
    number, card, characters, sentences, passages, own, described, tags = row
    return Document(
        number=number,
        id=card["id"],
        title=card["title"],
        source=card["source"],
        characters=characters,
        sentences=sentences,
        passages=passages,
        fingerprint=own,
        description=described,
        tags=frozenset(tags),
        original=_original_of(card["original"]),
    )


def article_of(row: Sequence[Any]) -> Article:
    """Return an article, given a row of :data:`ARTICLES`."""
    _, card, more, text, places = row
    return Article(
        id=card["id"],
        title=card["title"],
        text=text.decode(),
        source=card["source"],
        meta=more["meta"],
        places=PackedPlaces(places) if places else NO_PLACES,
        original=_original_of(card["original"]),
        notes=tuple(more["notes"]),
    )


def packed_cut(cut: Cut) -> bytes:
    """Return how an article was cut, as :func:`cut_of` reads it."""
    return packed([cut.sentences.ravel(), cut.passages.ravel()], "<i4")


def cut_of(data: bytes) -> Cut:
    """Read how an article was cut."""
    sentences, passages = (part.astype(np.int64).reshape(-1, 2) for part in parts_of(data, "<i4"))
    return Cut(sentences, passages)


def packed(arrays: Iterable[np.ndarray[Any, Any]], kind: str) -> bytes:
    """Return arrays one after another, each with its length in front, in numbers of one kind."""
    written = []
    for array in arrays:
        written += [len(array).to_bytes(8, "little"), array.astype(kind).tobytes()]
    return b"".join(written)


def parts_of(data: bytes, kind: str) -> list[np.ndarray[Any, Any]]:
    """Read what :func:`packed` wrote."""
    parts = []
    start, size = 0, np.dtype(kind).itemsize
    while start < len(data):
        count = int.from_bytes(data[start : start + 8], "little")
        parts.append(np.frombuffer(data, kind, count, start + 8))
        start += 8 + count * size
    return parts


def _original(original: Original | None) -> dict[str, Any] | None:
    """Return what is kept of the document that an article was read from.

    Of one that is in no file, nothing is: it is not to be had again.
    """
    if original is None or original.path is None:
        return None
    known = asdict(original)
    return {name: known[name] for name in _ORIGINAL}


def _original_of(kept: dict[str, Any] | None) -> Original | None:
    return None if kept is None else Original(**{name: kept[name] for name in _ORIGINAL})
