from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.articles import Article
from index.copying import copy_old_index
from index.errors import SavedIndexError, StoreError
from index.models.encoder import SentenceEncoder, Vectors
from index.originals import Original
from index.places import Part
from index.placing import PlacesBuilder
from index.retriever import Retriever
from index.store.base import Made
from index.store.memory import MemoryStore
from index.store.old_index import read_old
from index.store.opening import open_store, save_store
from index.store.rows import Rows
from index.store.settings import Fusion, IndexSettings
from tests.commands import Run
from tests.fakes import WordEncoder
from tests.libraries import BUSES, TRAINS, library, prepared

SETTINGS = IndexSettings(window=3, fusion=Fusion(1.0, 0.5))


def _placed(text: str) -> Article:
    builder = PlacesBuilder()
    builder.begin(Part("page", 1))
    builder.copy(text, None, 0, None)
    return Article(
        "pdf",
        "PDF",
        text,
        meta={"author": "A. Smith"},
        places=builder.places(),
        original=Original("application/pdf", "0" * 64, "/gone.pdf", size=7, modified=8),
        notes=("Page 3 holds no text.",),
    )


ARTICLES = [TRAINS, BUSES, _placed("Ships stop in Genoa. They go on to Elba.")]


class CountingEncoder(WordEncoder):
    """Counts the texts that it embeds."""

    embedded = 0

    def encode_passages(self, texts: Any, *, progress: bool = False) -> Vectors:  # noqa: ANN401
        self.embedded += len(texts)
        return super().encode_passages(texts)


def _write(folder: Path, version: int) -> Path:
    """Write an index as earlier programs did, but for the words, which are not read."""
    folder.mkdir()
    ready = prepared(*ARTICLES)
    sentences: list[Rows] = []
    passages: list[Rows] = []
    lines: list[str] = []
    places, bounds = b"", [0]
    for number, each in enumerate(ready):
        own = each.cut.sentences
        passages += [row + sum(len(own) for own in sentences) for row in each.cut.passages]
        sentences.append(np.insert(own, 0, number, axis=1))
        article = each.article
        line: dict[str, Any] = {
            **{name: getattr(article, name) for name in ("id", "title", "text", "source")},
            **({"meta": dict(article.meta)} if article.meta else {}),
        }
        if version == 5 and article.original is not None:
            line["notes"] = article.notes
            line["original"] = asdict(article.original)
            del line["original"]["data"]
            places += article.places.to_bytes()
        lines.append(json.dumps(line) + "\n")
        bounds.append(len(places))
    np.save(folder / "sentences.npy", np.concatenate(sentences))
    np.save(folder / "passages.npy", np.array(passages))
    np.save(folder / "vectors.npy", np.concatenate([each.vectors for each in ready]))
    (folder / "articles.jsonl").write_text("".join(lines))
    if version == 5:
        (folder / "places.bin").write_bytes(places)
        np.save(folder / "place_bounds.npy", np.array(bounds))
    manifest = {
        "format": "article-qa index",
        "version": version,
        "encoder": {"name": "words", "dimension": 64},
        "counts": {"articles": 3, "sentences": 6, "passages": len(passages)},
        "clusters": 0,
        "settings": asdict(SETTINGS),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    _seal(folder)
    return folder


def _seal(folder: Path, **changed: object) -> None:
    """Put the checksums into the manifest, and what is changed in it."""
    manifest = json.loads((folder / "manifest.json").read_text()) | changed
    files = [path for path in folder.iterdir() if path.name != "manifest.json"]
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "sha256": sums}))


@pytest.mark.parametrize("version", [4, 5])
def test_an_index_of_an_earlier_program_is_opened_as_it_is(tmp_path: Path, version: int) -> None:
    encoder = CountingEncoder()
    old = Retriever.load(_write(tmp_path / "old", version), encoder)
    assert encoder.embedded == 1  # to know the encoder again
    assert list(old.articles) == ARTICLES
    assert old.store.settings == SETTINGS
    assert old.store.made == ("words", 64)
    new = Retriever.open(library(tmp_path / "new", *ARTICLES), WordEncoder())
    new.fusion = SETTINGS.fusion
    assert old.search(["where do ships stop?"], 5) == new.search(["where do ships stop?"], 5)
    pdf = old.articles[2]
    if version == 5:
        assert pdf.notes == ("Page 3 holds no text.",)
        assert pdf.original == ARTICLES[2].original
        assert pdf.places.of(0, 5) == ARTICLES[2].places.of(0, 5)
    else:
        assert (pdf.notes, pdf.original, len(pdf.places)) == ((), None, 0)


def test_of_the_oldest_the_articles_are_taken_over(tmp_path: Path) -> None:
    folder = _write(tmp_path / "old", 3)
    with pytest.raises(SavedIndexError) as error:
        open_store(folder)
    assert str(error.value) == (
        f"{folder}: is the index of an earlier program, of which only the articles can be taken "
        f"over; make a library of it: `article-qa library add {folder} --library NEW`."
    )
    assert [(article, old) for article, old in read_old(folder).articles] == [
        (article, None) for article in ARTICLES
    ]


@pytest.mark.parametrize(("version", "embedded"), [(3, 6), (4, 1), (5, 1)])
def test_it_becomes_a_library_without_being_embedded_again(
    tmp_path: Path, version: int, embedded: int
) -> None:
    encoder = CountingEncoder()
    made = Made("words", 64)
    store = open_store(tmp_path / "new", create=(made, SETTINGS))
    copied = copy_old_index(_write(tmp_path / "old", version), Retriever(store, encoder))
    assert [document.id for document in copied.added] == ["trains", "buses", "pdf"]
    assert encoder.embedded == embedded
    assert list(Retriever.load(tmp_path / "new", WordEncoder()).articles) == ARTICLES


@pytest.mark.parametrize("options", [{"writing": True}, {"create": (Made("words", 64), SETTINGS)}])
def test_nothing_is_added_to_an_old_index(tmp_path: Path, options: dict[str, Any]) -> None:
    folder = _write(tmp_path / "old", 5)
    with pytest.raises(SavedIndexError, match="cannot be added to; make a library of it: `article"):
        open_store(folder, **options)


def test_a_store_that_is_saved_takes_the_place_of_an_old_index(tmp_path: Path) -> None:
    folder = _write(tmp_path / "old", 5)
    (folder / "notes.txt").write_text("mine")
    store = MemoryStore(Made("words", 64), SETTINGS)
    store.change(add=prepared(BUSES))
    save_store(store, folder)
    names = {path.name for path in folder.iterdir()}
    assert names == {"library.sqlite", "library.lock", "segments", "notes.txt"}
    assert [document.id for document in open_store(folder).documents()] == ["buses"]


def test_an_old_index_that_was_not_removed_yet_is_removed(tmp_path: Path) -> None:
    library(tmp_path / "new", BUSES).close()
    for path in _write(tmp_path / "old", 5).iterdir():
        path.rename(tmp_path / "new" / path.name)
    assert [document.id for document in open_store(tmp_path / "new").documents()] == ["buses"]
    assert not (tmp_path / "new" / "manifest.json").exists()


def _array(name: str, values: Any) -> Callable[[Path], None]:  # noqa: ANN401
    def change(folder: Path) -> None:
        np.save(folder / f"{name}.npy", np.array(values))
        _seal(folder)

    return change


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda folder: (folder / "vectors.npy").unlink(), "vectors.npy is missing from the index"),
        (lambda folder: (folder / "vectors.npy").write_bytes(b"x"), "its checksum differs"),
        (lambda folder: (folder / "articles.jsonl").write_text("{}"), "its checksum differs"),
        (lambda folder: _seal(folder, version=2), "format version 2 and this program reads"),
        (lambda folder: _seal(folder, version=6), "format version 6 and this program reads"),
        (lambda folder: _seal(folder, settings={"window": 0}), "its manifest.json are damaged"),
        (lambda folder: _seal(folder, encoder=3), "contradict each other"),
        (lambda folder: _seal(folder, counts={"articles": 4}), "contradict each other"),
        (_array("sentences", [[0, 0, 3]]), "contradict each other"),
        (_array("sentences", [[0, 0, 999], [1, 0, 2], [2, 0, 2]]), "contradict each other"),
        (_array("passages", [[0, 2], [2, 9], [4, 6]]), "contradict each other"),
        (_array("passages", [[4, 6], [2, 4], [0, 2]]), "contradict each other"),
        (_array("vectors", np.zeros((6, 63), np.float32)), "contradict each other"),
        (_array("vectors", np.full((6, 64), np.nan, np.float32)), "contradict each other"),
        (_array("place_bounds", [0, 0, 3, 2]), "contradict each other"),
    ],
)  # fmt: skip
def test_a_damaged_one_is_one_line(
    tmp_path: Path, damage: Callable[[Path], object], says: str
) -> None:
    folder = _write(tmp_path / "old", 5)
    damage(folder)
    with pytest.raises(StoreError) as error:
        open_store(folder)
    assert says in str(error.value)
    assert str(error.value).startswith(f"{folder}: ")
    assert "article-qa library add" in str(error.value)
    assert "\n" not in str(error.value)


def test_that_an_index_becomes_a_library_in_its_place_is_told(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SentenceEncoder, "load", lambda *_: WordEncoder())
    monkeypatch.chdir(tmp_path)
    _write(Path("old"), 5)
    Path("a.txt").write_text("The planes stop in Bari.")
    outcome = run("library", "add", "a.txt", "--library", "old")
    assert (outcome.code, outcome.out) == (0, "added: 1, replaced: 0, unchanged: 0\n")
    told = "article-qa: old: the index of an earlier version becomes a library."
    assert outcome.complaint == told
    again = run("library", "add", "a.txt", "--library", "old")
    assert (again.out, again.err) == ("added: 0, replaced: 0, unchanged: 1\n", "")

    _write(Path("oldest"), 3)
    refused = run("library", "add", "a.txt", "--library", "oldest")
    assert refused.code == 1
    assert "of which only the articles can be taken over" in refused.complaint
