"""What an answer consists of.

Every quotation here is cut from its article by its offsets, so that none can differ from the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.articles import Article
from index.text.spans import Span
from index.text.stretches import Stretch
from qa.answer_json import AlternativeJson, AnswerJson, CitationJson, ReferenceJson
from qa.reading.evidence import Evidence

Kind = Literal["phrase", "clause", "list", "yes_no", "speech", "about", "talk"]
"""``phrase``: who, when, where, how many; ``clause``: why, how, what happened; ``list``: several
answers; ``yes_no``: the sentence that speaks for or against; ``speech``: what somebody said;
``about``: the article itself; ``talk``: small talk and calls for help."""

MAX_CLOSEST = 3
SEVERAL: tuple[Kind, ...] = ("list", "speech", "about")
"""The kinds of question whose answers have several parts, each with a citation."""


@dataclass(frozen=True)
class Reference:
    """What a word of a follow-up question was taken to stand for.

    Attributes:
        word: The word, such as "he".
        owner: What it was taken to stand for.
        others: What else it could stand for, the likeliest first.
    """

    word: str
    owner: str
    others: tuple[str, ...] = ()

    def to_dict(self) -> ReferenceJson:
        """Return what JSON can hold."""
        return {"word": self.word, "owner": self.owner, "others": list(self.others)}


@dataclass(frozen=True)
class Interpretation:
    """What a question may mean.

    Attributes:
        question: The question, written out so that it stands alone.
        references: What its words were taken to stand for.
    """

    question: str
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Citation(Stretch):
    """The sentences in which an answer stands, and where in them.

    Attributes:
        article: The article that is cited.
        start: Where the cited sentences start in ``article.text``.
        end: Where they end.
        answer_start: Where the answer starts in ``article.text``.
        answer_end: Where it ends.
        evidence: What speaks for the answer standing here.
        speaker: Who says the answer, in the article's words, if it is direct speech of somebody.
    """

    answer_start: int
    answer_end: int
    evidence: Evidence
    speaker: str | None = None

    @property
    def place(self) -> Stretch:
        """Where the answer stands."""
        return Stretch(self.article, self.answer_start, self.answer_end)

    @property
    def answer(self) -> str:
        """The answer, word for word."""
        return self.place.text

    def to_dict(self) -> CitationJson:
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
            "speaker": self.speaker,
            "evidence": {name: round(value, 4) for name, value in self.evidence._asdict().items()},
        }


@dataclass(frozen=True)
class Alternative:
    """A span that was read out as an answer, too, but is not the most likely one.

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

    def to_dict(self) -> AlternativeJson:
        """Return what JSON can hold."""
        return {
            "text": self.text,
            "confidence": round(self.confidence, 4),
            "citation": self.citation.to_dict(),
        }


@dataclass(frozen=True)
class CitedSentence(Stretch):
    """Sentences that are shown, with the parts of the answer that stand in them.

    Attributes:
        article: The article.
        start: Where they start in ``article.text``.
        end: Where they end.
        marks: What is to be marked, in order; nothing where the sentences are the answer.
    """

    marks: tuple[Span, ...]

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The sentences in pieces, word for word, each with whether it is to be marked."""
        place = self.start
        for start, end in self.marks:
            yield self.article.text[place:start], False
            yield self.article.text[start:end], True
            place = end
        yield self.article.text[place : self.end], False


@dataclass(frozen=True)
class Answer:
    """The answer to a question, or the statement that the articles do not answer it.

    Attributes:
        question: The question, as it was asked.
        confidence: How likely it is that the best span is right, in 0..1; see
            :class:`qa.reading.calibration.Calibration`. Where ``text`` is None, the best span was
            not likely enough to be given. None where nothing was read, but found by rule:
            quotations, names and dates, small talk.
        citations: The places where the answer is read, best first; empty if there is no answer.
            Where the answer has several parts, one for each, in order.
        alternatives: Other spans, most likely first. Where there is no answer, the spans that were
            not likely enough to be given.
        kind: What kind of question it is, and so what form the answer has.
        interpretation: How the question was understood.
        reply: What the program says of itself in answer to small talk; no quotation.
        suggestions: Questions that the articles answer, where the reply offers some.
        joined: Where the answer has several parts, all of them, with what stands between them where
            an article enumerates them ("A, B and C").
    """

    question: str
    confidence: float | None
    citations: tuple[Citation, ...]
    alternatives: tuple[Alternative, ...]
    kind: Kind = "phrase"
    interpretation: Interpretation | None = None
    reply: str | None = None
    suggestions: tuple[str, ...] = ()
    joined: str | None = None

    @property
    def text(self) -> str | None:
        """The answer, word for word, or None if the articles do not say.

        Several parts are joined: as :attr:`joined` has them, or else by semicolons.
        """
        if not self.citations:
            return None
        return "; ".join(self.items) if self.joined is None else self.joined

    @property
    def items(self) -> tuple[str, ...]:
        """The parts of an answer that has several, word for word; else the answer alone."""
        cited = self.citations if self.kind in SEVERAL else self.citations[:1]
        return tuple(citation.answer for citation in cited)

    @property
    def understood(self) -> str:
        """The question as it was understood: a follow-up is written out."""
        return self.interpretation.question if self.interpretation else self.question

    @property
    def references(self) -> tuple[Reference, ...]:
        """What the words of a follow-up were taken to stand for."""
        return self.interpretation.references if self.interpretation else ()

    @property
    def article(self) -> Article | None:
        """The article that the question turned out to be about; None if nothing is shown."""
        cited = self.citations or self.closest
        return cited[0].article if cited else None

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

    @property
    def shown(self) -> tuple[CitedSentence, ...]:
        """The cited sentences, each once; where there is no answer, the closest ones."""
        sentences: dict[tuple[Article, int, int], list[Span]] = {}
        for each in self.citations or self.closest:
            place = (each.article, each.start, each.end)
            marks = sentences.setdefault(place, [])
            if (each.answer_start, each.answer_end) != place[1:]:
                marks.append(Span(each.answer_start, each.answer_end))
        return tuple(
            CitedSentence(*place, tuple(sorted(marks))) for place, marks in sentences.items()
        )

    def to_dict(self) -> AnswerJson:
        """Return what JSON can hold."""
        return {
            "question": self.question,
            "understood": self.understood,
            "references": [reference.to_dict() for reference in self.references],
            "kind": self.kind,
            "text": self.text,
            "items": list(self.items),
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "citations": [citation.to_dict() for citation in self.citations],
            "alternatives": [alternative.to_dict() for alternative in self.alternatives],
            "reply": self.reply,
            "suggestions": list(self.suggestions),
        }
