"""Where the sentences of a text start and end, and what they are."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence

from index.structure.blocks import Structure
from index.structure.paragraphs import strip
from index.structure.parsing import structure_of
from index.structure.segments import LONGEST_SENTENCE, segments
from index.structure.spans import Span

_QUESTION = re.compile(r"\w\s*[?？][^\w]*$")
_SAYS = re.compile(r"(?:\w\W*){2}")


def split_sentences(text: str, structure: Structure | None = None) -> list[Span]:
    """Split a text into sentences, in order, each without the white space around it.

    A heading and a row of a table is a sentence each, unless it is too long to be one; no sentence
    is of two blocks. Every character of a block that is not white space is in exactly one.

    Args:
        text: The text.
        structure: Its structure if it is known already.
    """
    structure = structure_of(text) if structure is None else structure
    sentences: list[Span] = []
    for block in structure.blocks:
        start, end = block.span
        if block.kind in ("heading", "row") and end - start <= LONGEST_SENTENCE:
            sentences.append(block.span)
        else:
            sentences += _sentences(text, block.pieces)
    return sentences


def _sentences(text: str, pieces: Sequence[Span]) -> Iterator[Span]:
    # Soft line breaks are white space inside a sentence; as a space they part nothing.
    line = " ".join(text[start:end] for start, end in pieces).replace("\n", " ")
    if len(pieces) == 1:
        offset = pieces[0].start
        for segment in segments(line):
            if sentence := strip(line, segment):
                yield Span(sentence.start + offset, sentence.end + offset)
        return
    starts = list(itertools.accumulate((end - start + 1 for start, end in pieces), initial=0))
    for segment in segments(line):
        if sentence := strip(line, segment):
            yield Span(
                *(
                    pieces[at].start + place - starts[at] + last
                    for place, last in ((sentence.start, 0), (sentence.end - 1, 1))
                    for at in [bisect.bisect_right(starts, place) - 1]
                )
            )


def is_question(sentence: str) -> bool:
    """Tell whether a sentence asks: its last mark, quotation marks and the like aside, is "?"."""
    return _QUESTION.search(sentence) is not None


def says_something(sentence: str) -> bool:
    """Tell whether a sentence is more than marks and a letter, as "A." before an answer is."""
    return _SAYS.search(sentence) is not None
