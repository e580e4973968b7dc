"""How answers and articles look in the page: HTML, with every text of a document escaped."""

from __future__ import annotations

import html
import itertools
from collections.abc import Sequence

from index.articles import Article
from index.sentences import Span, split_paragraphs
from qa.answers import Answer, Citation

# The chat reads Markdown and the article pane fills a template: what is a sign to either is written
# as a character reference.
_SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "\\`*_{}[]()+-.!|~$^:/=@"})


def escape(text: str) -> str:
    """Return text as HTML that shows it as it is, also where Markdown is read."""
    return html.escape(text).translate(_SIGNS).replace("\n", "<br>")


def answer_html(answer: Answer, *, articles: int) -> str:
    """Return an answer as the chat shows it: the answer, its confidence, its cited sentences.

    Args:
        answer: The answer.
        articles: How many articles were asked.
    """
    if answer.text is not None:
        return (
            f"<p><strong class='answer'>{escape(answer.text)}</strong> "
            f"<span class='confidence'>confidence {answer.confidence:.0%}</span></p>"
            + _quotations(answer.citations)
        )
    says = "The article does not say." if articles == 1 else "The articles do not say."
    return f"<p><strong class='no-answer'>{says}</strong></p>" + (
        f"<p>Closest, but not sure enough:</p>{_quotations(answer.closest)}"
        if answer.closest
        else ""
    )


def article_html(article: Article, citations: Sequence[Citation] = ()) -> str:
    """Return a whole article, the cited sentences marked in it and the answers more strongly.

    Args:
        article: The article.
        citations: What is cited; those of other articles are left out.
    """
    cited = [citation for citation in citations if citation.article == article]
    sentences = [Span(citation.start, citation.end) for citation in cited]
    answers = [Span(citation.answer_start, citation.answer_end) for citation in cited]
    paragraphs = [
        f"<p>{_marked(article.text, paragraph, sentences, answers)}</p>"
        for paragraph in split_paragraphs(article.text)
    ]
    return f"<h2>{escape(article.title)}</h2>{''.join(paragraphs)}"


def _quotations(citations: Sequence[Citation]) -> str:
    return "".join(
        f"<blockquote>{escape(before)}<mark>{escape(answer)}</mark>{escape(after)}"
        f"<footer>{escape(citation.article.title)}</footer></blockquote>"
        for citation in citations
        for before, answer, after in [citation.parts]
    )


def _marked(text: str, paragraph: Span, sentences: Sequence[Span], answers: Sequence[Span]) -> str:
    """Mark what stands in sentences and answers, which may overlap and go on past the paragraph."""

    def kind(position: int) -> str:
        if any(start <= position < end for start, end in answers):
            return "answer"
        return "cited" if any(start <= position < end for start, end in sentences) else ""

    edges = {edge for span in (*sentences, *answers) for edge in span}
    cuts = sorted({*paragraph, *(e for e in edges if paragraph.start < e < paragraph.end)})
    pieces = itertools.pairwise(cuts)
    return "".join(
        f"<mark class='{name}'>{escape(text[start:end])}</mark>"
        if name
        else escape(text[start:end])
        for start, end in pieces
        for name in [kind(start)]
    )
