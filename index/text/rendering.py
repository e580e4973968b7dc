"""What a stretch of an article is read as, and where in the article each character of that stands.

A row of a table is read with the headings of its columns, a list item behind what leads in to it,
a sentence without the page number that parts it, a ligature as its letters. What is cited is the
article's own text all the same: this is the one place where the two are put together.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.articles import Article
from index.structure.blocks import Block
from index.structure.spans import Span
from index.text.naming import LONGEST_NAME, asked_for, headings_above, names_of, words_in
from index.text.rewriting import Rewrite, rewrites
from index.text.stretches import Stretch

_LONGEST_COLUMN = 80  # characters of the heading of a column: what is longer is none
_DEEPEST = 3  # how many items above that of a nested list lead in to it
_LAST = 20  # characters at the end of a text, quotation marks and blanks among them
_ENDS = re.compile(r"[.!?…:;,][^\w\s]*\s*\Z")


class Run(NamedTuple):
    """Characters that are read, and those of the article that they stand for.

    Attributes:
        read: Where they stand in what is read.
        source: Where they stand in the article's text. As long as ``read``, they are the same
            characters one for one; else all of one stand for all of the other.
    """

    read: Span
    source: Span


class Rendering:
    """A text to be read, which knows where its parts stand in an article.

    Cannot be changed, and so is safe to share by threads.

    Args:
        text: What is read.
        runs: What of it is the article's own, in order; the rest was put in to be understood.
    """

    def __init__(self, text: str, runs: Sequence[Run]) -> None:
        self.text = text
        self._runs = tuple(runs)
        self._ends = [run.read.end for run in self._runs]

    def source(self, start: int, end: int) -> Span | None:
        """Return where ``text[start:end]`` stands in the article, without what was put in.

        None if all of it was put in.
        """
        own: list[Span] = []
        for run in self._runs[bisect.bisect_right(self._ends, start) :]:
            first, last = max(start, run.read.start), min(end, run.read.end)
            if run.read.start >= end:
                break
            if first >= last:
                continue
            if len(range(*run.read)) == len(range(*run.source)):
                offset = run.source.start - run.read.start
                own.append(Span(first + offset, last + offset))
            else:
                own.append(run.source)
        return Span(own[0].start, own[-1].end) if own else None


def render(stretch: Stretch, question: str = "", label: Sequence[str] = ()) -> Rendering:
    """Return what a stretch of an article is read as.

    Args:
        stretch: The stretch.
        question: What it is read for. What only the article's title, its path or the headings
            above the stretch say is put before it where the question speaks of it.
        label: What is put before it in any case: see :func:`index.text.naming.told_apart`.
    """
    blocks = stretch.article.structure.within(stretch.span)
    parts = _Parts(stretch.article)
    if _is_plain(stretch, blocks):
        parts.own(stretch.span)
    else:
        _lay_out(stretch, blocks, parts)
        if not parts.text.strip():  # nothing but what belongs to no block
            parts = _Parts(stretch.article)
            parts.own(stretch.span)
    spoken = _spoken_of(question, stretch, parts.text) if question else []
    for name in reversed(dict.fromkeys([*label, *spoken])):
        parts.put_first(f"{name}: ")
    return parts.rendering()


def render_in_place(stretch: Stretch) -> str:
    """Return what a stretch is found by: what it is read as, below the headings above it."""
    above = "".join(f"{heading.text}: " for heading in headings_above(stretch))
    return above + render(stretch).text


def _spoken_of(question: str, stretch: Stretch, read: str) -> list[str]:
    """Return the names and headings that have a word of the question that is not read below."""
    headings = [heading.text for heading in headings_above(stretch)]
    context = dict.fromkeys([*names_of(stretch.article), *headings])
    missing = asked_for(question) & words_in(context)
    if not missing:
        return []  # as it mostly is: what is below runs for every passage that is read
    missing -= words_in([read])
    spoken: list[str] = []
    for name in context:
        if found := missing & words_in([name]):
            spoken.append(name)
            missing -= found
    return spoken


class _Parts:
    """What is to be read, part by part: an article's own text, and what is put in."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._parts: list[tuple[str, int | None]] = []  # and where each starts in the article

    @property
    def text(self) -> str:
        """What is to be read, as it stands."""
        return "".join(text for text, _ in self._parts)

    @property
    def last(self) -> str:
        """The last part."""
        return self._parts[-1][0] if self._parts else ""

    def own(self, span: Span) -> None:
        """Add a part of the article where it stands."""
        self._parts.append((self._article.text[span.start : span.end], span.start))

    def copy(self, span: Span) -> None:
        """Add what stands elsewhere in the article, to be understood."""
        self.put(self._article.text[span.start : span.end])

    def put(self, text: str) -> None:
        """Add what does not stand in the article."""
        self._parts.append((text, None))

    def put_first(self, text: str) -> None:
        """Put something before all that there is."""
        self._parts.insert(0, (text, None))

    def rendering(self) -> Rendering:
        """Return all of it, with its ligatures and the like as they are read."""
        runs: list[Run] = []
        length = 0
        for text, start in self._parts:
            if start is not None and text:
                place = Span(length, length + len(text))
                runs.append(Run(place, Span(start, start + len(text))))
            length += len(text)
        rendering = Rendering(self.text, runs)
        changes = rewrites(rendering.text, self._article)
        return _rewritten(rendering, runs, changes) if changes else rendering


def _rewritten(rendering: Rendering, runs: Sequence[Run], changes: Sequence[Rewrite]) -> Rendering:
    """Return what is read where some characters are read as others."""
    texts: list[str] = []
    own: list[Run] = []
    length = at = number = 0
    everything = len(rendering.text)
    for start, end, read in [*changes, Rewrite(everything, everything, "")]:
        texts += rendering.text[at:start], read
        while number < len(runs) and runs[number].read.start < start:
            run = runs[number]
            first, last = max(at, run.read.start), min(start, run.read.end)
            if first < last:
                offset = run.source.start - run.read.start
                place = Span(first - at + length, last - at + length)
                own.append(Run(place, Span(first + offset, last + offset)))
            if run.read.end > start:
                break  # the rest of it stands behind
            number += 1
        length += start - at
        source = rendering.source(start, end) if read else None
        if source is not None:
            own.append(Run(Span(length, length + len(read)), source))
        length += len(read)
        at = end
    return Rendering("".join(texts), own)


def _is_plain(stretch: Stretch, blocks: Sequence[Block]) -> bool:
    """Tell whether a stretch is nothing but paragraphs and headings, each in one piece."""
    text, at = stretch.article.text, stretch.start
    for block in blocks:
        if block.kind != "paragraph" or block.lead is not None or len(block.pieces) > 1:
            return False
        if at < block.span.start and not text[at : block.span.start].isspace():
            return False  # a marker, or what belongs to no block
        at = block.span.end
    return at >= stretch.end or not text[at : stretch.end].strip()


def _lay_out(stretch: Stretch, blocks: Sequence[Block], parts: _Parts) -> None:
    """Lay the blocks of a stretch out to be read."""
    led: set[Span] = set()
    before: Block | None = None
    for block in blocks:
        if before is not None:
            parts.put(_between(before, block, parts.last))
        if block.lead is not None and block.lead not in led:
            led.add(block.lead)
            for lead in _leads(stretch, block):
                parts.copy(lead)
                parts.put(" " if _ends(parts.last) else ": ")
        if block.cells:
            _lay_out_row(stretch.span, block, parts)
        else:
            _lay_out_pieces(stretch.span, block, parts)
        before = block


def _ends(said: str) -> bool:
    """Tell whether a text ends in a mark that ends a clause; the last characters tell it."""
    return _ENDS.search(said[-_LAST:]) is not None


def _between(before: Block, after: Block, said: str) -> str:
    """Return what parts two blocks: a mark where the first ends in none and does not go on."""
    if _ends(said):
        return "\n"
    if before.kind == "heading":
        return ":\n"
    return "; " if before.kind == after.kind == "item" else "\n"


def _leads(stretch: Stretch, block: Block) -> list[Span]:
    """Return what leads in to a block and is not in the stretch, the outermost first."""
    leads: list[Span] = []
    above: Block | None = block
    room = LONGEST_NAME
    while above is not None and (lead := above.lead) is not None and len(leads) < _DEEPEST:
        room -= lead.end - lead.start
        if room < 0 or stretch.span.overlaps(lead) or lead in above.headings:
            break  # a heading is put before what the question speaks of, as any other
        leads.append(lead)
        above = stretch.article.structure.at(lead.start)
    return leads[::-1]


def _lay_out_pieces(span: Span, block: Block, parts: _Parts) -> None:
    """Add a block's own text, behind its number if it is one of several steps."""
    if block.ordered and block.marker is not None and span.start <= block.span.start:
        if span.contains(block.marker):
            parts.own(block.marker)
        else:
            parts.copy(block.marker)
        parts.put(" ")
    for number, piece in enumerate(_clipped(block.pieces, span)):
        if number:
            # A word may be parted at the end of a page as at that of a line.
            parts.put("\n" if parts.last.endswith(("-", "‐", "\u00ad")) else " ")
        parts.own(piece)


def _lay_out_row(span: Span, block: Block, parts: _Parts) -> None:
    """Add a row: "Route Oslo: Adult: 12; Child: 6." for the columns Route, Adult and Child."""
    first = bisect.bisect_right(block.cells, span.start, key=lambda cell: cell.end)
    before: int | None = None  # the column of the last cell that is not empty
    for column in range(first, len(block.cells)):
        cell = block.cells[column]
        if cell.start >= span.end:
            break
        if cell.start == cell.end:
            continue
        if before is not None:
            parts.put(": " if before == 0 and block.columns else "; ")
        heading = block.columns[column] if column < len(block.columns) else None
        if heading is not None and 0 < heading.end - heading.start <= _LONGEST_COLUMN:
            parts.copy(heading)
            parts.put(" " if column == 0 else ": ")
        parts.own(Span(max(cell.start, span.start), min(cell.end, span.end)))
        before = column
    if before is not None and not _ends(parts.last):
        parts.put(".")


def _clipped(pieces: Sequence[Span], span: Span) -> Iterator[Span]:
    """Return what of each piece stands in a span, where anything does."""
    first = bisect.bisect_right(pieces, span.start, key=lambda piece: piece.end)
    for number in range(first, len(pieces)):
        piece = pieces[number]
        if piece.start >= span.end:
            break
        if piece.start < piece.end:
            yield Span(max(piece.start, span.start), min(piece.end, span.end))
