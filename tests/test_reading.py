from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import ArticleError
from index.loaders.content import Content
from index.loaders.registry import LOADERS
from index.loaders.web.fetching import Fetched
from index.reading import read_articles, read_each

HTML = b"<!DOCTYPE html><title>Talks</title><p>The talks began in %s, at ten in the morning."


def _write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _texts(*paths: Path) -> list[str]:
    articles, refused = read_articles(paths)
    assert refused == []
    return [article.text for article in articles]


def test_a_folder_gives_its_documents_and_a_bad_one_does_not_stop_the_rest(tmp_path: Path) -> None:
    _write(tmp_path, "b.txt", b"Bee.")
    _write(tmp_path, "a.md", b"# Ay")
    _write(tmp_path, "broken.txt", b"\xff\xfe\xfd")
    _write(tmp_path, "picture.png", b"\x89PNG")
    _write(tmp_path, "deeper/c.TXT", b"Sea.")
    _write(tmp_path, "deeper/page.html", HTML % b"Oslo")

    articles, refused = read_articles([tmp_path])

    assert [article.text.partition(",")[0] for article in articles] == [
        "# Ay",
        "Bee.",
        "Sea.",
        "The talks began in Oslo",
    ]
    assert [str(error).partition(":")[0] for error in refused] == [str(tmp_path / "broken.txt")]


def test_every_path_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    good = _write(tmp_path, "a.txt", b"Ay.")
    (tmp_path / "empty").mkdir()

    articles, refused = read_articles([tmp_path / "no.txt", good, tmp_path / "empty"])

    assert [article.text for article in articles] == ["Ay."]
    assert [str(error) for error in refused] == [
        f"{tmp_path / 'no.txt'}: no such file; check the path.",
        f"{tmp_path / 'empty'}: the folder holds no document; expected {', '.join(LOADERS)}.",
    ]


def test_an_empty_path_is_not_the_folder_that_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "a.txt", b"Ay.")
    monkeypatch.chdir(tmp_path)
    articles, (refused,) = read_articles([""])
    assert articles == []
    assert str(refused) == "An empty path was given; name a file or a folder."


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.txt", b"Ay.")
    assert _texts(path, tmp_path, path) == ["Ay."]


def test_a_file_that_is_named_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    _write(tmp_path, "notes.log", b"Ay.")
    _write(tmp_path, "b.txt", b"Bee.")
    assert _texts(tmp_path) == ["Bee."]
    assert _texts(tmp_path / "notes.log") == ["Ay."]


def test_the_order_is_that_of_the_names_however_long_each_takes(tmp_path: Path) -> None:
    files = [
        _write(tmp_path, f"{n:02}{'.html' if n % 3 else '.txt'}", HTML % f"Town {n}".encode())
        for n in range(20)
    ]
    assert [text.partition(",")[0].rpartition(" ")[2] for text in _texts(*files[::-1])] == [
        str(n) for n in range(19, -1, -1)
    ]


def test_hidden_files_and_those_of_open_programs_are_left_out(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "~$letter.docx", "._a.txt", "a.txt"):
        _write(tmp_path, name, b"Ay.")
    assert len(_texts(tmp_path)) == 1
    assert len(_texts(tmp_path / ".git")) == 1  # which was named


@pytest.mark.skipif(sys.platform == "win32", reason="needs a privilege there")
def test_links_are_followed_and_circles_of_them_end(tmp_path: Path) -> None:
    _write(tmp_path, "in/deep/a.txt", b"Ay.")
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "deep" / "up").symlink_to("..")
    (tmp_path / "in" / "b.txt").symlink_to(tmp_path / "in" / "deep" / "a.txt")
    _write(tmp_path, "out/c.txt", b"Sea.")
    (tmp_path / "in" / "aside").symlink_to(tmp_path / "out")

    assert _texts(tmp_path / "in") == ["Sea.", "Ay."]

    (tmp_path / "in" / "gone.txt").symlink_to(tmp_path / "nothing")
    (tmp_path / "in" / "loop.txt").symlink_to("loop.txt")
    _, refused = read_articles([tmp_path / "in"])
    gone, loop = map(str, refused)
    assert gone == f"{tmp_path}/in/gone.txt: no such file; check the path."
    assert loop.startswith(f"{tmp_path}/in/loop.txt: cannot be read (Too many levels of")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
def test_pipes_in_folders_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    _write(tmp_path, "a.txt", b"Ay.")
    assert _texts(tmp_path) == ["Ay."]


def test_a_folder_that_cannot_be_looked_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "secret/a.txt", b"Ay.")
    _write(tmp_path, "b.txt", b"Bee.")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "secret":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    articles, refused = read_articles([tmp_path])
    assert [article.text for article in articles] == ["Bee."]
    assert [str(error) for error in refused] == [
        f"{tmp_path / 'secret'}: cannot be read (Permission denied)."
    ]


def test_what_people_take_for_documents_is_told_and_the_rest_left_alone(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", b"Ay.")
    _write(
        tmp_path,
        "old.doc",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
    )
    _write(tmp_path, "cat.jpg", b"\xff\xd8\xff")
    articles, refused = read_articles([tmp_path])
    assert len(articles) == 1
    assert [str(error) for error in refused] == [
        f"{tmp_path}/old.doc: is a Word document of before 2007; save it as .docx and try again."
    ]


def test_what_is_left_out_of_folders_is_told_in_a_line(tmp_path: Path) -> None:
    for name in (
        "a.txt",
        "cat.jpg",
        ".hidden.jpg",
        "in/dog.JPG",
        "in/x.xyz",
        "Makefile",
        "~$a.xyz",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        _write(tmp_path, name, b"Ay.")
    told: list[str] = []
    articles, refused = read_articles([tmp_path], tell=told.append)
    assert (len(articles), refused) == (1, [])
    assert told == ["left out: 4 files of kinds that are not read (.jpg, .xyz, no suffix)"]
    told.clear()
    read_articles([tmp_path / "a.txt", tmp_path / "cat.jpg"], tell=told.append)
    assert told == []
    for number in range(7):
        _write(tmp_path / "in", f"a.{number}", b"Ay.")
    read_articles([tmp_path / "in"], tell=told.append)
    assert told == ["left out: 9 files of kinds that are not read (.0, .1, .2, .3, .4, 4 more)"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_files_may_be_called_anything(tmp_path: Path) -> None:
    for name in (b"\xe8.txt", b"\xe9.txt", b"\xe9\xff/a.html", b"\xe9.pdf"):
        data = HTML % b"Oslo" if b"html" in name else b"" if b"pdf" in name else b"Ay."
        _write(tmp_path, os.fsdecode(name), data)
    articles, refused = read_articles([tmp_path])
    assert len({article.id for article in articles}) == 3
    assert [str(error) for error in refused] == [
        f"{tmp_path}/\ufffd.pdf: the article is empty; there is nothing to quote."
    ]


def test_each_is_given_in_turn_and_few_are_read_ahead(tmp_path: Path) -> None:
    files = [_write(tmp_path, f"{n:03}.txt", f"Text {n}.".encode()) for n in range(200)]
    files[1].write_bytes(b"")
    read: list[int] = []
    each = read_each([(file, None) for file in files], done=lambda: read.append(1))

    first, second = next(each), next(each)
    assert isinstance(first, Article)
    assert first.text == "Text 0."
    assert str(second) == f"{files[1]}: the article is empty; there is nothing to quote."
    assert len(read) < 200
    assert [a.text for a in each if isinstance(a, Article)] == [f"Text {n}." for n in range(2, 200)]


def test_each_file_may_be_in_an_encoding_of_its_own(tmp_path: Path) -> None:
    files = []
    for encoding in ("iso-8859-2", "utf-16", None):
        path = _write(tmp_path, f"{encoding}.txt", "Łódź".encode(encoding or "utf-8"))
        files.append((path, encoding))
    for (_, encoding), article in zip(files, read_each(files), strict=True):
        assert isinstance(article, Article)
        assert article.text == "Łódź"
        assert article.original is not None
        assert article.original.encoding == encoding


def test_a_loader_that_breaks_down_costs_its_own_file_only(tmp_path: Path) -> None:
    def broken(data: bytes, name: str) -> Content:
        raise KeyError("title")

    _write(tmp_path, "a.xyz", b"Ay.")
    _write(tmp_path, "b.txt", b"Bee.")
    articles, refused = read_articles([tmp_path], loaders={**LOADERS, ".xyz": broken})
    assert [article.text for article in articles] == ["Bee."]
    assert [str(error) for error in refused] == [
        f"{tmp_path}/a.xyz: cannot be read: its loader broke down (KeyError: 'title')."
    ]
    assert isinstance(refused[0].__cause__, KeyError)


def test_an_interrupt_ends_what_is_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [_write(tmp_path, f"{n}.txt", b"Ay.") for n in range(50)]
    read: list[Path] = []

    def interrupted(path: Path, **_: object) -> Article:
        read.append(path)
        raise KeyboardInterrupt

    monkeypatch.setattr(Article, "from_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read_articles(files)
    assert len(read) < 50


def test_what_an_address_leads_to_is_read_among_files(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(url: str) -> Fetched:
        asked.append(url)
        if "gone" in url:
            raise ArticleError(f"{url}: is not there (404); check the address.")
        return Fetched(HTML % b"Oslo", "talks.html", "text/html", "https://example.org/talks/")

    path = _write(tmp_path, "a.txt", b"Ay.")
    assert read_articles([path], fetch=fetch)[0][0].text == "Ay."
    assert asked == []  # nothing is fetched unless an address is given

    urls = ["HTTPS://example.org/talks", "http://example.org/gone"]
    (page, text), refused = read_articles([*urls, path, urls[0]], fetch=fetch)
    assert asked == urls
    assert (page.id, page.source) == (urls[0], "https://example.org/talks/")
    assert page.title == "Talks"
    assert page.original is not None
    assert page.original.read() == HTML % b"Oslo"
    assert len(page.places)
    assert text.text == "Ay."
    assert [str(error) for error in refused] == [
        f"{urls[1]}: is not there (404); check the address."
    ]


def test_notes_are_kept_with_their_article(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "Łódź leży nad Łódką. Żółta łódź płynie.".encode("cp1250"))
    _write(tmp_path, "b.txt", b"Bee.")
    (one, other), _ = read_articles([tmp_path])
    assert one.notes
    assert not other.notes


def test_a_text_in_an_encoding_that_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "Łódź".encode("iso-8859-2"))
    (article,), _ = read_articles([tmp_path], encoding="iso-8859-2")
    assert article.text == "Łódź"
    assert article.original is not None
    assert article.original.encoding == "iso-8859-2"
    _, (error,) = read_articles([tmp_path], encoding="klingon")
    assert isinstance(error, ArticleError)
    assert "there is no encoding 'klingon'" in str(error)
