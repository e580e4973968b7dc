"""Passages: the overlapping windows of sentences that are found and read."""

from __future__ import annotations

from collections.abc import Sequence

from index.structure.blocks import Structure
from index.structure.spans import Span

# Measured on questions asked of whole articles; the figures stand in eval/README.md.
PASSAGE_SENTENCES = 3
PASSAGE_STRIDE = 1


def split_sections(sentences: Sequence[Span], structure: Structure) -> list[slice]:
    """Return which of a text's sentences stand under the same headings, run by run.

    A passage that went on under another heading would be taken to speak of what that one names.
    """
    blocks = [structure.at(sentence.start) for sentence in sentences]
    headings = [block is not None and block.kind == "heading" for block in blocks]
    starts = [
        number
        for number, heading in enumerate(headings)
        if number == 0 or (heading and not headings[number - 1])
    ]
    return list(map(slice, starts, [*starts[1:], len(sentences)]))


def bound_to_next(sentences: Sequence[Span], structure: Structure) -> list[bool]:
    """Tell of each of a text's sentences whether no passage is to end with it if it can go on.

    That is what leads in to a list, and the first of its items: alone, it misleads whoever reads
    it.
    """
    blocks = [structure.at(sentence.start) for sentence in sentences]
    bound = [False] * len(sentences)
    for number in range(len(sentences) - 1):
        block, following = blocks[number], blocks[number + 1]
        if following is None or following.kind != "item" or following.lead is None:
            continue
        before = blocks[number - 1] if number and bound[number - 1] else None
        is_first = before is not None and block is not None and block.group == following.group
        bound[number] = following.lead.overlaps(sentences[number]) or (
            is_first and before is not None and before.group != following.group
        )
    return bound


def split_passages(
    sentences: Sequence[Span],
    tokens: Sequence[Sequence[Span]],
    *,
    max_tokens: int,
    window: int,
    stride: int,
    bound: Sequence[bool] = (),
) -> list[Span]:
    """Lay overlapping windows over the sentences of one text so that each is in at least one.

    Args:
        sentences: The text's sentences, in order.
        tokens: The tokens of each sentence, as spans relative to that sentence's start.
        max_tokens: The most tokens that a passage may hold; a longer sentence is cut in pieces.
        window: The most sentences in a passage.
        stride: By how many sentences a passage starts after the one before.
        bound: Of each, whether a passage that would end with it takes the next one as well: see
            :func:`bound_to_next`. None is if empty.
    """
    passages: list[Span] = []
    covered = 0  # how many sentences are in a passage already
    first = 0
    while covered < len(sentences):
        if len(tokens[first]) > max_tokens:
            passages += cut_long_sentence(sentences[first], tokens[first], max_tokens)
            covered = first = first + 1
            continue
        last, size = first, len(tokens[first])
        while (
            last + 1 < len(sentences)
            and (last + 1 < first + window or (bound and bound[last]))
            and size + len(tokens[last + 1]) <= max_tokens
        ):
            last += 1
            size += len(tokens[last])
        if last + 1 > covered:  # else the passage before holds all of this one
            passages.append(Span(sentences[first].start, sentences[last].end))
            covered = last + 1
        first = min(first + stride, covered)
    return passages


def cut_long_sentence(sentence: Span, tokens: Sequence[Span], max_tokens: int) -> list[Span]:
    """Cut a sentence that is too long for one vector into pieces that overlap by a quarter.

    Args:
        sentence: Where the sentence stands in its text.
        tokens: Its tokens, as spans relative to its start.
        max_tokens: The most tokens that a piece may hold; a sentence of no more stays whole.
    """
    if len(tokens) <= max_tokens:
        return [sentence]
    pieces = []
    for first in range(0, len(tokens) - max_tokens // 4, max_tokens - max_tokens // 4):
        last = min(first + max_tokens, len(tokens)) - 1
        # The outer pieces take in what stands outside every token, such as white space.
        start = 0 if first == 0 else tokens[first].start
        end = sentence.end if last == len(tokens) - 1 else sentence.start + tokens[last].end
        pieces.append(Span(sentence.start + start, end))
    return pieces
