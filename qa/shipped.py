"""The article that is in the package, and its index, built beforehand."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from index.articles import Article
from index.errors import SavedIndexError
from index.models.encoder import Encoder, SentenceEncoder
from index.retriever import Retriever
from index.store.opening import in_memory, open_store

DEFAULT_ARTICLE = Path(__file__).parent / "data" / "article.txt"
DEFAULT_INDEX = DEFAULT_ARTICLE.with_name("article_index")
_TITLE = "Talks on peace in Ukraine"  # ours: the text has no headline


def shipped_article() -> Article:
    """Return the article that is in the package."""
    article = Article.from_file(DEFAULT_ARTICLE)
    return replace(article, id=DEFAULT_ARTICLE.name, title=_TITLE, source=None, original=None)


def shipped_retriever(encoder: Encoder, folder: Path = DEFAULT_INDEX) -> Retriever:
    """Copy the article's index to memory; build it if there is none.

    Args:
        encoder: The encoder to ask with. An index of another, or of another text, is not used.
        folder: Where the index was saved.
    """
    article = shipped_article()
    with contextlib.suppress(SavedIndexError), contextlib.closing(open_store(folder)) as saved:
        # A copy: what is added to it is not to come into the package.
        retriever = Retriever.open(in_memory(saved), encoder)
        if retriever.articles == (article,):
            return retriever
    return Retriever.build([article], encoder)


def rebuild_shipped_index() -> None:
    """Build the article's index, after a change of the article, the encoder or the format."""
    Retriever.build([shipped_article()], SentenceEncoder.load()).save(DEFAULT_INDEX)
