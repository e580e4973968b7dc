"""What an open store does in a process that was forked from the one that opened it."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forked(Protocol):
    """Something that a process may not share with the one that it was forked from."""

    def forked(self) -> None:
        """Leave files, connections and locks to the other process; called in the new one."""


_OPEN: weakref.WeakSet[Forked] = weakref.WeakSet()
_LEFT: list[object] = []


def tell_of_fork(opened: Forked) -> None:
    """Have something told when this process was forked, as long as it is there."""
    _OPEN.add(opened)


def leave(*things: object) -> None:
    """Keep things that belong to another process: to close them would close them for that, too."""
    _LEFT.extend(things)


def _tell() -> None:
    for opened in list(_OPEN):
        opened.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_tell)
