"""txtai's extractive chain on this program's models. The only door to txtai.

It is put together as in txtai's example 5 (extractive question answering), and what that leaves
open is left at txtai's defaults:

- Embeddings, with the content kept: each paragraph of an article has a vector, made by txtai's own
  code from the same encoder's files, and FAISS finds them.
- RAG, which joins the best 3 paragraphs and has the reader read what fits into 512 tokens of them.
- Questions, its extractive reader: the likeliest start and the likeliest end, each for itself, and
  no answer if the product of their probabilities is less than 0.05.

It runs with transformers 5 as it is, because Questions calls the model itself. Two things had to be
mended to run it on these weights:

- The weights are stored in half precision, which is slow on a CPU and what they would be loaded in;
  they are loaded in float32, which is a setting.
- Where the likeliest start or end is no token of the text, which is how a model that was trained on
  unanswerable questions says that there is no answer, Questions breaks with a TypeError. Here the
  model is made to point into the text.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.systems.base import DEPTH, Response
from eval.systems.citations import cite
from index.models.encoder import installed_encoder
from index.models.folders import find_model, not_loaded
from index.structure.paragraphs import split_paragraphs
from index.structure.sentences import split_sentences
from qa import (
    Alternative,
    Answer,
    Article,
    Citation,
    Evidence,
    Outcome,
    SettingError,
    Span,
    Stretch,
)
from qa.reading.reader import DEFAULT_READER

if TYPE_CHECKING:
    from txtai import Embeddings
    from txtai.pipeline import RAG, Questions

_SEPARATOR = " "  # RAG's own, between the paragraphs that it joins
_PARAGRAPHS = 3  # RAG's own


@dataclass(frozen=True)
class TxtaiSystem:
    """txtai's extractive chain.

    Attributes:
        reader: The folder of the reader, or its name in the Hugging Face cache.
    """

    reader: str | Path = DEFAULT_READER

    def open(self, articles: Sequence[Article]) -> OpenTxtai:
        """Embed the paragraphs of articles.

        Raises:
            SettingError: txtai is not installed.
            ModelError: The reader cannot be loaded.
        """
        questions, spans = self._questions  # first: it says so if txtai is not installed
        from txtai import Embeddings
        from txtai.pipeline import RAG

        passages = [
            Stretch(article, *paragraph)
            for article in articles
            for paragraph in split_paragraphs(article.text)
        ]
        embeddings = Embeddings(
            path=str(installed_encoder()), content=True, gpu=False, models=self._encoders
        )
        embeddings.index([passage.text for passage in passages])
        return OpenTxtai(
            embeddings=embeddings,
            chain=RAG(embeddings, questions, context=_PARAGRAPHS, separator=_SEPARATOR),
            passages=passages,
            sentences={article.id: split_sentences(article.text) for article in articles},
            spans=spans,
        )

    @cached_property
    def _encoders(self) -> dict[str, Any]:
        """What keeps txtai from loading the encoder once more for each article."""
        return {}

    @cached_property
    def _questions(self) -> tuple[Questions, list[Span]]:
        """The reader, and the list in which it leaves the place of each span that it finds."""
        try:
            from txtai.pipeline import Questions
        except ImportError:
            raise SettingError(
                "txtai is not installed, so that it cannot be measured; run "
                '`pip install "article-qa[bench]"`.'
            ) from None
        try:
            questions = Questions(str(find_model(self.reader)), gpu=False, dtype="float32")
        except Exception as error:  # what a folder's files make the library raise has no end
            expected = "an extractive question-answering model"
            raise not_loaded(self.reader, expected, error) from error
        _point_into_the_text(questions)
        return questions, _remember_spans(questions)


@dataclass(frozen=True)
class OpenTxtai:
    """txtai's chain over its articles."""

    embeddings: Embeddings
    chain: RAG
    passages: Sequence[Stretch]  # as txtai numbers them
    sentences: Mapping[str, Sequence[Span]]  # of the articles, by their ids
    spans: list[Span]  # of the questions asked last, in the text that was read

    def ask(self, question: str, withheld: Sequence[Stretch] = ()) -> Response:
        """Answer a question.

        Raises:
            SettingError: Something is withheld, which txtai has no means for.
        """
        if withheld:
            raise SettingError("txtai cannot be asked to do without a part of an article.")
        ranking, read = self._search(question, DEPTH), self._search(question, _PARAGRAPHS)
        self.spans.clear()
        started = time.perf_counter()
        given = self.chain(question)["answer"]
        latency_ms = (time.perf_counter() - started) * 1000
        spans = [
            Alternative(0.0, citation)
            for span in self.spans
            if (citation := self._cite(read, span)) is not None
        ]
        count = 1 if given and spans else 0
        answer = Answer(
            question=question,
            confidence=0.0,  # txtai tells none
            citations=tuple(span.citation for span in spans[:count]),
            alternatives=tuple(spans[count:]),
            outcome=Outcome.ANSWERED if count else Outcome.NOT_FOUND,
        )
        return Response(answer, tuple(ranking), latency_ms)

    def ask_many(self, questions: Sequence[str]) -> None:
        """Answer questions in one call."""
        self.chain(list(questions))

    def _search(self, question: str, count: int) -> list[Stretch]:
        found = self.embeddings.search(question, count)
        return [self.passages[int(each["id"])] for each in found]

    def _cite(self, read: Sequence[Stretch], span: Span) -> Citation | None:
        """Find where a span of the joined paragraphs stands in its article; None if it is empty."""
        start = 0
        for passage in read:
            end = start + len(passage.text)
            # A span that runs on into the next paragraph is one of nobody's article: cut it.
            if start <= span.start < min(span.end, end):
                moved = passage.start - start
                return cite(
                    passage.article,
                    self.sentences[passage.article.id],
                    span.start + moved,
                    min(span.end, end) + moved,
                    Evidence(),
                )
            start = end + len(_SEPARATOR)
        return None


def _point_into_the_text(questions: Questions) -> None:
    """Have the model find no start and no end outside of the text that follows the question."""
    separator = questions.tokenizer.sep_token_id

    def point(_model: object, _: object, named: dict[str, Any], output: Any) -> Any:  # noqa: ANN401
        separators = (named["input_ids"] == separator).long()
        outside = (separators.cumsum(dim=1) - separators == 0) | separators.bool()
        for logits in (output.start_logits, output.end_logits):
            logits.masked_fill_(outside, float("-inf"))
        return output

    questions.model.register_forward_hook(point, with_kwargs=True)


def _remember_spans(questions: Questions) -> list[Span]:
    """Have the place of each span that the reader finds kept, also where it gives no answer."""
    spans: list[Span] = []
    answer = questions.answer

    def remember(context: str, tokens: Any, start: int, end: int) -> str:  # noqa: ANN401
        first = tokens.word_to_chars(tokens.token_to_word(start), sequence_index=1)
        last = tokens.word_to_chars(tokens.token_to_word(end), sequence_index=1)
        spans.append(Span(first[0], last[1]))
        return str(answer(context, tokens, start, end))

    questions.answer = remember
    return spans
