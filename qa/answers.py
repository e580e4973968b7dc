"""What an answer consists of.

Every quotation here is cut from its article by its offsets, so that none can differ from the text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, get_args

from index.articles import Article
from index.errors import AnswerError
from index.meta import Meta
from index.places import Place, joined
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa import answer_json
from qa.answer_json import AlternativeJson, AnswerJson, CitationJson, ReferenceJson
from qa.cited import CitedSentence
from qa.reading.calibration import Stores
from qa.reading.evidence import Evidence

Kind = Literal["phrase", "clause", "list", "yes_no", "speech", "about", "talk"]
"""``phrase``: who, when, where, how many; ``clause``: why, how, what happened; ``list``: several
answers; ``yes_no``: the sentence that speaks for or against; ``speech``: what somebody said;
``about``: the article itself; ``talk``: small talk, calls for help and what is not for it."""


class Outcome(str, Enum):
    """What came of a question; where one outcome ends and the next begins is fitted.

    See :class:`qa.reading.calibration.Boundaries`.
    """

    ANSWERED = "answered"
    """An answer of which nine in ten are right; or one that was found by rule."""
    PROBABLE = "probable"
    """The articles seem to answer, and this is the likeliest answer, but less sure."""
    CLOSE_CALL = "close_call"
    """Two answers are within what chance tells apart: both are shown, neither is claimed."""
    NOT_FOUND = "not_found"
    """No passage was found that answers."""
    NOT_FOR_ME = "not_for_me"
    """What is asked cannot be answered by a quotation: to translate, to reckon, to compare."""
    SMALL_TALK = "small_talk"
    """A greeting, thanks or a call for help, replied to in the program's own words."""


GIVEN = (Outcome.ANSWERED, Outcome.PROBABLE)
"""The outcomes in which an answer is given."""
REPLIED = (Outcome.NOT_FOR_ME, Outcome.SMALL_TALK)
MAX_RIVALS = 2
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
        speaker: Who says the answer, in the article's words, if it is direct speech of somebody,
            or reported speech that was asked for.
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

    @property
    def source(self) -> tuple[Place, ...]:
        """Where the answer stands in the document that its article was read from.

        Pages with rectangles, or paths of elements; empty where the text is all there is.
        """
        return joined(self.place.places)

    def to_dict(self) -> CitationJson:
        """Return what JSON can hold."""
        return {
            "article_id": self.article.id,
            "article_title": self.article.title,
            "article_meta": Meta(self.article.meta).to_dict(),
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "answer_start": self.answer_start,
            "answer_end": self.answer_end,
            "answer": self.answer,
            "speaker": self.speaker,
            "evidence": self.evidence._asdict(),
            "source": answer_json.places(self.source),
        }

    @classmethod
    def _of(cls, values: dict[str, Any], articles: Mapping[str, Article]) -> Citation:
        if values["article_id"] not in articles:
            raise AnswerError(
                f"The answer cites {values['article_id']!r}, which is not among the articles given "
                "with it; give every article that was asked."
            )
        article = articles[values["article_id"]]
        cited = int(values["start"]), int(values["end"])
        answer = int(values["answer_start"]), int(values["answer_end"])
        for start, end in (cited, answer):
            if not 0 <= start <= end <= len(article.text):
                raise ValueError("is not a place in the article")
        evidence = Evidence(**{name: float(value) for name, value in values["evidence"].items()})
        if not all(map(math.isfinite, evidence)):
            raise ValueError("evidence is finite")
        speaker = values["speaker"]
        return cls(article, *cited, *answer, evidence, None if speaker is None else str(speaker))


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
            "confidence": self.confidence,
            "citation": self.citation.to_dict(),
        }

    @classmethod
    def _of(cls, values: dict[str, Any], articles: Mapping[str, Article]) -> Alternative:
        citation = Citation._of(values["citation"], articles)
        return cls(answer_json.probability(values["confidence"]), citation)


@dataclass(frozen=True)
class Answer:
    """What came of a question: an answer, or what is known of why none is given.

    Cannot be changed, and so is safe to share by threads. Offsets count code points.

    Attributes:
        question: The question, as it was asked.
        confidence: How likely it is that the best span is right, in 0..1; see
            :class:`qa.reading.calibration.Calibration`. Where ``text`` is None, the best span was
            not likely enough to be given. None where nothing was read, but found by rule:
            quotations, names and dates, small talk.
        citations: The places where the answer is read, best first; empty if none is given.
            Where the answer has several parts, one for each, in order.
        alternatives: Other spans, most likely first. Where no answer is given, the spans that were
            not likely enough to be.
        kind: What kind of question it is, and so what form the answer has.
        interpretation: How the question was understood; None if as it was typed.
        reply: What the program says of itself in answer to small talk, or to what is not for it; no
            quotation.
        suggestions: Questions that the articles answer, where the reply offers some.
        joined: Where the answer has several parts, all of them, with what stands between them where
            an article enumerates them ("A, B and C").
        outcome: Which of the outcomes it is.
        answerable: How likely it is that the articles answer at all, in 0..1; None where nothing
            was read.
        opposite: Sentences that say the opposite of what the question takes for granted.
        looked_at: The ids of the articles that a question about articles themselves was answered
            from, where there are others; empty for other questions.
        stores: Where the confidence was calibrated over another kind of store than was asked: over
            which, and which was asked.

    Raises:
        ValueError: Citations, alternatives or reply are not those of such an outcome.
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
    outcome: Outcome = field(kw_only=True)
    answerable: float | None = None
    opposite: Citation | None = None
    looked_at: tuple[str, ...] = ()
    stores: Stores | None = None

    def __post_init__(self) -> None:
        if bool(self.citations) != (self.outcome in GIVEN):
            raise ValueError(f"{self.outcome.value}, and {len(self.citations)} places are cited")
        if self.outcome is Outcome.CLOSE_CALL and len(self.rivals) < MAX_RIVALS:
            raise ValueError(f"close_call, of {len(self.rivals)}")
        if (self.reply is None) == (self.outcome in REPLIED):
            raise ValueError(f"{self.outcome.value}, and the reply is {self.reply!r}")
        if self.interpretation == Interpretation(self.question):
            object.__setattr__(self, "interpretation", None)

    @property
    def text(self) -> str | None:
        """The answer, word for word, or None if none is given.

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
        cited = self._cited
        return cited[0].article if cited else None

    @property
    def rivals(self) -> tuple[Alternative, ...]:
        """Of a close call, the two answers; else none."""
        return self.alternatives[:MAX_RIVALS] if self.outcome is Outcome.CLOSE_CALL else ()

    @property
    def closest(self) -> tuple[Citation, ...]:
        """Where no answer is found, the three sentences at most that come closest to one."""
        if self.citations or self.rivals:
            return ()
        sentences: dict[tuple[str, int, int], Citation] = {}
        for citation in (alternative.citation for alternative in self.alternatives):
            place = (citation.article.id, citation.start, citation.end)
            sentences.setdefault(place, citation)
        return tuple(sentences.values())[:MAX_CLOSEST]

    @property
    def shown(self) -> tuple[CitedSentence, ...]:
        """The cited sentences, each once; else those of the rivals, or the closest ones."""
        sentences: dict[tuple[Article, int, int], list[Span]] = {}
        for each in self._cited:
            place = (each.article, each.start, each.end)
            marks = sentences.setdefault(place, [])
            if (each.answer_start, each.answer_end) != place[1:]:
                marks.append(Span(each.answer_start, each.answer_end))
        return tuple(
            CitedSentence(*place, tuple(sorted(marks))) for place, marks in sentences.items()
        )

    @property
    def _cited(self) -> tuple[Citation, ...]:
        rivals = tuple(rival.citation for rival in self.rivals)
        return self.citations or rivals or self.closest

    def to_dict(self) -> AnswerJson:
        """Return what JSON can hold, and :meth:`from_dict` gives back; articles by their ids."""
        return {
            "question": self.question,
            "understood": self.understood,
            "references": [reference.to_dict() for reference in self.references],
            "kind": self.kind,
            "outcome": self.outcome.value,
            "text": self.text,
            "items": list(self.items),
            "joined": self.joined,
            "confidence": self.confidence,
            "answerable": self.answerable,
            "citations": [citation.to_dict() for citation in self.citations],
            "alternatives": [alternative.to_dict() for alternative in self.alternatives],
            "opposite": None if self.opposite is None else self.opposite.to_dict(),
            "reply": self.reply,
            "suggestions": list(self.suggestions),
            "looked_at": list(self.looked_at),
            "stores": None if self.stores is None else self.stores.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], articles: Iterable[Article]) -> Answer:
        """Return the answer that :meth:`to_dict` wrote, now or before there were outcomes.

        What was written is held against the articles, down to the last quotation.

        Args:
            values: What :meth:`to_dict` wrote.
            articles: At least those that the answer cites, as they were.

        Raises:
            AnswerError: ``values`` are no answer, or not one of these articles.
        """
        try:
            answer = cls._of(values, {article.id: article for article in articles})
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise AnswerError(
                f"What is to be read is no answer ({type(error).__name__}: {error}); expected what "
                "Answer.to_dict wrote."
            ) from error
        if differing := answer_json.difference(answer.to_dict(), answer_json.of_today(values)):
            raise AnswerError(f"The answer does not fit its articles, or itself: {differing}.")
        return answer

    @classmethod
    def _of(cls, values: Mapping[str, Any], articles: Mapping[str, Article]) -> Answer:
        """Take what was written, converted; :meth:`from_dict` sees whether that changed a thing."""
        values = answer_json.of_today(values)
        if values["kind"] not in get_args(Kind):
            raise ValueError(f"there is no kind {values['kind']!r}")
        references = tuple(
            Reference(str(each["word"]), str(each["owner"]), tuple(map(str, each["others"])))
            for each in values["references"]
        )
        confidence, answerable = values["confidence"], values["answerable"]
        joined, reply, opposite = values["joined"], values["reply"], values["opposite"]
        return cls(
            question=str(values["question"]),
            confidence=None if confidence is None else answer_json.probability(confidence),
            citations=tuple(Citation._of(each, articles) for each in values["citations"]),
            alternatives=tuple(Alternative._of(each, articles) for each in values["alternatives"]),
            kind=values["kind"],
            interpretation=Interpretation(str(values["understood"]), references),
            reply=None if reply is None else str(reply),
            suggestions=tuple(map(str, values["suggestions"])),
            joined=None if joined is None else str(joined),
            outcome=Outcome(values["outcome"]),
            answerable=None if answerable is None else answer_json.probability(answerable),
            opposite=None if opposite is None else Citation._of(opposite, articles),
            looked_at=tuple(map(str, values["looked_at"])),
            stores=Stores.of(values["stores"]),
        )
