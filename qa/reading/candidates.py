"""Candidates: the spans that a reader found, put together where they overlap, and weighed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.articles import Article
from index.retrieval import Hit
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.english.exact import wholes, widen
from qa.english.marks import balanced
from qa.english.polarity import opposes
from qa.english.subjects import told_of_another
from qa.reading.calibration import Calibration
from qa.reading.elsewhere import Elsewhere
from qa.reading.evidence import LOWEST_LOGIT, WIDEST_MARGIN, Evidence
from qa.reading.labelling import is_label, value_beside
from qa.reading.normalizing import asking, said_in, trim
from qa.reading.reader import ReaderSpan

_LONGEST_LEAD = 300  # characters of what leads in to a list


@dataclass(frozen=True)
class Candidate(Stretch):
    """A span that may be the answer, in its article, with what speaks for it.

    Attributes:
        passage: The passage that it was read in.
        evidence: What speaks for it.
        confidence: How likely it is to be right, in 0..1.
    """

    passage: Stretch
    evidence: Evidence
    confidence: float


@dataclass(frozen=True)
class _Place(Stretch):
    """Where a reader's span stands in its article."""

    hit: Hit
    logit: float


def weigh(
    question: str,
    hits: Sequence[Hit],
    spans: Sequence[ReaderSpan],
    calibration: Calibration,
    before: Sequence[Candidate] | None = None,
) -> list[Candidate]:
    """Weigh what speaks for each span, most confident first, one of those that overlap.

    Args:
        question: What was asked.
        hits: The passages that were read.
        spans: What the reader found in them, best first.
        calibration: Makes confidences of it.
        before: What another reader found before; None if there was none.
    """
    elsewhere = Elsewhere(question, [hit.passage.article for hit in hits])
    groups = [
        group
        for group in _group(_place(question, hits, spans))
        if not elsewhere.has(group[0].article, Span(group[0].start, group[0].end))
    ]
    candidates: list[Candidate] = []
    for places, margin in zip(groups, _margins([group[0] for group in groups]), strict=True):
        best = places[0]
        others = [place for place in places if place.hit is not best.hit]
        read_in = [place.hit for place in places]
        evidence = Evidence(
            logit=best.logit,
            support=max(0.0, others[0].logit) if others else 0.0,
            similarity=max(hit.similarity for hit in read_in),
            bm25_gap=min(hit.bm25_gap for hit in read_in),
            first_logit=0.0 if before is None else _logit_before(best, before),
            similarity_gap=min(hit.similarity_gap for hit in read_in),
            margin=margin,
            opposed=float(_is_opposed(question, best)),
        )
        confidence = calibration.confidence(evidence)
        if is_label(question, best.article, Span(best.start, best.end)):
            continue  # a rival of the others all the same
        place = best.article, best.start, best.end
        candidates.append(Candidate(*place, best.hit.passage, evidence, confidence))
    return sorted(candidates, key=lambda candidate: -candidate.confidence)


def _margins(places: Sequence[_Place]) -> list[float]:
    """Return for each place, given best first, how far it is above the best that says else."""
    said = [said_in(place.text) for place in places]
    margins = []
    for place, own in zip(places, said, strict=True):
        rivals = (other.logit for other, words in zip(places, said, strict=True)
                  if not (own <= words or words <= own))  # fmt: skip
        margin = place.logit - next(rivals, -math.inf)
        margins.append(min(max(margin, -WIDEST_MARGIN), WIDEST_MARGIN))
    return margins


def _is_opposed(question: str, place: _Place) -> bool:
    """Tell whether the passage of a span says the opposite, or tells it of somebody else."""
    passage = place.hit.passage
    span = Span(place.start - passage.start, place.end - passage.start)
    return (
        opposes(question, passage.text, span)
        or told_of_another(question, passage.text, span)
        or _is_led_to_oppose(question, place)
    )


def _is_led_to_oppose(question: str, place: _Place) -> bool:
    """Tell whether what leads in to the list of an item says the opposite: "Not allowed are:"."""
    block = place.article.structure.at(place.start)
    if block is None or block.kind != "item" or block.lead is None:
        return False
    if block.lead.end - block.lead.start > _LONGEST_LEAD:
        return False
    text = place.article.text
    before = text[slice(*block.lead)].rstrip(" :") + ": "
    item = Span(max(block.span.start, place.start), min(block.span.end, place.end))
    said = before + text[slice(*item)]
    return opposes(question, said, Span(len(before), len(said)))


def _logit_before(place: _Place, before: Sequence[Candidate]) -> float:
    logits = (each.evidence.logit for each in before if place.overlaps(each))
    return max([LOWEST_LOGIT, *logits])


def _place(question: str, hits: Sequence[Hit], spans: Sequence[ReaderSpan]) -> list[_Place]:
    """Find where spans stand in their articles, best first, without what is at their edges.

    What a span would tear, such as a number and its unit, stands in it whole.

    A span that repeats a question of the article is left out: it answers none.
    """
    places = []
    read = {number: hits[number].passage for number in {span.passage for span in spans}}
    asked = {number: asking(passage.text) for number, passage in read.items()}
    kept = {
        number: wholes(passage.article.text, passage.start, passage.end, question)
        for number, passage in read.items()
    }
    for span in spans:
        if any(span.start < end and start < span.end for start, end in asked[span.passage]):
            continue
        hit = hits[span.passage]
        article, offset = hit.passage.article, hit.passage.start
        whole = Span(offset + span.start, offset + span.end)
        one = _in_one_block(article, whole)
        start, end = trim(article.text, *one) if one is not None else (0, 0)
        if start < end:
            trimmed = Span(start, end)
            room = _room(article, trimmed)
            place = widen(trimmed, kept[span.passage], room)
            place = balanced(article.text, place, room)
            exact = (whole.span for whole in kept[span.passage])
            beside = value_beside(question, article.text, place, exact)
            if beside is not None and (room is None or room.contains(beside)):
                place = beside
            places.append(_Place(article, *place, hit, span.logit))
    return places


def _in_one_block(article: Article, span: Span) -> Span | None:
    """Return what of a span stands in its first list item or row: two are no answer in one.

    What leads in to a list is left out beside an item of it, and so is an item's marker. None if
    the span goes on beyond the list, so that none of it can be told to be meant.
    """
    blocks = article.structure.within(span)
    listed = [block for block in blocks if block.kind in ("item", "row")]
    if not listed or (blocks[0].kind != listed[0].kind == "row"):
        return span
    first, last = listed[0], blocks[-1]
    if last.group != first.group and listed[1:2] and listed[1].lead != first.span:
        return None
    if last.kind not in ("item", "row"):
        return None
    start = max(span.start, first.span.start)
    return Span(start, min(span.end, first.span.end)) if start < span.end else span


def _room(article: Article, span: Span) -> Span | None:
    """Return the cell, or the piece of a block, that a span stands in; None if in none."""
    block = article.structure.at(span.start)
    rooms = () if block is None else (*block.cells, *block.pieces)
    return next((room for room in rooms if room.contains(span)), None)


def _group(places: Sequence[_Place]) -> list[list[_Place]]:
    """Group places, given best first, with the best one that they overlap; it comes first."""
    groups: list[list[_Place]] = []
    for place in places:
        overlapped = [group for group in groups if place.overlaps(group[0])]
        for group in overlapped:
            group.append(place)
        if not overlapped:
            groups.append([place])
    return groups
