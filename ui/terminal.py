"""How an answer looks in a terminal."""

from __future__ import annotations

import re

import typer

from qa import Answer, CitedSentence
from ui.phrases import Part, place_of, word

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
    said = word(answer, articles=articles)
    if said.reply is not None:
        return "\n".join([said.reply, *(f"{_INDENT}{_safe(each)}" for each in said.offers)])
    bullet = "- " if said.listed else ""
    parts = [f"{bullet}{_bold(part.text, color)}{_speaker(part)}" for part in said.parts]
    head = said.headline or "\n".join(parts)
    odds = said.in_figures(min_confidence=min_confidence)
    if odds is not None:
        head += f"\n{odds}" if said.listed else f"  {odds}"
    above = [] if said.understood is None else [_safe(said.understood)]
    below = [] if said.heading is None else [said.heading]
    cited = [_cited(number, each, color) for number, each in enumerate(said.sentences, start=1)]
    return "\n\n".join([*above, head, *below, *cited])


def _speaker(part: Part) -> str:
    return f" — {_safe(part.speaker)}" if part.speaker else ""


def _cited(number: int, sentence: CitedSentence, color: bool) -> str:
    quotation = "".join(
        _marked(piece, color) if marked else _safe(piece) for piece, marked in sentence.pieces
    ).replace("\n", f"\n{_INDENT}")
    return f"[{number}] {_safe(place_of(sentence))}\n{_INDENT}{quotation}"


def _marked(text: str, color: bool) -> str:
    return typer.style(_safe(text), fg="yellow", bold=True) if color else f"**{_safe(text)}**"


def _bold(text: str, color: bool) -> str:
    return typer.style(_safe(text), bold=True) if color else _safe(text)


def _safe(text: str) -> str:
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
