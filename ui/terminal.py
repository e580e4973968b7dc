"""How an answer looks in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

import typer

from ui.phrases import OFFER, Role, Wording

# Control characters other than tab and line feed, and those that turn the direction of text, could
# make a terminal show something else than the article says.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INDENT = " " * 4


def show(said: Wording, *, color: bool) -> str:
    """Lay out what is said with the sentences that are shown, the answer marked in each.

    Args:
        said: What is said.
        color: Whether to mark with colours rather than with asterisks.
    """
    offers = [f"{_INDENT}{_safe(each)}" for each in said.offers]
    if said.reply is not None:
        return "\n".join([_safe(said.reply), *offers])
    above = [] if said.understood is None else [_safe(said.understood)]
    below = ["\n".join([OFFER, *offers])] if offers else []
    if said.looked_at is not None:
        above.append(_safe(said.looked_at))
    return "\n\n".join([*above, _head(said, color), *_cited(said, color), *below])


def _head(said: Wording, color: bool) -> str:
    lines = [] if said.headline is None else [said.headline]
    for part in said.parts:
        line = said.line(part, quoted=lambda text: _bold(text, color), named=_safe)
        number = "" if part.confidence is None else f" [{part.number}]"
        lines.append(f"{'- ' if said.listed else ''}{line}{number}")
    if said.figures is not None and said.listed:
        lines.append(f"({said.figures})")
    elif said.figures is not None:
        lines[0] += f"  ({said.figures})"
    return "\n".join(lines)


def _cited(said: Wording, color: bool) -> Iterator[str]:
    for passages in said.passages:
        if passages.heading is not None:
            yield passages.heading
        for number, sentence in enumerate(passages.sentences, start=passages.first):
            quotation = "".join(
                _marked(piece, passages.role, color) if marked else _safe(piece)
                for piece, marked in sentence.pieces
            ).replace("\n", f"\n{_INDENT}")
            yield f"[{number}] {_safe(said.place_of(sentence))}\n{_INDENT}{quotation}"


def _marked(text: str, role: Role, color: bool) -> str:
    if not color:
        return f"**{_safe(text)}**"
    if role == "nearest":
        return typer.style(_safe(text), underline=True)
    return typer.style(_safe(text), fg="yellow" if role == "answer" else "cyan", bold=True)


def _bold(text: str, color: bool) -> str:
    return typer.style(_safe(text), bold=True) if color else _safe(text)


def _safe(text: str) -> str:
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
