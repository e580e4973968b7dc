from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest

from index.articles import Article, read_articles
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
            "is a binary file; expected a text or Markdown file",
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
    with pytest.raises(ArticleError, match="is a folder; name a text or Markdown file"):
        Article.from_file(tmp_path)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ArticleError, match="character 3 is half of a surrogate pair"):
        Article("a", "A", "abc\ud800")


def test_a_folder_gives_its_text_files_and_a_bad_one_does_not_stop_the_rest(
    tmp_path: Path,
) -> None:
    _write(tmp_path, "b.txt", b"Bee.")
    _write(tmp_path, "a.md", b"# Ay")
    _write(tmp_path, "broken.txt", b"\xff\xfe\xfd")
    _write(tmp_path, "picture.png", b"\x89PNG")
    _write(tmp_path, "deeper/c.TXT", b"Sea.")

    articles, refused = read_articles([tmp_path])

    assert [article.text for article in articles] == ["# Ay", "Bee.", "Sea."]
    assert [str(error).partition(":")[0] for error in refused] == [str(tmp_path / "broken.txt")]


def test_every_path_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    good = _write(tmp_path, "a.txt", b"Ay.")
    (tmp_path / "empty").mkdir()

    articles, refused = read_articles([tmp_path / "no.txt", good, tmp_path / "empty"])

    assert [article.text for article in articles] == ["Ay."]
    assert [str(error) for error in refused] == [
        f"{tmp_path / 'no.txt'}: no such file; check the path.",
        f"{tmp_path / 'empty'}: the folder holds no text file; "
        "expected .txt, .text, .md, .markdown.",
    ]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.txt", b"Ay.")
    articles, refused = read_articles([path, tmp_path, path])
    assert len(articles) == 1
    assert not refused


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
