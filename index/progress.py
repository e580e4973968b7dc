"""Progress, shown on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm


def bar_of(total: int, what: str, unit: str, *, done: int = 0, progress: bool) -> tqdm[Any]:
    """Return a progress bar, which shows on a terminal from the second second on."""
    from tqdm import tqdm

    return tqdm(
        total=total,
        initial=done,
        desc=what,
        unit=f" {unit}",
        delay=1,
        disable=None if progress else True,
    )
