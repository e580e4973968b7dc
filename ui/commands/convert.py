"""The commands ``article-qa onnx`` and ``article-qa quantize``: a reader in another form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.console import ReaderOption, status


def export_onnx(
    output: Annotated[Path, typer.Argument(metavar="DIR", help="The new reader's folder.")],
    *,
    reader: ReaderOption = None,
    int8: Annotated[
        bool, typer.Option("--int8", help="With its matrices in eight bits, at some loss.")
    ] = False,
) -> None:
    """Write a reader in the ONNX format, for --reader DIR to run by ONNX Runtime."""
    from qa.reading.onnx_models import export_reader
    from qa.reading.reader import named_model

    with status("Exporting the reader ..."):
        export_reader(named_model(reader), output, int8=int8)
    typer.echo(f"Wrote {output}.")


def quantize(
    output: Annotated[Path, typer.Argument(metavar="DIR", help="The new reader's folder.")],
    *,
    reader: ReaderOption = None,
) -> None:
    """Write a reader with its matrices in eight bits, half as large as in float16."""
    from qa.reading.quantizing import quantize_reader
    from qa.reading.reader import DEFAULT_READER

    with status("Quantising the reader ..."):
        size = quantize_reader(reader or DEFAULT_READER, output)
    typer.echo(f"Wrote {output}: {size / 1e6:.1f} MB.")
