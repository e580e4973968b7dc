"""Reads documents that were made, and measures how well and how fast."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eval.documents.agreement import NOTHING, Agreement, Share, agreement
from eval.documents.blocks import Block, Made
from eval.documents.packages import make_docx, make_epub, make_pptx
from eval.documents.pdf import LAYOUTS, make_pdf
from eval.documents.spans import spans_right, unplaced
from eval.documents.texts import make_csv, make_markdown, make_texts
from eval.documents.web import make_html, make_mails
from qa import Article, ArticleError

Read = Callable[[bytes, str], Article]
"""Makes an article of a document's bytes and name; raises an ArticleError if it cannot."""


@dataclass(frozen=True)
class Reading:
    """What came of reading a document.

    Attributes:
        name: The name of the document, which says what is special about it.
        pages: How many pages it has; 0 for what has none.
        words: How many words are known to be in it.
        error: Why it was refused; None if it was read.
        seconds: How long it took.
        agreement: How far the text agrees with what is known; None if it was refused.
        spans: How many random spans of the text are read again at their places.
        unplaced: How many letters of the text have no place in the document.
        notes: What a person is told of how it was read.
    """

    name: str
    pages: int
    words: int
    error: str | None = None
    seconds: float = 0.0
    agreement: Agreement | None = None
    spans: Share = NOTHING
    unplaced: Share = NOTHING
    notes: tuple[str, ...] = ()


def make_all(blocks: Sequence[Block]) -> Iterator[Made]:
    """Make a document of blocks in each format, and PDFs in each layout.

    Raises:
        SettingError: What writes PDFs is not installed.
    """
    yield from (make_pdf(blocks, layout) for layout in LAYOUTS)
    yield make_docx(blocks)
    yield make_pptx(blocks)
    yield make_epub(blocks)
    yield make_html(blocks)
    yield from make_mails(blocks)
    yield make_markdown(blocks)
    yield make_csv(blocks)
    yield from make_texts(blocks)


def measure(made: Made, spans: int, read: Read = Article.from_bytes) -> Reading:
    """Read a document and hold what comes of it against what is known.

    Args:
        made: The document.
        spans: How many random spans to read again in it.
        read: What reads it.
    """
    known = len(made.text.split())
    began = time.perf_counter()
    try:
        article = read(made.data, made.name)
    except ArticleError as error:
        took = time.perf_counter() - began
        return Reading(made.name, made.pages, known, str(error), took)
    took = time.perf_counter() - began
    return Reading(
        name=made.name,
        pages=made.pages,
        words=known,
        seconds=took,
        agreement=agreement(made, article.text, article.structure),
        spans=spans_right(article, spans),
        unplaced=unplaced(article),
        notes=article.notes,
    )
