"""Names that cannot be kept, processes that fork, and libraries that go while they are open."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import StoreError
from index.store.base import Store
from index.store.memory import MemoryStore
from index.store.opening import open_store
from index.store.postgres.upkeep import drop
from tests.libraries import BUSES, ENCODER, MADE, SETTINGS, TRAINS, prepared
from tests.postgres_libraries import Libraries

QUESTION = "Where do the trains stop?"


@dataclass(frozen=True)
class Place:
    """Where a library is, and how it is removed."""

    where: Path | str
    remove: Callable[[], object]

    def open(self) -> Store:
        return open_store(self.where, writing=True, create=(MADE, SETTINGS))


@pytest.fixture(params=["folder", "database"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return Place(tmp_path / "l", lambda: shutil.rmtree(tmp_path / "l"))
    libraries: Libraries = request.getfixturevalue("libraries")
    return Place(libraries.url, lambda: drop(libraries.url))


def found(store: Store) -> list[str]:
    """Return the ids of what is found, in every way there is."""
    near = store.nearest(ENCODER.encode_questions([QUESTION]), 99)[0]
    passages = store.matching(QUESTION, 9).passages
    of = store.articles(store.numbers())
    own = [{of[key >> 31].id for key in keys.tolist()} for keys in (near, passages)]
    return sorted(set.intersection(*own))


@pytest.mark.parametrize(
    ("change", "tags", "says"),
    [
        ({"id": "a\ud800"}, [], "half of a surrogate pair"),
        ({"title": "\udfff"}, [], "half of a surrogate pair"),
        ({"source": "\udc80.txt"}, [], "half of a surrogate pair"),
        ({}, ["\ud800"], "half of a surrogate pair"),
        ({}, ["a\0b"], "NUL"),
    ],
)
@pytest.mark.parametrize("kind", ["memory", "folder", "database"])
def test_names_that_not_every_store_can_keep_are_refused_by_all(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    kind: str,
    change: dict[str, Any],
    tags: list[str],
    says: str,
) -> None:
    store: Store
    if kind == "memory":
        store = MemoryStore(MADE, SETTINGS)
    elif kind == "folder":
        store = open_store(tmp_path / "l", create=(MADE, SETTINGS))
    else:
        url = request.getfixturevalue("libraries").url
        store = open_store(url, create=(MADE, SETTINGS))
    store.change(add=prepared(BUSES))
    (ready,) = prepared(TRAINS, tags=tags)
    wrong = replace(ready, article=replace(TRAINS, **change))
    attempts: list[Callable[[], object]] = [
        lambda: store.change(add=[wrong]),
        lambda: store.tag(["buses"], tags) if tags else store.change(add=[wrong]),
    ]
    for attempt in attempts:
        with pytest.raises(StoreError, match=f"cannot be kept, as it holds {says}"):
            attempt()
    assert [(each.id, each.tags) for each in store.documents()] == [("buses", frozenset())]
    assert store.numbers(ids=["\ud800"], tags=["\ud800", "a\0b"]).tolist() == []
    store.close()


def test_a_library_that_is_removed_or_made_anew_is_not_taken_for_the_old_one(place: Place) -> None:
    store = place.open()
    store.change(add=prepared(TRAINS))
    assert found(store) == ["trains"]
    asked: list[Callable[[], object]] = [
        lambda: store.version,
        lambda: len(store),
        store.documents,
        store.numbers,
        lambda: store.numbers(ids=["trains"]),
        lambda: store.matching(QUESTION, 3),
        lambda: store.vocabulary,
        lambda: store.change(add=prepared(BUSES)),
        lambda: store.tag(["trains"], ["new"]),
        store.compact,
    ]
    place.remove()
    for ask in asked:
        with pytest.raises(StoreError, match="open it anew"):
            ask()
    other = place.open()
    other.change(add=prepared(replace(TRAINS, text="The trains stop in Oslo.")))
    for ask in asked:
        with pytest.raises(StoreError, match=r"removed or made anew .* open it anew"):
            ask()
    assert [each.tags for each in other.documents()] == [frozenset()]
    store.close()
    other.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_process_that_is_forked_shares_no_file_lock_or_connection(place: Place) -> None:
    store = place.open()
    store.change(add=prepared(TRAINS))
    assert found(store) == ["trains"]
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        lock = getattr(store, "_reading", None) or store._connections._lock  # type: ignore[attr-defined]
        with lock:
            held.set()
            done.wait()

    busy = threading.Thread(target=hold)
    busy.start()
    held.wait()
    if not (child := os.fork()):
        status = 1
        try:
            signal.alarm(60)
            for _ in range(20):
                assert found(store)[-1] == "trains"
            store.change(add=prepared(BUSES))
            store.close()
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)
    done.set()
    busy.join()
    for _ in range(20):
        assert found(store)[-1] == "trains"
    assert os.waitpid(child, 0)[1] == 0
    assert sorted(each.id for each in store.documents()) == ["buses", "trains"]
    store.close()


def test_a_closed_library_says_that_it_is_closed(place: Place) -> None:
    store = place.open()
    store.close()
    with pytest.raises(StoreError, match="was closed; open it again"):
        store.matching(QUESTION, 3)


def test_what_a_role_and_a_url_set_changes_nothing(libraries: Libraries) -> None:
    server = libraries.server
    role = f"odd_{libraries.name}"
    server.execute(
        f"CREATE ROLE {role} LOGIN SUPERUSER",
        f"ALTER ROLE {role} SET client_encoding = SQL_ASCII",
        f"ALTER ROLE {role} SET standard_conforming_strings = off",
        f"ALTER ROLE {role} SET search_path = nowhere",
    )
    url = server.url(libraries.name, user=role)
    store = open_store(f"{url}&client_encoding=latin1", create=(MADE, SETTINGS))
    store.change(add=prepared(replace(TRAINS, id="東京"), tags=["€"]))
    store.change(add=prepared(replace(TRAINS, id="東京", title="Other"), tags=["€ \\'"]))
    assert found(store) == ["東京"]
    assert store.numbers(ids=["東京"]).tolist() == store.numbers(tags=["€ \\'"]).tolist() == [2]
    store.close()


def test_an_open_library_that_a_newer_program_migrates_is_not_written_to(
    libraries: Libraries,
) -> None:
    store = open_store(libraries.url, create=(MADE, SETTINGS))
    store.change(add=prepared(TRAINS))
    libraries.server.execute(f"UPDATE {libraries.name}.meta SET version = 99")
    with pytest.raises(StoreError, match=r"have version 99 by now.*upgrade article-qa"):
        store.change(add=prepared(BUSES))
    assert found(store) == ["trains"]
    store.close()


def test_a_library_opened_by_a_relative_path_is_the_same_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("l", create=(MADE, SETTINGS))
    store.change(add=prepared(TRAINS))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    store.change(add=prepared(BUSES))
    assert len(store) == 2
    assert found(store) == ["buses", "trains"]
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_segments_that_a_link_leads_to_are_not_swept(tmp_path: Path) -> None:
    other = open_store(tmp_path / "other", create=(MADE, SETTINGS))
    other.change(add=prepared(TRAINS))
    open_store(tmp_path / "l", create=(MADE, SETTINGS)).close()
    shutil.rmtree(tmp_path / "l" / "segments", ignore_errors=True)
    (tmp_path / "l" / "segments").symlink_to(tmp_path / "other" / "segments")
    store = open_store(tmp_path / "l", writing=True)
    store.change(add=prepared(BUSES))
    store.close()
    assert found(open_store(tmp_path / "other")) == ["trains"]
    other.close()
