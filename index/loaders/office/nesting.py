"""In how many lists an item stands."""

from __future__ import annotations


class Nesting:
    """The lists that are open, by the depths that the document says, which may jump."""

    def __init__(self) -> None:
        self._depths: list[int] = []

    def close(self) -> None:
        """Note that something else than an item follows: all lists end."""
        self._depths = []

    def of(self, depth: int) -> int:
        """Return in how many of the open lists the list of the next item stands.

        Args:
            depth: How deep the document says that it stands.
        """
        while self._depths and self._depths[-1] > depth:
            self._depths.pop()
        if not self._depths or self._depths[-1] < depth:
            self._depths.append(depth)
        return len(self._depths) - 1
