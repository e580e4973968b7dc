"""What articles go by, and which of that tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from index.articles import Article
from index.text.terms import terms

LONGEST_NAME = 300
"""Characters of a title or a heading: what is longer is none."""

_FOLDERS = 3  # how many of the folders that a file is in may tell what it is about
_SIGNS = re.compile(r"[\W_]+")
_YEAR = r"(?:19|20)\d\d"
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_JOINT = re.compile(
    rf"(?<=[^\W\d_])(?={_YEAR}(?!\d))|(?<=(?<!\d){_YEAR})(?=[^\W\d_])|(?<=[a-z])(?=[A-Z])"
)


def names_of(article: Article) -> list[str]:
    """Return what an article goes by: its title, and the names of its folders and its file.

    What parts words in the name of a file is read as a blank.
    """
    path = PurePosixPath(article.id.replace("\\", "/"))
    folders = [part for part in path.parts[:-1] if part.strip("./")][-_FOLDERS:]
    parts = [_JOINT.sub(" ", _SIGNS.sub(" ", part)).strip() for part in (*folders, path.stem)]
    names = parts if article.title == path.stem else [article.title, *parts]
    return [name for name in dict.fromkeys(names) if 0 < len(name) <= LONGEST_NAME]


def told_apart(question: str, articles: Iterable[Article]) -> dict[str, list[str]]:
    """Return the names of articles that a question does not speak of, where it does of another's.

    A reader that is to find who runs the depot in Bergen takes whoever runs one, unless it is told
    that the depot is the one in Oslo.

    Args:
        question: The question.
        articles: The articles.

    Returns:
        The names that tell an article apart from those that are spoken of, by its id; none where
        the question speaks of no name, or of one that all have.
    """
    names = {article.id: names_of(article) for article in articles}
    if len(names) < 2:
        return {}
    asked = asked_for(question)
    spoken = {own: asked & words_in(names[own]) for own in names}
    telling = set().union(*spoken.values()).difference(set.intersection(*spoken.values()))
    if not telling:
        return {}
    meant = {name for own in names if spoken[own] & telling for name in names[own]}
    return {
        own: [name for name in names[own] if name not in meant]
        for own in names
        if not spoken[own] & telling
    }


def asked_for(question: str) -> set[str]:
    """Return the words of a question that may be in a name: "IT" is one, and "it" is none."""
    capitals = [] if question.isupper() else _CAPITALS.findall(question)
    return {*terms(question), *(word.lower() for word in capitals)}


def words_in(names: Iterable[str]) -> set[str]:
    """Return the words of names; of one that is nothing but stop words, such as "it", those."""
    found: set[str] = set()
    for name in names:
        found.update(terms(name) or name.lower().split())
    return found
