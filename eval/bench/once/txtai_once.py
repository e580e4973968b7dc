"""One answer from txtai, as its user would write it: ARTICLE QUESTION READER ENCODER."""

# ruff: noqa: T201
import sys
from pathlib import Path

from txtai import Embeddings
from txtai.pipeline import RAG, Questions


def main(article: str, question: str, reader: str, encoder: str) -> None:
    """Print the answer."""
    paragraphs = [each for each in Path(article).read_text("utf-8").splitlines() if each.strip()]
    embeddings = Embeddings(path=encoder, content=True, gpu=False)
    embeddings.index(paragraphs)
    chain = RAG(embeddings, Questions(reader, gpu=False, dtype="float32"))
    print(chain(question)["answer"], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
