"""What a training run is set to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.errors import SettingError

_PRECISIONS = ("auto", "bfloat16", "float32")
_DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides what a run on given data comes to.

    Attributes:
        data: (path, weight) of each question set. The weight is how often each of its questions is
            drawn in an epoch, on average.
        start_from: The folder or name of the model to start from: an encoder, which gets a fresh
            span head, or a reader.
        layers: Which of its layers to keep, counted from 0, lowest first; all if None.
        teacher: The folder or name of a reader whose logits are learned as well as the answers; it
            must cut texts into the same tokens. None for none.
        teacher_weight: The teacher's share of the loss; the answers have the rest.
        temperature: By what both readers' logits are divided before they are compared: the higher,
            the more the teacher's second choices count.
        epochs: How often to go through the data; every time with other passages.
        max_steps: Stop after so many steps, whatever the epochs; the learning rate is spread over
            them.
        batch_tokens: The most tokens in a batch, padding counted.
        learning_rate: The highest, after the warm-up; from there it falls linearly to 0.
        warmup: The share of the steps in which it rises.
        layer_decay: By what the learning rate of a layer is multiplied for the layer below it
            (Howard and Ruder 2018); 1 for one rate.
        weight_decay: AdamW's, on matrices.
        ema_decay: Of the exponential moving average of the weights, which is what is saved; 0 for
            none.
        dropout: In the encoder. 0 is a third faster on a CPU.
        freeze_word_embeddings: Whether to leave them as they are.
        shared_normalization: Whether a question's passages share one softmax (Clark and Gardner
            2018) or each has its own; see ``qa.training.objective``.
        negatives: How often a question has a passage without its answer beside the one with it.
        unanswerable: How often a question is swapped for one that its passage does not answer.
        paragraphs: How often the passage is a whole paragraph.
        other_sizes: How often it is 1, 2, 4, 6, 8 or 12 sentences. Else it is as long as the
            index's.
        precision: "bfloat16" or "float32" for the products of matrices; "auto" for bfloat16 where
            the machine has it.
        device: "cpu" or "cuda"; "auto" for cuda where there is one.
        seed: Of all that is random.
        checkpoint_steps: How many steps lie between checkpoints.

    Raises:
        SettingError: A number is outside its range.
    """

    data: tuple[tuple[str, float], ...]
    start_from: str
    layers: tuple[int, ...] | None = None
    teacher: str | None = None
    teacher_weight: float = 0.8
    temperature: float = 2.0
    epochs: int = 2
    max_steps: int | None = None
    batch_tokens: int = 4096
    learning_rate: float = 1e-4
    warmup: float = 0.06
    layer_decay: float = 1.0
    weight_decay: float = 0.01
    ema_decay: float = 0.998
    dropout: float = 0.0
    freeze_word_embeddings: bool = False
    shared_normalization: bool = False
    negatives: float = 0.4
    unanswerable: float = 0.1
    paragraphs: float = 0.3
    other_sizes: float = 0.2
    precision: str = "auto"
    device: str = "auto"
    seed: int = 0
    checkpoint_steps: int = 500

    def __post_init__(self) -> None:
        shares = self.paragraphs + self.other_sizes
        ranges = {
            "layers": (
                self.layers is None or (self.layers != () and _count_up(self.layers)),
                "numbers of layers, each once, lowest first",
            ),
            "teacher_weight": (0 <= self.teacher_weight <= 1, "a share in 0..1"),
            "temperature": (self.temperature > 0, "more than 0"),
            "epochs": (self.epochs >= 1, "at least 1"),
            "max_steps": (self.max_steps is None or self.max_steps >= 1, "at least 1, or None"),
            "batch_tokens": (self.batch_tokens >= 512, "at least 512"),
            "learning_rate": (self.learning_rate > 0, "more than 0"),
            "warmup": (0 <= self.warmup < 1, "0 or more, and less than 1"),
            "layer_decay": (0 < self.layer_decay <= 1, "more than 0, and at most 1"),
            "weight_decay": (self.weight_decay >= 0, "0 or more"),
            "ema_decay": (0 <= self.ema_decay < 1, "0 or more, and less than 1"),
            "dropout": (0 <= self.dropout < 1, "0 or more, and less than 1"),
            "negatives": (0 <= self.negatives <= 1, "a share in 0..1"),
            "unanswerable": (0 <= self.unanswerable <= 1, "a share in 0..1"),
            "paragraphs": (self.paragraphs >= 0 and shares <= 1, "with other_sizes, at most 1"),
            "other_sizes": (self.other_sizes >= 0, "0 or more"),
            "precision": (self.precision in _PRECISIONS, " or ".join(_PRECISIONS)),
            "device": (self.device in _DEVICES, " or ".join(_DEVICES)),
            "seed": (self.seed >= 0, "0 or more"),
            "checkpoint_steps": (self.checkpoint_steps >= 1, "at least 1"),
        }
        for name, (sound, expected) in ranges.items():
            if not sound:
                raise SettingError(f"{name} is {getattr(self, name)}; expected {expected}.")
        for path, weight in self.data:
            if not 0 <= weight < math.inf:
                raise SettingError(f"{path}: its weight is {weight}; expected 0 or more.")


def _count_up(numbers: Sequence[int]) -> bool:
    """Tell whether they are 0 or more, and each is higher than the one before."""
    return all(lower < higher for lower, higher in pairwise((-1, *numbers)))
