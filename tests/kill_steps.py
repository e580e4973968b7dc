"""What is done to a library while somebody kills whoever does it, and how that is noted."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.articles import Article
from index.models.encoder import Vectors
from index.store.base import Cut, Made, Prepared, Store
from index.store.settings import IndexSettings

MADE = Made("made by hand", 16)
SETTINGS = IndexSettings(window=2, stride=1)
_IDS = [f"{folder}d{n}.txt" for folder in ("", "notes/") for n in range(8)]
State = dict[str, "Held"]
"""What is in a library, by the ids of documents."""


@dataclass(frozen=True)
class Held:
    """A document, which all of it follows from.

    Attributes:
        id: Its id.
        marker: A word that stands in it, and in no other.
        sentences: How many sentences it has.
        tags: What it is filed under.
    """

    id: str
    marker: str
    sentences: int
    tags: tuple[str, ...] = ()

    def vectors(self) -> Vectors:
        """Return a unit vector for each sentence, unlike all others."""
        rng = np.random.default_rng(zlib.crc32(self.marker.encode()))
        vectors = rng.normal(size=(self.sentences, MADE.dimension)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def prepared(self) -> Prepared:
        """Return it as it comes into a library."""
        said = [f"Here stands {self.marker}, number {n}, in it." for n in range(self.sentences)]
        ends = np.cumsum([len(sentence) + 1 for sentence in said])
        starts = np.concatenate([[0], ends[:-1]])
        firsts = np.arange(max(self.sentences - 1, 1))
        passages = np.stack([firsts, np.minimum(firsts + 2, self.sentences)], axis=1)
        article = Article(self.id, f"Of {self.marker}", " ".join(said), meta={"of": self.marker})
        cut = Cut(np.stack([starts, ends - 1], axis=1).astype(np.int64), passages)
        return Prepared(article, cut, self.vectors(), frozenset(self.tags))


@dataclass(frozen=True)
class Step:
    """Something that is done to a library.

    Attributes:
        add: Documents to add.
        remove: The ids of documents to remove.
        tags: What those to remove are to be filed under instead, if anything.
        compact: Whether to compact it, and nothing else.
    """

    add: tuple[Held, ...] = ()
    remove: tuple[str, ...] = ()
    tags: tuple[str, ...] | None = None
    compact: bool = False

    def take(self, store: Store) -> None:
        """Do it."""
        if self.compact:
            store.compact()
        elif self.tags is not None:
            store.tag(self.remove, self.tags)
        else:
            store.change(add=[each.prepared() for each in self.add], remove=self.remove)

    def after(self, state: State) -> State:
        """Return what is there once it was done."""
        if self.tags is not None:
            changed = {
                name: Held(name, state[name].marker, state[name].sentences, self.tags)
                for name in self.remove
                if name in state
            }
            return {**state, **changed}
        new = {each.id: each for each in self.add}
        left = {name: own for name, own in state.items() if name not in {*self.remove, *new}}
        return {**left, **new}


def some_step(state: State, chance: random.Random, folder: str = "") -> Step:
    """Return something to do.

    Args:
        state: What is in the library, as far as one's own documents go.
        chance: What decides.
        folder: What the ids of one's own documents begin with.
    """
    there = sorted(state)
    kind = chance.choices(["add", "remove", "both", "tag", "compact"], [5, 3, 3, 1, 1])[0]
    if kind == "compact":
        return Step(compact=True)
    some = tuple(chance.sample(there, min(len(there), chance.randint(1, 3))))
    if kind == "tag":
        return Step(remove=some, tags=tuple(chance.sample(["old", "new"], chance.randint(0, 2))))
    if kind == "remove" and some:
        return Step(remove=some)
    new = tuple(
        Held(
            folder + name,
            _marker(chance),
            chance.choice([1, 2, 9, 60]),
            ("old",) * chance.randint(0, 1),
        )
        for name in chance.sample(_IDS, chance.randint(1, 3))
    )
    away = {each.id for each in new}
    return Step(new, tuple(name for name in some if name not in away) if kind == "both" else ())


def _marker(chance: random.Random) -> str:
    """Return a word that no stemmer takes anything of."""
    return "zq" + "".join(chance.choice("bcfhjkmpx") for _ in range(14)) + "zq"


def as_json(step: Step) -> dict[str, Any]:
    """Return a step as it is noted."""
    return {
        "add": [[each.id, each.marker, each.sentences, each.tags] for each in step.add],
        "remove": step.remove,
        "tags": step.tags,
        "compact": step.compact,
    }


def of_json(noted: Mapping[str, Any]) -> Step:
    """Read what was noted of a step."""
    return Step(
        tuple(Held(name, marker, count, tuple(own)) for name, marker, count, own in noted["add"]),
        tuple(noted["remove"]),
        None if noted["tags"] is None else tuple(noted["tags"]),
        noted["compact"],
    )


def told(log: Path) -> tuple[State, Step | None]:
    """Return what is in a library by what was noted, and what was begun and not done, if anything.

    A line that breaks off was not noted: nothing was begun.
    """
    state: State = {}
    begun: Step | None = None
    text = log.read_text() if log.exists() else ""
    for line in text[: text.rfind("\n") + 1].splitlines():
        noted = json.loads(line)
        if isinstance(noted, dict):
            begun = of_json(noted)
        elif noted == "done" and begun is not None:
            state, begun = begun.after(state), None
        elif noted in ("whole", "nothing"):  # see `settle`
            state = begun.after(state) if begun is not None and noted == "whole" else state
            begun = None
    return state, begun


def markers_of(log: Path) -> set[str]:
    """Return the markers of all documents that were ever to be added."""
    found = set()
    text = log.read_text()
    for line in text[: text.rfind("\n") + 1].splitlines():
        noted = json.loads(line)
        if isinstance(noted, dict):
            found |= {each.marker for each in of_json(noted).add}
    return found
