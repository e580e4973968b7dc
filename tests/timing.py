"""How much longer something takes for a text of twice the length."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def growth(run: Callable[[str], object], piece: str, times: int) -> float:
    """Return how many times as long something takes for twice as much of a text.

    Of three runs of each length the fastest counts, so that what else the machine does does not.
    """
    once, twice = (
        min(_seconds(run, piece * number) for _ in range(3)) for number in (times, 2 * times)
    )
    return twice / once


def _seconds(run: Callable[[str], object], text: str) -> float:
    gc.collect()
    gc.disable()
    start = time.process_time()
    try:
        run(text)
        return time.process_time() - start
    finally:
        gc.enable()
