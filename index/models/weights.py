"""A BERT's or an MPNet's tensors by their names in transformers' files, exact or in eight bits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from index.models.eight_bits import EightBits

if TYPE_CHECKING:
    import torch

WORDS = "embeddings.word_embeddings"
_LAYER = re.compile(r"encoder\.layer\.([0-9]+)\.")
_SCALE = "_scale"  # after the name of a matrix in eight bits, that of its scales


class Architecture(NamedTuple):
    """In what the models of one kind differ from those of the other.

    Attributes:
        query_key_value: What the matrices of attention are called in a layer.
        attention_out: What the one behind them is called.
        attention_norm: What the normalisation after it is called.
        first_position: The number of a text's first place.
        relative: Whether attention depends on how far tokens are apart, the same in all layers.
        types: Whether a token has a type.
    """

    query_key_value: tuple[str, ...]
    attention_out: str
    attention_norm: str
    first_position: int
    relative: bool
    types: bool


ARCHITECTURES = {
    "bert": Architecture(
        ("attention.self.query", "attention.self.key", "attention.self.value"),
        "attention.output.dense",
        "attention.output.LayerNorm",
        first_position=0,
        relative=False,
        types=True,
    ),
    "mpnet": Architecture(
        ("attention.attn.q", "attention.attn.k", "attention.attn.v"),
        "attention.attn.o",
        "attention.LayerNorm",
        first_position=2,  # as in fairseq, where the padding is 1
        relative=True,
        types=False,
    ),
}


class StoredWeights:
    """A model's tensors, each held to the shape that it is to have."""

    def __init__(self, tensors: Mapping[str, torch.Tensor], kind: str) -> None:
        self._tensors = tensors
        self._prefix = f"{kind}." if f"{kind}.{WORDS}.weight" in tensors else ""

    def tensor(self, name: str, *shape: int) -> torch.Tensor:
        """Return a tensor as it is stored."""
        tensor = self._tensors[self._prefix + name]
        if tensor.shape != shape:
            raise ValueError(f"{name} is shaped {tuple(tensor.shape)}; expected {shape}")
        return tensor

    def matrix(self, name: str, *shape: int) -> torch.Tensor | EightBits:
        """Return a matrix as it is stored."""
        numbers = self.tensor(f"{name}.weight", *shape)
        if f"{self._prefix}{name}.weight{_SCALE}" not in self._tensors:
            return numbers
        return EightBits(numbers, self.tensor(f"{name}.weight{_SCALE}", shape[0]))

    def first_layer(self) -> int:
        """Return the number of the first layer that has a tensor here.

        Raises:
            KeyError: None has.
        """
        found = [int(each[1]) for name in self._tensors if (each := _LAYER.match(name))]
        if not found:
            raise KeyError("encoder.layer.*")
        return min(found)

    def has_no_layer(self, number: int) -> None:
        """Raise an error if there is a layer of this number."""
        name = f"encoder.layer.{number}."
        if any(each.startswith(self._prefix + name) for each in self._tensors):
            raise ValueError(f"{name}* has no place among {number} layers")


def quantized(
    weights: Mapping[str, torch.Tensor], config: Mapping[str, Any]
) -> dict[str, torch.Tensor]:
    """Return a model's tensors with the words and the layers' matrices in eight bits.

    Each such matrix ``X.weight`` has the scales of its rows beside it, as ``X.weight_scale``. What
    :class:`Bert` makes of them in "int8" is what it makes of the exact ones, but for the words.

    Args:
        weights: The model's tensors by their names in transformers' files.
        config: What transformers' ``config.json`` holds.
    """
    kind = ARCHITECTURES[config["model_type"]]
    parts = (*kind.query_key_value, kind.attention_out, "intermediate.dense", "output.dense")
    ends = tuple(f".{part}.weight" for part in parts)
    stored: dict[str, torch.Tensor] = {}
    for name, tensor in weights.items():
        if name.endswith(f"{WORDS}.weight") or (".layer." in name and name.endswith(ends)):
            stored[name], stored[name + _SCALE] = EightBits.of(tensor)
        else:
            stored[name] = tensor
    return stored


def dequantized(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the tensors that :func:`quantized` made eight bits of, in float32 again.

    What was lost when they were rounded is not won back.
    """
    return {
        name: EightBits(tensor, weights[name + _SCALE]).rows()
        if name + _SCALE in weights
        else tensor
        for name, tensor in weights.items()
        if not (name.endswith(_SCALE) and name.removesuffix(_SCALE) in weights)
    }
