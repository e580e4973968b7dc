"""How an answer looks in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from eval.console import safe
from ui.phrases import OFFER, Role, Wording

_INDENT = " " * 4


def show(said: Wording, *, color: bool) -> str:
    """Lay out what is said with the sentences that are shown, the answer marked in each.

    Args:
        said: What is said.
        color: Whether to mark with colours rather than with asterisks.
    """
    offers = [f"{_INDENT}{safe(each)}" for each in said.offers]
    if said.reply is not None:
        return "\n".join([safe(said.reply), *offers])
    above = [] if said.understood is None else [safe(said.understood)]
    below = ["\n".join([OFFER, *offers])] if offers else []
    if said.looked_at is not None:
        above.append(safe(said.looked_at))
    return "\n\n".join([*above, _head(said, color), *_cited(said, color), *below])


def _head(said: Wording, color: bool) -> str:
    lines = [] if said.headline is None else [said.headline]
    for part in said.parts:
        line = said.line(part, quoted=lambda text: _bold(text, color), named=safe)
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
                _marked(piece, passages.role, color) if marked else safe(piece)
                for piece, marked in sentence.pieces
            ).replace("\n", f"\n{_INDENT}")
            yield f"[{number}] {safe(said.place_of(sentence))}\n{_INDENT}{quotation}"


def _marked(text: str, role: Role, color: bool) -> str:
    if not color:
        return f"**{safe(text)}**"
    if role == "nearest":
        return typer.style(safe(text), underline=True)
    return typer.style(safe(text), fg="yellow" if role == "answer" else "cyan", bold=True)


def _bold(text: str, color: bool) -> str:
    return typer.style(safe(text), bold=True) if color else safe(text)
