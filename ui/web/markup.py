"""How answers and articles look in the page: HTML, with every text of a document escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from index.structure.paragraphs import split_paragraphs
from index.structure.tables import pipe_cells
from qa import Alternative, Article, CitedSentence, Outcome, Span
from qa.answers import GIVEN
from ui.phrases import Part, Passages, Role, Wording, in_percent
from ui.web.documents import key_of, sizes_of, view_of
from ui.web.transcript import as_text

# The chat reads Markdown and the article pane fills a template: what is a sign to either is written
# as a character reference.
_SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "\\`*_{}[]()+-.!|~$^:/=@"})
TITLES = 8
"""How many titles of a collection the empty page shows."""

_HEADING = re.compile(r"(#{1,6})[ \t]+(?=[^ \t])(.*?)(?:[ \t]#+)?\Z")
_ROW = re.compile(r"\|.*\|\Z")
_RULE = re.compile(r"(?=[|: \t]*-)[|:\- \t]+\Z")
_PIPE = re.compile(r"\\(?=\|)")  # a pipe in a cell has a stroke before it
_ITEM = re.compile(r"(?:([-+•][ \t]+)|\*[ \t]|\d{1,3}[.)][ \t])\S")
_DEEPEST = 6  # item of a list, as it looks
# What a browser would change or leave out when it reads it, and so shift all offsets behind it.
_UNSTABLE = str.maketrans({"\r": "&#13;", "\0": "\N{REPLACEMENT CHARACTER}"})


def escape(text: str) -> str:
    """Return text as HTML that shows it as it is, also where Markdown is read."""
    return html.escape(text).translate(_SIGNS).replace("\n", "<br>")


def article_html(article: Article, label: str | None = None) -> str:
    """Return the text of an article; each piece of it says where it starts in ``article.text``.

    What is written as Markdown looks like what it stands for, without the signs.

    Where its document can be shown as it looks, it says so, for the page to fetch that.

    Args:
        article: The article.
        label: What it is called; its title if None.
    """
    label = escape(article.title if label is None else label)
    view = view_of(article)
    document = "" if view == "text" else f" data-view='{view}'"
    if view == "pages":
        document += f" data-sizes='{sizes_of(article)}'"
    return (
        f"<article tabindex='0' data-key='{key_of(article)}'{document} aria-label='{label}'>"
        f"<h2>{label}</h2><div class='text'>{''.join(_text(article.text))}</div></article>"
    )


def welcome_html(article: Article) -> str:
    """Return what an empty conversation shows of the only article: its title and lead."""
    start, end = split_paragraphs(article.text)[0]
    lead = article.text[start:end]
    return f"<h2>{escape(article.title)}</h2><p class='lead'>{escape(lead)}</p>"


def titles_html(labels: Sequence[str], count: int) -> str:
    """Return what an empty conversation shows of several articles: how many, and their titles.

    Args:
        labels: What the first of them are called.
        count: How many there are.
    """
    titles = "".join(f"<li>{escape(each)}</li>" for each in labels[:TITLES])
    more = count - len(labels[:TITLES])
    rest = f"<p>and {more:,} more</p>" if more > 0 else ""
    return f"<h2>{count:,} articles</h2><ul class='titles'>{titles}</ul>{rest}"


def answer_html(said: Wording, *, turn: int | None = None) -> str:
    """Return what is said as the chat shows it: the answer, its odds, its sentences.

    Args:
        said: What is said.
        turn: The number, by which a verdict on it is to name it; None if none is asked for.
    """
    if said.reply is not None:
        return f"<p>{escape(said.reply)}</p>"
    understood = "".join(
        f"<p class='understood'>{escape(each)}</p>"
        for each in (said.understood, said.looked_at)
        if each
    )
    passages = "".join(
        _nearest(each, said)
        if each.role == "nearest"
        else _heading(each.heading) + _quoted(each, said)
        for each in said.passages
    )
    return (
        f"<div class='answer-card'>{understood}{_head(said, turn)}{passages}{_others(said)}"
        f"{_actions(said)}</div>"
    )


def _head(said: Wording, turn: int | None) -> str:
    """Return the answer itself, or what is said in its place."""
    parts = [_part(part, said, turn) for part in said.parts]
    head = ""
    if said.headline is not None:
        name = "answer" if said.evidence and said.passages[0].role != "nearest" else "no-answer"
        head = f"<p><strong class='{'hedge' if parts else name}'>{said.headline}</strong></p>"
    if said.listed:
        listed = "".join(f"<li>{part}</li>" for part in parts)
        head += f"<ul class='answers'>{listed}</ul>"
    else:
        head += "".join(f"<p>{part}</p>" for part in parts)
    if said.odds is not None and (said.withheld or said.outcome in GIVEN):
        head += _odds(said.odds)
    return head + _verdicts(said, turn)


def _odds(odds: str) -> str:
    return f"<p class='confidence'>{odds}</p>"


def _part(part: Part, said: Wording, turn: int | None) -> str:
    """Return a part; a verdict on one of two is named after its place among them."""
    role = said.passages[0].role
    sentence = said.sentences[part.number - 1]
    words = [said.before, f"<strong class='answer'>{escape(part.text)}</strong>"]
    if part.speaker is not None:
        words.append(f"<span class='speaker'>{escape(part.speaker)}</span>")
    chip = _chip(sentence, part.number, role, cited=True) + _preview(sentence, role, said)
    line = f"{' '.join(filter(None, words))}&nbsp;{chip}"
    if part.confidence is not None:
        line += f" <span class='confidence'>{in_percent(part.confidence)}</span>"
        line += _verdict(turn, str(said.parts.index(part)), "This is right")
    return f"{line} {said.after}" if said.after else line


def _verdicts(said: Wording, turn: int | None) -> str:
    """Return what accepts or rejects, in one click, what was not claimed."""
    if said.outcome is Outcome.PROBABLE:
        buttons = _verdict(turn, "right", "Right") + _verdict(turn, "wrong", "Wrong")
    elif said.outcome is Outcome.CLOSE_CALL:
        buttons = _verdict(turn, "wrong", "Neither")
    else:
        buttons = ""
    return f"<p class='actions'>{buttons}</p>" if buttons else ""


def _verdict(turn: int | None, verdict: str, name: str) -> str:
    if turn is None:
        return ""
    return f" <button class='verdict' value='{turn}:{verdict}'>{name}</button>"


def _chip(sentence: CitedSentence, number: int, role: Role, *, cited: bool) -> str:
    """Return a link that opens the article at a sentence.

    Its address says which article, where in it the sentence and what is marked in it stand, and
    what they are, unless an answer. Those that are cited are marked without a click.
    """
    marks = "" if role == "nearest" else ",".join(f"{start}-{end}" for start, end in sentence.marks)
    place = f"{key_of(sentence.article)}:{sentence.start}-{sentence.end}:{marks}"
    if role != "answer":
        place += f":{_name(role)}"
    spoken = "<span class='spoken'>Show in the article: citation </span>"
    return f"<a class='{'cite cited' if cited else 'cite'}' href='#{place}'>{spoken}{number}</a>"


def _name(role: Role) -> str:
    return role.replace(" ", "-")


def _preview(sentence: CitedSentence, role: Role, said: Wording) -> str:
    """Return what is shown of a sentence while its chip is pointed at."""
    return (
        f"<span class='preview'>{_pieces(sentence, role)} "
        f"<em>{escape(said.source_of(sentence))}</em></span>"
    )


def _pieces(sentence: CitedSentence, role: Role) -> str:
    if role == "nearest":
        return escape(sentence.text)
    mark = "<mark>" if role == "answer" else f"<mark class='{_name(role)}'>"
    return "".join(
        f"{mark}{escape(piece)}</mark>" if marked else escape(piece)
        for piece, marked in sentence.pieces
    )


def _quoted(passages: Passages, said: Wording) -> str:
    role = passages.role
    quotations = []
    for number, sentence in enumerate(passages.sentences, start=passages.first):
        chip = _chip(sentence, number, role, cited=role != "nearest")
        footer = f"<footer>{chip} {escape(said.source_of(sentence))}</footer>"
        quotation = _columns(sentence) + _pieces(sentence, role)
        quotations.append(f"<blockquote>{quotation}{footer}</blockquote>")
    return "".join(quotations)


def _columns(sentence: CitedSentence) -> str:
    """Return the headings of the columns, where a row of a table is quoted."""
    text = sentence.article.text
    blocks = sentence.article.structure.within(sentence.span)
    columns = {block.columns for block in blocks}
    if len(columns) != 1 or not (spans := columns.pop()):
        return ""
    named = " | ".join(text[start:end] for start, end in spans)
    return f"<span class='columns'>{escape(named)}</span>"


def _heading(heading: str | None) -> str:
    return "" if heading is None else f"<p>{heading}</p>"


def _nearest(passages: Passages, said: Wording) -> str:
    """Return passages that do not answer, behind one click."""
    summary = (passages.heading or "").rstrip(":")
    odds = "" if said.odds is None or said.withheld else _odds(said.odds)
    quoted = _quoted(passages, said)
    return f"<details class='others'><summary>{summary}</summary>{odds}{quoted}</details>"


def _others(said: Wording) -> str:
    """Return the other readings that are not shown yet, behind one click."""
    if not said.others:
        return ""
    shown = len(said.sentences)
    listed = "".join(
        f"<li>{_other(each, number, said)}</li>"
        for number, each in enumerate(said.others, start=shown + 1)
    )
    word = "reading" if len(said.others) == 1 else "readings"
    return (
        f"<details class='others'><summary>{len(said.others)} other {word}</summary>"
        f"<ul>{listed}</ul></details>"
    )


def _other(alternative: Alternative, number: int, said: Wording) -> str:
    cited = alternative.citation
    role: Role = "other reading"
    mark = Span(cited.answer_start, cited.answer_end)
    sentence = CitedSentence(cited.article, cited.start, cited.end, (mark,))
    chip = _chip(sentence, number, role, cited=False) + _preview(sentence, role, said)
    odds = f"<span class='confidence'>{said.odds_of(alternative.confidence)}</span>"
    return f"{escape(alternative.text)} {chip} {odds}"


def _actions(said: Wording) -> str:
    """Return what can be done with an answer; what is to be copied stands in it, unseen."""
    text = _verbatim(as_text(said)).replace("\n", "&#10;")
    return (
        "<p class='actions'><button class='copy'>Copy with citation</button> "
        f"<a class='share' href='{escape(_link(said))}'>Copy link</a></p>"
        f"<pre class='copied'>{text}</pre>"
    )


def _link(said: Wording) -> str:
    """Return what asks the question again; who reads it, sees what came of it this time."""
    facts = {"q": said.asked, "outcome": said.outcome.value}
    if said.confidence is not None:
        facts["odds"] = in_percent(said.confidence)
    for sentence in said.sentences[:1]:
        facts["article"] = said.source_of(sentence)
        facts["passage"] = f"{sentence.start}-{sentence.end}"
    return f"?{urlencode(facts)}"


def _text(text: str) -> Iterator[str]:
    """Return a text piece by piece: its tables, and each paragraph besides."""
    rows: list[Span] = []
    for span in split_paragraphs(text):
        is_row = _ROW.match(text, *span) is not None
        if rows and not (is_row and text.count("\n", rows[-1].end, span.start) == 1):
            yield _table(text, rows)
            rows = []
        if is_row:
            rows.append(span)
        else:
            yield _paragraph(text, *span)
    if rows:
        yield _table(text, rows)


def _paragraph(text: str, start: int, end: int) -> str:
    look = ""
    if heading := _HEADING.match(text, start, end):
        look = " class='heading'" if len(heading[1]) < 3 else " class='heading low'"
        start, end = heading.span(2)
    elif item := _ITEM.match(text, start, end):
        depth = (start - 1 - text.rfind("\n", 0, start)) // 2
        look = f" class='item{' bullet' if item[1] else ''}' style='--depth:{min(depth, _DEEPEST)}'"
        start = max(start, item.end(1))
    return f"<p data-start='{start}'{look}>{_verbatim(text[start:end])}</p>"


def _table(text: str, rows: list[Span]) -> str:
    """Return rows that stand together as a table; the first is its head if a rule is below it."""
    headed = len(rows) > 1 and _RULE.match(text, *rows[1]) is not None
    shown = []
    for number, row in enumerate(rows):
        if _RULE.match(text, *row):
            continue
        name = "th" if headed and number == 0 else "td"
        shown.append("".join(_cell(text, cell, name) for cell in pipe_cells(text, row)))
    return f"<table>{''.join(f'<tr>{each}</tr>' for each in shown)}</table>" if shown else ""


def _cell(text: str, cell: Span, name: str) -> str:
    strokes = [match.start() for match in _PIPE.finditer(text, *cell)]
    if not strokes:
        return (
            f"<{name} data-start='{cell.start}'>{_verbatim(text[cell.start : cell.end])}</{name}>"
        )
    bounds = zip([cell.start, *(at + 1 for at in strokes)], [*strokes, cell.end], strict=True)
    pieces = "".join(
        f"<span data-start='{start}'>{_verbatim(text[start:end])}</span>"
        for start, end in bounds
        if start < end
    )
    return f"<{name}>{pieces}</{name}>"


def _verbatim(text: str) -> str:
    """Return text as HTML of which a browser makes the same characters, one for one."""
    return html.escape(text).translate(_SIGNS | _UNSTABLE)
