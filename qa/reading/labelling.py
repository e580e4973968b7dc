"""Whether a span only labels what stands below or beside it, and so answers nothing itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.articles import Article
from index.structure.blocks import Block
from index.structure.spans import Span
from index.text.terms import terms
from qa.english.answer_types import asked_type, is_of, is_of_another
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
_LABELLED = ("account", "address", "host", "telephone")
_TO_VALUE = re.compile(r"(?:[ \t]+(?:no\.|number|address))?[ \t]*[:=(]?[ \t]*")
_CHOOSES = re.compile(r"\bor\b", re.IGNORECASE)
_COLON = re.compile(r"[ \t]*[:=][ \t]*(?=\S)")
_VALUE = re.compile(r"[^\n]{1,100}?(?=[.;,]?(?:\s{2}|\n|\Z)|[.;] |\s\|)")


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


def value_beside(question: str, text: str, span: Span, exact: Iterable[Span]) -> Span | None:
    """Return the value that stands right behind a label; None if a span is no label of one.

    It is one before a colon if it says no more than the question does ("Password: heron"), and,
    where an account or the like is asked for, before such a number ("IBAN NL91 …").

    Args:
        question: The question.
        text: The text.
        span: The span.
        exact: What of the text is not to be torn.
    """
    said = text[slice(*span)]
    if span.end - span.start > _LONGEST:
        return None
    type_ = asked_type(question)
    if type_ in _LABELLED and is_of_another(type_, said):
        gap = _TO_VALUE.match(text, span.end)
        starts = gap.end() if gap else span.end
        values = [each for each in exact if each.start == starts > span.end]
        for value in sorted(values, key=lambda each: -each.end):
            if is_of(type_, text[slice(*value)]):
                return value
    own, colon = set(terms(said)), _COLON.match(text, span.end)
    if colon and own and own <= set(terms(question)) and not _CHOOSES.search(question):
        behind = _VALUE.match(text, colon.end())
        return Span(*behind.span()) if behind else None
    return None


def _heads_columns(article: Article, block: Block) -> bool:
    """Tell whether a row holds the headings of a table."""
    if block.columns or block.group < 0 or not block.cells:
        return False
    below = article.structure.behind(block)
    return below is not None and below.group == block.group and below.columns == block.cells
