"""In which precision models compute."""

from __future__ import annotations

import os

from index.errors import SettingError

PRECISION = "ARTICLE_QA_PRECISION"
"""The environment variable that sets the precision of the reader and of a question's vector."""
PRECISIONS = ("float32", "bfloat16", "int8")
_INT8_CPUS = ("AVX2", "AVX512")


def choose_precision(wanted: str | None = None) -> str:
    """Return the precision to compute in: as wanted, as the environment says, or the fastest here.

    That is "int8" where PyTorch uses AVX2 or AVX-512, else "float32". Tokens of an MPNet of 12
    layers a second, one core of an AMD EPYC 9004, one window of 94 tokens: 1,445 in "int8", 885 in
    "bfloat16" and 468 in "float32". The same with its newer instructions switched off
    (``ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2``): 869 in "int8" and 455 in "float32",
    though a bit of each weight is lost then (see :mod:`index.models.eight_bits`); "bfloat16" is
    emulated there, and its products take five times as long as those of "float32". On others (ARM)
    nothing was measured. "int8" costs the reader 0.2 points of F1 (eval/README.md). The CPU is
    asked, not measured: what else it does must not change answers.

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

    return "int8" if torch.backends.cpu.get_cpu_capability() in _INT8_CPUS else "float32"
