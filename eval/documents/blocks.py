"""What documents are made of: blocks whose text, kind and order are known."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.structure.sentences import split_sentences

BlockKind = Literal["heading", "paragraph", "item", "note", "table"]

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")  # not at the start of a sentence
_HEADING_WORDS = 5
_MOST_ITEMS = 4
_DEEPER = 2  # which item of a list is in a list of its own
_COLUMNS = ("Name", "Year", "Share")
_ROWS = 5
_NOTES = (
    "See the register of {year}, page {page}.",
    "{name} disputed this in a letter of {year}, which was never printed.",
    "Figures are those of {year}; later ones could not be had.",
    "Compare {name}, pages {page} and following, where it is told at length, and otherwise.",
    "Ibid., p. {page}.",
)


@dataclass(frozen=True)
class Block:
    """A block of a document.

    Attributes:
        kind: What it is; a note is the footnote of the paragraph before it.
        text: What it says, on one line; empty for a table.
        level: Of a heading, from 1; of an item, in how many lists it is.
        ordered: Whether an item is numbered.
        rows: The cells of a table, row by row; the first row holds the headings of the columns.
    """

    kind: BlockKind
    text: str = ""
    level: int = 1
    ordered: bool = False
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What it says, a line for each row of a table."""
        return tuple(map(" ".join, self.rows)) if self.kind == "table" else (self.text,)


@dataclass(frozen=True)
class Made:
    """A document that was made, and what is known of it.

    Attributes:
        name: Its file's name, which says what is special about it: "two columns.pdf".
        data: Its bytes.
        blocks: What it says, in reading order.
        around: What stands around that and is no part of it, such as running headers.
        pages: How many pages it has; 0 for what has none.
    """

    name: str
    data: bytes
    blocks: tuple[Block, ...]
    around: tuple[str, ...] = ()
    pages: int = 0

    @property
    def text(self) -> str:
        """What it says, a line for each block or row."""
        return "\n".join(line for block in self.blocks for line in block.lines)


def typeset(title: str, text: str) -> list[Block]:
    """Return the blocks of an article as it is: its title, and a paragraph for each line."""
    return [Block("heading", title), *(Block("paragraph", line) for line in _lines(text))]


def structured(title: str, text: str, seed: int = 0) -> list[Block]:
    """Return the blocks of an article with headings, lists, tables and notes put in.

    Every third paragraph gets a heading of its first words; of every fifth the sentences become a
    list; behind every fourth stands a table of names from the article and random numbers, and
    another fourth has a note. The same arguments give the same blocks.
    """
    generator = random.Random(seed)
    names = sorted(set(_NAME.findall(text))) or ["Anna", "Boris", "Clara"]
    blocks = [Block("heading", title)]
    for number, line in enumerate(_lines(text)):
        sentences = [line[start:end] for start, end in split_sentences(line)]
        if number % 3 == 0:
            words = " ".join(sentences[0].split()[:_HEADING_WORDS])
            blocks.append(Block("heading", words.strip(" ,.;:–—\"“”'"), level=2))
        blocks.append(Block("paragraph", sentences[0] if number % 5 == 1 else line))
        if number % 5 == 1:
            ordered = number % 2 == 1
            for place, each in enumerate(sentences[1 : 1 + _MOST_ITEMS]):
                level = 2 if place == _DEEPER else 1
                blocks.append(Block("item", each, level, ordered and level == 1))
        elif number % 4 == 3:
            told = {"year": generator.randrange(1900, 2020), "page": generator.randrange(2, 400)}
            note = _NOTES[generator.randrange(len(_NOTES))]
            blocks.append(Block("note", note.format(name=generator.choice(names), **told)))
        if number % 4 == 2:
            blocks.append(Block("table", rows=_table(names, generator)))
    return blocks


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _table(names: Sequence[str], generator: random.Random) -> tuple[tuple[str, ...], ...]:
    rows = [
        (name, str(generator.randrange(1900, 2020)), f"{generator.randrange(1, 999) / 10} %")
        for name in generator.sample(names, min(_ROWS, len(names)))
    ]
    return (_COLUMNS, *rows)
