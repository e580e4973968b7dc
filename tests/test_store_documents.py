from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from index.store.folder import checksums, read_index

from index.articles import Article
from index.errors import ArticleError, SavedIndexError
from index.originals import Original
from index.places import FULL, PackedPlaces, Part, Places
from index.placing import PlacesBuilder
from index.retriever import Retriever
from tests.fakes import WordEncoder

TEXT = "The talks began in Oslo. They went on in Bergen."


def placed(boxes: bool = True) -> Places:
    """Say that the text stands on two pages, a sentence each."""
    builder = PlacesBuilder()
    for number, sentence in enumerate(TEXT.split(". "), start=1):
        builder.begin(Part("page", number, width=600, height=800))
        box = np.tile(np.array([0, 0, FULL // 2, FULL // 4], dtype=np.uint16), (len(sentence), 1))
        builder.copy(sentence, None, 0, box if boxes else None)
        builder.put(". " if number == 1 else "")
    return builder.places()


def page(folder: Path, name: str) -> Article:
    path = folder / f"{name}.html"
    path.write_text(f"<!DOCTYPE html><title>{name}</title><p>{TEXT}</p>")
    return Article.from_file(path)


@pytest.fixture
def articles(tmp_path: Path) -> list[Article]:
    known = {"places": placed(), "notes": ("Page 3 holds no text.",)}
    original = Original("application/pdf", "0" * 64, "/gone/\udcff.pdf", size=7, modified=8)
    return [
        Article("plain", "Plain", TEXT),
        Article("pdf", "PDF", TEXT, original=original, **known),  # type: ignore[arg-type]
        page(tmp_path, "page"),
        Article("bytes", "Bytes", TEXT, places=placed(), original=Original.of(b"x", "text/html")),
    ]


@pytest.fixture
def folder(articles: list[Article], tmp_path: Path) -> Path:
    Retriever.build(articles, WordEncoder()).save(tmp_path / "i")
    return tmp_path / "i"


def test_places_originals_and_notes_are_kept(articles: list[Article], folder: Path) -> None:
    kept = read_index(folder).articles
    assert kept == tuple(articles)
    for before, after in zip(articles, kept, strict=True):
        assert after.places.of(0, len(TEXT)) == before.places.of(0, len(TEXT))
        assert after.notes == before.notes
    plain, pdf, html, data = kept
    assert not len(plain.places)
    assert pdf.original == articles[1].original
    assert [place.part.label for place in pdf.places.of(0, 30)] == ["page 1", "page 2"]
    assert html.original is not None
    assert TEXT.encode() in html.original.read()
    assert data.original is None  # its bytes are not kept
    assert len(data.places) == 2


def test_an_index_that_is_saved_again_is_the_same(folder: Path, tmp_path: Path) -> None:
    Retriever.load(folder, WordEncoder()).save(tmp_path / "again")
    for path in folder.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_an_index_of_before_documents_is_read(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["version"] = 4
    for name in ("places.bin", "place_bounds.npy"):
        (folder / name).unlink()
        del manifest["sha256"][name]
    lines = [json.loads(line) for line in (folder / "articles.jsonl").read_text().splitlines()]
    for line in lines:
        line.pop("original", None)
        line.pop("notes", None)
    (folder / "articles.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    manifest["sha256"] |= checksums([folder / "articles.jsonl"])
    (folder / "manifest.json").write_text(json.dumps(manifest))
    for article in read_index(folder).articles:
        assert article.original is None
        assert not len(article.places)
        assert article.notes == ()


@pytest.mark.parametrize("bounds", [[0, 5], [0, 0, 3, 2, 9], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]])
def test_bounds_that_do_not_fit_are_one_error(folder: Path, bounds: list[int]) -> None:
    np.save(folder / "place_bounds.npy", np.array(bounds, dtype=np.int64))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"] |= checksums([folder / "place_bounds.npy"])
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SavedIndexError, match="contradict each other"):
        read_index(folder)


def test_places_are_unpacked_when_they_are_asked_for() -> None:
    packed = PackedPlaces(placed().to_bytes())
    assert not {"parts", "paths"} & vars(packed).keys()
    assert packed.to_bytes() == placed().to_bytes()
    again = pickle.loads(pickle.dumps(packed))
    for each in (packed, again):
        assert each.of(0, 30) == placed().of(0, 30)
        assert each.end == len(TEXT)
        assert list(each.runs()) == list(placed().runs())
    with pytest.raises(AttributeError):
        packed.nothing  # noqa: B018
    with pytest.raises(ArticleError, match="What is kept of an article are no places; read it"):
        len(PackedPlaces(b"x"))


def test_articles_are_compared_by_what_they_say(articles: list[Article]) -> None:
    assert replace(articles[1], places=Places(), original=None) == articles[1]
