"""The sentences of an article that an encoder finds nearest to a question: where negatives are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Encoder
from index.store.segments.vectors import VectorSearch
from index.structure.sentences import split_sentences
from qa.squad import QuestionSet

NEAREST = 12
_TOO_FEW = 3  # sentences that make one passage: there is none beside it

Rows = NDArray[np.int32]


def nearest_sentences(
    sets: Sequence[QuestionSet], encoder: Encoder, *, progress: bool = False
) -> list[Rows]:
    """Rank the sentences of each article by their similarity to each of its questions.

    Sentences, not passages, are embedded: it takes a third of the time, and a passage is near a
    question because of a sentence in it.

    Returns:
        For each set the numbers of the nearest sentences, nearest first, shaped
        (questions, at most 12).
    """
    from tqdm import tqdm

    ranked = []
    for group in tqdm(
        sets, desc="Finding negatives", unit=" articles", disable=None if progress else True
    ):
        sentences = split_sentences(group.article.text)
        if len(sentences) <= _TOO_FEW:
            everywhere = np.arange(len(sentences), dtype=np.int32)
            ranked.append(np.tile(everywhere, (len(group.questions), 1)))
            continue
        texts = [group.article.text[start:end] for start, end in sentences]
        search = VectorSearch(encoder.encode_passages(texts))
        questions = encoder.encode_questions([question.text for question in group.questions])
        _, rows = search.search(questions, NEAREST)
        ranked.append(rows.astype(np.int32))
    return ranked


def cached_nearest(
    path: Path, sets: Sequence[QuestionSet], encoder: Encoder, *, progress: bool = False
) -> list[Rows]:
    """Return :func:`nearest_sentences`, from a file if it was worked out for the same before."""
    key = np.array(_key(sets, encoder))
    if path.exists():
        with np.load(path) as stored:
            known, *ranked = (stored[name] for name in stored.files)
        if known == key:
            return ranked
    ranked = nearest_sentences(sets, encoder, progress=progress)
    temporary = path.with_suffix(".new.npz")
    np.savez(temporary, key, *ranked)
    temporary.replace(path)
    return ranked


def _key(sets: Sequence[QuestionSet], encoder: Encoder) -> str:
    digest = hashlib.sha256(f"{encoder.name} {NEAREST}".encode())
    for group in sets:
        digest.update(group.article.text.encode())
        for question in group.questions:
            digest.update(question.text.encode())
    return digest.hexdigest()
