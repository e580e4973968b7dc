"""How far a text that was read agrees with what is known of its document."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from eval.documents.blocks import Made
from index.structure.blocks import Structure

_WORD = re.compile(r"\w+(?:[-‐'’]\w+)*")
_MARKER = re.compile(r"^[ \t]*(?:#{1,6}|[-*•]|\d{1,3}[.)])[ \t]+", re.MULTILINE)


@dataclass(frozen=True)
class Share:
    """How much of something there is, of how much.

    Attributes:
        found: How much there is; of an F1, twice what is shared.
        of: Of how much.
    """

    found: int = 0
    of: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.found + other.found, self.of + other.of)

    @property
    def percent(self) -> float | None:
        """It in percent; None of nothing."""
        return 100 * self.found / self.of if self.of else None


NOTHING = Share()


@dataclass(frozen=True)
class Agreement:
    """How far a text agrees with what is known of its document.

    Attributes:
        precision: How many of its words are words of the document, each as often as it is there.
        recall: How many of the document's words it has.
        pairs: How many of the document's pairs of neighbouring words are neighbours in it, which
            is the recall of bigrams (ROUGE-2; Lin 2004).
        order: Kendall's rank correlation of the words that both have just once, in -1..1 (Lapata
            2006): 1 where all are in the same order, 0 where the order is one of chance. None where
            there are not two.
        headings: F1 of the headings: of one that is not one in the text, or not word for word,
            neither side is shared.
        paragraphs: The same of paragraphs, with notes.
        items: The same of items of lists.
        cells: The same of the cells of tables.
        around: How many of the things around the document's text stand in it all the same; what the
            document itself says, too, is not counted.
    """

    precision: Share
    recall: Share
    pairs: Share
    order: float | None
    headings: Share
    paragraphs: Share
    items: Share
    cells: Share
    around: Share


def agreement(made: Made, text: str, structure: Structure) -> Agreement:
    """Hold a text that was read against the document that was made.

    Args:
        made: The document.
        text: What was read.
        structure: What was found of headings, lists and tables in that.
    """
    known, read = words(made.text), words(text)
    shared = _shared(known, read)
    pairs, read_pairs = list(pairwise(known)), list(pairwise(read))
    flat = _plain(text)
    around = {_plain(each) for each in made.around} - {""}
    around = {each for each in around if each not in _plain(made.text)}
    told = {
        kind: [_plain(block.text) for block in made.blocks if block.kind in kinds]
        for kind, kinds in {
            "heading": ("heading",), "item": ("item",), "paragraph": ("paragraph", "note")
        }.items()
    }  # fmt: skip
    found: dict[str, list[str]] = {kind: [] for kind in told}
    cells: list[str] = []
    for block in structure.blocks:
        if block.kind == "row":
            cells += [_plain(text[slice(*cell)]) for cell in block.cells]
        else:
            own = " ".join(text[slice(*piece)] for piece in block.pieces)
            found[block.kind].append(_plain(own))
    tables = (block.rows for block in made.blocks if block.kind == "table")
    known_cells = [_plain(cell) for rows in tables for row in rows for cell in row]
    return Agreement(
        precision=Share(shared, len(read)),
        recall=Share(shared, len(known)),
        pairs=Share(_shared(pairs, read_pairs), len(pairs)),
        order=kendall(known, read),
        headings=_f1(told["heading"], found["heading"]),
        paragraphs=_f1(told["paragraph"], found["paragraph"]),
        items=_f1(told["item"], found["item"]),
        cells=_f1(filter(None, known_cells), filter(None, cells)),
        around=Share(sum(each in flat for each in around), len(around)),
    )


def words(text: str) -> list[str]:
    """Return the words of a text, without the markers of headings and items."""
    return _WORD.findall(_MARKER.sub("", text))


def kendall(known: Sequence[str], read: Sequence[str]) -> float | None:
    """Return Kendall's rank correlation of the words that stand just once in both sequences."""
    once = {word for word, count in Counter(known).items() if count == 1}
    once &= {word for word, count in Counter(read).items() if count == 1}
    place = {word: number for number, word in enumerate(known) if word in once}
    ranks = [place[word] for word in read if word in once]
    if len(ranks) < 2:
        return None
    before: list[int] = []
    swapped = 0
    for rank in ranks:
        swapped += len(before) - bisect_left(before, rank)
        insort(before, rank)
    return 1 - 4 * swapped / (len(ranks) * (len(ranks) - 1))


def _f1(known: Iterable[str], found: Iterable[str]) -> Share:
    """Return twice what is shared, of what there is in both; nothing if there is to be nothing."""
    known, found = list(known), list(found)
    return Share(2 * _shared(known, found), len(known) + len(found)) if known else NOTHING


def _shared(known: Iterable[object], read: Iterable[object]) -> int:
    return sum((Counter(known) & Counter(read)).values())


def _plain(text: str) -> str:
    return " ".join(text.split())
