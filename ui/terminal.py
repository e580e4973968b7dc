"""How an answer looks in a terminal."""

from __future__ import annotations

import re

import typer

from qa import Answer, Citation, CitedSentence
from qa.answers import SEVERAL

# Control characters other than tab and line feed, and those that turn the direction of text, could
# make a terminal show something else than the article says.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INDENT = " " * 4


def show(answer: Answer, *, articles: int, min_confidence: float, color: bool) -> str:
    """Lay out an answer with its cited sentences, the answer marked in each.

    Args:
        answer: The answer.
        articles: How many articles were asked.
        min_confidence: What the answer's confidence was held against.
        color: Whether to mark with colours rather than with asterisks.
    """
    if answer.reply is not None:
        return "\n".join(
            [answer.reply, *(f"{_INDENT}{_safe(each)}" for each in answer.suggestions)]
        )
    sure = "" if answer.confidence is None else f"  (confidence {answer.confidence:.2f})"
    if answer.text is None:
        head = answer.refusal(articles=articles)
        if answer.confidence is not None:
            head += f"  (best guess {answer.confidence:.2f}, needed {min_confidence:.2f})"
        if answer.shown:
            head += "\n\nClosest, but not sure enough:"
    elif answer.kind == "yes_no":
        head = f"Evidence, not a verdict:{sure}"
    elif answer.kind in SEVERAL:
        parts = [f"- {_bold(part.answer, color)}{_speaker(part)}" for part in answer.citations]
        head = "\n".join([*parts, *([sure.strip()] if sure else [])])
    else:
        head = f"{_bold(answer.text, color)}{_speaker(answer.citations[0])}{sure}"
    understood = answer.understanding
    if understood is not None:
        head = f"Understood as: {_safe(understood)}\n\n{head}"
    cited = [_cited(number, each, color) for number, each in enumerate(answer.shown, start=1)]
    return "\n\n".join([head, *cited])


def _speaker(citation: Citation) -> str:
    return f" — {_safe(citation.speaker)}" if citation.speaker else ""


def _cited(number: int, sentence: CitedSentence, color: bool) -> str:
    quotation = "".join(
        _marked(piece, color) if marked else _safe(piece) for piece, marked in sentence.pieces
    ).replace("\n", f"\n{_INDENT}")
    where = f"{_safe(sentence.article.title)}, characters {sentence.start} to {sentence.end}"
    return f"[{number}] {where}\n{_INDENT}{quotation}"


def _marked(text: str, color: bool) -> str:
    return typer.style(_safe(text), fg="yellow", bold=True) if color else f"**{_safe(text)}**"


def _bold(text: str, color: bool) -> str:
    return typer.style(_safe(text), bold=True) if color else _safe(text)


def _safe(text: str) -> str:
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
