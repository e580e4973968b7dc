"""Keys: how sentences and passages are told apart in a store, for as long as it has them.

A key is the number of a document, which is never used again, and the ordinal of the sentence, or
of the passage, in it. So keys stay what they are while other documents come and go, they stand in
the order of the text, and whoever has a key knows the document.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.store.rows import Rows

_ORDINAL_BITS = 31
_ORDINAL = (1 << _ORDINAL_BITS) - 1


def keys_of(number: int | Rows, ordinals: Rows) -> Rows:
    """Return the keys of sentences, or of passages, of a document, or of one each."""
    keys: Rows = (np.asarray(number, dtype=np.int64) << _ORDINAL_BITS) | ordinals
    return keys


def parted(keys: Rows) -> tuple[Rows, Rows]:
    """Return the numbers of the documents that keys are of, and the ordinals in them."""
    return keys >> _ORDINAL_BITS, keys & _ORDINAL


def among(numbers: Rows, chosen: Rows) -> NDArray[np.bool_]:
    """Tell of each number whether it is among those chosen, which ascend."""
    if not len(chosen):
        return np.zeros(len(numbers), dtype=bool)
    places = np.minimum(np.searchsorted(chosen, numbers), len(chosen) - 1)
    found: NDArray[np.bool_] = chosen[places] == numbers
    return found
