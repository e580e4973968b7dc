"""BERT models and MPNets run straight from their weights: no padding, in the fastest precision.

To import transformers takes three seconds and sentence-transformers seven, and both compute the
padding of a batch as if it were text. Here the tokens of all texts lie end to end, so that every
multiplication is of real tokens. Both libraries remain for models of other kinds, and are what the
tests hold this module to.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import partial
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from index.models.eight_bits import EightBitLinear, EightBits
from index.models.weights import ARCHITECTURES, WORDS, StoredWeights

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

_PACK_TOKENS = 1024  # computed at once: what is in between stays in a processor's cache
_KEPT = {-1: 256 * 2**20, -3: 32 * 2**20}  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD, in bytes
_BUCKETS = 32  # of distances between tokens
_FAR = 128  # from this distance on, all are in one bucket


Pair: TypeAlias = "tuple[torch.Tensor, torch.Tensor]"
"""The weights of a normalisation: (scale, bias)."""
Linear: TypeAlias = "Callable[[torch.Tensor], torch.Tensor]"
"""A linear layer: from the tokens' rows to theirs."""


class _Layer(NamedTuple):
    """A transformer layer, the three matrices of attention as one."""

    attention: Linear
    attention_out: Linear
    attention_norm: Pair
    widen: Linear
    narrow: Linear
    norm: Pair


class Bert:
    """A BERT encoder (Devlin et al. 2019) over texts laid end to end. Safe to share by threads.

    Or an MPNet (Song et al. 2020): the same layers, but what a token attends to depends on how far
    away it is as well.

    Args:
        weights: The model's tensors by their names in transformers' files. Matrices may be in eight
            bits, as :func:`index.models.weights.quantized` makes them.
        config: What transformers' ``config.json`` holds.
        precision: "float32", "bfloat16" or "int8": of the products of the layers' matrices; in
            "int8" all else is in float32.

    Raises:
        KeyError: A weight is missing.
        ValueError: One has another shape than the configuration says, or is one too many.
    """

    def __init__(
        self, weights: Mapping[str, torch.Tensor], config: Mapping[str, Any], precision: str
    ) -> None:
        import torch

        _keep_memory()
        self.precision = precision
        self.hidden_size = size = int(config["hidden_size"])
        self.vocabulary = int(config["vocab_size"])
        self._kind = kind = ARCHITECTURES[config["model_type"]]
        positions = int(config["max_position_embeddings"])
        self.max_tokens = positions - kind.first_position
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self._dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
        stored = StoredWeights(weights, config["model_type"])
        # Few of the words are ever looked up: they stay as they are stored.
        self._words = stored.matrix(WORDS, self.vocabulary, size)
        self._positions = stored.tensor("embeddings.position_embeddings.weight", positions, size)
        self._types, self._biases = None, None
        if kind.types:
            types = int(config.get("type_vocab_size", 2))
            self._types = stored.tensor("embeddings.token_type_embeddings.weight", types, size)
        if kind.relative:
            buckets = stored.tensor("encoder.relative_attention_bias.weight", _BUCKETS, self._heads)
            self._biases = _by_distance(buckets.to(self._dtype), self.max_tokens)
        self._norm = self._pair(stored, "embeddings.LayerNorm")
        self._width = int(config["intermediate_size"])
        layers = int(config["num_hidden_layers"])
        stored.has_no_layer(layers)
        self._layers = [self._layer(stored, number) for number in range(layers)]

    def first_layers(self, number: int) -> Bert:
        """Return this model as far as its first layers go; they are shared."""
        other = copy(self)
        other._layers = self._layers[:number]
        return other

    def with_last_layers(self, weights: Mapping[str, torch.Tensor]) -> Bert:
        """Return a model whose last layers are others; all below them is shared with this one.

        Args:
            weights: The other layers' tensors by their names in transformers' files, without the
                model's own name before them; those of all layers from the first of them on.

        Raises:
            KeyError: A weight is missing.
            ValueError: One has another shape than this model's, or is one too many.
        """
        stored = StoredWeights(weights, "")
        layers = len(self._layers)
        stored.has_no_layer(layers)
        first = stored.first_layer()
        other = copy(self)
        other._layers = [
            *self._layers[:first],
            *(self._layer(stored, number) for number in range(first, layers)),
        ]
        return other

    def _layer(self, stored: StoredWeights, number: int) -> _Layer:
        kind, size, width = self._kind, self.hidden_size, self._width
        name = f"encoder.layer.{number}."
        query_key_value = [name + part for part in kind.query_key_value]
        return _Layer(
            self._linear(stored, query_key_value, size, size),
            self._linear(stored, [name + kind.attention_out], size, size),
            self._pair(stored, name + kind.attention_norm),
            self._linear(stored, [f"{name}intermediate.dense"], width, size),
            self._linear(stored, [f"{name}output.dense"], size, width),
            self._pair(stored, f"{name}output.LayerNorm"),
        )

    def _pair(self, stored: StoredWeights, name: str) -> Pair:
        scale, bias = (
            stored.tensor(f"{name}.{part}", self.hidden_size).to(self._dtype)
            for part in ("weight", "bias")
        )
        return scale, bias

    def _linear(
        self, stored: StoredWeights, names: Sequence[str], rows: int, columns: int
    ) -> Linear:
        """Return the linear layers of these names as one."""
        import torch
        from torch.nn.functional import linear

        parts = [stored.matrix(name, rows, columns) for name in names]
        bias = torch.cat([stored.tensor(f"{name}.bias", rows) for name in names])
        if self.precision == "int8":
            return EightBitLinear(
                EightBits.cat(
                    [part if isinstance(part, EightBits) else EightBits.of(part) for part in parts]
                ),
                bias,
            )
        exact = [part.rows() if isinstance(part, EightBits) else part for part in parts]
        exact = [part.to(self._dtype) for part in exact]
        weight = torch.cat(exact) if len(exact) > 1 else exact[0]
        return partial(linear, weight=weight, bias=bias.to(self._dtype))

    def hidden(
        self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None = None
    ) -> torch.Tensor:
        """Return the last hidden state of every token, shaped (tokens of all texts, hidden size).

        Args:
            ids: The tokens of each text, special ones included; at most as many as the model has
                positions.
            types: The type of each of these tokens; all 0 if None.
        """
        import torch

        with torch.inference_mode():
            states = [
                self._hidden(ids[pack], None if types is None else types[pack])
                for pack in _packs([len(text) for text in ids])
            ]
            return torch.cat(states) if states else torch.empty(0, self.hidden_size)

    def means(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return the mean of each text's last hidden states, normalised, shaped (texts, hidden)."""
        import torch

        lengths = torch.tensor([len(text) for text in ids])
        with torch.inference_mode():
            means = torch.segment_reduce(self.hidden(ids).float(), "mean", lengths=lengths)
            normalised: NDArray[np.float32] = torch.nn.functional.normalize(means).numpy()
        return normalised

    def _hidden(
        self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None
    ) -> torch.Tensor:
        import torch
        from torch.nn.functional import gelu, layer_norm

        lengths = [len(text) for text in ids]
        texts = list(pairwise(accumulate(lengths, initial=0)))
        tokens = torch.tensor([token for text in ids for token in text])
        places = torch.cat([torch.arange(length) for length in lengths])
        places += self._kind.first_position
        words = self._words
        state = words.rows(tokens) if isinstance(words, EightBits) else words[tokens].float()
        state += self._positions[places].float()
        if self._types is None:
            pass
        elif types is None:
            state += self._types[0].float()
        else:
            kinds = torch.tensor([kind for text in types for kind in text])
            state += self._types[kinds].float()

        def norm(state: torch.Tensor, weights: Pair) -> torch.Tensor:
            return layer_norm(state, (self.hidden_size,), *weights, self._epsilon)

        state = norm(state.to(self._dtype), self._norm)
        biases = self._between(max(lengths))
        for layer in self._layers:
            attended = layer.attention_out(self._attend(layer.attention(state), texts, biases))
            state = norm(attended.add_(state), layer.attention_norm)
            state = norm(layer.narrow(gelu(layer.widen(state))).add_(state), layer.norm)
        return state

    def _between(self, length: int) -> torch.Tensor | None:
        """Return what is added to the scores of so many tokens for one another, or nothing.

        Shaped (1, heads, tokens that look, tokens that are looked at). It depends on their distance
        alone, so what holds for the longest text of some holds, cut short, for all.
        """
        if self._biases is None:
            return None
        middle = self.max_tokens - 1  # where the distance is 0
        near = self._biases[:, middle - length + 1 : middle + length]
        # A window for each token, from what is as far behind it as can be: the last one's is first.
        return near.unfold(1, length, 1).flip(1).unsqueeze(0)

    def _attend(
        self,
        projected: torch.Tensor,
        texts: Sequence[tuple[int, int]],
        biases: torch.Tensor | None,
    ) -> torch.Tensor:
        """Let the tokens of each text attend to one another."""
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        attended = []
        for start, end in texts:
            length = end - start
            heads = projected[start:end].view(1, length, 3, self._heads, -1)
            bias = None if biases is None else biases[..., :length, :length]
            query, key, value = heads.permute(2, 0, 3, 1, 4)
            mixed = scaled_dot_product_attention(query, key, value, attn_mask=bias)
            attended.append(mixed.transpose(1, 2).reshape(length, -1))
        return torch.cat(attended)


def _by_distance(buckets: torch.Tensor, longest: int) -> torch.Tensor:
    """Return what is added to the score of a token for one at each distance, from far behind on.

    Distances are put in buckets as in transformers' ``MPNetEncoder.relative_position_bucket`` (that
    of T5, Raffel et al. 2020, section 2.1): half of the buckets for tokens behind and half for
    those ahead; half of these for a distance each, the others for ever wider ranges.

    Args:
        buckets: What is added for each bucket, shaped (buckets, heads).
        longest: The most tokens of a text.

    Returns:
        Shaped (heads, 2 * longest - 1); the distance of 0 is in the middle.
    """
    import torch

    distances = torch.arange(1 - longest, longest)
    own, exact = _BUCKETS // 2, _BUCKETS // 4
    far = distances.abs().clamp_min(exact).float() / exact
    ranges = exact + (torch.log(far) / math.log(_FAR / exact) * (own - exact)).long()
    near = torch.where(distances.abs() < exact, distances.abs(), ranges.clamp_max(own - 1))
    return buckets[near + own * (distances > 0)].T.contiguous()


def _keep_memory() -> None:
    """Have Linux's C library keep freed memory for what is computed next, in the whole process.

    Left to itself it hands a product's memory back to the system, to fault it in again page by page
    for the next one, which takes as long as the product.
    """
    if sys.platform == "linux":
        import ctypes

        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):  # musl has none
            for option, most in _KEPT.items():
                library.mallopt(option, most)


def _packs(lengths: Sequence[int]) -> Iterator[slice]:
    """Part texts, by their lengths, into runs of a bounded number of tokens."""
    first, tokens = 0, 0
    for number, length in enumerate(lengths):
        if number > first and tokens + length > _PACK_TOKENS:
            yield slice(first, number)
            first, tokens = number, 0
        tokens += length
    if lengths:
        yield slice(first, len(lengths))


def runs(config: Mapping[str, Any]) -> bool:
    """Tell whether a model of this configuration is one that this module can run."""
    if config.get("hidden_act") != "gelu":
        return False
    if config.get("model_type") == "mpnet":
        return bool(config.get("relative_attention_num_buckets", _BUCKETS) == _BUCKETS)
    return (
        config.get("model_type") == "bert"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder")
    )
