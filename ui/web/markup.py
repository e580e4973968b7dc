"""How answers and articles look in the page: HTML, with every text of a document escaped."""

from __future__ import annotations

import html
import itertools
from collections.abc import Sequence

from index.articles import Article
from index.sentences import Span, split_paragraphs
from qa.answers import SEVERAL, Answer, Citation, CitedSentence

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
    if answer.reply is not None:
        return f"<p>{escape(answer.reply)}</p>"
    understood = (
        f"<p class='understood'>Understood as: {escape(answer.understanding)}</p>"
        if answer.understanding is not None
        else ""
    )
    return f"{understood}{_head(answer, articles)}{_quotations(answer.shown)}"


def _head(answer: Answer, articles: int) -> str:
    """Return the answer itself, in the form that its kind of question asks for."""
    sure = (
        f" <span class='confidence'>confidence {answer.confidence:.0%}</span>"
        if answer.confidence is not None
        else ""
    )
    if answer.text is None:
        says = answer.refusal(articles=articles)
        closest = "<p>Closest, but not sure enough:</p>" if answer.shown else ""
        return f"<p><strong class='no-answer'>{says}</strong></p>{closest}"
    if answer.kind == "yes_no":
        return f"<p><strong class='answer'>Evidence, not a verdict</strong>{sure}</p>"
    if answer.kind in SEVERAL:
        parts = "".join(f"<li>{_answer(part)}</li>" for part in answer.citations)
        return f"<ul class='answers'>{parts}</ul>" + (f"<p>{sure.strip()}</p>" if sure else "")
    return f"<p>{_answer(answer.citations[0])}{sure}</p>"


def _answer(citation: Citation) -> str:
    speaker = (
        f" <span class='speaker'>{escape(citation.speaker)}</span>" if citation.speaker else ""
    )
    return f"<strong class='answer'>{escape(citation.answer)}</strong>{speaker}"


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


def _quotations(sentences: Sequence[CitedSentence]) -> str:
    return "".join(
        "<blockquote>"
        + "".join(
            f"<mark>{escape(piece)}</mark>" if marked else escape(piece)
            for piece, marked in sentence.pieces
        )
        + f"<footer>{escape(sentence.article.title)}</footer></blockquote>"
        for sentence in sentences
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
