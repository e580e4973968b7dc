"""Packages: how the archives of Word and PowerPoint say what is in them."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from index.errors import ArticleError
from index.loaders.archives import Archive
from index.loaders.office.names import kind
from index.loaders.trees import Element

_PROPERTIES = {
    "dc:title": "title",
    "dc:creator": "author",
    "dc:subject": "subject",
    "dc:language": "language",
    "cp:keywords": "keywords",
    "dcterms:created": "created",
    "dcterms:modified": "modified",
}
_LONGEST = 1000  # characters of a property


class Relation(NamedTuple):
    """What a part of a package refers to.

    Attributes:
        kind: The last word of its type, such as "footnotes".
        target: The path of the part that is meant.
    """

    kind: str
    target: str


class Package:
    """The parts of an office file.

    Args:
        data: The bytes of the file.
        name: What error messages begin with.

    Raises:
        ArticleError: The data are no archive that can be read.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.archive = Archive(data, name)
        self.name = name
        self._failed: dict[str, str] = {}

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what a part refers to in the package, by its number; of "" that of the package.

        What is outside, such as an address, is left out.
        """
        folder, file = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        if path not in self.archive:
            return {}
        found = {}
        for each in self.archive.root(path).iterchildren("{*}Relationship"):
            target = each.get("Target") or ""
            if (each.get("TargetMode") or "").lower() == "external" or not target:
                continue
            joined = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            said = (each.get("Type") or "").rsplit("/", 1)[-1]
            found[each.get("Id") or ""] = Relation(said, joined)
        return found

    def main(self, usual: str) -> str:
        """Return the path of the part that is the document itself.

        Args:
            usual: Its path where the package does not say it.
        """
        for relation in self.relations("").values():
            if relation.kind == "officeDocument":
                found = self.archive.find(relation.target)
                if found is not None:
                    return found
        return self.archive.find(usual) or usual

    def related(self, part: str, kind: str) -> str | None:
        """Return the path of the first part of a kind that a part refers to, and that is there."""
        for relation in self.relations(part).values():
            if relation.kind == kind:
                found = self.archive.find(relation.target)
                if found is not None:
                    return found
        return None

    def root(self, part: str, expected: str, said: str) -> Element:
        """Return the root of a part that has to be of some kind.

        Raises:
            ArticleError: It cannot be read, or is of another.
        """
        root = self.archive.root(part)
        if kind(root) != expected:
            raise ArticleError(f"{self.name}: {part} is no {said}; its root is {root.tag[:100]!r}.")
        return root

    def optional(self, part: str | None) -> Element | None:
        """Return the root of a part; None if there is none that can be read: see ``failed``."""
        if part is None:
            return None
        try:
            return self.archive.root(part)
        except ArticleError as error:
            self._failed[part] = f"A part of the document could not be read: {error}"
            return None

    def beside(self, part: str, kinds: Collection[str]) -> Iterator[tuple[str, str, str, Element]]:
        """Return the parts of some kinds that a part refers to, each once, if they can be read.

        Returns:
            Of each the name of the relation, its kind, the part's path and its root.
        """
        seen = {part}
        for said, relation in self.relations(part).items():
            path = self.archive.find(relation.target)
            if relation.kind not in kinds or path is None or path in seen:
                continue
            seen.add(path)
            root = self.optional(path)
            if root is not None:
                yield said, relation.kind, path, root

    @property
    def failed(self) -> tuple[str, ...]:
        """What parts could not be read, and why, in sentences."""
        return tuple(self._failed.values())

    def properties(self) -> dict[str, Any]:
        """Return what the document says of itself: title, author, dates, as far as it does."""
        root = self.optional(self.related("", "core-properties"))
        said = {}
        for each in () if root is None else root:
            key = _PROPERTIES.get(kind(each))
            text = " ".join((each.text or "").replace("\xad", "").split())[:_LONGEST]
            if key and text:
                said[key] = text
        return said


def title_of(said: str | None) -> str | None:
    """Return the title that a document's properties say; None if a program filled it in."""
    if said is None or said.casefold() in _FILLED_IN or said.startswith(_PROGRAMS):
        return None
    return said


_PROGRAMS = ("Microsoft Word - ", "Microsoft PowerPoint - ")
_FILLED_IN = frozenset(
    ("untitled", "untitled document", "untitled presentation", "powerpoint presentation",
     "powerpoint-präsentation", "présentation powerpoint", "presentación de powerpoint",
     "slide 1", "word document", "document", "title", "presentation", "unbenannt", "no slide title")
)  # fmt: skip
