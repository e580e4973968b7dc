from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article
from index.errors import StoreError
from index.originals import Original
from index.places import FULL, Part, Places
from index.placing import PlacesBuilder
from index.store.base import Made
from index.store.folder.store import FolderStore
from index.store.settings import Fusion, IndexSettings
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

TEXT = "The talks began in Oslo. They went on in Bergen."


def placed() -> Places:
    """Say that the text stands on two pages, a sentence each."""
    builder = PlacesBuilder()
    for number, sentence in enumerate(TEXT.split(". "), start=1):
        builder.begin(Part("page", number, width=600, height=800))
        box = np.tile(np.array([0, 0, FULL // 2, FULL // 4], dtype=np.uint16), (len(sentence), 1))
        builder.copy(sentence, None, 0, box)
        builder.put(". " if number == 1 else "")
    return builder.places()


def test_what_is_written_is_read_by_whoever_opens_it(tmp_path: Path) -> None:
    settings = IndexSettings(window=5, stride=2, fusion=Fusion(0.1, 2))
    store = FolderStore.create(tmp_path / "i", Made("words", 64), settings)
    added = store.change(add=prepared(TRAINS, BUSES, tags=["travel"]))
    other = FolderStore.open(tmp_path / "i")
    assert other.made == ("words", 64)
    assert other.settings == settings
    assert other.documents() == added
    assert other.articles(other.numbers()) == {1: TRAINS, 2: BUSES}
    assert [document.tags for document in other.documents()] == [{"travel"}] * 2
    for number, each in enumerate(prepared(TRAINS, BUSES), start=1):
        assert np.array_equal(other.vectors(number), each.vectors)
        cut = other.cuts(np.array([number]))[number]
        assert np.array_equal(cut.sentences, each.cut.sentences)
        assert np.array_equal(cut.passages, each.cut.passages)


def test_all_that_is_known_of_an_article_is_kept(tmp_path: Path) -> None:
    original = Original("application/pdf", "0" * 64, "/gone/\udcff.pdf", size=7, modified=8)
    knowing = Article(
        "pdf\0",
        "“PDF” \U0001f41f",
        TEXT,
        source="a.pdf",
        meta={"author": "A. Smith", "pages": [0, 13]},
        places=placed(),
        original=original,
        notes=("Page 3 holds no text.",),
    )
    held = replace(knowing, id="bytes", original=Original.of(b"x", "text/html"))
    library(tmp_path / "i", knowing, held)
    store = FolderStore.open(tmp_path / "i")
    found, other = store.articles(store.numbers()).values()
    assert found == knowing
    assert found.meta == {"author": "A. Smith", "pages": (0, 13)}
    assert found.notes == knowing.notes
    assert found.original == original
    assert [document.original for document in store.documents()] == [original, None]
    assert found.places.of(0, len(TEXT)) == knowing.places.of(0, len(TEXT))
    assert [place.part.label for place in found.places.of(0, 30)] == ["page 1", "page 2"]
    assert other.original is None  # its bytes are not kept


@pytest.mark.parametrize("exact_up_to", [1000, 0], ids=["exact", "clusters"])
def test_a_removed_document_is_in_no_byte_of_the_folder(tmp_path: Path, exact_up_to: int) -> None:
    store = library(tmp_path / "i", TRAINS, MARKED, BUSES, exact_up_to=exact_up_to)

    def held() -> str:
        data = b"".join(path.read_bytes() for path in (tmp_path / "i").rglob("*") if path.is_file())
        return data.lower().decode("latin-1")

    before = held()
    assert [mark for mark in MARKS if mark not in before] == []
    store.change(remove=[MARKED.id])
    assert [mark for mark in MARKS if mark in held()] == []
    assert ids(store) == ["trains", "buses"]
    assert store.vocabulary.count("platypuses") is None
    assert store.vocabulary.count("stop") == 2


def test_what_is_replaced_is_in_no_byte_of_the_folder(tmp_path: Path) -> None:
    store = library(tmp_path / "i", TRAINS, MARKED)
    store.change(add=prepared(replace(BUSES, id=MARKED.id)))
    data = b"".join(path.read_bytes() for path in (tmp_path / "i").rglob("*") if path.is_file())
    assert [mark for mark in MARKS if mark.encode() in data.lower()] == ["quokka"]  # it is the id


def test_words_of_a_text_that_is_gone_are_lemmas_only_of_those_that_are_left(
    tmp_path: Path,
) -> None:
    ran = Article("a", "A", "He ran. She was running.")
    run = Article("b", "B", "A run of mice.")
    store = library(tmp_path / "i", ran, run)
    assert store.vocabulary.count("run") == 1
    store.change(remove=["b"])
    assert store.vocabulary.count("run") == 0  # the lemma of "ran"
    assert store.vocabulary.count("mice") is None
    assert store.vocabulary.count("mouse") is None
    assert dict(store.vocabulary.words()) == dict(library(tmp_path / "j", ran).vocabulary.words())


def test_an_open_library_knows_what_others_change(tmp_path: Path) -> None:
    writer = library(tmp_path / "i", TRAINS)
    reader = FolderStore.open(tmp_path / "i")
    version = reader.version
    assert ids(reader) == ["trains"]
    writer.change(add=prepared(BUSES))
    assert reader.version != version
    assert ids(reader) == ["trains", "buses"]
    found = reader.matching("buses", 5)
    assert (found.passages >> 31).tolist() == [2]
    writer.change(remove=["trains"])
    assert reader.articles(np.array([1, 2])) == {2: BUSES}
    (near,) = reader.nearest(ENCODER.encode_questions(["trains stop in Rome"]), 5)
    assert set((near >> 31).tolist()) == {2}


def test_numbers_are_never_used_again(tmp_path: Path) -> None:
    store = library(tmp_path / "i", TRAINS, BUSES)
    store.change(remove=["buses"])
    FolderStore.open(tmp_path / "i", writing=True).change(add=prepared(BUSES))
    assert store.numbers().tolist() == [1, 3]
    store.change(remove=["trains", "buses"])
    store.compact()
    store.change(add=prepared(TRAINS))
    assert store.numbers().tolist() == [4]


def test_documents_added_one_by_one_are_found_as_those_added_at_once(tmp_path: Path) -> None:
    articles = [
        Article(f"n{n}", f"Place {n}", f"Number {n} stops. It is {n * 7}.") for n in range(40)
    ]
    by_bits = library(tmp_path / "bits", *articles)
    at_once = FolderStore.create(tmp_path / "once", MADE, SETTINGS)
    at_once.change(add=prepared(*articles))
    assert len(segments(tmp_path / "once")) == 1
    for store in (by_bits, FolderStore.open(tmp_path / "bits")):
        for question in ("number 7", "what stops?", "place 21"):
            one, other = store.matching(question, 50), at_once.matching(question, 50)
            assert one.passages.tolist() == other.passages.tolist()
            assert one.scores == pytest.approx(other.scores)
        assert dict(store.vocabulary.words()) == dict(at_once.vocabulary.words())
    assert len(segments(tmp_path / "bits")) <= 4
    by_bits.compact()
    (whole,), (other_whole,) = segments(tmp_path / "bits"), segments(tmp_path / "once")
    assert (whole / "arrays.npz").read_bytes() == (other_whole / "arrays.npz").read_bytes()


def test_compacting_frees_room_and_changes_nothing_else(tmp_path: Path) -> None:
    long = Article("long", "Long", "\n".join(f"Line {n} is here." for n in range(5000)))
    store = library(tmp_path / "i", long, TRAINS, BUSES)
    before = (tmp_path / "i" / "library.sqlite").stat().st_size
    store.change(remove=["long"])
    found = store.matching("trains", 5)
    store.compact()
    assert (tmp_path / "i" / "library.sqlite").stat().st_size < before / 2
    assert len(segments(tmp_path / "i")) == 1
    assert store.matching("trains", 5).passages.tolist() == found.passages.tolist()
    assert ids(store) == ["trains", "buses"]


def test_a_library_may_be_emptied_and_filled_again(tmp_path: Path) -> None:
    store = library(tmp_path / "i", TRAINS)
    store.change(remove=["trains"])
    assert len(store) == 0
    assert segments(tmp_path / "i") == []
    assert store.nearest(ENCODER.encode_questions(["x"]), 3)[0].tolist() == []
    store.compact()
    store.change(add=prepared(BUSES))
    assert ids(FolderStore.open(tmp_path / "i")) == ["buses"]


def test_articles_that_are_asked_for_again_are_the_same(tmp_path: Path) -> None:
    store = library(tmp_path / "i", TRAINS)
    (first,) = store.articles(np.array([1])).values()
    (again,) = store.articles(np.array([1])).values()
    assert again is first  # so what was found out of its structure is not found out again


def test_arrays_that_are_large_are_mapped(tmp_path: Path) -> None:
    long = Article("long", "Long", "\n".join(f"Line {n} is here." for n in range(5000)))
    library(tmp_path / "i", long)
    vectors = FolderStore.open(tmp_path / "i").vectors(1)
    assert vectors.base is not None
    assert isinstance(vectors.base.base, np.memmap)
    assert not vectors.flags.writeable


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    store = library(tmp_path / "i", TRAINS)
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            numbers = (store.matching("trains stop", 5).passages >> 31).tolist()
            if 1 not in numbers or store.articles(np.array([1])) != {1: TRAINS}:
                wrong.append(numbers)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(12):
        store.change(add=prepared(replace(BUSES, id=f"b{n}")), remove=[f"b{n - 2}"])
    store.compact()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert ids(store) == ["trains", "b10", "b11"]


@pytest.mark.parametrize(
    ("article", "vectors", "says"),
    [
        (replace(TRAINS, id="\ud800"), 64, "half of a surrogate pair"),
        (TRAINS, 32, "vectors of 32 numbers; expected 64, as words makes them"),
    ],
)
def test_a_document_that_does_not_fit_is_refused(
    tmp_path: Path, article: Article, vectors: int, says: str
) -> None:
    store = library(tmp_path / "i", BUSES)
    (ready,) = prepared(TRAINS)
    wrong = replace(ready, article=article, vectors=ready.vectors[:, :vectors])
    with pytest.raises(StoreError, match=says) as error:
        store.change(add=[wrong])
    assert str(error.value).startswith(f"{tmp_path / 'i'}: ")
    assert ids(store) == ["buses"]


def test_two_documents_of_one_id_are_refused(tmp_path: Path) -> None:
    store = library(tmp_path / "i")
    with pytest.raises(StoreError, match="the same id; give each its own"):
        store.change(add=prepared(TRAINS, TRAINS))
