"""A plain loop over transformers' model: every part of an article is read for every question.

Nothing is searched. The windows are those of the example scripts of transformers for SQuAD
(``run_qa.py``): 384 tokens, 128 of them shared with the window before, spans of at most 30 tokens,
scored by the sum of their logits.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.systems.base import Response
from eval.systems.citations import cite
from index.models.folders import find_model
from index.structure.sentences import split_sentences
from qa import Alternative, Answer, Article, Evidence, Outcome, SettingError, Span, Stretch
from qa.reading.decoding import best_token_spans
from qa.reading.reader import DEFAULT_READER, MAX_ANSWER_TOKENS

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_WINDOW_TOKENS = 384
_SHARED_TOKENS = 128


@dataclass(frozen=True)
class PlainLoopSystem:
    """A plain loop over transformers' model, which reads one article.

    Attributes:
        reader: The folder of the reader, or its name in the Hugging Face cache.
    """

    reader: str | Path = DEFAULT_READER

    def open(self, articles: Sequence[Article]) -> _OpenPlainLoop:
        """Take the one article."""
        (article,) = articles
        model, tokenizer = self._loaded
        return _OpenPlainLoop(model, tokenizer, article, split_sentences(article.text))

    @cached_property
    def _loaded(self) -> tuple[PreTrainedModel, Any]:
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        folder = find_model(self.reader)
        model = AutoModelForQuestionAnswering.from_pretrained(folder, dtype=torch.float32)
        return model.eval(), AutoTokenizer.from_pretrained(folder)


@dataclass(frozen=True)
class _OpenPlainLoop:
    model: PreTrainedModel
    tokenizer: Any
    article: Article
    sentences: Sequence[Span]

    def ask(self, question: str, withheld: Sequence[Stretch] = ()) -> Response:
        if withheld:
            raise SettingError("The plain loop reads all of an article; withhold nothing from it.")
        started = time.perf_counter()
        spans = self._read(question)
        latency_ms = (time.perf_counter() - started) * 1000
        ranked = tuple(
            Alternative(
                0.0, cite(self.article, self.sentences, *span, Evidence(logit=score - null))
            )
            for score, null, span in spans
        )
        given = 1 if ranked and ranked[0].citation.evidence.logit > 0 else 0
        answer = Answer(
            question=question,
            confidence=0.0,  # a sum of logits is none
            citations=tuple(span.citation for span in ranked[:given]),
            alternatives=ranked[given:],
            outcome=Outcome.ANSWERED if given else Outcome.NOT_FOUND,
        )
        return Response(answer, (), latency_ms)

    def _read(self, question: str) -> list[tuple[float, float, Span]]:
        """Return the best span of all windows, with its score and that of no answer."""
        import torch

        encoded = self.tokenizer(
            question,
            self.article.text,
            truncation="only_second",
            max_length=_WINDOW_TOKENS,
            stride=_SHARED_TOKENS,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        found: list[tuple[float, Span]] = []
        nulls: list[float] = []
        for row, offsets in enumerate(encoded["offset_mapping"]):
            inputs = {
                name: torch.tensor([encoded[name][row]])
                for name in self.tokenizer.model_input_names
            }
            with torch.inference_mode():
                output = self.model(**inputs)
            start, end = output.start_logits[0].numpy(), output.end_logits[0].numpy()
            sequence = encoded.sequence_ids(row)
            first = sequence.index(1)
            context = slice(first, first + sequence.count(1))
            nulls.append(float(start[0] + end[0]))
            found += [
                (logit, Span(offsets[context][begin][0], offsets[context][last][1]))
                for begin, last, logit in best_token_spans(
                    start[context], end[context], max_tokens=MAX_ANSWER_TOKENS, n_best=1
                )
            ]
        best = max(found, default=None)
        return [] if best is None else [(best[0], min(nulls), best[1])]
