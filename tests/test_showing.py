from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import ArticleError
from index.showing import markup_of, page_of

PAGE = "<!DOCTYPE html><title>Talks</title><h1>Talks</h1><p>The talks began in %s, at ten.</p>"
SPAN = re.compile(r"<span data-start='(\d+)'>([^<]*)</span>")


def test_a_page_is_shown_with_the_offsets_of_its_text() -> None:
    article = Article.from_bytes((PAGE % "Oslo").encode() + b"<script>evil()</script>", "a.html")
    shown = markup_of(article)
    assert "script" not in shown
    spans = SPAN.findall(shown)
    assert "".join(text for _, text in spans) == "TalksThe talks began in Oslo, at ten."
    for start, text in spans:
        assert article.text[int(start) :].startswith(text)


def test_a_page_is_shown_in_the_encoding_that_was_named() -> None:
    data = (PAGE % "Łódź").encode("iso-8859-2")
    article = Article.from_bytes(data, "a.html", encoding="iso-8859-2")
    assert "Łódź" in article.text
    assert "began in Łódź, at ten." in markup_of(article)


def test_what_cannot_be_shown_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE % "Oslo")
    article = Article.from_file(path)
    with pytest.raises(ArticleError, match=r"a\.html: is text/html, which has no pages"):
        page_of(article, 1, 600)
    path.write_text(PAGE % "Rome")
    with pytest.raises(ArticleError, match=r"a\.html: has changed since it was read"):
        markup_of(article)
    path.unlink()
    with pytest.raises(ArticleError, match=r"a\.html: cannot be read any more"):
        markup_of(article)
    with pytest.raises(ArticleError, match=r"a\.html: has no document but its text"):
        markup_of(replace(article, original=None))
    (tmp_path / "a.txt").write_text("The talks began.")
    with pytest.raises(ArticleError, match=r"a\.txt: is text/plain, which has no elements"):
        markup_of(Article.from_file(tmp_path / "a.txt"))
