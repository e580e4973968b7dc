"""Readers in the ONNX format, run by ONNX Runtime. The only door to it, and an optional one."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.models.files import read_tokenizer
from index.models.folders import find_model, new_version, not_loaded
from qa.reading.calibration import carry_over
from qa.reading.span_models import MAX_TOKENS, LibrarySpanModel, Logits, in_batches, padded

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

MODEL_FILE = "model.onnx"
_EXTRA = "article-qa[onnx]"
_OPSET = 17
_WEIGHTS = ("*.safetensors", "*.bin")  # in the formats that transformers reads


class OnnxSpanModel:
    """An exported extractive question-answering model. Safe to share by threads."""

    def __init__(self, session: Any, tokenizer: Tokenizer, limit: int, padding: int) -> None:  # noqa: ANN401
        self.tokenizer = tokenizer
        self.max_tokens = limit
        self._session = session
        self._padding = padding
        self._names = {given.name for given in session.get_inputs()}

    @classmethod
    def load(cls, folder: Path, name: str | Path) -> OnnxSpanModel | None:
        """Load one from a folder that :func:`export_reader` wrote; None if it holds anything else.

        Raises:
            ModelError: ONNX Runtime is not installed, or can make nothing of the file.
        """
        # Some models come in several formats: those that need no extra go first.
        others = any(file for kind in _WEIGHTS for file in folder.glob(kind))
        if others or not (folder / MODEL_FILE).is_file():
            return None
        runtime = _runtime()
        tokenizer = read_tokenizer(folder)
        try:
            config = json.loads((folder / "config.json").read_bytes())
            limit = min(int(config["max_position_embeddings"]), MAX_TOKENS)
            padding = int(config.get("pad_token_id") or 0)
            session = runtime.InferenceSession(
                str(folder / MODEL_FILE), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # what a broken file makes the library raise has no end
            raise not_loaded(name, "a reader that `article-qa onnx` wrote", error) from error
        if tokenizer is None:
            raise ModelError(f"{name}: has no tokenizer.json that can be read.")
        return cls(session, tokenizer, limit, padding)

    def logits(self, windows: Sequence[Encoding]) -> list[Logits]:
        """Return the start and the end logits of each window's tokens, shaped (2, tokens)."""
        return in_batches(windows, self._forward)

    def _forward(self, windows: Sequence[Encoding]) -> NDArray[np.float32]:
        rows = padded(windows, self._padding)
        given = {name: np.array(own, np.int64) for name, own in rows.items() if name in self._names}
        return np.stack(self._session.run(["start_logits", "end_logits"], given), axis=1)


def export_reader(reader: str | Path, folder: Path, *, int8: bool = False) -> None:
    """Write a reader in the ONNX format to a new folder, with its tokenizer and calibration.

    Args:
        reader: The folder or name of any reader that transformers can load.
        folder: Where it is to be; it must not exist.
        int8: Whether its matrices are quantised to eight bits, each column with its own scale; what
            is multiplied by them is when they run, all of a batch with one scale.

    Raises:
        ModelError: The reader cannot be loaded or exported, ONNX Runtime is not installed, or the
            folder exists or cannot be written.
    """
    _runtime()
    source = find_model(reader)
    with new_version(source, folder) as new:
        model = LibrarySpanModel.load(source, reader)
        try:
            _export(model, new / MODEL_FILE, int8=int8)
        except OSError:
            raise
        except Exception as error:  # what exporting a strange model makes it raise has no end
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
            raise ModelError(
                f"{reader}: cannot be exported in the ONNX format ({reason})."
            ) from error
        carry_over(source, new)


def _export(model: LibrarySpanModel, path: Path, *, int8: bool) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that this way of exporting is the older one
        model.export_onnx(path, _OPSET)
        if int8:
            exact = path.replace(path.with_suffix(".float32"))
            quant_pre_process(exact, exact, skip_symbolic_shape=True)
            quantize_dynamic(exact, path, per_channel=True, weight_type=QuantType.QInt8)
            exact.unlink()


def _runtime() -> Any:  # noqa: ANN401
    try:
        import onnx
        import onnxruntime
    except ImportError:
        raise ModelError(
            f'ONNX Runtime is not installed; install it with `pip install "{_EXTRA}"`.'
        ) from None
    del onnx
    return onnxruntime
