"""Which row of a table a question names, and by which of its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.tables.requests import Request, Said
from qa.tables.table import Table
from qa.tables.vocabulary import is_measure, is_number, is_unit, key, spelled

_DIRECTED = (frozenset({"origin", "departure"}), frozenset({"destination", "arrival"}))
_ARROW = re.compile("[→⇒➔]|->")
_HALF, _THIRD = 0.5, 0.3


class NamedRows:
    """What a question names of the rows of a table.

    Args:
        request: The question.
        table: The table.
    """

    def __init__(self, request: Request, table: Table) -> None:
        self.request = request
        self.table = table
        self.under = self._numbers_under()
        self.hits = {
            number: tuple(self._hit(place, cell) for place, cell in enumerate(row))
            for number, row in table.cells.items()
        }

    def _numbers_under(self) -> dict[str, frozenset[int]]:
        """Return under which headings numbers are to be looked for: "code 103", "12 points"."""
        under: dict[str, frozenset[int]] = {}
        for word in self.request.content:
            if not is_number(word.text):
                continue
            rows = self.table.cells.values()
            beside, following = self.request.beside(word)
            before, behind = (self._headed(beside), self._headed(following))
            if before and not (beside and self.request.follows_who(beside)):
                under[word.key] = before
            elif any(
                word.key in row[place] for row in rows for place in behind if place < len(row)
            ):
                under[word.key] = behind
        return under

    def _headed(self, word: Said | None) -> frozenset[int]:
        """Return the columns that a word may stand for: "number" with what it is the number of."""
        if word is None:
            return frozenset()
        own = self.table.headed(word.text)
        if not (word.light and "identifier" in word.classes):
            return own
        of = self.request.before(word)
        named = of is not None and not self.request.follows_who(of)
        return (self.table.headed(of.text) if of and named else None) or own

    def _hit(self, place: int, cell: frozenset[str]) -> frozenset[str]:
        """Return the keys of a cell that the question names."""
        hit = frozenset(
            each
            for each in cell & self.request.keys
            if each not in self.under or place in self.under[each]
        )
        if is_measure(cell):
            numbers = {each for each in cell if is_number(each)}
            units = {each for each in cell if is_unit(each)}
            if not numbers <= hit or (
                units and self.request.units and not units & self.request.units
            ):
                return frozenset()
        return hit

    def in_most(self, each: str) -> bool:
        """Tell whether a plain word stands in most rows, so that it names none."""
        if self.table.total < 4 or self.request.is_name(each):
            return False
        having = sum(any(each in own for own in row) for row in self.hits.values())
        return 2 * having > self.table.total

    def named_by(self, named: frozenset[str]) -> list[int]:
        """Return the rows that hold all that is named, those that it names wholly before others."""
        rows = [
            number
            for number, row in self.hits.items()
            if named <= frozenset().union(*row) and self._runs_as_asked(number)
        ]
        whole = [number for number in rows if self.whole(number)]
        if whole:
            rows = whole
        elif any(self.whole(number) for number in self.hits if number not in rows):
            return []  # "Oslo" is a row of its own beside "Oslo Airport"
        if len(rows) > 1:
            straight = [number for number in rows if self._in_order(number)]
            rows = straight if len(straight) == 1 else rows
        return rows

    def under_heading_of(self, rows: Sequence[int], named: frozenset[str]) -> list[int]:
        """Return the rows that are named under a heading that is named: "in the morning"."""
        headed = frozenset[int]().union(
            *(
                self.table.headed(word.text)
                for word in self.request.content
                if word.strict and not word.in_focus and word.key not in named
            )
        )
        under = [row for row in rows if headed & set(self.naming(row, named))]
        return under if len(under) == 1 else list(rows)

    def whole(self, number: int, place: int | None = None) -> bool:
        """Tell whether a question names a cell of a row, or one of several things in it, wholly.

        Args:
            number: The row.
            place: The cell; any if None.
        """
        cells = zip(self.table.parts[number], self.hits[number], strict=True)
        return any(
            part <= hit
            for other, (parts, hit) in enumerate(cells)
            if place in (None, other)
            for part in parts
        )

    def _runs_as_asked(self, number: int) -> bool:
        """Tell whether a row that says from where and to where goes the way that is asked for."""
        start, end = self.request.route
        if not (start and end):
            return True
        row = self.table.cells[number]
        for place in range(min(len(row), len(self.table.headings))):
            of = self.table.classes[place]
            for own, other, wrong in ((*_DIRECTED, end), (*_DIRECTED[::-1], start)):
                if of & own and not of & other and wrong in row[place]:
                    return False
        for text in self.table.rows[number]:
            if _ARROW.search(text) and not self._ordered(text, start, end):
                return False
        return True

    def _in_order(self, number: int) -> bool:
        start, end = self.request.route
        if start and end:
            return self._ordered(" ".join(self.table.rows[number]), start, end)
        found = [key(word) for word in spelled(" ".join(self.table.rows[number]))]
        asked = [word.key for word in self.request.content if word.key in found]
        places = [found.index(each) for each in asked]
        return places == sorted(places)

    def _ordered(self, text: str, start: str, end: str) -> bool:
        found = [key(word) for word in spelled(text)]
        return start not in found or end not in found or found.index(start) < found.index(end)

    def naming(self, number: int, named: frozenset[str]) -> list[int]:
        """Return the columns by whose cells a row is named, as few as do."""
        row, cells = self.hits[number], self.table.cells[number]
        left, own = set(named), []
        while left:
            best = max(
                range(len(row)),
                key=lambda place: (
                    len(left & row[place]),
                    len(row[place]) / max(len(cells[place]), 1),
                    -place,
                ),
            )
            if not left & row[best]:
                break
            own.append(best)
            left -= row[best]
        return own

    def enough(self, number: int, naming: Sequence[int]) -> bool:
        """Tell whether the cells by which a row is named are named by half of their words."""
        for place in naming:
            cell, hit = self.table.cells[number][place], self.hits[number][place]
            share = _THIRD if any(self.request.is_name(each) for each in hit) else _HALF
            if len(hit) < share * len(cell):
                return False
        return True
