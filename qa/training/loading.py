"""The models that training starts from, and learns from, with their tokenizers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from index.errors import ModelError, TrainingError
from index.models.encoder import DEFAULT_ENCODER, installed_encoder
from index.models.files import read_quantization, read_weights
from index.models.folders import find_model, not_loaded
from index.models.weights import dequantized
from qa.training.config import TrainingConfig

# What models call it.
_DROPOUTS = ("hidden_dropout_prob", "attention_probs_dropout_prob", "dropout", "attention_dropout")


def load_start(config: TrainingConfig) -> tuple[Any, Any]:
    """Load the model to start from, and its tokenizer."""
    import torch

    name = config.start_from
    folder = installed_encoder() if name == DEFAULT_ENCODER else find_model(name)
    model, tokenizer = load_span_model(name, folder, config.dropout)
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


def load_span_model(
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
