"""Which list an item is of, and what leads in to it."""

from __future__ import annotations

from dataclasses import dataclass

from index.structure.markers import Marker
from index.structure.spans import Span

_DEPTH = 20


@dataclass
class OpenList:
    """A list that may go on.

    Attributes:
        indent: How far its items are set in.
        style: The style of its markers.
        last: The number of its last item.
        group: Its own number.
        lead: What leads in to it.
        ordered: Whether its items are numbered.
        item: Where its last item stands.
        gapped: Whether its items stand apart; None as long as it has one only.
    """

    indent: int
    style: str
    last: int
    group: int
    lead: Span | None
    ordered: bool
    item: Span
    gapped: bool | None = None


class Lists:
    """The lists that are open at a place of a text, the innermost last."""

    def __init__(self) -> None:
        self._open: list[OpenList] = []
        self.groups = 0
        self._interrupted = False

    def close(self) -> None:
        """Close all lists."""
        self._open.clear()
        self._interrupted = False

    def interrupt(self) -> None:
        """Tell that a paragraph follows which is part of no item: only numbers may go on."""
        self._open = [each for each in self._open if each.ordered][-_DEPTH:]
        self._interrupted = True

    @property
    def current(self) -> OpenList | None:
        """The innermost list, if any."""
        return self._open[-1] if self._open else None

    @property
    def running(self) -> bool:
        """Whether an item was the last thing, but for what is set in below it."""
        return bool(self._open) and not self._interrupted

    def add(
        self,
        marker: Marker,
        indent: int,
        item: Span,
        *,
        lead: Span | None,
        heading: Span | None,
        gap: bool,
        roman: bool,
    ) -> OpenList:
        """Return the list of an item, which is opened if need be.

        Args:
            marker: The marker of the item.
            indent: How far it is set in.
            item: Where it stands.
            lead: What leads in to the item if it opens a list: None if nothing but an item does.
            heading: What leads in to it otherwise if its list is in no item.
            gap: Whether it stands apart from what is before it.
            roman: Whether its marker is a Roman number if it can be.
        """
        found = self._same(marker, indent, gap)
        if found is None:
            above = self._above(marker, indent, gap)
            style = "roman" + marker.style if roman and marker.roman else marker.style
            lead = lead or (heading if above is None else above.item)
            number = _number(marker, style)
            found = OpenList(indent, style, number, self.groups, lead, marker.ordered, item)
            self.groups += 1
            self._open.append(found)
        else:
            del self._open[self._open.index(found) + 1 :]
            found.gapped = gap
            found.last = _number(marker, found.style)
            found.item = item
        self._interrupted = False
        return found

    def _same(self, marker: Marker, indent: int, gap: bool) -> OpenList | None:
        found = None
        for each in reversed(self._open[-_DEPTH:]):
            if each.indent < indent - 1:
                break
            if abs(each.indent - indent) > 1 or each.style not in (
                marker.style,
                "roman" + marker.style,
            ):
                continue
            value = _number(marker, each.style)
            if not marker.ordered:
                return each
            if value == each.last + 1:
                if found is None:
                    found = each
                elif gap and not found.gapped:
                    return each  # of two that it goes on with, the one whose items stand apart
            elif not self._interrupted and found is None:
                if value == each.last == 1 and not gap:
                    return each  # in Markdown all items may be numbered 1
                if each.last < value <= each.last + 3:
                    found = each
        return found

    def _above(self, marker: Marker, indent: int, gap: bool) -> OpenList | None:
        """Return the list in whose item a list opens; without one, none stays open."""
        while self._open and self._open[-1].indent > indent + 1:
            self._open.pop()
        above = self.current
        if above is None or self._interrupted:
            return None
        if indent > above.indent + 1:
            return above
        numbered = above.ordered or marker.ordered
        if not gap and numbered and (above.style != marker.style or marker.ordered):
            return above
        self.close()
        return None


def _number(marker: Marker, style: str) -> int:
    return marker.roman if style.startswith("roman") else marker.value
