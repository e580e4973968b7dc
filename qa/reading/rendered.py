"""Reading what passages are rendered as, with the spans put back to where they stand in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.structure.spans import Span
from index.text.naming import told_apart
from index.text.rendering import render
from index.text.stretches import Stretch
from qa.reading.reader import Reader, ReaderSpan


def read_rendered(
    reader: Reader,
    questions: Sequence[str],
    passages: Sequence[Sequence[Stretch]],
    found: Sequence[Sequence[Stretch]],
) -> list[list[ReaderSpan]]:
    """Read each question in its passages as they are rendered for it.

    Args:
        reader: Reads.
        questions: The questions.
        passages: The passages of each.
        found: All that was found for each: what tells the articles of these apart is read, too.

    Returns:
        A list for each question, of spans by descending logit, whose offsets are those of the
        passages' own text. What was only put in to be understood is no span.
    """
    rendered = []
    for question, own, beside in zip(questions, passages, found, strict=True):
        labels = told_apart(question, own, beside)
        rendered.append(
            [render(each, question, label) for each, label in zip(own, labels, strict=True)]
        )
    read = reader.read(questions, [[each.text for each in own] for own in rendered])
    placed: list[list[ReaderSpan]] = []
    for stretches, texts, spans in zip(passages, rendered, read, strict=True):
        inside = []
        for span in spans:
            passage = stretches[span.passage]
            place = texts[span.passage].source(span.start, span.end)
            if place is not None and passage.span.contains(place):
                start, end = Span(place.start - passage.start, place.end - passage.start)
                inside.append(replace(span, start=start, end=end))
        placed.append(inside)
    return placed
