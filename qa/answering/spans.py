"""Answers that were read: the best span, or the parts of a list, and what else may be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.retrieval import Retrieval
from index.structure.spans import Span
from qa.answering.citing import cite, cite_candidate, joined
from qa.answering.lists import items_among
from qa.answering.outcomes import Judge, rival_of
from qa.answers import GIVEN, Alternative, Answer, Citation, Interpretation, Outcome
from qa.asking.kinds import Asked
from qa.english.analysis import Analyses
from qa.english.dates import dates
from qa.english.names import names
from qa.english.polarity import denial
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
    judge: Judge,
) -> Answer:
    """Give the best candidate as the answer if it is likely enough, the others beside it.

    A span that enumerates several things is an answer of several parts. Where several are asked
    for, the enumeration round the span is completed, and what else is likely enough, and at least
    a third as likely as the best, joins it.
    """
    outcome = judge.outcome(candidates)
    if not candidates:
        return Answer(question, 0.0, (), (), asked.kind, interpretation, outcome=outcome)
    best, answerable = candidates[0], judge.answerable(candidates)
    what = interpretation.question.lower().startswith("what")
    if outcome is not Outcome.NOT_FOUND and (asked.kind in ("list", "phrase") or what):
        several = asked.kind == "list"
        items = items_among(retriever, analyses, candidates, judge.least, several=several)
        if len(items) > 1:
            return Answer(
                question,
                best.confidence,
                tuple(items),
                _alternatives(retriever, analyses, candidates, items),
                "list",
                interpretation,
                joined=joined(items),
                outcome=judge.of_confidence(best.confidence, given=True),
                answerable=answerable,
            )
    if outcome is Outcome.CLOSE_CALL and (rival := rival_of(candidates)) is not None:
        candidates = [best, rival, *(each for each in candidates[1:] if each is not rival)]
    kind = "phrase" if asked.kind in ("list", "speech") else asked.kind
    citations: list[Citation] = []
    if outcome in GIVEN:
        citations = [
            cite_candidate(retriever, analyses, candidate)
            for candidate in candidates
            if candidate is best
            or (
                candidate.confidence >= judge.least
                and normalize(candidate.text) == normalize(best.text)
            )
        ]
    return Answer(
        question,
        best.confidence,
        tuple(citations),
        _alternatives(retriever, analyses, candidates, citations),
        kind,
        interpretation,
        outcome=outcome,
        answerable=answerable,
        opposite=(
            _opposite(analyses, interpretation.question, candidates)
            if outcome is Outcome.NOT_FOUND
            else None
        ),
    )


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


def _opposite(
    analyses: Analyses, question: str, candidates: Sequence[Candidate]
) -> Citation | None:
    """Return what says the opposite of a question, where what it denies is read out most surely."""
    best = max(candidates, key=lambda candidate: candidate.evidence.logit)
    if not best.evidence.opposed:
        return None
    offset = best.passage.start
    inside = Span(best.start - offset, best.end - offset)
    said = denial(question, best.passage.text, inside)
    if said is None:
        return None
    sentence = Span(said.start + offset, said.end + offset)
    whole = sentence.contains(best.span)  # an item stands behind the line that denies it
    return cite(analyses, best.article, sentence, best.span if whole else sentence, best.evidence)


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
