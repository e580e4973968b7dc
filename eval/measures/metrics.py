"""What is measured. Exact match and F1 are SQuAD's (Rajpurkar et al. 2016, section 6)."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_answer(text: str) -> str:
    """Lower the case and take out ASCII punctuation, articles and superfluous white space."""
    text = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", text).split())


def exact_match(prediction: str, gold: str) -> float:
    """Return 1.0 if the two are the same once normalised, else 0.0."""
    return float(normalize_answer(prediction) == normalize_answer(gold))


def f1(prediction: str, gold: str) -> float:
    """Return the harmonic mean of precision and recall over the words of the two, in 0..1."""
    predicted, expected = normalize_answer(prediction).split(), normalize_answer(gold).split()
    if not predicted or not expected:
        return float(predicted == expected)
    shared = sum((Counter(predicted) & Counter(expected)).values())
    return 2 * shared / (len(predicted) + len(expected))


def best(
    metric: Callable[[str, str], float], prediction: str | None, golds: Sequence[str]
) -> float:
    """Return the metric against the closest gold answer.

    No answer is the empty string, as in SQuAD 2.0: it is right where there is no gold answer, and
    wrong otherwise.
    """
    return max(metric(prediction or "", gold) for gold in golds or [""])


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, or None of nothing."""
    return sum(values) / len(values) if values else None


def percent(values: Sequence[float]) -> float | None:
    """Return the mean in percent, or None of nothing."""
    share = mean(values)
    return None if share is None else 100 * share
