"""Lists and steps that stand in an article as such: where one is asked for, all of its items."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from index.articles import Article
from index.retrieval import Retrieval
from index.structure.blocks import Block, Structure
from index.structure.spans import Span
from index.text.stretches import Stretch
from index.text.terms import terms
from qa.answering.citing import cite
from qa.answers import Citation
from qa.asking.extents import Extent
from qa.english.analysis import Analyses
from qa.english.words import word_list, words
from qa.reading.candidates import Candidate

MAX_ITEMS = 100
"""How many items of a list are given at most, the first ones."""

_BEHIND_HEADING = 200  # characters in which the first item has to follow
_LEAST_BESIDE = 1 / 5  # of the confidence of the best
_SURE = 0.7  # the confidence from which on steps answer in other words than the question's
_LABEL = 3  # words, at most
_BELOW = 3  # items of a nested list that are shown with their label; more are a list of their own
_EDGE = re.compile(r"(?:[,;]\s*(?:and|or)?|\s(?:and|or))\s*$")
_BOX = re.compile(r"\[[ xX]\]\s+")
_EMPHASIS = re.compile(r"([*_`]{1,3})(?P<own>[^*_`]+)\1")
_TERM = re.compile(r"(?P<marks>[*_`]{0,3})(?P<own>[^*_`:–—\n]{1,60}?)(?P=marks)(?=\s*[:–—]|\s+-\s)")
_DENIES = re.compile(
    r"\b(?:not|no|never|nothing|nobody|without|except|cannot|forbid|forbidden|prohibited|banned)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_TERM_ASKED = re.compile(r"\W*(?:who|whom|whose|which|name|list)\b", re.IGNORECASE)
_WHO_ASKED = re.compile(r"\W*(?:who|whom|whose|name|list)\b", re.IGNORECASE)
_NOUN_ASKED = re.compile(r"\W*what ([a-z]+)\b", re.IGNORECASE)
_SAME = {"daili": "day", "annual": "year"}  # stems: what is daily is done every day
_EVERY = frozenset({"everi", "each"})
_DEEPEST = 3  # lists in one another that are looked at
_TRIED = 5  # candidates whose lists are looked at


def listed(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    extent: Extent,
    candidates: Sequence[Candidate],
) -> list[Citation]:
    """Return the items of the list that is asked for, in order, each cited; none if none is.

    The best candidate has to stand in an item of the list, in what leads in to it or in its
    heading; and the list has to be what is asked for: what leads in to it, or the headings above
    it, speak of what the question speaks of, or several of its items were read out. What single
    items say ("Which members come from Oslo?") asks for these alone.

    Args:
        retriever: Has the sentences.
        analyses: Tell who says an item.
        question: The question.
        extent: How much of a list it asks for.
        candidates: What was read, most confident first; at least one.
    """
    best = candidates[0]
    if extent == "one":
        return []
    # A list below all words of the question is meant, though another was read a little better.
    for candidate in candidates[:_TRIED]:
        likely = candidate.confidence >= best.confidence * _LEAST_BESIDE
        for number in _lists_at(candidate.article.structure, candidate.span) if likely else ():
            asked = _Asked(question, candidate.article, number)
            if asked.of_it_all():
                return _cited(retriever, analyses, question, candidate, asked.items)
    own = _lists_at(best.article.structure, best.span, outer=False)
    for number in dict.fromkeys([*own, *_lists_at(best.article.structure, best.span)]):
        asked = _Asked(question, best.article, number)
        meant = asked.is_called() or (extent != "named" and number in own)
        if meant and asked.of_it(extent, candidates):
            return _cited(retriever, analyses, question, best, asked.items)
    return []


def listed_below(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    extent: Extent,
    candidates: Sequence[Candidate],
) -> list[Citation]:
    """Return the items of a list below all words of the question, each cited; none if none is.

    It has to stand in a passage in which one of the first candidates was read, whatever of it. The
    arguments are those of :func:`listed`.
    """
    tried: set[tuple[str, int]] = set()
    for candidate in candidates[:_TRIED] if extent != "one" else ():
        article = candidate.article
        for number in _lists_at(article.structure, candidate.passage.span):
            if candidate.evidence.opposed or (article.id, number) in tried:
                continue
            tried.add((article.id, number))
            asked = _Asked(question, article, number)
            if asked.of_it_all():
                return _cited(retriever, analyses, question, candidate, asked.items)
    return []


def _cited(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    candidate: Candidate,
    items: Sequence[Block],
) -> list[Citation]:
    article, whole = candidate.article, Stretch(candidate.article, 0, len(candidate.article.text))
    by_terms = _TERM_ASKED.match(question) is not None or _is_term(candidate, items)
    own = [span for item in items if (span := _own(article.text, item, terms=by_terms))]
    below = [_below_label(article, span) for span in own]
    if _WHO_ASKED.match(question) or all(len(nested) == 1 for nested in below):
        own = [
            Span(span.start, nested[-1].span.end) if 0 < len(nested) <= _BELOW else span
            for span, nested in zip(own, below, strict=True)
        ]
    return [
        cite(
            analyses,
            article,
            retriever.sentences_around(whole, *span),
            span,
            candidate.evidence,
        )
        for span in own
    ]


def _below_label(article: Article, span: Span) -> list[Block]:
    """Return what stands below an item that is a label: below "Captain" the item that names her."""
    item, structure = article.structure.at(span.start), article.structure
    if item is None or span.end != item.span.end or len(words(article.text, *span)) > _LABEL:
        return []
    return [each for number in structure.led_by(item.span) for each in structure.group(number)]


def _is_term(candidate: Candidate, items: Sequence[Block]) -> bool:
    """Tell whether a candidate is what an item explains: "Monday" of "Monday: 9 to 12"."""
    text = candidate.article.text
    return any(
        term.span("own") == candidate.span
        for item in items
        if (term := _TERM.match(text, *item.span))
    )


def _lists_at(structure: Structure, span: Span, *, outer: bool = True) -> list[int]:
    """Return the lists of whose items one, or whose lead or heading, a span stands in.

    Those that a nested list is part of are returned as well unless ``outer`` is false.
    """
    blocks = structure.within(span)
    items = [block for block in blocks if block.kind == "item"]
    numbers = [block.group for block in items]
    numbers += structure.led_by(span)
    if outer:
        numbers += [each.group for item in items[:1] for each in _outer_items(structure, item)]
    for heading in (block for block in blocks if block.kind == "heading"):
        end = heading.span.end
        behind = structure.within(Span(end, end + _BEHIND_HEADING))
        first = next((block for block in behind if block.start >= end), heading)
        numbers += [first.group] if first.kind == "item" else []
    return [
        number
        for number in dict.fromkeys(numbers)
        if number >= 0 and structure.group(number)[0].kind == "item"
    ]


def _outer_items(structure: Structure, item: Block) -> list[Block]:
    """Return the items in which the list of an item is nested, the innermost first."""
    found: list[Block] = []
    while item.lead is not None and len(found) < _DEEPEST:
        outer = structure.at(item.lead.start)
        if outer is None or outer.kind != "item":
            break
        found.append(outer)
        item = outer
    return found


class _Asked:
    """What a question asks, held against a list and what stands above it.

    Args:
        question: The question.
        article: The article.
        number: The number of the list.
    """

    def __init__(self, question: str, article: Article, number: int) -> None:
        self.items = items = article.structure.group(number)[:MAX_ITEMS]
        text, first = article.text, items[0]
        near = [*first.headings[-1:]]
        if first.lead is not None:
            near = [*first.headings[1:][-1:], first.lead]  # the outermost heads the whole text
        outer = [each.lead for each in _outer_items(article.structure, first) if each.lead]
        self._near = _content(" ".join(text[slice(*span)] for span in near))
        above = [*first.headings, *outer]
        self._above = self._near | _content(" ".join(text[slice(*each)] for each in above))
        self._asked = _content(question)
        noun = _NOUN_ASKED.match(question)
        self._noun = _content(noun[1] if noun else "")
        self._missing = self._asked - self._above - _content(article.title)
        self._asks_how = question.lower().startswith("how")
        self._steps = first.ordered and self._asks_how
        own = [_content(text[slice(*item.span)]) for item in items]
        told = [sum(word in each for each in own) for word in self._missing]
        self._picks = len(items) < 2 or any(0 < count < len(own) for count in told)
        if first.lead is not None:
            denies = any(_DENIES.search(text, *lead) is not None for lead in (first.lead, *outer))
            self._picks |= denies != (_DENIES.search(question) is not None)

    def of_it_all(self) -> bool:
        """Tell whether all that the question says stands above the list, some right above it."""
        said = bool((self._asked - _generic()) & self._near) and self._asked <= self._above
        return said and not self._picks

    def is_called(self) -> bool:
        """Tell whether the list is called what the question asks for: "What cargo was lost?"."""
        return bool(self._noun) and self._noun <= self._near

    def of_it(self, extent: Extent, candidates: Sequence[Candidate]) -> bool:
        """Tell whether the list is what is asked for, if it is found where the best stands."""
        if self._picks:
            return False  # some items alone say what is asked
        required = self._asked - _generic()
        read_out = self._read_out(candidates) > 1
        spoken_of = bool(self._asked & self._near)
        if not required & self._missing:
            return spoken_of or self._steps or read_out
        if self._asks_how and candidates[0].confidence < _SURE:
            return False  # the steps of something else: to restore a backup, not to delete it
        half = any(
            2 * len(said - self._missing) >= len(said) > 0 for said in (self._asked, required)
        )
        shared = spoken_of and half and (read_out or self._fills(candidates[0]))
        return shared or (read_out and extent == "whole")

    def _fills(self, candidate: Candidate) -> bool:
        """Tell whether a candidate is most of an item, or stands in none: in what leads in."""
        touched = [item for item in self.items if item.span.overlaps(candidate.span)]
        if not touched or _is_term(candidate, touched):
            return True
        first = touched[0].span
        return 2 * (candidate.end - candidate.start) >= first.end - first.start

    def _read_out(self, candidates: Sequence[Candidate]) -> int:
        """Return how many items were read out, none much less likely than the best."""
        best = candidates[0]
        likely = [
            candidate.span
            for candidate in candidates
            if candidate.confidence >= best.confidence * _LEAST_BESIDE
            and candidate.article.id == best.article.id
        ]
        return sum(any(map(item.span.overlaps, likely)) for item in self.items)


def _content(text: str) -> frozenset[str]:
    """Return the stems of the words of a text that say what it is about."""
    return frozenset(_SAME.get(term, term) for term in terms(text)) - _EVERY


@functools.cache
def _generic() -> frozenset[str]:
    """Return the stems of words that say nothing of what a list is about: "need", "list"."""
    return _content(" ".join(word_list("of_lists")))


def _own(text: str, item: Block, *, terms: bool) -> Span | None:
    """Return what an item says, without a check box, emphasis or a delimiter; None if nothing.

    Of "**Ann Hall** - chair since 2019" that is, where terms are asked for, the term.
    """
    start, end = item.span
    if box := _BOX.match(text, start, end):
        start = box.end()
    if edge := _EDGE.search(text, start, end):
        end = edge.start()
    emphasis = _EMPHASIS.fullmatch(text, start, end)
    if (term := _TERM.match(text, start, end)) and terms:
        start, end = term.span("own")
    elif emphasis:
        start, end = emphasis.span("own")
    return Span(start, end) if words(text, start, end) else None
