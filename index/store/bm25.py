"""Search by words: BM25 over stems."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from index.store.allocation import Allocate, in_memory
from index.store.data import Postings
from index.store.rows import Rows, ranges
from index.text.terms import stemmer, terms, words_of

_K1 = 1.5
_B = 0.75
_BLOCK = 50_000  # texts counted at once: the memory that it takes does not grow with their number


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
    allocate: Allocate = in_memory,
    block: int = _BLOCK,
) -> Postings:
    """Work out the postings of texts that overlap, each a row of whole pieces.

    BM25 with k1 = 1.5 and b = 0.75 in Lucene's form, whose IDF, log(1 + (N - n + 0.5) / (n + 0.5)),
    is above zero for every word, so that also one short article can be searched (Kamphuis et al.
    2020, "Which BM25 do you mean?"). What a word adds to a text's score is worked out here and not
    when a question comes (Lù 2024, "BM25S").

    Args:
        pieces: The pieces, in order; each is looked at once.
        first: The number of each text's first piece.
        last: One past the number of its last piece.
        allocate: Where the arrays are to be.
        block: How many texts are counted at once.
    """
    numbers, ends, stems = _numbered(pieces)
    starts = np.concatenate([[0], ends])
    first, last = starts[first], starts[last]
    blocks = partial(_counted, numbers, first, last, len(stems), block)

    found = np.zeros(len(stems), dtype=np.int64)
    for _, stem, _ in blocks():
        found += np.bincount(stem, minlength=len(stems))
    total = len(first)
    idf = np.array([math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in found.tolist()])
    idf = idf.astype(np.float32).astype(np.float64)
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
    for text, stem, times in blocks():
        order = np.argsort(stem, kind="stable")
        text, stem, times = text[order], stem[order], times[order]
        own = np.bincount(stem, minlength=len(stems))
        places = free[stem] + np.arange(len(stem)) - np.repeat(np.cumsum(own) - own, own)
        free += own
        texts[places] = text
        scores[places] = idf[stem] * (
            times / (_K1 * ((1 - _B) + _B * lengths[text] / mean) + times)
        )
    return Postings(total, data, bounds, texts, scores)


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
    numbers: NDArray[np.int32], first: Rows, last: Rows, stems: int, block: int
) -> Iterator[tuple[Rows, Rows, Rows]]:
    """Count, block by block, which text holds which stem how many times."""
    for start in range(0, len(first), block):
        low, high = first[start : start + block], last[start : start + block]
        places, _ = ranges(low, high)
        text = np.repeat(np.arange(start, start + len(low)), high - low)
        pairs, times = np.unique(text * max(stems, 1) + numbers[places], return_counts=True)
        yield pairs // max(stems, 1), pairs % max(stems, 1), times
