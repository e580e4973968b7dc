"""What the columns of a table hold, by the cells in them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from qa.tables import vocabulary
from qa.tables.requests import Request, Said
from qa.tables.table import Table
from qa.tables.vocabulary import kin

_MAX_LIKE = 20  # cells of a column by which it is told what one of them stands for


class Columns:
    """Tells whether what a question asks for can stand in a column.

    Args:
        request: The question.
        table: The table.
    """

    def __init__(self, request: Request, table: Table) -> None:
        self.request = request
        self.table = table
        self._said: dict[int, list[str]] = {}

    def fits(self, cell: str, place: int) -> bool:
        """Tell whether a cell of a column can be what is asked for."""
        if self.request.wants_count and not (
            vocabulary.holds(cell, "count") or vocabulary.is_said(cell)
        ):
            return False
        if self.request.wants_home and not any(
            map(vocabulary.is_of_homes, self.table.headings[place])
        ):
            return False
        return vocabulary.fit(cell, self.table.columns[place], self.request.asked) != "no"

    def may_fit(self, place: int) -> bool:
        """Tell whether a column holds what is asked for, if not in the row that is asked about."""
        others = self._said_under(place)
        return not others or any(self.fits(cell, place) for cell in others)

    def like(
        self, row: Sequence[str], place: int, meant: Sequence[int], asking: Sequence[Said]
    ) -> list[str]:
        """Return cells that show what one that does not fit, or says "free", stands for."""
        others = list(self._said_under(place))
        if all(map(vocabulary.is_said, others)) and any(
            kin(word.text, each) for word in asking for each in self.table.headings[place]
        ):
            others += [row[each] for each in meant]
        return others

    def has_twin(self, row: Sequence[str], place: int, fitting: Sequence[int]) -> bool:
        """Tell whether another column holds such a thing, too, as hours have a start and an end."""
        if vocabulary.is_span_of_time(row[place]):
            return False
        own = [name for name in ("time", "price", "date") if vocabulary.holds(row[place], name)]
        return any(
            vocabulary.holds(row[other], name)
            for other in fitting
            if other != place
            for name in own
        )

    def _said_under(self, place: int) -> list[str]:
        if place not in self._said:
            cells = (row[place] for row in self.table.rows.values() if place < len(row))
            said = filter(vocabulary.says_something, cells)
            self._said[place] = list(islice(said, _MAX_LIKE))
        return self._said[place]
