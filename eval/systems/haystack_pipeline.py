"""Haystack's extractive pipeline on this program's models. The only door to Haystack.

It is put together as in Haystack's tutorials 34 (extractive question answering) and 30 (indexing
files for the same encoder), and what they leave open is left at Haystack's defaults:

- DocumentSplitter: 150 words, 50 of them shared with the document before, as in tutorial 30. They
  mostly fit in this encoder's 256 tokens, which the default of 200 words does not, and to split by
  sentences Haystack would have to download a model of NLTK.
- InMemoryEmbeddingRetriever. The vectors are made by ``index.models.encoder``: Haystack's embedder,
  which comes in yet another package, would call the same library with the same weights.
- TransformersExtractiveReader with ``no_answer``, in float32 on the CPU: 20 spans, scored by a
  sigmoid of a tenth of their logit, and "no answer" by the chance that none of them is right.

Its reader does not tell the model which tokens are the question's and which the document's, as
models of BERT's kind, unlike RoBERTa, have to be told. That is mended here, or these weights would
read far worse than they can.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.systems.base import DEPTH, OpenSystem, Response
from eval.systems.citations import cite
from index.models.encoder import load_encoder
from index.models.folders import find_model, not_loaded
from index.structure.sentences import split_sentences
from qa import (
    Alternative,
    Answer,
    Article,
    Citation,
    Encoder,
    Evidence,
    Outcome,
    SettingError,
    Span,
    Stretch,
)
from qa.answering.engine import TOP_K
from qa.answering.spans import MAX_ALTERNATIVES
from qa.reading.reader import DEFAULT_READER

if TYPE_CHECKING:
    from haystack import Document, ExtractedAnswer
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

_SPLIT_WORDS = 150
_OVERLAP_WORDS = 50


@dataclass(frozen=True)
class HaystackSystem:
    """Haystack's extractive pipeline.

    Attributes:
        reader: The folder of the reader, or its name in the Hugging Face cache.
        top_k: How many documents are read.
        encoder: Makes the vectors; the installed one if None.
        token_types: Whether a model of BERT's kind is told which tokens are the question's, which
            Haystack leaves out.
    """

    reader: str | Path = DEFAULT_READER
    top_k: int = TOP_K
    encoder: Encoder | None = None
    token_types: bool = True

    def open(self, articles: Sequence[Article]) -> OpenSystem:
        """Split and embed articles.

        Raises:
            SettingError: Haystack is not installed.
            ModelError: A model cannot be loaded.
        """
        reader = self._loaded_reader  # first, because it says so if Haystack is not installed
        from haystack import Document
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        splitter = DocumentSplitter(
            split_by="word", split_length=_SPLIT_WORDS, split_overlap=_OVERLAP_WORDS
        )
        wholes = [
            Document(content=article.text, meta={"article": number})
            for number, article in enumerate(articles)
        ]
        documents = splitter.run(wholes)["documents"]
        encoder = load_encoder(self.encoder)
        vectors = encoder.encode_passages([document.content for document in documents])
        store = InMemoryDocumentStore(shared=False)  # else it outlives this system
        store.write_documents(
            [
                replace(document, embedding=vector.tolist())
                for document, vector in zip(documents, vectors, strict=True)
            ]
        )
        return _OpenHaystack(
            encoder=encoder,
            retriever=InMemoryEmbeddingRetriever(store, top_k=self.top_k),
            reader=reader,
            places={
                document.id: _place(document, articles[document.meta["article"]])
                for document in documents
            },
            sentences={article.id: split_sentences(article.text) for article in articles},
        )

    @cached_property
    def _loaded_reader(self) -> TransformersExtractiveReader:
        os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # read when Haystack is imported
        try:
            from haystack.utils import ComponentDevice
            from haystack_integrations.components.readers.transformers import (
                TransformersExtractiveReader,
            )
        except ImportError:
            raise SettingError(
                "Haystack is not installed, so that it cannot be measured; run "
                '`pip install "article-qa[bench]"` with Python 3.11 or later.'
            ) from None
        # Haystack warns each time that all it could retrieve is withheld.
        logging.getLogger("haystack").setLevel(logging.ERROR)
        reader = TransformersExtractiveReader(
            model=find_model(self.reader),
            device=ComponentDevice.from_str("cpu"),
            token=None,
            no_answer=True,
            model_kwargs={"dtype": "float32", "local_files_only": True},
        )
        try:
            reader.warm_up()
        except Exception as error:  # what a folder's files make the library raise has no end
            expected = "an extractive question-answering model"
            raise not_loaded(self.reader, expected, error) from error
        if self.token_types and "token_type_ids" in reader.tokenizer.model_input_names:
            _add_token_types(reader)
        return reader


@dataclass(frozen=True)
class _OpenHaystack:
    encoder: Encoder
    retriever: InMemoryEmbeddingRetriever
    reader: TransformersExtractiveReader
    places: Mapping[str, Stretch]  # where the documents stand, by their ids
    sentences: Mapping[str, Sequence[Span]]  # of the articles, by their ids

    def ask(self, question: str, withheld: Sequence[Stretch] = ()) -> Response:
        ranking = self._retrieve(question, withheld, DEPTH)
        started = time.perf_counter()
        documents = self._retrieve(question, withheld)
        answers = self.reader.run(query=question, documents=documents)["answers"]
        answer = self._answer(question, answers)
        latency_ms = (time.perf_counter() - started) * 1000
        return Response(answer, tuple(self.places[each.id] for each in ranking), latency_ms)

    def _retrieve(
        self, question: str, withheld: Sequence[Stretch], top_k: int | None = None
    ) -> list[Document]:
        left_out = (
            [
                document_id
                for document_id, place in self.places.items()
                if any(map(place.overlaps, withheld))
            ]
            if withheld
            else []
        )
        found = self.retriever.run(
            query_embedding=self.encoder.encode_questions([question])[0].tolist(),
            filters={"field": "id", "operator": "not in", "value": left_out} if left_out else None,
            top_k=top_k,
        )
        return list(found["documents"])

    def _answer(self, question: str, answers: Sequence[ExtractedAnswer]) -> Answer:
        """Give the best span as the answer unless Haystack ranks "no answer" before it."""
        spans: dict[tuple[str, int, int], Alternative] = {}
        for answer in answers:
            if answer.document is not None:
                citation = self._cite(answer)
                # What stands where two documents overlap is found in both.
                place = citation.article.id, citation.answer_start, citation.answer_end
                spans.setdefault(place, Alternative(answer.score, citation))
        ranked = tuple(spans.values())
        given = 1 if ranked and answers[0].document is not None else 0
        return Answer(
            question=question,
            confidence=ranked[0].confidence if ranked else 0.0,
            citations=tuple(span.citation for span in ranked[:given]),
            alternatives=ranked[given : given + MAX_ALTERNATIVES],
            outcome=Outcome.ANSWERED if given else Outcome.NOT_FOUND,
        )

    def _cite(self, answer: ExtractedAnswer) -> Citation:
        document, offset = answer.document, answer.document_offset
        place = self.places[document.id]
        start, end = place.start + offset.start, place.start + offset.end
        evidence = Evidence(similarity=document.score)
        return cite(place.article, self.sentences[place.article.id], start, end, evidence)


def _place(document: Document, article: Article) -> Stretch:
    """Find where a document stands in its article, from where Haystack says that it does."""
    start = article.text.index(document.content, document.meta["split_idx_start"])
    return Stretch(article, start, start + len(document.content))


def _add_token_types(reader: TransformersExtractiveReader) -> None:
    """Have the model told 0 for the question up to the first separator, and 1 for what follows."""
    separator = reader.tokenizer.sep_token_id

    def add(
        _model: object, unnamed: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        separators = (named["input_ids"] == separator).long()
        before = separators.cumsum(dim=1) - separators
        return unnamed, {**named, "token_type_ids": before.clamp(max=1)}

    reader.model.register_forward_pre_hook(add, with_kwargs=True)
