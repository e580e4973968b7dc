"""A trained reader whose logits another one learns from (Hinton et al. 2015)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import TrainingError

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

_CUTTING = ("normalizer", "pre_tokenizer")


class Teacher:
    """A reader that tells what it makes of a student's examples.

    The two may frame a question and a passage by other special tokens, but must cut the text
    between them into the same ones: a logit belongs to a token.

    Args:
        name: What it was loaded by.
        model: A model with a start and an end logit for each token.
        tokenizer: The model's.
        student: The student's tokenizer.

    Raises:
        TrainingError: The two cut texts into different tokens.
    """

    def __init__(
        self,
        name: str,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerFast,
        student: PreTrainedTokenizerFast,
    ) -> None:
        _check_vocabulary(name, tokenizer, student)
        self._model = model.eval().requires_grad_(requires_grad=False)
        self._tokenizer = tokenizer
        # As many of the text's tokens as the student sees, however many special ones there are.
        self._more = tokenizer.num_special_tokens_to_add(True) - student.num_special_tokens_to_add(
            True
        )

    def encode(
        self, questions: Sequence[str], passages: Sequence[str], max_tokens: int
    ) -> dict[str, NDArray[Any]]:
        """Return the model's inputs, and as ``context`` which tokens are the passage's.

        Args:
            questions: The questions.
            passages: The passage that each is asked of.
            max_tokens: The most tokens that the student sees, its special ones included.
        """
        encoded = self._tokenizer(
            list(questions),
            list(passages),
            truncation="only_second",
            max_length=max_tokens + self._more,
            padding=True,
            return_tensors="np",
            split_special_tokens=True,  # the two have other ones, which a text may hold
        )
        context = np.array([encoded.sequence_ids(row) for row in range(len(questions))]) == 1
        inputs = {name: encoded[name] for name in self._tokenizer.model_input_names}
        return {**inputs, "context": context}

    def logits(self, encoded: dict[str, Tensor], context: Tensor) -> tuple[Tensor, Tensor]:
        """Return its start and end logits of the student's tokens, shaped as ``context``.

        Args:
            encoded: What :meth:`encode` returned.
            context: Which of the student's tokens are the passage's, shaped (passages, tokens).
        """
        import torch

        inputs = {name: tensor for name, tensor in encoded.items() if name != "context"}
        with torch.no_grad():
            output = self._model(**inputs)
        aligned = []
        for logits in (output.start_logits.float(), output.end_logits.float()):
            own = logits.new_zeros(context.shape)
            own[context] = logits[encoded["context"]]
            own[:, 0] = logits[:, 0]
            aligned.append(own)
        return aligned[0], aligned[1]


def _check_vocabulary(
    name: str, teacher: PreTrainedTokenizerFast, student: PreTrainedTokenizerFast
) -> None:
    import json

    own, other = (
        json.loads(each.backend_tokenizer.to_str()) | {"words": set(each.get_vocab())}
        for each in (teacher, student)
    )
    special = {
        *teacher.all_special_tokens,
        *student.all_special_tokens,
        *(token["content"] for each in (own, other) for token in each["added_tokens"]),
    }
    differing = (own["words"] ^ other["words"]) - special
    if differing or any(own[part] != other[part] for part in _CUTTING):
        how = f"{len(differing):,} tokens are of one alone" if differing else "they cut differently"
        raise TrainingError(
            f"{name}: cannot teach this reader, whose vocabulary is another ({how}); expected a "
            "teacher that cuts texts into the same tokens."
        )
