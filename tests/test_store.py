from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from index.store.bm25 import make_postings
from index.store.data import Fusion, IndexData, IndexSettings
from index.store.folder import read_index, write_index
from index.store.vectors import make_clusters

from index.articles import Article
from index.errors import SavedIndexError

ARTICLES = (
    Article("a", "Ay", "One “fish”.\r\nTwo \U0001f41f.", source="a.txt"),
    Article("b", "Bee", "Red fish."),
)
PASSAGES = np.array([[0, 2], [2, 3]])
SENTENCES = ["One “fish”.", "Two \U0001f41f.", "Red fish."]
DATA = IndexData(
    articles=ARTICLES,
    sentences=np.array([[0, 0, 11], [0, 13, 19], [1, 0, 9]]),
    passages=PASSAGES,
    vectors=np.array([[1, 0, 0], [0.6, 0.8, 0], [0, 0, 1]], dtype=np.float32),
    encoder="words",
    postings=make_postings(SENTENCES, *PASSAGES.T),
)


CLUSTERS = make_clusters(DATA.vectors)
CLUSTERED = replace(DATA, clusters=CLUSTERS)


_CLUSTERED_FILES = {
    *("articles.jsonl", "sentences.npy", "passages.npy", "vectors.npy"),
    *("stems.npy", "stem_bounds.npy", "posting_passages.npy", "posting_scores.npy"),
    *("centroids.npy", "cluster_bounds.npy", "cluster_rows.npy", "codes.npy", "code_ranges.npy"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "talks.index"
    write_index(DATA, folder)
    return folder


def _same(before: object, after: object, names: tuple[str, ...]) -> bool:
    arrays = [(getattr(before, name), getattr(after, name)) for name in names]
    return all(a.dtype == b.dtype and a.tolist() == b.tolist() for a, b in arrays)


@pytest.mark.parametrize("written", [DATA, CLUSTERED], ids=["exact", "clusters"])
def test_what_is_written_is_read(tmp_path: Path, written: IndexData) -> None:
    write_index(written, tmp_path / "i")
    data = read_index(tmp_path / "i")
    assert data.articles == ARTICLES
    assert data.encoder == "words"
    assert _same(written, data, ("sentences", "passages", "vectors"))
    assert data.postings.count == written.postings.count
    assert _same(written.postings, data.postings, ("stems", "bounds", "texts", "scores"))
    if written.clusters is None:
        assert data.clusters is None
    else:
        parts = ("centroids", "bounds", "rows", "codes", "ranges")
        assert _same(written.clusters, data.clusters, parts)


def test_what_is_large_is_mapped_and_not_read(tmp_path: Path) -> None:
    text = "a " * 5000
    starts = np.arange(0, 10_000, 2)
    sentences = np.stack([np.zeros_like(starts), starts, starts + 1], axis=1)
    first = np.arange(5000)
    large = IndexData(
        articles=(Article("a", "A", text),),
        sentences=sentences,
        passages=np.stack([first, first + 1], axis=1),
        vectors=np.ones((5000, 64), dtype=np.float32),
        encoder="words",
        postings=make_postings(["b"] * 5000, first, first + 1),
    )
    write_index(large, tmp_path / "i")
    data = read_index(tmp_path / "i")
    assert isinstance(data.vectors.base, np.memmap)
    assert not data.vectors.flags.writeable
    assert not isinstance(data.passages.base, np.memmap)  # a file of a few kilobytes is read
    assert data.vectors.tolist() == large.vectors.tolist()


def test_the_manifest_says_what_the_index_is(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["format"] == "article-qa index"
    assert manifest["version"] == 5
    assert manifest["encoder"] == {"name": "words", "dimension": 3}
    assert manifest["counts"] == {"articles": 2, "sentences": 3, "passages": 2}
    assert manifest["settings"] == {
        "window": 3,
        "stride": 1,
        "fusion": {"dense": 1.0, "lexical": 0.3},
        "language": "en",
    }
    files = {path.name for path in folder.iterdir()}
    assert files == {"manifest.json", *manifest["sha256"]}


def _edit(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return damage


def test_what_the_sources_know_is_read_as_it_was_written(tmp_path: Path) -> None:
    knowing = replace(ARTICLES[0], meta={"author": "A. Smith", "pages": [0, 13]})
    write_index(replace(DATA, articles=(knowing, ARTICLES[1])), tmp_path / "i")
    again = read_index(tmp_path / "i").articles
    assert again == (knowing, ARTICLES[1])
    assert again[0].meta == {"author": "A. Smith", "pages": (0, 13)}


def test_an_article_of_which_nothing_more_is_known_is_written_as_it_always_was(
    folder: Path,
) -> None:
    line = (folder / "articles.jsonl").read_text().splitlines()[1]
    assert json.loads(line) == {"id": "b", "title": "Bee", "text": "Red fish.", "source": None}


def test_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    settings = IndexSettings(window=5, stride=2, fusion=Fusion(0.1, 2))
    write_index(replace(DATA, settings=settings), tmp_path / "i")
    assert read_index(tmp_path / "i").settings == settings


def test_an_index_from_before_settings_were_kept_has_the_defaults(folder: Path) -> None:
    _edit(lambda manifest: manifest.pop("settings"))(folder)
    assert read_index(folder).settings == IndexSettings()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"window": 0}, "window is 0; expected a whole number from 1"),
        ({"window": 2.5}, "window is 2.5; expected a whole number from 1"),
        ({"stride": True}, "stride is True; expected a whole number from 1"),
        ({"stride": "1"}, "stride is '1'; expected a whole number from 1"),
        ({"language": "fr"}, "language is 'fr'; expected 'en'"),
        ({"language": None}, "language is None; expected 'en'"),
        ({"fusion": {"dense": float("nan")}}, "fusion weight is nan; expected a finite number"),
        ({"fusion": {"lexical": "0.3"}}, "fusion weight is '0.3'; expected a finite number"),
        ({"fusion": {"dense": True}}, "fusion weight is True; expected a finite number"),
        ({"fusion": [1, 2]}, "expected window, stride, fusion, language"),
        ({"fusion": None}, "expected window, stride, fusion, language"),
        ({"pooling": "max"}, "expected window, stride, fusion, language"),
    ],
)
def test_damaged_settings_are_one_line_that_says_which(
    folder: Path, changed: dict[str, Any], says: str
) -> None:
    _edit(lambda manifest: manifest["settings"].update(changed))(folder)
    with pytest.raises(SavedIndexError) as error:
        read_index(folder)
    assert says in str(error.value)
    assert "the settings in its manifest.json are damaged, or of a newer program" in str(
        error.value
    )
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("settings", [None, 3, [], "window"])
def test_settings_that_are_no_record_are_damage(folder: Path, settings: object) -> None:
    _edit(lambda manifest: manifest.update(settings=settings))(folder)
    with pytest.raises(SavedIndexError, match=r"the settings in its manifest\.json are damaged"):
        read_index(folder)


@pytest.mark.parametrize("name", sorted(_CLUSTERED_FILES))
@pytest.mark.parametrize("harm", ["flipped", "cut off", "longer", "missing"])
def test_damage_to_any_file_is_found(tmp_path: Path, name: str, harm: str) -> None:
    write_index(CLUSTERED, tmp_path / "i")
    path = tmp_path / "i" / name
    content = bytearray(path.read_bytes())
    path.unlink()
    if harm == "flipped":
        content[-2] ^= 1
    elif harm == "cut off":
        del content[-1]
    elif harm == "longer":
        content += b"\n"
    if harm != "missing":
        path.write_bytes(content)
    found = "is missing from the index" if harm == "missing" else "is damaged"
    with pytest.raises(SavedIndexError, match=f"{name} {found}"):
        read_index(tmp_path / "i")


def _flip_a_byte(folder: Path) -> None:
    content = bytearray((folder / "vectors.npy").read_bytes())
    content[-1] ^= 1
    (folder / "vectors.npy").write_bytes(content)


def _cut_off(folder: Path) -> None:
    os.truncate(folder / "passages.npy", 50)


def _pickle(folder: Path) -> None:
    """Put in a pickle that would create a file, with the checksum that is asked for."""
    import hashlib

    class Payload:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (folder / "pwned",))

    np.save(folder / "vectors.npy", np.array([Payload()], dtype=object), allow_pickle=True)
    digest = hashlib.sha256((folder / "vectors.npy").read_bytes()).hexdigest()
    _edit(lambda manifest: manifest["sha256"].update({"vectors.npy": digest}))(folder)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (shutil.rmtree, "no such folder; expected one written by `article-qa index`"),
        (lambda folder: (folder / "manifest.json").unlink(), "not an index or only part of one"),
        (lambda folder: (folder / "vectors.npy").unlink(), "vectors.npy is missing"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json is damaged"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "not that of an index"),
        (_edit(lambda manifest: manifest.update(format="other")), "not that of an index"),
        (_edit(lambda manifest: manifest.update(version=2)), "format version 2 and this program"),
        (_edit(lambda manifest: manifest.pop("sha256")), "manifest.json is damaged"),
        (_edit(lambda manifest: manifest.update(sha256=3)), "manifest.json is damaged"),
        (_edit(lambda manifest: manifest.pop("encoder")), "contradict each other"),
        (_edit(lambda manifest: manifest.update(encoder=3)), "contradict each other"),
        (_edit(lambda manifest: manifest["counts"].update(passages=3)), "contradict each other"),
        (_edit(lambda manifest: manifest.update(clusters=3)), "contradict each other"),
        (_edit(lambda manifest: manifest.update(clusters=True)), "contradict each other"),
        (_edit(lambda manifest: manifest["sha256"].pop("stems.npy")), "manifest.json is damaged"),
        (_edit(lambda manifest: manifest["sha256"].update(x="0")), "manifest.json is damaged"),
        (_flip_a_byte, "vectors.npy is damaged (its checksum differs)"),
        (_cut_off, "passages.npy is damaged (its checksum differs)"),
        (_pickle, "contradict each other"),
    ],
)  # fmt: skip
def test_a_bad_index_gives_one_error_that_says_what_to_do(
    folder: Path, damage: Callable[[Path], object], says: str
) -> None:
    damage(folder)
    with pytest.raises(SavedIndexError) as error:
        read_index(folder)
    assert says in str(error.value)
    assert "article-qa index" in str(error.value)
    assert not (folder / "pwned").exists()


def test_a_file_is_not_an_index(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(SavedIndexError, match="file: is not a folder"):
        read_index(tmp_path / "file")


@pytest.mark.parametrize(
    "wrong",
    [
        {"passages": np.array([[0, 2], [2, 4]])},
        {"passages": np.array([[0, 1], [1, 3]])},
        {"passages": np.array([[0, 2], [2, 2]])},
        {"passages": np.array([[-1, 2], [2, 3]])},
        {"passages": np.array([[0, 2]])},
        {"passages": np.array([[0, 1], [2, 3]])},
        {"passages": np.array([[1, 2], [2, 3]])},
        {"passages": np.array([[0, 2], [2, 3]], dtype=np.int32)},
        {"sentences": np.array([[0, 0, 11], [0, 13, 20], [1, 0, 9]])},
        {"sentences": np.array([[0, 0, 11], [0, 13, 19], [2, 0, 9]])},
        {"sentences": np.array([[0, 5, 5], [0, 13, 19], [1, 0, 9]])},
        {"sentences": np.array([[0, -1, 5], [0, 13, 19], [1, 0, 9]])},
        {"sentences": np.array([[0, 13, 19], [0, 0, 11], [1, 0, 9]])},
        {"vectors": np.array([[1, 0, 0], [0.6, 0.8, 0]], dtype=np.float32)},
        {"sentences": np.array([[1, 0, 9], [0, 0, 11], [0, 13, 19]])},
        {"articles": (ARTICLES[0], replace(ARTICLES[1], id="a"))},
        {"articles": (ARTICLES[0], replace(ARTICLES[1], id=["b"]))},  # type: ignore[arg-type]
        {"vectors": np.array([[1, 0, np.nan], [1, 0, 0], [1, 0, 0]], dtype=np.float32)},
        {"vectors": np.array([[1, 0, 0], [1, 0, 0], [1, 0, 0]], dtype=np.float64)},
        {"postings": replace(DATA.postings, texts=DATA.postings.texts + 1)},
        {"postings": replace(DATA.postings, texts=DATA.postings.texts[1:])},
        {"postings": replace(DATA.postings, scores=DATA.postings.scores * np.float32(np.nan))},
        {"postings": replace(DATA.postings, bounds=DATA.postings.bounds[:-1])},
        {"postings": replace(DATA.postings, bounds=DATA.postings.bounds[::-1])},
        {"postings": replace(DATA.postings, bounds=DATA.postings.bounds[:0])},
        {"postings": replace(DATA.postings, stems=DATA.postings.stems[1:])},
        {"clusters": replace(CLUSTERS, rows=CLUSTERS.rows + 1)},
        {"clusters": replace(CLUSTERS, rows=CLUSTERS.rows[1:])},
        {"clusters": replace(CLUSTERS, bounds=CLUSTERS.bounds[::-1])},
        {"clusters": replace(CLUSTERS, codes=CLUSTERS.codes[:, 1:])},
        {"clusters": replace(CLUSTERS, ranges=CLUSTERS.ranges[:1])},
        {"clusters": replace(CLUSTERS, centroids=CLUSTERS.centroids[:, 1:])},
    ],
)
def test_parts_that_do_not_fit_together_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    write_index(replace(DATA, **wrong), tmp_path / "bad.index")
    with pytest.raises(SavedIndexError, match="contradict each other"):
        read_index(tmp_path / "bad.index")


def test_an_index_is_replaced_as_a_whole(folder: Path) -> None:
    write_index(replace(DATA, encoder="other"), folder)
    assert read_index(folder).encoder == "other"
    assert [path.name for path in folder.parent.iterdir()] == ["talks.index"]


def test_an_empty_folder_may_become_an_index(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    write_index(DATA, tmp_path / "new")
    assert read_index(tmp_path / "new").encoder == "words"


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"meow")
    with pytest.raises(SavedIndexError, match="exists and is not an index, so it is left alone"):
        write_index(DATA, tmp_path / "photos")
    assert (tmp_path / "photos" / "cat.jpg").read_bytes() == b"meow"


def test_a_write_that_fails_half_way_leaves_the_old_index_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SavedIndexError, match=r"No space left on device.*nothing was changed"):
        write_index(replace(DATA, encoder="other"), folder)
    assert read_index(folder).encoder == "words"
    assert [path.name for path in folder.parent.iterdir()] == ["talks.index"]


def test_a_replacement_that_was_killed_between_its_renames_says_where_the_index_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """Stands for a loss of power: nothing after it runs."""

    rename = Path.rename

    def kill(self: Path, target: Path) -> Path:
        if self.suffix == ".new":
            raise KilledError
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", kill)
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(KilledError):
        write_index(replace(DATA, encoder="other"), folder)
    with pytest.raises(SavedIndexError, match="was being replaced when the program was") as error:
        read_index(folder)

    (whole,) = folder.parent.glob(".talks.index.*.old")
    assert str(whole) in str(error.value)
    assert read_index(whole).encoder == "words"


def test_a_rename_that_fails_puts_the_old_index_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.suffix == ".new":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(SavedIndexError, match="Permission denied"):
        write_index(replace(DATA, encoder="other"), folder)
    assert read_index(folder).encoder == "words"
