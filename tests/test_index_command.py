from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from index.articles import Article
from index.store.opening import open_store
from tests.commands import Outcome, Run
from tests.fakes import WordEncoder

PAGE = "<!DOCTYPE html><title>{0}</title><h1>{0}</h1><p>The talks of {0} began in Oslo, at ten."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text("The trains stop in Rome. They go on to Bari.")
    (folder / "b.html").write_text(PAGE.format("Spring"))
    (folder / "c.html").write_text(PAGE.format("Autumn"))
    (folder / "d.pdf").write_text("The buses stop in Turin.")
    return folder


@pytest.fixture
def make(run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Index the folder with an encoder of words."""
    monkeypatch.setattr("index.models.encoder.load_encoder", lambda _: WordEncoder())

    def index(*arguments: str) -> Outcome:
        return run("index", str(folder), "--out", str(tmp_path / "i"), *arguments)

    return index


def articles(tmp_path: Path) -> list[Article]:
    store = open_store(tmp_path / "i")
    try:
        return list(store.articles(store.numbers()).values())
    finally:
        store.close()


def texts(tmp_path: Path) -> dict[str, str]:
    return {Path(each.id).name: each.text for each in articles(tmp_path)}


def test_a_folder_of_mixed_documents_is_indexed(make: Run, tmp_path: Path, folder: Path) -> None:
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (folder / "empty.pdf").touch()
    outcome = make()
    assert outcome.code == 1
    assert outcome.out == f"{tmp_path / 'i'}: articles: 4, passages: 4\n"
    assert outcome.err.splitlines() == [
        f"article-qa: {folder}/d.pdf: is named .pdf, but is plain text, and was read as that.",
        f"article-qa: {folder}/empty.pdf: the article is empty; there is nothing to quote.",
        f"article-qa: {folder}/old.doc: is a file of another program, not a document; export it "
        "as PDF or text and add that.",
    ]
    assert sorted(texts(tmp_path)) == ["a.txt", "b.html", "c.html", "d.pdf"]


def test_what_has_not_changed_is_not_read_again(
    make: Run, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make().code == 0
    again = make()
    assert again.err == ""
    assert again.out.splitlines()[1] == "unchanged: 4, new: 0, changed: 0, gone: 0"

    (folder / "a.txt").write_text("The trains stop in Pisa. They go on to Bari.")
    (folder / "b.html").unlink()
    (folder / "e.txt").write_text("The ships stop in Genoa.")
    os.utime(folder / "c.html")  # touched only
    read: list[str] = []
    from_file = Article.from_file

    def noting(path: Path, **options: Any) -> Article:  # noqa: ANN401
        read.append(path.name)
        return from_file(path, **options)

    monkeypatch.setattr(Article, "from_file", noting)
    outcome = make()
    assert outcome.out.splitlines() == [
        f"{tmp_path / 'i'}: articles: 4, passages: 4",
        "unchanged: 2, new: 1, changed: 1, gone: 1",
    ]
    assert sorted(read) == ["a.txt", "e.txt"]
    assert texts(tmp_path)["a.txt"].startswith("The trains stop in Pisa.")
    assert sorted(texts(tmp_path)) == ["a.txt", "c.html", "d.pdf", "e.txt"]


def test_a_library_finds_the_same_whether_made_at_once_or_bit_by_bit(
    make: Run, run: Run, tmp_path: Path, folder: Path
) -> None:
    held = (folder / "b.html").read_bytes()
    (folder / "b.html").unlink()
    make()
    (folder / "b.html").write_bytes(held)
    make()
    (tmp_path / "i").rename(tmp_path / "by bits")
    make()
    search = ("library", "search", "Where did the talks of Spring begin?", "--json", "--library")
    at_once = json.loads(run(*search, str(tmp_path / "i")).out)
    assert at_once[0]["article_title"] == "Spring"
    by_bits = json.loads(run(*search, str(tmp_path / "by bits")).out)
    assert by_bits == [
        {**each, **{name: pytest.approx(each[name]) for name in ("score", "similarity", "bm25")}}
        for each in at_once
    ]


def test_what_cannot_be_read_any_more_stays_as_it_was(
    make: Run, tmp_path: Path, folder: Path
) -> None:
    make()
    (folder / "a.txt").write_text("")
    outcome = make()
    assert outcome.code == 1
    assert outcome.complaint.endswith("a.txt: the article is empty; there is nothing to quote.")
    assert outcome.out.splitlines()[1] == "unchanged: 3, new: 0, changed: 0, gone: 0"
    assert texts(tmp_path)["a.txt"].startswith("The trains stop in Rome.")


def test_another_encoding_reads_texts_again(make: Run, tmp_path: Path, folder: Path) -> None:
    (folder / "f.txt").write_bytes("Łódź leży nad Łódką, a Kraków nad Wisłą.".encode("iso-8859-2"))
    assert "which was guessed; name another encoding (--encoding)" in make().err
    outcome = make("--encoding", "iso-8859-2")
    assert outcome.code == 0
    assert texts(tmp_path)["f.txt"].startswith("Łódź leży nad Łódką")
    assert "there is no encoding 'klingon'" in make("--encoding", "klingon").err


def test_what_is_no_index_is_left_alone_before_anything_is_read(
    run: Run, tmp_path: Path, folder: Path
) -> None:
    outcome = run("index", str(folder), "--out", str(folder))
    assert outcome.code == 1
    assert outcome.complaint.startswith(f"article-qa: {folder}: ")
    assert "so it is left alone" in outcome.complaint


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_names_of_any_bytes_are_indexed(make: Run, tmp_path: Path, folder: Path) -> None:
    for byte in (b"\xe8", b"\xe9"):
        (folder / os.fsdecode(byte + b".txt")).write_text(f"The ships stop in {byte[0]}.")
    assert make().code == 0
    read = articles(tmp_path)
    assert len({article.id for article in read}) == 6
    assert [article.title for article in read].count("\ufffd") == 2
    assert make().out.splitlines()[1] == "unchanged: 6, new: 0, changed: 0, gone: 0"
    for article in read:
        assert article.original is not None
        assert article.original.read()
