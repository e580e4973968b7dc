"""What the hardware allows: a model's multiply-adds, and how many of them a second can be done."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.models.precision import PRECISIONS

_SECONDS = 3.0  # how long a rate is measured


@dataclass(frozen=True)
class Shape:
    """The shape of a BERT model, in tokens' numbers and layers.

    Attributes:
        layers: How many layers it has.
        hidden: How many numbers stand for a token.
        intermediate: How many in the middle of a feed-forward block.
    """

    layers: int
    hidden: int
    intermediate: int

    @classmethod
    def of(cls, folder: Path) -> Shape:
        """Read the shape of the model in a folder."""
        config = json.loads((folder / "config.json").read_bytes())
        return cls(config["num_hidden_layers"], config["hidden_size"], config["intermediate_size"])

    @property
    def matrices(self) -> tuple[tuple[int, int], ...]:
        """The matrices that a layer multiplies each token by, as (inputs, outputs)."""
        square = (self.hidden, self.hidden)
        up = (self.hidden, self.intermediate)
        return (square, square, square, square, up, up[::-1])

    def multiply_adds(self, lengths: Sequence[int]) -> int:
        """Count the multiply-adds of reading sequences of so many tokens, without padding.

        In each layer a token is multiplied by six matrices, and each token attends to each: once
        for the weights, once for the values. What a head adds is not worth counting.
        """
        per_token = sum(inputs * outputs for inputs, outputs in self.matrices)
        return self.layers * sum(
            length * per_token + 2 * length * length * self.hidden for length in lengths
        )


def gemm_rates(shape: Shape, tokens: int) -> dict[str, float | None]:
    """Measure how many multiply-adds a second this machine does in a layer's products.

    Args:
        shape: The model's shape.
        tokens: How many tokens are multiplied at once.

    Returns:
        The rate of the fastest of many runs by the precision; None where torch has no such product.
    """
    import torch

    def linear(dtype: torch.dtype) -> list[Any]:
        def some(*size: int) -> torch.Tensor:
            return torch.randn(size).to(dtype)

        multiply = torch.nn.functional.linear
        return [(multiply, some(tokens, i), some(o, i)) for i, o in shape.matrices]

    def int8() -> list[Any]:
        def whole(*size: int) -> torch.Tensor:
            return torch.randint(-128, 128, size, dtype=torch.int8)

        return [(torch._int_mm, whole(tokens, i), whole(i, o)) for i, o in shape.matrices]

    rates: dict[str, float | None] = {}
    for precision in PRECISIONS:
        products = int8() if precision == "int8" else linear(getattr(torch, precision))
        with torch.inference_mode():
            try:
                seconds = _fastest(products)
            except (RuntimeError, NotImplementedError):
                rates[precision] = None
                continue
        count = tokens * sum(i * o for i, o in shape.matrices)
        rates[precision] = count / seconds
    return rates


def _fastest(products: Sequence[Any]) -> float:
    """Return the seconds of the fastest run of all products."""
    fastest = float("inf")
    until = time.perf_counter() + _SECONDS
    while time.perf_counter() < until:
        started = time.perf_counter()
        for multiply, rows, matrix in products:
            multiply(rows, matrix)
        fastest = min(fastest, time.perf_counter() - started)
    return fastest
