"""Turns of a conversation, made without models."""

from __future__ import annotations

from index.articles import Article
from index.structure.sentences import split_sentences
from qa.answers import Answer, Citation, Kind, Outcome
from qa.reading.evidence import Evidence


def turn(article: Article, question: str, *said: str, kind: Kind = "phrase") -> Answer:
    """Answer a question with words of an article; with none, the none is found."""
    citations = []
    for words in said:
        start = article.text.index(words)
        around = next(s for s in split_sentences(article.text) if s.start <= start < s.end)
        citations.append(Citation(article, *around, start, start + len(words), Evidence()))
    outcome = Outcome.ANSWERED if said else Outcome.NOT_FOUND
    return Answer(question, 0.9 if said else 0.1, tuple(citations), (), kind, outcome=outcome)
