"""Documents as they look, to mark answers in them: pages drawn, elements as sanitised HTML."""

from __future__ import annotations

from index.articles import Article
from index.errors import ArticleError
from index.loaders.apart.processes import Limits, Pool
from index.loaders.tasks import PAGE, VIEW, html_of
from index.loaders.text_encodings import as_utf8
from index.originals import Original

# Not those that read documents: who looks at one does not wait for others' to be read.
_CHILDREN = Pool(2, Limits(seconds=30, memory=2 << 30))


def markup_of(article: Article) -> str:
    """Return a document that consists of elements as HTML that is safe in a page.

    Each text that is in the article is in a ``<span data-start='N'>``, where N is its offset in
    ``article.text``. See :func:`index.loaders.markup.view_of`.

    Raises:
        ArticleError: The document is gone, has changed, or has no elements.
    """
    original = _original(article)
    data = original.read()
    if original.encoding is not None:  # it was read in the encoding that was named
        data = as_utf8(data, article.id, original.encoding)
    reply = _CHILDREN.run(
        VIEW,
        article.id,
        [data, article.places.to_bytes(), article.text.encode()],
        media_type=original.media_type,
        name=article.id,
    )
    return html_of(reply)


def page_of(article: Article, number: int, width: int) -> bytes:
    """Draw a page of a document as a PNG.

    Args:
        article: The article.
        number: The number of the page, from 1.
        width: How wide it is drawn, in pixels.

    Raises:
        ArticleError: The document is gone, has changed, or has no such page.
    """
    original = _original(article)
    if original.media_type != "application/pdf":
        raise ArticleError(f"{article.id}: is {original.media_type}, which has no pages.")
    reply = _CHILDREN.run(
        PAGE, article.id, [original.read()], number=number, width=width, name=article.id
    )
    return reply.blobs[0]


def _original(article: Article) -> Original:
    if article.original is None:
        raise ArticleError(f"{article.id}: has no document but its text.")
    return article.original
