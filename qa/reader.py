"""Readers: find the answer to a question in passages. The only door to transformers' models."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError, QuestionError
from index.model_folders import find_model, not_loaded
from qa.calibration import Calibration
from qa.decoding import best_token_spans

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

DEFAULT_READER = Path(__file__).parent / "models" / "reader"
MAX_ANSWER_TOKENS = 30
MAX_QUESTION_TOKENS = 128
_MAX_TOKENS = 512  # what readers are trained on; some claim a few more than they have
_SPANS_PER_WINDOW = 10
_BATCH_TOKENS = 16_384  # bounds the memory that a batch takes; a question's passages fit in one


@dataclass(frozen=True)
class ReaderSpan:
    """A span that a reader found in one of the passages it was given.

    Attributes:
        passage: The number of the passage, from 0.
        start: Where the span starts in the passage, in code points.
        end: Where it ends.
        logit: How much more likely the span is than no answer, as the reader sees it: the span's
            start and end logit less those of the null answer. One scale for all passages.
    """

    passage: int
    start: int
    end: int
    logit: float


class Reader(Protocol):
    """What the pipeline needs of a reader."""

    calibration: Calibration

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        """Return the spans that may answer each question in its passages, best first."""


@dataclass(frozen=True)
class _Window:
    """What the model sees at once: a question and as much of a passage as fits beside it."""

    question: int
    passage: int
    inputs: dict[str, list[int]]
    context: slice  # which tokens are the passage's
    offsets: list[tuple[int, int]]  # where each of those tokens stands in the passage


class TransformerReader:
    """A question-answering model of the transformers library, on the CPU.

    Safe to share by threads.
    """

    def __init__(
        self,
        name: str,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerFast,
        calibration: Calibration,
    ) -> None:
        self.name = name
        self.calibration = calibration
        self._model = model.eval()
        self._tokenizer = tokenizer
        # Tokenizers keep the truncation and padding of their last call: one caller at a time.
        self._lock = threading.Lock()
        positions = getattr(model.config, "max_position_embeddings", 512)
        self._max_tokens = min(int(tokenizer.model_max_length), int(positions), _MAX_TOKENS)
        self._max_question_tokens = min(MAX_QUESTION_TOKENS, self._max_tokens // 2)

    @classmethod
    def load(cls, name: str | Path = DEFAULT_READER) -> TransformerReader:
        """Load a reader.

        Args:
            name: A folder with an extractive question-answering model and its tokenizer, or the
                name of one in the Hugging Face cache: nothing is downloaded. The default is the
                one in this package.

        Raises:
            ModelError: There is no such folder or name, or it is not an extractive
                question-answering model with a fast tokenizer.
        """
        folder = find_model(name)
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
        return cls(str(name), model, tokenizer, Calibration.load(folder))

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        """Return the spans that may answer each question in its passages, best first.

        All windows of all questions are read in one batch, the longest first (in several if they
        are more than 16,384 tokens with their padding). A passage that does not fit beside its
        question is read in overlapping windows, so that none of it is left out.

        Raises:
            QuestionError: A question is too long to be read.
        """
        windows = self._windows(questions, passages)
        windows.sort(key=lambda window: -len(window.inputs["input_ids"]))
        spans: list[list[ReaderSpan]] = [[] for _ in questions]
        for batch in _batches(windows):
            starts, ends = self._forward([window.inputs for window in batch])
            for window, start, end in zip(batch, starts, ends, strict=True):
                spans[window.question] += _window_spans(window, start, end)
        for found in spans:
            found.sort(key=lambda span: (-span.logit, span.passage, span.start, span.end))
        return spans

    def _windows(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[_Window]:
        if not any(passages):
            return []
        pairs = [
            (question, passage)
            for question, texts in enumerate(passages)
            for passage in range(len(texts))
        ]
        with self._lock:
            for question in questions:
                self._check_length(question)
            encoded = self._tokenizer(
                [questions[question] for question, _ in pairs],
                [passages[question][passage] for question, passage in pairs],
                truncation="only_second",
                max_length=self._max_tokens,
                stride=self._max_tokens // 4,
                padding=False,
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
            )
        windows = []
        for row, pair in enumerate(encoded["overflow_to_sample_mapping"]):
            question, passage = pairs[pair]
            sequence = encoded.sequence_ids(row)
            first = sequence.index(1) if 1 in sequence else len(sequence)
            context = slice(first, first + sequence.count(1))
            windows.append(
                _Window(
                    question=question,
                    passage=passage,
                    inputs={name: encoded[name][row] for name in self._tokenizer.model_input_names},
                    context=context,
                    offsets=encoded["offset_mapping"][row][context],
                )
            )
        return windows

    def _check_length(self, question: str) -> None:
        tokens = len(self._tokenizer(question, add_special_tokens=False, verbose=False).input_ids)
        if tokens > self._max_question_tokens:
            raise QuestionError(
                f"The question is too long: it has {len(question):,} characters in {tokens:,} "
                f"tokens, and at most {self._max_question_tokens} tokens (some "
                f"{self._max_question_tokens * 3 // 4} words) can be read; ask a shorter one."
            )

    def _forward(
        self, inputs: list[dict[str, list[int]]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the start and end logits, both shaped (windows, longest window)."""
        import torch

        padded: Any = self._tokenizer.pad(inputs, return_tensors="pt")
        with torch.inference_mode():
            output = self._model(**padded)
        return output.start_logits.numpy(), output.end_logits.numpy()


def _batches(windows: Sequence[_Window]) -> Iterator[list[_Window]]:
    """Part windows, the longest first, into batches of a bounded number of tokens."""
    batch: list[_Window] = []
    for window in windows:
        if batch and (len(batch) + 1) * len(batch[0].inputs["input_ids"]) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _window_spans(
    window: _Window, start: NDArray[np.float32], end: NDArray[np.float32]
) -> Iterator[ReaderSpan]:
    null = float(start[0] + end[0])  # the first token, [CLS], stands for no answer
    for first, last, logit in best_token_spans(
        start[window.context],
        end[window.context],
        max_tokens=MAX_ANSWER_TOKENS,
        n_best=_SPANS_PER_WINDOW,
    ):
        yield ReaderSpan(
            window.passage, window.offsets[first][0], window.offsets[last][1], logit - null
        )
