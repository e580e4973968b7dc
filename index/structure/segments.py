"""Where the sentences of one line of text start and end: the one door to sentencex."""

from __future__ import annotations

from collections.abc import Iterator

from index.structure.spans import Span

_STRETCH = 5_000  # characters: quotation marks take the segmenter time to the square of the length


def segments(line: str) -> list[Span]:
    """Split a line into sentences, in order and without gaps, in time linear to its length.

    The segmenter is sentencex (Wikimedia), which keeps abbreviations and whole quotations together.
    A sentence of more than some thousand characters may be cut.
    """
    return list(_segments(line)) if len(line) > _STRETCH else _boundaries(line)


def _segments(line: str) -> Iterator[Span]:
    start = 0
    while len(line) - start > _STRETCH:
        found = _boundaries(line[start : start + _STRETCH])
        if len(found) > 1:  # the last one may go on
            found.pop()
            end = start + found[-1].end
        else:
            blank = line.rfind(" ", start + 1, start + _STRETCH)
            end = start + _STRETCH if blank < 0 else blank
            found = [Span(0, end - start)]
        for span in found:
            yield Span(start + span.start, start + span.end)
        start = end
    for span in _boundaries(line[start:]):
        yield Span(start + span.start, start + span.end)


def _boundaries(line: str) -> list[Span]:
    # The import takes a while and this module is loaded by everything.
    import sentencex

    return [
        Span(each["start_index"], each["start_index"] + len(each["text"]))
        for each in sentencex.get_sentence_boundaries("en", line)
    ]
