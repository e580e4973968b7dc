"""The model in training: loaded, stepped, averaged, saved."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import DEFAULT_ENCODER, installed_encoder
from index.errors import ModelError, TrainingError
from index.bert import dequantized
from index.model_files import read_quantization, read_weights
from index.model_folders import find_model, not_loaded
from qa.training.config import TrainingConfig
from qa.training.examples import Example, Group
from qa.training.objective import distillation_loss, span_loss
from qa.training.teacher import Teacher

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

_ROW = 8  # tokens: a GPU multiplies matrices of such sides fastest
_MAX_TOKENS = 448  # of a question and a passage; examples are cut to less
# What models call it.
_DROPOUTS = ("hidden_dropout_prob", "attention_probs_dropout_prob", "dropout", "attention_dropout")


@dataclass(frozen=True)
class Batch:
    """A batch as models take it, not yet on the device.

    Attributes:
        inputs: The student's inputs, shaped (passages, tokens).
        targets: What :func:`qa.training.objective.span_loss` takes beside logits.
        taught: The teacher's inputs, see :meth:`qa.training.teacher.Teacher.encode`; none without.
        tokens: How many tokens the student's inputs hold, padding left out.
    """

    inputs: dict[str, Tensor]
    targets: dict[str, Tensor]
    taught: dict[str, Tensor]
    tokens: int


class Learner:
    """A model in training, and all that changes from step to step.

    Args:
        config: What the run is set to.
        steps: How many steps it has.

    Raises:
        ModelError: The model to start from, or the teacher, cannot be loaded.
        TrainingError: The device is not there, the model has no such layers, or the teacher cuts
            texts into other tokens or reads fewer at once.
    """

    def __init__(self, config: TrainingConfig, steps: int) -> None:
        import torch

        self._config = config
        self._steps = steps
        self._device = _device(config.device)
        self._bfloat16 = _use_bfloat16(config.precision, self._device)
        torch.manual_seed(config.seed)
        self._model, self._tokenizer = _load(config)
        self._max_tokens = min(_MAX_TOKENS, self._tokenizer.model_max_length)
        self._teacher = self._load_teacher()
        self._model.to(self._device).train()
        self._optimizer = torch.optim.AdamW(
            _parameter_groups(self._model, config), lr=0.0, fused=True
        )
        self._average = {
            name: weight.detach().clone() for name, weight in self._model.named_parameters()
        }
        self.step = 0
        self.seconds = 0.0
        self._tokens = 0
        self._losses: list[Tensor] = []
        self._logged = (0, 0.0)

    def _load_teacher(self) -> Teacher | None:
        import torch

        name = self._config.teacher
        if name is None:
            return None
        model, tokenizer = _load_model(name, find_model(name), dropout=0.0, trained=True)
        dtype = torch.bfloat16 if self._bfloat16 else torch.float32
        if tokenizer.model_max_length < self._max_tokens:
            raise TrainingError(
                f"{name}: reads {tokenizer.model_max_length} tokens at once, and this reader "
                f"{self._max_tokens}; expected a teacher that reads as many."
            )
        return Teacher(name, model.to(self._device, dtype), tokenizer, self._tokenizer)

    def train_on(self, batch: Batch) -> None:
        """Take one step."""
        import torch

        factor = _schedule(self.step, self._steps, self._config.warmup)
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        inputs, targets = self._on_device(batch.inputs), self._on_device(batch.targets)
        with torch.autocast(self._device, dtype=torch.bfloat16, enabled=self._bfloat16):
            output = self._model(**inputs)
        loss = span_loss(output.start_logits, output.end_logits, **targets)
        if self._teacher:
            start, end = self._teacher.logits(self._on_device(batch.taught), targets["context"])
            divergence = distillation_loss(
                output.start_logits,
                output.end_logits,
                teacher_start=start,
                teacher_end=end,
                context=targets["context"],
                temperature=self._config.temperature,
            )
            loss = torch.lerp(loss, divergence, self._config.teacher_weight)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.step += 1
        # Averaged over fewer steps at first, so that where it started from is soon forgotten.
        decay = min(self._config.ema_decay, self.step / (self.step + 10))
        with torch.no_grad():
            weights = [weight.detach() for weight in self._model.parameters()]
            torch._foreach_lerp_(list(self._average.values()), weights, 1 - decay)
        self._tokens += batch.tokens
        self._losses.append(loss.detach())  # to read its number would be to wait for a GPU

    def encode(self, batch: Sequence[Group]) -> Batch:
        """Return a batch as the models take it; safe to call while another is trained on."""
        examples = [example for group in batch for example in group]
        questions = [example.question for example in examples]
        passages = [example.passage.text for example in examples]
        encoded = self._tokenizer(
            questions,
            passages,
            truncation="only_second",
            max_length=self._max_tokens,
            padding=True,
            pad_to_multiple_of=_ROW if self._device == "cuda" else None,
            return_offsets_mapping=True,
            split_special_tokens=True,  # "[SEP]" in a text is text, to a teacher too
            return_tensors="np",
        )
        context = np.array([encoded.sequence_ids(row) for row in range(len(examples))]) == 1
        starts, ends = _answer_tokens(examples, encoded["offset_mapping"], context)
        numbers = [number for number, group in enumerate(batch) for _ in group]
        if not self._config.shared_normalization:
            numbers = list(range(len(examples)))
        inputs = {name: encoded[name] for name in self._tokenizer.model_input_names}
        targets = {"context": context, "starts": starts, "ends": ends, "groups": np.array(numbers)}
        taught: dict[str, NDArray[Any]] = {}
        if self._teacher:
            taught = self._teacher.encode(questions, passages, self._max_tokens)
        return Batch(
            self._tensors(inputs),
            self._tensors(targets),
            self._tensors(taught),
            int(encoded["attention_mask"].sum()),
        )

    def _tensors(self, arrays: dict[str, NDArray[Any]]) -> dict[str, Tensor]:
        import torch

        tensors = {name: torch.as_tensor(array) for name, array in arrays.items()}
        if self._device == "cuda":  # only pinned memory is copied while the GPU computes
            return {name: tensor.pin_memory() for name, tensor in tensors.items()}
        return tensors

    def _on_device(self, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        return {name: each.to(self._device, non_blocking=True) for name, each in tensors.items()}

    def log_line(self) -> dict[str, float]:
        """Return what happened since the last line."""
        tokens, seconds = self._logged
        line = {
            "step": self.step,
            "tokens": self._tokens,
            "loss": round(self._mean_loss(), 4),
            "learning_rate": max(group["lr"] for group in self._optimizer.param_groups),
            "tokens_per_second": round((self._tokens - tokens) / (self.seconds - seconds + 1e-9)),
        }
        self._losses.clear()
        self._logged = (self._tokens, self.seconds)
        return line

    def _mean_loss(self) -> float:
        import torch

        return float(torch.stack(self._losses).double().mean())

    def state(self) -> dict[str, Any]:
        """Return all that :meth:`restore` needs."""
        return {
            "model": self._model.state_dict(),
            "average": self._average,
            "optimizer": self._optimizer.state_dict(),
            "random": self._random(),
            "losses": [float(loss) for loss in self._losses],
            "step": self.step,
            "seconds": self.seconds,
            "tokens": self._tokens,
            "logged": list(self._logged),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a state."""
        import torch

        self._model.load_state_dict(state["model"])
        for name, weight in state["average"].items():
            self._average[name].copy_(weight)
        self._optimizer.load_state_dict(state["optimizer"])
        self._set_random(state["random"])
        self._losses = [torch.tensor(loss, device=self._device) for loss in state["losses"]]
        self.step, self.seconds, self._tokens = state["step"], state["seconds"], state["tokens"]
        self._logged = tuple(state["logged"])

    def undisturbed(
        self, evaluate: Callable[[Path], dict[str, float]], output: Path
    ) -> dict[str, float]:
        """Evaluate without touching what the next step depends on."""
        random = self._random()
        scores = evaluate(output)
        self._set_random(random)
        return scores

    def save(self, output: Path) -> None:
        """Write the averaged weights in float16, with the tokenizer.

        Raises:
            TrainingError: They could not be written.
        """
        import torch

        model = copy.deepcopy(self._model)
        if self._config.ema_decay:
            with torch.no_grad():
                for name, weight in model.named_parameters():
                    weight.copy_(self._average[name])
        # What the tokenizer was last told would else be saved with it; the next batch needs it.
        tokenizer = copy.deepcopy(self._tokenizer)
        tokenizer.backend_tokenizer.no_truncation()
        tokenizer.backend_tokenizer.no_padding()
        unfinished = output / "unfinished"
        try:
            model.half().save_pretrained(unfinished)
            tokenizer.save_pretrained(unfinished)
            for file in unfinished.iterdir():
                file.chmod(0o644)  # safetensors keeps its files from other users
                file.replace(output / file.name)
            unfinished.rmdir()
        except Exception as error:  # safetensors has errors of its own for a full disk
            raise TrainingError(
                f"{output}: the reader could not be written ({error}); what is there is as it was. "
                "Make room and run the same command again."
            ) from error

    def _random(self) -> dict[str, Any]:
        import torch

        cuda = torch.cuda.get_rng_state() if self._device == "cuda" else None
        return {"cpu": torch.get_rng_state(), "cuda": cuda}

    def _set_random(self, state: dict[str, Any]) -> None:
        import torch

        torch.set_rng_state(state["cpu"])
        if state["cuda"] is not None and self._device == "cuda":
            torch.cuda.set_rng_state(state["cuda"])


def _load(config: TrainingConfig) -> tuple[Any, Any]:
    """Load the model to start from, and its tokenizer."""
    import torch

    name = config.start_from
    folder = installed_encoder() if name == DEFAULT_ENCODER else find_model(name)
    model, tokenizer = _load_model(name, folder, config.dropout)
    if config.layers is not None:
        has = model.config.num_hidden_layers
        encoder: Any = getattr(model.base_model, "encoder", None)
        if not hasattr(encoder, "layer"):
            raise TrainingError(
                f"{name}: is a {model.config.model_type}, of which all layers are needed here; "
                "leave out the layers, or start from a BERT or an MPNet."
            )
        if config.layers[-1] >= has:
            raise TrainingError(
                f"{name}: has no layer {config.layers[-1]}; expected numbers in 0..{has - 1}."
            )
        encoder.layer = torch.nn.ModuleList(encoder.layer[number] for number in config.layers)
        model.config.num_hidden_layers = len(config.layers)
    if config.freeze_word_embeddings:
        model.get_input_embeddings().weight.requires_grad_(requires_grad=False)
    return model, tokenizer


def _load_model(
    name: str, folder: Path, dropout: float, *, trained: bool = False
) -> tuple[Any, Any]:
    """Load a model and its tokenizer; a fresh span head will do, unless it must be trained."""
    # Left to itself, transformers takes quantised numbers for weights, without a word.
    weights = dequantized(read_weights(folder)) if read_quantization(folder) else None
    from transformers import AutoConfig, AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    level = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()  # an encoder lacks the span head: it is to be fresh
    try:
        settings = AutoConfig.from_pretrained(folder, local_files_only=True)
        for known in _DROPOUTS:
            if hasattr(settings, known):
                setattr(settings, known, dropout)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        if weights is not None:
            del settings.quantization_config
            model = AutoModelForQuestionAnswering.from_config(settings)
            missing = list(model.load_state_dict(weights, strict=False).missing_keys)
        else:
            model, report = AutoModelForQuestionAnswering.from_pretrained(
                folder,
                config=settings,
                local_files_only=True,
                dtype="float32",
                output_loading_info=True,
            )
            missing = list(report["missing_keys"])
    except Exception as error:  # what a folder's files make the library raise has no end
        expected = "a reader" if trained else "an encoder or a reader"
        raise not_loaded(name, expected, error) from error
    finally:
        transformers_logging.set_verbosity(level)
    if trained and missing:
        raise ModelError(
            f"{name}: lacks the weights {', '.join(sorted(missing))}; expected a "
            "model that was trained for extractive question answering."
        )
    if not tokenizer.is_fast:
        raise ModelError(f"{name}: has no fast tokenizer, which alone tells where tokens stand.")
    for local in ("local_files_only", "is_local"):  # of this loading, and else saved with it
        tokenizer.init_kwargs.pop(local, None)
    tokenizer.model_max_length = settings.max_position_embeddings
    return model, tokenizer


def _parameter_groups(model: PreTrainedModel, config: TrainingConfig) -> list[dict[str, Any]]:
    """Part the weights by their learning rate and whether they decay."""
    layers = int(model.config.num_hidden_layers)
    groups: dict[tuple[float, float], list[Any]] = {}
    for name, weight in model.named_parameters():
        if not weight.requires_grad:
            continue
        layer = re.search(r"\.layers?\.(\d+)\.", name)
        if layer:
            below_top = layers - int(layer.group(1))
        else:
            below_top = layers + 1 if "embeddings" in name else 0
        rate = config.learning_rate * config.layer_decay**below_top
        decay = config.weight_decay if weight.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(weight)
    return [
        {"params": weights, "peak": rate, "weight_decay": decay}
        for (rate, decay), weights in groups.items()
    ]


def _answer_tokens(
    examples: Sequence[Example], offsets: NDArray[np.int64], context: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last token of each answer; 0, the null, where there is none."""
    starts = np.zeros(len(examples), dtype=np.int64)
    ends = np.zeros(len(examples), dtype=np.int64)
    for row, example in enumerate(examples):
        if example.answer is None:
            continue
        inside = (
            context[row]
            & (offsets[row, :, 1] > example.answer.start)
            & (offsets[row, :, 0] < example.answer.end)
        )
        tokens = np.flatnonzero(inside)
        if len(tokens):  # else it is in what was cut off: the rest does not hold it
            starts[row], ends[row] = tokens[0], tokens[-1]
    return starts, ends


def _schedule(step: int, steps: int, warmup: float) -> float:
    """Return the factor of the learning rate: up linearly, then down linearly to 0."""
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return (steps - step) / max(1, steps - rising)


def _device(wanted: str) -> str:
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise TrainingError("device is cuda, and there is none here; say cpu or auto.")
    return wanted


def _use_bfloat16(precision: str, device: str) -> bool:
    import torch

    if precision != "auto":
        return precision == "bfloat16"
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    # Older versions of torch cannot tell; theirs is float32 then, which is never wrong.
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
