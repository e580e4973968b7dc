"""Makes an index of articles: cuts them, embeds them, and puts what is searched together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from index.articles import Article
from index.errors import ArticleError
from index.models.encoder import Encoder, Vectors
from index.progress import Bar, bar_of
from index.store.allocation import Allocate, in_memory
from index.store.bm25 import Field, make_postings
from index.store.data import DEFAULT_SETTINGS, Bounds, IndexData, IndexSettings
from index.store.rows import Rows
from index.store.vectors import EXACT_UP_TO, make_clusters
from index.structure.sentences import split_sentences
from index.structure.spans import Span
from index.text.naming import headings_above, names_of
from index.text.passages import bound_to_next, cut_long_sentence, split_passages, split_sections
from index.text.rendering import render, render_in_place
from index.text.stretches import Stretch

SAME_VECTOR = 0.999
"""The least cosine of one text's vectors from one encoder, rounding allowed for."""

# A heading is often all that tells sections of one form apart; a title mostly says what all of its
# article is about, and the more it counts, the less do the words within the article.
_HEADING, _NAME = 0.6, 0.2
_BLOCK = 4096  # sentences whose bounds are taken as Python numbers at once


def make_index(
    articles: Sequence[Article],
    encoder: Encoder,
    settings: IndexSettings = DEFAULT_SETTINGS,
    *,
    exact_up_to: int = EXACT_UP_TO,
    progress: bool = False,
) -> IndexData:
    """Make an index in memory; see :meth:`index.retriever.Retriever.build`."""
    sentences, passages = cut(articles, encoder, settings, progress=progress)
    texts = list(texts_of(articles, sentences))
    vectors = encoder.encode_passages(texts, progress=progress)
    return put_together(
        articles, sentences, passages, vectors, encoder.name, settings, exact_up_to=exact_up_to
    )


def put_together(
    articles: Sequence[Article],
    sentences: Bounds,
    passages: Rows,
    vectors: Vectors,
    encoder: str,
    settings: IndexSettings,
    *,
    exact_up_to: int = EXACT_UP_TO,
    progress: bool = False,
    allocate: Allocate = in_memory,
) -> IndexData:
    """Make an index of articles that are cut and embedded: add the words and the clusters.

    Args:
        articles: The articles.
        sentences: Where their sentences are, as :class:`IndexData` has it.
        passages: Which sentences each passage consists of.
        vectors: The vectors of the sentences.
        encoder: The name of the encoder that made them.
        settings: What the articles were cut with, and how passages are ranked.
        exact_up_to: How many sentences there may be for a search to look at every one.
        progress: Whether to show progress bars on standard error.
        allocate: Where the arrays that are added are to be.
    """
    with bar_of(len(sentences), "Counting words", "sentences", progress=progress) as bar:
        pieces = _seen((render(each).text for each in _stretches(articles, sentences)), bar)
        fields = _fields(articles, sentences, passages)
        postings = make_postings(pieces, *passages.T, fields=fields, allocate=allocate)
    clusters = make_clusters(vectors, allocate=allocate) if len(vectors) > exact_up_to else None
    return IndexData(
        tuple(articles), sentences, passages, vectors, encoder, postings, clusters, settings
    )


def check_articles(articles: Sequence[Article]) -> None:
    """Check that there are articles to index.

    Raises:
        ArticleError: There is none, or two have the same id.
    """
    if not articles:
        raise ArticleError("There is no article to ask; give at least one.")
    repeated = [i for i, n in Counter(article.id for article in articles).items() if n > 1]
    if repeated:
        raise ArticleError(f"Two articles have the id {repeated[0]!r}; give each its own.")


def cut(
    articles: Sequence[Article], encoder: Encoder, settings: IndexSettings, *, progress: bool
) -> tuple[Bounds, Rows]:
    """Return where the sentences are, and the rows of those that each passage consists of.

    Raises:
        ArticleError: There is no article, or two have the same id.
    """
    check_articles(articles)
    sentences: list[Bounds] = []
    passages: list[Rows] = []
    count = 0
    with bar_of(len(articles), "Splitting", "articles", progress=progress) as bar:
        for number, article in enumerate(articles):
            spans, tokens = _embeddable_sentences(article, encoder)
            own = np.array([(number, *span) for span in spans], dtype=np.int64)
            bound = bound_to_next(spans, article.structure)
            windows = np.array(
                [
                    window
                    for section in split_sections(spans, article.structure)
                    for window in split_passages(
                        spans[section],
                        tokens[section],
                        bound=bound[section],
                        max_tokens=encoder.max_tokens,
                        window=settings.window,
                        stride=settings.stride,
                    )
                ]
            )
            first = np.searchsorted(own[:, 1], windows[:, 0])
            last = np.searchsorted(own[:, 2], windows[:, 1]) + 1
            sentences.append(own)
            passages.append(np.stack([first, last], axis=1) + count)
            count += len(own)
            bar.update()
    return np.concatenate(sentences), np.concatenate(passages)


def _embeddable_sentences(
    article: Article, encoder: Encoder
) -> tuple[list[Span], list[list[Span]]]:
    """Return a text's sentences, in pieces where one is too long for a vector, and their tokens."""
    text = article.text
    spans = split_sentences(text, article.structure)
    tokens = encoder.tokenize([text[start:end] for start, end in spans])
    pieces: list[Span] = []
    held: list[list[Span]] = []
    for span, own in zip(spans, tokens, strict=True):
        cut = cut_long_sentence(span, own, encoder.max_tokens)
        pieces += cut
        held += [own[: encoder.max_tokens]] * len(cut)
    return pieces, held


def texts_of(articles: Sequence[Article], sentences: Bounds) -> Iterator[str]:
    """Return what is embedded for each sentence, one at a time."""
    return map(render_in_place, _stretches(articles, sentences))


def _stretches(articles: Sequence[Article], sentences: Bounds) -> Iterator[Stretch]:
    for start in range(0, len(sentences), _BLOCK):
        for number, first, last in sentences[start : start + _BLOCK].tolist():
            yield Stretch(articles[number], first, last)


def _fields(articles: Sequence[Article], sentences: Bounds, passages: Rows) -> list[Field]:
    """Return what stands above the passages: their headings, and what tells their articles apart.

    The name of an article that is alone tells nothing.
    """
    numbers: dict[tuple[str, ...], int] = {}
    headings = np.empty(len(passages), dtype=np.int64)
    for place, first in enumerate(_stretches(articles, sentences[passages[:, 0]])):
        above = (each.text for each in headings_above(first))
        own = tuple(each for each in above if each != first.article.title)
        headings[place] = numbers.setdefault(own, len(numbers))
    fields = (
        [Field(["\n".join(above) for above in numbers], headings, _HEADING)]
        if len(numbers) > 1
        else []
    )
    if len(articles) > 1:
        names = ["\n".join(names_of(article)) for article in articles]
        fields.append(Field(names, sentences[passages[:, 0], 0], _NAME))
    return fields


def _seen(texts: Iterator[str], bar: Bar) -> Iterator[str]:
    """Return texts as they are, each noted on a progress bar."""
    for text in texts:
        bar.update()
        yield text
