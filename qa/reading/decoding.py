"""From a reader's logits to spans of text."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

_QUOTES = {"“": "”", "‘": "’", "«": "»", "„": "“", "(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _QUOTES.items()}
_TRAILING = ",;:"


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


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow ``text[start:end]`` to leave out what at its ends is no part of an answer.

    That is: white space, a comma, colon or semicolon behind it, a quotation mark or bracket whose
    partner is outside, and a pair of quotation marks or brackets round the whole.
    """
    while start < end:
        first, last = text[start], text[end - 1]
        inside = text[start + 1 : end - 1]
        if first.isspace():
            start += 1
        elif last.isspace() or last in _TRAILING:
            end -= 1
        elif last == _QUOTES.get(first) and first not in inside and last not in inside:
            start, end = start + 1, end - 1
        elif first in _QUOTES and _QUOTES[first] not in text[start + 1 : end]:
            start += 1
        elif last in _OPENING and _OPENING[last] not in text[start : end - 1]:
            end -= 1
        elif '"' in (first, last) and text.count('"', start, end) % 2:
            start, end = (start + 1, end) if first == '"' else (start, end - 1)
        elif first == last == '"' and '"' not in inside and end - start > 1:
            start, end = start + 1, end - 1
        else:
            break
    return start, end


def normalize(text: str) -> str:
    """Return what two spans that say the same have in common: case, marks and spaces aside."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split()) or folded.strip()
