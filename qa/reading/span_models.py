"""Models that give each token a start and an end logit. The only door to transformers' models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.models.bert import Bert, runs
from index.models.files import (
    fingerprint,
    read_config,
    read_quantization,
    read_tokenizer,
    read_weights,
)
from index.models.folders import not_loaded
from index.models.precision import choose_precision

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding, Tokenizer
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
MAX_TOKENS = 512  # what readers are trained on; some claim a few more than they have
_BATCH_TOKENS = 16_384  # bounds the memory that a batch takes; a question's passages fit in one

Logits = NDArray[np.float32]


class SpanModel(Protocol):
    """What a reader needs of a model."""

    tokenizer: Tokenizer
    """Neither cuts nor pads."""
    max_tokens: int
    """The most tokens that it reads at once, special ones included."""

    def logits(self, windows: Sequence[Encoding]) -> list[Logits]:
        """Return the start and the end logits of each window's tokens, shaped (2, tokens)."""


class BertSpanModel:
    """A BERT or MPNet with a head of two logits a token, run by :mod:`index.models.bert`."""

    def __init__(
        self,
        bert: Bert,
        head: tuple[torch.Tensor, torch.Tensor],
        tokenizer: Tokenizer,
        fingerprint: str = "",
    ) -> None:
        self.tokenizer = tokenizer
        self.fingerprint = fingerprint
        self.max_tokens = min(bert.max_tokens, MAX_TOKENS)
        self.vocabulary = bert.vocabulary
        self.precision = bert.precision
        self._bert = bert
        self._head = head

    @classmethod
    def load(cls, folder: Path, precision: str | None = None) -> BertSpanModel | None:
        """Load one from a folder; None if it holds anything else, or is not whole.

        Args:
            folder: A folder in transformers' format, or one that `article-qa quantize` wrote.
            precision: "float32", "bfloat16" or "int8"; whichever is fastest here if None.

        Raises:
            ModelError: The weights are quantised, and not whole: no library could make more of
                them. Or the tokenizer is another model's.
            SettingError: There is no such precision.
        """
        precision = choose_precision(precision)
        quantization = read_quantization(folder)
        try:
            model = cls._load(folder, precision)
        except ModelError:
            if quantization:
                raise
            return None
        known, rows = model.tokenizer.get_vocab_size(), model.vocabulary
        if known > rows or (quantization and known != quantization.vocabulary):
            expected = quantization.vocabulary if quantization else rows
            raise ModelError(
                f"{folder}: its tokenizer.json knows {known:,} tokens and its model {expected:,}; "
                "copy the tokenizer that the model was trained with into the folder."
            )
        return model

    @classmethod
    def _load(cls, folder: Path, precision: str) -> BertSpanModel:
        """Load one from a folder.

        Raises:
            ModelError: It holds anything else, or is not whole.
        """
        config, tokenizer = read_config(folder), read_tokenizer(folder)
        if not runs(config):
            raise ModelError(
                f"{folder}: is of the kind {config.get('model_type')!r}; expected a plain bert or "
                "mpnet; copy the whole folder again, or give another reader."
            )
        if tokenizer is None:
            raise ModelError(
                f"{folder}: has no tokenizer.json that can be read; copy the one that the model "
                "was trained with into the folder."
            )
        weights = read_weights(folder)
        try:
            bert = Bert(weights, config, precision)
            head = _head(weights, bert.hidden_size)
        except KeyError as error:
            raise ModelError(
                f"{folder}: its config.json or its weights lack {error}; copy the whole folder "
                "again, or give another reader."
            ) from error
        except (TypeError, ValueError) as error:
            raise ModelError(
                f"{folder}: its weights and its config.json do not fit together ({error}); copy "
                "the whole folder again, or give another reader."
            ) from error
        return cls(bert, head, tokenizer, fingerprint(folder))

    def branch(self, folder: Path) -> BertSpanModel:
        """Return a model with other last layers and another head; the rest is shared with this one.

        Args:
            folder: Holds the tensors of the layers and of the head, and in its configuration, as
                "base", the fingerprint of the weights that they belong to.

        Raises:
            ModelError: It does not, or they belong to another model.
        """
        base = read_config(folder).get("base")
        if base != self.fingerprint:
            raise ModelError(
                f"{folder}: its layers belong to another reader ({base}; this one is "
                f"{self.fingerprint}); copy both folders again from one version."
            )
        weights = read_weights(folder)
        try:
            bert = self._bert.with_last_layers(weights)
            head = _head(weights, bert.hidden_size)
        except (KeyError, ValueError) as error:
            raise ModelError(
                f"{folder}: its layers do not fit the reader that they belong to ({error}); copy "
                "the whole folder again."
            ) from error
        return BertSpanModel(bert, head, self.tokenizer, self.fingerprint)

    def logits(self, windows: Sequence[Encoding]) -> list[Logits]:
        """Return the start and the end logits of each window's tokens, shaped (2, tokens)."""
        import torch

        ids = [window.ids for window in windows]
        with torch.inference_mode():
            states = self._bert.hidden(ids, [window.type_ids for window in windows])
            both = torch.nn.functional.linear(states.float(), *self._head).T.contiguous().numpy()
        ends = accumulate((len(each) for each in ids), initial=0)
        return [both[:, start:end] for start, end in pairwise(ends)]


def _head(weights: Mapping[str, torch.Tensor], size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the weight and the bias of what makes two logits of a token's hidden state.

    Raises:
        KeyError: One is missing.
        ValueError: One has another shape.
    """
    weight, bias = weights["qa_outputs.weight"], weights["qa_outputs.bias"]
    if weight.shape != (2, size) or bias.shape != (2,):
        raise ValueError("qa_outputs has another shape than two rows")
    return weight.float(), bias.float()


class LibrarySpanModel:
    """Any extractive question-answering model of the transformers library, in float32."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> None:
        positions = getattr(model.config, "max_position_embeddings", MAX_TOKENS)
        self.max_tokens = min(int(tokenizer.model_max_length), int(positions), MAX_TOKENS)
        self.tokenizer = tokenizer.backend_tokenizer
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self._model = model.eval()
        self._names = set(tokenizer.model_input_names)
        self._padding = int(tokenizer.pad_token_id or 0)

    @classmethod
    def load(cls, folder: Path, name: str | Path) -> LibrarySpanModel:
        """Load whatever transformers can.

        Raises:
            ModelError: It is not an extractive question-answering model with a fast tokenizer, or
                its weights are quantised.
        """
        if read_quantization(folder):
            raise ModelError(
                f"{name}: its weights are quantised, which transformers cannot read; give the "
                "folder that `article-qa quantize` made it from."
            )
        import torch
        from transformers import (
            AutoModelForQuestionAnswering,
            AutoTokenizer,
            PreTrainedTokenizerFast,
        )
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            # Weights load in the precision they are stored in, and half is slow on a CPU.
            model, report = AutoModelForQuestionAnswering.from_pretrained(
                folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
            )
        except Exception as error:  # what a folder's files make the library raise has no end
            expected = "an extractive question-answering model"
            raise not_loaded(name, expected, error) from error
        if report["missing_keys"]:
            raise ModelError(
                f"{name}: lacks the weights {', '.join(sorted(report['missing_keys']))}; expected "
                "a model that was trained for extractive question answering."
            )
        if not isinstance(tokenizer, PreTrainedTokenizerFast):
            raise ModelError(
                f"{name}: has no fast tokenizer, which alone tells where tokens stand."
            )
        return cls(model, tokenizer)

    def logits(self, windows: Sequence[Encoding]) -> list[Logits]:
        """Return the start and the end logits of each window's tokens, shaped (2, tokens)."""
        return in_batches(windows, self._forward)

    def _forward(self, windows: Sequence[Encoding]) -> NDArray[np.float32]:
        import torch

        rows = padded(windows, self._padding)
        inputs = {name: torch.tensor(own) for name, own in rows.items() if name in self._names}
        with torch.inference_mode():
            output = self._model(**inputs)
        return np.stack([output.start_logits.numpy(), output.end_logits.numpy()], axis=1)

    def export_onnx(self, path: Path, opset: int) -> None:
        """Write the model in the ONNX format, for any number of windows of any length.

        Args:
            path: The file.
            opset: The version of ONNX's operators.
        """
        import torch

        names = [name for name in _INPUTS if name in self._names]
        outputs = ["start_logits", "end_logits"]

        class ByPlace(torch.nn.Module):
            """The model with its inputs and outputs by their places, as the exporter has them."""

            def __init__(self, model: torch.nn.Module) -> None:
                super().__init__()
                self.model = model

            def forward(self, *given: torch.Tensor) -> tuple[torch.Tensor, ...]:
                output = self.model(**dict(zip(names, given, strict=True)))
                return output.start_logits, output.end_logits

        # Fused attention is no operator of ONNX.
        self._model.set_attn_implementation("eager")
        torch.onnx.export(
            ByPlace(self._model).eval(),
            (torch.ones(2, 8, dtype=torch.long),) * len(names),
            str(path),
            input_names=names,
            output_names=outputs,
            dynamic_axes={name: {0: "windows", 1: "tokens"} for name in names + outputs},
            opset_version=opset,
            dynamo=False,  # the newer way needs a package more
        )


def in_batches(
    windows: Sequence[Encoding], forward: Callable[[Sequence[Encoding]], NDArray[np.float32]]
) -> list[Logits]:
    """Have windows of like length read in batches, and return the logits of each.

    Args:
        windows: The windows.
        forward: What a model makes of a batch, shaped (windows, 2, tokens of the longest).
    """
    lengths = [len(window.ids) for window in windows]
    logits: list[Logits] = [np.empty((2, 0), dtype=np.float32)] * len(windows)
    for batch in _batches(lengths):
        both = forward([windows[number] for number in batch])
        for number, own in zip(batch, both, strict=True):
            logits[number] = own[:, : lengths[number]]
    return logits


def padded(windows: Sequence[Encoding], filler: int) -> dict[str, list[list[int]]]:
    """Return what transformers' models are given of windows, filled up to the longest."""
    longest = max(len(window.ids) for window in windows)
    own = (
        [window.ids for window in windows],
        [window.attention_mask for window in windows],
        [window.type_ids for window in windows],
    )
    return {
        name: [[*row, *[fill] * (longest - len(row))] for row in rows]
        for name, rows, fill in zip(_INPUTS, own, (filler, 0, 0), strict=True)
    }


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Part windows, the longest first, into batches of a bounded number of tokens."""
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: -lengths[number]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
