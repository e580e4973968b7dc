"""Synthetic vectors, mixed of real ones."""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence

import numpy as np

from eval.bench.scale.sources import Source
from qa import Encoder, Span, Vectors

_OTHER = 0.5  # how much of another sentence's vector is added
_NOISE = 0.3  # the length of the noise that is added


class MixedEncoder:
    """Gives a sentence the vector of the real one, plus half that of another, plus noise.

    It is made a unit vector again. So no two vectors are the same, and they lie less in clusters
    than real ones do: real libraries are easier. The first of a call is left as it is, so that the
    real encoder is known again by it.

    Args:
        source: The real vectors.
        encoder: What made them, whose name this one bears.
    """

    def __init__(self, source: Source, encoder: Encoder) -> None:
        self.name = encoder.name
        self.dimension = source.vectors.shape[1]
        self.max_tokens = encoder.max_tokens
        self.seconds = 0.0
        """How long making vectors took."""
        self._source = source
        self._encoder = encoder
        self._rows = {text: row for row, text in enumerate(source.sentences)}
        self._asked = {text: row for row, text in enumerate(source.questions)}

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return where the tokens of each text stand in it, as the real encoder says."""
        return self._encoder.tokenize(texts)

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Return a unit vector for each passage."""
        began = time.perf_counter()
        generator = np.random.default_rng(zlib.crc32("\n".join(texts).encode()))
        count = len(self._rows)
        # What was cut out of a sentence too long for a vector is given any.
        own = self._source.vectors[[self._rows.get(text, len(text) % count) for text in texts]]
        other = self._source.vectors[generator.integers(count, size=len(texts))]
        noise = generator.standard_normal(own.shape, dtype=np.float32)
        noise *= _NOISE / np.sqrt(self.dimension)
        mixed = own + _OTHER * other + noise
        mixed[0] = own[0]
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        self.seconds += time.perf_counter() - began
        return np.asarray(mixed, dtype=np.float32)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, which were embedded before."""
        return self._source.asked[[self._asked[text] for text in texts]]
