"""What leaves the page: an answer as text, a conversation as Markdown and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from qa import Answer, CitedSentence
from qa.answers import SEVERAL

_CERTAINTY = (
    (0.9, "almost certainly right"),
    (0.75, "very likely right"),
    (0.5, "more likely right than wrong"),
    (0.0, "more likely wrong than right"),
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")


def in_words(confidence: float) -> str:
    """Return what a confidence means: it is the probability that the answer is right."""
    return next(words for least, words in _CERTAINTY if confidence >= least)


def as_text(answer: Answer, *, articles: int) -> str:
    """Return an answer with its citations as plain text, each quotation with its place.

    Args:
        answer: The answer.
        articles: How many articles were asked.
    """
    if answer.reply is not None:
        return answer.reply
    said = answer.refusal(articles=articles)
    if answer.text is not None:
        said = "Evidence:" if answer.kind == "yes_no" else "; ".join(answer.items)
    cited = [f"“{each.text}”\n— {_where(each)}" for each in _cited(answer)]
    return "\n\n".join([answer.understood, said, *cited])


def as_markdown(turns: Iterable[tuple[Answer, int]]) -> str:
    """Return a conversation as Markdown.

    Args:
        turns: Each answer, with how many articles were asked.
    """
    parts = ["# Questions and quotations"]
    for answer, articles in turns:
        parts.append(f"## {_shown(answer.question)}")
        if answer.understanding is not None:
            parts.append(f"Understood as: {_shown(answer.understanding)}")
        parts.append(_said(answer, articles))
        for each in _cited(answer):
            quoted = "".join(
                f"**{_shown(piece)}**" if marked and piece.strip() == piece else _shown(piece)
                for piece, marked in each.pieces
            )
            lines = "\n".join(f"> {line}".rstrip() for line in quoted.splitlines())
            parts.append(f"{lines}\n>\n> — {_shown(_where(each))}")
    return "\n\n".join(parts) + "\n"


def as_json(answers: Sequence[Answer]) -> str:
    """Return a conversation as JSON: each answer with every offset."""
    return json.dumps([answer.to_dict() for answer in answers], ensure_ascii=False, indent=2)


def _said(answer: Answer, articles: int) -> str:
    if answer.reply is not None:
        return _shown(answer.reply)
    if answer.text is None:
        return f"**{answer.refusal(articles=articles)}**"
    sure = "" if answer.confidence is None else f" ({answer.confidence:.0%})"
    if answer.kind == "yes_no":
        return f"Evidence, not a verdict{sure}:"
    if answer.kind in SEVERAL:
        return "\n".join(f"- **{_shown(item)}**" for item in answer.items) + sure
    return f"**{_shown(answer.items[0])}**{sure}"


def _cited(answer: Answer) -> tuple[CitedSentence, ...]:
    """Return the sentences that bear an answer; where there is none, nothing is quoted for it."""
    return answer.shown if answer.citations else ()


def _where(sentence: CitedSentence) -> str:
    return f"{sentence.article.title}, characters {sentence.start} to {sentence.end}"


def _shown(text: str) -> str:
    """Return text as Markdown that shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", text)
