from __future__ import annotations

import pytest

from index.articles import Article
from index.structure.paragraphs import split_paragraphs
from index.structure.sentences import split_sentences

ARTICLE_SENTENCES = [
    ("In a significant diplomatic development, U.S.", "the ongoing Russia-Ukraine conflict."),
    ("The high-level discussions,", "anti-corruption authorities searched his residence."),
    ("The American delegation", "subsequent discussions with Russian leadership."),
    ("These negotiations represent the latest", "due to its perceived pro-Russian orientation."),
    ("Secretary Rubio emphasized the", "set up Ukraine for long-term prosperity.”"),
    ("He reaffirmed the U.S. commitment", "sovereignty, independence, and economic future."),
    ("Umerov echoed this sentiment,", "about prosperity, about how to rebuild.”"),
    ("Both officials subsequently", "the dialogue as “productive and successful."),
    ("Despite these positive assessments,", "annexed or occupied by Russian forces."),
    ("An anonymous source close to", "engaging constructively to seek solutions."),
    ("The diplomatic momentum continues", "full-scale invasion began in February 2022."),
    ("The current confrontation extends", "the ouster of Ukraine’s pro-Russian president."),
]  # fmt: skip


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def paragraphs(text: str) -> list[str]:
    return [text[start:end] for start, end in split_paragraphs(text)]


def test_the_article_has_the_twelve_sentences_that_a_person_sees(article: Article) -> None:
    found = sentences(article.text)
    assert len(found) == len(ARTICLE_SENTENCES)
    for sentence, (start, end) in zip(found, ARTICLE_SENTENCES, strict=True):
        assert sentence.startswith(start)
        assert sentence.endswith(end)
    assert " ".join(found) == " ".join(article.text.split())


def test_the_article_has_five_paragraphs(article: Article) -> None:
    assert paragraphs(article.text) == article.text.strip().split("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S. Secretary Rubio spoke. He left.", ["U.S. Secretary Rubio spoke.", "He left."]),
        ("“Go. Now.” She went.", ["“Go. Now.”", "She went."]),
        ("He called it “a success. Then he left.", ["He called it “a success.", "Then he left."]),
        ("It costs 3.5 dollars. Really?! Yes…", ["It costs 3.5 dollars.", "Really?!", "Yes…"]),
        ("  Spaces.   Around. \n", ["Spaces.", "Around."]),
        ("今日は。元気です。", ["今日は。", "元気です。"]),
        ("Word", ["Word"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_hard_wrapped_lines_are_one_sentence() -> None:
    text = (
        "The delegation met in Florida on Sunday and spoke for several\n"
        "hours about what a settlement would have to hold. It will meet\n"
        "again."
    )
    assert sentences(text) == [
        "The delegation met in Florida on Sunday and spoke for several\n"
        "hours about what a settlement would have to hold.",
        "It will meet\nagain.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Talks in Florida\nThe delegations met on Sunday.",
        "# Talks\nThe delegations met on Sunday in a place called Florida.",
        "- one thing and another thing\n- a second thing that is longer",
        "First paragraph.\n\n \nSecond.",
        f"{'A long line that no one wrapped. ' * 5}\n{'Another one of the kind. ' * 7}",
    ],
    ids=["headline", "Markdown heading", "list", "blank lines", "one line a paragraph"],
)
def test_lines_that_were_broken_on_purpose_are_two_paragraphs(text: str) -> None:
    assert len(paragraphs(text)) == 2


@pytest.mark.parametrize("piece", ["a", " ", "\n", ". ", "“", "(", "a\n", "x. \n", "\u200d"])
def test_a_hundred_thousand_of_anything_are_split_at_once(piece: str) -> None:
    # Would take hours if the time grew with the square of the length.
    assert len(split_sentences(piece * 100_000)) <= 100_000
