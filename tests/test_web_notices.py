"""What the page says of documents that were dropped: each by its name, in the page's own words."""

from __future__ import annotations

from dataclasses import replace

from index.articles import Article
from index.errors import ArticleError
from ui.phrases import notes_of
from ui.web.handlers import _lines
from ui.web.own import in_chat, notes_in_chat

MENU = "“Encoding of text files”, below “Ask an article of your own”"


def test_a_note_says_which_file_it_is_of() -> None:
    notes = ("Page 2 is a picture.", "scan.pdf: is damaged.")
    article = Article("scan.pdf", "Annual report", "One.", notes=notes)
    expected = ["scan.pdf: Page 2 is a picture.", "scan.pdf: is damaged."]
    assert notes_of(article) == expected
    assert notes_in_chat(article) == expected
    found = replace(article, source="in/scan.pdf")
    assert notes_of(found)[0] == "in/scan.pdf: Page 2 is a picture."
    pasted = Article("pasted text 1", "They met", "They met.", notes=notes[:1])
    assert notes_in_chat(pasted) == ["They met: Page 2 is a picture."]


def test_in_the_chat_an_encoding_is_named_by_its_menu() -> None:
    article = Article.from_bytes(
        "Łódź leży nad Łódką. Żółta łódź płynie.".encode("cp1250"), "a.txt"
    )
    (note,) = notes_in_chat(article)
    assert note == (
        f"a.txt: read as windows-1250, which was guessed; name another encoding ({MENU}) if "
        "letters look wrong."
    )
    error = ArticleError("a.txt: is in no encoding; name the one that it is in with --encoding.")
    assert (
        in_chat(str(error)) == f"a.txt: is in no encoding; name the one that it is in with {MENU}."
    )


def test_a_notice_says_every_reason_shortened_or_where_it_stands() -> None:
    said = [f"{number}.pdf: {'is damaged, ' * 40}" for number in range(8)]
    lines = _lines(said).split("<br>")
    assert len(lines) == 8
    assert all(
        line.startswith(f"{number}&#46;pdf&#58; is damaged") for number, line in enumerate(lines)
    )
    assert all(len(line) < 300 for line in lines)
    *_, last = _lines([*said, *said]).split("<br>")
    assert last == "and 8 more: see the conversation."
