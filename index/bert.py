"""BERT models run straight from their weights: no padding, and in the precision that is fastest.

To import transformers takes three seconds and sentence-transformers seven, and both compute the
padding of a batch as if it were text. Here the tokens of all texts lie end to end, so that every
multiplication is of real tokens. Both libraries remain for models of other kinds, and are what the
tests hold this module to. The only door of this layer to torch, tokenizers and safetensors.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from index.errors import SettingError

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

PRECISION = "ARTICLE_QA_PRECISION"
"""The environment variable that sets the precision of the reader and of a question's vector."""
PRECISIONS = ("float32", "bfloat16", "int8")
_PACK_TOKENS = 1024  # computed at once: what is in between stays in a processor's cache
_KEPT = {-1: 256 * 2**20, -3: 32 * 2**20}  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD, in bytes
_LEAST = 1e-9  # stands for the peak of numbers that are all zero


Pair: TypeAlias = "tuple[torch.Tensor, torch.Tensor]"
"""The weights of a linear layer or of a normalisation: (matrix or scale, bias)."""
Linear: TypeAlias = "Callable[[torch.Tensor], torch.Tensor]"
"""A linear layer: from the tokens' rows to theirs."""


class _Int8:
    """A linear layer in eight bits, whose rows in and out are in float32.

    Each row of the matrix has a scale of its own, and so has each token, found when it comes: what
    becomes of a token depends on no other (vector-wise quantisation, Dettmers et al. 2022).
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        import torch

        weight = weight.float()
        self._scales = weight.abs().amax(1).clamp_min(_LEAST) / 127
        self._matrix = (weight / self._scales[:, None]).round().to(torch.int8).t()
        self._bias = bias.float()

    def __call__(self, rows: torch.Tensor) -> torch.Tensor:
        import torch

        # Two passes: torch takes ten times as long to find the largest absolute number.
        peaks = torch.maximum(rows.amax(1, keepdim=True), -rows.amin(1, keepdim=True))
        peaks.clamp_min_(_LEAST)
        whole = (rows * (127 / peaks)).round_().to(torch.int8)
        products = torch._int_mm(whole, self._matrix).float()
        return products.mul_(peaks / 127).mul_(self._scales).add_(self._bias)


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

    Args:
        weights: The model's tensors by their names in transformers' files.
        config: What transformers' ``config.json`` holds.
        precision: "float32", "bfloat16" or "int8": of the products of the layers' matrices; in
            "int8" all else is in float32.
    """

    def __init__(
        self, weights: dict[str, torch.Tensor], config: dict[str, Any], precision: str
    ) -> None:
        import torch

        _keep_memory()
        self.precision = precision
        self.hidden_size = int(config["hidden_size"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self._dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
        prefix = "bert." if "bert.embeddings.word_embeddings.weight" in weights else ""

        def pair(name: str) -> Pair:
            return (
                weights[f"{prefix}{name}.weight"].to(self._dtype),
                weights[f"{prefix}{name}.bias"].to(self._dtype),
            )

        # Few of the words are ever looked up: they stay as they are stored.
        self._words, self._positions, self._types = (
            weights[f"{prefix}embeddings.{kind}_embeddings.weight"]
            for kind in ("word", "position", "token_type")
        )
        self._norm = pair("embeddings.LayerNorm")
        self._layers = [
            self._layer(pair, f"encoder.layer.{number}.")
            for number in range(int(config["num_hidden_layers"]))
        ]

    def _layer(self, pair: Callable[[str], Pair], name: str) -> _Layer:
        import torch

        parts = [pair(f"{name}attention.self.{of}") for of in ("query", "key", "value")]
        return _Layer(
            self._linear(*(torch.cat(part) for part in zip(*parts, strict=True))),
            self._linear(*pair(f"{name}attention.output.dense")),
            pair(f"{name}attention.output.LayerNorm"),
            self._linear(*pair(f"{name}intermediate.dense")),
            self._linear(*pair(f"{name}output.dense")),
            pair(f"{name}output.LayerNorm"),
        )

    def _linear(self, weight: torch.Tensor, bias: torch.Tensor) -> Linear:
        from torch.nn.functional import linear

        if self.precision == "int8":
            return _Int8(weight, bias)
        return partial(linear, weight=weight, bias=bias)

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
        state = self._words[tokens].float() + self._positions[places].float()
        if types is None:
            state += self._types[0].float()
        else:
            kinds = torch.tensor([kind for text in types for kind in text])
            state += self._types[kinds].float()

        def norm(state: torch.Tensor, weights: Pair) -> torch.Tensor:
            return layer_norm(state, (self.hidden_size,), *weights, self._epsilon)

        state = norm(state.to(self._dtype), self._norm)
        for layer in self._layers:
            attended = layer.attention_out(self._attend(layer.attention(state), texts))
            state = norm(attended.add_(state), layer.attention_norm)
            state = norm(layer.narrow(gelu(layer.widen(state))).add_(state), layer.norm)
        return state

    def _attend(self, projected: torch.Tensor, texts: Sequence[tuple[int, int]]) -> torch.Tensor:
        """Let the tokens of each text attend to one another."""
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        attended = []
        for start, end in texts:
            heads = projected[start:end].view(1, end - start, 3, self._heads, -1)
            mixed = scaled_dot_product_attention(*heads.permute(2, 0, 3, 1, 4))
            attended.append(mixed.transpose(1, 2).reshape(end - start, -1))
        return torch.cat(attended)


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


def read_config(folder: Path) -> dict[str, Any] | None:
    """Return a model's configuration if it is a BERT that this module can run, else None."""
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        runs = (
            config["model_type"] == "bert"
            and config.get("hidden_act") == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
            and not config.get("is_decoder")
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return config if runs else None


def read_weights(folder: Path) -> dict[str, torch.Tensor] | None:
    """Return a model's tensors, mapped from its file; None if that is missing or damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / "model.safetensors", framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError):
        return None


def read_tokenizer(folder: Path) -> Tokenizer | None:
    """Return a model's tokenizer, which neither cuts nor pads; None if its file cannot be read."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception:  # the library raises nothing more precise
        return None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def choose_precision(wanted: str | None = None) -> str:
    """Return the precision to compute in: as wanted, as the environment says, or the fastest here.

    That is "int8" where the CPU has instructions for it (AVX-512 VNNI), else "float32". There it is
    three times as fast as float32 and costs the reader 0.2 points of F1 (eval/README.md); elsewhere
    it is emulated. The CPU is asked, not measured: what else it does must not change answers.

    Args:
        wanted: "float32", "bfloat16" or "int8"; as the variable :data:`PRECISION` says if None.

    Raises:
        SettingError: There is no such precision.
    """
    name = "precision"
    if wanted is None:
        name, wanted = PRECISION, os.environ.get(PRECISION)
    if wanted is not None:
        if wanted not in PRECISIONS:
            expected = ", ".join(PRECISIONS[:-1]) + f" or {PRECISIONS[-1]}"
            raise SettingError(f"{name} is {wanted!r}; expected {expected}.")
        return wanted
    import torch

    # There is no public way to ask, and this one comes and goes between the library's versions.
    return "int8" if getattr(torch.cpu, "_is_vnni_supported", bool)() else "float32"
