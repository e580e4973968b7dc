"""BERT models run straight from their weights: no padding, and in the precision that is fastest.

To import transformers takes three seconds and sentence-transformers seven, and both compute the
padding of a batch as if it were text. Here the tokens of all texts lie end to end, so that every
multiplication is of real tokens. Both libraries remain for models of other kinds, and are what the
tests hold this module to. The only door of this layer to torch, tokenizers and safetensors.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
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
"""The environment variable that sets the precision of the reader."""
_PRECISIONS = ("float32", "bfloat16")
_PACK_TOKENS = 2048  # computed at once: what is in between stays in a processor's cache


Pair: TypeAlias = "tuple[torch.Tensor, torch.Tensor]"
"""The weights of a linear layer or of a normalisation: (matrix or scale, bias)."""


class _Layer(NamedTuple):
    """The weights of a transformer layer, the three matrices of attention as one."""

    attention: Pair
    attention_out: Pair
    attention_norm: Pair
    widen: Pair
    narrow: Pair
    norm: Pair


class Bert:
    """A BERT encoder (Devlin et al. 2019) over texts laid end to end. Safe to share by threads.

    Args:
        weights: The model's tensors by their names in transformers' files.
        config: What transformers' ``config.json`` holds.
        precision: "float32" or "bfloat16".
    """

    def __init__(
        self, weights: dict[str, torch.Tensor], config: dict[str, Any], precision: str
    ) -> None:
        import torch

        self.precision = precision
        self.hidden_size = int(config["hidden_size"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self._dtype: torch.dtype = getattr(torch, precision)
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

        query, key, value = (pair(f"{name}attention.self.{of}") for of in ("query", "key", "value"))
        # Attention divides by the root of a head's width: done to the weights, it is done once.
        scale = (self.hidden_size // self._heads) ** -0.5
        query = query[0] * scale, query[1] * scale
        parts = [query, key, value]
        return _Layer(
            (torch.cat([part[0] for part in parts]), torch.cat([part[1] for part in parts])),
            pair(f"{name}attention.output.dense"),
            pair(f"{name}attention.output.LayerNorm"),
            pair(f"{name}intermediate.dense"),
            pair(f"{name}output.dense"),
            pair(f"{name}output.LayerNorm"),
        )

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
        from torch.nn.functional import gelu, layer_norm, linear

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
            attended = self._attend(linear(state, *layer.attention), texts)
            state = norm(state + linear(attended, *layer.attention_out), layer.attention_norm)
            wide = gelu(linear(state, *layer.widen))
            state = norm(state + linear(wide, *layer.narrow), layer.norm)
        return state

    def _attend(self, projected: torch.Tensor, texts: Sequence[tuple[int, int]]) -> torch.Tensor:
        """Let the tokens of each text attend to one another.

        Text by text this is faster on a CPU than torch's own attention over a padded batch.
        """
        import torch

        attended = projected.new_empty(len(projected), self.hidden_size)
        for start, end in texts:
            query, key, value = (
                projected[start:end].view(end - start, 3, self._heads, -1).permute(1, 2, 0, 3)
            )
            weights = torch.softmax(query @ key.transpose(1, 2), dim=-1)
            out = attended[start:end].view(end - start, self._heads, -1)
            out.copy_((weights @ value).transpose(0, 1))
        return attended


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


def fastest_precision() -> str:
    """Return "bfloat16" where the CPU multiplies it by itself, else "float32".

    There it is twice as fast and costs the reader nothing (eval/README.md); elsewhere it is
    emulated and slower. The CPU is asked, not measured: what else it does must not change answers.

    Raises:
        SettingError: The environment variable that sets it in place of this names no precision.
    """
    if (wanted := os.environ.get(PRECISION)) is not None:
        if wanted not in _PRECISIONS:
            raise SettingError(f"{PRECISION} is {wanted!r}; expected {' or '.join(_PRECISIONS)}.")
        return wanted
    import torch

    # There is no public way to ask, and these come and go between the library's versions.
    features = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    has = any(getattr(torch.cpu, feature, bool)() for feature in features)
    return "bfloat16" if has else "float32"
