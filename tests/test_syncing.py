from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.articles import Article
from index.errors import ArticleError, StoreError
from index.loaders.web.fetching import Fetched
from index.naming import documents_in, file_under, named_in
from index.retriever import Retriever
from index.store.base import Made
from index.store.memory import MemoryStore
from index.syncing import (
    Done,
    Plan,
    carry_out,
    plan_added,
    plan_exactly,
    plan_update,
)
from tests.fakes import WordEncoder


@pytest.fixture
def retriever() -> Retriever:
    encoder = WordEncoder()
    return Retriever(MemoryStore(Made(encoder.name, encoder.dimension)), encoder)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three documents, beside which one stands."""
    monkeypatch.chdir(tmp_path)
    write("docs/a.txt", "The trains stop in Rome.")
    write("docs/b.txt", "The buses stop in Turin.")
    write("docs/deep/c.txt", "The ships stop in Genoa.")
    return tmp_path / "docs"


def write(path: str | Path, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def do(plan: Plan, retriever: Retriever, tags: Sequence[str] = ()) -> Done:
    return carry_out(plan, retriever.store, lambda: retriever, tags=tags)


def add(retriever: Retriever, *paths: str | Path, tags: Sequence[str] = ()) -> Done:
    return do(plan_added(retriever.store, paths), retriever, tags)


def ids(retriever: Retriever) -> list[str]:
    return sorted(each.id for each in documents_in(retriever.store))


def texts(retriever: Retriever) -> dict[str, str]:
    return {article.id: article.text for article in retriever.articles}


def tags(retriever: Retriever) -> dict[str, list[str]]:
    return {each.id: sorted(each.tags) for each in documents_in(retriever.store)}


def test_what_is_new_and_what_has_changed_is_read_and_nothing_else(
    retriever: Retriever, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add(retriever, "docs") == Done(added=3)
    assert ids(retriever) == ["docs/a.txt", "docs/b.txt", "docs/deep/c.txt"]

    read: list[str] = []
    from_file = Article.from_file

    def noting(path: Path, **rest: Any) -> Article:  # noqa: ANN401 - as it is called
        read.append(path.name)
        return from_file(path, **rest)

    monkeypatch.setattr(Article, "from_file", noting)
    assert add(retriever, "docs") == Done(unchanged=3)
    assert read == []

    write("docs/a.txt", "The trains stop in Pisa.")
    os.utime("docs/a.txt", ns=(0, 0))
    os.utime("docs/b.txt", ns=(0, 0))  # touched only
    write("docs/d.txt", "The planes stop in Bari.")
    assert add(retriever, "docs") == Done(added=1, replaced=1, unchanged=2)
    assert sorted(read) == ["a.txt", "d.txt"]
    assert texts(retriever)["docs/a.txt"] == "The trains stop in Pisa."
    assert len(retriever.store) == 4


def test_a_file_is_the_same_document_from_wherever_it_is_named(
    retriever: Retriever, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(retriever, "docs/a.txt")
    monkeypatch.chdir(folder / "deep")
    assert add(retriever, "../a.txt") == Done(unchanged=1)
    assert add(retriever, folder / "a.txt") == Done(unchanged=1)
    write("../a.txt", "The trains stop in Pisa, too.")
    assert add(retriever, "../a.txt") == Done(replaced=1)
    (document,) = documents_in(retriever.store)
    assert (document.id, document.source) == ("docs/a.txt", "docs/a.txt")


def test_files_of_one_name_in_two_places_are_two_documents(
    retriever: Retriever, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("docs/deep/a.txt", "The ferries stop in Palermo.")
    monkeypatch.chdir(folder)
    add(retriever, "a.txt")
    monkeypatch.chdir(folder / "deep")
    assert add(retriever, "a.txt") == Done(added=1)
    second = (folder / "deep" / "a.txt").as_posix()
    assert texts(retriever) == {
        "a.txt": "The trains stop in Rome.",
        second: "The ferries stop in Palermo.",
    }
    assert add(retriever, "a.txt", "../a.txt") == Done(unchanged=2)


def test_a_document_without_a_file_is_replaced_by_the_file_of_its_id(
    retriever: Retriever, folder: Path
) -> None:
    retriever.add([Article("docs/a.txt", "A", "From an index of long ago.")])
    assert add(retriever, "docs/a.txt") == Done(replaced=1)
    assert texts(retriever) == {"docs/a.txt": "The trains stop in Rome."}


def test_what_cannot_be_read_is_told_and_stays_as_it_was(
    retriever: Retriever, folder: Path
) -> None:
    add(retriever, "docs")
    write("docs/a.txt", "")
    write("docs/e.txt", "")
    told: list[str] = []
    plan = plan_update(retriever.store, ["docs", "nowhere.txt"])
    done = carry_out(
        plan, retriever.store, lambda: retriever, tell=lambda read: told.append(str(read))
    )
    assert done == Done(unchanged=2, refused=3)
    assert told == [
        "docs/e.txt: the article is empty; there is nothing to quote.",
        "nowhere.txt: no such file; check the path.",
        "docs/a.txt: the article is empty; there is nothing to quote.",
    ]
    assert texts(retriever)["docs/a.txt"] == "The trains stop in Rome."


def test_nothing_is_made_where_nothing_can_be_read(folder: Path) -> None:
    def never() -> Retriever:
        raise AssertionError

    write("docs/a.txt", "")
    plan = plan_added(None, ["docs/a.txt", "nowhere.txt"])
    assert carry_out(plan, None, never) == Done(refused=2)


def test_an_update_brings_folders_in_step(retriever: Retriever, folder: Path) -> None:
    write("other/o.txt", "The horses stop in Siena.")
    add(retriever, "docs", "other")
    (folder / "b.txt").unlink()
    (folder / "deep" / "c.txt").unlink()
    (folder.parent / "other" / "o.txt").unlink()
    write("docs/d.txt", "The planes stop in Bari.")
    plan = plan_update(retriever.store, ["docs"])
    assert [each.path for each in plan.to_read] == [Path("docs/d.txt")]
    assert [each.id for each in plan.gone] == ["docs/b.txt", "docs/deep/c.txt"]
    assert do(plan, retriever) == Done(added=1, unchanged=1, removed=2)
    assert ids(retriever) == ["docs/a.txt", "docs/d.txt", "other/o.txt"]


def test_an_update_of_all_looks_at_the_files_that_are_known(
    retriever: Retriever, folder: Path
) -> None:
    retriever.add([Article("said", "Said", "This was never in a file.")])
    add(retriever, "docs")
    (folder / "b.txt").unlink()
    write("docs/a.txt", "The trains stop in Pisa, too.")
    write("docs/new.txt", "Nobody asked for this.")
    assert do(plan_update(retriever.store), retriever) == Done(replaced=1, unchanged=1, removed=1)
    assert ids(retriever) == ["docs/a.txt", "docs/deep/c.txt", "said"]
    assert [each.source for each in documents_in(retriever.store, [2])] == []  # it was replaced


def test_a_missing_disk_empties_no_library(retriever: Retriever, folder: Path) -> None:
    add(retriever, "docs")
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(StoreError, match=r"^None of the 3 files that were read is there any more"):
        plan_update(retriever.store)
    folder.mkdir()
    plan = plan_update(retriever.store, ["docs"])
    assert str(plan.refused[0]).startswith("docs: the folder holds no document")
    assert do(plan, retriever) == Done(refused=1)
    assert len(retriever.store) == 3


def test_exactly_these_files_are_there_afterwards(retriever: Retriever, folder: Path) -> None:
    retriever.add([Article("said", "Said", "This was never in a file.")])
    add(retriever, "docs")
    (folder / "a.txt").write_text("The trains stop in Pisa, too.")
    plan = plan_exactly(retriever.store, ["docs/a.txt", "docs/deep"])
    assert do(plan, retriever) == Done(replaced=1, unchanged=1, removed=2)
    assert ids(retriever) == ["docs/a.txt", "docs/deep/c.txt"]

    write("broken.txt", "")
    assert do(plan_exactly(retriever.store, ["broken.txt"]), retriever) == Done(refused=1)
    assert len(retriever.store) == 2  # nothing could be read, so nothing is removed


def test_what_was_committed_before_a_stop_is_not_done_again(folder: Path) -> None:
    class Stopping(WordEncoder):
        embedded = 0

        def encode_passages(
            self, texts: Sequence[str], *, progress: bool = False
        ) -> NDArray[np.float32]:
            if self.embedded > 0:
                raise KeyboardInterrupt
            self.embedded += len(texts)
            return super().encode_passages(texts, progress=progress)

    for name in ("a", "b", "deep/c"):
        write(f"docs/{name}.txt", " ".join(f"It rained on day {n}." for n in range(3_000)))
    encoder = Stopping()
    store = MemoryStore(Made(encoder.name, encoder.dimension))
    stopped = Retriever(store, encoder)
    with pytest.raises(KeyboardInterrupt):
        add(stopped, "docs")
    assert ids(stopped) == ["docs/a.txt"]  # the first batch is a small one
    assert add(Retriever(store, WordEncoder()), "docs") == Done(added=2, unchanged=1)


def test_an_encoding_that_was_named_is_remembered(retriever: Retriever, folder: Path) -> None:
    path = folder / "polish.txt"
    path.write_bytes("Łódź leży nad Łódką".encode("iso-8859-2"))
    plan = plan_added(retriever.store, [path], encoding="iso-8859-2")
    assert do(plan, retriever) == Done(added=1)
    assert add(retriever, path) == Done(unchanged=1)
    path.write_bytes("Łódź leży nad Nerem".encode("iso-8859-2"))
    assert do(plan_update(retriever.store), retriever) == Done(replaced=1)
    assert list(texts(retriever).values()) == ["Łódź leży nad Nerem"]
    plan = plan_added(retriever.store, [path], encoding="windows-1250")
    assert do(plan, retriever) == Done(replaced=1)


def test_tags_are_kept_and_new_ones_come_to_them(retriever: Retriever, folder: Path) -> None:
    add(retriever, "docs/a.txt", "docs/b.txt", tags=["old"])
    write("docs/a.txt", "The trains stop in Pisa, too.")
    assert add(retriever, "docs", tags=["new"]) == Done(added=1, replaced=1, unchanged=1)
    assert tags(retriever) == {
        "docs/a.txt": ["new", "old"],
        "docs/b.txt": ["new", "old"],
        "docs/deep/c.txt": ["new"],
    }
    write("docs/a.txt", "The trains stop in Bologna.")
    do(plan_update(retriever.store), retriever)
    assert tags(retriever)["docs/a.txt"] == ["new", "old"]
    file_under(retriever.store, named_in(retriever.store, ["docs/a.txt"]), ["best"], ["old"])
    assert tags(retriever)["docs/a.txt"] == ["best", "new"]


def test_what_an_update_brings_in_is_filed_and_what_was_moved_keeps_its_tags(
    retriever: Retriever, folder: Path
) -> None:
    add(retriever, "docs/a.txt", tags=["rail"])
    add(retriever, "docs/b.txt", tags=["road"])
    add(retriever, "docs/deep", tags=["sea"])
    (folder / "a.txt").rename(folder / "deep" / "trains.txt")
    (folder / "b.txt").unlink()
    write("docs/other.txt", "The buses stop in Milan.")  # as long as what is gone, but no more
    write("docs/planes.txt", "The planes stop in Bari, and on all of the islands.")
    write("docs/deep/c.txt", "The ships stop in Venice.")
    plan = plan_update(retriever.store, ["docs"], tags=["new"])
    assert do(plan, retriever) == Done(added=3, replaced=1, removed=2)
    assert tags(retriever) == {
        "docs/deep/c.txt": ["sea"],
        "docs/deep/trains.txt": ["new", "rail"],
        "docs/other.txt": ["new"],
        "docs/planes.txt": ["new"],
    }
    (folder / "deep" / "trains.txt").rename(folder / "a.txt")
    do(plan_exactly(retriever.store, ["docs"]), retriever)
    assert tags(retriever)["docs/a.txt"] == ["new", "rail"]


def test_an_address_is_fetched_each_time_it_is_named(retriever: Retriever) -> None:
    said = ["The talks began in Oslo, at ten."]

    def fetch(url: str) -> Fetched:
        return Fetched(said[0].encode(), "talks.txt", "text/plain", url)

    url = "https://example.org/talks"

    def add_url() -> Done:
        plan = plan_added(retriever.store, [url])
        return carry_out(plan, retriever.store, lambda: retriever, fetch=fetch)

    assert add_url() == Done(added=1)
    assert add_url() == Done(unchanged=1)
    said[0] = "The talks began in Rome, at ten."
    assert add_url() == Done(replaced=1)
    assert do(plan_update(retriever.store), retriever) == Done()  # nothing is fetched unasked
    assert texts(retriever) == {url: said[0]}


def test_documents_are_named_by_id_file_and_folder(retriever: Retriever, folder: Path) -> None:
    add(retriever, "docs")
    retriever.add([Article("said", "Said", "This was never in a file.")])

    def named(*names: str) -> list[str]:
        return [each.id for each in named_in(retriever.store, names)]

    assert named("said", "docs/b.txt") == ["docs/b.txt", "said"]
    assert named("docs/deep") == ["docs/deep/c.txt"]
    assert named(str(folder / "a.txt"), "docs/a.txt") == ["docs/a.txt"]
    assert named(str(folder)) == ["docs/a.txt", "docs/b.txt", "docs/deep/c.txt"]
    assert named() == []
    for name in ("docs/d", "doc", "", "docs/a.tx"):
        with pytest.raises(ArticleError, match=r"is not in the library"):
            named("said", name)
