"""Which cell of a table a question asks for: the one under the heading, in the row, that it names.

Nothing is given that is not sure: every word that could set another row or another column apart
has to be accounted for by the row, its headings or what stands above the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.tables import vocabulary
from qa.tables.columns import Columns
from qa.tables.requests import Request, Said
from qa.tables.rows import NamedRows
from qa.tables.table import Table
from qa.tables.vocabulary import akin, classes_of, kin

_MAX_LISTED = 50  # cells of a column: more are no answer
_MAX_UNEXPLAINED = 1  # words of a question that say nothing about where in a table to look
_EXTREMES = frozenset({"maximum", "minimum", "mean_value"})
_CLEARLY = 0.03  # how much more must speak for a column than for the next


@dataclass(frozen=True)
class LookUp:
    """What came of looking a question up in a table.

    Attributes:
        cells: The cells asked for, by row and column; none if it is not sure.
        certain: Whether every word of the question is accounted for.
        readable: The rows out of which an answer may be read all the same; None if all.
    """

    cells: tuple[tuple[int, int], ...] = ()
    certain: bool = False
    readable: frozenset[int] | None = None


_OF_NO_MATTER = LookUp()
_REFUSED = LookUp(readable=frozenset())


def look_up(request: Request, table: Table) -> LookUp:
    """Look up what a question asks for in a table."""
    return _Search(request, table).result()


class _Search:
    """Looks one question up in one table."""

    def __init__(self, request: Request, table: Table) -> None:
        self.request = request
        self.table = table
        self.context = vocabulary.spelled(table.context)
        self.near = vocabulary.spelled(table.near)
        self.words = request.content
        self.rows = NamedRows(request, table)
        self.columns = Columns(request, table)
        # "discovered" of the heading "discovered by": what was done to that which a row is of.
        self._done_by = [
            word
            for heading in table.headings
            if vocabulary.folded(heading[-1] if heading else "") == "by"
            for word in heading[:-1]
        ]

        # Where a column counts homes, those that are vacant are under "Vacant", not under "Homes".
        counted = {p for word in self.words if word.in_focus for p in table.headed(word.text)} - {0}
        described = (table.headed(word.text) for word in self.words if request.describes(word))
        self._described = frozenset[int]().union(*described) if counted else frozenset[int]()

    def result(self) -> LookUp:
        """Return what came of it."""
        if self._compares():
            return _REFUSED
        held = frozenset[str]().union(*(own for row in self.rows.hits.values() for own in row))
        named = frozenset(
            word.key
            for word in self.words
            if word.key in held and not self._soft(word) and not self.rows.in_most(word.key)
        )
        if not named:
            # A word that a heading has may name a row all the same, if it is all that a cell says.
            named = frozenset(
                word.key
                for word in self.words
                if not word.light
                and any(cell == {word.key} for row in self.table.cells.values() for cell in row)
            )
        if not named:
            return self._without_row()
        rows = self.rows.named_by(named)
        if not rows:
            return _REFUSED
        rows = self.rows.under_heading_of(rows, named) if len(rows) > 1 else rows
        found = [self._in_row(row, named) for row in rows]
        if len(rows) > 1:
            return self._of_several(rows, found)
        return found[0]

    # Columns

    def _in_row(self, number: int, named: frozenset[str]) -> LookUp:
        """Return what a question asks for of a row."""
        here = frozenset({number})
        naming = self.rows.naming(number, named)
        if not self.rows.enough(number, naming):
            return _REFUSED
        row = self.table.rows[number]
        if not self.table.columns:
            return self._without_headings(number, naming, named)
        free = [
            place
            for place in range(min(len(row), len(self.table.columns)))
            if place not in naming and self.table.columns[place].strip()
        ]
        if self.request.wants_clause:
            return LookUp(readable=here)
        fitting = [place for place in free if self.columns.fits(row[place], place)]
        # "line 12": what a row is named by is not what is asked for.
        by = [each for other in naming for each in self.table.headings[other]]
        asking = [
            word
            for word in self.words
            if word.key not in named
            and (
                word.in_focus
                or self.request.is_done(word)
                or not any(kin(word.text, each) for each in by)
            )
        ]
        # A neighbour of the column asked for is not asked for, though it be the only one that fits.
        meant = [each for each in free if each in fitting or self.columns.may_fit(each)]
        place, strong = self._column(row, meant, fitting, asking)
        if place is not None and place not in fitting:
            return _REFUSED
        if place is None and self.request.wants_meaning(self._beside_row(number, naming, named)):
            place, strong = self._meaning(row, free, naming), False
        if place is None or not (strong or all(self.rows.whole(number, by) for by in naming)):
            return _REFUSED
        unexplained = [
            word for word in self.words if not self._explains(word, number, place, naming, named)
        ]
        if not self._may_be_left(unexplained, number, place, strong, named):
            return _REFUSED
        if self.request.wants_both_ends and self.columns.has_twin(row, place, fitting):
            return _REFUSED
        return LookUp(((number, place),), not unexplained, here)

    def _column(
        self,
        row: Sequence[str],
        meant: Sequence[int],
        fitting: Sequence[int],
        asking: Sequence[Said],
    ) -> tuple[int | None, bool]:
        """Return the column for which most speaks, and whether more does than "who" or "when"."""
        scores: dict[int, tuple[float, bool]] = {}
        in_focus: frozenset[int] | set[int] = set()
        for place in meant:
            heading, classes = self.table.headings[place], self.table.classes[place]
            score, strong, met = 0.0, False, set()
            cells = [row[place]]
            if place not in fitting or vocabulary.is_said(row[place]):
                cells = self.columns.like(row, place, meant, asking)
            for word in asking:
                own = {each for each in heading if kin(word.text, each)}
                if "person" in classes and self.request.is_done(word):
                    own = set()  # what is taught is no teacher
                elif own:
                    score, strong = score + 1, True
                elif own := {each for each in heading if akin(word.classes, word.text, each)}:
                    score, strong = score + 0.9, True
                elif any(vocabulary.shows(cell, classes, word.classes) for cell in cells):
                    score += 0.5
                met |= own
                if own and word.in_focus:
                    in_focus |= {place}
            if self.request.asked & classes or (
                "person" in self.request.asked and any(map(vocabulary.is_of_people, heading))
            ):
                score += 0.5
            elif any(vocabulary.holds(cell, name) for cell in cells for name in self.request.asked):
                score += 0.4
            scores[place] = score + 0.1 * len(met) / max(len(heading), 1), strong
        in_focus = self._described & set(meant) or in_focus
        if in_focus:
            scores = {place: scores[place] for place in in_focus}
        elif self.request.wants_count and any(map(self._counts_rows, asking)):
            return None, False
        elif self._asks_for_key(asking):
            return (0, True) if 0 in fitting else (None, False)
        ranked = sorted(scores, key=lambda place: -scores[place][0])
        if not ranked or scores[ranked[0]][0] <= 0:
            return None, False
        if len(ranked) > 1 and scores[ranked[0]][0] - scores[ranked[1]][0] < _CLEARLY:
            return None, False
        return ranked[0], scores[ranked[0]][1]

    def _counts_rows(self, word: Said) -> bool:
        """Tell whether what is to be counted is no number in a cell: "how many ships"."""
        of_rows = 0 in self.table.headed(word.text) or not self._in_context(word)
        return word.in_focus and of_rows

    def _asks_for_key(self, asking: Sequence[Said]) -> bool:
        """Tell whether a question asks which of all that the rows are of: "which planet"."""
        if self.request.wants_object:
            return any(kin(word.text, each) for word in self.words for each in self._done_by)
        focus = [word for word in asking if word.in_focus and not word.light]
        return self.request.chooses and any(map(self._in_context, focus))

    def _meaning(
        self, row: Sequence[str], free: Sequence[int], naming: Sequence[int]
    ) -> int | None:
        """Return the column that says what the key of a row means."""
        if not any(
            place == 0
            or any("identifier" in classes_of(word) for word in self.table.headings[place])
            for place in naming
        ):
            return None
        saying = [
            place
            for place in free
            if any("description" in classes_of(word) for word in self.table.headings[place])
        ] or [place for place in free if re.search(r"[^\W\d_]{3}", row[place])]
        return saying[0] if len(saying) == 1 and vocabulary.says_something(row[saying[0]]) else None

    def _without_headings(
        self, number: int, naming: Sequence[int], named: frozenset[str]
    ) -> LookUp:
        """Return the one cell beside the key of a row; without headings, of two columns only."""
        row = self.table.rows[number]
        here = frozenset({number})
        beside = self._beside_row(number, naming, named)
        if len(row) != 2 or naming != [0] or self.request.wants_clause:
            return LookUp(readable=here) if len(row) > 2 and not beside else _REFUSED
        fit = vocabulary.fit(row[1], "", self.request.asked)
        left = [
            word for word in beside if not any(vocabulary.holds(row[1], c) for c in word.classes)
        ]
        meant = fit == "yes" or (fit == "maybe" and self.request.wants_meaning(left))
        if meant and all("description" in word.classes for word in left):
            return LookUp(((number, 1),), True, here)
        return _REFUSED

    # What a question says beside

    def _soft(self, word: Said) -> bool:
        """Tell whether a word may stand for a heading or for the whole, and so names no row."""
        if word.light or word.is_number:
            return word.light
        headings = [each for heading in self.table.headings for each in heading]
        return self.request.is_measure(word) or any(
            kin(word.text, each) or (word.in_focus and word.classes & classes_of(each))
            for each in headings
        )

    def _in_context(self, word: Said) -> bool:
        above = self.context if word.strict else (*self.context, *self.near)
        return any(kin(word.text, each) for each in above)

    def _explains(
        self, word: Said, number: int, place: int, naming: Sequence[int], named: frozenset[str]
    ) -> bool:
        """Tell whether a cell, its row and its heading account for a word."""
        if word.key in named or word.light or word.key in self.table.common:
            return True
        if place in self._described and word.in_focus:
            return True
        row = self.table.rows[number]
        if any(
            kin(word.text, each) or akin(word.classes, word.text, each)
            for each in self.table.headings[place]
        ):
            return True
        if vocabulary.shows(row[place], self.table.classes[place], word.classes):
            return True
        if any(kin(word.text, each) for each in self._done_by):
            return True
        headed = self.table.headed(word.text)
        if headed & {0, place, *naming}:  # what the rows are of is what their first cells are
            return True
        for each in naming:
            if word.key in self.rows.hits[number][each]:
                return True
            if vocabulary.shows(row[each], self.table.classes[each], word.classes):
                return True
        return self._in_context(word)

    def _beside_row(self, number: int, naming: Sequence[int], named: frozenset[str]) -> list[Said]:
        """Return the words of a question that are no part of how it names a row."""
        return [
            word
            for word in self.words
            if not (
                word.light
                or word.key in named
                or self._in_context(word)
                or any(word.key in self.rows.hits[number][place] for place in naming)
                or any(place in self.table.headed(word.text) for place in naming)
                or ("identifier" in word.classes and self.request.stands_before_number(word))
            )
        ]

    def _may_be_left(
        self,
        unexplained: Sequence[Said],
        number: int,
        place: int,
        strong: bool,
        named: frozenset[str],
    ) -> bool:
        """Tell whether words that nothing accounts for can be left so."""
        if len(unexplained) > (_MAX_UNEXPLAINED if strong else 0):
            return False
        for word in unexplained:
            if word.strict or word.in_focus or self.request.is_noun(word):
                return False
            if self.request.wants_count and self.table.headed(word.text) - {place}:
                return False  # another column is, or may be, meant
            before, behind = self.request.beside(word)
            numbered = behind is not None and behind.is_number and behind.key not in self.rows.under
            if numbered and "identifier" not in word.classes:
                return False  # "room 104" is no code 104
            # "dog fare", "car insurance": another thing than the fare, or the car
            for other in (before, behind):
                if other is None:
                    continue
                if other.key in named:
                    partly = other is behind and not self.rows.whole(number)
                    if partly or (other is before and not self.request.is_verb(word)):
                        return False
                elif place in self.table.headed(other.text) and not (
                    other.in_focus or self.request.is_verb(other)
                ):
                    return False
        return True

    # More than one cell, or none

    def _compares(self) -> bool:
        """Tell whether a question compares, counts or denies, which no single cell answers."""
        said = [word for heading in self.table.headings for word in heading]
        held = frozenset[str]().union(*(own for row in self.rows.hits.values() for own in row))
        if self.request.compares(held | frozenset(map(vocabulary.key, said))):
            return True
        return any(
            not any(
                kin(word.text, each) or word.classes & classes_of(each) & _EXTREMES for each in said
            )
            and word.key not in held
            for word in self.request.superlatives
        )

    def _of_several(self, rows: Sequence[int], found: Sequence[LookUp]) -> LookUp:
        """Return the cells of several rows, where a question asks for several."""
        here = frozenset(rows)
        whole = all(
            self.rows.whole(number) and each.cells for number, each in zip(rows, found, strict=True)
        )
        certain = all(each.certain for each in found)
        several = self.request.wants_list or (self.request.wants_whoever and certain)
        if several and whole and len(rows) <= _MAX_LISTED:
            cells = tuple(cell for each in found for cell in each.cells)
            if len({place for _, place in cells}) == 1 and len(cells) == len(rows):
                return LookUp(cells, certain, here)
        return _REFUSED

    def _without_row(self) -> LookUp:
        """Return what is asked of a table no row of which is named."""
        if any(word.strict and not self._known(word) for word in self.words):
            return _REFUSED
        headed = [word for word in self.words if self.table.headed(word.text)]
        left = [
            word
            for word in self.words
            if not (word.light or word in headed or self._in_context(word))
        ]
        if left or not headed or not self.request.wants_list or self.request.wants_count:
            # "Who is the owner?", of a table of many: whichever were read would be one of them.
            return _OF_NO_MATTER if self.table.is_loose else _REFUSED
        places = [
            place
            for place, heading in enumerate(self.table.headings)
            if any(kin(word.text, each) for word in headed for each in heading)
        ]
        if len(places) != 1 or self.table.total > len(self.table.rows):
            return _REFUSED
        first: dict[str, int] = {}
        for number, row in self.table.rows.items():
            if len(row) > places[0] and vocabulary.says_something(row[places[0]]):
                first.setdefault(vocabulary.folded(row[places[0]].strip()), number)
        if not 1 < len(first) <= _MAX_LISTED:
            return _REFUSED
        return LookUp(tuple((number, places[0]) for number in first.values()), True)

    def _known(self, word: Said) -> bool:
        return (
            self._in_context(word)
            or bool(self.table.headed(word.text))
            or word.key in self.table.common
        )
