"""What leaves the page: an answer as text, a conversation as Markdown and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from qa import Answer
from ui.phrases import Part, Wording, in_percent, place_of, word

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")


def as_text(answer: Answer, *, articles: int) -> str:
    """Return an answer with its citations as plain text, each quotation with its place.

    Args:
        answer: The answer.
        articles: How many articles were asked.
    """
    said = word(answer, articles=articles)
    if said.reply is not None:
        return said.reply
    head = said.headline or "; ".join(f"{part.text}{_speaker(part)}" for part in said.parts)
    cited = [f"“{each.text}”\n— {place_of(each)}" for each in said.cited]
    return "\n\n".join([answer.understood, head, *cited])


def as_markdown(turns: Iterable[tuple[Answer, int]]) -> str:
    """Return a conversation as Markdown.

    Args:
        turns: Each answer, with how many articles were asked.
    """
    parts = ["# Questions and quotations"]
    for answer, articles in turns:
        parts.append(f"## {_shown(answer.question)}")
        said = word(answer, articles=articles)
        if said.understood is not None:
            parts.append(_shown(said.understood))
        parts.append(_head(said))
        for each in said.cited:
            quoted = "".join(
                f"**{_shown(piece)}**" if marked and piece.strip() == piece else _shown(piece)
                for piece, marked in each.pieces
            )
            lines = "\n".join(f"> {line}".rstrip() for line in quoted.splitlines())
            parts.append(f"{lines}\n>\n> — {_shown(place_of(each))}")
    return "\n\n".join(parts) + "\n"


def as_json(answers: Sequence[Answer]) -> str:
    """Return a conversation as JSON: each answer with every offset."""
    return json.dumps([answer.to_dict() for answer in answers], ensure_ascii=False, indent=2)


def _head(said: Wording) -> str:
    if said.reply is not None:
        return _shown(said.reply)
    bullet = "- " if said.listed else ""
    parts = [f"{bullet}**{_shown(part.text)}**{_shown(_speaker(part))}" for part in said.parts]
    head = f"**{said.headline}**" if said.headline else "\n".join(parts)
    return head if said.confidence is None else f"{head} ({in_percent(said.confidence)})"


def _speaker(part: Part) -> str:
    return f" — {part.speaker}" if part.speaker else ""


def _shown(text: str) -> str:
    """Return text as Markdown that shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", text)
