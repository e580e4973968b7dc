"""What was used last, kept up to a size."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Recently(Generic[Item]):
    """Keeps items by their numbers; those not used for longest go first. Safe to share by threads.

    Args:
        room: The size of all that is kept, at most; a single item that is larger is kept alone.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._items: OrderedDict[int, tuple[Item, int]] = OrderedDict()
        self._taken = 0
        self._lock = threading.Lock()

    def get(self, number: int) -> Item | None:
        """Return an item; None if it is not kept."""
        with self._lock:
            found = self._items.get(number)
            if found is None:
                return None
            self._items.move_to_end(number)
            return found[0]

    def keep(self, number: int, item: Item, size: int) -> None:
        """Keep an item, and let go of others where there is no room."""
        with self._lock:
            _, before = self._items.pop(number, (None, 0))
            self._items[number] = (item, size)
            self._taken += size - before
            while self._taken > self._room and len(self._items) > 1:
                _, (_, gone) = self._items.popitem(last=False)
                self._taken -= gone
