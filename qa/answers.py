"""What an answer consists of.

Every quotation here is cut from its article by its offsets, so that none can differ from the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from index.articles import Article
from qa.calibration import Evidence

MAX_CLOSEST = 3


@dataclass(frozen=True)
class Citation:
    """The sentences in which an answer stands, and where in them.

    Attributes:
        article: The article that is cited.
        start: Where the cited sentences start in ``article.text``.
        end: Where they end.
        answer_start: Where the answer starts in ``article.text``.
        answer_end: Where it ends.
        evidence: What speaks for the answer standing here.
    """

    article: Article
    start: int
    end: int
    answer_start: int
    answer_end: int
    evidence: Evidence

    @property
    def text(self) -> str:
        """The cited sentences, word for word."""
        return self.article.text[self.start : self.end]

    @property
    def answer(self) -> str:
        """The answer, word for word."""
        return self.article.text[self.answer_start : self.answer_end]

    @property
    def parts(self) -> tuple[str, str, str]:
        """The cited sentences in three parts: before the answer, the answer, and after it."""
        text = self.article.text
        return (
            text[self.start : self.answer_start],
            self.answer,
            text[self.answer_end : self.end],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "article_id": self.article.id,
            "article_title": self.article.title,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "answer_start": self.answer_start,
            "answer_end": self.answer_end,
            "answer": self.answer,
            "evidence": {name: round(value, 4) for name, value in self.evidence._asdict().items()},
        }


@dataclass(frozen=True)
class Alternative:
    """Another reading: a span that was read out as an answer, but not the most likely one.

    Attributes:
        confidence: As in :class:`Answer`, for this span.
        citation: The span and the sentences in which it stands.
    """

    confidence: float
    citation: Citation

    @property
    def text(self) -> str:
        """The span, word for word."""
        return self.citation.answer

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "text": self.text,
            "confidence": round(self.confidence, 4),
            "citation": self.citation.to_dict(),
        }


@dataclass(frozen=True)
class Answer:
    """The answer to a question, or the statement that the articles do not answer it.

    Attributes:
        question: The question.
        confidence: How likely it is that the best span is right, in 0..1; see
            :class:`qa.calibration.Calibration`. Where ``text`` is None, the best span was not
            likely enough to be given.
        citations: The places where the answer is read, best first; empty if there is no answer.
        alternatives: Other spans, most likely first. Where there is no answer, the spans that were
            not likely enough to be given.
    """

    question: str
    confidence: float
    citations: tuple[Citation, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def text(self) -> str | None:
        """The answer, word for word, or None if the articles do not say."""
        return self.citations[0].answer if self.citations else None

    @property
    def closest(self) -> tuple[Citation, ...]:
        """Where there is no answer, the three sentences at most that come closest to one."""
        if self.citations:
            return ()
        sentences: dict[tuple[str, int, int], Citation] = {}
        for citation in (alternative.citation for alternative in self.alternatives):
            place = (citation.article.id, citation.start, citation.end)
            sentences.setdefault(place, citation)
        return tuple(sentences.values())[:MAX_CLOSEST]

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "question": self.question,
            "text": self.text,
            "confidence": round(self.confidence, 4),
            "citations": [citation.to_dict() for citation in self.citations],
            "alternatives": [alternative.to_dict() for alternative in self.alternatives],
        }
