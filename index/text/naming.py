"""What articles go by, and which of that tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from index.articles import Article
from index.text.stretches import Stretch
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


def headings_above(stretch: Stretch) -> list[Stretch]:
    """Return the headings above a stretch, the outermost first; those in it are none of them.

    Where they are long, only the innermost are returned.
    """
    blocks = stretch.article.structure.within(stretch.span)
    above: list[Stretch] = []
    room = LONGEST_NAME
    for start, end in reversed(blocks[0].headings if blocks else ()):
        room -= end - start
        if room < 0:
            break
        if end <= stretch.start:
            above.append(Stretch(stretch.article, start, end))
    return above[::-1]


def told_apart(
    question: str, stretches: Sequence[Stretch], found: Sequence[Stretch]
) -> list[list[str]]:
    """Return what to call stretches that a question does not speak of, where it does of others.

    A reader that is to find who runs the depot in Bergen takes whoever runs one, unless it is told
    that the depot is the one in Oslo.

    Args:
        question: The question.
        stretches: The stretches.
        found: All that was found for the question.

    Returns:
        For each stretch, which of its article's names and of the headings above it tell it apart
        from what is spoken of: none where that is itself, all that was found, or nothing.
    """
    asked = asked_for(question)
    names = {each.article.id: names_of(each.article) for each in (*found, *stretches)}
    called = [_called(each, names) for each in found]
    spoken = [asked & words_in(own) for own in called]
    telling = set().union(*spoken).difference(*[set.intersection(*spoken)] if spoken else [])
    if not telling:
        return [[] for _ in stretches]
    meant = {name for own, said in zip(called, spoken, strict=True) if said & telling
             for name in own}  # fmt: skip
    return [
        [] if telling & words_in(own) else [name for name in own if name not in meant]
        for own in (_called(each, names) for each in stretches)
    ]


def _called(stretch: Stretch, names: Mapping[str, Sequence[str]]) -> list[str]:
    headings = [heading.text for heading in headings_above(stretch)]
    return list(dict.fromkeys([*names[stretch.article.id], *headings]))


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
