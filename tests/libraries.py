"""Libraries of a few documents, cut and embedded as the retriever does it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from index.articles import Article
from index.store.base import Made, Prepared
from index.store.folder.store import FolderStore
from index.store.segments.cutting import cut, embed
from index.store.settings import IndexSettings
from tests.fakes import WordEncoder

ENCODER = WordEncoder()
MADE = Made("words", 64)
SETTINGS = IndexSettings()
TRAINS = Article("trains", "Trains", "The trains stop in Rome. They go on to Bari.", "t.txt")
BUSES = Article("buses", "Buses", "The buses stop in Turin. Nobody knows where they go.")
MARKED = Article(
    "folder/quokka-report.txt",
    "Wombats of Ulaanbaatar",
    "# Numbats and bilbies\n\nThe platypuses swam in Zyzzyva. The echidnas slept.",
    source="kookaburra.txt",
    meta={"author": "Galah Drongo"},
    notes=("The cassowary was not read.",),
)
MARKS = (
    *("quokka", "wombat", "ulaanbaatar", "numbat", "bilb", "platypus", "zyzzyva", "echidna"),
    *("kookaburra", "galah", "drongo", "cassowary", "swam", "slept"),
)
"""Words, and beginnings of words, that stand only in the marked article."""


def prepared(*articles: Article, tags: Collection[str] = ()) -> list[Prepared]:
    """Cut and embed articles."""
    cuts = [(article, cut(article, ENCODER, SETTINGS)) for article in articles]
    return list(embed(cuts, ENCODER, tags=frozenset(tags)))


def library(folder: Path, *articles: Article, exact_up_to: int = 1000) -> FolderStore:
    """Make a library of articles, each added by itself."""
    store = FolderStore.create(folder, MADE, SETTINGS, exact_up_to=exact_up_to)
    for article in articles:
        store.change(add=prepared(article))
    return store


def ids(store: FolderStore) -> list[str]:
    """Return the ids of the documents of a library."""
    return [document.id for document in store.documents()]


def segments(folder: Path) -> list[Path]:
    """Return the folders of segments, whether they are part of the library or not."""
    return sorted((folder / "segments").iterdir())
