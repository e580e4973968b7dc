"""What sentences state: questions lend their words to their answers, and copies count once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.structure.sentences import is_question, says_something
from index.text.stretches import Stretch

_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_MARKS = re.compile(r"\W*")
_ENDS = frozenset(".!?…")


@dataclass(frozen=True)
class Statement:
    """A sentence that states something.

    Attributes:
        sentence: The sentence; of copies the first.
        question: The question that stands right before it, which it is taken to answer; None if
            there is none.
        rows: Where the two stand in the table that they come from, the sentence first.
    """

    sentence: Stretch
    question: Stretch | None
    rows: tuple[int, ...]

    @property
    def text(self) -> str:
        """The question, if any, and the sentence, however they are wrapped."""
        return " ".join(said(each) for each in (self.question, self.sentence) if each is not None)


def years_for(sentence: str, title: str, opening: str) -> str:
    """Return the years that a sentence is of by its article's headline: none if it names its own.

    Args:
        sentence: The sentence.
        title: What the article is called.
        opening: The article's first sentence, which is a headline if it ends as one.
    """
    if _YEAR.search(sentence):
        return ""
    marks = _MARKS.match(opening[::-1])  # from the end: a search would start at each of them
    ended = marks is not None and not _ENDS.isdisjoint(marks[0])
    headline = title if ended else f"{title} {opening}"
    return " ".join(_YEAR.findall(headline))


def without_years(names: str) -> str:
    """Return names without the years in them: :func:`years_for` says what those are worth."""
    return _YEAR.sub("", names)


def said(stretch: Stretch) -> str:
    """Return what copies have in common: the text, however it is wrapped."""
    return " ".join(stretch.text.split())


def statements(sentences: Mapping[int, Stretch]) -> list[Statement]:
    """Return what sentences state, in their order.

    A question states nothing, nor does the "A." before an answer. A sentence that stands more than
    once, after the same question if after any, is returned where it stands first.

    Args:
        sentences: Sentences by their rows in a table of all sentences of all articles, in order.
    """
    found: dict[str, Statement] = {}
    asked, before = -1, -2  # the rows of the last question and of the last sentence
    for row in sorted(sentences):
        sentence = sentences[row]
        if row - 1 != before or sentences[before].article.id != sentence.article.id:
            asked = -1
        before = row
        if is_question(sentence.text):
            asked = row
        elif says_something(sentence.text):
            own = (
                Statement(sentence, None, (row,))
                if asked < 0
                else Statement(sentence, sentences[asked], (row, asked))
            )
            asked = -1
            found.setdefault(own.text, own)
    return list(found.values())
