"""Where the paragraphs and sentences of a text start and end."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from index.text.spans import Span

_MAX_WRAP_WIDTH = 120  # a paragraph with a longer line was not wrapped by hand or by an editor
_QUESTION = re.compile(r"\w\s*[?？][^\w]*$")
_SAYS = re.compile(r"(?:\w\W*){2}")
_STARTS_PARAGRAPH = re.compile(r"[ \t]*(?:[-*+•>|]|#{1,6}[ \t]|\d{1,3}[.)][ \t]|```)")


def split_paragraphs(text: str) -> list[Span]:
    """Split a text into paragraphs, each without the white space around it.

    A blank line always parts paragraphs. A single line break parts them too, unless it is the soft
    break of hard-wrapped text: unless the next line's first word would not have fitted on this
    line.
    """
    paragraphs: list[Span] = []
    block: list[Span] = []
    for line in _lines(text):
        if text[line.start : line.end].strip():
            block.append(line)
        else:
            paragraphs += _unwrap(text, block)
            block = []
    paragraphs += _unwrap(text, block)
    return [stripped for paragraph in paragraphs if (stripped := _strip(text, paragraph))]


def split_sentences(text: str) -> list[Span]:
    """Split a text into sentences, in order, each without the white space around it.

    Every character that is not white space is in exactly one sentence. The segmenter is sentencex
    (Wikimedia), which keeps abbreviations and whole quotations together.
    """
    # The import takes a while and this module is loaded by everything.
    import sentencex

    sentences = []
    for paragraph in split_paragraphs(text):
        # Soft line breaks are white space inside a sentence; as a space they part nothing.
        line = text[paragraph.start : paragraph.end].replace("\n", " ")
        for boundary in sentencex.get_sentence_boundaries("en", line):
            start = paragraph.start + boundary["start_index"]
            if sentence := _strip(text, Span(start, start + len(boundary["text"]))):
                sentences.append(sentence)
    return sentences


def is_question(sentence: str) -> bool:
    """Tell whether a sentence asks: its last mark, quotation marks and the like aside, is "?"."""
    return _QUESTION.search(sentence) is not None


def says_something(sentence: str) -> bool:
    """Tell whether a sentence is more than marks and a letter, as "A." before an answer is."""
    return _SAYS.search(sentence) is not None


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1


def _unwrap(text: str, block: list[Span]) -> Iterator[Span]:
    """Join the soft-wrapped lines of a block of lines into paragraphs."""
    if not block:
        return
    width = max(end - start for start, end in block)
    start = block[0].start
    for line, following in itertools.pairwise(block):
        first_word = text[following.start : following.end].split(maxsplit=1)[0]
        would_have_fitted = line.end - line.start + 1 + len(first_word) <= width
        hard_break = would_have_fitted or _STARTS_PARAGRAPH.match(text, following.start)
        if width > _MAX_WRAP_WIDTH or hard_break:
            yield Span(start, line.end)
            start = following.start
    yield Span(start, block[-1].end)


def _strip(text: str, span: Span) -> Span | None:
    """Narrow a span to leave out white space at its ends; None if nothing else is in it."""
    piece = text[span.start : span.end]
    if not piece.strip():
        return None
    return Span(
        span.start + len(piece) - len(piece.lstrip()), span.end - len(piece) + len(piece.rstrip())
    )
