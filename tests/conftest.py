"""Fixtures that are costly: the real models, loaded once."""

from __future__ import annotations

import pytest

from index.articles import Article
from index.encoder import SentenceEncoder
from qa.pipeline import ArticleQA, shipped_article
from qa.reader import TransformerReader


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return SentenceEncoder.load()


@pytest.fixture(scope="session")
def reader() -> TransformerReader:
    return TransformerReader.load()


@pytest.fixture(scope="session")
def article() -> Article:
    return shipped_article()


@pytest.fixture(scope="session")
def bot(article: Article, encoder: SentenceEncoder, reader: TransformerReader) -> ArticleQA:
    return ArticleQA.from_articles([article], encoder=encoder, reader=reader)
