"""Search by words: BM25 over stems."""

from __future__ import annotations

import itertools
import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.store.allocation import Allocate, in_memory
from index.store.data import Postings
from index.store.rows import Rows, ranges
from index.text.terms import stemmer, terms, words_of

_K1 = 1.5
_B = 0.75
_BLOCK = 50_000  # texts counted at once: the memory that it takes does not grow with their number


class Field(NamedTuple):
    """What stands above many texts, such as the titles of the articles that they are parts of.

    Attributes:
        contexts: What stands there, such as a title.
        of: The number of the context of each text.
        weight: How much a word of it counts: one that a text of mean length holds once counts 0.4.
    """

    contexts: Sequence[str]
    of: Rows
    weight: float


class LexicalSearch:
    """Scores texts by the words that they share with a question. Safe to share by threads.

    Only the postings of the question's own words are looked at, wherever they are kept.
    """

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the BM25 score of every text, 0.0 where it shares no word with the question."""
        postings = self._postings
        scores = np.zeros(postings.count, dtype=np.float32)
        for stem in terms(question):
            first, last = self._find(stem.encode())
            # A text stands only once in the postings of a stem.
            scores[postings.texts[first:last]] += postings.scores[first:last]
        return scores

    def _find(self, stem: bytes) -> tuple[int, int]:
        """Return where the postings of a stem start and end."""
        stems, bounds = self._postings.stems, self._postings.bounds
        count = len(bounds) - 1
        place = bisect_left(
            range(count), stem, key=lambda n: stems[bounds[n, 0] : bounds[n + 1, 0]].tobytes()
        )
        if place == count or stems[bounds[place, 0] : bounds[place + 1, 0]].tobytes() != stem:
            return 0, 0
        return int(bounds[place, 1]), int(bounds[place + 1, 1])


def make_postings(
    pieces: Iterable[str],
    first: Rows,
    last: Rows,
    *,
    fields: Sequence[Field] = (),
    allocate: Allocate = in_memory,
    block: int = _BLOCK,
) -> Postings:
    """Work out the postings of texts that overlap, each a row of whole pieces.

    BM25 with k1 = 1.5 and b = 0.75 in Lucene's form, whose IDF, log(1 + (N - n + 0.5) / (n + 0.5)),
    is above zero for every word, so that also one short article can be searched (Kamphuis et al.
    2020, "Which BM25 do you mean?"). What a word adds to a text's score is worked out here and not
    when a question comes (Lù 2024, "BM25S").

    A word of a text's context adds to that, by its IDF among the contexts. It adds the same to all
    texts of one context, and so says nothing about which of them is meant.

    Args:
        pieces: The pieces, in order; each is looked at once.
        first: The number of each text's first piece.
        last: One past the number of its last piece.
        fields: What stands above the texts.
        allocate: Where the arrays are to be.
        block: How many texts are counted at once.
    """
    contexts = [context for field in fields for context in field.contexts]
    numbers, ends, stems = _numbered(itertools.chain(pieces, contexts))
    starts = np.concatenate([[0], ends])
    above: list[_Above] = []
    place = len(ends) - len(contexts)
    for field in fields:
        own = starts[place : place + len(field.contexts) + 1]
        above.append(_above(field, numbers, own, len(stems)))
        place += len(field.contexts)
    first, last = starts[first], starts[last]
    blocks = partial(_counted, numbers, first, last, above, len(stems), block)

    found = np.zeros(len(stems), dtype=np.int64)  # in how many texts, or above how many
    holding = np.zeros(len(stems), dtype=np.int64)
    for _, stem, times, _ in blocks():
        found += np.bincount(stem, minlength=len(stems))
        holding += np.bincount(stem[times > 0], minlength=len(stems))
    idf = _idf(holding, len(first))
    lengths = np.maximum(last - first, 1)
    mean = lengths.mean()

    encoded = [stem.encode() for stem in stems]
    joined = b"".join(encoded)
    data = allocate("stems", (len(joined),), np.uint8)
    data[:] = np.frombuffer(joined, dtype=np.uint8)
    bounds = allocate("stem_bounds", (len(stems) + 1, 2), np.int64)
    bounds[0] = 0
    bounds[1:, 0] = np.cumsum([len(each) for each in encoded])
    bounds[1:, 1] = np.cumsum(found)
    texts = allocate("posting_passages", (int(found.sum()),), np.int32)
    scores = allocate("posting_scores", (int(found.sum()),), np.float32)

    free = bounds[:-1, 1].copy()  # where the next posting of each stem goes
    for text, stem, times, added in blocks():
        order = np.argsort(stem, kind="stable")
        text, stem, times, added = text[order], stem[order], times[order], added[order]
        own = np.bincount(stem, minlength=len(stems))
        places = free[stem] + np.arange(len(stem)) - np.repeat(np.cumsum(own) - own, own)
        free += own
        texts[places] = text
        scores[places] = added + idf[stem] * (
            times / (_K1 * ((1 - _B) + _B * lengths[text] / mean) + times)
        )
    return Postings(len(first), data, bounds, texts, scores)


class _Above(NamedTuple):
    """A field by the numbers of its stems.

    Attributes:
        of: The number of the context of each text.
        stems: The stems of the contexts, each of one once.
        bounds: Where those of each context start, and at last where all end.
        added: What each stem that there is adds to the score of the texts below it.
    """

    of: Rows
    stems: Rows
    bounds: Rows
    added: NDArray[np.float64]


def _above(field: Field, numbers: NDArray[np.int32], starts: Rows, stems: int) -> _Above:
    """Count the stems of a field, whose contexts start at these places in their numbers."""
    context = np.repeat(np.arange(len(field.contexts)), np.diff(starts))
    pairs = np.unique(context * max(stems, 1) + numbers[starts[0] : starts[-1]])
    context, stem = pairs // max(stems, 1), pairs % max(stems, 1)
    bounds = np.searchsorted(context, np.arange(len(field.contexts) + 1))
    idf = _idf(np.bincount(stem, minlength=stems), len(field.contexts))
    return _Above(field.of, stem, bounds, field.weight * idf)


def _idf(holding: Rows, total: int) -> NDArray[np.float64]:
    """Return the IDF of each word by how many of all texts hold it."""
    idf = np.array([math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in holding.tolist()])
    return idf.astype(np.float32).astype(np.float64)


def _numbered(pieces: Iterable[str]) -> tuple[NDArray[np.int32], Rows, list[str]]:
    """Return the numbers of the pieces' stems, where each piece's end, and the stems in order."""
    stem = stemmer()
    stems: dict[str, int] = {}
    known: dict[str, int] = {}  # words, of which most come again and again
    numbers = array("i")
    ends = array("q")
    for piece in pieces:
        for word in words_of(piece):
            number = known.get(word)
            if number is None:
                number = known[word] = stems.setdefault(stem([word])[0], len(stems))
            numbers.append(number)
        ends.append(len(numbers))
    ordered = sorted(stems, key=str.encode)
    rank = np.empty(len(stems), dtype=np.int32)
    rank[[stems[stem] for stem in ordered]] = np.arange(len(stems), dtype=np.int32)
    flat = np.frombuffer(numbers, dtype=np.int32) if numbers else np.empty(0, dtype=np.int32)
    return rank[flat], np.frombuffer(ends, dtype=np.int64), ordered


def _counted(
    numbers: NDArray[np.int32],
    first: Rows,
    last: Rows,
    above: Sequence[_Above],
    stems: int,
    block: int,
) -> Iterator[tuple[Rows, Rows, Rows, NDArray[np.float64]]]:
    """Count, block by block, which text holds which stem how many times, and what fields add."""
    for start in range(0, len(first), block):
        low, high = first[start : start + block], last[start : start + block]
        texts = np.arange(start, start + len(low))
        places, _ = ranges(low, high)
        pairs = [np.repeat(texts, high - low) * max(stems, 1) + numbers[places]]
        values = []
        for field in above:
            of = field.of[start : start + block]
            low, high = field.bounds[of], field.bounds[of + 1]
            stem = field.stems[ranges(low, high)[0]]
            pairs.append(np.repeat(texts, high - low) * max(stems, 1) + stem)
            values.append(field.added[stem])
        both, where = np.unique(np.concatenate(pairs), return_inverse=True)
        texts, stem = both // max(stems, 1), both % max(stems, 1)
        times = np.bincount(where[: len(places)], minlength=len(both))
        added = np.zeros(len(both))
        np.add.at(added, where[len(places) :], np.concatenate([added[:0], *values]))
        yield texts, stem, times, added
