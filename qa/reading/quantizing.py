"""Readers in eight bits: a quarter as large as in float32, and multiplied by as they are stored."""

from __future__ import annotations

from pathlib import Path

from index.errors import ModelError
from index.models.files import read_config, read_quantization, read_weights, write_quantized
from index.models.folders import find_model, new_version
from index.models.weights import quantized
from qa.reading.calibration import carry_over
from qa.reading.span_models import BertSpanModel

SHARD_BYTES = 60_000_000  # a repository may take no larger files than that, or than 100 MB


def quantize_reader(reader: str | Path, folder: Path, *, shard_bytes: int = SHARD_BYTES) -> int:
    """Write a reader in eight bits to a new folder, with its tokenizer and calibration.

    Args:
        reader: The folder or name of a plain BERT or MPNet reader.
        folder: Where it is to be; it must not exist.
        shard_bytes: The most bytes of tensors in a file.

    Returns:
        The bytes of all of its files.

    Raises:
        ModelError: The reader cannot be loaded, is of another kind or quantised already, or the
            folder exists or cannot be written.
    """
    source = find_model(reader)
    if read_quantization(source):
        raise ModelError(f"{reader}: is quantised already; give the reader that it was made from.")
    with new_version(source, folder) as new:
        model = BertSpanModel.load(source, "float32")
        if model is None:
            raise ModelError(
                f"{reader}: is not a whole BERT or MPNet that was trained for extractive question "
                "answering; expected one (`article-qa onnx --int8` quantises others)."
            )
        config = read_config(source)
        weights = quantized(read_weights(source), config)
        write_quantized(new, weights, config, model.tokenizer.get_vocab_size(), shard_bytes)
        carry_over(source, new)
        return sum(file.stat().st_size for file in new.iterdir())
