"""The command ``article-qa ask``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import (
    CalibrationOption,
    EncoderOption,
    MinConfidenceOption,
    ReaderOption,
    complain,
)
from ui.commands.opening import (
    ArticleOption,
    EncodingOption,
    LibraryOption,
    OnlyOption,
    TagOption,
    open_bot,
)

if TYPE_CHECKING:
    from qa import Answer, ArticleQA


def ask(
    question: Annotated[
        str | None,
        typer.Argument(
            help="The question; - reads one per line from standard input. Without one, a "
            "conversation is opened, in which a question may lean on what was said before."
        ),
    ] = None,
    *,
    article: ArticleOption = None,
    library: LibraryOption = None,
    only: OnlyOption = None,
    tag: TagOption = None,
    encoding: EncodingOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON; from standard input, one line an answer.")
    ] = False,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    calibration: CalibrationOption = None,
    min_confidence: MinConfidenceOption = None,
) -> None:
    """Answer a question by quoting the article, or say that no passage was found that answers."""
    from qa.asking.questions import clean_question

    if question is not None:
        question = clean_question(question)
    bot, complete = open_bot(
        *(article, library, encoder, reader, min_confidence, calibration, encoding),
        only=only,
        tags=tag,
    )
    if question is not None and question != "-":
        _print_answer(bot, bot.ask(question), as_json=as_json, indent=2)
    else:
        ask_next = bot.conversation().ask if question is None else bot.ask
        lines = _typed(bot) if question is None and sys.stdin.isatty() else sys.stdin
        complete = _answer_lines(bot, ask_next, lines, as_json=as_json) and complete
    if not complete:
        raise typer.Exit(1)


def _typed(bot: ArticleQA) -> Iterator[str]:
    """Read questions from a person, until the end of input or an interrupt."""
    from qa.asking.kinds import kind_of

    typer.echo("Ask about the article. Ctrl+D ends the conversation.", err=True)
    for suggestion in bot.suggest():
        typer.echo(f"    {suggestion}", err=True)
    while True:
        try:
            line = input("\n> ")
        except (EOFError, KeyboardInterrupt):
            typer.echo(err=True)
            return
        yield line
        if kind_of(line).topic == "goodbye":
            return


def _answer_lines(
    bot: ArticleQA, ask_next: Callable[[str], Answer], lines: Iterable[str], *, as_json: bool
) -> bool:
    """Answer each line as it comes; tell whether all could be answered."""
    from qa import QuestionError

    complete = True
    typing = sys.stdin.isatty()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            answer = ask_next(line)
        except QuestionError as error:
            complain(f"line {number}: {error}")
            complete = False
            continue
        if not as_json and not typing:
            typer.echo(f"> {answer.question}")
        _print_answer(bot, answer, as_json=as_json, indent=None)
        if not as_json and not typing:
            typer.echo()
    return complete


def _print_answer(bot: ArticleQA, answer: Answer, *, as_json: bool, indent: int | None) -> None:
    from ui.phrases import word
    from ui.terminal import show

    if as_json:
        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=indent))
    else:
        said = word(
            answer,
            articles=len(bot.articles),
            min_confidence=bot.min_confidence,
            labels=bot.labels,
        )
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        typer.echo(show(said, color=color))
    sys.stdout.flush()
