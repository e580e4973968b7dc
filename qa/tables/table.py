"""A table, as the texts of its cells and what of them a question can be held against."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from qa.tables.vocabulary import akin, classes_of, keys, kin, spelled

_PARTS = re.compile(r", |;|/(?!\d)")
_WORDS = re.compile(r"_|(?<=[a-z])(?=[A-Z])")  # "startDate", "start_date"
_ABBREVIATED = re.compile(r"\b([^\W\d_]{3,6})\.")

_SENTENCE = 100  # characters: a longer cell is more than a name, a number or a phrase


@dataclass(frozen=True)
class Table:
    """A table, as its texts.

    Attributes:
        columns: The headings; empty if there are none.
        rows: The cells of each row that may be meant, by its number, which need not be all.
        context: What it is of: the title, the headings above it.
        near: What stands right above it.
        total: How many rows there are.
        common: Keys of words that stand in rows too many to be looked at.
    """

    columns: tuple[str, ...]
    rows: Mapping[int, tuple[str, ...]]
    context: str = ""
    near: str = ""
    total: int = 0
    common: frozenset[str] = frozenset()

    @cached_property
    def headings(self) -> tuple[tuple[str, ...], ...]:
        """The words of each heading; those that it shortens with their full stop."""
        return tuple(map(_heading, self.columns))

    @cached_property
    def classes(self) -> tuple[frozenset[str], ...]:
        """The classes of the words of each heading."""
        return tuple(frozenset().union(*map(classes_of, heading)) for heading in self.headings)

    @cached_property
    def cells(self) -> dict[int, tuple[frozenset[str], ...]]:
        """The keys of each cell of the rows."""
        return {number: tuple(map(keys, row)) for number, row in self.rows.items()}

    @cached_property
    def parts(self) -> dict[int, tuple[tuple[frozenset[str], ...], ...]]:
        """The keys of each of the things that a cell enumerates, for each cell of the rows."""
        return {
            number: tuple(tuple(map(keys, filter(str.strip, _PARTS.split(cell)))) for cell in row)
            for number, row in self.rows.items()
        }

    @property
    def is_loose(self) -> bool:
        """Whether it may be read as prose is: one row, no headings, or sentences for cells."""
        cells = (cell for row in self.rows.values() for cell in row)
        return self.total < 2 or not self.columns or any(len(cell) > _SENTENCE for cell in cells)

    def headed(self, word: str) -> frozenset[int]:
        """Return the columns whose heading a word may be: as it stands, or else in other words."""
        return frozenset(
            place
            for place, heading in enumerate(self.headings)
            if any(kin(word, each) for each in heading)
        ) or frozenset(
            place
            for place, heading in enumerate(self.headings)
            if any(akin(classes_of(word), word, each) for each in heading)
        )


def _heading(text: str) -> tuple[str, ...]:
    found = spelled(_WORDS.sub(" ", text.replace("%", " percent ")))
    shortened = frozenset(_ABBREVIATED.findall(text))
    return tuple(f"{word}." if word in shortened else word for word in found)
