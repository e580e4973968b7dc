"""Answers that were read: the best span, or the parts of a list, and what else may be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.retrieval import Retrieval
from qa.answering.citing import cite_candidate, joined
from qa.answering.lists import items_among
from qa.answers import Alternative, Answer, Citation, Interpretation
from qa.asking.kinds import Asked
from qa.english.analysis import Analyses
from qa.english.names import dates, names
from qa.reading.candidates import Candidate
from qa.reading.normalizing import normalize

MAX_ALTERNATIVES = 4


def from_spans(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    interpretation: Interpretation,
    asked: Asked,
    candidates: Sequence[Candidate],
    min_confidence: float,
) -> Answer:
    """Give the best candidate as the answer if it is likely enough, the others beside it.

    A span that enumerates several things is an answer of several parts. Where several are asked
    for, the enumeration round the span is completed, and what else is likely enough, and at least
    a third as likely as the best, joins it.
    """
    if not candidates:
        return Answer(question, 0.0, (), (), asked.kind, interpretation)
    best = candidates[0]
    what = interpretation.question.lower().startswith("what")
    if best.confidence >= min_confidence and (asked.kind in ("list", "phrase") or what):
        several = asked.kind == "list"
        items = items_among(retriever, analyses, candidates, min_confidence, several=several)
        if len(items) > 1:
            return Answer(
                question,
                best.confidence,
                tuple(items),
                _alternatives(retriever, analyses, candidates, items),
                "list",
                interpretation,
                joined=joined(items),
            )
    kind = "phrase" if asked.kind in ("list", "speech") else asked.kind
    citations: list[Citation] = []
    if best.confidence >= min_confidence:
        citations = [
            cite_candidate(retriever, analyses, candidate)
            for candidate in candidates
            if candidate.confidence >= min_confidence
            and normalize(candidate.text) == normalize(best.text)
        ]
    others = _alternatives(retriever, analyses, candidates, citations)
    return Answer(question, best.confidence, tuple(citations), others, kind, interpretation)


def fits(question: str, answer: Answer) -> bool:
    """Tell whether an answer is of the type that a question asks for: no name for a reason."""
    if answer.text is None or answer.kind not in ("phrase", "clause"):
        return True
    text = answer.text
    asked = re.match(r"\W*(why|how come|when|who)\b", question.lower())
    if not asked:
        return True
    named = any(name.text == text or (name.kind == "person" and text.endswith(name.text))
                for name in names(text))  # fmt: skip
    if asked[1] in ("why", "how come"):
        return not named
    if asked[1] == "when":
        return bool(dates(text)) or not named
    return not (dates(text) and not re.search("[A-Z]", text))


def _alternatives(
    retriever: Retrieval,
    analyses: Analyses,
    candidates: Sequence[Candidate],
    given: Sequence[Citation],
) -> tuple[Alternative, ...]:
    """Return the candidates that say something else than what is given."""
    alternatives: dict[str, Alternative] = {}
    said = {normalize(citation.answer) for citation in given}
    for candidate in candidates:
        says = normalize(candidate.text)
        shown = says in said or any(citation.place.overlaps(candidate) for citation in given)
        if not shown and says not in alternatives and len(alternatives) < MAX_ALTERNATIVES:
            alternatives[says] = Alternative(
                candidate.confidence, cite_candidate(retriever, analyses, candidate)
            )
    return tuple(alternatives.values())
