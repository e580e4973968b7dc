"""What articles are called where several have one title."""

from __future__ import annotations

import pytest

from index.articles import Article
from index.labels import labels


@pytest.mark.parametrize(
    ("articles", "called"),
    [
        ({"x/notes.txt": "notes", "x/plan.txt": "plan"}, ["notes", "plan"]),
        (
            {"same/oslo/notes.txt": "notes", "same/bergen/notes.txt": "notes"},
            ["oslo/notes", "bergen/notes"],
        ),
        (
            {"x/notes.txt": "notes", "x/notes.md": "notes"},
            ["notes (notes.txt)", "notes (notes.md)"],
        ),
        ({"a.txt": "Notes", "b.txt": "Notes"}, ["Notes (a.txt)", "Notes (b.txt)"]),
        (
            {"x/a/r.md": "Report", "y/a/r.md": "Report", "z.md": "Plan"},
            ["Report (x/a/r.md)", "Report (y/a/r.md)", "Plan"],
        ),
        ({"notes.txt": "notes", "oslo/notes.txt": "notes"}, ["notes", "oslo/notes"]),
        (
            {"oslo/a.txt": "a", "bergen/a.txt": "a", "c": "oslo/a"},
            ["oslo/a (oslo/a.txt)", "bergen/a", "oslo/a (c)"],
        ),
    ],
)
def test_articles_of_one_title_are_told_apart_by_their_paths(
    articles: dict[str, str], called: list[str]
) -> None:
    given = [Article(own, title, "Text.") for own, title in articles.items()]
    assert labels(given) == dict(zip(articles, called, strict=True))
