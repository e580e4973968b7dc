"""Matrices in eight bits, as they are stored and as they are multiplied by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import torch

_MOST = 127  # of the numbers of a matrix
_MOST_WITHOUT_OVERFLOW = 64  # two products of such a number and one of 255 fit in sixteen bits
_LEAST = 1e-9  # stands for the peak of numbers that are all zero


class EightBits(NamedTuple):
    """A matrix in eight bits, each row with a scale of its own.

    Attributes:
        numbers: Whole numbers in -127..127, shaped (rows, columns).
        scales: What each row is to be multiplied by, in float32, shaped (rows,).
    """

    numbers: torch.Tensor
    scales: torch.Tensor

    @classmethod
    def of(cls, matrix: torch.Tensor) -> EightBits:
        """Quantise a matrix."""
        import torch

        matrix = matrix.float()
        scales = matrix.abs().amax(1).clamp_min(_LEAST) / _MOST
        return cls((matrix / scales[:, None]).round().to(torch.int8), scales)

    @classmethod
    def cat(cls, parts: Sequence[EightBits]) -> EightBits:
        """Lay the rows of several matrices end to end."""
        import torch

        if len(parts) == 1:  # which may be mapped from a file, and is then not read into memory
            return parts[0]
        numbers, scales = zip(*parts, strict=True)
        return cls(torch.cat(numbers), torch.cat(scales))

    def rows(self, which: torch.Tensor | slice = slice(None)) -> torch.Tensor:
        """Return some rows, or all, in float32."""
        return self.numbers[which].float().mul_(self.scales[which, None])


class EightBitLinear:
    """A linear layer in eight bits, whose rows in and out are in float32.

    Each row of the matrix has a scale of its own, and so has each token, found when it comes: what
    becomes of a token depends on no other (vector-wise quantisation, Dettmers et al. 2022).
    """

    def __init__(self, matrix: EightBits, bias: torch.Tensor) -> None:
        if products_overflow():
            matrix = narrowed(matrix)
        self._matrix = matrix.numbers.t()
        self._scales = matrix.scales
        self._bias = bias.float()

    def __call__(self, rows: torch.Tensor) -> torch.Tensor:
        """Return what becomes of each row."""
        import torch

        # Two passes: torch takes ten times as long to find the largest absolute number.
        peaks = torch.maximum(rows.amax(1, keepdim=True), -rows.amin(1, keepdim=True))
        peaks.clamp_min_(_LEAST)
        whole = (rows * (_MOST / peaks)).round_().to(torch.int8)
        products = torch._int_mm(whole, self._matrix).float()
        return products.mul_(peaks / _MOST).mul_(self._scales).add_(self._bias)


@lru_cache(maxsize=1)
def products_overflow() -> bool:
    """Tell whether this machine's products of whole numbers are wrong where they are large.

    Without instructions for it (AVX-512 VNNI, AVX-VNNI, AMX), two products at a time are added up
    in sixteen bits, and what does not fit is cut off. That is tried, not looked up: it is oneDNN
    that chooses the instructions, and it may be told to leave some out.
    """
    import torch

    row = torch.full((16, 64), _MOST, dtype=torch.int8)
    return bool((torch._int_mm(row, row.t()) != 64 * _MOST**2).any())


def narrowed(matrix: EightBits) -> EightBits:
    """Return a matrix whose numbers are so small that no sum of two products overflows."""
    import torch

    share = _MOST_WITHOUT_OVERFLOW / _MOST
    numbers = (matrix.numbers.float() * share).round_().to(torch.int8)
    return EightBits(numbers, matrix.scales / share)
