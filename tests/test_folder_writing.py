from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import StoreError
from index.store.folder import writing
from index.store.folder.catalogue import Catalogue
from index.store.folder.files import flush_folder
from index.store.folder.locking import locked
from index.store.folder.planning import Group, changed_groups, compacted_groups, gathered_groups
from index.store.folder.segment_files import open_segment
from index.store.folder.state import SegmentEntry
from index.store.folder.store import FolderStore
from index.store.memory import MemoryStore
from index.store.opening import save_store
from tests.libraries import (
    BUSES,
    ENCODER,
    MADE,
    MARKED,
    MARKS,
    SETTINGS,
    TRAINS,
    ids,
    library,
    prepared,
    segments,
)


class KilledError(BaseException):
    """Stands for the end of the program: what comes after it in the program does not happen."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    library(tmp_path / "i", TRAINS).close()
    return tmp_path / "i"


def _kill(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    """End the program before a method, and let it clean nothing up."""

    def killed(*_: object, **__: object) -> None:
        monkeypatch.setattr(writing, "sweep", lambda *_: None)
        raise KilledError

    monkeypatch.setattr(owner, name, killed)


@pytest.mark.parametrize("at", ["exchange", "add_all", "changed"])
def test_what_was_killed_half_way_is_undone_and_swept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    store = FolderStore.open(folder)
    with monkeypatch.context() as context:
        _kill(context, Catalogue, at)
        with pytest.raises(KilledError):
            store.change(add=prepared(BUSES), remove=["trains"])
    assert len(segments(folder)) == 2
    assert ids(store) == ["trains"]
    assert ids(FolderStore.open(folder)) == ["trains"]
    assert len(segments(folder)) == 1
    store.change(add=prepared(BUSES), remove=["trains"])
    assert ids(FolderStore.open(folder)) == ["buses"]


def test_what_was_killed_after_it_was_done_is_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore.open(folder)
    with monkeypatch.context() as context:
        context.setattr(writing, "sweep", lambda *_: None)
        store.change(add=prepared(BUSES))
    assert len(segments(folder)) == 2
    assert ids(FolderStore.open(folder)) == ["trains", "buses"]
    assert len(segments(folder)) == 1


def test_a_journal_that_was_left_is_removed(folder: Path) -> None:
    (folder / "library.sqlite-journal").write_bytes(b"\0" * 512 + b"The trains stop in Rome.")
    assert ids(FolderStore.open(folder)) == ["trains"]
    assert not (folder / "library.sqlite-journal").exists()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(28, "No space left on device"), "the disk is full, and nothing was changed"),
        (OSError(30, "Read-only file system"), r"cannot be written here \(Read-only file system\)"),
        (OSError(5, "Input/output error"), r"cannot be written \(Input/output error\)"),
        (sqlite3.OperationalError("database or disk is full"), "the disk is full"),
        (sqlite3.OperationalError("disk I/O error"), "check the disk"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "cannot be written"),
        (sqlite3.OperationalError("database is locked"), "end that, and try again"),
        (sqlite3.DatabaseError("database disk image is malformed"), "library.sqlite is damaged"),
    ],
)
@pytest.mark.parametrize("at", ["files", "catalogue"])
def test_what_the_disk_complains_of_is_one_line_and_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str, at: str
) -> None:
    store = FolderStore.open(folder)

    def complain(*_: object) -> None:
        raise error

    with monkeypatch.context() as context:
        if at == "files":
            context.setattr(writing, "write_segment", complain)
        else:
            context.setattr(Catalogue, "changed", complain)
        with pytest.raises(StoreError, match=says) as told:
            store.change(add=prepared(BUSES), remove=["trains"])
    assert str(told.value).startswith(f"{folder}: ")
    assert "\n" not in str(told.value)
    assert ids(store) == ["trains"]
    assert len(segments(folder)) == 1
    assert ids(FolderStore.open(folder)) == ["trains"]


def test_a_library_whose_making_fails_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="the disk is full"):
            FolderStore.create(tmp_path / "i", MADE, SETTINGS)
    with pytest.raises(StoreError, match=r"has no library\.sqlite"):
        FolderStore.open(tmp_path / "i")
    assert len(FolderStore.create(tmp_path / "i", MADE, SETTINGS)) == 0


def test_a_library_whose_making_fails_at_last_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryStore(MADE, SETTINGS)
    store.change(add=prepared(TRAINS))
    flush = flush_folder

    def fail(folder: Path) -> None:
        if (folder / "library.sqlite").exists():
            raise OSError(5, "Input/output error")
        flush(folder)

    with monkeypatch.context() as context:
        context.setattr(writing, "flush_folder", fail)
        with pytest.raises(StoreError, match="Input/output error"):
            save_store(store, tmp_path / "i")
    assert ids(FolderStore.open(tmp_path / "i")) == ["trains"]


def test_a_library_whose_making_was_killed_is_none_and_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        _kill(context, Path, "replace")
        with pytest.raises(KilledError):
            FolderStore.create(tmp_path / "i", MADE, SETTINGS)
    with pytest.raises(StoreError, match=r"has no library\.sqlite"):
        FolderStore.open(tmp_path / "i")
    assert len(FolderStore.create(tmp_path / "i", MADE, SETTINGS)) == 0
    names = {path.name for path in (tmp_path / "i").iterdir()}
    assert names == {"library.sqlite", "library.lock"}


def test_a_second_writer_waits_for_the_first(folder: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(folder):
            begun.set()
            go_on.wait()

    holding = threading.Thread(target=hold)
    holding.start()
    begun.wait()
    hasty = FolderStore.open(folder, writing=True, wait_s=0)
    with pytest.raises(StoreError, match="waited 0 seconds for another program that is writing"):
        hasty.change(add=prepared(BUSES))
    assert ids(hasty) == ["trains"]  # who reads waits for nobody
    writing = threading.Thread(
        target=FolderStore.open(folder).change, kwargs={"remove": ["trains"]}
    )
    writing.start()
    go_on.set()
    writing.join()
    holding.join()
    assert ids(hasty) == []


def test_writers_of_many_threads_do_not_lose_what_others_write(folder: Path) -> None:
    store = FolderStore.open(folder)

    def add(n: int) -> None:
        store.change(add=prepared(replace(BUSES, id=f"b{n}")))

    threads = [threading.Thread(target=add, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ids(store)) == [*(f"b{n}" for n in range(8)), "trains"]
    assert store.numbers().tolist() == list(range(1, 10))


def test_a_segment_that_is_exchanged_while_it_is_opened_is_looked_for_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = FolderStore.open(folder, writing=True), FolderStore.open(folder)
    opened = open_segment
    exchanged: list[int] = []

    def late(entry: SegmentEntry, at: Path, dimension: int) -> object:
        if not exchanged:
            exchanged.append(1)
            writer.change(add=prepared(BUSES))  # the two come into one segment
        return opened(entry, at, dimension)

    monkeypatch.setattr("index.store.folder.store.open_segment", late)
    assert (reader.matching("buses", 5).passages >> 31).tolist() == [2]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are others there")
def test_what_may_only_be_read_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    store = FolderStore.open(folder)
    assert ids(store) == ["trains"]
    assert store.matching("trains", 5).passages.tolist() == [1 << 31]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_what_may_only_be_read_is_not_written(folder: Path) -> None:
    for path in (folder, folder / "segments", folder / "library.sqlite"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        store = FolderStore.open(folder)
        assert ids(store) == ["trains"]
        with pytest.raises(StoreError, match="cannot be written here"):
            store.change(remove=["trains"])
    finally:
        for path in (folder, folder / "segments", folder / "library.sqlite"):
            path.chmod(0o700)


def test_what_is_gone_from_a_large_segment_is_found_no_more_and_compacted_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.folder.planning._REWRITTEN_UP_TO", 0)
    store = FolderStore.create(tmp_path / "i", MADE, SETTINGS)
    store.change(add=prepared(TRAINS, MARKED, BUSES))
    before = segments(tmp_path / "i")
    store.change(remove=[MARKED.id])
    assert segments(tmp_path / "i") == before
    for reader in (store, FolderStore.open(tmp_path / "i")):
        assert ids(reader) == ["trains", "buses"]
        assert reader.matching("platypuses of Zyzzyva", 5).passages.tolist() == []
        assert reader.cuts(np.array([2])) == {}
        (near,) = reader.nearest(ENCODER.encode_questions(["platypuses"]), 9)
        assert 2 not in (near >> 31)
    catalogue = (tmp_path / "i" / "library.sqlite").read_bytes().lower()
    assert [mark for mark in MARKS if mark.encode() in catalogue] == []  # no text is kept

    store.change(add=prepared(MARKED), remove=["buses"])
    store.change(remove=[MARKED.id])
    store.compact()
    assert ids(store) == ["trains"]
    data = b"".join(path.read_bytes() for path in (tmp_path / "i").rglob("*") if path.is_file())
    assert [mark for mark in MARKS if mark.encode() in data.lower()] == []
    alone = library(tmp_path / "j", TRAINS)
    assert dict(store.vocabulary.words()) == dict(alone.vocabulary.words())
    assert (
        store.matching("trains", 5).scores.tolist() == alone.matching("trains", 5).scores.tolist()
    )


def _entries(*passages: int) -> list[SegmentEntry]:
    return [
        SegmentEntry(10 * n, 10 * n + 9, f"s{n}", 10, 2 * count, count, {})
        for n, count in enumerate(passages, start=1)
    ]


def _names(groups: list[Group]) -> list[str]:
    return [
        "+".join([*(entry.name for entry in group.old), *(["new"] if group.grows else [])])
        for group in groups
    ]


@pytest.mark.parametrize(
    ("passages", "touched", "added", "groups"),
    [
        ([], [], 5, ["new"]),
        ([5], [], 5, ["s1+new"]),
        ([20], [], 5, ["new"]),
        ([60, 19], [], 5, ["s1+s2+new"]),
        ([100, 19], [], 5, ["s2+new"]),
        ([30_000, 9_000], [], 9_000, ["s2+new"]),  # together they were too many
        ([1], [], 40_000, ["new"]),
        ([100, 5], ["s1"], 5, ["s1", "s2+new"]),
        ([5, 5], ["s2"], 5, ["s1+s2+new"]),
        ([60_000, 100], ["s1", "s2"], 0, ["s2"]),  # large ones are compacted later
        ([100, 100], [], 0, []),
    ],
)
def test_small_segments_become_larger_ones(
    passages: list[int], touched: list[str], added: int, groups: list[str]
) -> None:
    assert _names(changed_groups(_entries(*passages), touched, added)) == groups


@pytest.mark.parametrize(
    ("passages", "groups"),
    [
        ([], []),
        ([32_000] * 2, []),
        ([32_000] * 4, ["s1+s2+s3+s4"]),
        ([32_000, 400_000, 32_000], []),  # few behind one of clusters
        ([400_000, *[32_000] * 4], ["s2+s3+s4+s5"]),
    ],
)
def test_what_is_compared_one_by_one_is_put_together_before_it_takes_long(
    passages: list[int], groups: list[str]
) -> None:
    assert _names(gathered_groups(_entries(*passages), 100_000)) == groups


@pytest.mark.parametrize(
    ("passages", "touched", "groups"),
    [
        ([], [], []),
        ([5], [], []),
        ([5], ["s1"], ["s1"]),
        ([5, 60_000, 7], [], ["s1+s2+s3"]),
        ([3_000_000, 900_000, 200_000], [], ["s1+s2"]),  # of so many sentences as one may have
    ],
)
def test_compacting_puts_all_together(
    passages: list[int], touched: list[str], groups: list[str]
) -> None:
    assert _names(compacted_groups(_entries(*passages), touched)) == groups
