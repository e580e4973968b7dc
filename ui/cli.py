"""The command line: ``article-qa`` with ``chat``, ``ask``, ``index``, ``eval`` and others."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.commands.bench import bench
from eval.commands.evaluate import evaluate
from eval.console import (
    EncoderOption,
    MinConfidenceOption,
    ReaderOption,
    complain,
    run,
    status,
)
from ui.training import train

if TYPE_CHECKING:
    from index.articles import Article
    from qa.answers import Answer
    from qa.pipeline import ArticleQA

# What a command needs is imported when it runs: --help is to be instant.

app = typer.Typer(
    help="Ask questions of an article. Every answer is a quotation from it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

ArticleOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--article",
        metavar="PATH",
        help="A text or Markdown file, or a folder of them, in place of the shipped article. "
        "May be given several times.",
    ),
]
IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="An index that `article-qa index` wrote, in place of articles.",
    ),
]


@app.callback(invoke_without_command=True)
def _root(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.")
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"article-qa {version('article-qa')}")
        raise typer.Exit


@app.command()
def chat(
    *,
    article: ArticleOption = None,
    index: IndexOption = None,
    host: Annotated[
        str, typer.Option(help="The address to serve on; 0.0.0.0 lets others in.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Default: the first free one from 7860 on."),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    root_path: Annotated[
        str, typer.Option(metavar="PATH", help="Where a proxy shows the page, such as /qa.")
    ] = "",
    auth: Annotated[
        str | None,
        typer.Option(
            metavar="NAME:PASSWORD", help="Who may enter; or a file with one such pair a line."
        ),
    ] = None,
    max_file_size: Annotated[
        float, typer.Option(metavar="MB", min=0.001, help="The largest article that may be added.")
    ] = 2.0,
    workers: Annotated[
        int, typer.Option(min=1, help="How many questions are worked on at once, in batches.")
    ] = 16,
    waiting: Annotated[
        int, typer.Option(min=1, help="How many questions may wait; who comes later is told so.")
    ] = 200,
    feedback: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep verdicts on answers in this question set. Default: "
            "article-qa-feedback.json here, but nowhere if others may come (--host).",
        ),
    ] = None,
    no_feedback: Annotated[
        bool, typer.Option("--no-feedback", help="Ask for no verdicts on answers.")
    ] = False,
    mcp: Annotated[bool, typer.Option("--mcp", help="Serve MCP tools, too.")] = False,
    log_questions: Annotated[
        bool, typer.Option("--log-questions", help="Write the text of questions to the log.")
    ] = False,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    min_confidence: MinConfidenceOption = None,
) -> None:
    """Chat about the article in the browser."""
    from ui.web.feedback import FeedbackFile
    from ui.web.server import FEEDBACK, Settings, check_mcp, check_port, is_public, read_auth, serve

    # What cannot be is told before the models are loaded, not after.
    if feedback is None and not is_public(host):
        feedback = FEEDBACK
    settings = Settings(
        host=host,
        port=port,
        open_browser=browser,
        root_path=root_path,
        auth=read_auth(auth) if auth else (),
        max_file_bytes=round(max_file_size * 1_000_000),
        workers=workers,
        waiting=waiting,
        feedback=FeedbackFile(feedback) if feedback and not no_feedback else None,
        mcp=mcp,
        log_questions=log_questions,
    )
    if mcp:
        check_mcp(settings.auth)
    check_port(host, port)
    bot, _ = _open(article, index, encoder, reader, min_confidence)
    serve(bot, settings)


@app.command()
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
    index: IndexOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON; from standard input, one line an answer.")
    ] = False,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    min_confidence: MinConfidenceOption = None,
) -> None:
    """Answer a question by quoting the article, or say that it has none."""
    from qa.pipeline import clean_question

    if question is not None:
        question = clean_question(question)
    bot, complete = _open(article, index, encoder, reader, min_confidence)
    if question is not None and question != "-":
        _print_answer(bot, bot.ask(question), as_json=as_json, indent=2)
    else:
        ask_next = bot.conversation().ask if question is None else bot.ask
        lines = _typed(bot) if question is None and sys.stdin.isatty() else sys.stdin
        complete = _answer_lines(bot, ask_next, lines, as_json=as_json) and complete
    if not complete:
        raise typer.Exit(1)


@app.command("index")
def build_index(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Text and Markdown files, and folders of them."),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write.")],
    encoder: EncoderOption = None,
) -> None:
    """Index articles once, for `--index` to open at once.

    If this is stopped, the same command goes on from there.
    """
    from index.store.resumable import build_index as build
    from qa.pipeline import load_encoder

    articles, complete = _read(paths)
    with status("Loading the encoder ..."):
        loaded = load_encoder(encoder)
    passages = build(articles, loaded, out, progress=True)
    typer.echo(f"{out}: articles: {len(articles)}, passages: {passages}")
    if not complete:
        raise typer.Exit(1)


@app.command("onnx")
def export_onnx(
    output: Annotated[Path, typer.Argument(metavar="DIR", help="The new reader's folder.")],
    *,
    reader: ReaderOption = None,
    int8: Annotated[
        bool, typer.Option("--int8", help="With its matrices in eight bits, at some loss.")
    ] = False,
) -> None:
    """Write a reader in the ONNX format, for --reader DIR to run by ONNX Runtime."""
    from qa.reading.onnx_models import export_reader
    from qa.reading.reader import named_model

    with status("Exporting the reader ..."):
        export_reader(named_model(reader), output, int8=int8)
    typer.echo(f"Wrote {output}.")


@app.command()
def quantize(
    output: Annotated[Path, typer.Argument(metavar="DIR", help="The new reader's folder.")],
    *,
    reader: ReaderOption = None,
) -> None:
    """Write a reader with its matrices in eight bits, half as large as in float16."""
    from qa.reading.quantizing import quantize_reader
    from qa.reading.reader import DEFAULT_READER

    with status("Quantising the reader ..."):
        size = quantize_reader(reader or DEFAULT_READER, output)
    typer.echo(f"Wrote {output}: {size / 1e6:.1f} MB.")


app.command("eval")(evaluate)
app.command("bench")(bench)
app.command("train")(train)


def main() -> None:
    """Run the command line."""
    # Nothing is ever downloaded, but libraries beneath would ask the Hugging Face hub for trifles.
    os.environ["HF_HUB_OFFLINE"] = "1"
    run(app)


def _open(
    paths: Sequence[Path] | None,
    index: Path | None,
    encoder: str | None,
    reader: str | None,
    min_confidence: float | None,
) -> tuple[ArticleQA, bool]:
    """Open what the options name; tell also whether all of it could be read."""
    if paths and index:
        raise typer.BadParameter("give --article or --index, not both.", param_hint="--index")
    from qa.pipeline import ArticleQA, load_encoder
    from qa.reading.strategies import load_strategy

    if not paths and not index:
        with status("Loading the models ..."):
            bot = ArticleQA.default(encoder=encoder, reader=reader, min_confidence=min_confidence)
        return bot, True
    if index:
        with status("Opening the index ..."):
            bot = ArticleQA.load(
                index, encoder=encoder, reader=reader, min_confidence=min_confidence
            )
        return bot, True
    articles, complete = _read(paths or ())
    with status("Loading the models ..."):
        loaded_encoder, strategy = load_encoder(encoder), load_strategy(reader)
    bot = ArticleQA.from_articles(
        articles,
        encoder=loaded_encoder,
        reader=strategy,
        min_confidence=min_confidence,
        progress=True,
    )
    return bot, complete


def _read(paths: Sequence[Path]) -> tuple[list[Article], bool]:
    """Read articles, leaving out with a complaint those that cannot be read."""
    from index.articles import read_articles

    articles, refused = read_articles(paths)
    for error in refused:
        complain(str(error))
    if not articles:
        raise typer.Exit(1)
    return articles, not refused


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
    from index.errors import QuestionError

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
    from ui.terminal import show

    if as_json:
        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=indent))
    else:
        typer.echo(
            show(
                answer,
                articles=len(bot.articles),
                min_confidence=bot.min_confidence,
                color=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
            )
        )
    sys.stdout.flush()
