"""Puts texts together, and notes where they stand in their documents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.places import Part, Places


class PlacesBuilder:
    """Puts a text together of what stands in a document and what does not, and notes which."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._length = 0
        self._parts: dict[Part, int] = {}
        self._part = -1
        self._paths: dict[str, int] = {}
        self._runs: list[list[int]] = []
        self._boxes: list[NDArray[np.uint16]] = []

    @property
    def length(self) -> int:
        """How many code points there are so far."""
        return self._length

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._texts)

    def begin(self, part: Part) -> int:
        """Note that what is copied from now on stands in a part; return the number of that."""
        self._part = self._parts.setdefault(part, len(self._parts))
        return self._part

    def put(self, text: str) -> None:
        """Add text that stands nowhere in the document."""
        self._texts.append(text)
        self._length += len(text)

    def copy(
        self, text: str, path: str | None, at: int, boxes: NDArray[np.uint16] | None = None,
        *, part: int | None = None,
    ) -> None:  # fmt: skip
        """Add text that stands in the part that was begun last, or in another.

        Args:
            text: What stands there, code point for code point.
            path: The path of its text node; None if the part has none.
            at: Where it starts there.
            boxes: Where each code point is seen, shaped (code points, 4); see :class:`Places`. For
                a whole document either always given or never.
            part: The number of the part; None for the last.
        """
        if not text:
            return
        number = -1 if path is None else self._paths.setdefault(path, len(self._paths))
        part = self._part if part is None else part
        last = self._runs[-1] if self._runs else None
        follows = last is not None and (
            last[0] + last[1] == self._length
            and last[2:4] == [part, number]
            and last[4] + last[1] == at
        )
        if follows and last is not None:
            last[1] += len(text)
        else:
            self._runs.append([self._length, len(text), part, number, at])
        if boxes is not None:
            self._boxes.append(boxes)
        self._texts.append(text)
        self._length += len(text)

    def places(self) -> Places:
        """Return where the text stands."""
        runs = np.array(self._runs, dtype=np.int64).reshape(-1, 5)
        boxes = np.concatenate(self._boxes).astype(np.uint16) if self._boxes else None
        return Places(list(self._parts), list(self._paths), runs, boxes)
