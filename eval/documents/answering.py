"""How well questions are answered from documents, beside the plain text of the same articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from eval.documents.blocks import Block, Made, typeset
from eval.documents.packages import make_docx
from eval.documents.pdf import PAPER, make_pdf
from eval.documents.reading import Read
from eval.documents.texts import make_markdown
from eval.documents.web import make_html
from eval.measures.metrics import percent
from eval.measures.runner import evaluate
from eval.sets.cases import Corpus, lay_out
from eval.systems.base import System
from qa import Article
from qa.squad import QuestionSet

PLAIN = "plain text"
_MAKERS: dict[str, Callable[[Sequence[Block]], Made]] = {
    "Markdown, title as heading": make_markdown,  # as all others have it, but the plain text
    "PDF, two columns": lambda blocks: make_pdf(blocks, PAPER),
    "DOCX": make_docx,
    "HTML, navigation around": make_html,
}


@dataclass(frozen=True)
class Answering:
    """How well questions are answered.

    Attributes:
        name: Of what they are asked.
        questions: How many there are.
        f1: F1 of the answers as they are given, in percent.
        guess_f1: The same if the best span is always given.
    """

    name: str
    questions: int
    f1: float
    guess_f1: float


def answer_all(
    sets: Sequence[QuestionSet],
    system: System,
    *,
    limit: int | None = None,
    read: Read = Article.from_bytes,
    progress: bool = False,
) -> list[Answering]:
    """Ask the same questions of the plain text, and of it typeset in several formats.

    Args:
        sets: The articles, with their questions.
        system: What answers.
        limit: At most so many questions, taken evenly from all.
        read: What reads documents.
        progress: Whether to show a progress bar on standard error.

    Raises:
        ArticleError: A document cannot be read.
        SettingError: What writes PDFs is not installed.
    """
    asked = lay_out(sets, limit=limit)
    measured = []
    for name in (PLAIN, *_MAKERS):
        corpora = asked if name == PLAIN else [_made(each, _MAKERS[name], read) for each in asked]
        results = list(evaluate(system, corpora, name=f"of {name}", progress=progress))
        measured.append(
            Answering(
                name,
                len(results),
                percent([each.f1 for each in results]) or 0.0,
                percent([each.guess_f1 for each in results if each.golds]) or 0.0,
            )
        )
    return measured


def _made(corpus: Corpus, make: Callable[[Sequence[Block]], Made], read: Read) -> Corpus:
    """Return the same questions of articles that were made into documents and read again."""
    articles = []
    for article in corpus.articles:
        made = make(typeset(article.title, article.text))
        articles.append(replace(read(made.data, made.name), id=article.id))
    return replace(corpus, articles=tuple(articles))
