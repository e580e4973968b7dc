"""What has to be found, worked out from the documents themselves: cosines, and BM25."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from index.models.encoder import Vectors
from index.store.base import Prepared
from index.text.naming import headings_above, names_of
from index.text.rendering import render
from index.text.stretches import Stretch
from index.text.terms import terms

Place = tuple[str, int]
"""The id of a document, and the ordinal of a sentence, or of a passage, in it."""

_K1, _B = 1.5, 0.75
_HEADINGS, _NAMES = 0.6, 0.2


def cosines(documents: Sequence[Prepared], query: Vectors) -> dict[Place, float]:
    """Return the cosine of each sentence's vector and a query's, the nearest first."""
    found = {
        (each.article.id, ordinal): float(vector @ query)
        for each in documents
        for ordinal, vector in enumerate(each.vectors)
    }
    return _best_first(found)


def bm25(documents: Sequence[Prepared], question: str) -> dict[Place, float]:
    """Return the score of each passage that shares a word with a question, the best first.

    The words of a passage count by BM25 with k1 = 1.5 and b = 0.75 in Lucene's form: log(1 + (N - n
    + 0.5) / (n + 0.5)) * f / (f + k1 * (1 - b + b * length / mean length)), with N passages, of
    which n hold the word, and f times in this one. Besides, a word counts that stands

    - in the headings above a passage, or rather above the passages of a document that follow one
      another below the same: 0.6 times its IDF among all such contexts, if there are several;
    - in the names of its document: 0.2 times its IDF among all documents, if there are several.
    """
    passages = {
        (each.article.id, ordinal): _words_of(each, first, last)
        for each in documents
        for ordinal, (first, last) in enumerate(each.cut.passages.tolist())
    }
    if not passages:
        return {}
    lengths = {place: max(words.total(), 1) for place, words in passages.items()}
    mean = sum(lengths.values()) / len(lengths)
    headings, contexts = _contexts(documents)
    names = {each.article.id: set(terms("\n".join(names_of(each.article)))) for each in documents}
    of_word = _idf(list(passages.values()))
    of_heading = _idf(contexts)
    of_name = _idf(list(names.values()))
    scores = dict.fromkeys(passages, 0.0)
    for place, words in passages.items():
        for word in terms(question):
            times = words[word]
            norm = _K1 * (1 - _B + _B * lengths[place] / mean)
            scores[place] += of_word(word) * times / (times + norm)
            if word in headings[place] and len(contexts) > 1:
                scores[place] += _HEADINGS * of_heading(word)
            if word in names[place[0]] and len(documents) > 1:
                scores[place] += _NAMES * of_name(word)
    return {place: score for place, score in _best_first(scores).items() if score > 0}


def _words_of(document: Prepared, first: int, last: int) -> Counter[str]:
    spans = document.cut.sentences[first:last].tolist()
    texts = (render(Stretch(document.article, *span)).text for span in spans)
    return Counter(word for text in texts for word in terms(text))


def _contexts(documents: Sequence[Prepared]) -> tuple[dict[Place, set[str]], list[set[str]]]:
    """Return the words of the headings above each passage, and those of each context."""
    of: dict[Place, set[str]] = {}
    contexts: list[set[str]] = []
    for each in documents:
        article = each.article
        starts = each.cut.sentences[each.cut.passages[:, 0]].tolist()
        above = [
            [heading.text for heading in headings_above(Stretch(article, *span))] for span in starts
        ]
        told = [[text for text in texts if text != article.title] for texts in above]
        for texts, ordinals in itertools.groupby(range(len(told)), key=lambda n: told[n]):
            contexts.append(set(terms("\n".join(texts))))
            of |= {(article.id, ordinal): contexts[-1] for ordinal in ordinals}
    return of, contexts


def _idf(texts: Sequence[Counter[str] | set[str]]) -> Callable[[str], float]:
    def idf(word: str) -> float:
        holding = sum(word in text for text in texts)
        return math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))

    return idf


def _best_first(scores: dict[Place, float]) -> dict[Place, float]:
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def towards(degrees: float, dimension: int) -> Vectors:
    """Return a unit vector that points somewhere in the plane of the first two axes."""
    vector = np.zeros(dimension, dtype=np.float32)
    vector[:2] = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return vector
