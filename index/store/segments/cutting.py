"""Cuts articles into sentences and passages, and embeds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from index.articles import Article
from index.models.encoder import Encoder
from index.store.base import Cut, Prepared
from index.store.settings import IndexSettings
from index.structure.sentences import split_sentences
from index.structure.spans import Span
from index.text.passages import bound_to_next, cut_long_sentence, split_passages, split_sections
from index.text.rendering import render_in_place
from index.text.stretches import Stretch


def cut(article: Article, encoder: Encoder, settings: IndexSettings) -> Cut:
    """Cut an article into sentences that a vector can speak for, and passages of them."""
    spans, tokens = _embeddable_sentences(article, encoder)
    sentences = np.array(spans, dtype=np.int64)
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
    first = np.searchsorted(sentences[:, 0], windows[:, 0])
    last = np.searchsorted(sentences[:, 1], windows[:, 1]) + 1
    return Cut(sentences, np.stack([first, last], axis=1).astype(np.int64))


def embed(
    cuts: Sequence[tuple[Article, Cut]],
    encoder: Encoder,
    *,
    tags: frozenset[str] = frozenset(),
    progress: bool = False,
) -> Iterator[Prepared]:
    """Embed the sentences of articles that were cut, all in one call.

    Args:
        cuts: Articles, and how they were cut.
        encoder: Makes the vectors.
        tags: What the articles are to be filed under.
        progress: Whether to show a progress bar on standard error.
    """
    texts = [render_in_place(each) for own in cuts for each in sentences_of(*own)]
    vectors = encoder.encode_passages(texts, progress=progress)
    end = 0
    for article, own in cuts:
        start, end = end, end + len(own.sentences)
        yield Prepared(article, own, vectors[start:end], tags)


def sentences_of(article: Article, own: Cut) -> Iterable[Stretch]:
    """Return the sentences of an article that was cut, in order."""
    return (Stretch(article, start, end) for start, end in own.sentences.tolist())


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
