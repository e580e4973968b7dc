"""What is measured of a library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Range(NamedTuple):
    """How long something took, in milliseconds: the median, and what 95 % do not exceed."""

    p50: float
    p95: float


class Memory(NamedTuple):
    """What was resident at most, in megabytes; nan where it cannot be told.

    Attributes:
        own: What this program held of its own.
        mapped: The same with the pages of mapped files, which the system takes back when it needs
            them.
        server: The most of all processes of the database server, what they share counted once;
            0 without one.
    """

    own: float
    mapped: float
    server: float


@dataclass(frozen=True)
class Built:
    """What it took to make a library.

    Attributes:
        passages: How many passages it has.
        documents: How many documents it has.
        sentences: How many sentences it has.
        seconds: How long adding all documents took, and putting together what was scattered;
            embedding left out.
        disk_mb: How large it is then.
        memory: What adding took.
    """

    passages: int
    documents: int
    sentences: int
    seconds: float
    disk_mb: float
    memory: Memory


@dataclass(frozen=True)
class Searched:
    """What was measured without models, the vectors of the questions given.

    Attributes:
        open_s: How long opening took.
        first_s: How long the first search for ten passages took then.
        search: How long the others took.
        recall: The share of the ten most similar sentences that are the first ten found.
        recall_looked_at: The share of them that is among the sentences that are looked at.
        memory: What opening and searching took.
    """

    open_s: float
    first_s: float
    search: Range
    recall: float
    recall_looked_at: float
    memory: Memory


@dataclass(frozen=True)
class Answered:
    """What was measured with the real models, end to end.

    Attributes:
        first_s: How long the first question took, the library just opened and models loaded.
        first_without_reader_s: The same, without the time that the readers read.
        answer: How long each question took.
        without_reader: The same, without the time that the readers read.
        memory: What opening and asking took, models and all.
    """

    first_s: float
    first_without_reader_s: float
    answer: Range
    without_reader: Range
    memory: Memory


@dataclass(frozen=True)
class ChangedOne:
    """What it took to add one document of five pages, and to remove it, the models loaded.

    Attributes:
        sentences: How many sentences it had; the median of several documents, as all else.
        add_s: How long adding it took, cut and embedded by the real encoder.
        embedding_s: How much of that the encoder took.
        remove_s: How long removing it took.
    """

    sentences: float
    add_s: float
    embedding_s: float
    remove_s: float


@dataclass(frozen=True)
class UnderChange:
    """What several clients saw who searched at once, without models.

    Attributes:
        clients: How many there were: threads of one process, as of a server.
        before: How long searches took while nothing changed.
        meanwhile: How long they took while documents were replaced.
        asked: How many searches there were meanwhile.
        errors: How many of them failed, or found nothing.
        replaced: How many documents were replaced, by another process.
        seconds: How long that took.
    """

    clients: int
    before: Range
    meanwhile: Range
    asked: int
    errors: int
    replaced: int
    seconds: float


@dataclass(frozen=True)
class Scale:
    """All that was measured of one library.

    Attributes:
        store: The kind of its store.
        built: What it took to make it.
        searched: Searches.
        answered: Questions, end to end.
        changed: One document.
        under_change: Many documents, while it is searched.
    """

    store: str
    built: Built
    searched: Searched
    answered: Answered
    changed: ChangedOne
    under_change: UnderChange
