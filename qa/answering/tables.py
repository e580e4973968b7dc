"""Answers out of tables: the cell in the row, and under the heading, that a question names."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.articles import Article
from index.retrieval import FoundPassages
from index.structure.blocks import Block
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answering.citing import joined
from qa.answers import Answer, Citation, Interpretation, Outcome
from qa.asking.kinds import Asked
from qa.reading.candidates import Candidate
from qa.reading.evidence import Evidence
from qa.reading.normalizing import normalize
from qa.tables.lookup import LookUp, look_up
from qa.tables.requests import Request
from qa.tables.table import Table
from qa.tables.vocabulary import key

_MAX_TABLES = 4  # looked at for a question
_NEAR = 200  # characters before a table that may say what it is of
_MAX_COLUMNS = 60  # a row of more is no row that somebody wrote
_SMALL = 200  # rows all of which are looked at, whatever they say
_MAX_ROWS = 400  # rows looked at of a table that is larger, those with a word of the question


@dataclass(frozen=True)
class _Rows:
    """The rows of a table, that of its headings aside.

    Attributes:
        article: The article that it stands in.
        start: Where it starts.
        rows: Its rows, in order; at least one.
    """

    article: Article
    start: int
    rows: Sequence[Block]


@dataclass(frozen=True)
class _Found(_Rows):
    """What came of looking a question up in a table.

    Attributes:
        result: What came of it.
    """

    result: LookUp

    @property
    def span(self) -> Span:
        """Where it stands, its headings included."""
        return Span(self.start, self.rows[-1].span.end)

    def cells(self) -> list[tuple[Block, Span]]:
        return [(self.rows[row], self.rows[row].cells[column]) for row, column in self.result.cells]

    def says(self) -> list[str]:
        return [normalize(self.article.text[slice(*cell)]) for _, cell in self.cells()]

    def bars(self, candidate: Candidate) -> bool:
        """Tell whether a span stands in a row, or a cell, that the question does not ask for."""
        if candidate.article.id != self.article.id or not self.span.overlaps(candidate.span):
            return False
        readable = self.result.readable
        if readable is None and not self.result.cells:
            return False
        allowed = [cell for _, cell in self.cells()] or [
            self.rows[row].span for row in readable or ()
        ]
        return not any(each.contains(candidate.span) for each in allowed)


def from_tables(
    question: str,
    interpretation: Interpretation,
    asked: Asked,
    passages: FoundPassages,
    candidates: Sequence[Candidate],
    least: float,
    without: Sequence[Stretch],
) -> tuple[Answer | None, list[Candidate]]:
    """Look a question up in the tables that have rows among the passages found for it.

    Args:
        question: The question, as it was asked.
        interpretation: The question, as it is read.
        asked: What it asks for.
        passages: What was found for it.
        candidates: The spans that were read.
        least: The confidence from which on a span that was read outside of tables is taken before
            a cell that not every word of the question is accounted for by.
        without: Stretches of the articles to do without.

    Returns:
        The answer, None if it is not sure; and the spans that stand in no cell that the question
        does not ask for.
    """
    tables = list(_tables_of(passages))
    if not tables or asked.kind in ("yes_no", "talk", "about"):
        return None, list(candidates)
    request = Request(
        interpretation.question,
        wants_list=asked.kind == "list",
        wants_clause=asked.kind == "clause",
    )
    found = [_Found(t.article, t.start, t.rows, _looked_up(request, t)) for t in tables]
    left = [each for each in candidates if not any(table.bars(each) for table in found)]
    saying = [table for table in found if table.result.cells]
    outside = [each for each in left if not _stands_in(each, saying)]
    certain = [table for table in saying if table.result.certain]
    saying = certain or saying
    if not saying or any(table.says() != saying[0].says() for table in saying):
        return None, outside  # tables that say different things: nothing is sure
    if not certain and any(each.confidence >= least for each in outside):
        return None, outside
    if len(saying[0].result.cells) > 1:
        saying = saying[:1]  # each of its cells is a part of the answer
    citations = [
        # Of nobody's speech, also where a cell stands in quotation marks
        Citation(table.article, *row.span, *cell, Evidence())
        for table in saying
        for row, cell in table.cells()
        if not any(Stretch(table.article, *row.span).overlaps(each) for each in without)
    ]
    if len(saying[0].result.cells) > len(citations):
        return None, outside
    several = len(saying[0].result.cells) > 1
    return (
        Answer(
            question,
            None,
            tuple(citations),
            (),
            "list" if several else "phrase",
            interpretation,
            joined=joined(citations) if several else None,
            outcome=Outcome.ANSWERED,
        ),
        left,
    )


def _stands_in(candidate: Candidate, tables: Iterable[_Found]) -> bool:
    return any(
        candidate.article.id == table.article.id and table.span.overlaps(candidate.span)
        for table in tables
    )


def _tables_of(passages: FoundPassages) -> Iterable[_Rows]:
    """Return the tables with rows among passages, the likeliest first."""
    known: set[tuple[str, int]] = set()
    for hit in passages.hits:
        article = hit.passage.article
        structure = article.structure
        for block in structure.within(hit.passage.span):
            table = article.id, block.group
            if block.kind != "row" or block.group < 0 or table in known:
                continue
            if len(known) == _MAX_TABLES:
                return
            known.add(table)
            rows = structure.group(block.group)
            start = rows[0].span.start
            if not rows[0].columns and any(row.columns for row in rows[1:2]):
                rows = rows[1:]  # the first holds the headings
            if rows and len(rows[0].cells) <= _MAX_COLUMNS:
                yield _Rows(article, start, rows)


def _looked_up(request: Request, table: _Rows) -> LookUp:
    text, rows = table.article.text, table.rows
    numbers: Sequence[int] = range(len(rows))
    common = frozenset[str]()
    if len(rows) > _SMALL:
        numbers, common = _with_words(request, text, rows)
    cells = {
        number: tuple(text[slice(*cell)] for cell in rows[number].cells[:_MAX_COLUMNS])
        for number in numbers
    }
    first = rows[0]
    above = [text[slice(*span)] for span in first.headings]
    return look_up(
        request,
        Table(
            tuple(text[slice(*heading)] for heading in first.columns[:_MAX_COLUMNS]),
            cells,
            context=" ".join([table.article.title, table.article.id, *above]),
            near=text[max(0, table.start - _NEAR) : table.start],
            total=len(rows),
            common=common,
        ),
    )


def _with_words(
    request: Request, text: str, rows: Sequence[Block]
) -> tuple[list[int], frozenset[str]]:
    """Return the rows that have a word of a question, and the words that too many have."""
    first, last = rows[0].span.start, rows[-1].span.end
    table = text[first:last]
    lower = table.lower()
    if len(lower) != len(table):  # a letter became two, so that places would shift
        lower = "".join(each.lower() if len(each.lower()) == 1 else each for each in table)
    numbers: set[int] = set()
    common: set[str] = set()
    for word in request.content:
        spelled = word.text.lower()
        stem = re.match(re.escape(key(word.text)), spelled)
        sought = stem[0] if stem and len(stem[0]) > 2 else spelled
        if lower.count(sought) > _MAX_ROWS:
            common.add(word.key)
            continue
        place = lower.find(sought)
        while place >= 0:
            at = first + place
            numbers.add(bisect.bisect_right(rows, at, key=lambda row: row.span.start) - 1)
            place = lower.find(sought, place + 1)
    return sorted(numbers), frozenset(common)
