"""Reading all of several things that are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.retrieval import Hit
from index.text.stretches import Stretch
from qa.reading.candidates import Candidate, weigh
from qa.reading.reader import Reader
from qa.reading.rendered import read_rendered


def read_items(
    reader: Reader, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
) -> list[list[Candidate]]:
    """Read out whatever may be among the things that each question asks for.

    What is one of several things is often told by the sentences before: passages that overlap, or
    follow one another, are read as one.

    Args:
        reader: Tells of each span how likely it is to be one of the things, whatever the others.
        questions: The questions.
        hits: The passages found for each, best first.

    Returns:
        A list for each question, most confident first; no two of it overlap.
    """
    joined = [_joined(own) for own in hits]
    passages = [[hit.passage for hit in own] for own in joined]
    spans = read_rendered(reader, questions, passages, passages)
    return [
        weigh(question, own, found, reader.calibration)
        for question, own, found in zip(questions, joined, spans, strict=True)
    ]


def _joined(hits: Sequence[Hit]) -> list[Hit]:
    """Join passages of an article with nothing between them; each is as good as its best part."""
    joined: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.passage.article.id, hit.passage.start)):
        passage, last = hit.passage, joined[-1] if joined else None
        if last is None or not _go_on(last.passage, passage):
            joined.append(hit)
            continue
        end = max(last.passage.end, passage.end)
        whole = Stretch(passage.article, last.passage.start, end)
        joined[-1] = replace(max(last, hit, key=lambda each: each.score), passage=whole)
    return joined


def _go_on(passage: Stretch, following: Stretch) -> bool:
    """Tell whether nothing stands between a passage and one that starts behind its start."""
    if passage.article.id != following.article.id:
        return False
    between = passage.article.text[passage.end : following.start]
    return following.start <= passage.end or not between.strip()
