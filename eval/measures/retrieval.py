"""How well passages are found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def retrieval_figures(ranks: Sequence[int | None]) -> dict[str, NDArray[np.float64]]:
    """Return the figures of each question by name, all in 0..1.

    ``recall@k`` is whether one of the first k passages holds an accepted answer (to a reader one
    such passage is as good as all; ir-measures calls it Success@k), ``mrr`` is one over the rank of
    the first that does (Voorhees 1999).

    Args:
        ranks: For each question, the rank from 1 of the first passage that holds an accepted
            answer; None if none of those looked at does, and then all figures are 0.
    """
    first = np.array([np.inf if rank is None else rank for rank in ranks], dtype=np.float64)
    recall = {f"recall@{k}": (first <= k).astype(np.float64) for k in (1, 5, 10)}
    return recall | {"mrr": 1 / first}
