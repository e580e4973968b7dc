"""Watches the program from outside: how often it does a thing, what it still holds."""

from __future__ import annotations

import cProfile
import gc
import pstats
from collections.abc import Callable, Iterator


def times_called(run: Callable[[], object], module: str, function: str) -> int:
    """Return how often a function of a module is called while something runs."""
    profile = cProfile.Profile()
    profile.runcall(run)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # which typeshed lacks
    return sum(
        calls
        for (path, _, name), (_, calls, *_) in stats.items()
        if name == function and path.endswith(f"{module}.py")
    )


def held(mark: str) -> list[str]:
    """Return the beginnings of the texts round a mark that anything still holds.

    The mark has to be made while the test runs: the texts of a test's own code are held, too.
    """
    gc.collect()
    return [
        text[:60]
        for each in gc.get_objects()
        for text in _texts(each)
        if mark in text and text != mark
    ]


def _texts(each: object) -> Iterator[str]:
    for part in gc.get_referents(each):
        # A dict of plain texts is not among the collector's objects itself.
        for text in (part, *(part if type(part) is dict else ())):
            if type(text) is str:
                yield text
