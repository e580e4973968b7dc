"""What the articles of a collection are called, so that no two are called the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Protocol


class Titled(Protocol):
    """What has an id and a title, such as an article, or a document in a store."""

    @property
    def id(self) -> str:
        """Tells it apart."""

    @property
    def title(self) -> str:
        """What a person calls it."""


def labels(articles: Iterable[Titled]) -> Mapping[str, str]:
    """Return what each article is called, by its id: its title where no other has that.

    Articles of one title are told apart by as much of the ends of their ids, which are paths as a
    rule, as is needed: "oslo/notes" and "bergen/notes" where the title is the file's name, else
    "Report (oslo/notes.txt)".
    """
    by_title: dict[str, list[str]] = {}
    for article in articles:
        by_title.setdefault(article.title, []).append(article.id)
    found: dict[str, str] = {}
    for title, ids in by_title.items():
        found |= {ids[0]: title} if len(ids) == 1 else _told_apart(title, ids)
    taken = Counter(found.values())
    return {own: label if taken[label] == 1 else f"{label} ({own})" for own, label in found.items()}


def _told_apart(title: str, ids: list[str]) -> dict[str, str]:
    paths = [PurePosixPath(own.replace("\\", "/")) for own in ids]
    for length in range(1, max(len(path.parts) for path in paths) + 1):
        ends = [PurePosixPath(*path.parts[-length:]) for path in paths]
        if len(set(ends)) == len(ids):
            break
    else:
        return {own: f"{title} ({own})" for own in ids}
    if all(end.stem == title for end in ends):
        stems = {str(end.with_suffix("")) for end in ends}
        if len(stems) == len(ids):
            return {own: str(end.with_suffix("")) for own, end in zip(ids, ends, strict=True)}
    return {own: f"{title} ({end})" for own, end in zip(ids, ends, strict=True)}
