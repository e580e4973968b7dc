"""From a reader's logits to spans of tokens."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray


def best_token_spans(
    start: NDArray[np.float32], end: NDArray[np.float32], *, max_tokens: int, n_best: int
) -> list[tuple[int, int, float]]:
    """Return the spans of tokens with the highest sum of start and end logit, best first.

    Args:
        start: The start logit of each token that may be in an answer.
        end: The end logit of each.
        max_tokens: The most tokens that a span may hold.
        n_best: How many spans to return at most.

    Returns:
        (first token, last token, sum of the two logits) for each span.
    """
    if not len(start):
        return []
    padded = np.concatenate([end, np.full(max_tokens - 1, -np.inf, dtype=np.float32)])
    # sums[i, j] is the span from token i to token i + j.
    sums = start[:, None] + sliding_window_view(padded, max_tokens)
    flat = sums.ravel()
    n_best = min(n_best, len(flat))
    best = np.argpartition(-flat, n_best - 1)[:n_best]
    best = best[np.argsort(-flat[best], kind="stable")]
    return [
        (int(i // max_tokens), int(i // max_tokens + i % max_tokens), float(flat[i]))
        for i in best
        if np.isfinite(flat[i])
    ]
