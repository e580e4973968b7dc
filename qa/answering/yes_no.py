"""Yes/no questions: the sentence that speaks for or against what is asked, but no verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.retrieval import FoundPassages, Retrieval, SentenceHit
from index.text.stretches import Stretch
from index.text.terms import terms
from qa.answering.citing import cite
from qa.answering.outcomes import Judge
from qa.answers import GIVEN, Alternative, Answer, Citation, Interpretation, Outcome
from qa.english.analysis import Analyses
from qa.english.words import AUXILIARIES
from qa.reading.candidates import Candidate
from qa.reading.evidence import LOWEST_LOGIT, Evidence, Support

MAX_SENTENCES = 4  # the evidence and what comes close to it
_SURE = 0.9  # the confidence in what the article itself gives as the answer to the question
_YES_NO = re.compile(
    rf"\W*(?:q\w*\W+)?(?:\d+\W+)?(?=(?:{'|'.join(sorted(AUXILIARIES))})\b[^?]*\?\W*\Z)",
    re.IGNORECASE,
)
_WEIGHED = 30  # sentences, by likeness: about all of the passages that are looked at


def from_evidence(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    interpretation: Interpretation,
    found: FoundPassages,
    candidates: Sequence[Candidate],
    judge: Judge,
    without: Sequence[Stretch],
) -> Answer:
    """Give the sentence that most likely speaks to a question, if it is likely enough.

    The next likeliest stand beside it.

    Args:
        retriever: Finds sentences.
        analyses: Those of the articles.
        question: The question, as it was asked.
        interpretation: The question, as it is read.
        found: The passages that were found for it.
        candidates: The spans that the reader found for it.
        judge: Says what is likely enough.
        without: Stretches of the articles to do without.
    """
    weighed = weigh_sentences(retriever, interpretation.question, found, candidates, without)
    confidences = [
        max(
            judge.calibration.yes_no.confidence(support),
            _SURE if _answers_the_same(interpretation.question, hit) else 0.0,
        )
        for hit, support in weighed
    ]
    speaking = [
        Alternative(confidences[number], _cite(analyses, *weighed[number]))
        # The sort is stable: of sentences as likely, the likest comes first.
        for number in sorted(range(len(weighed)), key=lambda number: -confidences[number])
    ][:MAX_SENTENCES]
    if not speaking:
        missing = Outcome.NOT_FOUND
        return Answer(question, 0.0, (), (), "yes_no", interpretation, outcome=missing)
    best, *others = speaking
    outcome = judge.of_confidence(best.confidence)
    given = outcome in GIVEN
    return Answer(
        question,
        best.confidence,
        (best.citation,) if given else (),
        tuple(others if given else speaking),
        "yes_no",
        interpretation,
        outcome=outcome,
    )


def weigh_sentences(
    retriever: Retrieval,
    question: str,
    found: FoundPassages,
    candidates: Sequence[Candidate],
    without: Sequence[Stretch],
) -> list[tuple[SentenceHit, Support]]:
    """Return the sentences that may speak to a question, likest first, and what speaks for each.

    Args:
        retriever: Finds sentences.
        question: The question, as it is read.
        found: The passages that were found for it.
        candidates: The spans that the reader found for it.
        without: Stretches of the articles to do without.
    """
    hits = retriever.search_sentences(question, _WEIGHED, without=without, found=found)
    return list(zip(hits, supports(hits, candidates), strict=True))


def supports(hits: Sequence[SentenceHit], candidates: Sequence[Candidate]) -> list[Support]:
    """Return what speaks for each of the sentences found, given best first."""
    scores = [hit.similarity + hit.shared for hit in hits]
    found = []
    for number, hit in enumerate(hits):
        rest = max((score for place, score in enumerate(scores) if place != number), default=0.0)
        inside, outside = LOWEST_LOGIT, LOWEST_LOGIT
        for candidate in candidates:
            if hit.passage.overlaps(candidate) or _stands_in_copy(candidate, hit.passage.text):
                inside = max(inside, candidate.evidence.logit)
            else:
                outside = max(outside, candidate.evidence.logit)
        found.append(Support(hit.similarity, hit.shared, scores[number] - rest, inside, outside))
    return found


def _answers_the_same(question: str, hit: SentenceHit) -> bool:
    """Tell whether a sentence opens what the article answers the same question with, in an FAQ."""
    article, start = hit.passage.article, hit.passage.start
    block = article.structure.at(start)
    if block is None or not block.start <= start <= block.span.start:
        return False
    asked, text = _content(question), article.text
    return any(
        not text[each.end : block.start].strip()  # it follows right behind
        and _YES_NO.match(own := text[slice(*each)]) is not None
        and asked == _content(_YES_NO.sub("", own, count=1))
        for each in (block.lead, *block.headings[-1:])
        if each is not None
    )


def _content(question: str) -> set[str]:
    """Return the stems of a question without the auxiliary that opens it: "may" for "can"."""
    return set(terms(question)) - AUXILIARIES


def _stands_in_copy(candidate: Candidate, sentence: str) -> bool:
    """Tell whether a span stands in a sentence of these words, wherever that is."""
    first, last = candidate.end - len(sentence), candidate.start + len(sentence)
    return sentence in candidate.article.text[max(0, first) : max(0, last)]


def _cite(analyses: Analyses, hit: SentenceHit, support: Support) -> Citation:
    sentence, evidence = hit.passage, Evidence(logit=support.logit, similarity=hit.similarity)
    return cite(analyses, sentence.article, sentence.span, sentence.span, evidence)
