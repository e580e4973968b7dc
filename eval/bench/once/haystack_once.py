"""One answer from Haystack, as its user would write it: ARTICLE QUESTION READER ENCODER."""

# ruff: noqa: T201
import os
import sys
from dataclasses import replace
from pathlib import Path

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from haystack import Document
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader
from sentence_transformers import SentenceTransformer


def main(article: str, question: str, reader: str, encoder: str) -> None:
    """Print the best answer."""
    splitter = DocumentSplitter(split_by="word", split_length=150, split_overlap=50)
    documents = splitter.run([Document(content=Path(article).read_text("utf-8"))])["documents"]
    model = SentenceTransformer(encoder, device="cpu", local_files_only=True)
    vectors = model.encode([document.content for document in documents])
    store = InMemoryDocumentStore()
    store.write_documents(
        [
            replace(document, embedding=vector.tolist())
            for document, vector in zip(documents, vectors, strict=True)
        ]
    )
    retriever = InMemoryEmbeddingRetriever(store)
    extractor = TransformersExtractiveReader(
        model=reader,
        device=ComponentDevice.from_str("cpu"),
        token=None,
        no_answer=False,
        model_kwargs={"dtype": "float32", "local_files_only": True},
    )
    extractor.warm_up()
    found = retriever.run(query_embedding=model.encode(question).tolist())["documents"]
    print(extractor.run(query=question, documents=found)["answers"][0].data, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
