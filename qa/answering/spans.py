"""Answers that were read: the best span, or the parts of a list, and what else may be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.retrieval import Retrieval
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answering.citing import cite, cite_candidate, joined
from qa.answering.listed import listed, listed_below
from qa.answering.lists import items_among, items_read, likely_items
from qa.answering.outcomes import EVEN, Judge, rival_of
from qa.answering.told import told
from qa.answers import GIVEN, Alternative, Answer, Citation, Interpretation, Outcome
from qa.asking.extents import Number, extent_of, number_of
from qa.asking.kinds import Asked
from qa.english.analysis import Analyses
from qa.english.answer_types import asked_type, is_of, is_of_another, rules_out
from qa.english.dates import dates
from qa.english.names import names
from qa.english.polarity import denial
from qa.reading.candidates import Candidate
from qa.reading.normalizing import normalize

MAX_ALTERNATIVES = 4
_WHEN = re.compile(r"\W*(?:(?:since|until) )?when\b", re.IGNORECASE)
_LOOKED_AT = 40  # characters behind a number that tell what it counts
_LIKELY_ENOUGH = 0.1  # the confidence from which on something of the right type is preferred


def from_spans(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    interpretation: Interpretation,
    asked: Asked,
    candidates: Sequence[Candidate],
    several: Sequence[Candidate],
    judge: Judge,
) -> Answer:
    """Give the best candidate as the answer if it is likely enough, the others beside it.

    A span that enumerates several things is an answer of several parts. Where several are asked
    for, the enumeration round the span is completed, and what else is likely enough, and at least
    a third as likely as the best, joins it.
    """
    candidates = of_type(interpretation.question, candidates)
    outcome, answerable = judge.outcome(candidates), judge.answerable(candidates)
    items, likely = _parts(
        retriever, analyses, interpretation.question, asked, candidates, several, judge
    )
    if len(items) > 1:
        return Answer(
            question,
            likely,
            tuple(items),
            _alternatives(retriever, analyses, interpretation.question, candidates, items),
            "list",
            interpretation,
            joined=joined(items),
            outcome=judge.of_confidence(likely, given=True),
            answerable=max(answerable, likely),
        )
    if not candidates:
        return Answer(question, 0.0, (), (), asked.kind, interpretation, outcome=outcome)
    best = candidates[0]
    if outcome is Outcome.CLOSE_CALL and (rival := rival_of(candidates)) is not None:
        candidates = [best, rival, *(each for each in candidates[1:] if each is not rival)]
    kind = "phrase" if asked.kind in ("list", "speech") else asked.kind
    citations: list[Citation] = []
    if outcome in GIVEN:
        citations = [
            cite_candidate(retriever, analyses, candidate, question=interpretation.question)
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
        _alternatives(retriever, analyses, interpretation.question, candidates, citations),
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


def _parts(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    asked: Asked,
    candidates: Sequence[Candidate],
    several: Sequence[Candidate],
    judge: Judge,
) -> tuple[list[Citation], float]:
    """Return the parts of an answer that has several, and how likely it is; else one or none."""
    asks = retriever, analyses, question, extent_of(question, asked), candidates
    outcome = judge.outcome(candidates)
    likely = candidates[0].confidence if candidates else 0.0
    found = outcome is not Outcome.NOT_FOUND
    if found and (items := listed(*asks)):
        return items, likely
    if found and asks[3] == "whole" and (items := told(retriever, analyses, question, candidates)):
        return items, likely
    given = likely_items(several)
    items = items_read(retriever, analyses, given)
    if len(items) > 1 and (share := _likely(given)) >= (judge.min_confidence or 0):
        return items, share
    if found and (asked.kind in ("list", "phrase") or question.lower().startswith("what")):
        number = number_of(question, asked)
        read = items_among(retriever, analyses, candidates, judge.least, number)
        items = _at_times(question, read)
        sure = outcome is not Outcome.CLOSE_CALL or _holds_rival(items, candidates, number)
        if len(items) > 1 and sure:
            return items, likely
    if judge.least <= EVEN and (items := listed_below(*asks)):
        return items, EVEN
    return [], likely


def _likely(given: Sequence[Candidate]) -> float:
    """Return what share of the things that are given is likely to be right."""
    return sum(each.confidence for each in given) / len(given)


def _at_times(question: str, items: list[Citation]) -> list[Citation]:
    """Leave out what is no time where it is asked when, and something else is one."""
    timed = [each for each in items if dates(each.answer) or re.search(r"\d", each.answer)]
    return timed or items if _WHEN.match(question) else items


def of_type(question: str, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Leave out what is plainly no answer, and what is none beside one of the type asked for.

    "Monday" is no answer to "At what time?" beside "19:15"; alone it may help. "15 minutes" is no
    hourly rate at all.
    """
    type_ = asked_type(question)
    if type_ is None:
        return candidates
    candidates = [each for each in candidates if not rules_out(type_, each.text, _behind(each))]
    if not any(
        each.confidence >= _LIKELY_ENOUGH and is_of(type_, each.text) for each in candidates
    ):
        return candidates
    return [each for each in candidates if not is_of_another(type_, each.text)]


def _behind(candidate: Candidate) -> str:
    return candidate.article.text[candidate.end : candidate.end + _LOOKED_AT]


def _holds_rival(
    items: Sequence[Citation], candidates: Sequence[Candidate], number: Number
) -> bool:
    """Tell whether the rival of the best candidate is none: an item beside it, or no enumeration.

    Of rivals themselves no list is made.
    """
    rival = rival_of(candidates)
    first, last = items[0], items[-1]
    if first.start != last.start or "; " in (joined(items) or ""):
        return False
    enumeration = Stretch(first.article, first.answer_start, last.answer_end)
    return number.several or (rival is not None and enumeration.contains(rival))


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
    question: str,
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
            citation = cite_candidate(retriever, analyses, candidate, question=question)
            alternatives[says] = Alternative(candidate.confidence, citation)
    return tuple(alternatives.values())
