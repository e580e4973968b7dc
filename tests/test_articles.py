from __future__ import annotations

import copy
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from index.articles import Article
from index.errors import ArticleError
from index.meta import Meta


def _write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_text_file_becomes_an_article_named_after_it(tmp_path: Path) -> None:
    path = _write(tmp_path, "talks.txt", "Sie sprachen über “Frieden”.\n".encode())

    article = Article.from_file(path)

    assert article.text == "Sie sprachen über “Frieden”.\n"
    assert article.title == "talks"
    assert article.id == path.as_posix()
    assert article.source == str(path)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfWith a mark.", "With a mark."),
        (b"One.\r\nTwo.\r\n", "One.\nTwo.\n"),
        (b"Old Mac.\rTwo.", "Old Mac.\nTwo."),
        (b"Nul\0 bytes in a longer text.\0", "Nul bytes in a longer text."),
    ],
    ids=["byte-order mark", "CRLF", "CR", "NUL"],
)
def test_what_is_not_text_in_a_file_is_gone_before_offsets_are_counted(
    tmp_path: Path, data: bytes, text: str
) -> None:
    assert Article.from_file(_write(tmp_path, "a.txt", data)).text == text


def test_a_markdown_heading_is_the_title_and_the_text_stays_as_it_is(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.md", b"Draft\n\n# The *Talks* #\n\nThey met.\n\n# Later\n")

    article = Article.from_file(path)

    assert article.title == "The *Talks*"
    assert article.text.startswith("Draft\n\n# The *Talks* #")


def test_a_text_given_directly_is_kept_to_the_character() -> None:
    text = "\ufeff One.\r\nTwo\0 \u202e.\t"
    assert Article("a", "A", text).text == text


def test_what_a_file_holds_is_an_article_as_the_file_is(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf# The talks\r\n\r\nThey met."
    article = Article.from_bytes(data, "a.md")
    assert (article.id, article.title, article.source) == ("a.md", "The talks", None)
    assert article.text == Article.from_file(_write(tmp_path, "a.md", data)).text


def test_an_article_of_one_word_is_an_article(tmp_path: Path) -> None:
    assert Article.from_file(_write(tmp_path, "a.txt", b"Word")).text == "Word"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n", "is empty"),
        ("Text".encode("utf-16")[:-1], "is not utf-16-le text (byte 0x74 at position 6)"),
        (bytes(range(128)), "is a binary file"),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
            "is a picture, in which no text can be read; run OCR first (ocrmypdf",
        ),
    ],
    ids=["empty", "white space", "half of UTF-16", "binary", "PNG"],
)
def test_a_file_that_is_no_text_is_refused_with_the_reason(
    tmp_path: Path, data: bytes, says: str
) -> None:
    path = _write(tmp_path, "a.txt", data)
    with pytest.raises(ArticleError) as error:
        Article.from_file(path)
    assert says in str(error.value)
    assert "a.txt" in str(error.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"missing\.txt: no such file"):
        Article.from_file(tmp_path / "missing.txt")
    with pytest.raises(ArticleError, match="is a folder; name a file in it"):
        Article.from_file(tmp_path)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ArticleError, match=r"pipe\.txt: is a pipe or a device, not a file; save"):
        Article.from_file(tmp_path / "pipe.txt")
    with pytest.raises(ArticleError, match=r"/dev/zero: is a pipe or a device"):
        Article.from_file("/dev/zero")
    with pytest.raises(ArticleError, match="cannot be read"):
        Article.from_file("a\0.txt")
    with pytest.raises(ArticleError, match=r"a\.txt/b\.txt: no such file"):
        Article.from_file(_write(tmp_path, "a.txt", b"Ay.") / "b.txt")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(ArticleError, match=r"has 3,000 MB; expected at most 200 MB\. Split it"):
        Article.from_file(tmp_path / "large.txt")


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_file_may_be_called_anything(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"caf\xe8.txt", b"caf\xe9.pdf", "née\n.txt".encode()):
        (tmp_path / os.fsdecode(name)).write_bytes(b"The talks began." if name[-1] != 102 else b"")
    one, other = (Article.from_file(tmp_path / os.fsdecode(b"caf%c.txt" % n)) for n in (233, 232))
    assert one.title == other.title == "caf\ufffd"
    assert one.id != other.id
    for article in (one, other):
        f"{article.id}{article.source}".encode()
        assert article.original is not None
        assert article.original.read() == b"The talks began."
    assert Article.from_file(tmp_path / "née\n.txt").title == "née\n"
    with pytest.raises(ArticleError, match=r"caf\ufffd\.pdf: the article is empty"):
        Article.from_file(tmp_path / os.fsdecode(b"caf\xe9.pdf"))
    assert Article.from_bytes(b"Talks.", "a\udcff.txt").title == "a\ufffd"


def test_the_document_of_an_article_is_read_again_unless_it_has_changed(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.txt", b"The talks began.")
    original = Article.from_file(path).original
    assert original is not None
    assert original.read() == b"The talks began."
    assert original.unchanged() is original

    os.utime(path, ns=(0, 0))  # touched
    touched = original.unchanged()
    assert touched is not None
    assert touched.modified == 0

    path.write_bytes(b"The talks ended.")
    assert original.unchanged() is None
    with pytest.raises(ArticleError, match=r"a\.txt: has changed since it was read; read it again"):
        original.read()
    path.unlink()
    assert original.unchanged() is None
    with pytest.raises(ArticleError, match=r"a\.txt: cannot be read any more \(No such file"):
        original.read()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_document_that_a_pipe_took_the_place_of_is_not_waited_for(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.txt", b"The talks began.")
    original = Article.from_file(path).original
    assert original is not None
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ArticleError, match=r"a\.txt: has changed since it was read"):
        original.read()


def test_no_more_is_read_of_a_document_than_it_was_long(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.txt", b"The talks began.")
    original = Article.from_file(path).original
    assert original is not None
    os.truncate(path, 1 << 40)  # of which the system holds nothing
    with pytest.raises(ArticleError, match=r"a\.txt: has changed since it was read"):
        original.read()


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ArticleError, match="character 3 is half of a surrogate pair"):
        Article("a", "A", "abc\ud800")


def test_an_article_carries_what_its_source_knows() -> None:
    known: dict[str, Any] = {"author": "A. Smith", "pages": [0, 120], "in": {"year": 2025}}
    article = Article("a", "A", "Text.", meta=known)
    known["author"] = "B. Jones"
    known["pages"].append(300)

    assert article.meta["author"] == "A. Smith"
    assert article.meta["pages"] == (0, 120)
    assert article.meta["in"]["year"] == 2025
    assert Article("a", "A", "Text.").meta == {}
    assert article != Article("a", "A", "Text.")


def test_what_a_source_knows_cannot_be_changed() -> None:
    article = Article("a", "A", "Text.", meta={"in": {"year": 2025}})
    for mapping in (article.meta, article.meta["in"]):
        with pytest.raises(TypeError):
            mapping["year"] = 1999  # type: ignore[index]
    assert hash(article) == hash(Article("a", "A", "Text.", meta={"in": {"year": 2025}}))
    assert copy.deepcopy(article) == article == pickle.loads(pickle.dumps(article))


@pytest.mark.parametrize(
    ("meta", "says"),
    [
        ({"when": {1, 2}}, "meta['when'] holds {1, 2}; expected what JSON can hold"),
        ({"share": float("nan")}, "meta['share'] holds nan; expected"),
        ({"in": [b"x"]}, "meta['in'] holds b'x'; expected"),
        ({1: "x"}, "meta has the key 1; expected a string"),
        (["author"], "meta is ['author']; expected a mapping"),
    ],
)
def test_what_json_could_not_hold_is_refused(meta: Any, says: str) -> None:  # noqa: ANN401
    with pytest.raises(ArticleError) as error:
        Article("a", "A", "Text.", meta=meta)
    assert says in str(error.value)


def test_meta_is_written_as_lists_and_dictionaries_of_ones_own() -> None:
    written = Meta({"pages": [0, (1, 2)], "in": {"year": 2025, "by": None}}).to_dict()
    assert written == {"pages": [0, [1, 2]], "in": {"year": 2025, "by": None}}
