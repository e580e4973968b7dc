from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.articles import Article
from index.errors import SavedIndexError, StoreError
from index.store.folder.store import FolderStore
from tests.libraries import BUSES, MADE, SETTINGS, TRAINS, ids, library, prepared, segments

LONG = Article("long", "Long", "\n".join(f"Line {n} is here." for n in range(5000)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    library(tmp_path / "i", TRAINS, BUSES, exact_up_to=0).close()
    return tmp_path / "i"


def _told(folder: Path) -> str:
    """Open a library that cannot be used, and return the one line that says why."""
    with pytest.raises(StoreError) as error:
        _read(folder)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"{folder}: ")
    return str(error.value)


def _read(folder: Path) -> list[Article]:
    store = FolderStore.open(folder)
    return list(store.articles(store.numbers()).values())


def _run(folder: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(folder / "library.sqlite")
    with connection:
        connection.execute(statement, values)
    connection.close()


def _sql(statement: str, *values: object) -> Callable[[Path], None]:
    return lambda folder: _run(folder, statement, *values)


def _file(folder: Path, name: str = "arrays.npz") -> Path:
    return segments(folder)[0] / name


@pytest.mark.parametrize("harm", ["flipped", "cut off", "longer", "missing"])
@pytest.mark.parametrize("name", ["arrays.npz", "vectors.npy"])
def test_damage_to_a_segment_is_found(tmp_path: Path, name: str, harm: str) -> None:
    folder = tmp_path / "i"
    library(folder, LONG).close()
    path = _file(folder, name)
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
    found = "is missing from the library" if harm == "missing" else "is damaged (its checksum"
    told = _told(folder)
    assert f"segments/{path.parent.name}/{name} {found}" in told
    assert "make it again with `article-qa library add`" in told


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_no_byte_of_the_catalogue_changes_an_article_unnoticed(folder: Path, place: int) -> None:
    path = folder / "library.sqlite"
    content = bytearray(path.read_bytes())
    held = [at for at in range(len(content)) if content[at]]
    content[held[len(held) * place // 100]] ^= 0b101
    path.write_bytes(content)
    try:
        found = _read(folder)
    except StoreError:
        _told(folder)
    else:
        assert found == [TRAINS, BUSES]


@pytest.mark.parametrize("column", ["text", "meta", "notes", "places"])
def test_an_article_that_is_not_as_it_was_written_is_not_given(folder: Path, column: str) -> None:
    _run(folder, f"UPDATE content SET {column} = ? WHERE number = 2", "Else.")
    assert "document 2 ('buses') is damaged (its checksum differs)" in _told(folder)


def test_a_damaged_document_can_be_removed(folder: Path) -> None:
    _run(folder, "UPDATE content SET text = 'Else.' WHERE number = 2")
    store = FolderStore.open(folder)
    store.change(remove=["buses"])
    assert list(store.articles(store.numbers()).values()) == [TRAINS]


def _not_sqlite(folder: Path) -> None:
    (folder / "library.sqlite").write_bytes(b"x" * 4096)


def _other_database(folder: Path) -> None:
    (folder / "library.sqlite").unlink()
    _run(folder, "CREATE TABLE cats (name)")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (shutil.rmtree, "no such folder; expected a library, as `article-qa library add`"),
        (lambda folder: (folder / "library.sqlite").unlink(), "has no library.sqlite, so it is"),
        (_not_sqlite, "its library.sqlite is damaged (file is not a database)"),
        (lambda folder: os.truncate(folder / "library.sqlite", 5000), "library.sqlite is damaged"),
        (lambda folder: os.truncate(folder / "library.sqlite", 0), "is not that of a library"),
        (_other_database, "its library.sqlite is not that of a library"),
        (_sql("UPDATE meta SET value = 'x' WHERE key = 'format'"), "is not that of a library"),
        (_sql("UPDATE meta SET value = 7 WHERE key = 'format_version'"), "format version 7 and"),
        (_sql("UPDATE meta SET value = 'x' WHERE key = 'change'"), "'x' is no count"),
        (_sql("UPDATE meta SET value = -1 WHERE key = 'next_number'"), "-1 is no count"),
        (_sql("UPDATE meta SET value = 5 WHERE key = 'encoder'"), "name of the encoder is no text"),
        (_sql("UPDATE meta SET value = 63 WHERE key = 'dimension'"), "contradict each other"),
        (_sql("DELETE FROM meta WHERE key = 'settings'"), "is damaged (no settings)"),
        (_sql("DROP TABLE segment"), "no such table: segment"),
        (_sql("DELETE FROM segment"), "its library.sqlite and its segments contradict each other"),
        (_sql("DELETE FROM document WHERE number = 1"), "its segments contradict each other"),
        (_sql("UPDATE document SET sentences = 3 WHERE id = 'buses'"), "contradict each other"),
        (_sql("UPDATE document SET characters = 3 WHERE id = 'buses'"), "contradict each other"),
        (_sql("UPDATE segment SET passages = passages + 1"), "contradict each other"),
        (_sql("UPDATE segment SET last = 'x'"), "'x' is no count"),
        (_sql("UPDATE segment SET name = '../../etc'"), "is damaged (the names of a segment)"),
        (_sql("UPDATE segment SET files = '[]'"), "library.sqlite is damaged"),
        (_sql("UPDATE segment SET files = '{}'"), "the names of a segment"),
        (_sql("UPDATE segment SET files = '{\"../x\": \"0\"}'"), "the names of a segment"),
        (_sql("INSERT INTO gone VALUES (1)"), "contradict each other"),
    ],
)  # fmt: skip
def test_a_bad_library_gives_one_error_that_says_what_to_do(
    folder: Path, damage: Callable[[Path], object], says: str
) -> None:
    damage(folder)
    told = _told(folder)
    assert says in told
    assert any(word in told for word in ("library add", "upgrade article-qa", "choose another"))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"window": 0}, "window is 0; expected a whole number from 1"),
        ({"stride": "1"}, "stride is '1'; expected a whole number from 1"),
        ({"language": "fr"}, "language is 'fr'; expected 'en'"),
        ({"fusion": {"dense": float("nan")}}, "fusion weight is nan; expected a finite number"),
        ({"fusion": [1, 2]}, "expected window, stride, fusion, language"),
        ({"pooling": "max"}, "expected window, stride, fusion, language"),
    ],
)
def test_damaged_settings_are_one_line_that_says_which(
    folder: Path, changed: dict[str, Any], says: str
) -> None:
    settings = {"window": 3, "stride": 1, "fusion": {}, "language": "en"} | changed
    _run(folder, "UPDATE meta SET value = ? WHERE key = 'settings'", json.dumps(settings))
    told = _told(folder)
    assert says in told
    assert "its settings are damaged, or of a newer program" in told


def _rewritten(folder: Path, changed: dict[str, Any], *, pack: int = zipfile.ZIP_STORED) -> None:
    """Exchange arrays of a segment for others, with the checksum that is asked for."""
    path = _file(folder)
    with np.load(path) as read:
        arrays = dict(read) | changed
    path.unlink()
    with zipfile.ZipFile(path, "w", pack) as packed:
        for name, array in arrays.items():
            with packed.open(f"{name}.npy", "w") as file:
                np.lib.format.write_array(file, array, allow_pickle=True)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    _run(folder, "UPDATE segment SET files = ?", json.dumps({"arrays.npz": digest}))


def test_a_segment_may_be_rewritten_as_it_is(folder: Path) -> None:
    _rewritten(folder, {})  # so that what is refused below is so for what is changed
    assert ids(FolderStore.open(folder)) == ["trains", "buses"]


@pytest.mark.parametrize(
    "changed",
    [
        {"numbers": np.array([2, 1])},
        {"numbers": np.array([1, 3])},
        {"numbers": np.array([1, 2], dtype=np.int32)},
        {"numbers": np.array([], dtype=np.int64)},
        {"sentence_starts": np.array([0, 2])},
        {"sentence_starts": np.array([0, 5, 4])},
        {"passage_starts": np.array([0, 0, 2])},
        {"sentences": np.array([[0, 24], [25, 44], [0, 25], [26, 70]], dtype=np.int32)},
        {"sentences": np.array([[0, 24], [25, 44], [26, 52], [0, 25]], dtype=np.int32)},
        {"sentences": np.array([[0, 0], [25, 44], [0, 25], [26, 52]], dtype=np.int32)},
        {"sentences": np.array([[-1, 24], [25, 44], [0, 25], [26, 52]], dtype=np.int32)},
        {"passages": np.array([[0, 2], [0, 3]], dtype=np.int32)},
        {"passages": np.array([[0, 1], [0, 2]], dtype=np.int32)},
        {"passages": np.array([[1, 2], [0, 2]], dtype=np.int32)},
        {"vectors": np.zeros((4, 63), dtype=np.float32)},
        {"vectors": np.zeros((3, 64), dtype=np.float32)},
        {"vectors": np.zeros((4, 64), dtype=np.float64)},
        {"vectors": np.full((4, 64), np.nan, dtype=np.float32)},
        {"lengths": np.zeros(2, dtype=np.int32)},
        {"contexts": np.array([0, 3], dtype=np.int32)},
        {"contexts": np.array([], dtype=np.int32)},
        {"stems": np.zeros(1, dtype=np.uint8)},
        {"stem_bounds": np.zeros((0, 4), dtype=np.int64)},
        {"holders": np.array([9], dtype=np.int32)},
        {"times": np.array([1], dtype=np.uint16)},
        {"headed": np.array([7], dtype=np.int32)},
        {"named": np.array([-1], dtype=np.int32)},
        {"spellings": np.array([255, 10], dtype=np.uint8)},
        {"spelling_counts": np.array([1])},
        {"spelling_counts": np.array(3)},
        {"centroids": np.zeros((0, 64), dtype=np.float32)},
        {"cluster_bounds": np.array([0, 9])},
        {"cluster_rows": np.array([0, 1, 2, 9])},
        {"codes": np.zeros((4, 63), dtype=np.uint8)},
        {"code_ranges": np.full((2, 64), np.inf, dtype=np.float32)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_parts_that_do_not_fit_together_are_refused(folder: Path, changed: dict[str, Any]) -> None:
    _rewritten(folder, changed)
    told = _told(folder)
    assert "contradict each other" in told


def test_nothing_is_unpickled(folder: Path) -> None:
    class Payload:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (folder / "pwned",))

    assert pickle.dumps(Payload())
    _rewritten(folder, {"vectors": np.array([Payload()], dtype=object)})
    assert "contradict each other" in _told(folder)
    assert not (folder / "pwned").exists()


def test_nothing_is_unpacked_to_more_than_it_is(folder: Path) -> None:
    _rewritten(folder, {"spellings": np.zeros(1 << 20, np.uint8)}, pack=zipfile.ZIP_DEFLATED)
    assert _file(folder).stat().st_size < 1 << 16
    assert "contradict each other" in _told(folder)


def test_a_damaged_segment_is_not_merged_into_a_new_one(folder: Path) -> None:
    content = bytearray(_file(folder).read_bytes())
    content[500] ^= 1
    _file(folder).write_bytes(content)
    store = FolderStore.open(folder, writing=True)
    with pytest.raises(SavedIndexError, match="is damaged"):
        store.change(add=prepared(Article("c", "C", "Ships stop in Genoa.")))
    assert ids(store) == ["trains", "buses"]


def test_what_is_only_added_to_is_not_read_whole(tmp_path: Path) -> None:
    folder = tmp_path / "i"
    store = library(folder, LONG)
    store.close()
    content = bytearray(_file(folder).read_bytes())
    content[500] ^= 1
    _file(folder).write_bytes(content)
    store = FolderStore.open(folder, writing=True)
    store.change(add=prepared(TRAINS))
    assert ids(store) == ["long", "trains"]
    assert "is damaged" in _told(folder)


def test_a_library_without_its_segments_is_not_written_to(folder: Path) -> None:
    _run(folder, "DELETE FROM segment")
    store = FolderStore.open(folder, writing=True)
    with pytest.raises(SavedIndexError, match="its segments contradict each other"):
        store.change(remove=["trains"])


def test_a_file_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(SavedIndexError, match="file: is not a folder; expected a library"):
        FolderStore.open(tmp_path / "file")
    with pytest.raises(StoreError, match="file: exists and is not a library, so it is left alone"):
        FolderStore.create(tmp_path / "file", MADE, SETTINGS)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"meow")
    with pytest.raises(SavedIndexError, match="exists and is not a library, so it is left alone"):
        FolderStore.create(tmp_path / "photos", MADE, SETTINGS)
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.jpg"]


def test_an_empty_folder_may_become_a_library(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert len(FolderStore.create(tmp_path / "new", MADE, SETTINGS)) == 0
    with pytest.raises(StoreError, match="there is a library already; open that"):
        FolderStore.create(tmp_path / "new", MADE, SETTINGS)


def test_files_of_others_in_the_folder_stay(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    (folder / "segments" / "mine").mkdir()
    store = FolderStore.open(folder, writing=True)
    store.change(add=prepared(LONG), remove=["trains"])
    store.compact()
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "segments" / "mine").is_dir()
