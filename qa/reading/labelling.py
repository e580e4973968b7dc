"""Whether a span only labels what stands below it, as a heading does, and so answers nothing."""

from __future__ import annotations

import re

from index.articles import Article
from index.structure.blocks import Block
from index.structure.spans import Span
from index.text.terms import terms
from qa.english.words import is_english
from qa.reading.normalizing import normalize

_ASKS_FOR_LABEL = re.compile(
    r"\b(?:titles?|titled|entitled|headings?|headlines?|headed|call(?:s|ed)?|named?|names|chapters?"
    r"|sections?|parts?|topics?|subjects?|about|columns?|sheets?|tables?)\b",
    re.IGNORECASE,
)
_ASKS_WHO_OR_WHEN = re.compile(r"\W*(?:who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[\dIVXLC]+(?:\.\d+)*[.):]?\s+")
_WORD = re.compile(r"\w+")
_LONGEST = 100  # characters of a label


def is_label(question: str, article: Article, span: Span) -> bool:
    """Tell whether a span is a label that is no answer to a question.

    It is one if it is wholly the heading of a column, or a heading or the line that leads in to a
    list which says no more than the question does, or has nothing in it that "who", "when" and the
    like could ask for: neither a name nor a number.
    """
    block = article.structure.at(span.start)
    if block is None or span.end - span.start > _LONGEST or _ASKS_FOR_LABEL.search(question):
        return False
    text = article.text
    if block.kind == "row":
        return _heads_columns(article, block)
    leads = block.kind == "paragraph" and text[block.span.end - 1] == ":"
    if not (block.kind == "heading" or leads) or len(block.pieces) > 1:
        return False
    whole = _NUMBER.sub("", text[slice(*block.span)], count=1)
    said = text[slice(*span)]
    if normalize(_NUMBER.sub("", said, count=1)) != normalize(whole):
        return False
    if set(terms(said)) <= set(terms(question)):
        return True
    asks = _ASKS_WHO_OR_WHEN.match(question) is not None
    return asks and all(map(is_english, _WORD.findall(said)))


def _heads_columns(article: Article, block: Block) -> bool:
    """Tell whether a row holds the headings of a table."""
    if block.columns or block.group < 0 or not block.cells:
        return False
    below = article.structure.behind(block)
    return below is not None and below.group == block.group and below.columns == block.cells
