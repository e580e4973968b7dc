"""Readers: find the answer to a question in passages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError, QuestionError
from index.models.folders import find_model
from qa.reading.calibration import Calibration
from qa.reading.decoding import best_token_spans
from qa.reading.onnx_models import OnnxSpanModel
from qa.reading.span_models import BertSpanModel, LibrarySpanModel, SpanModel

if TYPE_CHECKING:
    from tokenizers import Encoding

DEFAULT_READER = Path(__file__).parents[1] / "models" / "reader"
LARGE_READER = DEFAULT_READER.with_name("large")
ITEMS_READER = DEFAULT_READER.with_name("items")
SMALL = "small"
"""What the small reader in the package is called where it is to read alone."""

MAX_ANSWER_TOKENS = 30
MAX_QUESTION_TOKENS = 128
_SPANS_PER_WINDOW = 10
_ITEMS_PER_WINDOW = 200  # of a list, with the spans that overlap them


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
    """What the pipeline needs of a reader. Has to be safe to share by threads."""

    @property
    def calibration(self) -> Calibration:
        """Makes confidences of its logits; ``Calibration()`` if it was not fitted."""

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        """Return the spans that may answer each question in its passages, best first.

        Args:
            questions: The questions.
            passages: The passages of each, whose texts may repeat.

        Returns:
            A list for each question, of spans by descending logit, those of all its passages
            together; an empty one if nothing may answer it. Spans may overlap.

        Raises:
            QuestionError: A question is too long to be read.
        """


@dataclass(frozen=True)
class _Window:
    """What the model sees at once: a question and as much of a passage as fits beside it."""

    question: int
    passage: int
    tokens: Encoding
    first: int
    """The first token of the passage."""
    offsets: list[tuple[int, int]]
    """Where the passage's tokens stand in it."""


class TransformerReader:
    """A transformer with a start and an end logit for each token, on the CPU.

    Safe to share by threads.

    Args:
        name: What it can be loaded by again.
        model: Gives the logits.
        calibration: Makes confidences of them.
        spans_per_window: How many spans of what the model sees at once are told of, at most.
    """

    def __init__(
        self,
        name: str,
        model: SpanModel,
        calibration: Calibration,
        spans_per_window: int = _SPANS_PER_WINDOW,
    ) -> None:
        self.name = name
        self.calibration = calibration
        self._model = model
        self._spans_per_window = spans_per_window
        self._tokenizer = model.tokenizer
        self._max_question_tokens = min(MAX_QUESTION_TOKENS, model.max_tokens // 2)

    @classmethod
    def load(
        cls, name: str | Path = DEFAULT_READER, *, precision: str | None = None
    ) -> TransformerReader:
        """Load a reader.

        A plain BERT, as the default is, or MPNet is run straight from its weights by
        :mod:`index.models.bert`; one that was exported by ONNX Runtime; any other by transformers,
        in float32.

        Args:
            name: A folder with an extractive question-answering model and its tokenizer, or the
                name of one in the Hugging Face cache: nothing is downloaded. The default is the
                one in this package.
            precision: "float32", "bfloat16" or "int8", for a plain BERT or MPNet;
                whichever is fastest on this machine if None.

        Raises:
            ModelError: There is no such folder or name, or it is not an extractive
                question-answering model with a fast tokenizer.
            SettingError: There is no such precision.
        """
        folder = find_model(name)
        model: SpanModel = (
            BertSpanModel.load(folder, precision)
            or OnnxSpanModel.load(folder, name)
            or LibrarySpanModel.load(folder, name)
        )
        return cls(str(name), model, Calibration.load(folder))

    def branch(self, folder: Path) -> TransformerReader:
        """Return the reader of items in a folder, which shares this one's lower layers.

        Raises:
            ModelError: The folder holds none, or that of another reader.
        """
        if not isinstance(self._model, BertSpanModel):
            raise ModelError(f"{folder}: belongs to a plain bert or mpnet, and this is another.")
        model = self._model.branch(folder)
        return TransformerReader(str(folder), model, Calibration.load(folder), _ITEMS_PER_WINDOW)

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        """Return the spans that may answer each question in its passages, best first.

        All windows of all questions are read in one batch. A passage that does not fit beside its
        question is read in overlapping windows, so that none of it is left out.

        Raises:
            QuestionError: A question is too long to be read.
        """
        windows = [
            window
            for number, (question, texts) in enumerate(zip(questions, passages, strict=True))
            for window in self._windows(number, question, texts)
        ]
        spans: list[list[ReaderSpan]] = [[] for _ in questions]
        logits = self._model.logits([window.tokens for window in windows])
        for window, (start, end) in zip(windows, logits, strict=True):
            spans[window.question] += _window_spans(window, start, end, self._spans_per_window)
        for found in spans:
            found.sort(key=lambda span: (-span.logit, span.passage, span.start, span.end))
        return spans

    def _windows(self, number: int, question: str, passages: Sequence[str]) -> Iterator[_Window]:
        asked = self._tokenize(question)
        if len(asked) > self._max_question_tokens:
            raise QuestionError(
                f"The question is too long: it has {len(question):,} characters in {len(asked):,} "
                f"tokens, and at most {self._max_question_tokens} tokens (some "
                f"{self._max_question_tokens * 3 // 4} words) can be read; ask a shorter one."
            )
        special = self._tokenizer.num_special_tokens_to_add(True)
        room = self._model.max_tokens - special - len(asked)
        for place, passage in enumerate(passages):
            # Never kept: many bots share a reader, and it would hold what their visitors brought.
            # It takes a fifth of a millisecond, and reading the passage fifty times that.
            whole = self._tokenize(passage)
            if len(whole) > room:
                whole.truncate(room, stride=self._model.max_tokens // 4)
            for piece in (whole, *whole.overflowing):
                tokens = self._tokenizer.post_process(asked, piece)
                sequence = tokens.sequence_ids
                first = sequence.index(1) if 1 in sequence else len(sequence)
                yield _Window(number, place, tokens, first, piece.offsets)

    def _tokenize(self, text: str) -> Encoding:
        return self._tokenizer.encode(text, add_special_tokens=False)


ReaderT = TypeVar("ReaderT", bound=Reader)


class LazyReader(Generic[ReaderT]):
    """A reader that is loaded when it first reads: until then, it costs neither time nor memory.

    Safe to share by threads.

    Args:
        load: Loads the reader.
        calibration: The reader's.
    """

    def __init__(self, load: Callable[[], ReaderT], calibration: Calibration) -> None:
        self.calibration = calibration
        self._load = load
        self._reader: ReaderT | None = None
        self._loading = threading.Lock()

    @classmethod
    def of(cls, folder: Path) -> LazyReader[TransformerReader]:
        """Return the reader in a folder.

        Raises:
            ModelError: Its calibration cannot be read. What is wrong with its model is told when
                it first reads.
        """
        return LazyReader(lambda: TransformerReader.load(folder), Calibration.load(folder))

    def loaded(self) -> ReaderT:
        """Return the reader, loading it if it was not yet.

        Raises:
            ModelError: It cannot be loaded.
        """
        with self._loading:
            if self._reader is None:
                self._reader = self._load()
        return self._reader

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        """Return the spans that may answer each question in its passages, best first.

        Raises:
            ModelError: The reader cannot be loaded.
            QuestionError: A question is too long to be read.
        """
        return self.loaded().read(questions, passages)


@dataclass(frozen=True)
class RecalibratedReader:
    """A reader with another calibration than its own.

    As safe to share by threads as the reader is.

    Attributes:
        reader: The reader.
        calibration: Makes confidences of its logits.
    """

    reader: Reader
    calibration: Calibration

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        """Return what the reader finds: see :meth:`Reader.read`."""
        return self.reader.read(questions, passages)


def named_model(reader: str | Path | None) -> str | Path:
    """Return the folder or name of a single reader: "small", or None, is the small one here."""
    return DEFAULT_READER if reader is None or reader == SMALL else reader


def load_reader(reader: Reader | str | Path | None = None) -> Reader:
    """Return a single reader, loading it if a folder or name is given.

    Args:
        reader: A reader, or the folder or name of one; "small", or None, is the small one in the
            package. (A folder of that name is ``./small``.)

    Raises:
        ModelError: It cannot be loaded.
    """
    if reader is None or isinstance(reader, (str, Path)):
        return TransformerReader.load(named_model(reader))
    return reader


def _window_spans(
    window: _Window, start: NDArray[np.float32], end: NDArray[np.float32], n_best: int
) -> Iterator[ReaderSpan]:
    null = float(start[0] + end[0])  # the first token, [CLS] or <s>, stands for no answer
    context = slice(window.first, window.first + len(window.offsets))
    for first, last, logit in best_token_spans(
        start[context],
        end[context],
        max_tokens=MAX_ANSWER_TOKENS,
        n_best=n_best,
    ):
        yield ReaderSpan(
            window.passage, window.offsets[first][0], window.offsets[last][1], logit - null
        )
