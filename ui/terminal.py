"""How an answer looks in a terminal."""

from __future__ import annotations

import re

import typer

from qa.answers import Answer, Citation

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
    if answer.text is not None:
        said = typer.style(_safe(answer.text), bold=True) if color else _safe(answer.text)
        head = f"{said}  (confidence {answer.confidence:.2f})"
        shown = answer.citations
    else:
        says = "The article does not say." if articles == 1 else "The articles do not say."
        head = f"{says}  (best guess {answer.confidence:.2f}, needed {min_confidence:.2f})"
        shown = answer.closest
        if shown:
            head += "\n\nClosest, but not sure enough:"
    return "\n\n".join(
        [head, *(_cited(number, each, color) for number, each in enumerate(shown, start=1))]
    )


def _cited(number: int, citation: Citation, color: bool) -> str:
    before, answer, after = map(_safe, citation.parts)
    marked = typer.style(answer, fg="yellow", bold=True) if color else f"**{answer}**"
    quotation = f"{before}{marked}{after}".replace("\n", f"\n{_INDENT}")
    where = f"{_safe(citation.article.title)}, characters {citation.start} to {citation.end}"
    return f"[{number}] {where}\n{_INDENT}{quotation}"


def _safe(text: str) -> str:
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
