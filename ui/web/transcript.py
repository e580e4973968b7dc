"""What leaves the page: an answer as text, a conversation as Markdown and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from qa import Answer
from ui.phrases import Wording

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")


def as_text(said: Wording) -> str:
    """Return what is said as plain text: the odds, and each quotation with its place."""
    if said.reply is not None:
        return said.reply
    parts = [said.line(part) for part in said.parts]
    if said.listed and said.headline is None:
        parts = ["; ".join(parts)]
    lines = [*filter(None, [said.headline]), *parts]
    if said.odds is not None:
        lines[-1] += f" ({said.odds})"
    cited = []
    for passages in said.brief:
        if passages.heading is not None:
            cited.append(passages.heading)
        cited += [f"“{each.text}”\n— {said.place_of(each)}" for each in passages.sentences]
    asked = [said.asked, *filter(None, [said.looked_at])]
    return "\n\n".join([*asked, "\n".join(lines), *cited])


def as_markdown(turns: Iterable[Wording]) -> str:
    """Return a conversation as Markdown."""
    parts = ["# Questions and quotations"]
    for said in turns:
        parts.append(f"## {_shown(said.question)}")
        if said.understood is not None:
            parts.append(_shown(said.understood))
        if said.looked_at is not None:
            parts.append(_shown(said.looked_at))
        parts.append(_head(said))
        for passages in said.brief:
            if passages.heading is not None:
                parts.append(passages.heading)
            for each in passages.sentences:
                quoted = "".join(
                    f"**{_shown(piece)}**" if marked and piece.strip() == piece else _shown(piece)
                    for piece, marked in each.pieces
                )
                lines = "\n".join(f"> {line}".rstrip() for line in quoted.splitlines())
                parts.append(f"{lines}\n>\n> — {_shown(said.place_of(each))}")
    return "\n\n".join(parts) + "\n"


def as_json(answers: Sequence[Answer]) -> str:
    """Return a conversation as JSON: each answer with every offset."""
    return json.dumps([answer.to_dict() for answer in answers], ensure_ascii=False, indent=2)


def _head(said: Wording) -> str:
    if said.reply is not None:
        return _shown(said.reply)
    odds = "" if said.odds is None else f"({said.odds})"
    parts = [said.line(part, quoted=_strong, named=_shown) for part in said.parts]
    headline = "" if said.headline is None else _strong(said.headline)
    if not said.listed:
        return " ".join(filter(None, [headline, *parts, odds]))
    listed = "\n".join(f"- {part}" for part in parts)
    return "\n\n".join(filter(None, [headline, listed, odds]))


def _strong(text: str) -> str:
    return f"**{_shown(text)}**"


def _shown(text: str) -> str:
    """Return text as Markdown that shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", text)
