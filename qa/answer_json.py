"""What an answer is in JSON: what `Answer.to_dict` gives, and the web API documents."""

from __future__ import annotations

from typing import TypedDict


class CitationJson(TypedDict):
    """Sentences that are cited, and where in them the answer stands; places in code points."""

    article_id: str
    article_title: str
    start: int
    end: int
    text: str
    answer_start: int
    answer_end: int
    answer: str
    speaker: str | None
    evidence: dict[str, float]


class AlternativeJson(TypedDict):
    """Another reading, with how likely it is to be right."""

    text: str
    confidence: float
    citation: CitationJson


class ReferenceJson(TypedDict):
    """What a word of a follow-up question was taken to stand for."""

    word: str
    owner: str
    others: list[str]


class AnswerJson(TypedDict):
    """An answer; its text is None where the articles do not say."""

    question: str
    understood: str
    references: list[ReferenceJson]
    kind: str
    text: str | None
    items: list[str]
    confidence: float | None
    citations: list[CitationJson]
    alternatives: list[AlternativeJson]
    reply: str | None
    suggestions: list[str]
