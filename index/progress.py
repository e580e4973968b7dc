"""Progress: a bar on a terminal, and a line where something takes long."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType

_KNOWN_S = 5  # from which on the pace is known
_LONG_S = 60
_HOURS_FROM_S = 5400


class Bar:
    """A progress bar, which shows on a terminal from the second second on.

    What will take more than a minute is said in one line: where there is no terminal, and where
    there is something to say of it.

    Args:
        total: How many things there are.
        what: What is done to them.
        unit: What they are called.
        done: How many of them are done already.
        progress: Whether anything is to be shown.
        advice: What to do if it takes too long; empty if there is nothing to say.
    """

    def __init__(
        self, total: int, what: str, unit: str, *, done: int, progress: bool, advice: str
    ) -> None:
        from tqdm import tqdm

        self._bar = tqdm(
            total=total,
            initial=done,
            desc=what,
            unit=f" {unit}",
            delay=1,
            disable=None if progress else True,
        )
        self._left = total - done
        self._said = f"{what} {self._left:,} {unit}"
        self._advice = advice
        self._tells = progress and (bool(advice) or bool(self._bar.disable))
        self._began, self._made = monotonic(), 0

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def update(self, count: int = 1) -> None:
        """Note that more is done."""
        self._bar.update(count)
        if not self._tells:
            return
        self._made += count
        passed = monotonic() - self._began
        if passed < _KNOWN_S or not self._made:
            return
        self._tells = False
        if (takes := passed * self._left / self._made) > _LONG_S:
            self._bar.write(
                f"{self._said}; this takes about {_spoken(takes)}.{self._advice}", sys.stderr
            )
            sys.stderr.flush()


def bar_of(
    total: int, what: str, unit: str, *, done: int = 0, progress: bool, advice: str = ""
) -> Bar:
    """Return a progress bar: see :class:`Bar`."""
    return Bar(
        total, what, unit, done=done, progress=progress, advice=f" {advice}" if advice else ""
    )


def _spoken(seconds: float) -> str:
    if seconds < _HOURS_FROM_S:
        return f"{max(2, round(seconds / 60))} minutes"
    return f"{round(seconds / 3600)} hours"
