"""How answers and articles look in the page: HTML, with every text of a document escaped."""

from __future__ import annotations

import hashlib
import html
import re
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from index.text.sentences import split_paragraphs
from qa import Alternative, Answer, Article, CitedSentence, Span
from ui.phrases import Part, Wording, in_percent, in_words, word
from ui.web.transcript import as_text

# The chat reads Markdown and the article pane fills a template: what is a sign to either is written
# as a character reference.
_SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "\\`*_{}[]()+-.!|~$^:/=@"})
_TITLES = 8  # of a collection, on the empty page
_MARKDOWN_HEADING = re.compile(r"#{1,6} .*\Z")
# What a browser would change or leave out when it reads it, and so shift all offsets behind it.
_UNSTABLE = str.maketrans({"\r": "&#13;", "\0": "\N{REPLACEMENT CHARACTER}"})


_KEYS: WeakKeyDictionary[Article, str] = WeakKeyDictionary()  # which keeps no article


def escape(text: str) -> str:
    """Return text as HTML that shows it as it is, also where Markdown is read."""
    return html.escape(text).translate(_SIGNS).replace("\n", "<br>")


def key_of(article: Article) -> str:
    """Return what stands for an article in the page: the same for the same text and id."""
    key = _KEYS.get(article)
    if key is None:
        key = hashlib.sha256(f"{article.id}\0{article.text}".encode()).hexdigest()[:16]
        _KEYS[article] = key
    return key


def article_html(article: Article) -> str:
    """Return a whole article; each paragraph says where it starts in ``article.text``."""
    paragraphs = "".join(
        f"<p data-start='{start}'{_heading(article.text[start:end])}>"
        f"{_verbatim(article.text[start:end])}</p>"
        for start, end in split_paragraphs(article.text)
    )
    return (
        f"<article tabindex='0' data-key='{key_of(article)}' aria-label='{escape(article.title)}'>"
        f"<h2>{escape(article.title)}</h2>{paragraphs}</article>"
    )


def welcome_html(articles: tuple[Article, ...]) -> str:
    """Return what an empty conversation shows: the article's title and lead, or the titles."""
    if len(articles) == 1:
        start, end = split_paragraphs(articles[0].text)[0]
        lead = articles[0].text[start:end]
        return f"<h2>{escape(articles[0].title)}</h2><p class='lead'>{escape(lead)}</p>"
    titles = "".join(f"<li>{escape(article.title)}</li>" for article in articles[:_TITLES])
    more = len(articles) - _TITLES
    rest = f"<p>and {more:,} more</p>" if more > 0 else ""
    return f"<h2>{len(articles):,} articles</h2><ul class='titles'>{titles}</ul>{rest}"


def answer_html(answer: Answer, *, articles: int) -> str:
    """Return an answer as the chat shows it: the answer, its confidence, its cited sentences.

    Args:
        answer: The answer.
        articles: How many articles were asked.
    """
    said = word(answer, articles=articles)
    if said.reply is not None:
        return f"<p>{escape(said.reply)}</p>"
    understood = f"<p class='understood'>{escape(said.understood)}</p>" if said.understood else ""
    quotations = "".join(
        _quotation(sentence, number, cited=bool(said.cited))
        for number, sentence in enumerate(said.sentences, start=1)
    )
    return (
        f"<div class='answer-card'>{understood}{_head(said)}{quotations}"
        f"{_others(answer, len(said.sentences))}{_actions(answer, articles)}</div>"
    )


def _head(said: Wording) -> str:
    """Return the answer itself, or what is said in its place."""
    parts = [_part(part, said.sentences[part.number - 1]) for part in said.parts]
    if said.headline is not None:
        name = "answer" if said.cited else "no-answer"
        parts = [f"<strong class='{name}'>{said.headline}</strong>"]
    if said.listed:
        listed = "".join(f"<li>{part}</li>" for part in parts)
        head = f"<ul class='answers'>{listed}</ul>"
    else:
        head = "".join(f"<p>{part}</p>" for part in parts)
    sure = "" if said.confidence is None else f"<p class='confidence'>{_odds(said.confidence)}</p>"
    heading = "" if said.heading is None else f"<p>{said.heading}</p>"
    return f"{head}{sure}{heading}"


def _odds(confidence: float) -> str:
    return f"{in_words(confidence)} · {in_percent(confidence)}"


def _part(part: Part, sentence: CitedSentence) -> str:
    speaker = f" <span class='speaker'>{escape(part.speaker)}</span>" if part.speaker else ""
    chip = _chip(sentence, part.number, "cite cited") + _preview(sentence)
    return f"<strong class='answer'>{escape(part.text)}</strong>{speaker}&nbsp;{chip}"


def _chip(sentence: CitedSentence, number: int, name: str) -> str:
    """Return a link that opens the article at a sentence.

    Its address says which article, and where in it the sentence and what is marked in it stand.
    """
    marks = ",".join(f"{start}-{end}" for start, end in sentence.marks)
    place = f"{key_of(sentence.article)}:{sentence.start}-{sentence.end}:{marks}"
    spoken = "<span class='spoken'>Show in the article: citation </span>"
    return f"<a class='{name}' href='#{place}'>{spoken}{number}</a>"


def _preview(sentence: CitedSentence) -> str:
    """Return what is shown of a sentence while its chip is pointed at."""
    return (
        f"<span class='preview'>{_pieces(sentence)} "
        f"<em>{escape(sentence.article.title)}</em></span>"
    )


def _pieces(sentence: CitedSentence) -> str:
    return "".join(
        f"<mark>{escape(piece)}</mark>" if marked else escape(piece)
        for piece, marked in sentence.pieces
    )


def _quotation(sentence: CitedSentence, number: int, *, cited: bool) -> str:
    chip = _chip(sentence, number, "cite cited" if cited else "cite")
    footer = f"<footer>{chip} {escape(sentence.article.title)}</footer>"
    return f"<blockquote>{_pieces(sentence)}{footer}</blockquote>"


def _others(answer: Answer, shown: int) -> str:
    """Return the other readings that are not shown yet, behind one click."""
    closest = set(answer.closest)
    others = [each for each in answer.alternatives if each.citation not in closest]
    if not others:
        return ""
    listed = "".join(
        f"<li>{_other(each, number)}</li>" for number, each in enumerate(others, start=shown + 1)
    )
    word = "reading" if len(others) == 1 else "readings"
    return (
        f"<details class='others'><summary>{len(others)} other {word}</summary>"
        f"<ul>{listed}</ul></details>"
    )


def _other(alternative: Alternative, number: int) -> str:
    cited = alternative.citation
    mark = Span(cited.answer_start, cited.answer_end)
    sentence = CitedSentence(cited.article, cited.start, cited.end, (mark,))
    return (
        f"{escape(alternative.text)} {_chip(sentence, number, 'cite')}{_preview(sentence)} "
        f"<span class='confidence'>{_odds(alternative.confidence)}</span>"
    )


def _actions(answer: Answer, articles: int) -> str:
    """Return what can be done with an answer; what is to be copied stands in it, unseen."""
    text = _verbatim(as_text(answer, articles=articles)).replace("\n", "&#10;")
    link = escape("?" + urlencode({"q": answer.understood}))
    return (
        "<p class='actions'><button class='copy'>Copy with citation</button> "
        f"<a class='share' href='{link}'>Copy link</a></p>"
        f"<pre class='copied'>{text}</pre>"
    )


def _heading(paragraph: str) -> str:
    return " class='heading'" if _MARKDOWN_HEADING.match(paragraph) else ""


def _verbatim(text: str) -> str:
    """Return text as HTML of which a browser makes the same characters, one for one."""
    return html.escape(text).translate(_SIGNS | _UNSTABLE)
