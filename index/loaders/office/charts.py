"""What charts show: the numbers that they are drawn from, as a table."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.loaders.office.names import PREFIXES, kind, number
from index.loaders.trees import Element, Start, Text, events
from index.loaders.writing import SPACE, Piece, Writer, collapse, pieces_of

_ROLES = {
    "c:tx": "name", "c:cat": "category", "c:xVal": "category", "c:val": "value", "c:yVal": "value",
}  # fmt: skip
_SPARE = 20  # cells for each that holds something: a chart with more empty ones is no table


@dataclass
class _Series:
    """What is drawn in one colour: its name, and what stands at each place."""

    name: list[Piece] = field(default_factory=list)
    category: dict[int, list[Piece]] = field(default_factory=dict)
    value: dict[int, list[Piece]] = field(default_factory=dict)


def is_undrawn(element: Element) -> bool:
    """Tell whether an element of a chart holds no text that is shown."""
    return kind(element) in ("c:f", "c:formatCode", "c:extLst")


def write_chart(writer: Writer, root: Element) -> None:
    """Write a chart's title, and a table with a row for each category and a column for each series.

    Args:
        writer: What writes it; the part of the chart has been begun.
        root: The root of the chart's XML.
    """
    title: list[Piece] = []
    series: list[_Series] = []
    role, place, in_series = "", 0, False
    for event in events(root, skip=is_undrawn, prefixes=PREFIXES):
        named = kind(event.element)
        if isinstance(event, Start):
            if named == "c:ser":
                series.append(_Series())
                in_series = True
            elif named in _ROLES:
                role = _ROLES[named]
            elif named == "c:pt":
                place = number(event.element, "c:idx")
        elif isinstance(event, Text):
            if named == "a:t" and not in_series:
                title += pieces_of(event)
            elif named in ("c:v", "a:t") and series and in_series:
                _take(series[-1], role, place, pieces_of(event))
        elif named == "c:ser":
            in_series = False
        elif named == "a:p" and not in_series:
            title.append(SPACE)
    writer.paragraph(collapse(title))
    writer.table(_rows(series))


def _take(series: _Series, role: str, place: int, pieces: list[Piece]) -> None:
    if role == "name":
        series.name += pieces
    elif role in ("category", "value"):
        held = series.category if role == "category" else series.value
        if place in held:
            pieces = [SPACE, *pieces]
        held.setdefault(place, []).extend(pieces)


def _rows(series: list[_Series]) -> list[list[list[Piece]]]:
    categories: dict[int, list[Piece]] = {}
    for each in series:
        for place, pieces in each.category.items():
            categories.setdefault(place, pieces)
    places = sorted({*categories, *(place for each in series for place in each.value)})
    held = sum(len(each.value) + 1 for each in series) + len(places)
    if len(places) * len(series) > _SPARE * held:
        return []
    head: list[list[Piece]] = [[], *(collapse(each.name) for each in series)]
    return [
        head,
        *(
            [
                collapse(categories.get(place, [])),
                *(collapse(e.value.get(place, [])) for e in series),
            ]
            for place in places
        ),
    ]
