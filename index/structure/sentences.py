"""Where the sentences of a text start and end, and what they are."""

from __future__ import annotations

import re

from index.structure.paragraphs import split_paragraphs, strip
from index.structure.spans import Span

_QUESTION = re.compile(r"\w\s*[?？][^\w]*$")
_SAYS = re.compile(r"(?:\w\W*){2}")


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
            if sentence := strip(text, Span(start, start + len(boundary["text"]))):
                sentences.append(sentence)
    return sentences


def is_question(sentence: str) -> bool:
    """Tell whether a sentence asks: its last mark, quotation marks and the like aside, is "?"."""
    return _QUESTION.search(sentence) is not None


def says_something(sentence: str) -> bool:
    """Tell whether a sentence is more than marks and a letter, as "A." before an answer is."""
    return _SAYS.search(sentence) is not None
