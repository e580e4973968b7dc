"""Which lines are items of lists, and not prose that starts as one does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from index.structure.lines import Line
from index.structure.markers import SURE_BULLETS, Marker
from index.structure.wrapping import Wrapping, is_ended

_NEAR = 200  # lines within which the next item of a list is looked for


class Items:
    """The items among the lines of a text.

    Args:
        lines: The lines.
        contents: What they say.
        markers: The marker of each if it may be an item.
        wrapping: How the lines are wrapped.

    Attributes:
        are: Whether each line is one.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        contents: Sequence[str],
        markers: Sequence[Marker | None],
        wrapping: Wrapping,
    ) -> None:
        self._lines, self._contents, self._wrapping = lines, contents, wrapping
        self._places: dict[tuple[str, int], list[int]] = {}
        for place, marker in enumerate(markers):
            if marker is not None:
                for key in {(marker.style, marker.value), ("roman" + marker.style, marker.roman)}:
                    self._places.setdefault(key, []).append(place)
        self.are: list[bool] = []
        last: dict[str, tuple[int, int]] = {}  # the last item of each style: its number and place
        for place, marker in enumerate(markers):
            self.are.append(marker is not None and self._is_item(place, marker, last))
            if self.are[-1] and marker is not None:
                last[marker.style] = (marker.value, place)
                last["roman" + marker.style] = (marker.roman, place)

    def is_roman(self, place: int, marker: Marker) -> bool:
        """Tell whether the marker of an item that opens a list is a Roman number."""
        if marker.value == 0:
            return marker.roman > 0
        return marker.roman == 1 and self._has_next(place, "roman" + marker.style, 2)

    def _is_item(self, place: int, marker: Marker, last: dict[str, tuple[int, int]]) -> bool:
        if not marker.ordered:
            return marker.style in SURE_BULLETS or len(self._places[marker.style, 0]) > 1
        for style, value in ((marker.style, marker.value), ("roman" + marker.style, marker.roman)):
            before, where = last.get(style, (0, -_NEAR))
            if value > 1 and before == value - 1 and where >= place - _NEAR:
                return True
        apart = self._lines[place].gap or is_ended(self._contents[place - 1])
        if marker.style == "step" or "1" in marker.style:
            return apart or (marker.value <= 1 and not self._wrapping.is_full(place - 1))
        below = self._lines[place - 1].indent + 1 < self._lines[place].indent
        if place and self.are[place - 1] and below and 1 in (marker.value, marker.roman):
            return True  # the only thing below an item
        following = marker.value == 1 and self._has_next(place, marker.style, 2)
        return following or (marker.roman == 1 and self._has_next(place, "roman" + marker.style, 2))

    def _has_next(self, place: int, style: str, value: int) -> bool:
        places = self._places.get((style, value), ())
        at = bisect_right(places, place)
        return at < len(places) and places[at] <= place + _NEAR
